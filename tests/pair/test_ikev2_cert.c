/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv2 with certificates between two engines: who gets in with what, and who does not. */
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
#include "ikev2.h"
#include "ikev2_wire.h"
#include "pair.h"

#define DAY_S 86400

static struct pair p;
static EVP_PKEY *ca_key;
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
	return 0;
}

/* The side trusts our CA. */
static void
trust(struct pair_side *s, const char *name, X509 *anchor, const char *label)
{
	struct pki *k = &s->e.conf.pki;

	maker_set_trustpoint(&m, name, label, REVOCATION_NONE);
	pki_message(k, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_cert(&m, name, true, anchor);
	pki_message(k, IPC_MSG_TRUST_CERT_SET, &m);
}

/* ... and has this certificate, and a profile that signs with it. */
static void
own(struct pair_side *s, const char *name, X509 *cert, EVP_PKEY *key)
{
	struct pki *k = &s->e.conf.pki;

	maker_set_cert(&m, name, false, cert);
	pki_message(k, IPC_MSG_TRUST_CERT_SET, &m);
	maker_set_key(&m, name, key);
	pki_message(k, IPC_MSG_PKI_KEY_SET, &m);
}

static struct ipc_ikev2_profile
profile_of(unsigned int local, unsigned int remote)
{
	return (struct ipc_ikev2_profile){.name = "V2", .auth_local = (uint8_t)local,
	    .auth_remote = (uint8_t)remote, .keyring = "K", .life_s = 86400};
}

static void
profile(struct pair_side *s, unsigned int local, unsigned int remote)
{
	struct ipc_ikev2_profile prof = profile_of(local, remote);

	conf2_message(&s->e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
}

static void
side(struct pair_side *s, const char *kind, const char *subject, const char *alt, long serial)
{
	EVP_PKEY *key = maker_key(kind);
	X509 *x = issue(key, subject, alt, serial);
	unsigned int auth = strcmp(kind, "RSA") == 0 ? IPC_AUTH_RSA :
	    strcmp(kind, "ED25519") == 0 ? IPC_AUTH_EDDSA : IPC_AUTH_ECDSA;

	trust(s, "TP", ca, "TP");
	own(s, "TP", x, key);
	profile(s, auth, IPC_AUTH_RSA | IPC_AUTH_ECDSA | IPC_AUTH_EDDSA);
	X509_free(x);
	EVP_PKEY_free(key);
}

static void
begin(const char *kind_a, const char *kind_b)
{
	pair_init2(&p, "sesame", "sesame");
	side(&p.a, kind_a, "O=Example/OU=VPN/CN=A", NULL, 2);
	side(&p.b, kind_b, "O=Example/OU=VPN/CN=B", NULL, 3);
}

static void
comes_up(void)
{
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_int_equal(pair_sas(&p.a), 1);
	assert_int_equal(pair_sas(&p.b), 1);
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
test_each_kind_of_key(void **state)
{
	static const char *const kinds[] = {"RSA", "P-256", "P-384", "P-521", "ED25519"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin(kinds[i], kinds[i]);
		comes_up();
	}
	begin("RSA", "ED25519");
	comes_up();
}

static void
test_one_signs_the_other_has_a_key(void **state)
{
	(void)state;
	begin("RSA", "RSA");
	profile(&p.a, IPC_AUTH_RSA, IPC_AUTH_PSK);
	profile(&p.b, IPC_AUTH_PSK, IPC_AUTH_RSA);
	comes_up();
	begin("RSA", "RSA");		/* and not the other way about */
	profile(&p.a, IPC_AUTH_RSA, IPC_AUTH_PSK);
	is_refused();
}

static void
test_a_method_that_is_not_wanted(void **state)
{
	(void)state;
	begin("P-256", "RSA");
	profile(&p.b, IPC_AUTH_RSA, IPC_AUTH_RSA);
	is_refused();
	begin("RSA", "RSA");
	profile(&p.b, IPC_AUTH_RSA, IPC_AUTH_PSK);
	is_refused();
}

static void
test_revoked(void **state)
{
	static const long two[] = {2, 0}, four[] = {4, 0};
	X509_CRL *crl = maker_crl(ca, ca_key, two, time(NULL) + DAY_S);
	X509_CRL *other = maker_crl(ca, ca_key, four, time(NULL) + DAY_S);

	(void)state;
	begin("P-256", "P-256");
	maker_set_trustpoint(&m, "TP", "TP", REVOCATION_CRL);
	pki_message(&p.b.e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_crl(&m, "TP", crl);
	pki_message(&p.b.e.conf.pki, IPC_MSG_CRL_PART_SET, &m);
	is_refused();
	begin("P-256", "P-256");
	maker_set_trustpoint(&m, "TP", "TP", REVOCATION_CRL);
	pki_message(&p.b.e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_crl(&m, "TP", other);
	pki_message(&p.b.e.conf.pki, IPC_MSG_CRL_PART_SET, &m);
	comes_up();
	X509_CRL_free(crl);
	X509_CRL_free(other);
}

/* The identity that a side sends, under the same certificate. */
static void
says(struct pair_side *s, unsigned int type, const char *text)
{
	struct ipc_ikev2_profile prof = profile_of(IPC_AUTH_ECDSA, IPC_AUTH_ECDSA);

	prof.id_type = (uint8_t)type;
	snprintf(prof.id, sizeof(prof.id), "%s", text);
	conf2_message(&s->e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
}

static void
test_the_identity_is_in_the_certificate(void **state)
{
	(void)state;
	pair_init2(&p, "sesame", "sesame");
	side(&p.a, "P-256", "CN=A", "DNS:a.example.org", 2);
	side(&p.b, "P-256", "CN=B", NULL, 3);
	says(&p.a, IPC_ID_FQDN, "a.example.org");
	comes_up();
	pair_init2(&p, "sesame", "sesame");
	side(&p.a, "P-256", "CN=A", "DNS:a.example.org", 2);
	side(&p.b, "P-256", "CN=B", NULL, 3);
	says(&p.a, IPC_ID_FQDN, "hub.example.org");
	is_refused();
}

static void
test_a_stranger(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *self = maker_cert(&(struct maker_cert){.subject = "O=Example/OU=VPN/CN=A", .key = key,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});

	(void)state;
	begin("P-256", "P-256");
	maker_set_trustpoint(&m, "ME", "ME", REVOCATION_NONE);
	pki_clear(&p.a.e.conf.pki);
	pki_message(&p.a.e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	own(&p.a, "ME", self, key);
	is_refused();
	X509_free(self);
	EVP_PKEY_free(key);
}

/* Two trustpoints: the certificate goes out that the peer's CA made. */
static void
test_two_trustpoints(void **state)
{
	EVP_PKEY *ca2_key = maker_key("P-256"), *key = maker_key("P-256");
	X509 *ca2 = maker_cert(&(struct maker_cert){.subject = "CN=CA2", .key = ca2_key, .ca = true,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=A2", .key = key, .issuer = ca2,
	    .issuer_key = ca2_key, .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});
	unsigned int first;

	(void)state;
	for (first = 0; first < 2; first++) {
		pair_init2(&p, "sesame", "sesame");
		if (first == 0)
			side(&p.a, "P-256", "CN=A", NULL, 2);
		trust(&p.a, "TP2", ca2, "TP2");
		own(&p.a, "TP2", x, key);
		if (first == 1)
			side(&p.a, "P-256", "CN=A", NULL, 2);
		side(&p.b, "P-256", "CN=B", NULL, 3);
		comes_up();
	}
	X509_free(ca2);
	X509_free(x);
	EVP_PKEY_free(ca2_key);
	EVP_PKEY_free(key);
}

/* `pki trustpoint TP sign`, `... NO verify`: ours signs, and the peer's CA is not the one that counts. */
static void
test_trustpoints_by_use(void **state)
{
	struct ipc_ikev2_profile prof = profile_of(IPC_AUTH_ECDSA, IPC_AUTH_ECDSA);
	EVP_PKEY *ca2_key = maker_key("P-256");
	X509 *ca2 = maker_cert(&(struct maker_cert){.subject = "CN=CA2", .key = ca2_key, .ca = true,
	    .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});

	(void)state;
	snprintf(prof.trustpoint0, sizeof(prof.trustpoint0), "TP");
	prof.use0 = IPC_TRUST_SIGN;
	begin("P-256", "P-256");
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
	comes_up();
	snprintf(prof.trustpoint1, sizeof(prof.trustpoint1), "NO");
	prof.use1 = IPC_TRUST_VERIFY;
	begin("P-256", "P-256");
	trust(&p.a, "NO", ca2, "NO");
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
	is_refused();
	X509_free(ca2);
	EVP_PKEY_free(ca2_key);
}

/* A profile is chosen by a certificate map; without one that fits there is none. */
static void
test_certificate_map(void **state)
{
	static const char *const texts[] = {"ou=vpn", "ou=guests"};
	struct ipc_ikev2_match match = {.profile = "V2", .position = 1, .kind = IPC_MATCH_CERT_MAP,
	    .text = "MAP"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin("P-256", "P-256");
		conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_MATCH_SET, &match);
		memset(&m, 0, sizeof(m));
		strcpy(m.cert_rule.map, "MAP");
		m.cert_rule.seq = 10;
		m.cert_rule.field = CERT_FIELD_SUBJECT;
		m.cert_rule.op = CERT_OP_CO;
		strcpy(m.cert_rule.text, texts[i]);
		pki_message(&p.b.e.conf.pki, IPC_MSG_CERT_RULE_SET, &m);
		if (i == 0)
			comes_up();
		else
			is_refused();
	}
}

static size_t longest;

static bool
measure(struct pair *pair, const struct flight *f)
{
	(void)pair;
	longest = f->len > longest ? f->len : longest;
	return true;
}

/* A chain that fits in no packet goes in fragments (RFC 7383). */
static void
test_long_chain_is_fragmented(void **state)
{
	struct ipc_ikev2_global global = {.dpd_s = 10, .dpd_retry_s = 2, .fragmentation = 1,
	    .fragment_bytes = 576};
	EVP_PKEY *sub_key = maker_key("RSA"), *key = maker_key("RSA");
	X509 *sub = maker_cert(&(struct maker_cert){.subject = "O=Example/CN=Sub", .key = sub_key,
	    .issuer = ca, .issuer_key = ca_key, .ca = true, .from_s = time(NULL) - DAY_S,
	    .to_s = time(NULL) + DAY_S});
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=A", .key = key, .issuer = sub,
	    .issuer_key = sub_key, .from_s = time(NULL) - DAY_S, .to_s = time(NULL) + DAY_S});

	(void)state;
	begin("RSA", "RSA");
	pki_clear(&p.a.e.conf.pki);
	trust(&p.a, "TP", ca, "TP");
	maker_set_cert(&m, "TP", true, sub);
	pki_message(&p.a.e.conf.pki, IPC_MSG_TRUST_CERT_SET, &m);
	own(&p.a, "TP", x, key);
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_GLOBAL, &global);
	conf2_message(&p.b.e.conf.v2, IPC_MSG_IKEV2_GLOBAL, &global);
	p.filter = measure;
	longest = 0;
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	assert_true(p.sent > 8);
	assert_in_range(longest, 300, 576);
	pair_free(&p);
	X509_free(sub);
	X509_free(x);
	EVP_PKEY_free(sub_key);
	EVP_PKEY_free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_of_key),
		cmocka_unit_test(test_one_signs_the_other_has_a_key),
		cmocka_unit_test(test_a_method_that_is_not_wanted),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_the_identity_is_in_the_certificate),
		cmocka_unit_test(test_a_stranger),
		cmocka_unit_test(test_two_trustpoints),
		cmocka_unit_test(test_trustpoints_by_use),
		cmocka_unit_test(test_certificate_map),
		cmocka_unit_test(test_long_chain_is_fragmented),
	};

	return cmocka_run_group_tests(tests, make_ca, free_ca);
}
