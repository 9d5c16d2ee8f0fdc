/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto call admission: both versions, both directions, and who is here already. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ike_wire.h"
#include "ikev2.h"
#include "pair.h"
#include "payload2.h"

static void
offer1(struct pair *p, uint32_t from)
{
	struct addr source = addr_v4(from);

	pair_forge_main1(p, &source);
}

static enum admission
asks2(struct pair *p, uint32_t from)
{
	struct ike_path path = {p->b.addr, addr_v4(from), 500, 500};

	return admission_of_offer(&p->b.e, 2, &path);
}

static void
hub(struct pair *p, unsigned int version)
{
	pair_init_version(p, version);
	pair_protect(&p->b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
}

static void
begin(struct pair *p)
{
	pair_protect(&p->a, TUNNEL_GRE, MODE_TRANSPORT, &p->b.addr);
	pair_run(p);
	pair_pass(p, 3000);
}

/* Either version, as responder: no SA more than may be, and nothing is allocated for it. */
static void
test_sa_limit_of_responder(void **state)
{
	struct ipc_row_admission r;
	struct ipc_clear clear = {.what = CLEAR_SESSION};
	unsigned int version;
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++) {
		hub(&p, version);
		p.b.e.admission.limit.ike_sas = 1;
		begin(&p);
		assert_true(pair_works(&p));
		if (version == 1) {
			offer1(&p, 0x0a000001);
			assert_int_equal(p.b.e.half_open, 0);
			assert_int_equal(p.b.e.counter[IKE_DROP_ADMISSION], 1);
			assert_int_equal(asks2(&p, 0x0a000001), ADMISSION_SAS);
		} else {
			assert_false(admission_answer(&p.b.e, asks2(&p, 0x0a000001)));
		}
		admission_row(&p.b.e, &r);
		assert_int_equal(r.active1 + r.active2, 1);
		assert_int_equal(r.in_accepted, 1);
		assert_int_equal(r.in_rejected, 1);
		assert_int_equal(r.by_sas, 1);
		assert_int_equal(r.pairs_in, 1);
		assert_int_equal(r.pairs, 1);
		/* Room again, once that one is gone. */
		engine_clear(&p.b.e, &clear);
		pair_run(&p);
		assert_int_equal(asks2(&p, 0x0a000001), ADMITTED);
		pair_free(&p);
	}
}

/* A full router still replaces what it has. */
static void
test_successors_are_admitted(void **state)
{
	struct pair p;

	(void)state;
	hub(&p, 1);
	p.a.e.admission.limit.ike_sas = p.b.e.admission.limit.ike_sas = 1;
	begin(&p);
	assert_int_equal(pair_sas(&p.b), 1);
	pair_pass(&p, 85000 * 1000u);
	assert_true(p.b.e.counter[IKE_MAIN_DONE] >= 2);
	assert_true(pair_works(&p));
	assert_int_equal(p.b.e.admission.in_rejected, 0);
	assert_int_equal(p.a.e.admission.out_rejected, 0);
	pair_free(&p);
}

/* One address has one share of each version: what is forged in IKEv1, which has no cookies,
 * takes no place of IKEv2. */
static void
test_share_is_of_each_version(void **state)
{
	unsigned int i;
	struct pair p;

	(void)state;
	hub(&p, 1);
	p.filter = pair_lose_all;
	for (i = 0; i < 32; i++)
		offer1(&p, 0x0a000001);
	assert_int_equal(p.b.e.half_open, 32);
	offer1(&p, 0x0a000001);
	assert_int_equal(p.b.e.half_open, 32);
	assert_int_equal(asks2(&p, 0x0a000001), ADMITTED);
	pair_free(&p);
}

/* Forgers fill what may be half open, and keep nobody out who answers; nor us from beginning. */
static void
test_in_negotiation(void **state)
{
	struct pair p;
	uint32_t i;

	(void)state;
	hub(&p, 1);
	p.b.e.admission.limit.in_negotiation = 10;
	p.filter = pair_lose_all;
	for (i = 0; i < 200; i++)
		offer1(&p, 0x0a000001 + i);
	assert_int_equal(p.b.e.half_open, 10);
	assert_int_equal(asks2(&p, 0x0b000001), ADMISSION_HALF_OPEN);
	assert_true(admission_begin(&p.b.e, 1, &p.b.addr, &p.a.addr));
	p.filter = NULL;
	begin(&p);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* Nothing is begun over the limit, in either version, and it is counted. */
static void
test_outgoing(void **state)
{
	struct ipc_row_admission r;
	unsigned int version;
	struct addr third = addr_v4(0x0a000001);
	struct pair p;

	(void)state;
	for (version = 1; version <= 2; version++) {
		hub(&p, version);
		p.a.e.admission.limit.ike_sas = 1;
		begin(&p);
		assert_true(pair_works(&p));
		assert_false(admission_begin(&p.a.e, version, &p.a.addr, &third));
		assert_true(admission_begin(&p.a.e, version, &p.a.addr, &p.b.addr));
		admission_row(&p.a.e, &r);
		assert_int_equal(r.out_accepted, 2);
		assert_int_equal(r.out_rejected, 1);
		assert_int_equal(r.negotiating1 + r.negotiating2, 0);
		pair_free(&p);
	}
}

/* `crypto ikev2 limit ... outgoing` is about what we begin in IKEv2, and about nothing else. */
static void
test_outgoing_limit(void **state)
{
	struct addr third = addr_v4(0x0a000001);
	struct pair p;

	(void)state;
	hub(&p, 2);
	p.a.e.conf.v2.global.max_negotiating_ours = 1;
	assert_true(admission_begin(&p.a.e, 2, &p.a.addr, &third));
	p.filter = pair_lose_all;
	begin(&p);
	assert_int_equal(p.a.e.half_open2_ours, 1);
	assert_false(admission_begin(&p.a.e, 2, &p.a.addr, &third));
	assert_true(admission_begin(&p.a.e, 1, &p.a.addr, &third));
	assert_int_equal(asks2(&p, 0x0b000001), ADMITTED);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outgoing_limit),
		cmocka_unit_test(test_sa_limit_of_responder),
		cmocka_unit_test(test_successors_are_admitted),
		cmocka_unit_test(test_share_is_of_each_version),
		cmocka_unit_test(test_in_negotiation),
		cmocka_unit_test(test_outgoing),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
