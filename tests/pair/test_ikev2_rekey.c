/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv2 renewed, deleted and begun by both at once, with messages lost, doubled and reordered. */
#include <string.h>

#include "settled2.h"

static void
test_any_one_message_lost(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 4; n++) {
		struct pair p;

		pair_init2(&p, "k", "k");
		p.filter = pair_lose_nth;
		p.count = n;
		pair_up(&p);
		pair_pass(&p, 20000);
		settled2(&p);
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
	settled2(&p);
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 40000);
	settled2(&p);
	ikev2_task_add(pair_ikev2_sa(&p.b), TASK_REKEY_IKE, 0);
	pair_pass(&p, 40000);
	settled2(&p);
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

		settled2_up(&p);
		before = pair_current(&p.a)->sa.spi;
		child_rekey(pair_current(side == 0 ? &p.a : &p.b));
		pair_pass(&p, 1000);
		assert_true(pair_works(&p));
		assert_int_not_equal(pair_current(&p.a)->sa.spi, before);
		pair_pass(&p, 10000);
		settled2(&p);
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

		settled2_up(&p);
		pair_before = pair_current(&p.a)->sa.spi;
		memcpy(before, pair_ikev2_sa(&p.a)->spi_i, IKE_SPI_LEN);
		ikev2_task_add(pair_ikev2_sa(side == 0 ? &p.a : &p.b), TASK_REKEY_IKE, 0);
		pair_pass(&p, 12000);
		settled2(&p);
		assert_memory_not_equal(pair_ikev2_sa(&p.a)->spi_i, before, IKE_SPI_LEN);
		assert_int_equal(pair_current(&p.a)->sa.spi, pair_before);
		/* The new one can do what the old one could. */
		child_rekey(pair_current(&p.b));
		pair_pass(&p, 10000);
		settled2(&p);
		assert_int_equal(p.a.downs + p.b.downs, 0);
		pair_free(&p);
	}
}

/* --- crossings --- */

static bool
lose_begins_of_b(struct pair *p, const struct flight *f)
{
	return f->to != &p->a || pair_exchange_of(f) != EXCHANGE2_INIT ||
	    pair_is_answer(f);
}

/* What had no answer before the peer's own attempt was done is not gone on with. */
static void
test_one_is_enough(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "sesame");
	p.filter = lose_begins_of_b;
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_pass(&p, 100);
	assert_int_equal(HASH_COUNT(p.b.e.sas2), 1);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 500);
	p.filter = NULL;
	pair_pass(&p, 60000);
	settled2(&p);
	assert_true(pair_ikev2_sa(&p.a)->initiator);
	assert_int_equal(HASH_COUNT(p.a.e.sas2), 1);
	assert_int_equal(HASH_COUNT(p.b.e.sas2), 1);
	pair_free(&p);
}

enum { REKEY_PAIR, REKEY_IKE, DELETE_PAIR, DELETE_IKE, ACTIONS };

static void
act(struct pair_side *s, int action)
{
	struct ike_child *c = pair_current(s);
	struct ikev2_sa *sa = pair_ikev2_sa(s);
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

	settled2_up(&p);
	p.reverse = reverse;
	p.filter = lost < 0 ? NULL : pair_lose_nth;
	p.count = lost;
	act(&p.a, of_a);
	act(&p.b, of_b);
	pair_pass(&p, 150000);
	assert_true(pair_works(&p));
	if (is_delete(of_a) || is_delete(of_b))
		p.lacking = 0;		/* a DELETE is heard after it was said */
	else
		assert_int_equal(p.a.downs + p.b.downs, 0);
	settled2(&p);
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
		cmocka_unit_test(test_any_one_message_lost),
		cmocka_unit_test(test_doubled_and_reordered),
		cmocka_unit_test(test_rekey_of_a_pair),
		cmocka_unit_test(test_rekey_of_the_ike_sa),
		cmocka_unit_test(test_one_is_enough),
		cmocka_unit_test(test_simultaneous_rekeys),
		cmocka_unit_test(test_crossings),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
