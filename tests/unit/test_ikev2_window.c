/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows of an IKE SA: places, what is due, what is repeated and forgotten, what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ikev2_window.h"
#include "ikev2_wire.h"
#include "kept.h"

struct scene {
	struct loop *loop;
	struct ikev2_window w;
};

static void
scene_init(struct scene *s, unsigned int local, unsigned int remote)
{
	s->loop = loop_new_test(mono_s(1000));
	window_init(&s->w, s->loop, NULL);
	window_grow(&s->w.local, local);
	window_grow(&s->w.remote, remote);
}

static void
scene_free(struct scene *s)
{
	window_clear(&s->w);
	loop_free(s->loop);
}

static unsigned int
replies(const struct ikev2_window *w)
{
	const struct ikev2_reply *r;
	unsigned int n = 0;

	for (r = w->replies; r != NULL; r = r->next)
		n++;
	return n;
}

/* Its answer is its number. */
static void
answer(struct scene *s, uint32_t id)
{
	window_answer(&s->w, window_reply(&s->w, id), slice_of(&id, sizeof(id)));
}

static void
take(struct scene *s, uint32_t id)
{
	assert_int_equal(window_due(&s->w, id), DUE_NOW);
	assert_int_equal(window_take(&s->w, id, false)->msgid, id);
}

static void
take_and_answer(struct scene *s, uint32_t id)
{
	take(s, id);
	answer(s, id);
}

static void
test_it_only_grows(void **state)
{
	uint8_t size = 1;

	(void)state;
	assert_false(window_grow(&size, 0));
	assert_false(window_grow(&size, 1));
	assert_true(window_grow(&size, 5));
	assert_false(window_grow(&size, 4));
	assert_int_equal(size, 5);
	assert_true(window_grow(&size, UINT32_MAX));
	assert_int_equal(size, IKEV2_WINDOW_MAX);
}

static void
test_one_after_the_other(void **state)
{
	struct scene s;
	uint32_t id;

	(void)state;
	scene_init(&s, 1, 1);
	for (id = 0; id < 5; id++) {
		assert_int_equal(window_due(&s.w, id + 1), DUE_NEVER);
		take(&s, id);
		assert_int_equal(window_due(&s.w, id), DUE_LATER);
		assert_int_equal(window_due(&s.w, id + 1), DUE_NEVER);
		answer(&s, id);
		assert_int_equal(window_due(&s.w, id), DUE_AGAIN);
		assert_int_equal(replies(&s.w), 1);
		if (id > 0)
			assert_int_equal(window_due(&s.w, id - 1), DUE_FORGOTTEN);
	}
	scene_free(&s);
}

static void
test_in_any_order(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4, 1);
	take_and_answer(&s, 2);
	take_and_answer(&s, 3);
	take(&s, 1);
	assert_int_equal(window_due(&s.w, 4), DUE_NEVER);	/* 0 did not come */
	assert_false(window_is_turn(&s.w, 1));
	take_and_answer(&s, 0);
	assert_true(window_is_turn(&s.w, 1));
	assert_int_equal(window_first_in(&s.w), 1);		/* it came, and is not answered */
	assert_int_equal(window_due(&s.w, 4), DUE_NOW);
	assert_int_equal(window_due(&s.w, 5), DUE_NEVER);
	assert_false(window_is_idle(&s.w));
	answer(&s, 1);
	assert_true(window_is_idle(&s.w));
	assert_int_equal(window_due(&s.w, 7), DUE_NOW);
	assert_int_equal(window_due(&s.w, 8), DUE_NEVER);
	assert_int_equal(window_due(&s.w, UINT32_MAX), DUE_NEVER);
	/* Who sends 5 has the answer to 1, and may lack the one to 2. */
	take_and_answer(&s, 5);
	assert_int_equal(window_due(&s.w, 1), DUE_FORGOTTEN);
	assert_int_equal(window_due(&s.w, 2), DUE_AGAIN);
	assert_int_equal(window_due(&s.w, 4), DUE_NOW);
	scene_free(&s);
}

