/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several requests at once: lost, doubled, reordered, over crashes; and what must stay alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "ikev2_sk.h"
#include "payload2.h"

enum { WINDOW = 4, LINES = 8, SEEN_MAX = 4000 };

static const char *const nets_a[LINES] = {"10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24",
    "10.1.3.0/24", "10.1.4.0/24", "10.1.5.0/24", "10.1.6.0/24", "10.1.7.0/24"};
static const char *const nets_b[LINES] = {"10.2.0.0/24", "10.2.1.0/24", "10.2.2.0/24",
    "10.2.3.0/24", "10.2.4.0/24", "10.2.5.0/24", "10.2.6.0/24", "10.2.7.0/24"};

/* --- what was on the wire --- */

/* Each message that left, once: another with its SPIs, direction and ID must be the same. */
struct seen {
	bool to_a, answer;
	uint8_t spis[2 * IKE_SPI_LEN];
	uint32_t msgid;
	unsigned int lost;		/* times */
	size_t len;
	uint8_t b[600];
};

static struct seen seen[SEEN_MAX];
static unsigned int seen_count;
static bool changed;			/* one came again and was not the same */
static unsigned int repeated;		/* answers that came again */

static struct seen *
note(struct pair *p, const struct flight *f)
{
	struct seen s = {.to_a = f->to == &p->a, .answer = pair_is_answer(f),
	    .msgid = pair_msgid_of(f), .len = f->len};
	unsigned int i;

	if (f->len > sizeof(s.b) || seen_count == SEEN_MAX)
		abort();
	memcpy(s.spis, f->b, sizeof(s.spis));
	memcpy(s.b, f->b, f->len);
	for (i = 0; i < seen_count; i++) {
		if (seen[i].to_a != s.to_a || seen[i].answer != s.answer ||
		    seen[i].msgid != s.msgid || memcmp(seen[i].spis, s.spis, sizeof(s.spis)) != 0)
			continue;
		repeated += s.answer;
		changed |= seen[i].len != s.len || memcmp(seen[i].b, s.b, s.len) != 0;
		return &seen[i];
	}
	seen[seen_count] = s;
	return &seen[seen_count++];
}

/* How many requests to that side there were. */
static unsigned int
requests_to(bool to_a)
{
	unsigned int i, n = 0;

	for (i = 0; i < seen_count; i++)
		n += seen[i].to_a == to_a && !seen[i].answer;
	return n;
}

static void
forget_seen(void)
{
	seen_count = repeated = 0;
	changed = false;
}

static bool
watch(struct pair *p, const struct flight *f)
{
	note(p, f);
	return true;
}

static bool
lose_answers(struct pair *p, const struct flight *f)
{
	note(p, f);
	return !pair_is_answer(f);
}

/* One in three of whatever is sent, though nothing so often that the peer seems dead. */
static bool
lose_some(struct pair *p, const struct flight *f)
{
	uint32_t seed = (uint32_t)p->count;
	struct seen *s = note(p, f);
	bool lost = pair_chance(&seed, 3) == 0 && s->lost < 2;

	p->count = (int)(seed & INT32_MAX);
	s->lost += lost;
	return !lost;
}

/* --- two routers with so many lines --- */

static struct cmap_line
line(unsigned int i, bool of_a)
{
	return (struct cmap_line){.seq = 10 + i, .local = of_a ? nets_a[i] : nets_b[i],
	    .remote = of_a ? nets_b[i] : nets_a[i]};
}

static struct ike_peer *
peer_of(struct pair_side *s, unsigned int i)
{
	char name[64];

	snprintf(name, sizeof(name), "M 10 %u@wan0", 10 + i);
	return peer_of_line(&s->e, name);
}

/* A packet of line i; the wire stands still. */
static void
want(struct pair_side *s, unsigned int i)
{
	struct ike_peer *p = peer_of(s, i);

	assert_non_null(p);
	engine_sa_want(&s->e, p->ref);
}

