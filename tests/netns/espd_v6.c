/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two culvert-espd whose outer packets are IPv6.
 *
 *	  a wan0 2001:db8:a::1 ---- 2001:db8:a::2 wan0 b
 *	  a wan1 2001:db8:b::1 -- r, whose link to b is narrow -- 2001:db8:c::1 wan1 b
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

#define A "2001:db8:a::1"
#define B "2001:db8:a::2"

static char r[32];

#define FAR_A "2001:db8:b::1"
#define FAR_B "2001:db8:c::1"

static void
addresses_inside(void)
{
	assert_true(run("ip -n %s addr add fd00::1/64 dev Tunnel0 nodad", a.ns));
	assert_true(run("ip -n %s addr add fd00::2/64 dev Tunnel0 nodad", b.ns));
}

/* Tunnel0 on both, with addresses of both versions inside. */
static void
gre_tunnels(void)
{
	tunnel(&a, TUNNEL_GRE, A, B, "", "10.0.0.1/30");
	tunnel(&b, TUNNEL_GRE, B, A, "", "10.0.0.2/30");
	addresses_inside();
}

static void
protect_between(const char *at_a, const char *at_b, uint8_t kind, uint8_t mode, bool encap)
{
	x.local = at_a;
	y.local = at_b;
	scene_protect(kind, encap);
	addresses_inside();
	sa_pair(&x, &y, mode, encap, kind == TUNNEL_VTI ? 0 : 47);
}

static void
protect(uint8_t kind, uint8_t mode, bool encap)
{
	protect_between(A, B, kind, mode, encap);
}

/* Counts what leaves a and is `match` (nftables). */
static void
count(const char *match)
{
	assert_true(run("ip netns exec %s nft 'table ip6 seen { chain out { type filter hook output "
	    "priority 0; %s counter; }; }'", a.ns, match));
}

static void
counted(void)
{
	assert_true(run("ip netns exec %s nft list table ip6 seen | grep -q 'packets [1-9]'", a.ns));
	assert_true(run("ip netns exec %s nft delete table ip6 seen", a.ns));
}

/* Inner packets of both versions, the largest too, go as `match`. */
static void
passes(const char *match)
{
	count(match);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping_soon(&b, "fd00::1"));
	assert_true(ping(&b, "10.0.0.1", "-s 1372"));
	assert_true(ping(&a, "fd00::2", "-s 1352"));
	counted();
	check_sums(&a);
	check_sums(&b);
}

static void
gre_in_clear(void **state)
{
	(void)state;
	gre_tunnels();
	passes("meta l4proto 47");
}

static void
gre_transport(void **state)
{
	(void)state;
	protect(TUNNEL_GRE, MODE_TRANSPORT, false);
	passes("meta l4proto 50");
}

static void
gre_tunnel_mode(void **state)
{
	(void)state;
	protect(TUNNEL_GRE, MODE_TUNNEL, false);
	passes("meta l4proto 50");
}

static void
gre_tunnel_mode_in_udp(void **state)
{
	(void)state;
	protect(TUNNEL_GRE, MODE_TUNNEL, true);
	passes("udp dport 4500");
}

/* The SA is for one IP version, and the other does not get in or out. */
static void
vti(void **state)
{
	uint64_t before;

	(void)state;
	count("meta l4proto 50");
	protect(TUNNEL_VTI, MODE_TUNNEL, false);
	assert_true(ping_soon(&b, "fd00::1"));
	assert_true(ping(&a, "fd00::2", "-s 1352"));
	counted();
	before = dropped(&a, DROP_OUT_POLICY);
	assert_false(ping(&a, "10.0.0.2", "-W 0.1"));
	assert_int_equal(dropped_soon(&a, DROP_OUT_POLICY, before + 3), before + 3);
	check_sums(&a);
	check_sums(&b);
}

/* The hop limit is the tunnel's, the traffic class the inner packet's without ECN. */
static void
outer_header(void **state)
{
	(void)state;
	gre_tunnels();
	count("ip6 dscp ef ip6 hoplimit 255 meta l4proto 47");
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&a, "10.0.0.2", "-Q 0xb9"));
	counted();
}

/* What is over the way's MTU is cut here, since nobody on the way does. */
static void
outer_fragments(void **state)
{
	(void)state;
	protect(TUNNEL_GRE, MODE_TRANSPORT, false);
	assert_true(run("ip -n %s route add %s/128 dev wan0 mtu 1280 && ip -n %s route add %s/128 "
	    "dev wan0 mtu 1280", a.ns, B, b.ns, A));
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&a, "10.0.0.2", "-s 1372"));
	assert_true(run("ip -n %s route del %s/128 && ip -n %s route del %s/128", a.ns, B, b.ns, A));
}

/* A router on the way says "packet too big" (RFC 4443 3.2), and the kernel cuts from then on. */
static void
narrow_way(bool encap)
{
	protect_between(FAR_A, FAR_B, TUNNEL_GRE, MODE_TRANSPORT, encap);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(run("ip netns exec %s nft 'table ip6 seen { chain in { type filter hook prerouting "
	    "priority -450; exthdr frag exists counter; }; }'", r));
	ping(&a, "10.0.0.2", "-s 1372");	/* the first of them is lost */
	assert_true(ping(&a, "10.0.0.2", "-s 1372"));
	assert_true(run("ip netns exec %s nft list table ip6 seen | grep -q 'packets [1-9]' && "
	    "ip netns exec %s nft delete table ip6 seen", r, r));
	assert_true(run("ip -n %s -6 route flush cache && ip -n %s -6 route flush cache", a.ns, b.ns));
}

