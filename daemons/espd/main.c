/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvert-espd: the forwarder.  TUN <-> GRE, VTI or crypto map <-> ESP <-> wire.
 *
 * It owns the tunnels' devices, the SPI space, the SAs and UDP port 4500, and
 * decides nothing: iked, nhrpd and control say what there is (ctl.c), and it
 * says what it met (events.c).  The socket of IKE on that port it opens and
 * hands to iked.
 */
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmap_ctl.h"
#include "ctl.h"
#include "events.h"
#include "lifetime.h"
#include "line.h"
#include "mix.h"
#include "path_learn.h"
#include "privilege.h"
#include "protection.h"
#include "worker_run.h"
#include "xfrm.h"

#define WORKERS_DEFAULT_MAX 4	/* more are of use to who has measured it */

#define EXIT_REFUSED 78		/* EX_CONFIG: another start would end the same way */

static void
refuse(const char *why)
{
	fprintf(stderr, "culvert-espd: %s\n", why);
	exit(EXIT_REFUSED);
}

/* One for each processor that we may run on. */
static unsigned int
default_workers(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n > WORKERS_DEFAULT_MAX ? WORKERS_DEFAULT_MAX : (unsigned int)n;
}

/* -w N: workers. */
static unsigned int
take_workers_option(int *argc, char **argv)
{
	char *end;
	long n;
	int i;

	for (i = 1; i + 1 < *argc; i++) {
		if (strcmp(argv[i], "-w") != 0)
			continue;
		n = strtol(argv[i + 1], &end, 10);
		if (*end != '\0' || n < 1 || n > WORKERS_MAX)
			refuse("-w: from 1 to 8 workers");
		memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 1) * sizeof(*argv));
		*argc -= 2;
		return (unsigned int)n;
	}
	return default_workers();
}

static void
routes_changed(struct fib *f)
{
	struct tables *t = container_of(f, struct tables, fib);

	line_look_again(container_of(t, struct espd, tables));
	path_mtu_look_again(container_of(t, struct espd, tables));
}

/*
 * The monitor keeps the sockets open while no forwarder is there: what comes
 * in waits in them, the ports stay ours, and the kernel does not tell peers
 * that ESP is spoken here no more.
 */
static const char *
open_worker(struct espd *e, unsigned int id)
{
	const struct worker *w = &e->tables.worker[id];
	int held[WIRE_HELD];
	const char *why;
	unsigned int i;
	char name[16];

	for (i = 0; i < WIRE_HELD; i++) {
		wire_held_as(i, id, name);
		held[i] = daemon_take_held(&e->d, name);
	}
	why = worker_open(&e->tables, id, held);
	if (why != NULL)
		return why;
	for (i = 0; i < WIRE_HELD; i++) {
		wire_held_as(i, id, name);
		if (w->wire.fd[i] >= 0)
			daemon_hold(&e->d, name, w->wire.fd[i]);
	}
	return NULL;
}

/* Sockets of a run that had more workers. */
static void
let_go(struct espd *e, unsigned int id)
{
	unsigned int i;
	char name[16];
	int fd;

	for (i = 0; i < WIRE_SOCKETS; i++) {
		wire_held_as(i, id, name);
		fd = daemon_take_held(&e->d, name);
		if (fd < 0)
			continue;
		close(fd);
		daemon_unhold(&e->d, name);
	}
}

static void
open_workers(struct espd *e)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < e->tables.workers; i++) {
		why = open_worker(e, i);
		if (why != NULL)
			refuse(why);
	}
	for (; i < WORKERS_MAX; i++)
		let_go(e, i);
	for (i = 0; i < e->tables.workers; i++) {
		why = wire_open_df(&e->tables.worker[i].wire);
		if (why != NULL)
			refuse(why);
	}
}

static void
start(struct espd *e)
{
	static const unsigned int caps[] = {CAP_NET_ADMIN, CAP_NET_RAW};
	struct tables *t = &e->tables;
	unsigned int i;

	privilege_keep(caps, sizeof(caps) / sizeof(caps[0]));
	if (xfrm_in_use())
		refuse("the kernel has IPsec SAs or policies of its own (ip xfrm): "
		    "flush them and stop who made them");
	mix_seed();
	tunnels_init(&t->tunnels, e->d.loop);
	peers_init(&t->peers, e->d.loop);
	adjs_init(&t->adjs, e->d.loop);
	e->d.warm = sadb_open(&t->sadb, &t->peers, e->d.loop, e->d.keep_fd, t->workers);
	if (!fib_open(&t->fib, e->d.loop, &t->tunnels, routes_changed))
		refuse("no netlink for routes");
	open_workers(e);
	toobig_open(&e->toobig);
	line_init(e);
	cmap_init(e);
	events_start(e);
	lifetime_start(e);
	path_mtu_start(e);
	for (i = 0; i < t->workers; i++)
		worker_start(&t->worker[i]);
}

static void
leave(struct daemon *d)
{
	struct espd *e = d->user;
	struct tables *t = &e->tables;
	uint32_t i;

	lifetime_stop(e);
	path_mtu_stop(e);
	line_stop(e);
	cmap_stop(e);
	for (i = 0; i < t->workers; i++)
		worker_stop(&t->worker[i]);
	toobig_close(&e->toobig);
	events_stop(e);
	for (i = 0; i < t->tunnels.top; i++)
		if (t->tunnels.slot[i] != NULL)
			fib_tunnel_removed(&t->fib, t->tunnels.slot[i]);
	fib_close(&t->fib);
	tunnels_close(&t->tunnels);
	adjs_close(&t->adjs);
	crypto_maps_close(&t->crypto_maps);
	sadb_close(&t->sadb, &t->peers);
	shared_drain();
	for (i = 0; i < t->workers; i++)
		worker_close(&t->worker[i]);
	free(t->worker);
	protection_forget_all();
}

int
main(int argc, char **argv)
{
	struct espd *e = calloc(1, sizeof(*e));
	int status;

	if (e == NULL)
		refuse("out of memory");
	e->d.user = e;
	e->tables.workers = take_workers_option(&argc, argv);
	e->tables.worker = aligned_alloc(64, e->tables.workers * sizeof(struct worker));
	if (e->tables.worker == NULL)
		refuse("out of memory");
	memset(e->tables.worker, 0, e->tables.workers * sizeof(struct worker));
	daemon_start(&e->d, "espd", IPC_ESPD, argc, argv);
	start(e);
	daemon_serve(&e->d, IPC_CONTROL | IPC_IKED | IPC_NHRPD | IPC_SHELL, &ctl_handlers);
	status = daemon_run(&e->d, leave);
	free(e);
	return status;
}