static void
scene_init(struct pair *p, uint8_t window_a, uint8_t window_b)
{
	unsigned int i;

	pair_init2(p, "k", "k");
	p->a.e.conf.v2.global.window = window_a;
	p->b.e.conf.v2.global.window = window_b;
	for (i = 0; i < LINES; i++) {
		struct cmap_line a = line(i, true), b = line(i, false);

		cmap_both(p, &a, &b);
	}
	want(&p->a, 0);
	pair_pass(p, 3000);
	cmap_check_flow(p, nets_a[0], nets_b[0]);
	forget_seen();
	p->filter = watch;
}

static struct ikev2_sa *
sa_of(struct pair_side *s)
{
	struct ikev2_sa *sa = pair_only_ikev2_sa(s);

	assert_non_null(sa);
	return sa;
}

static void
assert_settled(struct pair *p, unsigned int lines)
{
	struct ikev2_sa *a = sa_of(&p->a), *b = sa_of(&p->b);
	unsigned int i;

	assert_memory_equal(a->spi_i, b->spi_i, IKE_SPI_LEN);
	assert_memory_equal(a->spi_r, b->spi_r, IKE_SPI_LEN);
	for (i = 0; i < lines; i++)
		cmap_check_flow(p, nets_a[i], nets_b[i]);
	assert_int_equal(pair_children(&p->a), lines);
	assert_int_equal(pair_children(&p->b), lines);
	assert_true(window_is_idle(&a->window) && window_is_idle(&b->window));
	assert_null(a->tasks);
	assert_null(b->tasks);
	assert_null(a->negos);
	assert_null(b->negos);
	assert_int_equal(a->window.next_out, b->window.next_in);
	assert_int_equal(b->window.next_out, a->window.next_in);
	assert_int_equal(p->a.e.counter[IKE_PEER_DEAD] + p->b.e.counter[IKE_PEER_DEAD], 0);
	assert_int_equal(p->a.e.counter[IKE_DROP_WINDOW] + p->b.e.counter[IKE_DROP_WINDOW], 0);
	assert_false(changed);
}

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

		scene_init(&p, 20, sizes[i]);
		assert_int_equal(sa_of(&p.a)->window.remote, many);
		assert_int_equal(sa_of(&p.b)->window.local, many);
		assert_int_equal(sa_of(&p.b)->window.remote, 20);
		p.filter = lose_answers;
		for (j = 1; j < LINES; j++)
			want(&p.a, j);
		pair_run(&p);
		pair_pass(&p, 5000);
		assert_int_equal(requests_to(false), many);
		p.filter = watch;
		pair_pass(&p, 60000);
		assert_settled(&p, LINES);
		assert_int_equal(requests_to(false), LINES - 1);
		pair_free(&p);
	}
}

static void
say_size(struct pair_side *from, const uint8_t *size, size_t len)
{
	struct ikev2_sa *sa = sa_of(from);
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
	scene_init(&p, WINDOW, WINDOW);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 2}, 4);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 0}, 4);
	say_size(&p.a, (uint8_t[]){0, 9}, 2);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 9, 0}, 5);
	assert_int_equal(sa_of(&p.b)->window.remote, WINDOW);
	say_size(&p.a, (uint8_t[]){0, 0, 0, 9}, 4);
	assert_int_equal(sa_of(&p.b)->window.remote, 9);
	say_size(&p.a, (uint8_t[]){255, 255, 255, 255}, 4);
	assert_int_equal(sa_of(&p.b)->window.remote, IKEV2_WINDOW_MAX);
	/* Nothing of that is about what b takes. */
	assert_int_equal(sa_of(&p.b)->window.local, WINDOW);
	pair_free(&p);
}

