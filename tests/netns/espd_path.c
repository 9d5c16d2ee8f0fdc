/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The MTU of the way between two culvert-espd.
 *
 *	  a wan0 192.0.2.1 ---- r, whose link to b is narrow ---- 198.51.100.2 wan0 b
 *	  a      fd01::1                                          fd02::2
 *
 * As in espd_tunnels.c the test is the other daemons.  What arrives at b is
 * counted by nftables before the kernel puts fragments together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algs.h"
#include "drops.h"
#include "espd_scene.h"

#define A4 "192.0.2.1"
#define B4 "198.51.100.2"
#define A6 "fd01::1"
#define B6 "fd02::2"

static char r[32];

/* --- the scene --- */

static void
narrow(unsigned int mtu)
{
	assert_true(run("ip -n %s link set to-b mtu %u && ip -n %s link set wan0 mtu %u", r, mtu, b.ns,
	    mtu));
	run("ip -n %s route flush cache; ip -n %s -6 route flush cache", a.ns, a.ns);
}

static void
say_tunnel(struct node *n, const struct ipc_tunnel *like, const char *local, const char *remote)
{
	struct ipc_clear barrier = {.what = CLEAR_COUNTERS};
	struct ipc_tunnel t = *like;

	memcpy(t.ifname, "Tunnel0", 8);
	memcpy(t.name, "Tunnel0", 8);
	t.up = 1;
	t.ttl = 255;
	t.mtu = 8800;
	t.path_min = 576;
	t.path_age_min = 10;
	t.local = ip(local);
	t.remote = ip(remote);
	say(n->control, IPC_MSG_TUNNEL_SET, &t);
	say(n->control, IPC_MSG_CLEAR, &barrier);
	assert_non_null(hear(n->control, IPC_MSG_DONE, WAIT_MS));
}

/* Tunnel0 on both, of these settings, protected unless it is `clear`. */
static void
tunnels(const struct ipc_tunnel *like, bool v6, bool clear, bool encap)
{
	const char *at_a = v6 ? A6 : A4, *at_b = v6 ? B6 : B4;
	struct ipc_tunnel t = *like;

	x.local = at_a;
	y.local = at_b;
	if (!clear)
		memcpy(t.protection, "Tunnel0", 8);
	say_tunnel(&a, &t, at_a, at_b);
	say_tunnel(&b, &t, at_b, at_a);
	assert_true(run("ip -n %s addr add 10.0.0.1/30 dev Tunnel0; ip -n %s link set Tunnel0 up; "
	    "ip -n %s addr add fd00::1/64 dev Tunnel0 nodad", a.ns, a.ns, a.ns));
	assert_true(run("ip -n %s addr add 10.0.0.2/30 dev Tunnel0; ip -n %s link set Tunnel0 up; "
	    "ip -n %s addr add fd00::2/64 dev Tunnel0 nodad", b.ns, b.ns, b.ns));
	if (clear)
		return;
	peer(&x, &y, "Tunnel0", encap);
	peer(&y, &x, "Tunnel0", encap);
	sa_pair(&x, &y, t.kind == TUNNEL_VTI ? MODE_TUNNEL : MODE_TRANSPORT, encap,
	    t.kind == TUNNEL_VTI ? 0 : 47);
}

static unsigned int
path_mtu(struct node *n)
{
	union ipc_body row;

	assert_true(show_row(n, SHOW_ESP_PEERS, IPC_MSG_ROW_ESP_PEER, any_row, NULL, &row));
	return row.row_esp_peer.path_mtu;
}

static void
wait_path(struct node *n, unsigned int mtu)
{
	int i;

	for (i = 0; i < 600 && path_mtu(n) != mtu; i++)
		poll(NULL, 0, 20);
	assert_int_equal(path_mtu(n), mtu);
}

/* --- what b sees --- */

static void
watch_wire(void)
{
	assert_true(run("ip netns exec %s nft 'table inet seen { counter df { }; counter cut { }; "
	    "chain in { type filter hook prerouting priority -450; "
	    "iifname wan0 ip frag-off & 0x4000 != 0 counter name df; "
	    "iifname wan0 ip frag-off & 0x1fff != 0 counter name cut; "
	    "iifname wan0 exthdr frag exists counter name cut; }; }'", b.ns));
}

