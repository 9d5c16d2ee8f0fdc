/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1: pairs and ISAKMP SAs are replaced, with losses and crossings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair.h"

static void
test_rekey(void **state)
{
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 60000);
	old = pair_current(&p.a)->sa.spi;
	pair_soft_expiry(&p.a);
	pair_run(&p);
	/* The responder sends on the new pair, the initiator still on the old. */
	assert_int_equal(pair_children(&p.a), 2);
	assert_int_equal(pair_current(&p.a)->sa.spi, old);
	assert_int_not_equal(pair_current(&p.b)->sa.peer_spi, old);
	engine_sa_first_in(&p.a.e, pair_current(&p.b)->sa.peer_spi);
	assert_int_not_equal(pair_current(&p.a)->sa.spi, old);
	assert_true(pair_works(&p));
	pair_pass(&p, 29000);
	assert_int_equal(pair_children(&p.a), 2);
	pair_pass(&p, 2000);
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static bool
lose_third_quick(struct pair *p, const struct flight *f)
{
	/* QM1, QM2 pass; QM3 is lost `count` times. */
	if (pair_exchange_of(f) != EXCHANGE_QUICK || f->to != &p->b || p->count <= 0)
		return true;
	if (p->count == 100) {
		p->count = 3;
		return true;
	}
	p->count--;
	return false;
}

static void
test_rekey_qm3_lost(void **state)
{
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 60000);
	old = pair_current(&p.b)->sa.spi;
	p.filter = lose_third_quick;
	p.count = 100;
	pair_soft_expiry(&p.a);
	pair_pass(&p, 1500);
	/* Neither sends on the new pair while QM3 is missing. */
	assert_int_equal(pair_current(&p.b)->sa.spi, old);
	assert_int_equal(pair_current(&p.a)->sa.peer_spi, old);
	assert_true(pair_works(&p));
	pair_pass(&p, 60000);
	assert_int_not_equal(pair_current(&p.b)->sa.spi, old);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/* QM3 never arrives, but a packet on the new pair does: that is as good. */
static bool
lose_qm3_for_ever(struct pair *p, const struct flight *f)
{
	return pair_exchange_of(f) != EXCHANGE_QUICK || f->to != &p->b || p->count++ == 0;
}