static void
test_configured_later(void **state)
{
	struct pair p;

	(void)state;
	scene_init(&p, WINDOW, WINDOW);
	p.b.e.conf.v2.global.window = 9;
	engine_config_done(&p.b.e);
	pair_run(&p);
	assert_int_equal(sa_of(&p.a)->window.remote, 9);
	assert_int_equal(sa_of(&p.b)->window.local, 9);
	p.sent = 0;
	p.b.e.conf.v2.global.window = 2;
	engine_config_done(&p.b.e);
	pair_pass(&p, 1000);
	assert_int_equal(p.sent, 0);		/* that is for SAs to come ... */
	assert_int_equal(sa_of(&p.b)->window.local, 9);
	ikev2_task_add(sa_of(&p.a), TASK_REKEY_IKE, 0);
	pair_pass(&p, 15000);
	assert_settled(&p, 1);
	assert_int_equal(sa_of(&p.a)->window.remote, 2);	/* ... as this one */
	assert_int_equal(sa_of(&p.b)->window.local, 2);
	assert_int_equal(sa_of(&p.b)->window.remote, WINDOW);
	pair_free(&p);
}

/* --- outside of it --- */

/* An empty INFORMATIONAL of a's with any ID. */
static void
hear(struct pair *p, uint32_t msgid)
{
	struct ikev2_sa *sa = sa_of(&p->a);
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
	scene_init(&p, WINDOW, WINDOW);
	w = &sa_of(&p.b)->window;
	next = w->next_in;
	hear(&p, next + WINDOW);
	hear(&p, UINT32_MAX);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 2);
	assert_int_equal(seen_count, 0);
	hear(&p, next + WINDOW - 1);		/* the last one that is due */
	hear(&p, next + WINDOW - 1);
	hear(&p, next + WINDOW);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 3);
	assert_int_equal(p.b.e.counter[IKE_DUPLICATE_ANSWERED], 1);
	assert_int_equal(repeated, 1);
	assert_false(changed);
	hear(&p, next);
	hear(&p, next + WINDOW);
	assert_int_equal(p.b.e.counter[IKE_DROP_WINDOW], 3);
	hear(&p, next);				/* its answer is known to have come */
	assert_int_equal(p.b.e.counter[IKE_DROP_DUPLICATE], 1);
	assert_int_equal(repeated, 1);
	assert_int_equal(seen_count, 3);
	pair_free(&p);
}

/* --- what must not depend on the order --- */

static void
ask_now(struct pair_side *s, bool (*begin)(struct ikev2_ask *), enum ikev2_task_kind kind, uint32_t spi)
{
	struct ikev2_sa *sa = sa_of(s);

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
	scene_init(&p, WINDOW, WINDOW);
	p.filter = lose_liveness;
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	p.b.espd_silent = true;
	want(&p.a, 1);
	pair_run(&p);
	assert_non_null(sa_of(&p.b)->negos);	/* that one is being answered */
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
	scene_init(&p, WINDOW, WINDOW);
	want(&p.a, 1);
	pair_pass(&p, 3000);
	before = sa_of(&p.b);
	p.filter = lose_liveness;
	ask_now(&p.a, ikev2_begin_liveness, TASK_LIVENESS, 0);
	ask_now(&p.a, ikev2_begin_rekey_ike, TASK_REKEY_IKE, 0);
	pair_run(&p);
	assert_int_equal(p.b.e.counter[IKE_DROP_EARLY], 1);
	assert_ptr_equal(sa_of(&p.b), before);
	pair_pass(&p, 60000);
	assert_settled(&p, 2);
	assert_ptr_not_equal(sa_of(&p.b), before);
	pair_free(&p);
}

/* We wait until nothing else is under way, and nothing begins meanwhile. */
static void
test_ike_rekey_is_alone(void **state)
{
	struct pair p;

	(void)state;
	scene_init(&p, WINDOW, WINDOW);
	p.filter = lose_answers;
	want(&p.a, 1);
	want(&p.a, 2);
	ikev2_task_add(sa_of(&p.a), TASK_REKEY_IKE, 0);
	want(&p.a, 3);
	pair_pass(&p, 2000);
	assert_int_equal(requests_to(false), 2);
	assert_int_equal(p.b.e.counter[IKE_DROP_EARLY], 0);
	p.filter = watch;
	pair_pass(&p, 60000);
	assert_settled(&p, 4);
	assert_int_equal(p.b.e.counter[IKE_DROP_REFUSED], 0);
	pair_free(&p);
}

