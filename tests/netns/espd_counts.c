/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What culvert-espd counts: every packet is sent on or is in exactly one named
 * counter; and the stale SPIs of peers that a reboot forgot are unknown, each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "algs.h"
#include "drops.h"
#include "espd_scene.h"
#include "keep.h"

#define STALE 1000
#define SLOTS (1u << 17)
#define AT_ONCE 64

/* --- every packet is somewhere --- */

static uint64_t counted[DROP_COUNT];

static void
count_from_here(struct node *n)
{
	uint16_t i;

	for (i = 0; i < DROP_COUNT; i++)
		counted[i] = dropped(n, i);
}

/* That `n` packets were dropped for this reason, as soon as they are, and none for any other. */
static void
check_dropped(struct node *node, uint16_t drop, uint64_t n)
{
	uint16_t i;

	dropped_soon(node, drop, counted[drop] + n);
	for (i = 0; i < DROP_COUNT; i++) {
		uint64_t more = dropped(node, i) - counted[i];

		if (more != (i == drop ? n : 0))
			fail_msg("%d packets in %s", (int)more, drop_names[i]);
		counted[i] += more;
	}
}

static void
lose(const char *dst, const char *options, uint16_t drop)
{
	struct ipc_row_tunnel before = check_sums(&a), after;

	ping(&a, dst, options);
	check_dropped(&a, drop, 3);
	after = check_sums(&a);
	assert_int_equal(after.tun_in - before.tun_in, 3);
	assert_int_equal(after.dropped_out - before.dropped_out, 3);
	assert_int_equal(after.gre_out, before.gre_out);
}

/*
 * b's machine repeats the last ESP packet that b sent to a `n` times: as it was
 * (replayed), or with a number that is yet to come (its tag is then wrong).
 */
static bool
repeat_esp(int n, bool tamper)
{
	return run("ip netns exec %s /usr/bin/python3 %s/repeat_esp.py %d %d", b.ns, a.rundir, n,
	    tamper);
}

static void
write_repeater(void)
{
	static const char program[] =
	    "import socket, subprocess, sys\n"
	    "s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))\n"
	    "s.bind(('wan0', 3))\n"
	    "s.settimeout(5)\n"
	    "subprocess.run(['ping', '-q', '-c', '1', '-W', '2', '10.0.0.1'],\n"
	    "    stdout=subprocess.DEVNULL, check=True)\n"
	    "while True:\n"
	    "    frame, where = s.recvfrom(4000)\n"
	    "    if where[2] == socket.PACKET_OUTGOING and frame[12:14] == b'\\x08\\0' and frame[23] == 50:\n"
	    "        break\n"
	    "frame = bytearray(frame)\n"
	    "for i in range(int(sys.argv[1])):\n"
	    "    if sys.argv[2] == '1':\n"
	    "        frame[14 + 20 + 6] += 1\n"
	    "    s.send(frame)\n";
	FILE *f = node_file(&a, "repeat_esp.py");

	fputs(program, f);
	fclose(f);
}

