/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates: who is believed, whose they are, and which is ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "auth_cert.h"
#include "cert_maker.h"
#include "conf_pki.h"
#include "ike_wire.h"
#include "pki_ident.h"

#define DAY_S 86400

static EVP_PKEY *ca_key, *rsa, *p256;
static X509 *ca;
static union ipc_body m;
static struct blob blobs[4];

static int
make_keys(void **state)
{
	(void)state;
	ca_key = maker_key("P-256");
	rsa = maker_key("RSA");
	p256 = maker_key("P-256");
	ca = maker_cert(&(struct maker_cert){.subject = "C=RU/O=Example/CN=CA", .key = ca_key, .ca = true});
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	X509_free(ca);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(p256);
	return 0;
}

/* A trustpoint TP with our CA. */
static void
trust(struct pki *p, uint8_t revocation)
{
	maker_set_trustpoint(&m, "TP", "", revocation);
	assert_true(pki_message(p, IPC_MSG_TRUSTPOINT_SET, &m));
	maker_set_cert(&m, "TP", true, ca);
	assert_true(pki_message(p, IPC_MSG_TRUST_CERT_SET, &m));
}

static void
set_crl(struct pki *p, const long *revoked, int64_t to_s)
{
	X509_CRL *crl = maker_crl(ca, ca_key, revoked, to_s);

	maker_set_crl(&m, "TP", crl);
	assert_true(pki_message(p, IPC_MSG_CRL_PART_SET, &m));
	X509_CRL_free(crl);
}

/* Why a chain is not believed; "" when it is. */
static const char *
refusal(struct pki *p, X509 *const *chain, unsigned int n)
{
	struct slice der[4];
	const char *why;
	unsigned int i;
	X509 *x;

	for (i = 0; i < n; i++) {
		maker_der(chain[i], &blobs[i]);
		der[i] = slice_of(blobs[i].b, blobs[i].len);
	}
	x = pki_validate(p, NULL, der, n, MAKER_NOW_S, &why);
	assert_true((x == NULL) == (why != NULL));
	X509_free(x);
	return why == NULL ? "" : why;
}

/* The same for a certificate that our CA made as `c` says. */
static const char *
refusal_of(struct pki *p, struct maker_cert c)
{
	const char *why;
	X509 *x;

	c.subject = c.subject == NULL ? "O=Example/CN=R1" : c.subject;
	c.key = c.key == NULL ? p256 : c.key;
	c.issuer = c.issuer == NULL ? ca : c.issuer;
	c.issuer_key = c.issuer_key == NULL ? ca_key : c.issuer_key;
	x = maker_cert(&c);
	why = refusal(p, &x, 1);
	X509_free(x);
	return why;
}

static void
test_who_is_believed(void **state)
{
	struct pki p = {0};
	EVP_PKEY *other_key = maker_key("P-256");
	X509 *other = maker_cert(&(struct maker_cert){.subject = "C=RU/O=Example/CN=CA",
	    .key = other_key, .ca = true});

	(void)state;
	assert_string_equal(refusal_of(&p, (struct maker_cert){0}), "no trustpoint is configured");
	trust(&p, REVOCATION_NONE);
	assert_string_equal(refusal_of(&p, (struct maker_cert){0}), "");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.usage = "critical,digitalSignature"}), "");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.to_s = MAKER_NOW_S - 1}),
	    "a certificate has expired");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.from_s = MAKER_NOW_S + 60}),
	    "a certificate is not valid yet");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.usage = "keyEncipherment"}),
	    "the certificate's key usage does not allow signatures");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.digest = "MD5",
	    .issuer_key = rsa}),
	    "the certificate is signed with MD5, which can be forged");
	/* A CA of the same name with another key. */
	assert_string_not_equal(refusal_of(&p, (struct maker_cert){.issuer = other,
	    .issuer_key = other_key}), "");
	/* Signed by itself, under the CA's own name even. */
	assert_string_not_equal(refusal(&p, &other, 1), "");
	assert_string_not_equal(refusal(&p, &ca, 1), "");	/* an anchor is no peer */
	X509_free(other);
	EVP_PKEY_free(other_key);
	pki_clear(&p);
}

