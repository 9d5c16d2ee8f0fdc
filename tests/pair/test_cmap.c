/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps between two engines: lines on demand, several peers, and peers that come by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cmap_scene.h"
#include "ike_wire.h"
#include "ikev1.h"
#include "log.h"
#include "pair.h"
#include "proxies.h"
#include "spi_recovery.h"
#include "static_peer.h"

/* --- the scene --- */

static unsigned int not_ipsec_lines;

static void
take_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)text;
	not_ipsec_lines += mnemonic != NULL && strcmp(mnemonic, "RECVD_PKT_NOT_IPSEC") == 0;
}

static int
quiet(void **state)
{
	(void)state;
	not_ipsec_lines = 0;
	log_set_sink(take_line, NULL);
	return 0;
}

static int
loud(void **state)
{
	(void)state;
	log_set_sink(NULL, NULL);
	return 0;
}

static const struct cmap_line
	web_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16"},
	web_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16"},
	ssh_a = {.seq = 20, .proto = 6, .local = "10.3.0.1/32", .remote = "10.4.0.0/24", .local_port = 22},
	ssh_b = {.seq = 20, .proto = 6, .local = "10.4.0.0/24", .remote = "10.3.0.1/32", .remote_port = 22},
	any_b = {.seq = 0, .local = "0.0.0.0/0", .remote = "0.0.0.0/0", .dynamic = true};

/* --- static entries --- */

static void
test_traffic_brings_a_line_up(void **state)
{
	struct pair p;
	int from_b;

	(void)state;
	for (from_b = 0; from_b < 2; from_b++) {
		pair_init(&p, "k", "k");
		cmap_both(&p, &web_a, &web_b);
		pair_pass(&p, 5000);
		assert_int_equal(p.sent, 0);		/* nobody asked */
		cmap_packet(from_b ? &p.b : &p.a, from_b ? &web_b : &web_a);
		cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
		assert_int_equal(p.sent, 9);
		pair_free(&p);
	}
}

/* Each line is a negotiation of its own, under the same ISAKMP SA. */
static void
test_several_lines(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	cmap_both(&p, &ssh_a, &ssh_b);
	cmap_packet(&p.a, &web_a);
	assert_null(cmap_current(&p.a, "10.4.0.0/24"));
	cmap_packet(&p.b, &ssh_b);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	cmap_check_flow(&p, "10.3.0.1/32", "10.4.0.0/24");
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_proto, 6);
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_local_port, 22);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(p.sent, 9 + 3);
	pair_free(&p);
}

static bool
lose_all(struct pair *p, const struct flight *f)
{
	(void)p;
	(void)f;
	return false;
}

/* What one side deletes the other forgets, and the next packet brings it back. */
static void
test_delete(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	cmap_packet(&p.a, &web_a);
	peer_drop_sas(p.b.e.peers, true);
	pair_run(&p);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 120000);
	assert_int_equal(pair_children(&p.a), 0);	/* no traffic, no SA */
	assert_non_null(p.a.e.peers);			/* and the line is still there */
	cmap_packet(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	pair_free(&p);
}

static void
test_rekey(void **state)
{
	struct pair p;
	struct ipc_sa_expire soft = {0};
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	cmap_packet(&p.a, &web_a);
	soft.spi = old = cmap_current(&p.a, "10.2.0.0/16")->spi;
	engine_sa_expire(&p.a.e, &soft);
	pair_pass(&p, 40000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_not_equal(cmap_current(&p.a, "10.2.0.0/16")->spi, old);
	assert_int_equal(pair_children(&p.a), 1);
	pair_free(&p);
}

/* The identities must mirror each other exactly. */
static void
test_other_identities_are_refused(void **state)
{
	static const struct cmap_line wider = {.seq = 10, .local = "10.1.0.0/15", .remote = "10.2.0.0/16"};
	static const struct cmap_line tcp = {.seq = 10, .proto = 6, .local = "10.1.0.0/16",
	    .remote = "10.2.0.0/16"};
	static const struct cmap_line *const wrong[] = {&wider, &tcp, &ssh_a};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct pair p;

		pair_init(&p, "k", "k");
		cmap_both(&p, wrong[i], &web_b);
		cmap_packet(&p.a, wrong[i]);
		pair_pass(&p, 60000);
		assert_int_equal(pair_sas(&p.a), 1);
		assert_int_equal(pair_children(&p.a) + pair_children(&p.b), 0);
		assert_true(p.b.e.counter[IKE_DROP_REFUSED] > 0);
		assert_int_equal(p.a.e.counter[IKE_QUICK_FAILED], 1);
		pair_free(&p);
	}
}

