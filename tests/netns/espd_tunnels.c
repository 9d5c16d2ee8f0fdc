/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scene's two culvert-espd and a third, with packets through them.
 *
 *	  a (hub) wan0 192.0.2.1 ---- 192.0.2.2 wan0 b
 *	          wan1 198.51.100.1 - 198.51.100.2 wan0 c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "addr.h"
#include "algs.h"
#include "drops.h"
#include "espd_scene.h"

static struct node c;

/* --- tests --- */

static void
gre_in_clear(void **state)
{
	(void)state;
	tunnel(&a, TUNNEL_GRE, "192.0.2.1", "192.0.2.2", "", "10.0.0.1/30");
	tunnel(&b, TUNNEL_GRE, "192.0.2.2", "192.0.2.1", "", "10.0.0.2/30");
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&a, "10.0.0.2", ""));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));	/* the whole MTU */
	check_sums(&a);
	assert_true(check_sums(&b).tun_out >= 6);
}

static void
gre_protected(void **state)
{
	struct ipc_sa again;
	struct ipc_row_esp_sa row;
	uint64_t before;

	(void)state;
	scene_protect(TUNNEL_GRE, false);

	/* Without an SA nothing leaves, and iked hears who is wanted. */
	before = dropped(&a, DROP_OUT_NO_SA);
	assert_false(ping(&a, "10.0.0.2", "-W 0.1"));
	assert_non_null(hear(a.iked, IPC_MSG_SA_WANT, WAIT_MS));
	assert_true(dropped_soon(&a, DROP_OUT_NO_SA, before + 3) >= before + 3);

	sa_pair(&x, &y, MODE_TRANSPORT, false, 47);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_non_null(hear(b.iked, IPC_MSG_SA_FIRST_IN, WAIT_MS));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));
	assert_true(send_file(&a, NULL, &b, "10.0.0.2"));

	/* Set again, it keeps its counter and window. */
	before = sa_row(&a, x.spi).out_seq;
	assert_true(before > 6);
	again = make_sa(&x, &y, MODE_TRANSPORT, false, 47);
	say(a.iked, IPC_MSG_SA_SET, &again);
	row = sa_row(&a, x.spi);
	assert_true(row.out_seq >= before);
	assert_int_equal(row.in_bad_tag, 0);
	check_sums(&a);
	check_sums(&b);

	/* GRE in clear for a protected tunnel ends here. */
	no_peer(&x);
	no_tunnel(&a);
	tunnel(&a, TUNNEL_GRE, "192.0.2.1", "192.0.2.2", "", "10.0.0.1/30");
	before = dropped(&b, DROP_IN_CLEAR_GRE);
	assert_false(ping(&a, "10.0.0.2", "-W 0.1"));
	assert_true(dropped_soon(&b, DROP_IN_CLEAR_GRE, before + 3) >= before + 3);
	check_sums(&b);
}

/* A router on the way marks all of it: who knows ECN hears of it, and who does not loses the packet. */
static void
congestion(const char *match, const char *from)
{
	uint64_t before;

	assert_true(run("ip netns exec %s nft 'add table ip way; add chain ip way in "
	    "{ type filter hook prerouting priority 0; }; add rule ip way in %s ip ecn set ce'",
	    a.ns, match));
	assert_true(run("ip netns exec %s ping -c 3 -i 0.1 -W 1 -Q 2 %s >/dev/null", b.ns, from));
	assert_true(run("ip netns exec %s nft 'add table ip seen; add chain ip seen in "
	    "{ type filter hook input priority 0; }; add rule ip seen in iifname Tunnel0 "
	    "ip ecn ce counter' && ip netns exec %s ping -c 3 -i 0.1 -W 1 -Q 2 %s >/dev/null && "
	    "ip netns exec %s nft list table ip seen | grep -q 'packets 3 '", a.ns, b.ns, from, a.ns));
	before = dropped(&a, DROP_IN_ECN);
	assert_false(ping(&b, from, "-W 0.1"));
	assert_true(dropped_soon(&a, DROP_IN_ECN, before + 3) >= before + 3);
	check_sums(&a);
	assert_true(run("ip netns exec %s nft flush ruleset", a.ns));
	assert_true(ping_soon(&b, from));
}

static void
gre_tunnel_mode_in_udp(void **state)
{
	(void)state;
	scene_protect(TUNNEL_GRE, true);
	sa_pair(&x, &y, MODE_TUNNEL, true, 47);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));
	assert_true(send_file(&a, NULL, &b, "10.0.0.2"));
	congestion("udp dport 4500", "10.0.0.1");
	check_sums(&a);
	check_sums(&b);
}