static void
test_ca_that_says_its_name_differently_is_unknown(void **state)
{
	struct pki p = {0};
	EVP_PKEY *key = maker_key("P-256");
	X509 *stranger = maker_cert(&(struct maker_cert){.subject = "CN=Stranger", .key = key, .ca = true});

	(void)state;
	trust(&p, REVOCATION_NONE);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.issuer = stranger, .issuer_key = key}),
	    "no trustpoint has a CA that the certificate leads to");
	X509_free(stranger);
	EVP_PKEY_free(key);
	pki_clear(&p);
}

static void
test_intermediates(void **state)
{
	struct pki p = {0};
	EVP_PKEY *sub_key = maker_key("P-256");
	struct maker_cert spec = {.subject = "O=Example/CN=Sub", .key = sub_key, .issuer = ca,
	    .issuer_key = ca_key, .ca = true, .serial = 7};
	X509 *sub = maker_cert(&spec), *no_ca, *chain[2], *leaf;

	(void)state;
	spec.ca = false;
	no_ca = maker_cert(&spec);
	leaf = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = p256, .issuer = sub,
	    .issuer_key = sub_key});
	trust(&p, REVOCATION_NONE);
	assert_string_not_equal(refusal(&p, &leaf, 1), "");	/* a link is missing */
	chain[0] = leaf;
	chain[1] = sub;
	assert_string_equal(refusal(&p, chain, 2), "");
	chain[1] = no_ca;	/* a peer's certificate that signs another */
	assert_string_not_equal(refusal(&p, chain, 2), "");
	X509_free(sub);
	X509_free(no_ca);
	X509_free(leaf);
	EVP_PKEY_free(sub_key);
	pki_clear(&p);
}

static void
test_name_constraints(void **state)
{
	struct pki p = {0};
	EVP_PKEY *sub_key = maker_key("P-256");
	X509 *sub = maker_cert(&(struct maker_cert){.subject = "CN=Sub", .key = sub_key, .issuer = ca,
	    .issuer_key = ca_key, .ca = true, .constraints = "critical,permitted;DNS:spokes.example.org"});
	struct maker_cert spec = {.subject = "CN=R1", .key = p256, .issuer = sub, .issuer_key = sub_key,
	    .alt = "DNS:r1.spokes.example.org"};
	X509 *chain[2] = {maker_cert(&spec), sub};

	(void)state;
	trust(&p, REVOCATION_NONE);
	assert_string_equal(refusal(&p, chain, 2), "");
	X509_free(chain[0]);
	spec.alt = "DNS:hub.example.org";
	chain[0] = maker_cert(&spec);
	assert_string_not_equal(refusal(&p, chain, 2), "");
	X509_free(chain[0]);
	X509_free(sub);
	EVP_PKEY_free(sub_key);
	pki_clear(&p);
}

static void
test_revocation(void **state)
{
	static const long nobody[] = {0}, five[] = {5, 0};
	struct pki p = {0};

	(void)state;
	trust(&p, REVOCATION_CRL);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}),
	    "there is no CRL of the certificate's issuer (revocation-check)");
	set_crl(&p, nobody, 0);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}), "");
	set_crl(&p, five, 0);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}),
	    "the certificate is revoked");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 6}), "");
	set_crl(&p, five, MAKER_NOW_S - 1);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 6}),
	    "the CRL has expired (revocation-check)");
	pki_clear(&p);

	trust(&p, REVOCATION_CRL_NONE);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}), "");
	set_crl(&p, five, 0);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}),
	    "the certificate is revoked");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 6}), "");
	pki_clear(&p);

	trust(&p, REVOCATION_NONE);
	set_crl(&p, five, 0);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}), "");
	pki_clear(&p);
}