/* Transport mode is for what the two ends say to each other; other lines go in tunnel mode. */
static void
test_transport_mode(void **state)
{
	static const struct cmap_line
		hosts_a = {.seq = 10, .local = "192.0.2.1/32", .remote = "192.0.2.2/32", .mode = MODE_TRANSPORT},
		hosts_b = {.seq = 10, .local = "192.0.2.2/32", .remote = "192.0.2.1/32", .mode = MODE_TRANSPORT},
		nets_a = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.2.0.0/16", .mode = MODE_TRANSPORT},
		nets_b = {.seq = 10, .local = "10.2.0.0/16", .remote = "10.1.0.0/16", .mode = MODE_TRANSPORT};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_both(&p, &hosts_a, &hosts_b);
	cmap_packet(&p.a, &hosts_a);
	cmap_check_flow(&p, "192.0.2.1/32", "192.0.2.2/32");
	assert_int_equal(cmap_current(&p.a, "192.0.2.2/32")->mode, MODE_TRANSPORT);
	pair_free(&p);
	pair_init(&p, "k", "k");
	cmap_both(&p, &nets_a, &nets_b);
	cmap_packet(&p.a, &nets_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(cmap_current(&p.a, "10.2.0.0/16")->mode, MODE_TUNNEL);
	pair_free(&p);
}

/* --- several peers --- */

/* Nobody answers for the address in `nat`, which no translation uses here. */
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
	pair_init(&p, "k", "k");
	p.filter = to_living_only;
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_packet(&p.a, &web_a);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 70000);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	/* Once it is lost, the order begins anew. */
	peer_drop_sas(p.b.e.peers, true);
	pair_run(&p);
	assert_true(addr_eq(&p.a.e.peers->path.remote, &dead));
	pair_free(&p);
}

/* When none answers it is given up until the next packet. */
static void
test_all_peers_are_dead(void **state)
{
	struct addr dead;
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init(&p, "k", "k");
	p.filter = lose_all;
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_packet(&p.a, &web_a);
	pair_pass(&p, 200000);
	sent = p.sent;
	assert_true(sent >= 4);
	pair_pass(&p, 200000);
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
	pair_init(&p, "k", "k");
	assert_true(addr_parse(&dead, "192.0.2.66"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &dead);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.2");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_packet(&p.b, &web_b);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(HASH_COUNT(p.a.e.peers), 1);
	pair_free(&p);
}

static void
test_dead_peer_detection_goes_on_to_the_next(void **state)
{
	struct addr other;
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	assert_true(addr_parse(&other, "192.0.2.67"));
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	cmap_set_peer(&p.a, &web_a, 1, "192.0.2.67");
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_packet(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	p.filter = lose_all;
	engine_sa_idle(&p.a.e, cmap_current(&p.a, "10.2.0.0/16")->spi);
	pair_pass(&p, 15000);
	assert_int_equal(pair_children(&p.a), 0);
	assert_true(addr_eq(&p.a.e.peers->path.remote, &other));
	pair_free(&p);
}

/* --- dynamic entries --- */

/* Two peers, each with two flows: a's engine speaks for both, from two addresses. */
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
	pair_init(&p, "k", "k");
	assert_true(addr_parse(&second, "192.0.2.9"));
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &one, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &two, &second, &p.b.addr);
	cmap_set_line(&p.a, &three, &second, &p.b.addr);
	cmap_packet(&p.a, &one);
	cmap_packet(&p.a, &two);
	cmap_packet(&p.a, &three);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 3);
	assert_int_equal(pair_children(&p.b), 3);
	assert_int_equal(pair_sas(&p.b), 2);
	cmap_check_flow(&p, "10.1.0.0/16", "10.9.0.0/16");
	assert_int_equal(cmap_current(&p.a, "10.8.0.1/32")->ts_remote_port, 53);
	/* Nobody speaks to them unasked: when they are gone they are gone. */
	p.filter = lose_all;
	p.sent = 0;
	while (p.b.e.sas != NULL)
		sa_remove(p.b.e.sas);
	while (pair_children(&p.b) > 0) {
		struct ike_peer *peer, *tmp;

		HASH_ITER (hh, p.b.e.peers, peer, tmp) {
			peer_drop_sas(peer, false);
			peer_lost(peer);
		}
	}
	loop_advance(p.loop, mono_s(61));
	assert_int_equal(HASH_COUNT(p.b.e.peers), 0);
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