static bool
seen(const char *which)
{
	return run("ip netns exec %s nft list counter inet seen %s | grep -q 'packets [1-9]'", b.ns,
	    which);
}

static void
watch_again(void)
{
	assert_true(run("ip netns exec %s nft reset counters > /dev/null", b.ns));
}

/* The largest ping with DF that gets through at once, sought from what the kernel was told. */
static unsigned int
told_mtu(const char *dst)
{
	char cmd[160], line[32] = "";
	FILE *f;

	snprintf(cmd, sizeof(cmd), "ip -n %s route get %s | sed -n 's/.* mtu \\([0-9]*\\).*/\\1/p'", a.ns,
	    dst);
	f = popen(cmd, "r");
	assert_non_null(f);
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	pclose(f);
	return (unsigned int)atoi(line);
}

/*
 * Packets with DF: the router says how narrow it is, we say it to the sender,
 * and what he sends then arrives in one piece, with DF.
 */
static void
discovers(const char *dst, unsigned int way, unsigned int header)
{
	char size[32];
	unsigned int mtu;

	narrow(way);
	wait_path(&b, way);			/* its device's */
	snprintf(size, sizeof(size), "-M do -s %u -W 0.1", 8800 - header);
	ping(&a, dst, size);			/* the router tells us */
	wait_path(&a, way);
	ping(&a, dst, size);			/* we tell the sender */
	mtu = told_mtu(dst);
	assert_in_range(mtu, way - 130, way - 40);
	snprintf(size, sizeof(size), "-M do -s %u", mtu - header);
	watch_again();
	assert_true(ping(&a, dst, size));
	assert_false(seen("cut"));
	snprintf(size, sizeof(size), "-M dont -s %u", 8000);
	assert_true(ping(&a, dst, size));	/* cut before it is encrypted: the kernel's business now */
	check_sums(&a);
}

static const unsigned int mtus[] = {576, 1280, 1400, 1500, 8000};

static void
vti_discovers(bool encap)
{
	static const struct ipc_tunnel vti = {.kind = TUNNEL_VTI, .pmtud = 1, .df = IPC_DF_COPY};
	size_t i;

	for (i = 0; i < sizeof(mtus) / sizeof(mtus[0]); i++) {
		narrow(9000);
		tunnels(&vti, false, false, encap);
		wait_path(&a, 9000);
		assert_true(ping_soon(&a, "10.0.0.2"));
		discovers("10.0.0.2", mtus[i], 28);
		assert_true(seen("df"));
		scene_clean(NULL);
	}
}

static void
vti(void **state)
{
	(void)state;
	vti_discovers(false);
}

static void
vti_in_udp(void **state)
{
	(void)state;
	vti_discovers(true);
}

/* IPv6 inside and outside: "packet too big" on both sides. */
static void
ipv6(void **state)
{
	static const struct ipc_tunnel gre = {.kind = TUNNEL_GRE, .pmtud = 1, .df = IPC_DF_COPY};

	(void)state;
	tunnels(&gre, true, false, false);
	wait_path(&a, 9000);
	assert_true(ping_soon(&a, "fd00::2"));
	discovers("fd00::2", 1500, 48);
	discovers("10.0.0.2", 1500, 28);
	/* Nobody is asked for less than 1280 bytes of IPv6: what carries them is fragmented. */
	narrow(1280);
	ping(&a, "fd00::2", "-M do -s 1232 -W 0.1");
	wait_path(&a, 1280);
	assert_true(ping(&a, "fd00::2", "-M do -s 1232"));
	assert_true(seen("cut"));
}

static void
ipv6_over_ipv4(void **state)
{
	static const struct ipc_tunnel gre = {.kind = TUNNEL_GRE, .pmtud = 1, .df = IPC_DF_COPY};

	(void)state;
	tunnels(&gre, false, false, false);
	wait_path(&a, 9000);
	assert_true(ping_soon(&a, "fd00::2"));
	discovers("fd00::2", 1400, 48);
	assert_true(seen("df"));
}

