/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "replay.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

/* What a caller does with an authentic packet. */
static bool
receive(struct replay *w, uint64_t seq)
{
	if (!replay_accepts(w, seq))
		return false;
	replay_mark(w, seq);
	return true;
}

static void
the_window_step_by_step(void **state)
{
	static const struct {
		uint64_t seq;
		bool accepted;
		const char *why;
	} rows[] = {
		{0, false, "never sent"},
		{1, true, "the first"},
		{1, false, "again"},
		{3, true, "one was skipped"},
		{2, true, "and comes late"},
		{2, false, "but once"},
		{64, true, "window is 1..64"},
		{1, false, "seen, and still in the window"},
		{4, true, "late, in the window"},
		{65, true, "window is 2..65"},
		{1, false, "behind the window"},
		{5, true, "in it"},
		{129, true, "window is 66..129"},
		{65, false, "behind by one"},
		{66, true, "the oldest that counts"},
		{66, false, "but once"},
		{1000000, true, "far ahead"},
		{999937, true, "the oldest of the new window"},
		{999936, false, "behind it"},
		{129, false, "long gone"},
		{0xffffffff, true, "the last of 32 bits"},
		{0x100000000, true, "and on, with 64"},
		{0xffffffff, false, "seen"},
		{0xfffffffe, true, "late, across the edge"},
	};
	struct replay w;
	size_t i;

	(void)state;
	replay_init(&w, 64);
	for (i = 0; i < ALL(rows); i++) {
		if (receive(&w, rows[i].seq) != rows[i].accepted)
			fail_msg("%llu: %s", (unsigned long long)rows[i].seq, rows[i].why);
	}
}

static void
asking_changes_nothing(void **state)
{
	struct replay w, before;

	(void)state;
	replay_init(&w, 64);
	replay_mark(&w, 70);
	before = w;
	assert_true(replay_accepts(&w, 5000));
	assert_true(replay_accepts(&w, 69));
	assert_false(replay_accepts(&w, 70));
	assert_memory_equal(&w, &before, sizeof(w));
}

static void
a_window_is_whole_words_up_to_1024(void **state)
{
	struct replay w;

	(void)state;
	replay_init(&w, 1);
	assert_int_equal(w.window, 64);
	replay_init(&w, 512);
	assert_int_equal(w.window, 512);
	replay_init(&w, 1000000);
	assert_int_equal(w.window, REPLAY_WINDOW_MAX);
	replay_init(&w, UINT32_MAX);
	assert_int_equal(w.window, REPLAY_WINDOW_MAX);
}

static void
without_a_window_all_is_accepted(void **state)
{
	struct replay w;

	(void)state;
	replay_init(&w, 0);
	assert_true(receive(&w, 5));
	assert_true(receive(&w, 5));
	assert_true(receive(&w, 1));
	assert_int_equal(w.highest, 5);
}

/* --- against a model that remembers every number --- */

enum { MODEL_MAX = 20000 };

struct model {
	uint32_t window, highest;
	bool seen[MODEL_MAX];
};

static bool
model_receive(struct model *m, uint32_t seq)
{
	if (seq == 0 || m->seen[seq] || seq + m->window <= m->highest)
		return false;
	m->seen[seq] = true;
	if (seq > m->highest)
		m->highest = seq;
	return true;
}

static uint32_t
next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* Mostly near the top, at times far ahead or far behind. */
static uint32_t
some_seq(uint32_t *x, uint32_t highest, uint32_t window)
{
	uint32_t at = highest + 3, back = next_random(x) % (window * 2);

	switch (next_random(x) % 64) {
	case 0:
		at += next_random(x) % (window * 3);
		break;
	case 1:
	case 2:
		at += next_random(x) % 70;
		break;
	default:
		at = at > back ? at - back : 0;
		break;
	}
	return at < MODEL_MAX ? at : MODEL_MAX - 1;
}

static void
it_agrees_with_a_model(void **state)
{
	static const uint32_t windows[] = {64, 128, 256, 512, 960, 1024};
	static struct model m;
	uint32_t x = 0x2545f491, i, seq;
	struct replay w;
	size_t n;

	(void)state;
	for (n = 0; n < ALL(windows) * 8; n++) {
		memset(&m, 0, sizeof(m));
		m.window = windows[n % ALL(windows)];
		replay_init(&w, m.window);
		for (i = 0; i < 10000; i++) {
			seq = some_seq(&x, m.highest, m.window);
			if (receive(&w, seq) != model_receive(&m, seq))
				fail_msg("window %u, %u after %u", m.window, seq, m.highest);
		}
		assert_int_equal(w.highest, m.highest);
	}
}

/* RFC 4303 A2.1 with a window of 1024 */
static void
the_upper_half_is_inferred(void **state)
{
	static const struct {
		uint64_t highest;
		uint32_t low;
		uint64_t seq;
		const char *why;
	} rows[] = {
		{0, 1, 1, "the first packet"},
		{0, 0xffffffff, 0xffffffff, "there is no subspace before the first"},
		{5000, 5001, 5001, "next"},
		{5000, 3977, 3977, "case A, bottom of the window"},
		{5000, 3976, 0x100000000 + 3976, "case A, below it: of the next subspace"},
		{0xfffffff0, 0xffffffff, 0xffffffff, "up to the edge"},
		{0xfffffff0, 0, 0x100000000, "and over it"},
		{0x100000000, 0xffffffff, 0xffffffff, "case B, a late one from before the edge"},
		{0x100000000, 1, 0x100000001, "case B, next"},
		{0x100000010, 0xfffffc11, 0xfffffc11, "case B, bottom of the window"},
		{0x100000010, 0xfffffc10, 0x1fffffc10, "case B, below it: a leap ahead"},
		{0x7000003ff, 0, 0x700000000, "case A begins"},
		{0x7000003fe, 0xffffffff, 0x6ffffffff, "case B ends"},
	};
	struct replay w;
	size_t i;

	(void)state;
	replay_init(&w, 1024);
	for (i = 0; i < ALL(rows); i++) {
		w.highest = rows[i].highest;
		if (replay_infer(&w, rows[i].low, true) != rows[i].seq)
			fail_msg("%s: %llx", rows[i].why,
			    (unsigned long long)replay_infer(&w, rows[i].low, true));
		assert_true(replay_infer(&w, rows[i].low, false) == rows[i].low);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_window_step_by_step),
		cmocka_unit_test(asking_changes_nothing),
		cmocka_unit_test(a_window_is_whole_words_up_to_1024),
		cmocka_unit_test(without_a_window_all_is_accepted),
		cmocka_unit_test(it_agrees_with_a_model),
		cmocka_unit_test(the_upper_half_is_inferred),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
