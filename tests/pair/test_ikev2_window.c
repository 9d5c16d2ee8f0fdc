/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several requests at once: how many, what is outside, and what must stay alone. */
#include "ikev2_sk.h"
#include "payload2.h"
#include "lines_scene.h"

/* --- the sizes --- */

static void
test_as_many_as_the_peer_takes(void **state)
{
	static const uint8_t sizes[] = {0, 1, 2, WINDOW, 7};
	unsigned int i, j;
	struct pair p;

	(void)state;
	for (i = 0; i < sizeof(sizes); i++) {
		unsigned int many = sizes[i] == 0 ? 1 : sizes[i];

		lines_init(&p, 20, sizes[i]);
		assert_int_equal(lines_sa(&p.a)->window.remote, many);
		assert_int_equal(lines_sa(&p.b)->window.local, many);
		assert_int_equal(lines_sa(&p.b)->window.remote, 20);
		p.filter = lines_lose_answers;
		for (j = 1; j < LINES; j++)
			lines_want(&p.a, j);
		pair_run(&p);
		pair_pass(&p, 5000);
		assert_int_equal(lines_requests_to(false), many);
		p.filter = lines_watch;
		pair_pass(&p, 60000);
		lines_settled(&p, LINES);
		assert_int_equal(lines_requests_to(false), LINES - 1);
		pair_free(&p);
	}
}

static void
say_size(struct pair_side *from, const uint8_t *size, size_t len)
{
	struct ikev2_sa *sa = lines_sa(from);
	struct ikev2_build b;

	ikev2_build_begin(&b);
	notify2_write(&b, 0, N2_SET_WINDOW_SIZE, (struct slice){NULL, 0}, slice_of(size, len));
	assert_true(ikev2_request(window_ask(&sa->window, sa, TASK_LIVENESS, 0), EXCHANGE2_INFO, &b));
	pair_run(from->pair);
}

static void
test_it_only_grows(void **state)
{
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 2}, 4);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 0}, 4);
	say_size(&p.a, (uint8_t[]){0, 9}, 2);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 9, 0}, 5);
	assert_int_equal(lines_sa(&p.b)->window.remote, WINDOW);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 9}, 4);
	assert_int_equal(lines_sa(&p.b)->window.remote, 9);
	say_size(&p.a, (uint8_t[]){255, 255, 255, 255}, 4);
	assert_int_equal(lines_sa(&p.b)->window.remote, IKEV2_WINDOW_MAX);
	/* Nothing of that is about what b takes. */
	assert_int_equal(lines_sa(&p.b)->window.local, WINDOW);
	pair_free(&p);
}

static void
test_configured_later(void **state)
{
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	p.b.e.conf.v2.global.window = 9;
	engine_config_done(&p.b.e);
	pair_run(&p);
	assert_int_equal(lines_sa(&p.a)->window.remote, 9);
	assert_int_equal(lines_sa(&p.b)->window.local, 9);
	p.sent = 0;
	p.b.e.conf.v2.global.window = 2;
	engine_config_done(&p.b.e);
	pair_pass(&p, 1000);
	assert_int_equal(p.sent, 0);		/* that is for SAs to come ... */
	assert_int_equal(lines_sa(&p.b)->window.local, 9);
	ikev2_task_add(lines_sa(&p.a), TASK_REKEY_IKE, 0);
	pair_pass(&p, 15000);
	lines_settled(&p, 1);
	assert_int_equal(lines_sa(&p.a)->window.remote, 2);	/* ... as this one */
	assert_int_equal(lines_sa(&p.b)->window.local, 2);
	assert_int_equal(lines_sa(&p.b)->window.remote, WINDOW);
	pair_free(&p);
}

/* --- outside of it --- */

/* An empty INFORMATIONAL of a's with any ID. */
static void
hear(struct pair *p, uint32_t msgid)
{
	struct ikev2_sa *sa = lines_sa(&p->a);
	struct ike_header h = ikev2_header(sa, EXCHANGE2_INFO, true, msgid);
	static uint64_t iv = 1u << 20;
	struct ikev2_build b;
	uint8_t out[200];
	struct wbuf w;

	ikev2_build_begin(&b);
	wbuf_init(&w, out, sizeof(out));
	assert_true(ikev2_seal(&w, &sa->keys, sa->initiator, &h, &b, &iv, 0));
	engine_receive(&p->b.e, &(struct ike_path){p->b.addr, p->a.addr, 500, 500},
	    slice_of(out, wbuf_len(&w)));
	pair_run(p);
}

