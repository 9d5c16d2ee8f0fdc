/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole IKEv2 negotiations between two engines: the good ones, and what goes wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike_wire.h"
#include "payload2.h"
#include "settled2.h"

static void
test_comes_up(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "sesame");
	pair_up(&p);
	assert_int_equal(p.b.last_state.state, PEER_IPSEC);
	pair_pass(&p, 2000);
	assert_true(pair_works(&p));
	assert_int_equal(p.sent, 4);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_true(pair_ikev2_sa(&p.a)->initiator);
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

/* Whoever goes on talking has our answer, and with it the pair: no need to wait for its ESP. */
static void
test_next_request_shows_that_the_pair_is_there(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "sesame");
	pair_up(&p);
	assert_int_equal(p.b.out_spi, 0);
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.b.last_state.state, PEER_UP);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/* nhrpd may ask for a session before control has said how it is protected. */
static void
test_wanted_before_it_is_configured(void **state)
{
	struct ike_path to_a = {.local_port = IKE_PORT, .remote_port = IKE_PORT};
	struct ike_peer *early;
	struct pair p;

	(void)state;
	pair_init2(&p, "sesame", "sesame");
	to_a.local = p.b.addr;
	to_a.remote = p.a.addr;
	early = peer_new(&p.b.e, "Tunnel0", &to_a);
	early->wanted = true;
	peer_bring_up(early);
	pair_up(&p);
	pair_pass(&p, 2000);
	assert_true(pair_works(&p));
	assert_int_equal(early->version->number, 2);
	assert_ptr_equal(pair_current(&p.b)->peer, early);
	peer_drop_sas(early, true);
	assert_null(pair_ikev2_sa(&p.b)->children);	/* its SA knows that they are gone */
	pair_pass(&p, 20000);
	assert_true(pair_works(&p));
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

/* crypto ikev2 diagnose error: nothing unless it is configured; equal ones are one. */
static void
test_errors_are_kept(void **state)
{
	struct pair p;
	const struct diagnose_entry *first;
	struct ipc_row_ikev2_errors head;

	(void)state;
	pair_init2(&p, "sesame", "caraway");
	p.b.e.conf.v2.global.diagnose = 2;
	pair_up(&p);
	assert_null(p.a.e.diagnose.entries);
	first = p.b.e.diagnose.entries;
	assert_non_null(first);
	assert_true(p.b.e.diagnose.count <= 2);
	diagnose_note(&p.b.e, "one");
	diagnose_note(&p.b.e, "two");
	diagnose_note(&p.b.e, "one");
	first = p.b.e.diagnose.entries;
	assert_string_equal(first->text, "one");
	assert_int_equal(first->count, 2);
	assert_string_equal(first->next->text, "two");
	assert_null(first->next->next);
	diagnose_head(&p.b.e, &head);
	assert_int_equal(head.entries, 2);
	assert_true(head.deleted > 0);
	pair_free(&p);
}

/* --- IKE_SA_INIT's answers that are none --- */

static void
test_cookie(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.b.e.conf.v2.global.cookie_challenge = 1;
	p.b.e.half_open2 += 5;
	pair_up(&p);
	pair_pass(&p, 3000);
	settled2(&p);
	assert_int_equal(p.sent, 6);
	assert_int_equal(p.b.e.counter[IKE_V2_COOKIES], 1);
	pair_free(&p);
}

/* The initiator is never heard of again: nothing is remembered of it. */
static void
test_cookie_costs_nothing(void **state)
{
	struct pair p;
	int i;

	(void)state;
	pair_init2(&p, "k", "k");
	p.b.e.conf.v2.global.cookie_challenge = 1;
	p.b.e.half_open2 += 5;
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	for (i = 0; i < 20; i++)
		assert_non_null(ikev2_init_start(&p.a.e, "V2", &p.a.addr, &p.b.addr, 0));
	p.filter = NULL;
	while (p.on_wire > 0) {
		struct flight *f = p.wire[--p.on_wire];

		if (f->to == &p.b)
			engine_receive(&p.b.e, &f->path, slice_of(f->b, f->len));
		free(f);
		if (p.b.e.counter[IKE_RECEIVED] >= 20)
			break;
	}
	assert_int_equal(p.b.e.counter[IKE_V2_COOKIES], 20);
	assert_null(p.b.e.sas2);
	pair_free(&p);
}

static void
test_other_group(void **state)
{
	struct ipc_ikev2_proposal proposal = {.name = "P", .encr0 = CIPHER_AES_CBC, .bits0 = 256,
	    .integ0 = INTEG_HMAC_SHA256_128, .prf0 = HASH_SHA384, .group0 = 20, .group1 = 19};
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
	proposal.group0 = 14;
	conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
	pair_up(&p);
	pair_pass(&p, 3000);
	settled2(&p);
	assert_int_equal(p.b.e.counter[IKE_V2_INVALID_KE], 1);
	assert_int_equal(pair_ikev2_sa(&p.a)->agreed.group, 19);
	assert_int_equal(pair_ikev2_sa(&p.a)->agreed.cipher, CIPHER_AES_CBC);
	child_rekey(pair_current(&p.b));
	pair_pass(&p, 15000);
	settled2(&p);
	pair_free(&p);
}

/* --- ciphers of IKE's own messages, modes, PFS --- */

static void
test_proposals(void **state)
{
	static const struct ipc_ikev2_proposal cases[] = {
		{.encr0 = CIPHER_AES_GCM, .bits0 = 256, .prf0 = HASH_SHA512, .group0 = 31},
		{.encr0 = CIPHER_CHACHA20_POLY1305, .prf0 = HASH_SHA256, .group0 = 19},
		{.encr0 = CIPHER_AES_CTR, .bits0 = 128, .integ0 = INTEG_HMAC_SHA1_96,
		    .prf0 = HASH_SHA1, .group0 = 14},
		{.encr0 = CIPHER_3DES_CBC, .integ0 = INTEG_HMAC_MD5_96, .prf0 = HASH_MD5,
		    .group0 = 2},
		{.encr0 = CIPHER_AES_CBC, .bits0 = 192, .integ0 = INTEG_HMAC_SHA512_256,
		    .prf0 = HASH_SHA384, .group0 = 21},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ipc_ikev2_proposal proposal = cases[i];
		struct pair p;

		snprintf(proposal.name, sizeof(proposal.name), "P");
		pair_init2(&p, "k", "k");
		conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
		conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_PROPOSAL_SET, &proposal);
		pair_up(&p);
		pair_pass(&p, 3000);
		settled2(&p);
		ikev2_task_add(pair_ikev2_sa(&p.a), TASK_REKEY_IKE, 0);
		pair_pass(&p, 15000);
		settled2(&p);
		pair_free(&p);
	}
}