/* Of one peer's pairs one thing at a time; a deletion of another's does not wait. */
static void
test_one_thing_for_each_peer(void **state)
{
	struct pair p;

	(void)state;
	scene_init(&p, WINDOW, WINDOW);
	want(&p.a, 1);
	want(&p.a, 2);
	pair_pass(&p, 3000);
	forget_seen();
	p.filter = lose_answers;
	child_rekey(peer_of(&p.a, 0)->current);
	child_rekey(peer_of(&p.a, 1)->current);
	pair_run(&p);
	assert_int_equal(requests_to(false), 2);
	child_remove(peer_of(&p.a, 0)->current, true);
	pair_run(&p);
	assert_int_equal(requests_to(false), 2);	/* it is being replaced */
	child_remove(peer_of(&p.a, 2)->current, true);
	pair_run(&p);
	assert_int_equal(requests_to(false), 3);
	p.filter = watch;
	pair_pass(&p, 60000);
	assert_int_equal(pair_children(&p.a), pair_children(&p.b));
	cmap_check_flow(&p, nets_a[0], nets_b[0]);
	cmap_check_flow(&p, nets_a[1], nets_b[1]);
	assert_int_equal(pair_children(&p.a), 2);
	assert_false(changed);
	pair_free(&p);
}

/* Once each the answers of CREATE_CHILD_SA are lost. */
static bool
lose_pairs(struct pair *p, const struct flight *f)
{
	note(p, f);
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
		scene_init(&p, WINDOW, WINDOW);
		p.filter = lose_pairs;
		p.count = 0;
		want(&p.a, 1);
		pair_run(&p);
		assert_int_equal(pair_children(&p.a), 1);
		assert_int_equal(pair_children(&p.b), 2);
		if (deletes)
			child_remove(peer_of(&p.b, 1)->children, true);
		else
			ikev2_task_add(sa_of(&p.b), TASK_REKEY_CHILD, peer_of(&p.b, 1)->children->sa.spi);
		pair_run(&p);
		assert_int_equal(pair_children(&p.b), deletes ? 1 : 2);
		pair_pass(&p, 10000);
		if (deletes)
			assert_settled(&p, 1);
		else
			assert_settled(&p, 2);
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
	scene_init(&p, WINDOW, WINDOW);
	p.filter = NULL;
	p.a.e.conf.v2.global.fragment_bytes = p.b.e.conf.v2.global.fragment_bytes = 160;
	p.shuffle = 7;
	p.sent = 0;
	for (i = 1; i < LINES; i++)
		want(&p.a, i);
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
	b = sa_of(&p.b);
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

/* --- over a crash --- */

/* The answers of all that is under way are not heard; b dies, and repeats them. */
static void
test_answers_outlive_a_crash(void **state)
{
	unsigned int i;
	struct pair p;

	(void)state;
	scene_init(&p, WINDOW, WINDOW);
	p.filter = lose_answers;
	for (i = 1; i < LINES; i++)
		want(&p.a, i);
	pair_pass(&p, 500);
	assert_int_equal(requests_to(false), WINDOW);
	p.filter = watch;
	pair_crash(&p.b);
	assert_int_equal(sa_of(&p.b)->window.local, WINDOW);
	assert_int_equal(sa_of(&p.b)->window.remote, WINDOW);
	pair_pass(&p, 60000);
	assert_int_equal(repeated, WINDOW);
	assert_settled(&p, LINES);
	pair_free(&p);
}

/* Only the second and the fourth come; then b dies, and the others are not older than they. */
static bool
lose_odd_requests(struct pair *p, const struct flight *f)
{
	note(p, f);
	return pair_is_answer(f) || p->count++ % 2 == 1;
}

/* a has asked for as much as may be, and each second question came. */
static void
ask_with_gaps(struct pair *p)
{
	unsigned int i;

	scene_init(p, WINDOW, WINDOW);
	p->filter = lose_odd_requests;
	p->count = 0;
	for (i = 1; i <= WINDOW; i++)
		want(&p->a, i);
	pair_run(p);
}

static void
test_gaps_outlive_a_crash(void **state)
{
	struct pair p;

	(void)state;
	ask_with_gaps(&p);
	p.filter = watch;
	pair_crash(&p.b);
	pair_pass(&p, 60000);
	assert_settled(&p, WINDOW + 1);
	assert_int_equal(repeated, 0);
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
	assert_int_equal(sa_of(&p.a)->window.next_out, sa_of(&p.b)->window.next_in + WINDOW);
	p.filter = NULL;
	forget_seen();
	pair_pass(&p, 5000);
	assert_int_equal(sa_of(&p.a)->window.next_out, sa_of(&p.b)->window.next_in);
	assert_true(window_is_idle(&sa_of(&p.a)->window));
	for (i = 0; i < LINES; i++)
		want(&p.a, i);
	pair_pass(&p, 60000);
	for (i = 0; i < LINES; i++)
		cmap_check_flow(&p, nets_a[i], nets_b[i]);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD] + p.b.e.counter[IKE_PEER_DEAD], 0);
	pair_free(&p);
}

