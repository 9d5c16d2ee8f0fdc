/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch from a multipoint tunnel's device whose packets go to different peers:
 * each is sealed by the SA of its own next hop, the one whose next hop nobody
 * knows is dropped and counted, and none of a super-packet is lost where a turn ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "../bench/solo.h"

#define PEERS 3
#define NOBODY 9		/* a next hop without an adjacency */
#define PACKETS 200
#define SUPERS 150		/* several turns of the worker, which end within one */
#define SEGMENTS 40

static struct solo s;

static uint64_t
sealed_by(unsigned int peer)
{
	return s.sa[peer]->kept->out_packets;
}

static void
each_goes_to_its_own_peer(void **state)
{
	/* The same one after the other, and all in turn, and what has no way among them. */
	static const unsigned int pattern[] = {0, 0, 1, 2, NOBODY, 1, 1, NOBODY, NOBODY, 2, 0};
	const uint64_t *lost = &s.tables.worker->counters.drop[DROP_OUT_NO_ADJACENCY].packets;
	uint64_t count[NOBODY + 1] = {0}, before[PEERS], lost_before = *lost;
	unsigned int to[PACKETS], i;

	(void)state;
	for (i = 0; i < PEERS; i++)
		before[i] = sealed_by(i);
	for (i = 0; i < PACKETS; i++) {
		to[i] = i + 1 == PACKETS ? 0 : pattern[i % (sizeof(pattern) / sizeof(pattern[0]))];
		count[to[i]]++;
	}
	solo_fill(&s, to, PACKETS, 100, 5);
	solo_run(&s, PACKETS - count[NOBODY]);
	for (i = 0; i < PEERS; i++)
		assert_int_equal(sealed_by(i) - before[i], count[i]);
	assert_int_equal(*lost - lost_before, count[NOBODY]);
}

static void
none_of_a_super_packet_is_lost(void **state)
{
	unsigned int i, peer;
	uint64_t before[PEERS];

	(void)state;
	for (peer = 0; peer < PEERS; peer++)
		before[peer] = sealed_by(peer);
	for (i = 0; i < SUPERS; i++)
		solo_fill_super(&s, i % PEERS, SEGMENTS, 1300, 5000);
	solo_run(&s, (uint64_t)SUPERS * SEGMENTS);
	for (peer = 0; peer < PEERS; peer++)
		assert_int_equal(sealed_by(peer) - before[peer], SUPERS / PEERS * SEGMENTS);
}

int
main(void)
{
	const struct solo_plan plan = {.kind = TUNNEL_MGRE, .peers = PEERS};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_goes_to_its_own_peer),
		cmocka_unit_test(none_of_a_super_packet_is_lost),
	};

	return solo_run_tests(&s, &plan, tests);
}
