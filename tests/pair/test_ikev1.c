/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole IKEv1 negotiations between two engines: the good ones, and what goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ike_wire.h"
#include "ikev1.h"
#include "log.h"
#include "pair.h"
#include "spi_recovery.h"

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

/* Loses the nth datagram of the whole run, once. */
static bool
lose_nth(struct pair *p, const struct flight *f)
{
	(void)f;
	return p->count-- != 0;
}

static void
test_any_one_message_lost(void **state)
{
	int n;

	(void)state;
	for (n = 0; n < 9; n++) {
		struct pair p;

		pair_init(&p, "k", "k");
		p.filter = lose_nth;
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
	pair_pass(&p, 90000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_true(p.b.e.counter[IKE_DROP_AUTH] > 0);
	assert_int_equal(p.a.last_state.state == PEER_UP, 0);
	pair_free(&p);
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
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_run(&p);
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

/* --- rekeying --- */

static void
soft_expiry(struct pair_side *s)
{
	struct ipc_sa_expire x = {.spi = pair_current(s)->sa.spi, .why = EXPIRE_TIME};

	engine_sa_expire(&s->e, &x);
}

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
	soft_expiry(&p.a);
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
	soft_expiry(&p.a);
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
	soft_expiry(&p.a);
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
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	pair_pass(&p, 60000);
	soft_expiry(&p.a);
	soft_expiry(&p.b);
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

/* Some seconds after the peer's quick mode it is no crossing: the new pair is used. */
static void
test_rekey_soon(void **state)
{
	struct pair p;
	uint32_t old;

	(void)state;
	pair_init(&p, "k", "k");
	p.filter = lose_to_a;
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_run(&p);
	p.filter = NULL;
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 5000);
	assert_false(pair_current(&p.b)->initiator);
	old = pair_current(&p.b)->sa.spi;
	p.a.next_spi = p.b.next_spi = 0x1000;	/* lower than before: it would lose a crossing */
	soft_expiry(&p.b);
	pair_pass(&p, 6000);
	assert_int_not_equal(pair_current(&p.b)->sa.spi, old);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/*
 * One side begins, the other rekeys right after: that looks like a crossing, in
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
	p.filter = lose_to_a;
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_run(&p);
	p.filter = NULL;
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 1500);
	assert_false(pair_current(&p.b)->initiator);
	old = pair_current(&p.b)->sa.spi;
	p.a.next_spi = p.b.next_spi = 0x1000;	/* lower than before: the new pair loses */
	soft_expiry(&p.b);
	pair_pass(&p, 6000);
	assert_int_equal(pair_children(&p.b), 2);
	assert_int_equal(pair_current(&p.b)->sa.spi, old);
	hard.spi = old;
	engine_sa_expire(&p.b.e, &hard);
	assert_non_null(pair_current(&p.b));
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_int_not_equal(pair_current(&p.b)->sa.spi, old);
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

/* --- dead peers, deletes, restarts --- */

static bool
lose_all(struct pair *p, const struct flight *f)
{
	(void)p;
	(void)f;
	return false;
}

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
	p.filter = lose_all;
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
	assert_int_equal(engine_clear(&p.a.e, &session), 2);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.b), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.b.last_state.peer_ref, ref);
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
	pair_protect(&p.b, TUNNEL_GRE, MODE_TRANSPORT, &p.a.addr);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	pair_pass(&p, 60000);
	assert_true(engine_clear(&p.a.e, &isakmp) > 0);
	pair_pass(&p, 10000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
	assert_int_equal(p.lacking, 0);
	pair_free(&p);
}

/* Everything of a is forgotten, as after a reboot. */
static void
reboot(struct pair_side *s)
{
	struct addr remote = s == &s->pair->a ? s->pair->b.addr : s->pair->a.addr;
	struct ike_conf conf = s->e.conf;
	const struct ike_ops *o = s->e.ops;
	bool warm;

	s->e.conf = (struct ike_conf){0};
	engine_free(&s->e);
	kept_close(s->kept);
	memset(s->sas, 0, sizeof(s->sas));
	s->out_spi = 0;
	s->reserves = 0;
	s->kept = kept_open(-1, &warm);
	engine_init(&s->e, s->pair->loop, o, s, s->kept);
	s->e.conf = conf;
	(void)remote;
	engine_config_done(&s->e);
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
	reboot(&p.a);
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
	reboot(&p.b);
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

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
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
	/* What was restored still serves: DPD, a rekey, a delete. */
	engine_sa_idle(&p.a.e, pair_current(&p.a)->sa.spi);
	pair_pass(&p, 20000);
	assert_int_equal(p.a.e.counter[IKE_PEER_DEAD], 0);
	soft_expiry(&p.a);
	pair_pass(&p, 60000);
	assert_int_not_equal(pair_current(&p.b)->sa.spi, spi);
	assert_true(pair_works(&p));
	assert_int_equal(pair_children(&p.a), 1);
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
	soft_expiry(&p.a);
	pair_run(&p);
	assert_int_equal(pair_children(&p.a), 2);
	pair_crash(&p.a);
	pair_pass(&p, 60000);
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
	addr_parse(&p->a.addr, "10.1.1.2");
	addr_parse(&p->nat, "198.51.100.7");
	p->nat_port_500 = 1024;
	p->nat_port_4500 = 61234;
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
	soft_expiry(&p.a);
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
	reboot(&p.a);
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
	reboot(&p.a);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	assert_int_equal(HASH_COUNT(p.b.e.peers), 2);
	assert_int_equal(pair_sas(&p.b), 2);
	assert_int_equal(pair_children(&p.b), 2);
	assert_true(pair_works(&p));
	/* Its own DELETE takes its own pair only. */
	engine_clear(&p.a.e, &clear);
	p.filter = lose_all;
	pair_run(&p);
	assert_int_equal(pair_children(&p.b), 1);
	assert_non_null(child_by_spi(&p.b.e, first));
	pair_free(&p);
}

/* --- strangers --- */

static void
test_half_open_is_bounded(void **state)
{
	struct pair p;
	struct ike_build b;
	struct ike_path path;
	struct p1_transform offer = {CIPHER_AES_CBC, 256, HASH_SHA256, 19, IPC_AUTH_PSK, 86400};
	uint8_t cky[8], zero[8] = {0};
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = lose_all;
	for (i = 0; i < 2000; i++) {
		path = (struct ike_path){p.b.addr, addr_v4(0x0a000000 + i / 10), 500, 500};
		random_bytes(cky, sizeof(cky));
		ike_build_begin(&b, cky, zero, EXCHANGE_MAIN, 0);
		p1_offer_write(ike_build_payload(&b, PAYLOAD_SA), &offer, 1);
		engine_receive(&p.b.e, &path, ike_build_end(&b));
	}
	assert_int_equal(p.b.e.half_open, 512);
	assert_true(p.b.e.counter[IKE_DROP_HALF_OPEN] >= 1400);
	pair_pass(&p, 61000);
	assert_int_equal(p.b.e.half_open, 0);
	assert_int_equal(HASH_COUNT(p.b.e.sas), 0);
	pair_free(&p);
}

static void
forge_mm1(struct pair *p, const struct addr *from)
{
	struct p1_transform offer = {CIPHER_AES_CBC, 256, HASH_SHA256, 19, IPC_AUTH_PSK, 86400};
	struct ike_path path = {p->b.addr, *from, 500, 500};
	uint8_t cky[8], zero[8] = {0};
	struct ike_build b;

	random_bytes(cky, sizeof(cky));
	ike_build_begin(&b, cky, zero, EXCHANGE_MAIN, 0);
	p1_offer_write(ike_build_payload(&b, PAYLOAD_SA), &offer, 1);
	engine_receive(&p->b.e, &path, ike_build_end(&b));
}

/* Forged first messages, in the peer's own name and in others', keep nobody out. */
static void
test_forged_first_messages(void **state)
{
	struct addr from;
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = lose_all;
	for (i = 0; i < 1000; i++) {
		from = addr_v4(0x0a000000 + i);
		forge_mm1(&p, i % 2 == 0 ? &p.a.addr : &from);
	}
	pair_run(&p);
	p.filter = NULL;
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	engine_config_done(&p.a.e);
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_in_range(p.b.e.half_open, 1, 512);
	pair_free(&p);
}

static void
test_unknown_spi(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .spi = 0x12345678, .count = 1};
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.src = p.b.addr;
	u.dst = p.a.addr;
	sent = p.sent;
	spi_unknown(&p.a.e, &u);
	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.sent, sent + 2);	/* DELETE and INVALID-SPI, once a minute */
	pair_run(&p);
	/* The pair that the other side really has goes when it is told so. */
	u.spi = pair_current(&p.b)->sa.peer_spi;
	child_remove(pair_current(&p.a), false);
	pair_pass(&p, 20000);
	spi_unknown(&p.a.e, &u);
	pair_run(&p);
	assert_null(pair_current(&p.b));
	/* A stranger gets nothing. */
	sent = p.sent;
	addr_parse(&u.src, "203.0.113.99");
	spi_unknown(&p.a.e, &u);
	assert_int_equal(p.sent, sent);
	pair_free(&p);
}

