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

#include "cert_scene.h"
#include "ikev2.h"
#include "ikev2_wire.h"

static struct pair p;

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

/* The side trusts our CA, has a certificate of it, and a profile that signs with that. */
static void
side(struct pair_side *s, const char *kind, const char *subject, const char *alt, long serial)
{
	EVP_PKEY *key = maker_key(kind);
	X509 *x = scene_issue(key, subject, alt, serial);
	unsigned int auth = strcmp(kind, "RSA") == 0 ? IPC_AUTH_RSA :
	    strcmp(kind, "ED25519") == 0 ? IPC_AUTH_EDDSA : IPC_AUTH_ECDSA;

	scene_trust(s, "TP", scene_ca);
	scene_own(s, "TP", x, key);
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
test_each_kind_of_key(void **state)
{
	static const char *const kinds[] = {"RSA", "P-256", "P-384", "P-521", "ED25519"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin(kinds[i], kinds[i]);
		scene_comes_up(&p);
	}
	begin("RSA", "ED25519");
	scene_comes_up(&p);
}

static void
test_one_signs_the_other_has_a_key(void **state)
{
	(void)state;
	begin("RSA", "RSA");
	profile(&p.a, IPC_AUTH_RSA, IPC_AUTH_PSK);
	profile(&p.b, IPC_AUTH_PSK, IPC_AUTH_RSA);
	scene_comes_up(&p);
	begin("RSA", "RSA");		/* and not the other way about */
	profile(&p.a, IPC_AUTH_RSA, IPC_AUTH_PSK);
	scene_is_refused(&p);
}

static void
test_a_method_that_is_not_wanted(void **state)
{
	(void)state;
	begin("P-256", "RSA");
	profile(&p.b, IPC_AUTH_RSA, IPC_AUTH_RSA);
	scene_is_refused(&p);
	begin("RSA", "RSA");
	profile(&p.b, IPC_AUTH_RSA, IPC_AUTH_PSK);
	scene_is_refused(&p);
}

static void
test_revoked(void **state)
{
	(void)state;
	begin("P-256", "P-256");
	scene_revoke(&p.b, "TP", 2);
	scene_is_refused(&p);
	begin("P-256", "P-256");
	scene_revoke(&p.b, "TP", 4);
	scene_comes_up(&p);
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
	scene_comes_up(&p);
	pair_init2(&p, "sesame", "sesame");
	side(&p.a, "P-256", "CN=A", "DNS:a.example.org", 2);
	side(&p.b, "P-256", "CN=B", NULL, 3);
	says(&p.a, IPC_ID_FQDN, "hub.example.org");
	scene_is_refused(&p);
}

static void
test_a_stranger(void **state)
{
	EVP_PKEY *key = maker_key("P-256");
	X509 *self = maker_cert(&(struct maker_cert){.subject = "O=Example/OU=VPN/CN=A", .key = key,
	    .from_s = time(NULL) - SCENE_DAY_S, .to_s = time(NULL) + SCENE_DAY_S});
	union ipc_body m;

	(void)state;
	begin("P-256", "P-256");
	maker_set_trustpoint(&m, "ME", "ME", REVOCATION_NONE);
	pki_clear(&p.a.e.conf.pki);
	pki_message(&p.a.e.conf.pki, IPC_MSG_TRUSTPOINT_SET, &m);
	scene_own(&p.a, "ME", self, key);
	scene_is_refused(&p);
	X509_free(self);
	EVP_PKEY_free(key);
}

/* Two trustpoints: the certificate goes out that the peer's CA made. */
static void
test_two_trustpoints(void **state)
{
	EVP_PKEY *ca2_key = maker_key("P-256"), *key = maker_key("P-256");
	X509 *ca2 = scene_other_ca(ca2_key, "CN=CA2");
	X509 *x = scene_issue_by(ca2, ca2_key, key, "CN=A2");
	unsigned int first;

	(void)state;
	for (first = 0; first < 2; first++) {
		pair_init2(&p, "sesame", "sesame");
		if (first == 0)
			side(&p.a, "P-256", "CN=A", NULL, 2);
		scene_trust(&p.a, "TP2", ca2);
		scene_own(&p.a, "TP2", x, key);
		if (first == 1)
			side(&p.a, "P-256", "CN=A", NULL, 2);
		side(&p.b, "P-256", "CN=B", NULL, 3);
		scene_comes_up(&p);
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
	X509 *ca2 = scene_other_ca(ca2_key, "CN=CA2");

	(void)state;
	snprintf(prof.trustpoint0, sizeof(prof.trustpoint0), "TP");
	prof.use0 = IPC_TRUST_SIGN;
	begin("P-256", "P-256");
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
	scene_comes_up(&p);
	snprintf(prof.trustpoint1, sizeof(prof.trustpoint1), "NO");
	prof.use1 = IPC_TRUST_VERIFY;
	begin("P-256", "P-256");
	scene_trust(&p.a, "NO", ca2);
	conf2_message(&p.a.e.conf.v2, IPC_MSG_IKEV2_PROFILE_SET, &prof);
	scene_is_refused(&p);
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
		scene_map_subject(&p.b, texts[i]);
		if (i == 0)
			scene_comes_up(&p);
		else
			scene_is_refused(&p);
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
	    .issuer = scene_ca, .issuer_key = scene_ca_key, .ca = true,
	    .from_s = time(NULL) - SCENE_DAY_S, .to_s = time(NULL) + SCENE_DAY_S});
	X509 *x = scene_issue_by(sub, sub_key, key, "CN=A");
	union ipc_body m;

	(void)state;
	begin("RSA", "RSA");
	pki_clear(&p.a.e.conf.pki);
	scene_trust(&p.a, "TP", scene_ca);
	maker_set_cert(&m, "TP", true, sub);
	pki_message(&p.a.e.conf.pki, IPC_MSG_TRUST_CERT_SET, &m);
	scene_own(&p.a, "TP", x, key);
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

	return cmocka_run_group_tests(tests, scene_make_ca, scene_free_ca);
}