/* IKE has a socket of its own, whoever reads it; the workers get the rest (RFC 3948 2.2 to 2.3). */
static void
ike_on_4500(void **state)
{
	struct slice ike = slice_of("\0\0\0\0an IKE message", 18);
	struct slice esp = slice_of("\0\1\0\0and some ESP", 16);
	uint64_t unknown = dropped(&b, DROP_IN_NO_SA), kept = dropped(&b, DROP_NATT_KEEPALIVE);
	unsigned int i;

	(void)state;
	say_4500(&a, "192.0.2.2", ike);
	assert_true(heard_4500(&b, "192.0.2.1", ike));
	say_4500(&a, "192.0.2.2", slice_of("\xff", 1));
	say_4500(&a, "192.0.2.2", esp);
	for (i = 0; i < 100 && dropped(&b, DROP_IN_NO_SA) == unknown; i++)
		usleep(20000);
	assert_int_equal(dropped(&b, DROP_IN_NO_SA), unknown + 1);
	assert_int_equal(dropped(&b, DROP_NATT_KEEPALIVE), kept + 1);
}

static void
vti(void **state)
{
	struct ipc_msg *m;

	(void)state;
	scene_protect(TUNNEL_VTI, false);
	sa_pair(&x, &y, MODE_TUNNEL, false, 0);
	m = hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->tunnel_state.line_up, 1);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));
	congestion("ip protocol esp", "10.0.0.1");
	check_sums(&a);
}

/* Asked for once a second at most, so an earlier test may have taken this second's. */
static bool
wants_next_hop(struct node *n, const char *next_hop)
{
	struct addr want = ip(next_hop);
	struct ipc_msg *m = NULL;
	int i;

	for (i = 0; i < 20 && m == NULL; i++) {
		assert_false(ping(n, next_hop, "-W 0.05"));
		m = hear(n->nhrpd, IPC_MSG_NEXT_HOP_WANT, 50);
	}
	return m != NULL && addr_eq(&m->body->next_hop.next_hop, &want);
}

static bool
is_next_hop(const union ipc_body *body, const void *arg)
{
	return addr_eq(&body->row_adjacency.next_hop, arg);
}

/* What resolved is laid over the kernel's routes: c now sends straight to b. */
static void
shortcut(void)
{
	struct ipc_shortcut s = {.ifname = "Tunnel0", .prefix = net("10.0.0.2/32"),
	    .next_hop = ip("10.0.0.102")};
	union ipc_body row;

	adjacency(&c, "10.0.0.102", "192.0.2.2", 0);
	say(c.nhrpd, IPC_MSG_SHORTCUT_SET, &s);
	assert_true(show_row(&c, SHOW_ADJACENCIES, IPC_MSG_ROW_ADJACENCY, is_next_hop, &s.next_hop,
	    &row));
	assert_int_equal(row.row_adjacency.packets, 0);
	assert_true(ping_soon(&c, "10.0.0.2"));
	assert_true(ping(&c, "10.0.0.2", ""));
	assert_true(show_row(&c, SHOW_ADJACENCIES, IPC_MSG_ROW_ADJACENCY, is_next_hop, &s.next_hop,
	    &row));
	assert_true(row.row_adjacency.packets >= 3);
}

/* The hub's tunnel turns packets round, and is narrower than the spokes'. */
static void
turn_round(const char *protection)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = TUNNEL_MGRE, .up = 1,
	    .mtu = 1300, .ttl = 255, .has_key = 1, .key = 7, .nhrp_network = 1, .nhrp_redirect = 1,
	    .hairpin = 1, .local = ip("192.0.2.1")};

	snprintf(t.protection, sizeof(t.protection), "%s", protection);
	say(a.control, IPC_MSG_TUNNEL_SET, &t);
}

/* Nothing crosses the hub's kernel but what needs it: here a time to live, and a size. */
static void
turned(void)
{
	struct ipc_row_tunnel before = check_sums(&a), after;

	assert_true(run("ping=$(ip netns exec %s ping -c 20 -i 0.01 -W 1 -q 10.0.0.2) && "
	    "echo \"$ping\" | grep -q ' 0%% packet loss'", c.ns));
	after = check_sums(&a);
	assert_true(after.hairpin >= before.hairpin + 40);
	assert_int_equal(after.tun_out, before.tun_out);
	assert_int_equal(after.dropped_out, before.dropped_out);
	assert_true(run("ip netns exec %s ping -c 1 -W 1 -t 1 10.0.0.2 | "
	    "grep -q 'From 10.0.0.1 .*Time to live exceeded'", c.ns));
	assert_true(run("ip netns exec %s ping -c 1 -W 1 -t 2 10.0.0.2 >/dev/null", c.ns));
	assert_true(run("ip netns exec %s ping -c 1 -W 1 -M do -s 1300 10.0.0.2 2>&1 | "
	    "grep -q 'mtu *= *1300'", c.ns));
	/* Another way in the kernel, and the next packet takes it. */
	assert_true(run("ip -n %s route add blackhole 10.0.0.2", a.ns));
	before = check_sums(&a);
	assert_false(ping(&c, "10.0.0.2", "-W 0.1"));
	assert_int_equal(check_sums(&a).hairpin, before.hairpin);
	assert_true(run("ip -n %s route del blackhole 10.0.0.2", a.ns));
	assert_true(ping_soon(&c, "10.0.0.2"));
}

