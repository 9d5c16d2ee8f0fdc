/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1: dead peers, deletes, restarts, and a NAT that changes its mind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair.h"

static void
test_dpd(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 30000);
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 30000);
	assert_true(pair_works(&p));
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
	p.filter = pair_lose_all;
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 9000);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
	pair_pass(&p, 2000);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 1);
	assert_int_equal(pair_children(&p.a), 0);
	p.filter = NULL;
	pair_pass(&p, 60000);
	assert_true(pair_works(&p));
	/* INITIAL-CONTACT removed what the other side still had. */
	assert_int_equal(pair_children(&p.b), 1);
	pair_free(&p);
}

static void
test_dpd_periodic(void **state)
{
	struct ipc_ike_global periodic = {.enabled = 1, .dpd_s = 10, .dpd_retry_s = 2,
	    .dpd_periodic = 1};
	struct pair p;
	unsigned int before;

	(void)state;
	pair_init(&p, "k", "k");
	conf_set_global(&p.a.e.conf, &periodic);
	pair_up(&p);
	before = p.sent;
	pair_pass(&p, 95000);
	assert_int_equal(p.sent - before, 18);
	assert_true(pair_works(&p));
	pair_free(&p);
}

static void
test_clear(void **state)
{
	struct ipc_clear pairs = {.what = CLEAR_IPSEC_SA}, session = {.what = CLEAR_SESSION};
	struct pair p;
	uint32_t ref;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	ref = p.b.last_state.peer_ref;
	assert_int_equal(engine_clear(&p.b.e, &pairs), 1);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(p.b.last_state.peer_ref, ref);
	pair_pass(&p, 20000);
	session.local = p.b.addr;		/* not ours */
	assert_int_equal(engine_clear(&p.a.e, &session), 0);
	session = (struct ipc_clear){.what = CLEAR_SESSION, .peer = p.b.addr, .peer_port = 4500};
	assert_int_equal(engine_clear(&p.a.e, &session), 0);
	session.local = p.a.addr;
	session.peer_port = session.local_port = 500;
	assert_int_equal(engine_clear(&p.a.e, &session), 2);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.b.last_state.peer_ref, ref);
	pair_free(&p);
}

static void
test_peer_restarts(void **state)
{
	struct pair p;
	uint32_t ref;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	ref = p.b.last_state.peer_ref;
	pair_reboot(&p.a);
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.b.last_state.peer_ref, ref);
	assert_int_equal(p.b.last_state.state, PEER_UP);
	pair_free(&p);
}

static void
test_hub_restarts(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	pair_reboot(&p.b);
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 30000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	pair_free(&p);
}

static void
test_daemon_crash(void **state)
{
	struct pair p;
	uint32_t ref, spi;
	unsigned int sent;
	mono_t up_since;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	up_since = p.b.e.peers->up_since;
	pair_pass(&p, 60000);
	pair_soft_expiry(&p.a);
	pair_pass(&p, 60000);
	ref = p.b.e.peers->ref;
	spi = pair_current(&p.b)->sa.spi;
	sent = p.sent;
	pair_crash(&p.b);
	pair_crash(&p.a);
	pair_pass(&p, 60000);
	assert_int_equal(p.sent, sent);
	assert_int_equal(p.b.e.peers->ref, ref);
	assert_int_equal(pair_current(&p.b)->sa.spi, spi);
	assert_int_equal(p.b.e.peers->status, PEER_UP);
	/* The session began with its first pair, and this is the second. */
	assert_int_equal(p.b.e.peers->up_since.us, up_since.us);
	assert_true(up_since.us > 0);
	/* What was restored still serves: DPD, a rekey, a delete. */
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 20000);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
	pair_soft_expiry(&p.a);
	pair_pass(&p, 60000);
	assert_int_not_equal(pair_current(&p.b)->sa.spi, spi);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static void
test_protection_removed(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 20000);
	engine_protection_gone(&p.a.e, "Tunnel0");
	conf_del_protection(&p.a.e.conf, "Tunnel0");
	engine_config_done(&p.a.e);
	pair_pass(&p, 2000);
	assert_int_equal(pair_children(&p.a), 0);
	assert_int_equal(pair_children(&p.b), 0);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_int_equal(p.b.last_state.state, PEER_DOWN);
	pair_free(&p);
}

