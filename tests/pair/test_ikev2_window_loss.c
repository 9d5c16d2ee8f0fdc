/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several requests at once: lost, doubled and reordered, and over crashes. */
#include "lines_scene.h"

/* --- over a crash --- */

/* The answers of all that is under way are not heard; b dies, and repeats them. */
static void
test_answers_outlive_a_crash(void **state)
{
	unsigned int i;
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	p.filter = lines_lose_answers;
	for (i = 1; i < LINES; i++)
		lines_want(&p.a, i);
	pair_pass(&p, 500);
	assert_int_equal(lines_requests_to(false), WINDOW);
	p.filter = lines_watch;
	pair_crash(&p.b);
	assert_int_equal(lines_sa(&p.b)->window.local, WINDOW);
	assert_int_equal(lines_sa(&p.b)->window.remote, WINDOW);
	pair_pass(&p, 60000);
	assert_int_equal(lines_repeated, WINDOW);
	lines_settled(&p, LINES);
	pair_free(&p);
}

/* Only the second and the fourth come; then b dies, and the others are not older than they. */
static bool
lose_odd_requests(struct pair *p, const struct flight *f)
{
	lines_note(p, f);
	return pair_is_answer(f) || p->count++ % 2 == 1;
}

/* a has asked for as much as may be, and each second question came. */
static void
ask_with_gaps(struct pair *p)
{
	unsigned int i;

	lines_init(p, WINDOW, WINDOW);
	p->filter = lose_odd_requests;
	p->count = 0;
	for (i = 1; i <= WINDOW; i++)
		lines_want(&p->a, i);
	pair_run(p);
}

static void
test_gaps_outlive_a_crash(void **state)
{
	struct pair p;

	(void)state;
	ask_with_gaps(&p);
	p.filter = lines_watch;
	pair_crash(&p.b);
	pair_pass(&p, 60000);
	lines_settled(&p, WINDOW + 1);
	assert_int_equal(lines_repeated, 0);
	pair_free(&p);
}

/*
 * Who asked dies.  Its successor asks for the same IDs, blindly, else the peer's window would
 * stand still; what it had asked for it wants again.
 */
static void
test_questions_outlive_a_crash(void **state)
{
	unsigned int i;
	struct pair p;

	(void)state;
	ask_with_gaps(&p);
	p.filter = pair_lose_all;
	pair_pass(&p, 100);
	pair_crash(&p.a);
	assert_int_equal(lines_sa(&p.a)->window.next_out, lines_sa(&p.b)->window.next_in + WINDOW);
	p.filter = NULL;
	lines_forget();
	pair_pass(&p, 5000);
	assert_int_equal(lines_sa(&p.a)->window.next_out, lines_sa(&p.b)->window.next_in);
	assert_true(window_is_idle(&lines_sa(&p.a)->window));
	for (i = 0; i < LINES; i++)
		lines_want(&p.a, i);
	pair_pass(&p, 60000);
	for (i = 0; i < LINES; i++)
		cmap_check_flow(&p, lines_nets_a[i], lines_nets_b[i]);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD] + p.b.e.counter[IKE_PEER_DEAD], 0);
	pair_free(&p);
}

/* --- everything at once --- */

/* One in three of whatever is sent, though nothing so often that the peer seems dead. */
static bool
lose_some(struct pair *p, const struct flight *f)
{
	uint32_t seed = (uint32_t)p->count;
	struct lines_message *s = lines_note(p, f);
	bool lost = pair_chance(&seed, 3) == 0 && s->lost < 2;

	p->count = (int)(seed & INT32_MAX);
	s->lost += lost;
	return !lost;
}

static void
do_something(struct pair *p, uint32_t *seed)
{
	struct pair_side *s = pair_chance(seed, 2) == 0 ? &p->a : &p->b;
	struct ike_peer *peer = lines_peer(s, pair_chance(seed, LINES));
	struct ikev2_sa *sa = pair_ikev2_sa(s);
	uint32_t what = pair_chance(seed, 16);

	if (what < 6)
		engine_sa_want(&s->e, peer->ref);
	else if (what < 11 && peer->current != NULL)
		child_rekey(peer->current);
	else if (what == 11 && peer->current != NULL)
		child_remove(peer->current, true);
	else if (what == 12 && sa != NULL)
		ikev2_task_add(sa, TASK_REKEY_IKE, 0);
	else if (sa != NULL)
		ikev2_task_add(sa, TASK_LIVENESS, 0);
}

enum { SEEDS = 100 };

static void
by_chance(uint32_t seed, bool crashes)
{
	unsigned int i;
	struct pair p;

	lines_init(&p, 1 + (uint8_t)pair_chance(&seed, 6), 1 + (uint8_t)pair_chance(&seed, 6));
	for (i = 0; i < 60; i++) {
		p.shuffle = seed | 1;
		p.double_all = pair_chance(&seed, 3) == 0;
		p.filter = i % 12 < 8 ? lose_some : lines_watch;
		p.count = (int)(seed >> 1);
		do_something(&p, &seed);
		if (crashes && pair_chance(&seed, 12) == 0)
			pair_crash(pair_chance(&seed, 2) == 0 ? &p.a : &p.b);
		if (pair_chance(&seed, 2) == 0)
			pair_pass(&p, pair_chance(&seed, 1500));
	}
	p.filter = lines_watch;
	p.shuffle = 0;
	p.double_all = false;
	pair_pass(&p, 150000);
	/* A pair that one of them forgot is found so, or by its first packet. */
	for (i = 0; crashes && i < LINES; i++) {
		if (lines_peer(&p.a, i)->current != NULL)
			child_rekey(lines_peer(&p.a, i)->current);
		pair_pass(&p, 60000);
		if (lines_peer(&p.b, i)->current != NULL)
			child_rekey(lines_peer(&p.b, i)->current);
	}
	pair_pass(&p, 150000);
	for (i = 0; i < LINES; i++)
		lines_want(&p.a, i);
	pair_pass(&p, 150000);
	if (!crashes) {
		lines_settled(&p, LINES);
	} else {
		for (i = 0; i < LINES; i++)
			cmap_check_flow(&p, lines_nets_a[i], lines_nets_b[i]);
		assert_int_equal(pair_children(&p.a), LINES);
		assert_int_equal(pair_children(&p.b), LINES);
	}
	pair_free(&p);
	lines_forget();
}

static void
test_by_chance(void **state)
{
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		by_chance(seed * 2654435761u, false);
}

static void
test_by_chance_with_crashes(void **state)
{
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		by_chance(seed * 2654435761u, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_outlive_a_crash),
		cmocka_unit_test(test_gaps_outlive_a_crash),
		cmocka_unit_test(test_questions_outlive_a_crash),
		cmocka_unit_test(test_by_chance),
		cmocka_unit_test(test_by_chance_with_crashes),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
