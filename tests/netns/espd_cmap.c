/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps: two culvert-espd whose NICs have one each.
 *
 *	10.1.0.1 a wan0 192.0.2.1 ---- 192.0.2.2 wan0 b 10.2.0.1, 10.2.0.9
 *
 * The test is control and iked (espd_node.h), and puts up the hooks.  A spy on
 * b's side of the wire counts what arrives in clear and what arrives as ESP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "algs.h"
#include "cmap_lines.h"
#include "drops.h"
#include "espd_scene.h"

#define LINES_MAX 4
#define MARK "1668639862"	/* WIRE_MARK of lib/mark.h */

/* One end's map. */
struct map {
	struct node *n;
	struct ipc_cmap set;
	struct ipc_cmap_rule line[LINES_MAX];
	struct ipc_cmap_ready ready;
};
static struct map at_a, at_b;

/* --- what control says --- */

static void
start_map(struct map *m, struct node *n, const char *local)
{
	memset(m, 0, sizeof(*m));
	m->n = n;
	m->set = (struct ipc_cmap){.ifname = "wan0", .name = "GigabitEthernet0/0", .map = "VPN",
	    .local = ip(local), .mtu = 1500};
}

static struct ipc_cmap_rule *
add_line(struct map *m, bool permit, uint8_t proto, const char *src, const char *dst)
{
	struct ipc_cmap_rule *r = &m->line[m->set.lines];

	*r = (struct ipc_cmap_rule){.ifname = "wan0", .order = m->set.lines * 10 + 10,
	    .permit = permit, .proto = proto, .src = net(src), .dst = net(dst), .src_high = 65535,
	    .dst_high = 65535};
	if (permit)
		snprintf(r->protection, sizeof(r->protection), "VPN 10 1@wan0");
	m->set.lines++;
	return r;
}

/* The record, then its lines; sums them up first. */
static void
say_map(struct map *m)
{
	uint32_t i, n = m->set.lines;

	m->set.lines = 0;
	m->set.sum = 0;
	for (i = 0; i < n; i++)
		cmap_lines_add(&m->set, &m->line[i]);
	say(m->n->control, IPC_MSG_CMAP_SET, &m->set);
	for (i = 0; i < n; i++)
		say(m->n->control, IPC_MSG_CMAP_RULE_SET, &m->line[i]);
}

/* As control does: what is in the covering prefixes and has no mark goes to the devices. */
static void
put_up_hooks(struct map *m, const char *out, const char *in)
{
	assert_true(run("ip netns exec %s nft 'table netdev culvert { "
	    "chain leaving { type filter hook egress device wan0 priority 0; "
	    "meta mark 0x63756c76 accept; %s fwd to %s; }; "
	    "chain arriving { type filter hook ingress device wan0 priority 0; "
	    "meta pkttype other accept; "
	    "ip daddr { 192.0.2.1, 192.0.2.2 } ip protocol { 50, 17 } accept; %s fwd to %s; }; }'",
	    m->n->ns, out, m->ready.device, in, m->ready.arriving));
}

static void
wait_ready(struct map *m)
{
	struct ipc_msg *msg = hear(m->n->control, IPC_MSG_CMAP_READY, WAIT_MS);

	assert_non_null(msg);
	m->ready = msg->body->cmap_ready;
	assert_string_equal(m->ready.ifname, "wan0");
}

static void
no_map(struct map *m)
{
	run("ip netns exec %s nft delete table netdev culvert 2> /dev/null", m->n->ns);
	say(m->n->control, IPC_MSG_CMAP_DEL, &m->set);
	await_control(m->n);
}

