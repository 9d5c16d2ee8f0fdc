/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two culvert-espd, in two network namespaces that are there already, with a
 * tunnel or a crypto map between them: keys, next hops and hooks come from here
 * instead of iked, nhrpd and culvertd.  Each forwarder is kept to the processors
 * that it is given.
 *
 * usage: bench_pair NS1 ADDR1 CPUS1 NS2 ADDR2 CPUS2 vti|gre|mgre|cmap udp|raw
 *
 * A tunnel goes from 10.254.0.1 to 10.254.0.2; a crypto map is on the device "wan"
 * and protects what goes between 10.1.0.0/24 and 10.2.0.0/24, of which each end has
 * the address .1.  Says "up" once packets are carried, and for
 * each line that it reads then a line of what has been counted; ends with its
 * standard input.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algs.h"
#include "cmap_lines.h"
#include "keep.h"
#include "mark.h"
#include "../netns/espd_node.h"

#define KEY_LEN 20		/* AES-128-GCM and its salt */
#define REF 1

enum kind { VTI, GRE, MGRE, CMAP, KINDS };

static const char *const kind_names[KINDS] = {"vti", "gre", "mgre", "cmap"};

static enum kind kind;
static bool udp;

struct end {
	struct node n;
	struct addr wan;
	cpu_set_t cpus;
	const char *inside;		/* its address that is reached by the other */
	const char *net;		/* what a crypto map protects here */
	uint32_t spi;
};

static void
give_up(const char *why)
{
	fprintf(stderr, "bench_pair: %s\n", why);
	exit(1);
}

static void
take_end(struct end *e, char **arg, const char *inside, const char *net)
{
	char *list = arg[2];

	memset(e, 0, sizeof(*e));
	snprintf(e->n.ns, sizeof(e->n.ns), "%s", arg[0]);
	e->n.queue_fd = -1;
	e->n.keep_fd = keep_memfd("keep");
	e->inside = inside;
	e->net = net;
	if (!addr_parse(&e->wan, arg[1]))
		give_up("no address");
	CPU_ZERO(&e->cpus);
	for (; list != NULL; list = strchr(list, ',')) {
		list += *list == ',';
		CPU_SET(atoi(list), &e->cpus);
	}
	node_rundir(&e->n, e->n.ns);
}

static const char *
protection(void)
{
	return kind == CMAP ? "BENCH 10 1@wan" : "Tunnel0";
}

/* The daemon inherits where it may run, and takes as many workers. */
static void
start(struct end *e)
{
	sched_setaffinity(0, sizeof(e->cpus), &e->cpus);
	node_start(&e->n);
}

static void
add_tunnel(struct end *e, const struct end *other)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .up = 1, .mtu = 1400,
	    .ttl = 255, .local = e->wan,
	    .kind = kind == MGRE ? TUNNEL_MGRE : kind == GRE ? TUNNEL_GRE : TUNNEL_VTI};

	snprintf(t.protection, sizeof(t.protection), "%s", protection());
	if (kind != MGRE)
		t.remote = other->wan;
	say(e->n.control, IPC_MSG_TUNNEL_SET, &t);
	if (hear(e->n.control, IPC_MSG_TUNNEL_STATE, 3000) == NULL)
		give_up("no tunnel");
	run("ip -n %s addr add %s/24 dev Tunnel0 && ip -n %s link set Tunnel0 up", e->n.ns, e->inside,
	    e->n.ns);
}

static struct prefix
net(const char *s)
{
	struct prefix p;

	if (!prefix_parse(&p, s))
		give_up("no prefix");
	return p;
}

