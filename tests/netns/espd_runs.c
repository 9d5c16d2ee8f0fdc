/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Super-packets take a short way to the wire, single packets a long one: a flow that
 * has both, in sizes that end runs and begin others, arrives whole and in order, and
 * an SA near its end lets no packet more through than it may.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "algs.h"
#include "drops.h"
#include "espd_scene.h"

/*
 * Datagrams that begin with their number, one by one and by UDP_SEGMENT, sizes and
 * how many at random (of one seed); who receives says what is wrong, and with which.
 */
static const char sender[] =
    "import random, socket, struct, sys\n"
    "random.seed(int(sys.argv[2]))\n"
    "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
    "n = 0\n"
    "while n < int(sys.argv[3]):\n"
    "    size = random.choice((8, 100, 1200, 1372, random.randint(8, 1372)))\n"
    "    many = random.choice((1, 1, 2, random.randint(3, 40)))\n"
    "    last = random.randint(8, size) if many > 1 else size\n"
    "    sizes = [size] * (many - 1) + [last]\n"
    "    data = b''.join(struct.pack('>II', n + i, z).ljust(z, bytes([(n + i) & 255])) for i, z in enumerate(sizes))\n"
    "    s.setsockopt(socket.IPPROTO_UDP, 103, size if many > 1 else 0)\n"
    "    s.sendto(data, (sys.argv[1], 9))\n"
    "    n += many\n";
static const char receiver[] =
    "import socket, struct, sys\n"
    "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
    "s.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)\n"
    "s.bind(('0.0.0.0', 9))\n"
    "s.settimeout(5)\n"
    "print('ready', flush=True)\n"
    "n = 0\n"
    "while n < int(sys.argv[1]):\n"
    "    d = s.recv(65536)\n"
    "    no, size = struct.unpack('>II', d[:8])\n"
    "    if no != n or size != len(d) or d[8:] != bytes([n & 255]) * (size - 8):\n"
    "        sys.exit('%d came where %d was due' % (no, n))\n"
    "    n += 1\n";

static void
script(const char *name, const char *text)
{
	FILE *f = node_file(&a, name);

	fputs(text, f);
	fclose(f);
}

static void
come_up(uint8_t kind, bool encap)
{
	scene_come_up(kind, kind == TUNNEL_VTI ? MODE_TUNNEL : MODE_TRANSPORT, encap);
}

/* Fewer at a time than a socket has room for, as Python reads them slowly. */
static void
in_order(uint8_t kind, bool encap)
{
	struct ipc_row_esp_sa before;
	int seed;

	come_up(kind, encap);
	/* The device's queue has room for all, however busy the machine is: no loss but ours. */
	assert_true(run("ip -n %s link set Tunnel0 txqueuelen 40000", a.ns));
	before = sa_row(&a, x.spi);
	for (seed = 1; seed <= 8; seed++)
		assert_true(run("rm -f %s/ready; "
		    "ip netns exec %s /usr/bin/python3 %s/receiver.py 1500 >%s/ready 2>&1 & "
		    "pid=$!; until grep -qs ready %s/ready; do kill -0 $pid || exit 1; sleep 0.02; done; "
		    "ip netns exec %s /usr/bin/python3 %s/sender.py 10.0.0.2 %d 1500; "
		    "wait $pid || { cat %s/ready; exit 1; }",
		    b.rundir, b.ns, a.rundir, b.rundir, b.rundir, a.ns, a.rundir, seed, b.rundir));
	check_sums(&a);
	check_sums(&b);
	assert_true(sa_row(&a, x.spi).out_packets >= before.out_packets + 8 * 1500);
	assert_int_equal(sa_row(&b, y.spi).in_replay, 0);
}

static void
vti(void **state)
{
	(void)state;
	in_order(TUNNEL_VTI, true);
}

static void
mgre(void **state)
{
	(void)state;
	in_order(TUNNEL_MGRE, true);
}

static void
raw(void **state)
{
	(void)state;
	in_order(TUNNEL_GRE, false);
}

/* The last packets are asked one by one, and all that left were counted. */
static void
no_packet_after_the_last(void **state)
{
	struct ipc_row_esp_sa row;
	struct ipc_sa set;

	(void)state;
	come_up(TUNNEL_VTI, true);
	set = make_sa(&x, &y, MODE_TUNNEL, true, 0);
	set.hard_bytes = 400000;
	say(a.iked, IPC_MSG_SA_SET, &set);
	assert_true(run("ip netns exec %s /usr/bin/python3 %s/sender.py 10.0.0.2 1 3000", a.ns,
	    a.rundir));
	row = sa_row(&a, x.spi);
	assert_true(row.out_bytes >= 400000 && row.out_bytes < 400000 + 1400);
	assert_true(dropped(&a, DROP_OUT_EXPIRED) > 0);
	check_sums(&a);
}

static int
setup(void **state)
{
	(void)state;
	scene_open();
	/* So that who reads a flow is who sends it. */
	a.workers = b.workers = 1;
	script("sender.py", sender);
	script("receiver.py", receiver);
	return nodes_connect(&a, &b) ? scene_start() : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(vti, scene_clean),
		cmocka_unit_test_teardown(mgre, scene_clean),
		cmocka_unit_test_teardown(raw, scene_clean),
		cmocka_unit_test_teardown(no_packet_after_the_last, scene_clean),
	};

	return nodes_run_tests(tests, setup, scene_teardown);
}