static void
test_outside_is_dropped_and_counted(void **state)
{
	struct ikev2_window *w;
	struct pair p;
	uint32_t next;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	w = &lines_sa(&p.b)->window;
	next = w->next_in;
	hear(&p, next + WINDOW);
	hear(&p, UINT32_MAX);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 2);
	assert_int_equal(lines_messages, 0);
	hear(&p, next + WINDOW - 1);		/* the last one that is due */
	hear(&p, next + WINDOW - 1);
	hear(&p, next + WINDOW);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 3);
	assert_int_equal(p.b.e.counter[IKE_DUPLICATE_ANSWERED], 1);
	assert_int_equal(lines_repeated, 1);
	assert_false(lines_changed);
	hear(&p, next);
	hear(&p, next + WINDOW);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 3);
	hear(&p, next);				/* its answer is known to have come */
	assert_int_equal(p.b.e.counter[IKE_DROP_DUPLICATE], 1);
	assert_int_equal(lines_repeated, 1);
	assert_int_equal(lines_messages, 3);
	pair_free(&p);
}

/* --- what must not depend on the order --- */

static void
ask_now(struct pair_side *s, bool (*begin)(struct ikev2_ask *), enum ikev2_task_kind kind, uint32_t spi)
{
	struct ikev2_sa *sa = lines_sa(s);

	assert_true(begin(window_ask(&sa->window, sa, kind, spi)));
}

static bool
lose_liveness(struct pair *p, const struct flight *f)
{
	return f->to != &p->b || pair_exchange_of(f) != EXCHANGE2_INFO || p->count++ > 0;
}

/* A peer that ends its SA means it, whatever else of its requests is missing. */
static void
test_delete_overtakes(void **state)
{
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	p.filter = lose_liveness;
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	p.b.espd_silent = true;
	lines_want(&p.a, 1);
	pair_run(&p);
	assert_non_null(lines_sa(&p.b)->negos);	/* that one is being answered */
	ask_now(&p.a, ikev2_begin_delete_ike, TASK_DELETE_IKE, 0);
	pair_run(&p);
	assert_null(pair_ikev2_sa(&p.b));
	assert_int_equal(pair_children(&p.b), 0);
	pair_pass(&p, 60000);			/* the others come late, and again */
	assert_int_equal(HASH_COUNT(p.b.e.sas2), 0);
	pair_free(&p);
}

/* Of one that replaces the SA the order counts: it waits for those before it. */
static void
test_ike_rekey_does_not_overtake(void **state)
{
	struct ikev2_sa *before;
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	lines_want(&p.a, 1);
	pair_pass(&p, 3000);
	before = lines_sa(&p.b);
	p.filter = lose_liveness;
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	ask_now(&p.a, ikev2_begin_rekey_ike, TASK_REKEY_IKE, 0);
	pair_run(&p);
	assert_int_equal(p.b.e.counter[IKE_DROP_EARLY], 1);
	assert_ptr_equal(lines_sa(&p.b), before);
	pair_pass(&p, 60000);
	lines_settled(&p, 2);
	assert_ptr_not_equal(lines_sa(&p.b), before);
	pair_free(&p);
}

/* We wait until nothing else is under way, and nothing begins meanwhile. */
static void
test_ike_rekey_is_alone(void **state)
{
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	p.filter = lines_lose_answers;
	lines_want(&p.a, 1);
	lines_want(&p.a, 2);
	ikev2_task_add(lines_sa(&p.a), TASK_REKEY_IKE, 0);
	lines_want(&p.a, 3);
	pair_pass(&p, 2000);
	assert_int_equal(lines_requests_to(false), 2);
	assert_int_equal(p.b.e.counter[IKE_DROP_EARLY], 0);
	p.filter = lines_watch;
	pair_pass(&p, 60000);
	lines_settled(&p, 4);
	assert_int_equal(p.b.e.counter[IKE_DROP_REFUSED], 0);
	pair_free(&p);
}

/* Of one peer's pairs one thing at a time; a deletion of another's does not wait. */
static void
test_one_thing_for_each_peer(void **state)
{
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	lines_want(&p.a, 1);
	lines_want(&p.a, 2);
	pair_pass(&p, 3000);
	lines_forget();
	p.filter = lines_lose_answers;
	child_rekey(lines_peer(&p.a, 0)->current);
	child_rekey(lines_peer(&p.a, 1)->current);
	pair_run(&p);
	assert_int_equal(lines_requests_to(false), 2);
	child_remove(lines_peer(&p.a, 0)->current, true);
	pair_run(&p);
	assert_int_equal(lines_requests_to(false), 2);	/* it is being replaced */
	child_remove(lines_peer(&p.a, 2)->current, true);
	pair_run(&p);
	assert_int_equal(lines_requests_to(false), 3);
	p.filter = lines_watch;
	pair_pass(&p, 60000);
	assert_int_equal(pair_children(&p.a), pair_children(&p.b));
	cmap_check_flow(&p, lines_nets_a[0], lines_nets_b[0]);
	cmap_check_flow(&p, lines_nets_a[1], lines_nets_b[1]);
	assert_int_equal(pair_children(&p.a), 2);
	assert_false(lines_changed);
	pair_free(&p);
}