/* The map with its one line, and the hooks that hand it what the line covers. */
static void
add_map(struct end *e, const struct end *other)
{
	struct ipc_cmap map = {.ifname = "wan", .name = "GigabitEthernet0/0", .map = "BENCH",
	    .local = e->wan, .mtu = 1500};
	struct ipc_cmap_rule line = {.ifname = "wan", .order = 10, .permit = 1,
	    .src = net(e->net), .dst = net(other->net), .src_high = 65535, .dst_high = 65535};
	struct ipc_msg *m;

	snprintf(line.protection, sizeof(line.protection), "%s", protection());
	cmap_lines_add(&map, &line);
	say(e->n.control, IPC_MSG_CMAP_SET, &map);
	say(e->n.control, IPC_MSG_CMAP_RULE_SET, &line);
	m = hear(e->n.control, IPC_MSG_CMAP_READY, 3000);
	if (m == NULL)
		give_up("no crypto map");
	if (!run("ip netns exec %s nft 'table netdev culvert { "
	    "chain leaving { type filter hook egress device wan priority 0; "
	    "meta mark %u accept; ip saddr %s ip daddr %s fwd to %s; }; "
	    "chain arriving { type filter hook ingress device wan priority 0; "
	    "ip saddr %s ip daddr %s fwd to %s; }; }'",
	    e->n.ns, (unsigned int)WIRE_MARK, e->net, other->net, m->body->cmap_ready.device,
	    other->net, e->net, m->body->cmap_ready.arriving))
		give_up("no hooks");
}

static void
add_peer(struct end *e, const struct end *other)
{
	struct ipc_peer p = {.peer_ref = REF, .local = e->wan, .remote = other->wan,
	    .local_port = udp ? 4500 : 500, .remote_port = udp ? 4500 : 500, .encap = udp};
	struct ipc_spi_want want = {.txn = 1, .peer_ref = REF};
	struct ipc_msg *m;

	snprintf(p.protection, sizeof(p.protection), "%s", protection());
	say(e->n.iked, IPC_MSG_PEER_SET, &p);
	say(e->n.iked, IPC_MSG_SPI_RESERVE, &want);
	m = hear(e->n.iked, IPC_MSG_SPI_RESERVED, 3000);
	if (m == NULL)
		give_up("no SPI");
	e->spi = m->body->spi.spi;
}

static void
add_sa(struct end *e, const struct end *other)
{
	bool gre = kind == GRE || kind == MGRE;
	struct ipc_sa s = {.spi = e->spi, .peer_spi = other->spi, .peer_ref = REF,
	    .stage = SA_CURRENT, .mode = gre ? MODE_TRANSPORT : MODE_TUNNEL, .encap = udp,
	    .cipher = CIPHER_AES_GCM, .key_bits = 128, .replay_window = 1024,
	    .ts_proto = gre ? 47 : 0};
	struct ipc_adjacency a = {.ifname = "Tunnel0", .nbma = other->wan, .peer_ref = REF};

	s.in_key.len = s.out_key.len = KEY_LEN;
	memcpy(s.in_key.b, &e->spi, sizeof(e->spi));
	memcpy(s.out_key.b, &other->spi, sizeof(other->spi));
	s.ts_local.addr.family = s.ts_remote.addr.family = ADDR_V4;
	if (kind == CMAP) {
		s.ts_local = net(e->net);
		s.ts_remote = net(other->net);
	} else if (gre) {
		s.ts_local = (struct prefix){.addr = e->wan, .len = 32};
		s.ts_remote = (struct prefix){.addr = other->wan, .len = 32};
	}
	say(e->n.iked, IPC_MSG_SA_SET, &s);
	if (!addr_parse(&a.next_hop, other->inside))
		give_up("no address");
	if (kind == MGRE)
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
		if (run("ip netns exec %s ping -q -c 1 -W 0.1 -I %s %s > /dev/null", e->n.ns, e->inside,
		    other->inside))
			return;
	give_up("nothing passes");
}

static void
join_ends(struct end *e, const struct end *other)
{
	if (kind == CMAP)
		add_map(e, other);
	else
		add_tunnel(e, other);
}

int
main(int argc, char **argv)
{
	static struct end a, b;
	char line[64];

	while (argc == 9 && kind < KINDS && strcmp(argv[7], kind_names[kind]) != 0)
		kind++;
	if (argc != 9 || kind == KINDS)
		give_up("NS1 ADDR1 CPUS1 NS2 ADDR2 CPUS2 vti|gre|mgre|cmap udp|raw");
	udp = strcmp(argv[8], "udp") == 0;
	take_end(&a, argv + 1, kind == CMAP ? "10.1.0.1" : "10.254.0.1", "10.1.0.0/24");
	take_end(&b, argv + 4, kind == CMAP ? "10.2.0.1" : "10.254.0.2", "10.2.0.0/24");
	start(&a);
	start(&b);
	join_ends(&a, &b);
	join_ends(&b, &a);
	add_peer(&a, &b);
	add_peer(&b, &a);
	add_sa(&a, &b);
	add_sa(&b, &a);
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
