/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps between two engines, by either version of IKE: lines on demand,
 * several peers, and peers that come by themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "cmap_scene.h"
#include "log.h"

struct version {
	unsigned int number;
	unsigned int first_line, next_line;	/* datagrams that bring it up */
};

static struct version versions[] = {{1, 9, 3}, {2, 4, 2}};

static const struct version *
begin(struct pair *p, void **state)
{
	const struct version *v = *state;

	pair_init_version(p, v->number);
	return v;
}

/* --- static entries --- */

static void
test_traffic_brings_a_line_up(void **state)
{
	const struct version *v;
	struct pair p;
	int from_b;

	for (from_b = 0; from_b < 2; from_b++) {
		v = begin(&p, state);
		cmap_both(&p, &cmap_web_a, &cmap_web_b);
		pair_pass(&p, 5000);
		assert_int_equal(p.sent, 0);		/* nobody asked */
		cmap_traffic(from_b ? &p.b : &p.a, from_b ? &cmap_web_b : &cmap_web_a);
		cmap_check_web(&p);
		assert_int_equal(p.sent, v->first_line);
		assert_int_equal(p.lacking, 0);
		pair_free(&p);
	}
}

/* Each line is a negotiation of its own, under the same IKE SA. */
static void
test_lines_share_an_ike_sa(void **state)
{
	struct pair p;
	const struct version *v = begin(&p, state);

	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_both(&p, &cmap_ssh_a, &cmap_ssh_b);
	cmap_traffic(&p.a, &cmap_web_a);
	assert_null(cmap_current(&p.a, "10.4.0.0/24"));
	cmap_traffic(&p.b, &cmap_ssh_b);
	cmap_check_web(&p);
	cmap_check_flow(&p, "10.3.0.1/32", "10.4.0.0/24");
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_proto, 6);
	assert_int_equal(cmap_current(&p.a, "10.4.0.0/24")->ts_local_port, 22);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.sent, v->first_line + v->next_line);
	pair_free(&p);
}

/* What one side deletes the other forgets, and the next packet brings it back. */
static void
test_delete(void **state)
{
	struct pair p;

	begin(&p, state);
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_traffic(&p.a, &cmap_web_a);
	peer_drop_sas(p.b.e.peers, true);
	pair_run(&p);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 120000);
	assert_int_equal(pair_children(&p.a), 0);	/* no traffic, no pair */
	assert_non_null(p.a.e.peers);			/* and the line is still there */
	cmap_traffic(&p.a, &cmap_web_a);
	cmap_check_web(&p);
	pair_free(&p);
}

static void
check_rekey(void **state, bool dynamic, bool from_b)
{
	struct pair p;
	uint32_t old;

	begin(&p, state);
	cmap_set_line(&p.b, dynamic ? &cmap_any_b : &cmap_web_b, &p.b.addr,
	    dynamic ? NULL : &p.a.addr);
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	cmap_traffic(&p.a, &cmap_web_a);
	old = cmap_current(&p.a, "10.2.0.0/16")->spi;
	child_rekey(pair_current(from_b ? &p.b : &p.a));
	pair_pass(&p, 40000);
	cmap_check_web(&p);
	assert_int_not_equal(cmap_current(&p.a, "10.2.0.0/16")->spi, old);
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	pair_free(&p);
}

/* Either side may replace a pair, of a static line and of one that the peer brought. */
static void
test_rekey(void **state)
{
	check_rekey(state, false, false);
	check_rekey(state, false, true);
	check_rekey(state, true, false);
	check_rekey(state, true, true);
}

static void
check_mode(void **state, const struct cmap_line *a, const struct cmap_line *b, uint8_t mode)
{
	struct pair p;

	begin(&p, state);
	cmap_both(&p, a, b);
	cmap_traffic(&p.a, a);
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
		    .mode = MODE_TRANSPORT};
	struct cmap_line nets_a = cmap_web_a, nets_b = cmap_web_b;

	nets_a.mode = nets_b.mode = MODE_TRANSPORT;
	check_mode(state, &hosts_a, &hosts_b, MODE_TRANSPORT);
	check_mode(state, &nets_a, &nets_b, MODE_TUNNEL);
}