/* --- everything at once --- */

static void
do_something(struct pair *p, uint32_t *seed)
{
	struct pair_side *s = pair_chance(seed, 2) == 0 ? &p->a : &p->b;
	struct ike_peer *peer = peer_of(s, pair_chance(seed, LINES));
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

	scene_init(&p, 1 + (uint8_t)pair_chance(&seed, 6), 1 + (uint8_t)pair_chance(&seed, 6));
	for (i = 0; i < 60; i++) {
		p.shuffle = seed | 1;
		p.double_all = pair_chance(&seed, 3) == 0;
		p.filter = i % 12 < 8 ? lose_some : watch;
		p.count = (int)(seed >> 1);
		do_something(&p, &seed);
		if (crashes && pair_chance(&seed, 12) == 0)
			pair_crash(pair_chance(&seed, 2) == 0 ? &p.a : &p.b);
		if (pair_chance(&seed, 2) == 0)
			pair_pass(&p, pair_chance(&seed, 1500));
	}
	p.filter = watch;
	p.shuffle = 0;
	p.double_all = false;
	pair_pass(&p, 150000);
	/* A pair that one of them forgot is found so, or by its first packet. */
	for (i = 0; crashes && i < LINES; i++) {
		if (peer_of(&p.a, i)->current != NULL)
			child_rekey(peer_of(&p.a, i)->current);
		pair_pass(&p, 60000);
		if (peer_of(&p.b, i)->current != NULL)
			child_rekey(peer_of(&p.b, i)->current);
	}
	pair_pass(&p, 150000);
	for (i = 0; i < LINES; i++)
		want(&p.a, i);
	pair_pass(&p, 150000);
	if (!crashes) {
		assert_settled(&p, LINES);
	} else {
		for (i = 0; i < LINES; i++)
			cmap_check_flow(&p, nets_a[i], nets_b[i]);
		assert_int_equal(pair_children(&p.a), LINES);
		assert_int_equal(pair_children(&p.b), LINES);
	}
	pair_free(&p);
	forget_seen();
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
		cmocka_unit_test(test_answers_outlive_a_crash),
		cmocka_unit_test(test_gaps_outlive_a_crash),
		cmocka_unit_test(test_questions_outlive_a_crash),
		cmocka_unit_test(test_by_chance),
		cmocka_unit_test(test_by_chance_with_crashes),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