/* Without DF: cut before, so that b need not put ESP together; or after. */
static void
fragmentation(void **state)
{
	struct ipc_tunnel vti = {.kind = TUNNEL_VTI, .pmtud = 1, .df = IPC_DF_COPY};

	(void)state;
	narrow(1500);
	assert_true(run("ip -n %s link set wan0 mtu 1500", a.ns));
	tunnels(&vti, false, false, false);
	wait_path(&a, 1500);
	assert_true(ping_soon(&a, "10.0.0.2"));
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M dont -s 4000"));
	assert_false(seen("cut"));
	assert_false(seen("df"));
	vti.cut_after = 1;
	memcpy(vti.protection, "Tunnel0", 8);
	say_tunnel(&a, &vti, A4, B4);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&a, "10.0.0.2", "-M dont -s 4000"));
	assert_true(seen("cut"));
}

static void
df_bits(void **state)
{
	struct ipc_tunnel vti = {.kind = TUNNEL_VTI, .pmtud = 1, .df = IPC_DF_CLEAR};

	(void)state;
	narrow(1400);
	tunnels(&vti, false, false, false);
	assert_true(ping_soon(&a, "10.0.0.2"));
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M do -s 1000"));
	assert_false(seen("df"));
	assert_true(ping(&a, "10.0.0.2", "-M do -s 2000"));	/* the router cuts it */
	assert_true(seen("cut"));
	vti.df = IPC_DF_SET;
	memcpy(vti.protection, "Tunnel0", 8);
	say_tunnel(&a, &vti, A4, B4);
	assert_true(ping_soon(&a, "10.0.0.2"));
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M dont -s 1000"));
	assert_true(seen("df"));
	ping(&a, "10.0.0.2", "-M dont -s 2000 -W 0.1");
	wait_path(&a, 1400);
	assert_true(ping(&a, "10.0.0.2", "-M dont -s 2000"));
	assert_false(seen("cut"));
}

/* GRE in clear: DF is copied only when the tunnel is told to look. */
static void
gre(void **state)
{
	struct ipc_tunnel gre = {.kind = TUNNEL_GRE};
	union ipc_body row;

	(void)state;
	narrow(1400);
	tunnels(&gre, false, true, false);
	assert_true(ping_soon(&a, "10.0.0.2"));
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M do -s 2000"));
	assert_false(seen("df"));
	assert_true(seen("cut"));
	gre.pmtud = 1;
	say_tunnel(&a, &gre, A4, B4);
	assert_true(ping_soon(&a, "10.0.0.2"));
	watch_again();
	ping(&a, "10.0.0.2", "-M do -s 2000 -W 0.1");
	ping(&a, "10.0.0.2", "-M do -s 2000 -W 0.1");
	assert_int_equal(told_mtu("10.0.0.2"), 1400 - 24);
	assert_true(ping(&a, "10.0.0.2", "-M do -s 1348"));
	assert_true(seen("df"));
	assert_false(seen("cut"));
	assert_true(show_row(&a, SHOW_TUNNELS, IPC_MSG_ROW_TUNNEL, any_row, NULL, &row));
	assert_int_equal(row.row_tunnel.path_mtu, 1400);
	assert_true(row.row_tunnel.path_until_us != 0);
}

/* --- strangers --- */

/* r says so often that ESP with that SPI should have had at most `mtu` bytes. */
static void
forge_many(unsigned int times, uint32_t spi, unsigned int mtu)
{
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"\n"
	    "import socket, struct\n"
	    "def fold(b):\n"
	    "    s = sum(struct.unpack('>%%dH' %% (len(b) // 2), b))\n"
	    "    s = (s & 0xffff) + (s >> 16)\n"
	    "    return ~((s & 0xffff) + (s >> 16)) & 0xffff\n"
	    "q = bytes.fromhex('450005dc000040004032') + bytes(2) + socket.inet_aton('%s') + "
	    "socket.inet_aton('%s') + struct.pack('>II', %u, 9)\n"
	    "m = struct.pack('>BBHHH', 3, 4, 0, 0, %u) + q\n"
	    "m = m[:2] + struct.pack('>H', fold(m)) + m[4:]\n"
	    "s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)\n"
	    "for i in range(%u):\n"
	    "    s.sendto(m, ('%s', 0))\"", r, A4, B4, spi, mtu, times, A4));
}

static void
forge(uint32_t spi, unsigned int mtu)
{
	forge_many(1, spi, mtu);
}

