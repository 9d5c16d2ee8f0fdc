/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New pairs of SAs take over while workers are in the middle of batches: each packet is
 * sealed by one of them, whole super-packets and what is on its way included, and none is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../bench/solo.h"

#define REKEYS 300
#define SUPERS 2		/* between two of them: fewer than a worker takes in a turn */
#define SEGMENTS 40
#define FLOWS 7

static struct solo s;

static void
none_is_lost(void **state)
{
	const struct sa *pairs[REKEYS + 1] = {s.sa[0]};
	uint64_t packets = (uint64_t)REKEYS * SUPERS * SEGMENTS, sealed = 0, opened = 0;
	unsigned int i, k, used = 0, halfway = 0;

	(void)state;
	solo_start(&s);
	for (i = 1; i <= REKEYS; i++) {
		for (k = 0; k < SUPERS; k++)
			solo_fill_super(&s, 0, SEGMENTS, 1300, (uint16_t)(5000 + (i + k) % FLOWS));
		solo_rekey(&s, 0);
		pairs[i] = s.sa[0];
		solo_wait(&s, (uint64_t)i * SUPERS * SEGMENTS);
	}
	solo_stop(&s);
	for (i = 0; i <= REKEYS; i++) {
		sealed += pairs[i]->kept->out_packets;
		opened += pairs[i]->kept->in_packets;
		used += pairs[i]->kept->out_packets > 0;
		halfway += pairs[i]->kept->out_packets % (SUPERS * SEGMENTS) != 0;
	}
	assert_int_equal(sealed, packets);
	assert_int_equal(opened, packets);
	assert_true(used > 1);
	print_message("%u of %u pairs sent something, %u a part of what came at once\n", used,
	    REKEYS + 1, halfway);
}

int
main(void)
{
	const struct solo_plan plan = {.kind = TUNNEL_VTI, .peers = 1, .workers = 2};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_is_lost),
	};

	return solo_run_tests(&s, &plan, tests);
}