static void
test_pfs(void **state)
{
	struct pair p;

	(void)state;
	settled2_up(&p);
	/* Only one side wants it: the other is told which group, or offers it. */
	p.b.e.conf.profiles->want[0].pfs_group = 19;
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 15000);
	settled2(&p);
	assert_true(p.a.e.counter[IKE_V2_CHILD_FAILED] > 0);
	p.a.e.conf.profiles->want[0].pfs_group = 19;
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 15000);
	settled2(&p);
	assert_int_equal(pair_current(&p.a)->pfs_group, 19);
	p.a.e.conf.profiles->want[0].pfs_group = 0;
	child_rekey(pair_current(&p.b));
	pair_pass(&p, 15000);
	settled2(&p);
	assert_int_equal(pair_current(&p.a)->pfs_group, 19);
	pair_free(&p);
}

static void
test_tunnel_mode(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_VTI, MODE_TUNNEL, &p.a.addr);
	pair_run(&p);
	pair_protect(&p.a, TUNNEL_VTI, MODE_TUNNEL, &p.b.addr);
	pair_pass(&p, 40000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_current(&p.a)->sa.mode, MODE_TUNNEL);
	assert_int_equal(pair_current(&p.a)->sa.ts_local.len, 0);
	pair_free(&p);
}

/* --- fragments (RFC 7383) --- */

static size_t longest;

static bool
measure(struct pair *p, const struct flight *f)
{
	(void)p;
	if (pair_exchange_of(f) != EXCHANGE2_INIT && f->len > longest)
		longest = f->len;
	return true;
}

static void
test_fragments(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.a.e.conf.v2.global.fragment_bytes = p.b.e.conf.v2.global.fragment_bytes = 160;
	p.filter = measure;
	longest = 0;
	p.reverse = true;
	pair_up(&p);
	pair_pass(&p, 3000);
	settled2(&p);
	assert_true(longest <= 160 - 28 - 4);
	p.double_all = true;
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 15000);
	settled2(&p);
	pair_free(&p);
}

/* --- a NAT before one side --- */

static void
test_nat(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	addr_parse(&p.nat, "198.51.100.1");
	p.nat_port_500 = 1024;
	p.nat_port_4500 = 1025;
	pair_up(&p);
	pair_pass(&p, 3000);
	settled2(&p);
	assert_true(pair_ikev2_sa(&p.a)->nat_local && !pair_ikev2_sa(&p.a)->nat_remote);
	assert_true(pair_ikev2_sa(&p.b)->nat_remote && !pair_ikev2_sa(&p.b)->nat_local);
	assert_int_equal(pair_ikev2_sa(&p.b)->path.remote_port, 1025);
	assert_true(p.a.sas[0].encap);
	/* The NAT gives it another port; whatever it says next tells. */
	p.nat_port_4500 = 2000;
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_LIVENESS, 0);
	pair_pass(&p, 1000);
	assert_int_equal(pair_ikev2_sa(&p.b)->path.remote_port, 2000);
	child_rekey(pair_current(&p.b));
	pair_pass(&p, 15000);
	settled2(&p);
	pair_free(&p);
}