static void
test_espd_away(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	p.b.espd_silent = true;
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_int_equal(pair_children(&p.b), 0);
	p.b.espd_silent = false;
	engine_espd_up(&p.b.e, true);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* --- NAT --- */

static void
behind_nat(struct pair *p)
{
	pair_init(p, "k", "k");
	pair_behind_nat(p);
	pair_up(p);
}

static void
test_nat(void **state)
{
	struct ipc_peer_moved moved;
	struct pair p;
	uint32_t ref;

	(void)state;
	behind_nat(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.a.sas[0].encap, 1);
	assert_int_equal(p.b.e.peers->path.remote_port, 61234);
	assert_int_equal(p.b.e.peers->path.local_port, 4500);
	assert_true(p.b.e.peers->natted);
	assert_true(addr_eq(&p.b.sas[0].ts_remote.addr, &p.nat));
	ref = p.b.e.peers->ref;
	/* The NAT forgets and gives another port: espd saw an authenticated packet from it. */
	p.nat_port_4500 = 40000;
	moved = (struct ipc_peer_moved){.peer_ref = ref, .remote = p.nat, .remote_port = 40000};
	engine_peer_moved(&p.b.e, &moved);
	assert_int_equal(p.b.e.peers->path.remote_port, 40000);
	engine_sa_idle(&p.b.e, pair_current(&p.b)->sa.spi);
	pair_pass(&p, 20000);
	assert_int_equal(p.b.e.counter[IKE_PEER_DEAD], 0);
	/* And once more: this time IKE sees it first. */
	p.nat_port_4500 = 40001;
	pair_soft_expiry(&p.a);
	pair_pass(&p, 60000);
	assert_int_equal(p.b.e.peers->path.remote_port, 40001);
	assert_int_equal(p.b.e.peers->ref, ref);
	assert_true(pair_works(&p));
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	pair_free(&p);
}

static void
test_nat_restart_keeps_ref(void **state)
{
	struct pair p;
	uint32_t ref;

	(void)state;
	behind_nat(&p);
	pair_pass(&p, 20000);
	ref = p.b.e.peers->ref;
	pair_reboot(&p.a);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(HASH_COUNT(p.b.e.peers), 1);
	assert_int_equal(p.b.e.peers->ref, ref);
	assert_int_equal(pair_sas(&p.b), 1);
	pair_free(&p);
}

/* The NAT's address is one, the spokes are two: each has its peer, and neither clears the other. */
static void
test_two_behind_one_nat(void **state)
{
	struct ipc_clear clear = {.what = CLEAR_IPSEC_SA};
	struct pair p;
	uint32_t first;

	(void)state;
	behind_nat(&p);
	first = pair_current(&p.b)->sa.spi;
	/* Another spoke takes the place of the first on our wire; the first falls silent. */
	conf_del_protection(&p.a.e.conf, "Tunnel0");
	addr_parse(&p.a.addr, "10.1.1.3");
	p.nat_port_500 = 1025;
	p.nat_port_4500 = 61235;
	pair_reboot(&p.a);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 2);
	assert_int_equal(pair_sas(&p.b), 2);
	assert_int_equal(pair_children(&p.b), 2);
	assert_true(pair_works(&p));
	/* Its own DELETE takes its own pair only. */
	engine_clear(&p.a.e, &clear);
	p.filter = pair_lose_all;
	pair_run(&p);
	assert_int_equal(pair_children(&p.b), 1);
	assert_non_null(child_by_spi(&p.b.e, first));
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dpd),
		cmocka_unit_test(test_dpd_periodic),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_peer_restarts),
		cmocka_unit_test(test_hub_restarts),
		cmocka_unit_test(test_daemon_crash),
		cmocka_unit_test(test_protection_removed),
		cmocka_unit_test(test_espd_away),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_nat_restart_keeps_ref),
		cmocka_unit_test(test_two_behind_one_nat),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