static void
test_a_crl_in_parts(void **state)
{
	static const long five[] = {5, 0};
	struct pki p = {0};
	X509_CRL *crl = maker_crl(ca, ca_key, five, 0);
	struct blob whole;

	(void)state;
	trust(&p, REVOCATION_CRL);
	maker_set_crl(&m, "TP", crl);
	whole = m.crl_part.der;
	m.crl_part.parts = 2;
	m.crl_part.part = 1;
	blob_set(&m.crl_part.der, whole.b + 100, whole.len - 100u);
	pki_message(&p, IPC_MSG_CRL_PART_SET, &m);
	assert_string_not_equal(refusal_of(&p, (struct maker_cert){.serial = 6}), "");
	m.crl_part.part = 0;
	blob_set(&m.crl_part.der, whole.b, 100);
	pki_message(&p, IPC_MSG_CRL_PART_SET, &m);
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 6}), "");
	assert_string_equal(refusal_of(&p, (struct maker_cert){.serial = 5}), "the certificate is revoked");
	X509_CRL_free(crl);
	pki_clear(&p);
}

static void
test_trustpoints_that_count(void **state)
{
	struct pki p = {0};
	struct pki_names this = {{"TP", ""}}, that = {{"OTHER"}};
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = p256, .issuer = ca,
	    .issuer_key = ca_key}), *ok;
	struct slice der;
	const char *why;

	(void)state;
	trust(&p, REVOCATION_NONE);
	maker_der(x, &blobs[0]);
	der = slice_of(blobs[0].b, blobs[0].len);
	ok = pki_validate(&p, &this, &der, 1, MAKER_NOW_S, &why);
	assert_non_null(ok);
	X509_free(ok);
	assert_null(pki_validate(&p, &that, &der, 1, MAKER_NOW_S, &why));
	assert_null(pki_validate(&p, NULL, &der, 0, MAKER_NOW_S, &why));
	der.len--;
	assert_null(pki_validate(&p, NULL, &der, 1, MAKER_NOW_S, &why));
	assert_string_equal(why, "the peer's certificate cannot be read");
	X509_free(x);
	pki_clear(&p);
}

static struct ident
ident_of(uint8_t type, const void *b, size_t len)
{
	struct ident id = {.type = type, .len = (uint8_t)len};

	memcpy(id.b, b, len);
	return id;
}

static bool
is_named(const X509 *x, uint8_t type, const char *text)
{
	struct ident id = ident_of(type, text, strlen(text));

	return pki_names_ident(x, &id);
}

static void
test_whose_it_is(void **state)
{
	X509 *x = maker_cert(&(struct maker_cert){.subject = "O=Example/CN=r1.example.org", .key = p256,
	    .issuer = ca, .issuer_key = ca_key,
	    .alt = "DNS:R1.example.org,email:Ops@example.org,IP:10.0.0.1,IP:2001:db8::1"});
	X509 *bare = maker_cert(&(struct maker_cert){.subject =
	    "unstructuredName=r2.example.org/emailAddress=r2@example.org/CN=R2", .key = p256,
	    .issuer = ca, .issuer_key = ca_key});
	struct addr a;
	struct ident id;
	struct pki_own own = {.cert = x};

	(void)state;
	assert_true(is_named(x, ID_FQDN, "r1.example.org"));
	assert_false(is_named(x, ID_FQDN, "r2.example.org"));
	assert_false(is_named(x, ID_FQDN, "example.org"));
	assert_true(is_named(x, ID_USER_FQDN, "Ops@EXAMPLE.org"));
	assert_false(is_named(x, ID_USER_FQDN, "ops@example.org"));
	assert_false(is_named(x, ID_KEY_ID, "r1.example.org"));
	addr_parse(&a, "10.0.0.1");
	ident_from_addr(&id, &a);
	assert_true(pki_names_ident(x, &id));
	assert_false(pki_names_ident(bare, &id));
	addr_parse(&a, "2001:db8::1");
	ident_from_addr(&id, &a);
	assert_true(pki_names_ident(x, &id));
	addr_parse(&a, "10.0.0.2");
	ident_from_addr(&id, &a);
	assert_false(pki_names_ident(x, &id));
	assert_true(pki_own_ident(&own, &id));
	assert_int_equal(id.type, ID_DER_DN);
	assert_true(pki_names_ident(x, &id));
	assert_false(pki_names_ident(bare, &id));
	id.len--;
	assert_false(pki_names_ident(x, &id));
	/* A common name alone is no host name, but what IOS asks its CA for is. */
	assert_true(is_named(bare, ID_FQDN, "R2.example.org"));
	assert_false(is_named(bare, ID_FQDN, "R2"));
	assert_true(is_named(bare, ID_USER_FQDN, "r2@example.org"));
	X509_free(x);
	X509_free(bare);
}