/* 10.1/16 and 10.2/16 are protected between a and b, but for ICMP with 10.2.0.9. */
static void
both_maps(uint8_t df)
{
	start_map(&at_a, &a, "192.0.2.1");
	add_line(&at_a, false, 1, "10.1.0.0/16", "10.2.0.9/32");
	add_line(&at_a, true, 0, "10.1.0.0/16", "10.2.0.0/16");
	at_a.set.df = df;
	start_map(&at_b, &b, "192.0.2.2");
	add_line(&at_b, false, 1, "10.2.0.9/32", "10.1.0.0/16");
	add_line(&at_b, true, 0, "10.2.0.0/16", "10.1.0.0/16");
	say_map(&at_a);
	say_map(&at_b);
	wait_ready(&at_a);
	wait_ready(&at_b);
	put_up_hooks(&at_a, "ip saddr 10.1.0.0/16 ip daddr 10.2.0.0/16",
	    "ip saddr 10.2.0.0/16 ip daddr 10.1.0.0/16");
	put_up_hooks(&at_b, "ip saddr 10.2.0.0/16 ip daddr 10.1.0.0/16",
	    "ip saddr 10.1.0.0/16 ip daddr 10.2.0.0/16");
}

/* GRE of Tunnel0, or all between the two hosts. */
static void
host_maps(uint8_t proto)
{
	char match[96];

	snprintf(match, sizeof(match), proto != 0 ? "ip protocol %u ip daddr 192.0.2.0/24" :
	    "ip daddr 192.0.2.0/24", proto);
	start_map(&at_a, &a, "192.0.2.1");
	add_line(&at_a, true, proto, "192.0.2.1/32", "192.0.2.2/32");
	start_map(&at_b, &b, "192.0.2.2");
	add_line(&at_b, true, proto, "192.0.2.2/32", "192.0.2.1/32");
	say_map(&at_a);
	say_map(&at_b);
	wait_ready(&at_a);
	wait_ready(&at_b);
	put_up_hooks(&at_a, match, match);
	put_up_hooks(&at_b, match, match);
}

/* --- what iked says --- */

static void
peers(bool encap)
{
	peer(&x, &y, "VPN 10 1@wan0", encap);
	peer(&y, &x, "VPN 10 1@wan0", encap);
}

static void
one_sa(struct half *h, const struct half *other, uint8_t mode, bool encap, uint8_t proto,
    const char *local, const char *remote)
{
	struct ipc_sa s = make_sa(h, other, mode, encap, proto);

	s.ts_local = net(local);
	s.ts_remote = net(remote);
	say(h->n->iked, IPC_MSG_SA_SET, &s);
}

static void
sas(uint8_t mode, bool encap, uint8_t proto, const char *at_x, const char *at_y)
{
	peers(encap);
	x.spi = reserve(&x);
	y.spi = reserve(&y);
	one_sa(&x, &y, mode, encap, proto, at_x, at_y);
	one_sa(&y, &x, mode, encap, proto, at_y, at_x);
}

/* --- what the spy has seen --- */