/* Whatever comes in whatever order: each ID is taken once, and never are there more than `local`. */
static void
test_bounds(void **state)
{
	static uint8_t taken[4000];
	struct scene s;
	uint32_t lcg = 1, low = 0, top = 0;
	unsigned int local, i;

	(void)state;
	for (local = 1; local <= IKEV2_WINDOW_MAX; local++) {
		memset(taken, 0, sizeof(taken));
		low = top = 0;
		scene_init(&s, local, 1);
		for (i = 0; i < 3000; i++) {
			uint32_t id;

			lcg = lcg * 1664525 + 1013904223;
			id = low + (lcg >> 8) % (2 * local + 1);
			id = id >= local / 2 ? id - local / 2 : 0;
			switch (window_due(&s.w, id)) {
			case DUE_NOW:
				assert_int_equal(taken[id]++, 0);
				assert_in_range(id, low, low + local - 1);
				window_take(&s.w, id, false);
				top = id >= top ? id + 1 : top;
				break;
			case DUE_LATER:
				assert_int_equal(taken[id]++, 1);
				answer(&s, id);
				break;
			case DUE_AGAIN:
				assert_int_equal(taken[id], 2);
				break;
			case DUE_FORGOTTEN:
				assert_int_equal(taken[id], 2);
				assert_true(id + local < top);
				break;
			default:
				assert_true(id >= low + local);
			}
			while (taken[low] == 2)
				low++;
			assert_int_equal(window_first_in(&s.w), low);
			assert_true(replies(&s.w) <= local);
		}
		assert_true(low > 100);
		scene_free(&s);
	}
}

static void
test_the_same_bytes_and_not_too_often(void **state)
{
	struct scene s;
	struct slice answer;
	uint32_t id, got;
	unsigned int n;

	(void)state;
	scene_init(&s, 4, 1);
	for (id = 0; id < 4; id++)
		take_and_answer(&s, id);
	for (id = 0; id < 4; id++) {
		answer = window_repeat(&s.w, window_reply(&s.w, id));
		assert_int_equal(answer.len, sizeof(got));
		memcpy(&got, answer.p, sizeof(got));
		assert_int_equal(got, id);
	}
	for (n = 0; window_repeat(&s.w, window_reply(&s.w, 3)).len != 0; n++)
		assert_true(n < 10);
	loop_advance(s.loop, mono_s(1));
	assert_int_equal(window_repeat(&s.w, window_reply(&s.w, 3)).len, sizeof(got));
	assert_int_equal(window_repeat(&s.w, NULL).len, 0);
	scene_free(&s);
}

/* The window was one, so who goes on has that answer, however large the window is now. */
static void
test_initial_exchanges(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 1, 1);
	window_take(&s.w, 0, true);
	answer(&s, 0);
	window_take(&s.w, 1, true);
	answer(&s, 1);
	assert_int_equal(window_due(&s.w, 0), DUE_FORGOTTEN);
	window_grow(&s.w.local, 20);
	assert_int_equal(window_due(&s.w, 1), DUE_AGAIN);
	take(&s, 3);
	assert_int_equal(window_due(&s.w, 1), DUE_FORGOTTEN);
	scene_free(&s);
}

static void
test_forgotten_in_time(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, 4, 1);
	take_and_answer(&s, 0);
	loop_advance(s.loop, mono_s(200));
	take_and_answer(&s, 2);
	take(&s, 1);
	loop_advance(s.loop, mono_s(101));
	assert_int_equal(window_due(&s.w, 0), DUE_FORGOTTEN);
	assert_int_equal(window_due(&s.w, 2), DUE_AGAIN);
	loop_advance(s.loop, mono_s(200));
	/* What came is not new, though its answer is gone; what waits for ours goes on waiting. */
	assert_int_equal(window_due(&s.w, 2), DUE_FORGOTTEN);
	assert_int_equal(window_due(&s.w, 1), DUE_LATER);
	assert_int_equal(replies(&s.w), 1);
	answer(&s, 1);
	assert_int_equal(window_due(&s.w, 1), DUE_AGAIN);
	take(&s, 3);
	scene_free(&s);
	/* Above one that lacks, too. */
	scene_init(&s, 4, 1);
	take_and_answer(&s, 1);
	loop_advance(s.loop, mono_s(400));
	assert_int_equal(window_due(&s.w, 1), DUE_FORGOTTEN);
	take(&s, 0);
	assert_int_equal(window_due(&s.w, 1), DUE_FORGOTTEN);
	scene_free(&s);
}

/* --- ours --- */

static struct ikev2_ask *
ask(struct scene *s)
{
	assert_true(window_has_place(&s->w));
	return window_ask(&s->w, NULL, TASK_LIVENESS, 0);
}

