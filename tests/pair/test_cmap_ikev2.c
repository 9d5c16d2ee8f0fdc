/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps with IKEv2: a line is a pair under the peer's IKE SA, and offers are narrowed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "cmap_scene.h"
#include "ikev2.h"
#include "log.h"
#include "proxies.h"

static const struct cmap_line
	web_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"},
	web_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16"},
	ssh_a = {.seq = 20, .proto = 6, .local = "10.3.0.1/32", .remote = "10.4.0.0/24",
	    .local_port = 22},
	ssh_b = {.seq = 20, .proto = 6, .local = "10.4.0.0/24", .remote = "10.3.0.1/32",
	    .remote_port = 22},
	any_b = {.seq = 0, .local = "0.0.0.0/0", .remote = "0.0.0.0/0", .dynamic = true};

/* The side that answered sends after two seconds, or when the first packet came. */
static void
traffic(struct pair_side *s, const struct cmap_line *l)
{
	cmap_packet(s, l);
	pair_pass(s->pair, 3000);
}

/* --- static entries --- */

static void
test_traffic_brings_a_line_up(void **state)
{
	struct pair p;
	int from_b;

	(void)state;
	for (from_b = 0; from_b < 2; from_b++) {
		pair_init2(&p, "k", "k");
		cmap_both(&p, &web_a, &web_b);
		pair_pass(&p, 5000);
		assert_int_equal(p.sent, 0);		/* nobody asked */
		traffic(from_b ? &p.b : &p.a, from_b ? &web_b : &web_a);
		cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
		assert_int_equal(p.sent, 4);
		assert_int_equal(p.lacking, 0);
		pair_free(&p);
	}
}

static void
test_lines_share_an_ike_sa(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	cmap_both(&p, &ssh_a, &ssh_b);
	traffic(&p.a, &web_a);
	assert_null(cmap_current(&p.a, "10.4.0.0/24"));
	traffic(&p.b, &ssh_b);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	cmap_check_flow(&p, "10.3.0.1/32", "10.4.0.0/24");
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_proto, 6);
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_local_port, 22);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.sent, 4 + 2);
	pair_free(&p);
}

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
	cmap_both(&p, &web_a, &web_b);
	cmap_both(&p, &ssh_a, &ssh_b);
	cmap_packet(&p.a, &web_a);
	cmap_packet(&p.a, &ssh_a);
	assert_int_equal(p.sent, 1);
	pair_pass(&p, 10000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
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
	cmap_both(&p, &web_a, &web_b);
	cmap_packet(&p.a, &web_a);
	assert_null(cmap_current(&p.b, "10.1.0.0/16"));
	cmap_packet(&p.b, &web_b);
	pair_pass(&p, 3000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(p.sent, 4);
	pair_free(&p);
}

static void
test_delete_and_again(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	traffic(&p.a, &web_a);
	peer_drop_sas(p.b.e.peers, true);
	pair_run(&p);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 120000);
	assert_int_equal(pair_children(&p.a), 0);	/* no traffic, no pair */
	traffic(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	/* The same when all of the IKE SA goes. */
	ikev2_sa_delete(p.b.e.sas2, "the test ends it");
	pair_pass(&p, 1000);
	assert_int_equal(pair_children(&p.a) + pair_sas(&p.a), 0);
	traffic(&p.b, &web_b);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	pair_free(&p);
}

/* Either side may replace a pair, of a static line and of one that the peer brought. */
static void
test_rekey(void **state)
{
	int dynamic, from_b;

	(void)state;
	for (dynamic = 0; dynamic < 2; dynamic++)
		for (from_b = 0; from_b < 2; from_b++) {
			struct pair p;
			uint32_t old;

			pair_init2(&p, "k", "k");
			cmap_set_line(&p.b, dynamic ? &any_b : &web_b, &p.b.addr,
			    dynamic ? NULL : &p.a.addr);
			cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
			traffic(&p.a, &web_a);
			old = cmap_current(&p.a, "10.2.0.0/16")->spi;
			child_rekey((from_b ? p.b : p.a).e.peers->current);
			pair_pass(&p, 40000);
			cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
			assert_int_not_equal(cmap_current(&p.a, "10.2.0.0/16")->spi, old);
			assert_int_equal(pair_children(&p.a), 1);
			assert_int_equal(pair_children(&p.b), 1);
			assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
			pair_free(&p);
		}
}

static void
check_mode(const struct cmap_line *a, const struct cmap_line *b, uint8_t mode)
{
	struct pair p;

	pair_init2(&p, "k", "k");
	cmap_both(&p, a, b);
	traffic(&p.a, a);
	cmap_check_flow(&p, a->local, a->remote);
	assert_int_equal(cmap_current(&p.a, a->remote)->mode, mode);
	assert_int_equal(cmap_current(&p.b, b->remote)->mode, mode);
	pair_free(&p);
}

/* Transport mode is for what the two ends say to each other; other lines go in tunnel mode. */
static void
test_transport_mode(void **state)
{
	static const struct cmap_line
		hosts_a = {.seq = 10, .local = "192.0.2.1/32", .remote = "192.0.2.2/32",
		    .mode = MODE_TRANSPORT},
		hosts_b = {.seq = 10, .local = "192.0.2.2/32", .remote = "192.0.2.1/32",
		    .mode = MODE_TRANSPORT},
		nets_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16",
		    .mode = MODE_TRANSPORT},
		nets_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16",
		    .mode = MODE_TRANSPORT};

	(void)state;
	check_mode(&hosts_a, &hosts_b, MODE_TRANSPORT);
	check_mode(&nets_a, &nets_b, MODE_TUNNEL);
}