/* The hub's ends towards b and c, and theirs. */
static struct half hub_b, hub_c, at_b, at_c;

/* A hub and two spokes, whose next hops nobody has told yet. */
static void
mgre_tunnels(bool protect, bool hairpin)
{
	const char *name = protect ? "Tunnel0" : "";

	hub_b = (struct half){.n = &a, .local = "192.0.2.1", .ref = protect ? 12 : 0};
	hub_c = (struct half){.n = &a, .local = "192.0.2.1", .ref = protect ? 13 : 0};
	at_b = (struct half){.n = &b, .local = "192.0.2.2", .ref = protect ? 21 : 0};
	at_c = (struct half){.n = &c, .local = "198.51.100.2", .ref = protect ? 31 : 0};
	tunnel(&a, TUNNEL_MGRE, "192.0.2.1", NULL, name, "10.0.0.1/24");
	if (hairpin)
		turn_round(name);
	tunnel(&b, TUNNEL_MGRE, "192.0.2.2", NULL, name, "10.0.0.2/24");
	tunnel(&c, TUNNEL_MGRE, "198.51.100.2", NULL, name, "10.0.0.3/24");
	run("ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.Tunnel0.send_redirects=0"
	    " net.ipv4.conf.all.send_redirects=0", a.ns);
	if (!protect)
		return;
	peer(&hub_b, &at_b, name, false);
	peer(&at_b, &hub_b, name, false);
	peer(&hub_c, &at_c, name, false);
	peer(&at_c, &hub_c, name, false);
	sa_pair(&hub_b, &at_b, MODE_TRANSPORT, false, 47);
	sa_pair(&hub_c, &at_c, MODE_TRANSPORT, false, 47);
}

/* c's traffic to b goes by the NHS while b's address resolves; the hub reports a redirect. */
static void
by_the_hub(void)
{
	struct ipc_nhs_route nhs = {.ifname = "Tunnel0", .next_hop = ip("10.0.0.1")};
	struct ipc_msg *m;
	int i;

	say(b.nhrpd, IPC_MSG_NHS_ROUTE, &nhs);
	say(c.nhrpd, IPC_MSG_NHS_ROUTE, &nhs);
	assert_true(ping_soon(&c, "10.0.0.2"));
	for (i = 0, m = NULL; i < 30 && m == NULL; i++) {	/* once a second for a pair */
		assert_true(ping(&c, "10.0.0.2", ""));
		m = hear(a.nhrpd, IPC_MSG_REDIRECT_WANT, 10);
	}
	assert_non_null(m);
	assert_true(addr_eq(&m->body->redirect.src_next_hop, &m->body->redirect.src));
	assert_true(m->body->redirect.packet.len >= 28);
}

static void
nhrp_passes(void)
{
	struct ipc_nhrp nhrp = {.ifname = "Tunnel0", .local = ip("192.0.2.1"),
	    .nbma = ip("192.0.2.2"), .packet = slice_of("an NHRP packet", 14),
	    .peer_ref = hub_b.ref};
	struct ipc_msg *m;

	say(a.nhrpd, IPC_MSG_NHRP_OUT, &nhrp);
	m = hear(b.nhrpd, IPC_MSG_NHRP_IN, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->nhrp.peer_ref, at_b.ref);
	assert_true(slice_eq(m->body->nhrp.packet, nhrp.packet));
}

/* Multicast goes where nhrpd said, and nowhere else. */
static void
multicast(void)
{
	struct ipc_multicast to_b = {.ifname = "Tunnel0", .nbma = ip("192.0.2.2"),
	    .peer_ref = hub_b.ref};
	uint64_t before = dropped(&a, DROP_OUT_NO_MULTICAST);
	struct ipc_row_tunnel at_b_before;

	ping(&a, "224.0.0.10", "-I Tunnel0 -W 0.05");
	assert_true(dropped_soon(&a, DROP_OUT_NO_MULTICAST, before + 3) >= before + 3);
	say(a.nhrpd, IPC_MSG_MCAST_SET, &to_b);
	at_b_before = check_sums(&b);
	ping(&a, "224.0.0.10", "-I Tunnel0 -W 0.05");
	assert_true(when_taken(&b, &at_b_before, 3).tun_out >= at_b_before.tun_out + 3);
}

