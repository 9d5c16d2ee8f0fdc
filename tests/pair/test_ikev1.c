/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1 negotiations between two engines: the good ones, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pair.h"

static void
test_comes_up(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "sesame", "sesame");
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.sent, 9);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.a.last_state.state, PEER_UP);
	assert_int_equal(p.b.last_state.state, PEER_UP);
	assert_int_not_equal(p.b.last_state.peer_ref, 0);
	assert_int_equal(p.lacking, 0);
	assert_int_equal(p.a.sas[0].ts_proto, 47);
	pair_free(&p);
}

static const struct {
	uint8_t cipher;
	uint16_t bits;
	uint8_t integ, mode, pfs, kind;
} esp_cases[] = {
	{CIPHER_AES_GCM, 128, INTEG_NONE, MODE_TRANSPORT, 0, TUNNEL_GRE},
	{CIPHER_AES_GCM, 256, INTEG_NONE, MODE_TUNNEL, 19, TUNNEL_VTI},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96, MODE_TUNNEL, 14, TUNNEL_GRE},
	{CIPHER_AES_CBC, 192, INTEG_HMAC_SHA256_128, MODE_TRANSPORT, 20, TUNNEL_GRE},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA384_192, MODE_TUNNEL, 15, TUNNEL_VTI},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA512_256, MODE_TRANSPORT, 0, TUNNEL_GRE},
	{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96, MODE_TRANSPORT, 2, TUNNEL_GRE},
	{CIPHER_DES_CBC, 0, INTEG_HMAC_SHA1_96, MODE_TUNNEL, 1, TUNNEL_GRE},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA256_128, MODE_TUNNEL, 5, TUNNEL_GRE},
	{CIPHER_AES_GMAC, 256, INTEG_NONE, MODE_TRANSPORT, 24, TUNNEL_GRE},
	{CIPHER_AES_CTR, 128, INTEG_HMAC_SHA1_96, MODE_TRANSPORT, 16, TUNNEL_GRE},
	{CIPHER_AES_GCM_8, 192, INTEG_NONE, MODE_TRANSPORT, 21, TUNNEL_GRE},
	{CIPHER_AES_GCM_12, 256, INTEG_NONE, MODE_TRANSPORT, 0, TUNNEL_GRE},
};

static void
test_esp_transforms(void **state)
{
	size_t i;
	int side;

	(void)state;
	for (i = 0; i < sizeof(esp_cases) / sizeof(esp_cases[0]); i++) {
		struct ipc_ipsec_profile prof = {.name = "PROF", .transforms = 1,
		    .cipher0 = esp_cases[i].cipher, .bits0 = esp_cases[i].bits,
		    .integ0 = esp_cases[i].integ, .mode0 = esp_cases[i].mode,
		    .pfs_group = esp_cases[i].pfs, .life_s = 3600, .replay_window = 64};
		struct pair p;

		pair_init(&p, "k", "k");
		for (side = 0; side < 2; side++) {
			struct pair_side *s = side == 0 ? &p.b : &p.a;
			struct ipc_protection prot = {.protection = "T", .profile = "PROF",
			    .local = s->addr, .remote = side == 0 ? p.a.addr : p.b.addr,
			    .kind = esp_cases[i].kind};

			conf_set_profile(&s->e.conf, &prof);
			conf_set_protection(&s->e.conf, &prot);
		}
		engine_config_done(&p.a.e);
		pair_run(&p);
		assert_true(pair_works(&p));
		assert_int_equal(p.a.sas[0].mode, esp_cases[i].mode);
		assert_int_equal(p.a.sas[0].in_key.len,
		    cipher_keymat_len(esp_cases[i].cipher, esp_cases[i].bits));
		assert_int_equal(p.a.sas[0].ts_local.len,
		    esp_cases[i].kind == TUNNEL_VTI ? 0 : 32);
		pair_free(&p);
	}
}

static const struct ipc_ike_policy p1_cases[] = {
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 128, .hash = HASH_SHA1, .group = 14},
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 192, .hash = HASH_SHA384, .group = 15},
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256, .hash = HASH_SHA512, .group = 20},
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256, .hash = HASH_SHA1, .group = 19,
	 .life_s = 3600},
	{.priority = 10, .cipher = CIPHER_3DES_CBC, .hash = HASH_MD5, .group = 2},
	{.priority = 10, .cipher = CIPHER_3DES_CBC, .hash = HASH_SHA1, .group = 5},
	{.priority = 10, .cipher = CIPHER_DES_CBC, .hash = HASH_SHA1, .group = 1},
	{.priority = 10, .cipher = CIPHER_DES_CBC, .hash = HASH_SHA512, .group = 24},
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256, .hash = HASH_MD5, .group = 16},
	{.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256, .hash = HASH_SHA256, .group = 21},
};