/* Packets with a forged source do not make us delete what both sides use. */
static void
test_live_spi_is_not_deleted(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 16};
	struct pair p;
	unsigned int sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.src = p.b.addr;
	u.dst = p.a.addr;
	u.spi = pair_current(&p.a)->sa.spi;
	sent = p.sent;
	spi_unknown(&p.a.e, &u);
	pair_run(&p);
	assert_int_equal(p.sent, sent);
	assert_true(pair_works(&p));
	pair_free(&p);
}

static unsigned int spi_lines;

static void
count_spi_lines(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)text;
	if (mnemonic != NULL && strcmp(mnemonic, "RECV_PKT_INV_SPI") == 0)
		spi_lines++;
}

/* However many SPIs and sources are invented: neither lines nor DELETEs flow like them. */
static void
test_unknown_spi_flood(void **state)
{
	struct ipc_spi_unknown u = {.proto = 50, .count = 1};
	struct pair p;
	unsigned int i, sent;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	u.dst = p.a.addr;
	sent = p.sent;
	p.filter = lose_all;
	log_set_sink(count_spi_lines, NULL);
	spi_lines = 0;
	for (i = 0; i < 10000; i++) {
		u.spi = 0x10000 + i;
		u.src = i % 2 == 0 ? p.b.addr : addr_v4(0x0a000000 + i);
		spi_unknown(&p.a.e, &u);
		if (i % 100 == 0)
			pair_run(&p);
	}
	log_set_sink(NULL, NULL);
	assert_in_range(spi_lines, 2, 50);
	assert_in_range(p.sent - sent, 2, 50);
	pair_free(&p);
}