static void
mgre(bool protect, bool hairpin)
{
	mgre_tunnels(protect, hairpin);

	/* The next hop is asked for while it is not known. */
	assert_true(wants_next_hop(&b, "10.0.0.1"));
	adjacency(&b, "10.0.0.1", "192.0.2.1", at_b.ref);
	adjacency(&c, "10.0.0.1", "192.0.2.1", at_c.ref);
	adjacency(&a, "10.0.0.2", "192.0.2.2", hub_b.ref);
	adjacency(&a, "10.0.0.3", "198.51.100.2", hub_c.ref);
	assert_true(ping_soon(&b, "10.0.0.1"));
	assert_true(ping_soon(&c, "10.0.0.1"));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));

	by_the_hub();
	if (hairpin)
		turned();
	if (!protect)
		shortcut();
	nhrp_passes();
	multicast();
	check_sums(&a);
	check_sums(&c);
}

static void
mgre_in_clear(void **state)
{
	(void)state;
	mgre(false, false);
}

static void
mgre_protected(void **state)
{
	(void)state;
	mgre(true, false);
}

static void
mgre_hairpin(void **state)
{
	(void)state;
	mgre(true, true);
}

/* A NAT gives the peer another address: it counts once a packet from there was authentic. */
static void
peer_moves(void **state)
{
	struct addr want = ip("192.0.2.9");
	struct ipc_msg *m;

	(void)state;
	scene_come_up(TUNNEL_MGRE, MODE_TRANSPORT, true);

	/* A stranger from there with a live SPI moves nobody. */
	assert_true(run("ip -n %s addr add 192.0.2.9/24 dev wan0", b.ns));
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET, socket.SOCK_DGRAM); s.bind(('192.0.2.9', 0)); s.sendto(bytes.fromhex("
	    "'%08x00ffffff') + bytes(60), ('192.0.2.1', 4500))\"", b.ns, x.spi));
	assert_true(ping(&a, "10.0.0.2", ""));
	assert_true(dropped_soon(&a, DROP_IN_BAD_TAG, 1) >= 1);
	assert_false(heard(a.iked, IPC_MSG_PEER_MOVED));

	assert_true(run("ip netns exec %s nft 'table ip nat { chain post { type nat hook postrouting "
	    "priority 100; udp sport 4500 snat to 192.0.2.9:6000; }; }'", b.ns));
	assert_true(ping_soon(&b, "10.0.0.1"));
	m = hear(a.iked, IPC_MSG_PEER_MOVED, WAIT_MS);
	assert_non_null(m);
	assert_true(addr_eq(&m->body->peer_moved.remote, &want));
	assert_int_equal(m->body->peer_moved.remote_port, 6000);
	assert_true(ping(&a, "10.0.0.2", ""));
	assert_true(run("ip netns exec %s nft delete table ip nat && ip -n %s addr del 192.0.2.9/24 "
	    "dev wan0", b.ns, b.ns));
}

static void
unknown_spi(void **state)
{
	struct ipc_msg *m;
	uint64_t before = dropped(&a, DROP_IN_NO_SA);

	(void)state;
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET, socket.SOCK_RAW, 50); [s.sendto(bytes.fromhex('deadbeef00000001') + "
	    "bytes(40), ('192.0.2.1', 0)) for i in range(5)]\"", b.ns));
	m = hear(a.iked, IPC_MSG_SPI_UNKNOWN, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->spi_unknown.spi, 0xdeadbeef);
	assert_int_equal(m->body->spi_unknown.count, 1);
	assert_string_equal(m->body->spi_unknown.ifname, "wan0");
	assert_int_equal(dropped_soon(&a, DROP_IN_NO_SA, before + 5), before + 5);
	assert_false(heard(a.iked, IPC_MSG_SPI_UNKNOWN));	/* once a second for a flow */
}