/* A changed line is another line: its SAs go. */
static void
test_a_line_is_changed(void **state)
{
	struct ipc_protection prot = {.protection = "M 10 10@wan0", .kind = TUNNEL_CMAP};
	struct pair p;

	begin(&p, state);
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_packet(&p.a, &cmap_web_a);
	assert_int_equal(pair_children(&p.a), 1);
	prot.local = p.a.addr;
	prot.remote = p.b.addr;
	assert_true(prefix_parse(&prot.proxy_local, "10.1.0.0/16"));
	assert_true(prefix_parse(&prot.proxy_remote, "10.5.0.0/16"));
	assert_true(conf_set_protection(&p.a.e.conf, &prot));
	assert_false(conf_set_protection(&p.a.e.conf, &prot));
	pair_free(&p);
}

/* --- several peers --- */

static void
test_the_next_peer_is_tried(void **state)
{
	struct ipc_clear session = {.what = CLEAR_SESSION};
	struct pair p;

	begin(&p, state);
	p.filter = cmap_to_living_only;
	cmap_dead_peer_first(&p);
	cmap_packet(&p.a, &cmap_web_a);
	assert_int_equal(pair_children(&p.a), 0);
	pair_pass(&p, 200000);
	cmap_check_web(&p);
	/* Once it is lost, the order begins anew. */
	engine_clear(&p.b.e, &session);
	pair_run(&p);
	assert_string_equal(ADDR_STR(&p.a.e.peers->path.remote), CMAP_DEAD);
	pair_free(&p);
}

/* When none answers it is given up until the next packet. */
static void
test_all_peers_are_dead(void **state)
{
	unsigned int sent;
	struct pair p;

	begin(&p, state);
	p.filter = pair_lose_all;
	cmap_dead_peer_first(&p);
	cmap_packet(&p.a, &cmap_web_a);
	pair_pass(&p, 400000);
	sent = p.sent;
	assert_true(sent >= 4);
	pair_pass(&p, 400000);
	assert_int_equal(p.sent, sent);
	assert_string_equal(ADDR_STR(&p.a.e.peers->path.remote), CMAP_DEAD);
	cmap_packet(&p.a, &cmap_web_a);
	assert_true(p.sent > sent);
	pair_free(&p);
}

/* A later peer of the list may begin, too: it gets the line. */
static void
test_a_later_peer_begins(void **state)
{
	struct pair p;

	begin(&p, state);
	cmap_dead_peer_first(&p);
	cmap_traffic(&p.b, &cmap_web_b);
	cmap_check_web(&p);
	assert_int_equal(HASH_COUNT(p.a.e.peers), 1);
	pair_free(&p);
}

/* The peer falls silent under a pair: that is found out, and the next address has the line. */
static void
test_silence_goes_on_to_the_next(void **state)
{
	unsigned int waited_ms;
	struct pair p;

	begin(&p, state);
	cmap_both(&p, &cmap_web_a, &cmap_web_b);
	cmap_set_peer(&p.a, &cmap_web_a, 1, "192.0.2.67");
	cmap_traffic(&p.a, &cmap_web_a);
	cmap_check_web(&p);
	p.filter = pair_lose_all;
	engine_sa_idle(&p.a.e, cmap_current(&p.a, "10.2.0.0/16")->spi);
	for (waited_ms = 0; pair_sas(&p.a) > 0 && waited_ms < 60000; waited_ms += 50)
		pair_pass(&p, 50);
	assert_int_equal(pair_children(&p.a), 0);
	assert_string_equal(ADDR_STR(&p.a.e.peers->path.remote), "192.0.2.67");
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
	struct ipc_clear session = {.what = CLEAR_SESSION};
	struct addr second;
	struct pair p;

	begin(&p, state);
	assert_true(addr_parse(&second, "192.0.2.9"));
	cmap_set_line(&p.b, &cmap_any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &one, &p.a.addr, &p.b.addr);
	cmap_set_line(&p.a, &two, &second, &p.b.addr);
	cmap_set_line(&p.a, &three, &second, &p.b.addr);
	cmap_traffic(&p.a, &one);
	cmap_traffic(&p.a, &two);
	cmap_traffic(&p.a, &three);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 3);
	assert_int_equal(pair_children(&p.b), 3);
	assert_int_equal(pair_sas(&p.b), 2);
	cmap_check_flow(&p, "10.1.0.0/16", "10.9.0.0/16");
	assert_int_equal(cmap_current(&p.a, "10.8.0.1/32")->ts_remote_port, 53);
	/* Nobody speaks to them unasked: when they are gone they are gone. */
	engine_clear(&p.a.e, &session);
	pair_run(&p);
	assert_int_equal(pair_children(&p.b), 0);
	p.sent = 0;
	pair_pass(&p, 61000);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 0);
	assert_int_equal(p.sent, 0);
	pair_free(&p);
}

