/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two culvert-espd, in two network namespaces that are there already, with a
 * tunnel between them: keys and next hops come from here instead of iked and
 * nhrpd.  Each forwarder is kept to the processors that it is given.
 *
 * usage: bench_pair NS1 ADDR1 CPUS1 NS2 ADDR2 CPUS2 vti|mgre udp|raw
 *
 * Says "up" once the tunnel 10.254.0.1 to 10.254.0.2 carries packets, and for
 * each line that it reads then a line of what has been counted; ends with its
 * standard input.
 */
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algs.h"
#include "keep.h"
#include "../netns/espd_node.h"

#define KEY_LEN 20		/* AES-128-GCM and its salt */
#define REF 1
#define PROTECTION "Tunnel0"

struct end {
	struct node n;
	struct addr wan;
	cpu_set_t cpus;
	const char *inside;
	uint32_t spi;
};

static void
give_up(const char *why)
{
	fprintf(stderr, "bench_pair: %s\n", why);
	exit(1);
}

static void
take_end(struct end *e, char **arg, const char *inside)
{
	char *list = arg[2];

	memset(e, 0, sizeof(*e));
	snprintf(e->n.ns, sizeof(e->n.ns), "%s", arg[0]);
	snprintf(e->n.rundir, sizeof(e->n.rundir), "/var/tmp/bench-%s", arg[0]);
	e->n.queue_fd = -1;
	e->n.keep_fd = keep_memfd("keep");
	e->inside = inside;
	if (!addr_parse(&e->wan, arg[1]))
		give_up("no address");
	CPU_ZERO(&e->cpus);
	for (; list != NULL; list = strchr(list, ',')) {
		list += *list == ',';
		CPU_SET(atoi(list), &e->cpus);
	}
	run("mkdir -p %s", e->n.rundir);
}

/* The daemon inherits where it may run, and takes as many workers. */
static void
start(struct end *e)
{
	sched_setaffinity(0, sizeof(e->cpus), &e->cpus);
	node_start(&e->n);
}

static void
add_tunnel(struct end *e, const struct end *other, bool mgre)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .up = 1, .mtu = 1400,
	    .ttl = 255, .kind = mgre ? TUNNEL_MGRE : TUNNEL_VTI, .local = e->wan,
	    .protection = PROTECTION};

	if (!mgre)
		t.remote = other->wan;
	say(e->n.control, IPC_MSG_TUNNEL_SET, &t);
	if (hear(e->n.control, IPC_MSG_TUNNEL_STATE, 3000) == NULL)
		give_up("no tunnel");
	run("ip -n %s addr add %s/24 dev Tunnel0 && ip -n %s link set Tunnel0 up", e->n.ns, e->inside,
	    e->n.ns);
}

static void
add_peer(struct end *e, const struct end *other, bool udp)
{
	struct ipc_peer p = {.peer_ref = REF, .local = e->wan, .remote = other->wan,
	    .local_port = udp ? 4500 : 500, .remote_port = udp ? 4500 : 500, .encap = udp,
	    .protection = PROTECTION};
	struct ipc_spi_want want = {.txn = 1, .peer_ref = REF};
	struct ipc_msg *m;

	say(e->n.iked, IPC_MSG_PEER_SET, &p);
	say(e->n.iked, IPC_MSG_SPI_RESERVE, &want);
	m = hear(e->n.iked, IPC_MSG_SPI_RESERVED, 3000);
	if (m == NULL)
		give_up("no SPI");
	e->spi = m->body->spi.spi;
}

static void
add_sa(struct end *e, const struct end *other, bool mgre, bool udp)
{
	struct ipc_sa s = {.spi = e->spi, .peer_spi = other->spi, .peer_ref = REF,
	    .stage = SA_CURRENT, .mode = mgre ? MODE_TRANSPORT : MODE_TUNNEL, .encap = udp,
	    .cipher = CIPHER_AES_GCM, .key_bits = 128, .replay_window = 1024,
	    .ts_proto = mgre ? 47 : 0};
	struct ipc_adjacency a = {.ifname = "Tunnel0", .nbma = other->wan, .peer_ref = REF};

	s.in_key.len = s.out_key.len = KEY_LEN;
	memcpy(s.in_key.b, &e->spi, sizeof(e->spi));
	memcpy(s.out_key.b, &other->spi, sizeof(other->spi));
	s.ts_local.addr.family = s.ts_remote.addr.family = ADDR_V4;
	if (mgre) {
		s.ts_local = (struct prefix){.addr = e->wan, .len = 32};
		s.ts_remote = (struct prefix){.addr = other->wan, .len = 32};
	}
	say(e->n.iked, IPC_MSG_SA_SET, &s);
	if (!addr_parse(&a.next_hop, other->inside))
		give_up("no address");
	if (mgre)
		say(e->n.nhrpd, IPC_MSG_ADJ_SET, &a);
}

static void
print_counters(struct end *e)
{
	struct ipc_show q = {.what = SHOW_COUNTERS};
	struct ipc_msg m;

	say(e->n.shell, IPC_MSG_SHOW, &q);
	while (ipc_call_recv(e->n.shell, &m, 3000) == 1 && m.type != IPC_MSG_SHOW_END)
		printf("%s=%llu ", m.body->row_counter.name,
		    (unsigned long long)m.body->row_counter.value);
}

static void
wait_for_packets(const struct end *e, const struct end *other)
{
	int i;

	for (i = 0; i < 100; i++)
		if (run("ip netns exec %s ping -q -c 1 -W 0.1 %s > /dev/null", e->n.ns, other->inside))
			return;
	give_up("nothing passes");
}

int
main(int argc, char **argv)
{
	static struct end a, b;
	bool mgre, udp;
	char line[64];

	if (argc != 9)
		give_up("NS1 ADDR1 CPUS1 NS2 ADDR2 CPUS2 vti|mgre udp|raw");
	mgre = strcmp(argv[7], "mgre") == 0;
	udp = strcmp(argv[8], "udp") == 0;
	take_end(&a, argv + 1, "10.254.0.1");
	take_end(&b, argv + 4, "10.254.0.2");
	start(&a);
	start(&b);
	add_tunnel(&a, &b, mgre);
	add_tunnel(&b, &a, mgre);
	add_peer(&a, &b, udp);
	add_peer(&b, &a, udp);
	add_sa(&a, &b, mgre, udp);
	add_sa(&b, &a, mgre, udp);
	wait_for_packets(&a, &b);
	puts("up");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		print_counters(&a);
		putchar('|');
		print_counters(&b);
		putchar('\n');
		fflush(stdout);
	}
	node_stop(&a.n);
	node_stop(&b.n);
	run("rm -rf %s %s", a.n.rundir, b.n.rundir);
	return 0;
}