static void
lifetimes(void **state)
{
	struct ipc_sa s;
	struct ipc_msg *m;

	(void)state;
	scene_protect(TUNNEL_GRE, false);
	sa_pair(&x, &y, MODE_TRANSPORT, false, 47);
	s = make_sa(&x, &y, MODE_TRANSPORT, false, 47);
	s.soft_bytes = 2000;
	s.hard_bytes = 6000;
	say(a.iked, IPC_MSG_SA_SET, &s);
	assert_true(ping_soon(&a, "10.0.0.2"));
	ping(&a, "10.0.0.2", "-s 1000");
	m = hear(a.iked, IPC_MSG_SA_EXPIRE, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->sa_expire.hard, 0);
	assert_int_equal(m->body->sa_expire.why, EXPIRE_BYTES);
	ping(&a, "10.0.0.2", "-s 1000 -W 0.1");
	m = hear(a.iked, IPC_MSG_SA_EXPIRE, WAIT_MS);
	assert_non_null(m);
	/* Halfway to the hard limit it is told again: the rekey may have been lost. */
	if (!m->body->sa_expire.hard)
		m = hear(a.iked, IPC_MSG_SA_EXPIRE, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->sa_expire.hard, 1);
	assert_false(ping(&a, "10.0.0.2", "-W 0.1"));
}

/* espd dies; its device stays, and its successor goes on with the same SAs, without IKE. */
static void
restart(void **state)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = TUNNEL_GRE, .up = 1,
	    .mtu = 1400, .ttl = 255, .has_key = 1, .key = 7, .protection = "Tunnel0"};
	uint64_t before;

	(void)state;
	scene_come_up(TUNNEL_GRE, MODE_TRANSPORT, false);
	before = sa_row(&a, x.spi).out_seq;

	node_kill(&a);
	assert_true(a.queue_fd >= 0);
	assert_true(run("ip -n %s addr show Tunnel0 | grep -q 10.0.0.1", a.ns));
	node_start(&a);
	t.local = ip("192.0.2.1");
	t.remote = ip("192.0.2.2");
	say(a.control, IPC_MSG_TUNNEL_SET, &t);
	assert_non_null(hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS));
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&b, "10.0.0.1", ""));
	assert_true(sa_row(&a, x.spi).out_seq > before + 65536);
	assert_int_equal(sa_row(&b, y.spi).in_replay, 0);
}

/* The way to the tunnel's destination is the tunnel: its line protocol goes down. */
static void
recursive_route(void **state)
{
	struct ipc_msg *m;

	(void)state;
	tunnel(&a, TUNNEL_GRE, "192.0.2.1", "192.0.2.2", "", "10.0.0.1/30");
	assert_true(run("ip -n %s route add 192.0.2.2/32 dev Tunnel0", a.ns));
	m = hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->tunnel_state.line_up, 0);
	assert_string_equal(m->body->tunnel_state.why, "down - recursive routing");
	assert_true(run("ip -n %s route del 192.0.2.2/32", a.ns));
	m = hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->tunnel_state.line_up, 1);
}

static int
clean(void **state)
{
	uint32_t ref;

	for (ref = 12; ref < 40; ref++) {
		no_peer(&(struct half){.n = &a, .ref = ref});
		no_peer(&(struct half){.n = &b, .ref = ref});
		no_peer(&(struct half){.n = &c, .ref = ref});
	}
	no_tunnel(&c);
	hear_all(b.iked);
	hear_all(c.iked);
	return scene_clean(state);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	node_ns_new(&c, "c");
	if (!nodes_connect(&a, &b) ||
	    !run("ip -n %s link add wan1 type veth peer name wan0 netns %s", a.ns, c.ns) ||
	    !run("ip -n %s addr add 198.51.100.1/24 dev wan1 && ip -n %s link set wan1 up", a.ns, a.ns) ||
	    !run("ip -n %s addr add 198.51.100.2/24 dev wan0 && ip -n %s link set wan0 up && "
	        "ip -n %s route add default via 198.51.100.1", c.ns, c.ns, c.ns))
		return -1;
	node_start(&c);
	return scene_start();
}

static int
teardown(void **state)
{
	node_end(&c);
	return scene_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(gre_in_clear, clean),
		cmocka_unit_test_teardown(gre_protected, clean),
		cmocka_unit_test_teardown(gre_tunnel_mode_in_udp, clean),
		cmocka_unit_test_teardown(ike_on_4500, clean),
		cmocka_unit_test_teardown(vti, clean),
		cmocka_unit_test_teardown(mgre_in_clear, clean),
		cmocka_unit_test_teardown(mgre_protected, clean),
		cmocka_unit_test_teardown(mgre_hairpin, clean),
		cmocka_unit_test_teardown(peer_moves, clean),
		cmocka_unit_test_teardown(unknown_spi, clean),
		cmocka_unit_test_teardown(lifetimes, clean),
		cmocka_unit_test_teardown(restart, clean),
		cmocka_unit_test_teardown(recursive_route, clean),
	};

	return nodes_run_tests(tests, setup, teardown);
}