static uint64_t
spied(const char *counter)
{
	unsigned long long n = 0;
	char cmd[160];
	FILE *f;

	snprintf(cmd, sizeof(cmd), "ip netns exec %s nft list counter netdev spy %s | "
	    "sed -n 's/.*packets \\([0-9]*\\) .*/\\1/p'", b.ns, counter);
	f = popen(cmd, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%llu", &n), 1);
	pclose(f);
	return n;
}

/* --- tests --- */

static void
both_directions(void **state)
{
	uint64_t before, clear = spied("clear"), esp = spied("sealed");

	(void)state;
	both_maps(IPC_DF_COPY);
	peers(false);
	await_iked(&a);
	before = dropped(&a, DROP_OUT_NO_SA);
	assert_false(ping(&a, "10.2.0.1", "-W 0.1"));
	assert_non_null(hear(a.iked, IPC_MSG_SA_WANT, WAIT_MS));
	assert_int_equal(dropped_soon(&a, DROP_OUT_NO_SA, before + 3), before + 3);

	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	assert_true(ping(&b, "10.1.0.1", "-I 10.2.0.1"));
	assert_true(ping(&a, "10.2.0.1", "-s 8000"));	/* fragments, and too long ones */
	assert_true(send_file(&a, "10.1.0.1", &b, "10.2.0.1"));
	assert_int_equal(spied("clear"), clear);
	assert_true(spied("sealed") > esp + 20);
	assert_int_equal(sa_row(&b, y.spi).in_replay + sa_row(&b, y.spi).in_bad_tag, 0);
}

static void
behind_a_nat(void **state)
{
	uint64_t clear = spied("clear");

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, true, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	assert_true(send_file(&a, "10.1.0.1", &b, "10.2.0.1"));
	assert_int_equal(spied("clear"), clear);
}

/* A deny line: in clear, in both directions, as if no map were there. */
static void
deny_lines(void **state)
{
	uint64_t clear = spied("clear"), in = dropped(&a, DROP_IN_NOT_IPSEC);

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.9"));
	assert_true(ping(&a, "10.2.0.9", "-s 3000"));
	assert_true(spied("clear") >= clear + 10);
	assert_int_equal(dropped(&a, DROP_IN_NOT_IPSEC), in);
}

/* The mark lets b's packets out in clear; a must not take them. */
static void
clear_where_protected(void **state)
{
	uint64_t before;
	struct ipc_msg *m;

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	before = dropped(&a, DROP_IN_NOT_IPSEC);
	assert_false(ping(&b, "10.1.0.1", "-I 10.2.0.1 -W 0.1 -m " MARK));
	assert_int_equal(dropped_soon(&a, DROP_IN_NOT_IPSEC, before + 3), before + 3);
	m = hear(a.iked, IPC_MSG_NOT_IPSEC, WAIT_MS);
	assert_non_null(m);
	assert_string_equal(m->body->not_ipsec.ifname, "wan0");
	assert_true(addr_eq(&m->body->not_ipsec.src, &(struct addr){.family = ADDR_V4, .b = {10, 2, 0, 1}}));
	assert_int_equal(m->body->not_ipsec.proto, 1);
	assert_false(heard(a.iked, IPC_MSG_NOT_IPSEC));	/* the same flow: not again so soon */
}

/* The kernel knows the NIC's MTU only. */
static void
path_mtu(void **state)
{
	uint64_t before = dropped(&a, DROP_OUT_TOO_BIG);

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	run("ip -n %s route flush cache", a.ns);	/* what other tests made it learn */
	assert_false(ping(&a, "10.2.0.1", "-M do -s 1472 -W 0.1"));
	/* Then the kernel knows. */
	assert_int_equal(dropped_soon(&a, DROP_OUT_TOO_BIG, before + 1), before + 1);
	/* 1500 - IP 20 - ESP 8 - IV 8 - ICV 16 - 2, cut to whole words of 4. */
	assert_true(run("ip -n %s route get 10.2.0.1 | grep -q 'mtu 1446'", a.ns));
	assert_true(ping(&a, "10.2.0.1", "-M do -s 1418"));
	assert_false(ping(&a, "10.2.0.1", "-M do -s 1419 -W 0.1"));

	/* `crypto ipsec df-bit clear`: it is cut whatever it says. */
	run("ip -n %s route flush cache", a.ns);
	at_a.set.df = IPC_DF_CLEAR;
	say(a.control, IPC_MSG_CMAP_SET, &at_a.set);
	await_control(&a);
	before = dropped(&a, DROP_OUT_TOO_BIG);
	assert_true(ping(&a, "10.2.0.1", "-M do -s 1472"));
	assert_int_equal(dropped(&a, DROP_OUT_TOO_BIG), before);
}

/* Nothing leaves in clear while espd is dead, nor while a new one knows half of the lines. */
static void
killed(void **state)
{
	uint64_t clear = spied("clear");
	struct ipc_nothing none = {0};

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	node_kill(&a);
	assert_int_equal(a.cmaps, 2);
	assert_false(ping(&a, "10.2.0.1", "-W 0.1"));
	node_start(&a);
	assert_false(ping(&a, "10.2.0.1", "-W 0.1"));
	say(a.control, IPC_MSG_BEGIN, &none);
	say(a.control, IPC_MSG_CMAP_SET, &at_a.set);
	say(a.control, IPC_MSG_CMAP_RULE_SET, &at_a.line[0]);
	assert_false(ping(&a, "10.2.0.1", "-W 0.1"));
	say(a.control, IPC_MSG_CMAP_RULE_SET, &at_a.line[1]);
	say(a.control, IPC_MSG_END, &none);
	wait_ready(&at_a);
	assert_true(ping_soon(&a, "10.2.0.1"));	/* the SAs were kept, and so were the devices */
	assert_true(ping(&b, "10.1.0.1", "-I 10.2.0.1"));
	assert_int_equal(spied("clear"), clear);
}

/* Lines change as one: in between, the old ones hold. */
static void
lines_change(void **state)
{
	uint64_t clear = spied("clear");
	int i;

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	say(a.control, IPC_MSG_CMAP_RULE_DEL, &at_a.line[1]);
	await_control(&a);
	assert_true(ping(&a, "10.2.0.1", ""));
	assert_int_equal(spied("clear"), clear);
	at_a.set.lines = 1;
	say_map(&at_a);
	await_control(&a);
	/* No line is left for it; the first may still be under way by the old ones. */
	for (i = 0; i < 50 && spied("clear") < clear + 3; i++) {
		clear = spied("clear");
		ping(&a, "10.2.0.1", "-W 0.1");
	}
	assert_true(i < 50);
}

static void
protected_gre(uint8_t mode)
{
	uint64_t clear = spied("bare"), esp = spied("sealed");

	host_maps(47);
	at_a.set.mtu = 1400;		/* so that GRE is cut, in tunnel mode */
	say(a.control, IPC_MSG_CMAP_SET, &at_a.set);
	tunnel(&a, TUNNEL_GRE, "192.0.2.1", "192.0.2.2", "", "10.0.0.1/30");
	tunnel(&b, TUNNEL_GRE, "192.0.2.2", "192.0.2.1", "", "10.0.0.2/30");
	sas(mode, false, 47, "192.0.2.1/32", "192.0.2.2/32");
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&a, "10.0.0.2", "-s 1372"));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));
	assert_int_equal(spied("bare"), clear);
	assert_true(spied("sealed") > esp);
	check_sums(&a);
	check_sums(&b);
}

