/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several workers: an SA's numbers leave in order whoever met the packet, the
 * kernel sorts what comes in, and a successor may have more or fewer workers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "algs.h"
#include "drops.h"
#include "espd_scene.h"

#define FLOWS 64
#define BURSTS 20
#define PER_BURST (FLOWS * 20)	/* fewer than a socket has room for: what is lost, we lost */

/* One way only, from many ports, sizes mixed: a device spreads them over its queues by their flow. */
static void
write_sender(void)
{
	static const char program[] =
	    "import socket\n"
	    "s = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(%d)]\n"
	    "for i in range(%d):\n"
	    "    for n, one in enumerate(s):\n"
	    "        one.sendto(bytes(40 + (i + n) %% 1200), ('10.0.0.2', 9))\n";
	FILE *f = node_file(&a, "sender.py");

	fprintf(f, program, FLOWS, PER_BURST / FLOWS);
	fclose(f);
}

static void
come_up(bool encap)
{
	scene_come_up(TUNNEL_MGRE, MODE_TRANSPORT, encap);
}

/* True when all of them came out of a's device and what was sealed of them is at b. */
static bool
burst(uint64_t packets)
{
	uint64_t sealed = sa_row(&a, x.spi).out_packets, in_rings = dropped(&a, DROP_OTHER_WORKER);
	uint64_t sent;
	int tries;

	assert_true(run("ip netns exec %s /usr/bin/python3 %s/sender.py", a.ns, a.rundir));
	for (tries = 0; tries < 500; tries++) {
		sent = sa_row(&a, x.spi).out_packets;
		if (sent - sealed + dropped(&a, DROP_OTHER_WORKER) - in_rings >= packets &&
		    sa_row(&b, y.spi).in_packets == sent)
			return true;
		usleep(10000);
	}
	return false;
}

/* The window is 64 packets: two that drew numbers from one counter would lose to it. */
static void
nothing_is_replayed(bool encap)
{
	uint64_t others, before;
	int i;

	come_up(encap);
	assert_true(run("ip -n %s link set Tunnel0 txqueuelen 40000", a.ns));
	others = counter(&a, "handed_over");
	before = sa_row(&b, y.spi).in_packets;
	for (i = 0; i < BURSTS; i++)
		assert_true(burst(PER_BURST));
	check_sums(&a);
	check_sums(&b);
	assert_int_equal(sa_row(&b, y.spi).in_replay, 0);
	assert_int_equal(dropped(&b, DROP_IN_REPLAY), 0);
	/* A ring that is full drops, as any queue does; that is counted. */
	assert_true(sa_row(&b, y.spi).in_packets >= before + BURSTS * PER_BURST / 2);
	/* Both queues of the device had packets, or this proves nothing. */
	assert_true(counter(&a, "handed_over") > others + FLOWS);
}

static void
one_window_over_udp(void **state)
{
	(void)state;
	nothing_is_replayed(true);
}

static void
one_window_over_esp(void **state)
{
	(void)state;
	nothing_is_replayed(false);
}

/* What comes in is its owner's at once: a sorted socket hands nothing over. */
static void
sorted_by_the_kernel(bool encap)
{
	uint64_t before;
	int i;

	for (i = 0; i < 4; i++) {	/* SAs of either worker */
		x.ref = 11 + (uint32_t)i;
		y.ref = 22 + (uint32_t)i;
		come_up(encap);
		before = counter(&b, "handed_over");
		assert_true(run("ip netns exec %s ping -q -f -c 200 -I 10.0.0.1 10.0.0.2 > /dev/null",
		    a.ns));
		assert_true(sa_row(&b, y.spi).in_packets >= 200);
		/* Only what b answers may have come by the other queue of its device. */
		assert_true(counter(&b, "handed_over") - before <= 220);
		scene_clean(NULL);
	}
	come_up(encap);
}

static void
sorted_udp(void **state)
{
	(void)state;
	sorted_by_the_kernel(true);
}

static void
sorted_esp(void **state)
{
	(void)state;
	sorted_by_the_kernel(false);
}

static void
restart_with(unsigned int workers)
{
	struct ipc_tunnel t = {.ifname = "Tunnel0", .name = "Tunnel0", .kind = TUNNEL_MGRE, .up = 1,
	    .mtu = 1400, .ttl = 255, .has_key = 1, .key = 7, .protection = "Tunnel0"};

	node_kill(&a);
	a.workers = workers;
	node_start(&a);
	t.local = ip("192.0.2.1");
	say(a.control, IPC_MSG_TUNNEL_SET, &t);
	assert_non_null(hear(a.control, IPC_MSG_TUNNEL_STATE, WAIT_MS));
	adjacency(&a, "10.0.0.2", "192.0.2.2", x.ref);
	assert_true(ping_soon(&a, "10.0.0.2"));
	assert_true(ping(&b, "10.0.0.1", ""));
	assert_int_equal(counter(&a, "workers"), workers);
}

static void
other_numbers_of_workers(void **state)
{
	(void)state;
	come_up(true);
	restart_with(3);
	restart_with(1);
	restart_with(2);
	assert_int_equal(sa_row(&b, y.spi).in_replay, 0);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	a.workers = b.workers = 2;
	write_sender();
	return nodes_connect(&a, &b) ? scene_start() : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(one_window_over_udp, scene_clean),
		cmocka_unit_test_teardown(one_window_over_esp, scene_clean),
		cmocka_unit_test_teardown(sorted_udp, scene_clean),
		cmocka_unit_test_teardown(sorted_esp, scene_clean),
		cmocka_unit_test_teardown(other_numbers_of_workers, scene_clean),
	};

	return nodes_run_tests(tests, setup, scene_teardown);
}