/* --- narrowing --- */

/* A VTI offers everything; the line takes its part of it, and the VTI that. */
static void
test_a_wider_offer_is_narrowed(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	pair_protect(&p.a, TUNNEL_VTI, MODE_TUNNEL, &p.b.addr);
	pair_pass(&p, 3000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
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
			cmap_both(&p, other[i], &web_b);
			traffic(from_b ? &p.b : &p.a, from_b ? &web_b : other[i]);
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
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_set_line(&p.a, &ssh_a, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	traffic(&p.a, &ssh_a);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
	traffic(&p.a, &ssh_a);
	assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_REFUSED] > 0);
	/* The IKE SA is none the worse for it. */
	traffic(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(pair_sas(&p.a), 1);
	pair_free(&p);
}

/* --- several peers --- */

static bool
lose_all(struct pair *p, const struct flight *f)
{
	(void)p;
	(void)f;
	return false;
}

static bool
to_living_only(struct pair *p, const struct flight *f)
{
	(void)p;
	return strcmp(ADDR_STR(&f->path.local), "192.0.2.66") != 0;
}

static void
test_the_next_peer_is_tried(void **state)
{
	struct addr dead;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.filter = to_living_only;
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_packet(&p.a, &web_a);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 200000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	/* Once it is lost, the order begins anew. */
	ikev2_sa_delete(p.b.e.sas2, "the test ends it");
	pair_run(&p);
	assert_true(addr_eq(&p.a.e.peers->path.remote, &dead));
	pair_free(&p);
}

static void
test_all_peers_are_dead(void **state)
{
	struct addr dead;
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init2(&p, "k", "k");
	p.filter = lose_all;
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_packet(&p.a, &web_a);
	pair_pass(&p, 400000);
	sent = p.sent;
	assert_true(sent >= 4);
	pair_pass(&p, 400000);
	assert_int_equal(p.sent, sent);
	assert_true(addr_eq(&p.a.e.peers->path.remote, &dead));
	cmap_packet(&p.a, &web_a);
	assert_true(p.sent > sent);
	pair_free(&p);
}

/* A later peer of the list may begin, too: it gets the line. */
static void
test_a_later_peer_begins(void **state)
{
	struct addr dead;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	traffic(&p.b, &web_b);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(HASH_COUNT(p.a.e.peers), 1);
	pair_free(&p);
}

/* The peer falls silent under a pair: liveness finds out, and the next address has the line. */
static void
test_liveness_goes_on_to_the_next(void **state)
{
	struct addr other;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	assert_true(addr_parse(&other, "192.0.2.67"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.67");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	traffic(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	p.filter = lose_all;
	engine_sa_idle(&p.a.e, cmap_current(&p.a, "10.2.0.0/16")->spi);
	while (pair_sas(&p.a) > 0)
		pair_pass(&p, 50);
	assert_int_equal(pair_children(&p.a), 0);
	assert_true(addr_eq(&p.a.e.peers->path.remote, &other));
	pair_free(&p);
}

/* --- dynamic entries --- */

/* Two peers, one with two flows: a's engine speaks for both, from two addresses. */
static void
test_peers_that_come_by_themselves(void **state)
{
	static const struct cmap_line
		one = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.9.0.0/16"},
		two = {.seq = 20, .local = "10.2.0.0/16", .remote = "10.9.0.0/16"},
		three = {.seq = 30, .proto = 17, .local = "10.2.0.0/16", .remote = "10.8.0.1/32",
		    .remote_port = 53};
	struct addr second;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	assert_true(addr_parse(&second, "192.0.2.9"));
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &one, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &two, &second, &p.b.addr);
	cmap_set_line(&p.a, &three, &second, &p.b.addr);
	traffic(&p.a, &one);
	traffic(&p.a, &two);
	traffic(&p.a, &three);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 3);
	assert_int_equal(pair_children(&p.b), 3);
	assert_int_equal(pair_sas(&p.b), 2);
	cmap_check_flow(&p, "10.1.0.0/16", "10.9.0.0/16");
	assert_int_equal(cmap_current(&p.a, "10.8.0.1/32")->ts_remote_port, 53);
	/* Nobody speaks to them unasked: when they are gone they are gone. */
	while (p.a.e.sas2 != NULL) {
		ikev2_sa_delete(p.a.e.sas2, "the test ends it");
		pair_run(&p);
	}
	assert_int_equal(pair_children(&p.b), 0);
	p.sent = 0;
	pair_pass(&p, 61000);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 0);
	assert_int_equal(p.sent, 0);
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
	traffic(&p.a, &inside);
	traffic(&p.a, &outside);
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

/* A static entry is better than a dynamic one that would take the peer as well. */
static void
test_static_goes_before_dynamic(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	traffic(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	assert_string_equal(p.b.e.peers->protection, "M 10 10@wan0");
	pair_free(&p);
}

/* --- what survives a restart --- */

static void
test_restart(void **state)
{
	struct proxy local, remote;
	struct ipc_sa had;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	traffic(&p.a, &web_a);
	had = *cmap_current(&p.b, "10.1.0.0/16");
	pair_crash(&p.b);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	peer_proxies(p.b.e.peers, &local, &remote);
	assert_string_equal(PREFIX_STR(&local.net), "10.2.0.0/16");
	assert_string_equal(PREFIX_STR(&remote.net), "10.1.0.0/16");
	assert_int_equal(p.b.e.peers->current->sa.spi, had.spi);
	pair_crash(&p.a);
	assert_true(p.a.e.peers->on_demand);
	pair_pass(&p, 5000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	child_rekey(p.a.e.peers->current);
	pair_pass(&p, 40000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(pair_children(&p.b), 1);
	pair_free(&p);
}

static void
say_nothing(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)mnemonic;
	(void)text;
}

static int
quiet(void **state)
{
	(void)state;
	log_set_sink(say_nothing, NULL);
	return 0;
}

static int
loud(void **state)
{
	(void)state;
	log_set_sink(NULL, NULL);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traffic_brings_a_line_up),
		cmocka_unit_test(test_lines_share_an_ike_sa),
		cmocka_unit_test(test_a_line_waits_for_the_ike_sa),
		cmocka_unit_test(test_an_answered_pair_is_waited_for),
		cmocka_unit_test(test_delete_and_again),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_transport_mode),
		cmocka_unit_test(test_a_wider_offer_is_narrowed),
		cmocka_unit_test(test_a_part_of_a_line_is_refused),
		cmocka_unit_test(test_foreign_selectors),
		cmocka_unit_test(test_the_next_peer_is_tried),
		cmocka_unit_test(test_all_peers_are_dead),
		cmocka_unit_test(test_a_later_peer_begins),
		cmocka_unit_test(test_liveness_goes_on_to_the_next),
		cmocka_unit_test(test_peers_that_come_by_themselves),
		cmocka_unit_test(test_a_dynamic_entry_has_its_limits),
		cmocka_unit_test(test_static_goes_before_dynamic),
		cmocka_unit_test(test_restart),
	};

	return cmocka_run_group_tests(tests, quiet, loud);
}