static void
test_places(void **state)
{
	struct ikev2_ask *a[5];
	struct scene s;
	uint32_t i;

	(void)state;
	scene_init(&s, 1, 4);
	for (i = 0; i < 4; i++)
		a[i] = ask(&s);			/* none is sent, and each has its place */
	assert_false(window_has_place(&s.w));
	for (i = 0; i < 4; i++) {
		assert_int_equal(window_number(&s.w, a[3 - i]), i);	/* in the order of sending */
		window_sent(&s.w, a[3 - i], EXCHANGE2_INFO);
		assert_ptr_equal(window_asked(&s.w, i), a[3 - i]);
	}
	assert_true(window_is_newest(&s.w, a[0]));
	assert_false(window_has_place(&s.w));
	/* Answers to 1 and 2 make no place while 0 has none. */
	window_drop(&s.w, a[2]);
	window_drop(&s.w, a[1]);
	assert_false(window_has_place(&s.w));
	assert_int_equal(window_oldest(&s.w), 0);
	window_drop(&s.w, a[3]);
	assert_int_equal(window_oldest(&s.w), 3);
	for (i = 0; i < 3; i++)
		a[i] = ask(&s);
	assert_false(window_has_place(&s.w));
	window_drop(&s.w, a[1]);		/* it came to nothing before it was sent */
	assert_true(window_has_place(&s.w));
	assert_null(window_asked(&s.w, 4));
	scene_free(&s);
}

/* --- over a crash --- */

static void
test_kept(void **state)
{
	struct scene s, t;
	struct ikev2_window_kept k;
	struct ikev2_reply *r;
	unsigned int i;

	(void)state;
	scene_init(&s, 4, 5);
	for (i = 0; i < 7; i++)
		take_and_answer(&s, i);
	take_and_answer(&s, 8);
	take(&s, 9);
	s.w.next_out = 20;
	for (i = 0; i < 4; i++)
		window_sent(&s.w, ask(&s), EXCHANGE2_INFO);
	window_drop(&s.w, window_asked(&s.w, 21));
	(void)ask(&s);				/* was not sent, so it is not kept */
	k = window_keep(&s.w);
	scene_init(&t, 1, 1);
	window_restore(&t.w, &k, NULL);
	assert_int_equal(t.w.local, 4);
	assert_int_equal(t.w.remote, 5);
	assert_int_equal(t.w.next_out, 24);
	assert_int_equal(t.w.top_in, 9);
	/* 7 lacks, 8 was answered, 9 was not: as if it had not come. */
	assert_int_equal(window_due(&t.w, 6), DUE_FORGOTTEN);
	assert_int_equal(window_due(&t.w, 7), DUE_NOW);
	assert_int_equal(window_due(&t.w, 8), DUE_FORGOTTEN);
	assert_int_equal(window_due(&t.w, 9), DUE_NOW);
	assert_int_equal(window_due(&t.w, 11), DUE_NEVER);
	/* Answers come back, of those that may be asked for. */
	assert_null(window_restore_reply(&t.w, 4, 9));
	assert_null(window_restore_reply(&t.w, 7, 9));
	assert_null(window_restore_reply(&t.w, 9, 9));
	r = window_restore_reply(&t.w, 8, 9);
	assert_non_null(r);
	assert_null(window_restore_reply(&t.w, 8, 10));
	r->slots[0] = 77;
	assert_non_null(window_restore_reply(&t.w, 5, KEPT_ANSWER_PIECE + 1));
	window_check_replies(&t.w);
	assert_int_equal(window_due(&t.w, 8), DUE_AGAIN);
	assert_int_equal(window_due(&t.w, 5), DUE_FORGOTTEN);
	r->slots[0] = KEEP_NONE;
	/* What is asked keeps its ID, and its place. */
	assert_null(window_asked(&t.w, 20));
	assert_int_equal(window_oldest(&t.w), 20);
	assert_true(window_has_place(&t.w));
	for (i = 0; t.w.asks != NULL; i++) {
		uint32_t id = window_number(&t.w, t.w.asks);

		assert_true(t.w.asks->blind && id >= 20 && id < 24 && id != 21);
		window_sent(&t.w, t.w.asks, EXCHANGE2_INFO);
		assert_int_equal(t.w.next_out, 24);
		window_drop(&t.w, window_asked(&t.w, id));
	}
	assert_int_equal(i, 3);
	assert_int_equal(window_number(&t.w, ask(&t)), 24);
	scene_free(&s);
	scene_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_only_grows),
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_in_any_order),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_the_same_bytes_and_not_too_often),
		cmocka_unit_test(test_initial_exchanges),
		cmocka_unit_test(test_forgotten_in_time),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