/* --- a side that dies --- */

static void
test_survives_a_crash(void **state)
{
	int side;

	(void)state;
	for (side = 0; side < 2; side++) {
		struct pair p;
		struct pair_side *s;
		unsigned int sent;

		settled2_up(&p);
		s = side == 0 ? &p.a : &p.b;
		sent = p.sent;
		pair_crash(s);
		pair_pass(&p, 5000);
		assert_int_equal(p.sent, sent);	/* not a word */
		settled2(&p);
		child_rekey(pair_current(s));
		pair_pass(&p, 15000);
		settled2(&p);
		pair_crash(s);
		ikev2_task_add(pair_ikev2_sa(s), TASK_REKEY_IKE, 0);
		pair_pass(&p, 15000);
		settled2(&p);
		child_rekey(pair_current(side == 0 ? &p.b : &p.a));
		pair_pass(&p, 15000);
		settled2(&p);
		pair_free(&p);
	}
}

/* --- liveness --- */

static void
test_dead_peer(void **state)
{
	struct pair p;

	(void)state;
	settled2_up(&p);
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 1000);
	settled2(&p);
	p.filter = pair_lose_all;
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 60000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_children(&p.a), 0);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 1);
	/* It begins again; INITIAL_CONTACT tells the other that what it has is of no use. */
	p.filter = NULL;
	pair_pass(&p, 60000);
	p.lacking = 0;
	settled2(&p);
	pair_free(&p);
}

/* A liveness check is repeated as often as is configured, six times it is said in all. */
static void
test_retry_interval(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	settled2_up(&p);
	p.a.e.conf.v2.global.dpd_retry_s = 7;
	p.filter = pair_lose_all;
	p.sent = 0;
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	for (i = 1; i <= 6; i++) {
		assert_int_equal(p.sent, i);
		pair_pass(&p, 6900);
		assert_int_equal(p.sent, i);
		assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
		pair_pass(&p, 100);
	}
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 1);
	pair_free(&p);
}

/* --- long messages --- */

/* What is not cut into fragments may come whole, where the path lets it. */
static void
test_a_long_datagram(void **state)
{
	static uint8_t text[6000];
	struct ikev2_build b;
	struct ikev2_sa *sa;
	struct pair p;

	(void)state;
	settled2_up(&p);
	sa = pair_ikev2_sa(&p.a);
	sa->fragments = false;
	ikev2_build_begin(&b);
	ikev2_build_put(&b, PAYLOAD2_V, slice_of(text, sizeof(text)));
	p.sent = 0;
	assert_true(ikev2_request(window_ask(&sa->window, sa, TASK_LIVENESS, 0), EXCHANGE2_INFO, &b));
	pair_run(&p);
	assert_int_equal(p.sent, 2);
	assert_true(window_is_idle(&sa->window));			/* it was answered */
	assert_int_equal(p.b.e.counter[IKE_DROP_MALFORMED], 0);
	pair_free(&p);
}

/* What is offered is the GRE tunnel's whole traffic, and but a part of a VTI's to the same peer. */
static void
test_a_vti_to_a_peer_of_an_mgre_tunnel(void **state)
{
	struct ipc_protection vti = {.protection = "Tunnel10", .tunnel = "Tunnel10", .profile = "PROF",
	    .ikev2_profile = "V2", .kind = TUNNEL_VTI};
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	vti.local = p.b.addr;
	vti.remote = p.a.addr;
	engine_protection_set(&p.b.e, &vti);
	engine_config_done(&p.b.e);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 1000);
	assert_non_null(pair_current(&p.a));
	assert_int_equal(pair_current(&p.a)->sa.mode, MODE_TRANSPORT);
	assert_int_equal(p.a.sas[0].mode, MODE_TRANSPORT);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_errors_are_kept),
		cmocka_unit_test(test_next_request_shows_that_the_pair_is_there),
		cmocka_unit_test(test_wanted_before_it_is_configured),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_cookie),
		cmocka_unit_test(test_cookie_costs_nothing),
		cmocka_unit_test(test_other_group),
		cmocka_unit_test(test_proposals),
		cmocka_unit_test(test_pfs),
		cmocka_unit_test(test_tunnel_mode),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_survives_a_crash),
		cmocka_unit_test(test_dead_peer),
		cmocka_unit_test(test_retry_interval),
		cmocka_unit_test(test_a_long_datagram),
		cmocka_unit_test(test_a_vti_to_a_peer_of_an_mgre_tunnel),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
