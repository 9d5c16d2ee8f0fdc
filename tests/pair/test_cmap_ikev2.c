/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps with IKEv2: a line is a pair under the peer's IKE SA, and offers are narrowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmap_scene.h"
#include "ikev2.h"

static bool
lose_the_first(struct pair *p, const struct flight *f)
{
	(void)f;
	return p->count++ > 0;
}

/* The second packet finds the IKE SA begun but not up: its line follows by itself. */
static void
test_a_line_waits_for_the_ike_sa(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.filter = lose_the_first;
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_both(&p, &cmap_ssh_a, &cmap_ssh_b);
	cmap_packet(&p.a, &cmap_web_a);
	cmap_packet(&p.a, &cmap_ssh_a);
	assert_int_equal(p.sent, 1);
	pair_pass(&p, 10000);
	cmap_check_web(&p);
	cmap_check_flow(&p, "10.3.0.1/32", "10.4.0.0/24");
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(p.sent, 1 + 4 + 2);
	pair_free(&p);
}

/* A packet of the side that answered finds a pair that only waits to be used: no second one. */
static void
test_an_answered_pair_is_waited_for(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_packet(&p.a, &cmap_web_a);
	assert_null(cmap_current(&p.b, "10.1.0.0/16"));
	cmap_packet(&p.b, &cmap_web_b);
	pair_pass(&p, 3000);
	cmap_check_web(&p);
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(p.sent, 4);
	pair_free(&p);
}

static void
test_the_ike_sa_goes(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_traffic(&p.a, &cmap_web_a);
	ikev2_sa_delete(p.b.e.sas2, "the test ends it");
	pair_pass(&p, 1000);
	assert_int_equal(pair_children(&p.a) + pair_sas(&p.a), 0);
	cmap_traffic(&p.b, &cmap_web_b);
	cmap_check_web(&p);
	pair_free(&p);
}

/* --- narrowing --- */

/* A VTI offers everything; the line takes its part of it, and the VTI that. */
static void
test_a_wider_offer_is_narrowed(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &cmap_web_b, &p.b.addr, &p.a.addr);
	pair_protect(&p.a, TUNNEL_VTI, MODE_TUNNEL, &p.b.addr);
	pair_pass(&p, 3000);
	cmap_check_web(&p);
	assert_string_equal(p.b.e.peers->protection, "M 10 10@wan0");
	pair_free(&p);
}

/* What a line protects is protected whole or not at all, whoever has the smaller part. */
static void
test_a_part_of_a_line_is_refused(void **state)
{
	static const struct cmap_line
		wide = {.seq = 10, .local = "10.0.0.0/15", .remote = "10.2.0.0/16"},
		tcp = {.seq = 10, .proto = 6, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"};
	const struct cmap_line *const other[] = {&wide, &tcp};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		int from_b;

		for (from_b = 0; from_b < 2; from_b++) {
			struct pair p;

			pair_init2(&p, "k", "k");
			cmap_both(&p, other[i], &cmap_web_b);
			cmap_traffic(from_b ? &p.b : &p.a, from_b ? &cmap_web_b : other[i]);
			pair_pass(&p, 60000);
			assert_int_equal(pair_sas(&p.a), 1);
			assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
			pair_free(&p);
		}
	}
}

static void
test_foreign_selectors(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &cmap_web_b, &p.b.addr, &p.a.addr);
	cmap_set_line(&p.a, &cmap_ssh_a, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	cmap_traffic(&p.a, &cmap_ssh_a);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
	cmap_traffic(&p.a, &cmap_ssh_a);
	assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_REFUSED] > 0);
	/* The IKE SA is none the worse for it. */
	cmap_traffic(&p.a, &cmap_web_a);
	cmap_check_web(&p);
	assert_int_equal(pair_sas(&p.a), 1);
	pair_free(&p);
}

/* What lies within the entry's lines is taken as it is, what lies around them narrowed to them. */
static void
test_a_dynamic_entry_has_its_limits(void **state)
{
	static const struct cmap_line
		limits = {.seq = 10, .local = "10.9.0.0/16", .remote = "10.0.0.0/8", .dynamic = true},
		inside = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.9.8.0/24"},
		outside = {.seq = 20, .local = "10.1.0.0/16", .remote = "10.8.0.0/16"};
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &limits, &p.b.addr, NULL);
	cmap_set_line(&p.a, &inside, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &outside, &p.a.addr, &p.b.addr);
	cmap_traffic(&p.a, &inside);
	cmap_traffic(&p.a, &outside);
	cmap_check_flow(&p, "10.1.0.0/16", "10.9.8.0/24");
	assert_int_equal(pair_children(&p.b), 1);
	pair_free(&p);
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &limits, &p.b.addr, NULL);
	pair_protect(&p.a, TUNNEL_VTI, MODE_TUNNEL, &p.b.addr);
	pair_pass(&p, 3000);
	cmap_check_flow(&p, "10.0.0.0/8", "10.9.0.0/16");
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_waits_for_the_ike_sa),
		cmocka_unit_test(test_an_answered_pair_is_waited_for),
		cmocka_unit_test(test_the_ike_sa_goes),
		cmocka_unit_test(test_a_wider_offer_is_narrowed),
		cmocka_unit_test(test_a_part_of_a_line_is_refused),
		cmocka_unit_test(test_foreign_selectors),
		cmocka_unit_test(test_a_dynamic_entry_has_its_limits),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