static void
every_packet_is_counted(void **state)
{
	struct half other = {.n = &a, .local = "192.0.2.3", .ref = 13};
	struct ipc_row_tunnel a0, a1, b0, b1;

	(void)state;
	write_repeater();
	scene_come_up(TUNNEL_MGRE, MODE_TRANSPORT, false);
	count_from_here(&a);

	/* What one sends the other receives. */
	a0 = check_sums(&a);
	b0 = check_sums(&b);
	assert_true(run("ip netns exec %s ping -q -f -c 100 10.0.0.2 > /dev/null", a.ns));
	a1 = when_taken(&a, &a0, 100);
	b1 = when_taken(&b, &b0, 100);
	assert_int_equal(a1.tun_in - a0.tun_in, 100);
	assert_int_equal(a1.gre_out - a0.gre_out, 100);
	assert_int_equal(b1.gre_in - b0.gre_in, 100);
	assert_int_equal(b1.tun_out - b0.tun_out, 100);
	assert_int_equal(a1.tun_out - a0.tun_out, 100);
	check_dropped(&a, DROP_IN_NO_SA, 0);

	/* On the way out. */
	lose("198.18.0.1", "-I Tunnel0 -W 0.05", DROP_OUT_NO_ROUTE);
	lose("10.0.0.99", "-W 0.05", DROP_OUT_NO_ADJACENCY);
	lose("224.0.0.9", "-I Tunnel0 -W 0.05", DROP_OUT_NO_MULTICAST);
	peer(&other, &(struct half){.local = "192.0.2.3"}, "Tunnel0", false);
	adjacency(&a, "10.0.0.3", "192.0.2.3", other.ref);
	lose("10.0.0.3", "-W 0.05", DROP_OUT_NO_SA);

	/* On the way in; what a stranger sends is no tunnel's. */
	assert_true(repeat_esp(7, false));
	check_dropped(&a, DROP_IN_REPLAY, 7);
	assert_true(repeat_esp(9, true));
	check_dropped(&a, DROP_IN_BAD_TAG, 9);
	assert_int_equal(sa_row(&a, x.spi).in_replay, 7);
	assert_int_equal(sa_row(&a, x.spi).in_bad_tag, 9);
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET, socket.SOCK_RAW, 47); [s.sendto(bytes.fromhex('2000080000000007') + "
	    "bytes(40), ('192.0.2.1', 0)) for i in range(5)]\"", b.ns));
	check_dropped(&a, DROP_IN_CLEAR_GRE, 5);
	/* Too short for a header, or even for the SPI by which the kernel finds its worker. */
	assert_true(run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET, socket.SOCK_RAW, 50); [s.sendto(bytes(n), ('192.0.2.1', 0)) "
	    "for n in range(8)]\"", b.ns));
	check_dropped(&a, DROP_IN_RUNT, 8);
	check_sums(&a);
	check_sums(&b);
	no_peer(&other);
}

/* --- a reboot among silent peers --- */

/* Reserves up to AT_ONCE more, so that neither side's queue is ever full. */
static uint32_t
reserve_some(struct node *n, uint32_t ref, uint32_t *spi, uint32_t want)
{
	struct ipc_spi_want w = {.txn = 1, .peer_ref = ref};
	struct ipc_msg *m;
	uint32_t i, now = want < AT_ONCE ? want : AT_ONCE;

	for (i = 0; i < now; i++)
		say(n->iked, IPC_MSG_SPI_RESERVE, &w);
	for (i = 0; i < now; i++) {
		m = hear(n->iked, IPC_MSG_SPI_RESERVED, WAIT_MS);
		assert_non_null(m);
		assert_true(m->body->spi.spi != 0);
		spi[i] = m->body->spi.spi;
	}
	return now;
}

static void
reserve_all(struct node *n, uint32_t ref, uint32_t *spi, uint32_t count)
{
	uint32_t done = 0;

	while (done < count)
		done += reserve_some(n, ref, spi + done, count - done);
}

static void
install(uint32_t spi)
{
	struct ipc_sa s;

	x.spi = spi;
	s = make_sa(&x, &y, MODE_TRANSPORT, false, 47);
	say(a.iked, IPC_MSG_SA_SET, &s);
}

/* The machine of a boots: nothing is left of what espd knew. */
static void
reboot(void)
{
	node_kill(&a);
	close(a.keep_fd);
	a.keep_fd = keep_memfd("keep");
	if (a.queue_fd >= 0)
		close(a.queue_fd);
	a.queue_fd = -1;
	node_start(&a);
}