static void
strangers(void **state)
{
	static const struct ipc_tunnel vti = {.kind = TUNNEL_VTI, .pmtud = 1, .df = IPC_DF_COPY};

	(void)state;
	narrow(1500);
	tunnels(&vti, false, false, false);
	wait_path(&a, 9000);
	assert_true(ping_soon(&a, "10.0.0.2"));
	forge(y.spi + 1, 1000);
	forge(y.spi, 1000);			/* the second is believed, and the first came before it */
	wait_path(&a, 1000);
	/* Those that are not believed take nothing from the one that is. */
	forge_many(400, y.spi + 1, 800);
	forge(y.spi, 960);
	wait_path(&a, 960);
	forge(x.spi, 900);
	forge(y.spi, 68);
	wait_path(&a, 576);
	/* Below the least that is believed there is no DF any more, so nothing is lost for good. */
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M do -s 1000"));
	assert_false(seen("df"));
}

static void
a_stranger_alone(void **state)
{
	static const struct ipc_tunnel vti = {.kind = TUNNEL_VTI, .pmtud = 1, .df = IPC_DF_COPY};

	(void)state;
	narrow(1500);
	tunnels(&vti, false, false, false);
	wait_path(&a, 9000);
	assert_true(ping_soon(&a, "10.0.0.2"));
	forge(y.spi + 1, 1000);
	/* The kernel believed it, and our packets with DF do not care. */
	assert_int_equal(told_mtu(B4), 1000);
	watch_again();
	assert_true(ping(&a, "10.0.0.2", "-M do -s 1200"));
	assert_true(seen("df"));
	assert_int_equal(path_mtu(&a), 9000);
}

/* --- */

static int
clean(void **state)
{
	scene_clean(state);
	run("ip -n %s link set wan0 mtu 9000", a.ns);
	narrow(9000);
	watch_again();
	return 0;
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	snprintf(r, sizeof(r), "espd-pr-%d", (int)getpid());
	if (!run("ip netns add %s && ip -n %s link set lo up && "
	    "ip -n %s link add wan0 mtu 9000 type veth peer name to-a mtu 9000 netns %s && "
	    "ip -n %s link add wan0 mtu 9000 type veth peer name to-b mtu 9000 netns %s", r, r, a.ns, r,
	    b.ns, r) ||
	    !run("ip -n %s addr add 192.0.2.9/24 dev to-a; ip -n %s addr add fd01::9/64 dev to-a nodad; "
	    "ip -n %s addr add 198.51.100.9/24 dev to-b; ip -n %s addr add fd02::9/64 dev to-b nodad; "
	    "ip -n %s link set to-a up; ip -n %s link set to-b up; "
	    "ip netns exec %s sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 "
	    "net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 "
	    "net.ipv4.icmp_msgs_burst=10000", r, r, r, r, r, r, r) ||
	    !run("ip -n %s addr add " A4 "/24 dev wan0; ip -n %s addr add " A6 "/64 dev wan0 nodad; "
	    "ip -n %s link set wan0 up; ip -n %s route add default via 192.0.2.9; "
	    "ip -n %s route add default via fd01::9", a.ns, a.ns, a.ns, a.ns, a.ns) ||
	    !run("ip -n %s addr add " B4 "/24 dev wan0; ip -n %s addr add " B6 "/64 dev wan0 nodad; "
	    "ip -n %s link set wan0 up; ip -n %s route add default via 198.51.100.9; "
	    "ip -n %s route add default via fd02::9", b.ns, b.ns, b.ns, b.ns, b.ns))
		return -1;
	/* What inner senders believe is their own kernel's matter. */
	if (!run("ip netns exec %s sysctl -qw net.ipv4.route.min_pmtu=296", a.ns))
		return -1;
	watch_wire();
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
		cmocka_unit_test_teardown(ipv6, clean),
		cmocka_unit_test_teardown(ipv6_over_ipv4, clean),
		cmocka_unit_test_teardown(fragmentation, clean),
		cmocka_unit_test_teardown(df_bits, clean),
		cmocka_unit_test_teardown(gre, clean),
		cmocka_unit_test_teardown(strangers, clean),
		cmocka_unit_test_teardown(a_stranger_alone, clean),
		/* Below 1280 bytes a link loses its IPv6. */
		cmocka_unit_test_teardown(vti, clean),
		cmocka_unit_test_teardown(vti_in_udp, clean),
	};

	return nodes_run_tests(tests, setup, teardown);
}
