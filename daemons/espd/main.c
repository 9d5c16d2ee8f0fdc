/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * culvert-espd: the forwarder.  TUN <-> GRE or VTI <-> ESP <-> wire.
 *
 * It owns the tunnels' devices, the SPI space, the SAs and UDP port 4500, and
 * decides nothing: iked, nhrpd and control say what there is (ctl.c), and it
 * says what it met (events.c).
 */
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "events.h"
#include "lifetime.h"
#include "line.h"
#include "log.h"
#include "mix.h"
#include "privilege.h"
#include "protection.h"
#include "xfrm.h"

#define WORKERS 1

#define EXIT_REFUSED 78		/* EX_CONFIG: another start would end the same way */

static void
refuse(const char *why)
{
	fprintf(stderr, "culvert-espd: %s\n", why);
	exit(EXIT_REFUSED);
}

/*
 * -w N: workers.  One, so far: SAs of another worker need the hand-over ring,
 * and two workers without it would draw numbers from one SA.
 */
static void
take_workers_option(int *argc, char **argv)
{
	int i;

	for (i = 1; i + 1 < *argc; i++) {
		if (strcmp(argv[i], "-w") != 0)
			continue;
		if (atoi(argv[i + 1]) != WORKERS)
			refuse("-w: this version has one worker");
		memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 1) * sizeof(*argv));
		*argc -= 2;
		return;
	}
}

static void
routes_changed(struct fib *f)
{
	struct tables *t = container_of(f, struct tables, fib);

	line_look_again(container_of(t, struct espd, tables));
}

/*
 * The monitor keeps the sockets open while no forwarder is there: what comes
 * in waits in them, the ports stay ours, and the kernel does not tell peers
 * that ESP is spoken here no more.
 */
static const char *
open_worker(struct espd *e)
{
	int held[WIRE_SOCKETS];
	const char *why;
	unsigned int i;

	for (i = 0; i < WIRE_SOCKETS; i++)
		held[i] = daemon_take_held(&e->d, wire_held_as(i));
	why = worker_open(&e->worker, &e->tables, held);
	if (why != NULL)
		return why;
	for (i = 0; i < WIRE_SOCKETS; i++)
		if (e->worker.wire.fd[i] >= 0)
			daemon_hold(&e->d, wire_held_as(i), e->worker.wire.fd[i]);
	return NULL;
}

static void
start(struct espd *e)
{
	static const unsigned int caps[] = {CAP_NET_ADMIN, CAP_NET_RAW};
	struct tables *t = &e->tables;
	const char *why;

	privilege_keep(caps, sizeof(caps) / sizeof(caps[0]));
	if (xfrm_in_use())
		refuse("the kernel has IPsec SAs or policies of its own (ip xfrm): "
		    "flush them and stop who made them");
	mix_seed();
	tunnels_init(&t->tunnels, e->d.loop);
	peers_init(&t->peers, e->d.loop);
	adjs_init(&t->adjs, e->d.loop);
	e->d.warm = sadb_open(&t->sadb, &t->peers, e->d.loop, e->d.keep_fd, WORKERS);
	if (!fib_open(&t->fib, e->d.loop, &t->tunnels, routes_changed))
		refuse("no netlink for routes");
	why = open_worker(e);
	if (why != NULL)
		refuse(why);
	line_init(e);
	events_start(e);
	lifetime_start(e);
	worker_start(&e->worker);
}

static void
leave(struct daemon *d)
{
	struct espd *e = d->user;
	struct tables *t = &e->tables;
	uint32_t i;

	lifetime_stop(e);
	line_stop(e);
	worker_stop(&e->worker);
	events_stop(e);
	for (i = 0; i < t->tunnels.top; i++)
		if (t->tunnels.slot[i] != NULL)
			fib_tunnel_removed(&t->fib, t->tunnels.slot[i]);
	fib_close(&t->fib);
	tunnels_close(&t->tunnels);
	adjs_close(&t->adjs);
	sadb_close(&t->sadb, &t->peers);
	shared_drain();
	worker_close(&e->worker);
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
	take_workers_option(&argc, argv);
	daemon_start(&e->d, "espd", IPC_ESPD, argc, argv);
	start(e);
	daemon_serve(&e->d, IPC_CONTROL | IPC_IKED | IPC_NHRPD | IPC_SHELL, &ctl_handlers);
	status = daemon_run(&e->d, leave);
	free(e);
	return status;
}