static bool
send_from(const char *from, const uint32_t *spi, uint32_t count)
{
	FILE *f = node_file(&a, "stale");
	uint32_t i;

	for (i = 0; i < count; i++)
		fprintf(f, "%08x\n", spi[i]);
	fclose(f);
	return run("ip netns exec %s /usr/bin/python3 -c \"import socket; s = socket.socket("
	    "socket.AF_INET, socket.SOCK_RAW, 50); s.bind(('%s', 0)); "
	    "[s.sendto(bytes.fromhex(l.strip() + '00000001') + "
	    "bytes(60), ('192.0.2.1', 0)) for l in open('%s/stale')]\"", b.ns, from, a.rundir);
}

/*
 * A thousand pairs; a reboot; then every slot there is gets reserved, so that each
 * of the thousand old slots is live again under another SPI.  An SPI has 15 random bits over
 * its slot's number: of a thousand, one meets its own old number every 33rd time, and
 * fails the tag there.  The test knows which and counts them.
 */
static void
stale_spis(void **state)
{
	static uint32_t old[STALE], now[SLOTS], live[SLOTS];
	uint32_t i, again = 0, used = 0;

	(void)state;
	y.spi = 0x12345678;
	peer(&x, &y, "Tunnel0", false);
	reserve_all(&a, x.ref, old, STALE);
	for (i = 0; i < STALE; i++)
		install(old[i]);
	await_iked(&a);
	assert_int_equal(sa_row(&a, old[STALE - 1]).peer_spi, y.spi);

	reboot();
	peer(&x, &y, "Tunnel0", false);
	reserve_all(&a, x.ref, now, SLOTS);
	for (i = 0; i < SLOTS; i++)
		live[now[i] % SLOTS] = now[i];
	for (i = 0; i < STALE; i++) {
		install(live[old[i] % SLOTS]);
		used += live[old[i] % SLOTS] != 0;
		again += live[old[i] % SLOTS] == old[i];
	}
	assert_int_equal(used, STALE);
	assert_true(again <= 3);
	await_iked(&a);

	count_from_here(&a);
	assert_true(send_from("192.0.2.2", old, STALE));
	assert_int_equal(dropped_soon(&a, DROP_IN_NO_SA, STALE - again), STALE - again);
	assert_int_equal(dropped_soon(&a, DROP_IN_BAD_TAG, again), again);
	assert_int_equal(dropped(&a, DROP_IN_LARVAL), 0);
	assert_int_equal(dropped(&a, DROP_IN_WRONG_PEER), 0);
	assert_non_null(hear(a.iked, IPC_MSG_SPI_UNKNOWN, WAIT_MS));
}

/* Thousands in the name of one peer are few reports, and another's one packet is one. */
static void
one_forged_peer_hides_no_other(void **state)
{
	struct half other = {.n = &a, .local = "192.0.2.1", .ref = 12};
	struct half z = {.n = &b, .local = "192.0.2.3"};
	static uint32_t forged[STALE];
	struct addr third = ip(z.local);
	struct ipc_msg *m;
	uint32_t i, of_y = 0, of_z = 0;

	(void)state;
	peer(&x, &y, "Tunnel0", false);
	peer(&other, &z, "Tunnel0", false);
	await_iked(&a);
	hear_all(a.iked);
	assert_true(run("ip -n %s addr add 192.0.2.3/24 dev wan0", b.ns));
	for (i = 0; i < STALE; i++)
		forged[i] = 0x70000000 + i;
	count_from_here(&a);
	assert_true(send_from(y.local, forged, STALE));
	assert_true(send_from(z.local, forged, 1));
	while (of_z == 0 && (m = hear(a.iked, IPC_MSG_SPI_UNKNOWN, WAIT_MS)) != NULL) {
		of_z += addr_eq(&m->body->spi_unknown.src, &third);
		of_y += !addr_eq(&m->body->spi_unknown.src, &third);
	}
	assert_int_equal(of_z, 1);
	assert_true(of_y > 0 && of_y < STALE / 4);
	assert_int_equal(dropped_soon(&a, DROP_IN_NO_SA, STALE + 1), STALE + 1);
	assert_true(run("ip -n %s addr del 192.0.2.3/24 dev wan0", b.ns));
	no_peer(&other);
}

