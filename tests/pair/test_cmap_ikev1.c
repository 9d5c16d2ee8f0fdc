/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps with IKEv1: the identities of quick mode, and the recovery of invalid SPIs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmap_scene.h"
#include "spi_recovery.h"
#include "static_peer.h"

/* The identities must mirror each other exactly. */
static void
test_other_identities_are_refused(void **state)
{
	static const struct cmap_line wider = {.seq = 10, .local = "10.1.0.0/15", .remote = "10.2.0.0/16"};
	static const struct cmap_line tcp = {.seq = 10, .proto = 6, .local = "10.1.0.0/16",
	    .remote = "10.2.0.0/16"};
	static const struct cmap_line *const wrong[] = {&wider, &tcp, &cmap_ssh_a};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct pair p;

		pair_init(&p, "k", "k");
		cmap_both(&p, wrong[i], &cmap_web_b);
		cmap_packet(&p.a, wrong[i]);
		pair_pass(&p, 60000);
		assert_int_equal(pair_sas(&p.a), 1);
		assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
		assert_true(p.b.e.counter[IKE_DROP_REFUSED] > 0);
		assert_int_equal(p.a.e.counter[IKE_QUICK_FAILED], 1);
		pair_free(&p);
	}
}

/* The peer of a dynamic entry falls silent: nobody speaks to it unasked, and it is forgotten. */
static void
test_a_lost_peer_is_forgotten(void **state)
{
	struct ike_peer *peer;
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_set_line(&p.b, &cmap_any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	cmap_packet(&p.a, &cmap_web_a);
	assert_int_equal(pair_children(&p.b), 1);
	p.filter = pair_lose_all;
	sa_remove(p.b.e.sas);
	peer = p.b.e.peers;
	peer_drop_sas(peer, false);
	peer_lost(peer);
	assert_int_equal(pair_children(&p.b), 0);
	p.sent = 0;
	loop_advance(p.loop, mono_s(61));
	assert_int_equal(HASH_COUNT(p.b.e.peers), 0);
	assert_int_equal(p.sent, 0);
	pair_free(&p);
}

/* With an access list the peer's identities must lie within one of its lines. */
static void
test_a_dynamic_entry_has_its_limits(void **state)
{
	static const struct cmap_line
		limits = {.seq = 10, .local = "10.9.0.0/16", .remote = "10.0.0.0/8", .dynamic = true},
		inside = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.9.8.0/24"},
		outside = {.seq = 20, .local = "10.1.0.0/16", .remote = "10.8.0.0/16"},
		around = {.seq = 30, .local = "0.0.0.0/0", .remote = "10.9.0.0/16"};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_set_line(&p.b, &limits, &p.b.addr, NULL);
	cmap_set_line(&p.a, &inside, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &outside, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &around, &p.a.addr, &p.b.addr);
	cmap_packet(&p.a, &inside);
	cmap_packet(&p.a, &outside);
	cmap_packet(&p.a, &around);
	pair_pass(&p, 60000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.9.8.0/24");
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.a.e.counter[IKE_QUICK_FAILED], 2);
	pair_free(&p);
}

static void
check_recovery(bool dynamic)
{
	struct pair p;
	struct ipc_spi_unknown u = {.proto = 50, .spi = 0x70001, .count = 1, .ifname = "wan0"};
	struct ipc_ike_global g;

	pair_init(&p, "k", "k");
	g = p.b.e.conf.global;
	g.recovery = 1;
	conf_set_global(&p.b.e.conf, &g);
	cmap_set_line(&p.b, dynamic ? &cmap_any_b : &cmap_web_b, &p.b.addr, dynamic ? NULL : &p.a.addr);
	if (!dynamic)
		cmap_set_peer(&p.b, &cmap_web_b, 1, "192.0.2.77");
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	u.src = p.a.addr;
	u.dst = p.b.addr;
	assert_true((static_peer(&p.b.e, &u.dst, &u.src) != NULL) == !dynamic);
	spi_unknown(&p.b.e, &u);
	pair_pass(&p, 2100);
	spi_unknown(&p.b.e, &u);
	pair_run(&p);
	assert_int_equal(pair_sas(&p.b), dynamic ? 0 : 1);
	assert_int_equal(p.b.e.spi_flows->decision, dynamic ? SPI_NOT_STATIC : SPI_RECOVERED);
	/* Any address that the entry names is a static peer's. */
	assert_true(addr_parse(&u.src, "192.0.2.77"));
	assert_true((static_peer(&p.b.e, &u.dst, &u.src) != NULL) == !dynamic);
	pair_free(&p);
}

static void
test_recovery(void **state)
{
	(void)state;
	check_recovery(false);
	check_recovery(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_identities_are_refused),
		cmocka_unit_test(test_a_lost_peer_is_forgotten),
		cmocka_unit_test(test_a_dynamic_entry_has_its_limits),
		cmocka_unit_test(test_recovery),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