static void
test_rekey_first_packet_instead_of_qm3(void **state)
{
	struct pair p;
	uint32_t fresh;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 60000);
	p.filter = lose_qm3_for_ever;
	pair_soft_expiry(&p.a);
	pair_pass(&p, 4000);
	engine_sa_first_in(&p.a.e, p.a.next_spi);	/* as if: the initiator moves on */
	fresh = pair_current(&p.a)->sa.peer_spi;
	engine_sa_first_in(&p.b.e, fresh);
	assert_int_equal(pair_current(&p.b)->sa.spi, fresh);
	pair_pass(&p, 90000);
	assert_int_equal(pair_current(&p.b)->sa.spi, fresh);
	assert_true(pair_works(&p));
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static void
test_crossing_rekeys(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up_both(&p);
	pair_pass(&p, 60000);
	pair_soft_expiry(&p.a);
	pair_soft_expiry(&p.b);
	pair_pass(&p, 120000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static bool
lose_to_a(struct pair *p, const struct flight *f)
{
	return f->to != &p->a;
}

/*
 * a's quick mode has made the pair; `ms` after both are configured b, the responder, rekeys it.
 * The new SPIs are lower than before: where the two cross, the new pair loses.  The old SPI.
 */
static uint32_t
rekeyed_by_responder(struct pair *p, unsigned int ms)
{
	uint32_t old;

	p->filter = lose_to_a;
	pair_protect(&p->b, TUNNEL_GRE, MODE_TRANSPORT, &p->a.addr);
	pair_run(p);
	p->filter = NULL;
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_pass(p, ms);
	assert_false(pair_current(&p->b)->initiator);
	old = pair_current(&p->b)->sa.spi;
	p->a.next_spi = p->b.next_spi = 0x1000;
	pair_soft_expiry(&p->b);
	pair_pass(p, 6000);
	return old;
}

/* Who rekeys has the peer's pair: it is no crossing, and both use the new one. */
static void
test_rekey_soon(void **state)
{
	static const unsigned int after_ms[] = {1500, 2400, 5000};
	struct pair p;
	uint32_t old;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(after_ms) / sizeof(after_ms[0]); i++) {
		pair_init(&p, "k", "k");
		old = rekeyed_by_responder(&p, after_ms[i]);
		assert_int_not_equal(pair_current(&p.b)->sa.spi, old);
		assert_int_equal(pair_current(&p.a)->sa.peer_spi, pair_current(&p.b)->sa.spi);
		assert_true(pair_works(&p));
		pair_free(&p);
	}
}

/*
 * Within the second in which a lost message comes again, who answers takes it for a crossing, in
 * which the new pair may lose.  It must be there when the old one ends.
 */
static void
test_rekey_at_once(void **state)
{
	struct ipc_sa_expire hard = {.hard = 1, .why = EXPIRE_BYTES};
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	old = rekeyed_by_responder(&p, 500);
	assert_int_equal(pair_children(&p.b), 2);
	assert_int_not_equal(pair_current(&p.b)->sa.spi, old);
	assert_int_equal(pair_current(&p.a)->sa.peer_spi, old);
	assert_true(pair_works(&p));
	hard.spi = pair_current(&p.a)->sa.spi;
	engine_sa_expire(&p.a.e, &hard);
	assert_non_null(pair_current(&p.a));
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_int_equal(pair_current(&p.a)->sa.peer_spi, pair_current(&p.b)->sa.spi);
	assert_int_equal(p.lacking, 0);
	pair_pass(&p, 60000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	pair_free(&p);
}

static void
test_phase1_rekey(void **state)
{
	struct ipc_ike_policy brief = {.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256,
	    .hash = HASH_SHA256, .group = 19, .life_s = 600};
	struct pair p;
	unsigned int minute;

	(void)state;
	pair_init(&p, "k", "k");
	conf_set_policy(&p.a.e.conf, &brief);
	conf_set_policy(&p.b.e.conf, &brief);
	pair_up(&p);
	for (minute = 0; minute < 35; minute++) {
		pair_pass(&p, 60000);
		assert_true(pair_sas(&p.a) >= 1);
		assert_true(pair_sas(&p.b) >= 1);
		assert_true(pair_works(&p));
	}
	assert_true(p.a.e.counter[IKE_MAIN_DONE] >= 3);
	assert_int_equal(p.a.e.counter[IKE_QUICK_DONE], 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/* Some peers end their pairs with the ISAKMP SA and do not say so. */
static void
test_clear_isakmp_rekeys(void **state)
{
	struct ipc_clear isakmp = {.what = CLEAR_IKE_SA};
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	old = pair_current(&p.a)->sa.spi;
	assert_int_equal(engine_clear(&p.a.e, &isakmp), 1);
	assert_int_equal(pair_current(&p.a)->sa.spi, old);
	pair_pass(&p, 6000);
	assert_int_not_equal(pair_current(&p.a)->sa.spi, old);
	assert_true(pair_works(&p));
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/*
 * A hub's operator clears the ISAKMP SA and then, with nothing left to say it over, the pairs.
 * Its spoke sends nothing, and has a new pair all the same.
 */
static void
test_cleared_in_two_steps(void **state)
{
	struct ipc_clear isakmp = {.what = CLEAR_IKE_SA}, session = {.what = CLEAR_SESSION};
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	old = pair_current(&p.a)->sa.spi;
	assert_int_equal(engine_clear(&p.b.e, &isakmp), 1);
	pair_pass(&p, 500);
	assert_int_equal(pair_current(&p.a)->sa.spi, old);
	assert_true(engine_clear(&p.b.e, &session) > 0);
	pair_pass(&p, 3000);
	assert_int_equal(pair_sas(&p.b), 1);	/* over which a dead SPI would be told now */
	pair_pass(&p, 6000);
	assert_int_not_equal(pair_current(&p.a)->sa.spi, old);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* Who cleared it makes a new one itself: the other does not, too. */
static void
test_cleared_by_who_wants_it(void **state)
{
	struct ipc_clear isakmp = {.what = CLEAR_IKE_SA};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up_both(&p);
	pair_pass(&p, 60000);
	assert_true(engine_clear(&p.a.e, &isakmp) > 0);
	pair_pass(&p, 10000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static void
test_crash_amid_rekey(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 60000);
	pair_soft_expiry(&p.a);
	pair_run(&p);
	assert_int_equal(pair_children(&p.a), 2);
	pair_crash(&p.a);
	pair_pass(&p, 60000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/*
 * Traffic goes one way, from who rekeys: nothing comes in on the new pair, which waits for
 * that, while the old one runs out of kilobytes.
 */
static void
test_end_of_a_pair_moves_the_initiator(void **state)
{
	struct ipc_sa_expire x = {.why = EXPIRE_BYTES};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 40000);
	x.spi = pair_current(&p.a)->sa.spi;
	engine_sa_expire(&p.a.e, &x);
	pair_run(&p);
	assert_int_equal(pair_current(&p.a)->sa.spi, x.spi);
	engine_sa_expire(&p.a.e, &x);
	assert_int_not_equal(pair_current(&p.a)->sa.spi, x.spi);
	assert_true(pair_works(&p));
	assert_int_equal(p.lacking, 0);
	assert_int_equal(pair_children(&p.a), 2);	/* one renewal, not two */
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_rekey_qm3_lost),
		cmocka_unit_test(test_rekey_first_packet_instead_of_qm3),
		cmocka_unit_test(test_crossing_rekeys),
		cmocka_unit_test(test_rekey_soon),
		cmocka_unit_test(test_rekey_at_once),
		cmocka_unit_test(test_phase1_rekey),
		cmocka_unit_test(test_clear_isakmp_rekeys),
		cmocka_unit_test(test_cleared_in_two_steps),
		cmocka_unit_test(test_cleared_by_who_wants_it),
		cmocka_unit_test(test_crash_amid_rekey),
		cmocka_unit_test(test_end_of_a_pair_moves_the_initiator),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