/* A map over a tunnel without protection, as one did it before there were profiles. */
static void
gre_in_transport_mode(void **state)
{
	(void)state;
	protected_gre(MODE_TRANSPORT);
}

static void
gre_in_tunnel_mode(void **state)
{
	(void)state;
	protected_gre(MODE_TUNNEL);
}

/* The whole traffic of two hosts in transport mode; IKE and ESP themselves pass. */
static void
hosts_in_transport_mode(void **state)
{
	uint64_t esp = spied("sealed");

	(void)state;
	host_maps(0);
	sas(MODE_TRANSPORT, false, 0, "192.0.2.1/32", "192.0.2.2/32");
	assert_true(ping_soon(&a, "192.0.2.2"));
	assert_true(ping(&a, "192.0.2.2", "-s 1472"));	/* ESP is fragmented, not the packet */
	assert_true(ping(&b, "192.0.2.1", ""));
	assert_true(spied("sealed") > esp + 6);
}

/* A dynamic entry: what b's SAs were negotiated for, and that alone. */
static void
dynamic_entry(void **state)
{
	uint64_t in;

	(void)state;
	both_maps(IPC_DF_COPY);
	at_b.line[1].dynamic = 1;
	say_map(&at_b);
	await_control(&b);
	in = dropped(&b, DROP_IN_NOT_IPSEC);
	ping(&a, "10.2.0.1", "-W 0.1 -m " MARK);	/* nothing was negotiated */
	assert_int_equal(dropped(&b, DROP_IN_NOT_IPSEC), in);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.0.0/16");
	assert_true(ping_soon(&a, "10.2.0.1"));
	assert_true(ping(&b, "10.1.0.1", "-I 10.2.0.1"));
	assert_false(ping(&a, "10.2.0.1", "-W 0.1 -m " MARK));
	assert_int_equal(dropped_soon(&b, DROP_IN_NOT_IPSEC, in + 3), in + 3);
}