/* A static entry is better than a dynamic one that would take the peer as well. */
static void
test_static_goes_before_dynamic(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.b, &web_b, &p.b.addr, &p.a.addr);
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	cmap_packet(&p.a, &web_a);
	cmap_check_flow(&p, "10.1.0.0/16", "10.2.0.0/16");
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	assert_string_equal(p.b.e.peers->protection, "M 10 10@wan0");
	pair_free(&p);
}

/* --- recovery of invalid SPIs --- */

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
	cmap_set_line(&p.b, dynamic ? &any_b : &web_b, &p.b.addr, dynamic ? NULL : &p.a.addr);
	if (!dynamic)
		cmap_set_peer(&p.b, &web_b, 1, "192.0.2.77");
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
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

/* --- what survives a restart --- */

static void
test_restart(void **state)
{
	struct pair p;
	struct ipc_sa had;
	struct proxy local, remote;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_set_line(&p.b, &any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &web_a, &p.a.addr, &p.b.addr);
	cmap_packet(&p.a, &web_a);
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
	pair_free(&p);
}

/* A changed line is another line: its SAs go. */
static void
test_a_line_is_changed(void **state)
{
	static const struct cmap_line other = {.seq = 10, .local = "10.1.0.0/16", .remote = "10.5.0.0/16"};
	struct ipc_protection prot = {.protection = "M 10 10@wan0"};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	cmap_both(&p, &web_a, &web_b);
	cmap_packet(&p.a, &web_a);
	assert_int_equal(pair_children(&p.a), 1);
	prot.local = p.a.addr;
	prot.remote = p.b.addr;
	prot.kind = TUNNEL_CMAP;
	assert_true(prefix_parse(&prot.proxy_local, other.local));
	assert_true(prefix_parse(&prot.proxy_remote, other.remote));
	assert_true(conf_set_protection(&p.a.e.conf, &prot));
	assert_false(conf_set_protection(&p.a.e.conf, &prot));
	pair_free(&p);
}

/* Sources may be forged: the log stays short. */
static void
test_packets_in_clear_are_logged(void **state)
{
	struct ipc_not_ipsec m = {.ifname = "wan0", .proto = 1, .count = 1};
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	m.src = p.a.addr;
	m.dst = p.b.addr;
	not_ipsec_lines = 0;
	engine_not_ipsec(&p.b.e, &m);
	assert_int_equal(not_ipsec_lines, 1);
	for (i = 0; i < 6000; i++) {
		engine_not_ipsec(&p.b.e, &m);
		loop_advance(p.loop, mono_ms(10));
	}
	assert_in_range(not_ipsec_lines, 10, 25);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traffic_brings_a_line_up),
		cmocka_unit_test(test_several_lines),
		cmocka_unit_test(test_delete),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_other_identities_are_refused),
		cmocka_unit_test(test_transport_mode),
		cmocka_unit_test(test_the_next_peer_is_tried),
		cmocka_unit_test(test_all_peers_are_dead),
		cmocka_unit_test(test_a_later_peer_begins),
		cmocka_unit_test(test_dead_peer_detection_goes_on_to_the_next),
		cmocka_unit_test(test_peers_that_come_by_themselves),
		cmocka_unit_test(test_a_dynamic_entry_has_its_limits),
		cmocka_unit_test(test_static_goes_before_dynamic),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_packets_in_clear_are_logged),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_a_line_is_changed),
	};

	return cmocka_run_group_tests(tests, quiet, loud);
}