static void
packet_too_big(void **state)
{
	(void)state;
	narrow_way(false);
}

static void
packet_too_big_in_udp(void **state)
{
	(void)state;
	narrow_way(true);
}

/* IKE behind the non-ESP marker. */
static void
ike_on_4500(void **state)
{
	struct slice ike = slice_of("\0\0\0\0an IKE message", 18);

	(void)state;
	say_4500(&a, B, ike);
	assert_true(heard_4500(&b, A, ike));
}

static void
unknown_spi(void **state)
{
	struct addr src = ip(B), dst = ip(A);
	uint64_t before = dropped(&a, DROP_IN_NO_SA_V6), v4 = dropped(&a, DROP_IN_NO_SA);
	struct ipc_msg *m;

	(void)state;
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET6, socket.SOCK_RAW, 50); [s.sendto(bytes.fromhex('deadbeef00000001') + "
	    "bytes(40), ('%s', 0)) for i in range(5)]\"", b.ns, A));
	m = hear(a.iked, IPC_MSG_SPI_UNKNOWN, WAIT_MS);
	assert_non_null(m);
	assert_int_equal(m->body->spi_unknown.spi, 0xdeadbeef);
	assert_true(addr_eq(&m->body->spi_unknown.src, &src));
	assert_true(addr_eq(&m->body->spi_unknown.dst, &dst));
	assert_string_equal(m->body->spi_unknown.ifname, "wan0");
	assert_int_equal(dropped_soon(&a, DROP_IN_NO_SA_V6, before + 5), before + 5);
	assert_int_equal(dropped(&a, DROP_IN_NO_SA), v4);
}

/* Also what is too short for the SPI by which the kernel finds its worker. */
static void
runts_are_counted(void **state)
{
	uint64_t before = dropped(&a, DROP_IN_RUNT);

	(void)state;
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET6, socket.SOCK_RAW, 50); [s.sendto(bytes(n), ('%s', 0)) "
	    "for n in range(8)]\"", b.ns, A));
	assert_int_equal(dropped_soon(&a, DROP_IN_RUNT, before + 8), before + 8);
}

static bool
narrow_router(void)
{
	snprintf(r, sizeof(r), "espd-r6-%d", (int)getpid());
	return run("ip netns add %s && ip -n %s link set lo up && "
	    "ip -n %s link add wan1 type veth peer name to-a netns %s && "
	    "ip -n %s link add wan1 mtu 1280 type veth peer name to-b mtu 1280 netns %s", r, r, a.ns, r,
	    b.ns, r) &&
	    run("ip -n %s addr add 2001:db8:b::9/64 dev to-a nodad; ip -n %s link set to-a up; "
	    "ip -n %s addr add 2001:db8:c::9/64 dev to-b nodad; ip -n %s link set to-b up; "
	    "ip netns exec %s sysctl -qw net.ipv6.conf.all.forwarding=1", r, r, r, r, r) &&
	    run("ip -n %s addr add " FAR_A "/64 dev wan1 nodad; ip -n %s link set wan1 up; "
	    "ip -n %s route add 2001:db8:c::/64 via 2001:db8:b::9", a.ns, a.ns, a.ns) &&
	    run("ip -n %s addr add " FAR_B "/64 dev wan1 nodad; ip -n %s link set wan1 up; "
	    "ip -n %s route add 2001:db8:b::/64 via 2001:db8:c::9", b.ns, b.ns, b.ns);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	if (!run("ip -n %s link add wan0 type veth peer name wan0 netns %s", a.ns, b.ns) ||
	    !run("ip -n %s addr add " A "/64 dev wan0 nodad; ip -n %s link set wan0 up", a.ns, a.ns) ||
	    !run("ip -n %s addr add " B "/64 dev wan0 nodad; ip -n %s link set wan0 up", b.ns, b.ns) ||
	    !narrow_router())
		return -1;
	return scene_start();
}

static int
teardown(void **state)
{
	run("ip netns del %s", r);
	return scene_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(gre_in_clear, scene_clean),
		cmocka_unit_test_teardown(gre_transport, scene_clean),
		cmocka_unit_test_teardown(gre_tunnel_mode, scene_clean),
		cmocka_unit_test_teardown(gre_tunnel_mode_in_udp, scene_clean),
		cmocka_unit_test_teardown(vti, scene_clean),
		cmocka_unit_test_teardown(outer_header, scene_clean),
		cmocka_unit_test_teardown(outer_fragments, scene_clean),
		cmocka_unit_test_teardown(packet_too_big, scene_clean),
		cmocka_unit_test_teardown(packet_too_big_in_udp, scene_clean),
		cmocka_unit_test_teardown(ike_on_4500, scene_clean),
		cmocka_unit_test_teardown(unknown_spi, scene_clean),
		cmocka_unit_test_teardown(runts_are_counted, scene_clean),
	};

	return nodes_run_tests(tests, setup, teardown);
}