static void
test_phase1_policies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(p1_cases) / sizeof(p1_cases[0]); i++) {
		struct pair p;

		pair_init(&p, "k", "k");
		conf_set_policy(&p.a.e.conf, &p1_cases[i]);
		conf_set_policy(&p.b.e.conf, &p1_cases[i]);
		pair_up(&p);
		assert_true(pair_works(&p));
		pair_free(&p);
	}
}

static void
test_any_one_message_lost(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 9; n++) {
		struct pair p;

		pair_init(&p, "k", "k");
		p.filter = pair_lose_nth;
		p.count = n;
		pair_up(&p);
		pair_pass(&p, 6000);
		assert_true(pair_works(&p));
		assert_int_equal(pair_sas(&p.a), 1);
		assert_int_equal(pair_sas(&p.b), 1);
		assert_int_equal(p.lacking, 0);
		pair_free(&p);
	}
}

static void
test_doubled(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	p.double_all = true;
	pair_up(&p);
	pair_pass(&p, 6000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static void
test_reordered(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	p.double_all = p.reverse = true;
	pair_up(&p);
	pair_pass(&p, 6000);
	assert_true(pair_works(&p));
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static void
test_wrong_key(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "right", "wrong");
	pair_up(&p);
	pair_pass(&p, 500);
	/* Keys are there, and nobody is authenticated. */
	assert_int_equal(sa_ipc_state(p.a.e.sas), IKE_MM_KEY_EXCH);
	assert_int_equal(sa_ipc_state(p.b.e.sas), IKE_MM_KEY_EXCH);
	pair_pass(&p, 90000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_AUTH] > 0);
	assert_int_equal(p.a.last_state.state == PEER_UP, 0);
	pair_free(&p);
}

static bool
lose_the_rest(struct pair *p, const struct flight *f)
{
	(void)f;
	return p->count-- > 0;
}

/* What show crypto isakmp sa says of a negotiation that goes no further, as IOS does. */
static void
test_states_of_a_main_mode_that_stops(void **state)
{
	static const struct {
		int delivered;
		uint8_t a, b;		/* b: none of its own before it has the first message */
	} steps[] = {
		{0, IKE_MM_NO_STATE, IKE_MM_NO_STATE}, {1, IKE_MM_NO_STATE, IKE_MM_SA_SETUP},
		{2, IKE_MM_SA_SETUP, IKE_MM_SA_SETUP}, {3, IKE_MM_SA_SETUP, IKE_MM_KEY_EXCH},
		{4, IKE_MM_KEY_EXCH, IKE_MM_KEY_EXCH}, {5, IKE_MM_KEY_EXCH, IKE_QM_IDLE},
	};
	struct pair p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		pair_init(&p, "k", "k");
		p.filter = lose_the_rest;
		p.count = steps[i].delivered;
		pair_up(&p);
		assert_int_equal(sa_ipc_state(p.a.e.sas), steps[i].a);
		if (steps[i].delivered > 0)
			assert_int_equal(sa_ipc_state(p.b.e.sas), steps[i].b);
		pair_free(&p);
	}
}

static void
test_no_phase1_proposal(void **state)
{
	struct ipc_ike_policy other = p1_cases[0];
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	conf_set_policy(&p.b.e.conf, &other);
	pair_up(&p);
	pair_pass(&p, 60000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_true(p.b.e.counter[IKE_DROP_NO_PROPOSAL] > 0);
	assert_int_equal(p.b.e.half_open, 0);
	pair_free(&p);
}

static void
test_no_phase2_proposal(void **state)
{
	struct ipc_ipsec_profile other = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_CBC, .bits0 = 128, .integ0 = INTEG_HMAC_SHA1_96,
	    .mode0 = MODE_TUNNEL};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	conf_set_profile(&p.b.e.conf, &other);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 5000);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(pair_children(&p.a), 0);
	assert_int_equal(pair_children(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_NO_PROPOSAL] > 0);
	/* Mended: it comes up by itself. */
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	pair_pass(&p, 60000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

static void
test_both_at_once(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up_both(&p);
	assert_true(pair_works(&p));
	pair_pass(&p, 120000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

static bool
lose_to_b(struct pair *p, const struct flight *f)
{
	return f->to != &p->b;
}

/* What a began is lost; b begins and is done before a tries again. */
static void
test_other_was_first(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	p.filter = lose_to_b;
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	p.filter = NULL;
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_run(&p);
	assert_true(pair_works(&p));
	/* Whoever waits for the session must not take the change of roles for a failure. */
	assert_int_equal(p.a.downs, 0);
	assert_int_equal(p.b.downs, 0);
	pair_pass(&p, 5000);
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(pair_children(&p.a), 1);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_esp_transforms),
		cmocka_unit_test(test_phase1_policies),
		cmocka_unit_test(test_any_one_message_lost),
		cmocka_unit_test(test_doubled),
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_states_of_a_main_mode_that_stops),
		cmocka_unit_test(test_no_phase1_proposal),
		cmocka_unit_test(test_no_phase2_proposal),
		cmocka_unit_test(test_both_at_once),
		cmocka_unit_test(test_other_was_first),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
