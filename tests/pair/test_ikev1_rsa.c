/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1 with RSA signatures between two engines: who gets in with what, and who does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "../unit/cert_maker.h"
#include "conf_pki.h"
#include "pair.h"

#define DAY_S 86400

static struct pair p;
static EVP_PKEY *ca_key, *keys[2];
static X509 *ca;
static union ipc_body m;

static X509 *
issue(EVP_PKEY *key, const char *subject, const char *alt, long serial)
{
	return maker_cert(&(struct maker_cert){.subject = subject, .key = key, .issuer = ca,
	    .issuer_key = ca_key, .alt = alt, .serial = serial, .from_s = time(NULL) - DAY_S,
	    .to_s = time(NULL) + DAY_S});
}

static int
make_ca(void **state)
{
	(void)state;
	ca_key = maker_key("P-256");
	keys[0] = maker_key("RSA");
	keys[1] = maker_key("RSA");
	ca = maker_cert(&(struct maker_cert){.subject = "O=Example/CN=CA", .key = ca_key, .ca = true,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	return 0;
}

static int
free_ca(void **state)
{
	(void)state;
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(keys[0]);
	EVP_PKEY_free(keys[1]);
	return 0;
}

static void
policy(struct pair_side *s, unsigned int priority, uint8_t auth)
{
	const struct ipc_ike_policy want = {.priority = (uint16_t)priority, .cipher = CIPHER_AES_CBC,
	    .key_bits = 256, .hash = HASH_SHA256, .group = 19, .life_s = 86400, .auth = auth};

	conf_set_policy(&s->e.conf, &want);
}

/* `name` trusts `anchor` and has our certificate x. */
static void
trustpoint(struct pair_side *s, const char *name, X509 *anchor, X509 *x, EVP_PKEY *key)
{
	struct pki *k = &s->e.conf.pki;

	maker_set_trustpoint(&m, name, name, REVOCATION_NONE);
	pki_message(k, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_cert(&m, name, true, anchor);
	pki_message(k, IPC_MSG_TRUST_CERT_SET, &m);
	maker_set_cert(&m, name, false, x);
	pki_message(k, IPC_MSG_TRUST_CERT_SET, &m);
	maker_set_key(&m, name, key);
	pki_message(k, IPC_MSG_PKI_KEY_SET, &m);
}

static void
side(struct pair_side *s, const char *subject, const char *alt, long serial)
{
	EVP_PKEY *key = keys[s == &p.b];
	X509 *x = issue(key, subject, alt, serial);

	policy(s, 10, IPC_AUTH_RSA);
	trustpoint(s, "TP", ca, x, key);
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
stays_up(void)
{
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
}

static void
comes_up(void)
{
	pair_up(&p);
	stays_up();
	pair_free(&p);
}

static void
is_refused(void)
{
	pair_up(&p);
	pair_pass(&p, 1000);
	assert_int_equal(pair_sas(&p.a), 0);
	assert_int_equal(pair_sas(&p.b), 0);
	assert_int_equal(pair_children(&p.a), 0);
	assert_int_equal(pair_children(&p.b), 0);
	pair_free(&p);
}

static void
test_comes_up(void **state)
{
	(void)state;
	begin();
	pair_up(&p);
	stays_up();
	assert_int_equal(p.sent, 9);
	assert_int_equal(p.a.e.sas->p1.auth, IPC_AUTH_RSA);
	assert_int_equal(p.b.e.sas->p1.auth, IPC_AUTH_RSA);
	assert_int_equal(p.a.e.sas->peer_id.type, ID_DER_DN);	/* no name has the address */
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
	stays_up();
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
		stays_up();
		assert_int_equal(p.b.e.sas->peer_id.type, identities[i].shown);
		pair_free(&p);
	}
}

static void
test_revoked(void **state)
{
	static const long two[] = {2, 0}, four[] = {4, 0};
	X509_CRL *crls[] = {maker_crl(ca, ca_key, two, time(NULL) + DAY_S),
	    maker_crl(ca, ca_key, four, time(NULL) + DAY_S)};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin();
		maker_set_trustpoint(&m, "TP", "TP", REVOCATION_CRL);
		pki_message(&p.b.e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
		maker_set_crl(&m, "TP", crls[i]);
		pki_message(&p.b.e.conf.pki, IPC_MSG_CRL_PART_SET, &m);
		if (i == 0)
			is_refused();
		else
			comes_up();
		X509_CRL_free(crls[i]);
	}
}

/* The other's CA is not ours: either side refuses. */
static void
test_a_stranger(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *other = maker_cert(&(struct maker_cert){.subject = "CN=Other CA", .key = key, .ca = true,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=A", .key = keys[0], .issuer = other,
	    .issuer_key = key, .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	unsigned int who;

	(void)state;
	for (who = 0; who < 2; who++) {
		struct pair_side *s;

		begin();
		s = who == 0 ? &p.a : &p.b;
		pki_clear(&s->e.conf.pki);
		trustpoint(s, "TP", ca, x, keys[0]);
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
		memset(&m, 0, sizeof(m));
		strcpy(m.cert_rule.map, "MAP");
		m.cert_rule.seq = 10;
		m.cert_rule.field = CERT_FIELD_SUBJECT;
		m.cert_rule.op = CERT_OP_CO;
		strcpy(m.cert_rule.text, texts[i]);
		pki_message(&p.a.e.conf.pki, IPC_MSG_CERT_RULE_SET, &m);
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
	X509 *ca2 = maker_cert(&(struct maker_cert){.subject = "CN=CA2", .key = ca2_key, .ca = true,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=A2", .key = keys[0], .issuer = ca2,
	    .issuer_key = ca2_key, .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});

	(void)state;
	pair_init(&p, "one", "another");
	trustpoint(&p.a, "FIRST", ca2, x, keys[0]);
	side(&p.a, "CN=A", NULL, 2);
	side(&p.b, "CN=B", NULL, 3);
	comes_up();
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
			is_refused();
			continue;
		}
		pair_up(&p);
		stays_up();
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
	comes_up();
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

	return cmocka_run_group_tests(tests, make_ca, free_ca);
}
