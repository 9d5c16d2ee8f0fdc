/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole IKEv2 negotiations between two engines: the good ones, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ikev2.h"
#include "log.h"
#include "pair.h"
#include "payload2.h"

static struct ikev2_sa *
sa_of(struct pair_side *s)
{
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, s->e.sas2, sa, tmp)
		if (ikev2_sa_is_up(sa))
			return sa;
	return NULL;
}

static void
test_comes_up(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "sesame");
	pair_up(&p);
	assert_int_equal(p.b.last_state.state, PEER_IPSEC);
	pair_pass(&p, 2000);
	assert_true(pair_works(&p));
	assert_int_equal(p.sent, 4);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_true(sa_of(&p.a)->initiator);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.a.last_state.state, PEER_UP);
	assert_int_equal(p.b.last_state.state, PEER_UP);
	assert_int_equal(p.lacking, 0);
	assert_int_equal(p.a.sas[0].ts_proto, 47);
	assert_int_equal(p.a.sas[0].mode, MODE_TRANSPORT);
	pair_free(&p);
}

static void
test_wrong_key(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "caraway");
	pair_up(&p);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_int_equal(pair_children(&p.a), 0);
	assert_int_equal(pair_children(&p.b), 0);
	assert_null(p.b.e.peers);
	assert_true(p.b.e.counter[IKE_DROP_AUTH] > 0);
	pair_pass(&p, 120000);
	assert_int_equal(pair_sas(&p.b), 0);
	pair_free(&p);
}

/* Both are up and use one pair of SAs, the same. */
static void
assert_settled(struct pair *p)
{
	assert_true(pair_works(p));
	assert_int_equal(pair_sas(&p->a), 1);
	assert_int_equal(pair_sas(&p->b), 1);
	assert_int_equal(HASH_COUNT(p->a.e.sas2), 1);
	assert_int_equal(HASH_COUNT(p->b.e.sas2), 1);
	assert_int_equal(pair_children(&p->a), 1);
	assert_int_equal(pair_children(&p->b), 1);
	assert_int_equal(p->lacking, 0);
	assert_ptr_equal(pair_current(&p->a)->ike, sa_of(&p->a));
	assert_ptr_equal(pair_current(&p->b)->ike, sa_of(&p->b));
	assert_memory_equal(sa_of(&p->a)->spi_i, sa_of(&p->b)->spi_i, IKE_SPI_LEN);
}

static void
up(struct pair *p)
{
	pair_init2(p, "sesame", "sesame");
	pair_up(p);
	pair_pass(p, 3000);
	assert_settled(p);
}

/* Loses the nth datagram of the whole run, once. */
static bool
lose_nth(struct pair *p, const struct flight *f)
{
	(void)f;
	return p->count-- != 0;
}

static void
test_any_one_message_lost(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 4; n++) {
		struct pair p;

		pair_init2(&p, "k", "k");
		p.filter = lose_nth;
		p.count = n;
		pair_up(&p);
		pair_pass(&p, 20000);
		assert_settled(&p);
		pair_free(&p);
	}
}

static void
test_doubled_and_reordered(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.double_all = true;
	p.reverse = true;
	pair_up(&p);
	pair_pass(&p, 10000);
	assert_settled(&p);
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 40000);
	assert_settled(&p);
	ikev2_task_add(sa_of(&p.b), TASK_REKEY_IKE, 0);
	pair_pass(&p, 40000);
	assert_settled(&p);
	pair_free(&p);
}

static void
test_rekey_of_a_pair(void **state)
{
	int side;

	(void)state;
	for (side = 0; side < 2; side++) {
		struct pair p;
		uint32_t before;

		up(&p);
		before = pair_current(&p.a)->sa.spi;
		child_rekey(pair_current(side == 0 ? &p.a : &p.b));
		pair_pass(&p, 1000);
		assert_true(pair_works(&p));
		assert_int_not_equal(pair_current(&p.a)->sa.spi, before);
		pair_pass(&p, 10000);
		assert_settled(&p);
		assert_int_equal(p.a.downs + p.b.downs, 0);
		pair_free(&p);
	}
}

static void
test_rekey_of_the_ike_sa(void **state)
{
	int side;

	(void)state;
	for (side = 0; side < 2; side++) {
		struct pair p;
		uint32_t pair_before;
		uint8_t before[IKE_SPI_LEN];

		up(&p);
		pair_before = pair_current(&p.a)->sa.spi;
		memcpy(before, sa_of(&p.a)->spi_i, IKE_SPI_LEN);
		ikev2_task_add(sa_of(side == 0 ? &p.a : &p.b), TASK_REKEY_IKE, 0);
		pair_pass(&p, 12000);
		assert_settled(&p);
		assert_memory_not_equal(sa_of(&p.a)->spi_i, before, IKE_SPI_LEN);
		assert_int_equal(pair_current(&p.a)->sa.spi, pair_before);
		/* The new one can do what the old one could. */
		child_rekey(pair_current(&p.b));
		pair_pass(&p, 10000);
		assert_settled(&p);
		assert_int_equal(p.a.downs + p.b.downs, 0);
		pair_free(&p);
	}
}

/* --- crossings --- */

enum { REKEY_PAIR, REKEY_IKE, DELETE_PAIR, DELETE_IKE, ACTIONS };

static void
act(struct pair_side *s, int action)
{
	struct ike_child *c = pair_current(s);
	struct ikev2_sa *sa = sa_of(s);
	struct ipc_clear clear = {.what = action == DELETE_PAIR ? CLEAR_IPSEC_SA : CLEAR_IKEV2_SA};

	if (action == REKEY_PAIR && c != NULL)
		child_rekey(c);
	else if (action == REKEY_IKE && sa != NULL)
		ikev2_task_add(sa, TASK_REKEY_IKE, 0);
	else if (action == DELETE_PAIR || action == DELETE_IKE)
		engine_clear(&s->e, &clear);
}

static bool
is_delete(int action)
{
	return action == DELETE_PAIR || action == DELETE_IKE;
}

/* Both sides at once, and of what is then on the wire the nth datagram is lost. */
static void
cross(int of_a, int of_b, bool reverse, int lost)
{
	struct pair p;

	up(&p);
	p.reverse = reverse;
	p.filter = lost < 0 ? NULL : lose_nth;
	p.count = lost;
	act(&p.a, of_a);
	act(&p.b, of_b);
	pair_pass(&p, 150000);
	assert_true(pair_works(&p));
	if (is_delete(of_a) || is_delete(of_b))
		p.lacking = 0;		/* a DELETE is heard after it was said */
	else
		assert_int_equal(p.a.downs + p.b.downs, 0);
	assert_settled(&p);
	pair_free(&p);
}

static void
test_crossings(void **state)
{
	int a, b, lost, round;

	(void)state;
	for (a = 0; a < ACTIONS; a++)
		for (b = 0; b < ACTIONS; b++)
			for (lost = -1; lost < 8; lost++)
				for (round = 0; round < 2; round++)
					cross(a, b, round == 1, lost);
}

/* Each side has its own nonces: whoever wins, often enough both have. */
static void
test_simultaneous_rekeys(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 40; i++) {
		cross(REKEY_PAIR, REKEY_PAIR, false, -1);
		cross(REKEY_IKE, REKEY_IKE, false, -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_any_one_message_lost),
		cmocka_unit_test(test_doubled_and_reordered),
		cmocka_unit_test(test_rekey_of_a_pair),
		cmocka_unit_test(test_rekey_of_the_ike_sa),
		cmocka_unit_test(test_simultaneous_rekeys),
		cmocka_unit_test(test_crossings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