static void
add_rule(struct pki *p, const char *map, unsigned int seq, unsigned int position, uint8_t field,
    uint8_t op, const char *text)
{
	memset(&m, 0, sizeof(m));
	snprintf(m.cert_rule.map, sizeof(m.cert_rule.map), "%s", map);
	m.cert_rule.seq = (uint16_t)seq;
	m.cert_rule.position = (uint16_t)position;
	m.cert_rule.field = field;
	m.cert_rule.op = op;
	snprintf(m.cert_rule.text, sizeof(m.cert_rule.text), "%s", text);
	assert_true(pki_message(p, IPC_MSG_CERT_RULE_SET, &m));
}

static void
test_certificate_maps(void **state)
{
	static const char want[] = "ALT\0ANY\0BOTH\0";
	struct pki p = {0};
	X509 *x = maker_cert(&(struct maker_cert){.subject = "C=RU/O=Example/OU=VPN/CN=R1", .key = p256,
	    .issuer = ca, .issuer_key = ca_key, .alt = "DNS:r1.example.org"});
	char maps[256], cut[6];

	(void)state;
	/* All of one number, any of the numbers; blanks and case do not count. */
	add_rule(&p, "BOTH", 20, 0, CERT_FIELD_SUBJECT, CERT_OP_CO, "ou = vpn");
	add_rule(&p, "BOTH", 20, 1, CERT_FIELD_ISSUER, CERT_OP_EQ, "CN=CA, O=Example, C=RU");
	add_rule(&p, "ANY", 10, 0, CERT_FIELD_SUBJECT, CERT_OP_CO, "ou = lan");
	add_rule(&p, "ANY", 20, 0, CERT_FIELD_SUBJECT, CERT_OP_NC, "lan");
	add_rule(&p, "ALT", 1, 0, CERT_FIELD_ALT_SUBJECT, CERT_OP_EQ, "R1.Example.org");
	add_rule(&p, "NOT", 1, 0, CERT_FIELD_ALT_SUBJECT, CERT_OP_NE, "r1.example.org");
	add_rule(&p, "NOT", 2, 0, CERT_FIELD_SUBJECT, CERT_OP_CO, "ou=vpn");
	add_rule(&p, "NOT", 2, 1, CERT_FIELD_ISSUER, CERT_OP_CO, "o=other");
	add_rule(&p, "EMPTY", 1, 0, 0, 0, "");
	pki_maps(&p, x, maps, sizeof(maps));
	assert_memory_equal(maps, want, sizeof(want));
	pki_maps(&p, x, cut, sizeof(cut));	/* what does not fit is left out, whole */
	assert_memory_equal(cut, "ALT\0\0", 6);
	X509_free(x);
	pki_clear(&p);
}

/* --- payloads, and ourselves --- */

static void
test_cert_payloads(void **state)
{
	struct cert_chain chain = {0};
	uint8_t body[8] = {CERT_X509_SIGNATURE, 1, 2, 3};
	unsigned int i;

	(void)state;
	assert_null(cert_read_body(slice_of(body, 4), &chain));
	assert_int_equal(chain.count, 1);
	assert_int_equal(chain.der[0].len, 3);
	assert_non_null(cert_read_body(slice_of(body, 1), &chain));
	assert_non_null(cert_read_body(slice_of(body, 0), &chain));
	body[0] = CERT_CRL;
	assert_null(cert_read_body(slice_of(body, 4), &chain));
	assert_int_equal(chain.count, 1);
	body[0] = CERT_HASH_AND_URL;
	assert_non_null(cert_read_body(slice_of(body, 4), &chain));
	body[0] = CERT_X509_SIGNATURE;
	for (i = 1; i < PKI_CHAIN_MAX; i++)
		assert_null(cert_read_body(slice_of(body, 4), &chain));
	assert_non_null(cert_read_body(slice_of(body, 4), &chain));
}