/* Once each the answers of CREATE_CHILD_SA are lost. */
static bool
lose_pairs(struct pair *p, const struct flight *f)
{
	lines_note(p, f);
	return !pair_is_answer(f) || pair_exchange_of(f) != EXCHANGE2_CHILD || p->count++ > 0;
}

/* The answer that brings a pair comes after what the peer says of that pair. */
static void
test_an_answer_is_overtaken(void **state)
{
	struct pair p;
	bool deletes;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		deletes = i == 0;
		lines_init(&p, WINDOW, WINDOW);
		p.filter = lose_pairs;
		p.count = 0;
		lines_want(&p.a, 1);
		pair_run(&p);
		assert_int_equal(pair_children(&p.a), 1);
		assert_int_equal(pair_children(&p.b), 2);
		if (deletes)
			child_remove(lines_peer(&p.b, 1)->children, true);
		else
			ikev2_task_add(lines_sa(&p.b), TASK_REKEY_CHILD, lines_peer(&p.b, 1)->children->sa.spi);
		pair_run(&p);
		assert_int_equal(pair_children(&p.b), deletes ? 1 : 2);
		pair_pass(&p, 10000);
		if (deletes)
			lines_settled(&p, 1);
		else
			lines_settled(&p, 2);
		pair_free(&p);
	}
}

/* Fragments of several messages come mixed, and none makes another's forgotten. */
static void
test_fragments_of_several(void **state)
{
	unsigned int i;
	struct pair p;

	(void)state;
	lines_init(&p, WINDOW, WINDOW);
	p.filter = NULL;
	p.a.e.conf.v2.global.fragment_bytes = p.b.e.conf.v2.global.fragment_bytes = 160;
	p.shuffle = 7;
	p.sent = 0;
	for (i = 1; i < LINES; i++)
		lines_want(&p.a, i);
	pair_run(&p);
	assert_true(p.sent >= 4 * (LINES - 1));	/* two at least of each */
	assert_int_equal(pair_children(&p.a), LINES);
	assert_int_equal(pair_children(&p.b), LINES);
	pair_free(&p);
}

/* A peer behind a NAT is where its newest message came from, not where an older one did. */
static void
test_an_older_path_is_not_taken(void **state)
{
	struct ikev2_sa *b;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_behind_nat(&p);
	pair_up(&p);
	pair_pass(&p, 3000);
	b = lines_sa(&p.b);
	assert_int_equal(b->path.remote_port, 61234);
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	p.wire[0]->path.remote_port = 60000;	/* before the mapping changed */
	ask_now(&p.a, ikev2_begin_invalid_spi, TASK_INVALID_SPI, 77);
	p.reverse = true;
	pair_run(&p);
	assert_int_equal(b->path.remote_port, 61234);
	p.reverse = false;
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	p.wire[0]->path.remote_port = 60001;
	pair_run(&p);
	assert_int_equal(b->path.remote_port, 60001);
	pair_free(&p);
}

/* A peer whose every message comes from another port does not fill the log. */
static void
test_moving_without_end(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_behind_nat(&p);
	pair_up(&p);
	pair_pass(&p, 3000);
	for (pair_lines = i = 0; i < 200; i++) {
		ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
		p.wire[0]->path.remote_port = (uint16_t)(50000 + i);
		pair_run(&p);
	}
	assert_int_equal(lines_sa(&p.b)->path.remote_port, 50199);
	assert_in_range(pair_lines, 1, 50);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_many_as_the_peer_takes),
		cmocka_unit_test(test_it_only_grows),
		cmocka_unit_test(test_configured_later),
		cmocka_unit_test(test_outside_is_dropped_and_counted),
		cmocka_unit_test(test_delete_overtakes),
		cmocka_unit_test(test_ike_rekey_does_not_overtake),
		cmocka_unit_test(test_ike_rekey_is_alone),
		cmocka_unit_test(test_one_thing_for_each_peer),
		cmocka_unit_test(test_an_answer_is_overtaken),
		cmocka_unit_test(test_fragments_of_several),
		cmocka_unit_test(test_an_older_path_is_not_taken),
		cmocka_unit_test(test_moving_without_end),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
