/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A daemon dies between its answer and the peer's hearing of it, and the peer asks again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ikev2.h"
#include "pair.h"

static void
assert_settled(struct pair *p)
{
	struct ikev2_sa *a = pair_only_ikev2_sa(&p->a), *b = pair_only_ikev2_sa(&p->b);

	assert_true(pair_works(p));
	assert_non_null(a);
	assert_non_null(b);
	assert_memory_equal(a->spi_i, b->spi_i, IKE_SPI_LEN);
	assert_int_equal(pair_children(&p->a), 1);
	assert_int_equal(pair_children(&p->b), 1);
	assert_int_equal(p->a.downs + p->b.downs, 0);
}

/* Answers of b are lost. */
static bool
b_is_not_heard(struct pair *p, const struct flight *f)
{
	if (f->to == &p->a && pair_is_answer(f) && pair_exchange_of(f) != EXCHANGE2_INIT) {
		p->count++;
		return false;
	}
	return true;
}

enum asked { FIRST_PAIR, ANOTHER_PAIR, ANOTHER_IKE_SA, LIVENESS, QUESTIONS };

static void
ask(struct pair_side *s, enum asked what)
{
	if (what == ANOTHER_PAIR)
		child_rekey(pair_current(s));
	else if (what == ANOTHER_IKE_SA)
		ikev2_task_add(pair_only_ikev2_sa(s), TASK_REKEY_IKE, 0);
	else if (what == LIVENESS)
		ikev2_task_add(pair_only_ikev2_sa(s), TASK_LIVENESS, 0);
}

static void
use_group_16(struct pair_side *s)
{
	struct ipc_ikev2_proposal proposal = {.name = "P", .encr0 = CIPHER_AES_GCM, .bits0 = 128,
	    .prf0 = HASH_SHA256, .group0 = 16};

	conf2_message(&s->e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
}

static void
dies_unheard(enum asked what, unsigned int fragment_bytes)
{
	struct pair p;

	pair_init2(&p, "k", "k");
	if (fragment_bytes != 0) {
		use_group_16(&p.a);
		use_group_16(&p.b);
	}
	p.a.e.conf.v2.global.fragment_bytes = p.b.e.conf.v2.global.fragment_bytes =
	    (uint16_t)fragment_bytes;
	if (what == FIRST_PAIR)
		p.filter = b_is_not_heard;
	pair_up(&p);
	pair_pass(&p, 500);
	if (what != FIRST_PAIR) {
		pair_pass(&p, 3000);
		assert_settled(&p);
		p.filter = b_is_not_heard;
		ask(&p.a, what);
		pair_pass(&p, 500);
	}
	assert_true(p.count > 0);		/* an answer was there, in so many datagrams */
	p.filter = NULL;
	pair_crash(&p.b);
	assert_int_equal(p.b.e.counter[IKE_DUPLICATE_ANSWERED], 0);
	pair_pass(&p, 2000);
	assert_int_equal(p.b.e.counter[IKE_DUPLICATE_ANSWERED], 1);
	pair_pass(&p, 60000);
	assert_settled(&p);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD] + p.a.e.counter[IKE_V2_FAILED], 0);
	/* And it goes on from there, either way. */
	child_rekey(pair_current(&p.b));
	pair_pass(&p, 15000);
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 15000);
	assert_settled(&p);
	pair_free(&p);
}

static void
test_answer_is_repeated(void **state)
{
	enum asked what;

	(void)state;
	for (what = FIRST_PAIR; what < QUESTIONS; what++) {
		dies_unheard(what, 0);
		dies_unheard(what, 160);
	}
}

/* What is being answered when it dies did not come, whatever was stored meanwhile. */
static void
test_unanswered_is_taken_again(void **state)
{
	struct pair p;
	uint32_t before;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 3000);
	before = pair_current(&p.a)->sa.spi;
	p.b.espd_silent = true;
	child_rekey(pair_current(&p.a));
	pair_run(&p);
	assert_false(window_is_idle(&pair_only_ikev2_sa(&p.b)->window));
	ikev2_task_add(pair_only_ikev2_sa(&p.b), TASK_LIVENESS, 0);
	pair_run(&p);
	p.b.espd_silent = false;
	pair_crash(&p.b);
	pair_pass(&p, 4000);
	assert_int_not_equal(pair_current(&p.a)->sa.spi, before);
	pair_pass(&p, 40000);
	assert_settled(&p);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
	pair_free(&p);
}

/* Answers are kept while the peer may ask for them, and no longer. */
static void
test_nothing_is_left_behind(void **state)
{
	struct pair p;
	int i;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 3000);
	for (i = 0; i < 20; i++) {
		ask(i % 2 == 0 ? &p.a : &p.b, i % 3 == 0 ? ANOTHER_IKE_SA : LIVENESS);
		pair_pass(&p, 15000);
	}
	ask(&p.a, LIVENESS);
	pair_pass(&p, 15000);
	assert_settled(&p);
	assert_in_range(kept_in_use(p.b.kept), 4, 3 + PAIR_WINDOW);	/* with the last answers */
	pair_pass(&p, 300000);
	assert_int_equal(kept_in_use(p.b.kept), 3);	/* a peer, its IKE SA, the pair */
	ask(&p.a, LIVENESS);
	pair_pass(&p, 1000);
	assert_int_equal(kept_in_use(p.b.kept), 4);
	ikev2_sa_delete(pair_only_ikev2_sa(&p.a), "the test ends it");
	pair_run(&p);
	p.filter = pair_lose_all;
	peer_remove(p.b.e.peers);
	pair_pass(&p, 60000);
	assert_int_equal(kept_in_use(p.b.kept), 0);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_is_repeated),
		cmocka_unit_test(test_unanswered_is_taken_again),
		cmocka_unit_test(test_nothing_is_left_behind),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