/* Whoever has the key cannot have SPIs and pairs without end. */
static void
test_quick_modes_are_bounded(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	p.a.espd_silent = true;		/* of a only what goes out matters */
	for (i = 0; i < 300; i++) {
		ikev1_quick_start(p.a.e.sas, p.a.e.peers);
		engine_spi_reserved(&p.a.e, p.a.e.next_txn - 1, 0x1000 + i);
		pair_run(&p);
	}
	assert_true(p.b.e.counter[IKE_DROP_REFUSED] >= 150);
	assert_in_range(pair_children(&p.b), 1, 130);
	pair_free(&p);
}

/* A DELETE that names another peer's SPI does nothing: it is only looked up among one's own. */
static void
test_delete_of_unknown_spi(void **state)
{
	struct pair p;
	struct ike_sa *sa;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	sa = p.a.e.sas;
	ikev1_send_delete_esp(sa, 0xdeadbeef);
	pair_run(&p);
	assert_true(pair_works(&p));
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
		cmocka_unit_test(test_end_of_a_pair_moves_the_initiator),
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_esp_transforms),
		cmocka_unit_test(test_phase1_policies),
		cmocka_unit_test(test_any_one_message_lost),
		cmocka_unit_test(test_doubled),
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_no_phase1_proposal),
		cmocka_unit_test(test_no_phase2_proposal),
		cmocka_unit_test(test_both_at_once),
		cmocka_unit_test(test_other_was_first),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_rekey_qm3_lost),
		cmocka_unit_test(test_rekey_first_packet_instead_of_qm3),
		cmocka_unit_test(test_crossing_rekeys),
		cmocka_unit_test(test_rekey_soon),
		cmocka_unit_test(test_rekey_at_once),
		cmocka_unit_test(test_phase1_rekey),
		cmocka_unit_test(test_dpd),
		cmocka_unit_test(test_dpd_periodic),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_clear_isakmp_rekeys),
		cmocka_unit_test(test_cleared_in_two_steps),
		cmocka_unit_test(test_cleared_by_who_wants_it),
		cmocka_unit_test(test_peer_restarts),
		cmocka_unit_test(test_hub_restarts),
		cmocka_unit_test(test_daemon_crash),
		cmocka_unit_test(test_crash_amid_rekey),
		cmocka_unit_test(test_protection_removed),
		cmocka_unit_test(test_espd_away),
		cmocka_unit_test(test_nat),
		cmocka_unit_test(test_nat_restart_keeps_ref),
		cmocka_unit_test(test_two_behind_one_nat),
		cmocka_unit_test(test_half_open_is_bounded),
		cmocka_unit_test(test_forged_first_messages),
		cmocka_unit_test(test_unknown_spi),
		cmocka_unit_test(test_live_spi_is_not_deleted),
		cmocka_unit_test(test_unknown_spi_flood),
		cmocka_unit_test(test_quick_modes_are_bounded),
		cmocka_unit_test(test_delete_of_unknown_spi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