static void
test_our_certificate_is_the_one_that_was_asked_for(void **state)
{
	struct pki p = {0};
	EVP_PKEY *ca2_key = maker_key("P-256");
	X509 *ca2 = maker_cert(&(struct maker_cert){.subject = "CN=CA2", .key = ca2_key, .ca = true});
	X509 *one = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa, .issuer = ca,
	    .issuer_key = ca_key});
	X509 *two = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa, .issuer = ca2,
	    .issuer_key = ca2_key});
	struct pki_own own;
	struct pki_names second = {{"TP2"}};
	struct slice none = {NULL, 0}, der[PKI_CHAIN_MAX], wanted;
	uint8_t req[64];
	struct wbuf w;

	(void)state;
	trust(&p, REVOCATION_NONE);
	assert_false(pki_own(&p, NULL, IPC_AUTH_RSA, none, &own));
	maker_set_trustpoint(&m, "TP", "K", REVOCATION_NONE);
	pki_message(&p, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_cert(&m, "TP", false, one);
	pki_message(&p, IPC_MSG_TRUST_CERT_SET, &m);
	assert_false(pki_own(&p, NULL, IPC_AUTH_RSA, none, &own));	/* no key yet */
	maker_set_key(&m, "K", rsa);
	pki_message(&p, IPC_MSG_PKI_KEY_SET, &m);
	maker_set_trustpoint(&m, "TP2", "K", REVOCATION_NONE);
	pki_message(&p, IPC_MSG_TRUSTPOINT_SET, &m);
	maker_set_cert(&m, "TP2", true, ca2);
	pki_message(&p, IPC_MSG_TRUST_CERT_SET, &m);
	maker_set_cert(&m, "TP2", false, two);
	pki_message(&p, IPC_MSG_TRUST_CERT_SET, &m);

	assert_true(pki_own(&p, NULL, IPC_AUTH_RSA, none, &own));
	assert_string_equal(own.trustpoint->set.name, "TP");
	assert_int_equal(pki_own_chain(&p, &own, der), 1);	/* the root is not sent */
	assert_false(pki_own(&p, NULL, IPC_AUTH_ECDSA, none, &own));
	wbuf_init(&w, req, sizeof(req));
	assert_true(certreq_write(&w, &p, &second));
	assert_int_equal(wbuf_len(&w), 21);
	wanted = certreq_read(slice_of(req, wbuf_len(&w)));
	assert_int_equal(wanted.len, 20);
	assert_true(pki_own(&p, NULL, IPC_AUTH_RSA, wanted, &own));
	assert_string_equal(own.trustpoint->set.name, "TP2");
	pki_begin(&p);		/* all of it goes in a sweep */
	pki_sweep(&p);
	assert_null(p.trustpoints);
	assert_null(p.keys);
	assert_null(p.certs);
	X509_free(ca2);
	X509_free(one);
	X509_free(two);
	EVP_PKEY_free(ca2_key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_is_believed),
		cmocka_unit_test(test_ca_that_says_its_name_differently_is_unknown),
		cmocka_unit_test(test_intermediates),
		cmocka_unit_test(test_name_constraints),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_a_crl_in_parts),
		cmocka_unit_test(test_trustpoints_that_count),
		cmocka_unit_test(test_whose_it_is),
		cmocka_unit_test(test_certificate_maps),
		cmocka_unit_test(test_cert_payloads),
		cmocka_unit_test(test_our_certificate_is_the_one_that_was_asked_for),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