/* A static entry is better than a dynamic one that would take the peer as well. */
static void
test_static_goes_before_dynamic(void **state)
{
	struct pair p;

	begin(&p, state);
	cmap_set_line(&p.b, &cmap_any_b, &p.b.addr, NULL);
	cmap_set_line(&p.b, &cmap_web_b, &p.b.addr, &p.a.addr);
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	cmap_traffic(&p.a, &cmap_web_a);
	cmap_check_web(&p);
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

	begin(&p, state);
	cmap_set_line(&p.b, &cmap_any_b, &p.b.addr, NULL);
	cmap_set_line(&p.a, &cmap_web_a, &p.a.addr, &p.b.addr);
	cmap_traffic(&p.a, &cmap_web_a);
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
	cmap_check_web(&p);
	pair_soft_expiry(&p.a);
	pair_pass(&p, 40000);
	cmap_check_web(&p);
	assert_int_equal(pair_children(&p.b), 1);
	pair_free(&p);
}

/* --- packets in clear --- */

static unsigned int not_ipsec_lines;

static void
count_not_ipsec(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)text;
	not_ipsec_lines += mnemonic != NULL && strcmp(mnemonic, "RECVD_PKT_NOT_IPSEC") == 0;
}

/* Sources may be forged: the log stays short. */
static void
test_packets_in_clear_are_logged(void **state)
{
	struct ipc_not_ipsec m = {.ifname = "wan0", .proto = 1, .count = 1};
	struct pair p;
	unsigned int i;

	begin(&p, state);
	m.src = p.a.addr;
	m.dst = p.b.addr;
	not_ipsec_lines = 0;
	log_set_sink(count_not_ipsec, NULL);
	engine_not_ipsec(&p.b.e, &m);
	assert_int_equal(not_ipsec_lines, 1);
	for (i = 0; i < 6000; i++) {
		engine_not_ipsec(&p.b.e, &m);
		loop_advance(p.loop, mono_ms(10));
	}
	assert_in_range(not_ipsec_lines, 10, 25);
	pair_quiet(NULL);
	pair_free(&p);
}

#define BY_BOTH(f) \
	{"IKEv1: " #f, f, NULL, NULL, &versions[0]}, {"IKEv2: " #f, f, NULL, NULL, &versions[1]}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BY_BOTH(test_traffic_brings_a_line_up),
		BY_BOTH(test_lines_share_an_ike_sa),
		BY_BOTH(test_delete),
		BY_BOTH(test_rekey),
		BY_BOTH(test_transport_mode),
		BY_BOTH(test_a_line_is_changed),
		BY_BOTH(test_the_next_peer_is_tried),
		BY_BOTH(test_all_peers_are_dead),
		BY_BOTH(test_a_later_peer_begins),
		BY_BOTH(test_silence_goes_on_to_the_next),
		BY_BOTH(test_peers_that_come_by_themselves),
		BY_BOTH(test_static_goes_before_dynamic),
		BY_BOTH(test_restart),
		BY_BOTH(test_packets_in_clear_are_logged),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