/* Packets that the SA was not negotiated for stay here. */
static void
outside_the_selectors(void **state)
{
	uint64_t before = dropped(&a, DROP_OUT_POLICY), clear = spied("clear");

	(void)state;
	both_maps(IPC_DF_COPY);
	sas(MODE_TUNNEL, false, 0, "10.1.0.0/16", "10.2.7.0/24");
	await_iked(&a);
	await_control(&a);
	assert_false(ping(&a, "10.2.0.1", "-W 0.1"));
	assert_int_equal(dropped_soon(&a, DROP_OUT_POLICY, before + 3), before + 3);
	assert_int_equal(spied("clear"), clear);
}

static void
map_goes(void **state)
{
	(void)state;
	both_maps(IPC_DF_COPY);
	no_map(&at_a);
	no_map(&at_b);
	assert_false(run("ip -n %s link show %s 2> /dev/null", a.ns, at_a.ready.device));
	assert_false(run("ip -n %s link show %s 2> /dev/null", a.ns, at_a.ready.arriving));
	assert_true(ping_soon(&a, "10.2.0.1"));
}

static int
clean(void **state)
{
	no_map(&at_a);
	no_map(&at_b);
	return scene_clean(state);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	a.workers = b.workers = 2;
	/* A strict reverse path filter of the machine's must not stop what a map lets in. */
	run("ip netns exec %s sysctl -qw net.ipv4.conf.all.rp_filter=1", a.ns);
	if (!nodes_connect(&a, &b) ||
	    !run("ip -n %s addr add 10.1.0.1/32 dev lo && "
	        "ip -n %s route add 10.2.0.0/16 via 192.0.2.2 src 10.1.0.1", a.ns, a.ns) ||
	    !run("ip -n %s addr add 10.2.0.1/32 dev lo && ip -n %s addr add 10.2.0.9/32 dev lo && "
	        "ip -n %s route add 10.1.0.0/16 via 192.0.2.1 src 10.2.0.1", b.ns, b.ns, b.ns))
		return -1;
	if (!run("ip netns exec %s nft 'table netdev spy { counter clear { }; counter sealed { }; "
	    "counter bare { }; chain in { type filter hook ingress device wan0 priority -500; "
	    "ip saddr 10.1.0.0/16 counter name clear; ip protocol 50 counter name sealed; "
	    "ip protocol 47 counter name bare; }; }'", b.ns))
		return -1;
	return scene_start();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(both_directions, clean),
		cmocka_unit_test_teardown(behind_a_nat, clean),
		cmocka_unit_test_teardown(deny_lines, clean),
		cmocka_unit_test_teardown(clear_where_protected, clean),
		cmocka_unit_test_teardown(path_mtu, clean),
		cmocka_unit_test_teardown(killed, clean),
		cmocka_unit_test_teardown(lines_change, clean),
		cmocka_unit_test_teardown(gre_in_transport_mode, clean),
		cmocka_unit_test_teardown(gre_in_tunnel_mode, clean),
		cmocka_unit_test_teardown(hosts_in_transport_mode, clean),
		cmocka_unit_test_teardown(dynamic_entry, clean),
		cmocka_unit_test_teardown(outside_the_selectors, clean),
		cmocka_unit_test_teardown(map_goes, clean),
	};

	return nodes_run_tests(tests, setup, scene_teardown);
}
