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
	pair_pass(&p, 1000);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_wrong_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