/* --- who is faster than the keys --- */

/* b has its pair and sends; a's keys are on their way from iked. Nothing is lost for that. */
static void
early_packets_wait_for_keys(void **state)
{
	struct ipc_row_tunnel a0, a1;
	struct ipc_sa s;

	(void)state;
	scene_protect(TUNNEL_MGRE, false);
	x.spi = reserve(&x);
	y.spi = reserve(&y);
	s = make_sa(&y, &x, MODE_TRANSPORT, false, 47);
	say(b.iked, IPC_MSG_SA_SET, &s);
	adjacency(&a, "10.0.0.2", "192.0.2.2", x.ref);
	adjacency(&b, "10.0.0.1", "192.0.2.1", y.ref);
	await_iked(&b);
	count_from_here(&a);
	a0 = check_sums(&a);
	ping(&b, "10.0.0.1", "-W 0.1");		/* three */
	assert_int_equal(sa_row(&b, y.spi).out_packets, 3);
	s = make_sa(&x, &y, MODE_TRANSPORT, false, 47);
	say(a.iked, IPC_MSG_SA_SET, &s);
	a1 = when_taken(&a, &a0, 3);
	assert_int_equal(a1.tun_out - a0.tun_out, 3);
	check_dropped(&a, DROP_IN_LARVAL, 0);
	assert_int_equal(sa_row(&a, x.spi).in_packets, 3);
}

/* More of them than are opened at once, and the keys that come are another's: they are looked at once. */
static void
waiting_is_no_work(void **state)
{
	uint32_t early[100];
	uint64_t before;
	struct ipc_sa s;
	int i;

	(void)state;
	tunnel(&a, TUNNEL_MGRE, "192.0.2.1", NULL, "Tunnel0", "10.0.0.1/24");
	peer(&x, &y, "Tunnel0", false);
	y.spi = 0x12345678;
	early[0] = reserve(&x);
	for (i = 1; i < 100; i++)
		early[i] = early[0];
	x.spi = reserve(&x);
	count_from_here(&a);
	before = counter(&a, "wire_received_packets");
	assert_true(send_from("192.0.2.2", early, 100));
	for (i = 0; i < 150 && counter(&a, "wire_received_packets") - before < 100; i++)
		usleep(20000);
	before = counter(&a, "wakes");
	s = make_sa(&x, &y, MODE_TRANSPORT, false, 47);
	say(a.iked, IPC_MSG_SA_SET, &s);
	await_iked(&a);
	usleep(200000);				/* a rate: wakes in so much time */
	assert_in_range(counter(&a, "wakes") - before, 0, 20);
	/* Each time that keys come they are looked at; when they have waited for a second, they go. */
	for (i = 0; i < 150 && dropped(&a, DROP_IN_LARVAL) - counted[DROP_IN_LARVAL] < 100; i++) {
		say(a.iked, IPC_MSG_SA_SET, &s);
		usleep(20000);
	}
	check_dropped(&a, DROP_IN_LARVAL, 100);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	/* The kernel's own IPv6 would be counted too. */
	if (!run("for n in %s %s; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 "
	    "net.ipv6.conf.default.disable_ipv6=1; done", a.ns, b.ns) || !nodes_connect(&a, &b))
		return -1;
	return scene_start();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_packet_is_counted, scene_clean),
		cmocka_unit_test_teardown(early_packets_wait_for_keys, scene_clean),
		cmocka_unit_test_teardown(waiting_is_no_work, scene_clean),
		cmocka_unit_test_teardown(one_forged_peer_hides_no_other, scene_clean),
		cmocka_unit_test_teardown(stale_spis, scene_clean),
	};

	return nodes_run_tests(tests, setup, scene_teardown);
}
