/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1 with RSA signatures between two engines: who gets in with what, and who does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "cert_scene.h"

static struct pair p;
static EVP_PKEY *keys[2];	/* RSA keys of a and b */

static int
make_keys(void **state)
{
	keys[0] = maker_key("RSA");
	keys[1] = maker_key("RSA");
	return scene_make_ca(state);
}

static int
free_keys(void **state)
{
	EVP_PKEY_free(keys[0]);
	EVP_PKEY_free(keys[1]);
	return scene_free_ca(state);
}

static void
policy(struct pair_side *s, unsigned int priority, uint8_t auth)
{
	const struct ipc_ike_policy want = {.priority = (uint16_t)priority, .cipher = CIPHER_AES_CBC,
	    .key_bits = 256, .hash = HASH_SHA256, .group = 19, .life_s = 86400, .auth = auth};

	conf_set_policy(&s->e.conf, &want);
}

static void
side(struct pair_side *s, const char *subject, const char *alt, long serial)
{
	EVP_PKEY *key = keys[s == &p.b];
	X509 *x = scene_issue(key, subject, alt, serial);

	policy(s, 10, IPC_AUTH_RSA);
	scene_trust(s, "TP", scene_ca);
	scene_own(s, "TP", x, key);
	X509_free(x);
}

/* Both have a certificate, and pre-shared keys that differ: only signatures can do. */
static void
begin(void)
{
	pair_init(&p, "one", "another");
	side(&p.a, "O=Example/OU=VPN/CN=A", NULL, 2);
	side(&p.b, "O=Example/OU=VPN/CN=B", NULL, 3);
}

static void
says(struct pair_side *s, uint8_t type, const char *text)
{
	struct ipc_isakmp_global global = {.id_type = type};

	snprintf(global.id, sizeof(global.id), "%s", text);
	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_GLOBAL, &global);
}

static void
test_comes_up(void **state)
{
	(void)state;
	begin();
	pair_up(&p);
	scene_stays_up(&p);
	assert_int_equal(p.sent, 9);
	assert_int_equal(p.a.e.sas->p1.auth, IPC_AUTH_RSA);
	assert_int_equal(p.b.e.sas->p1.auth, IPC_AUTH_RSA);
	assert_int_equal(p.a.e.sas->peer_id->type, ID_DER_DN);	/* no name has the address */
	pair_free(&p);
}

/* A pre-shared key is used where a policy of it comes first, or one has no certificate. */
static void
test_beside_pre_shared_keys(void **state)
{
	(void)state;
	pair_init(&p, "sesame", "sesame");
	side(&p.a, "CN=A", NULL, 2);
	policy(&p.a, 20, IPC_AUTH_PSK);
	policy(&p.b, 10, IPC_AUTH_RSA);		/* without a certificate */
	policy(&p.b, 20, IPC_AUTH_PSK);
	pair_up(&p);
	scene_stays_up(&p);
	assert_int_equal(p.a.e.sas->p1.auth, IPC_AUTH_PSK);
	pair_free(&p);
}

static const struct {
	const char *alt;
	uint8_t type;
	const char *text;
	uint8_t shown;
} identities[] = {
	{"IP:192.0.2.1", IPC_ID_ADDRESS, "", ID_IPV4_ADDR},
	{"DNS:a.example.org", IPC_ID_FQDN, "a.example.org", ID_FQDN},
	{"DNS:a.example.org", IPC_ID_DN, "", ID_DER_DN},
};

static void
test_identities(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(identities) / sizeof(identities[0]); i++) {
		pair_init(&p, "one", "another");
		side(&p.a, "CN=A", identities[i].alt, 2);
		side(&p.b, "CN=B", NULL, 3);
		says(&p.a, identities[i].type, identities[i].text);
		pair_up(&p);
		scene_stays_up(&p);
		assert_int_equal(p.b.e.sas->peer_id->type, identities[i].shown);
		pair_free(&p);
	}
}

static void
test_revoked(void **state)
{
	(void)state;
	begin();
	scene_revoke(&p.b, "TP", 2);
	scene_is_refused(&p);
	begin();
	scene_revoke(&p.b, "TP", 4);
	scene_comes_up(&p);
}

/* The other's CA is not ours: either side refuses. */
static void
test_a_stranger(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *other = scene_other_ca(key, "CN=Other CA");
	X509 *x = scene_issue_by(other, key, keys[0], "CN=A");
	unsigned int who;

	(void)state;
	for (who = 0; who < 2; who++) {
		struct pair_side *s;

		begin();
		s = who == 0 ? &p.a : &p.b;
		pki_clear(&s->e.conf.pki);
		scene_trust(s, "TP", scene_ca);
		scene_own(s, "TP", x, keys[0]);
		pair_up(&p);
		pair_pass(&p, 1000);
		assert_int_equal(pair_sas(&p.a), 0);
		assert_int_equal(pair_sas(&p.b), who);	/* who answers is done before a refuses */
		assert_int_equal(pair_children(&p.a), 0);
		assert_int_equal(pair_children(&p.b), 0);
		pair_free(&p);
	}
	X509_free(x);
	X509_free(other);
	EVP_PKEY_free(key);
}

/* AM2 goes in clear: one bit of its SIG turned. */
static bool
spoil_signature(struct pair *pair, const struct flight *f)
{
	uint8_t *b = ((struct flight *)f)->b, next = b[16];
	size_t at = IKE_HEADER_LEN;

	(void)pair;
	if (f->to != &p.a || pair_exchange_of(f) != EXCHANGE_AGGRESSIVE)
		return true;
	while (next != PAYLOAD_NONE && next != PAYLOAD_SIGNATURE && at + 4 < f->len) {
		next = b[at];
		at += (size_t)(b[at + 2] << 8 | b[at + 3]);
	}
	assert_int_equal(next, PAYLOAD_SIGNATURE);
	b[at + 100] ^= 1;
	return true;
}

/* The profile of our side says whom we meant: a holder of any certificate does not do. */
static void
test_profile_of_the_initiator(void **state)
{
	static const char *const texts[] = {"cn=b", "cn=somebody"};
	struct ipc_isakmp_profile profile = {.name = "V1", .trustpoint0 = "TP"};
	struct ipc_isakmp_match match = {.profile = "V1", .position = 1, .kind = IPC_MATCH_CERT_MAP,
	    .text = "MAP"};
	struct ipc_ipsec_profile prof = {.name = "PROF", .transforms = 1, .cipher0 = CIPHER_AES_GCM,
	    .bits0 = 128, .mode0 = MODE_TRANSPORT, .life_s = 3600, .replay_window = 64};
	struct ipc_protection prot = {.protection = "Tunnel0", .tunnel = "Tunnel0", .profile = "PROF",
	    .kind = TUNNEL_GRE, .isakmp_profile = "V1"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin();
		conf1_message(&p.a.e.conf.v1, IPC_MSG_ISAKMP_PROFILE_SET, &profile);
		conf1_message(&p.a.e.conf.v1, IPC_MSG_ISAKMP_MATCH_SET, &match);
		scene_map_subject(&p.a, texts[i]);
		pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
		prot.local = p.a.addr;
		prot.remote = p.b.addr;
		conf_set_profile(&p.a.e.conf, &prof);
		conf_set_protection(&p.a.e.conf, &prot);
		engine_config_done(&p.a.e);
		pair_run(&p);
		assert_int_equal(pair_sas(&p.a), i == 0);
		pair_free(&p);
	}
}

/* Two trustpoints: the certificate goes out that the peer's CA made. */
static void
test_two_trustpoints(void **state)
{
	EVP_PKEY *ca2_key = maker_key("P-256");
	X509 *ca2 = scene_other_ca(ca2_key, "CN=CA2");
	X509 *x = scene_issue_by(ca2, ca2_key, keys[0], "CN=A2");

	(void)state;
	pair_init(&p, "one", "another");
	scene_trust(&p.a, "FIRST", ca2);
	scene_own(&p.a, "FIRST", x, keys[0]);
	side(&p.a, "CN=A", NULL, 2);
	side(&p.b, "CN=B", NULL, 3);
	scene_comes_up(&p);
	X509_free(ca2);
	X509_free(x);
	EVP_PKEY_free(ca2_key);
}

static void
test_aggressive(void **state)
{
	struct ipc_isakmp_peer peer = {0};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin();
		peer.peer = p.b.addr;
		conf1_message(&p.a.e.conf.v1, IPC_MSG_ISAKMP_PEER_SET, &peer);
		if (i == 1) {
			p.filter = spoil_signature;
			scene_is_refused(&p);
			continue;
		}
		pair_up(&p);
		scene_stays_up(&p);
		assert_int_equal(p.sent, 6);
		assert_int_equal(p.b.e.sas->p1.auth, IPC_AUTH_RSA);
		pair_free(&p);
	}
}

static void
test_every_message_comes_twice(void **state)
{
	(void)state;
	begin();
	p.double_all = true;
	scene_comes_up(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_up),
		cmocka_unit_test(test_beside_pre_shared_keys),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_a_stranger),
		cmocka_unit_test(test_profile_of_the_initiator),
		cmocka_unit_test(test_two_trustpoints),
		cmocka_unit_test(test_aggressive),
		cmocka_unit_test(test_every_message_comes_twice),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
