/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates: who is believed, whose they are, and what is signed with their keys. */
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
#include "hex.h"
#include "ike_wire.h"

#define DAY_S 86400

static size_t
unhex(const char *text, uint8_t *out)
{
	struct bytes b = hex(text);

	memcpy(out, b.b, b.len);
	return b.len;
}

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

/* --- signatures --- */

static const char octets_a[] = "the first message, ", octets_b[] = "the nonce, and prf(SK_p, ID)";

static void
check_signature(const char *kind, unsigned int hashes, unsigned int method)
{
	EVP_PKEY *key = maker_key(kind), *wrong_key = maker_key(kind);
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = key});
	X509 *other = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = wrong_key});
	struct pki_own own = {.cert = x, .key = key};
	struct slice octets[] = {{(const uint8_t *)octets_a, strlen(octets_a)},
	    {(const uint8_t *)octets_b, strlen(octets_b)}};
	uint8_t sig[SIGNATURE_MAX], said;
	struct wbuf w;
	struct slice auth;
	size_t i;

	wbuf_init(&w, sig, sizeof(sig));
	assert_null(auth_cert_sign(&own, hashes, octets, 2, &said, &w));
	assert_int_equal(said, method);
	auth = slice_of(sig, wbuf_len(&w));
	assert_null(auth_cert_verify(x, said, auth, octets, 2));
	assert_non_null(auth_cert_verify(other, said, auth, octets, 2));
	assert_non_null(auth_cert_verify(x, said, auth, octets, 1));
	assert_non_null(auth_cert_verify(x, AUTH2_PSK, auth, octets, 2));
	assert_non_null(auth_cert_verify(x, said, slice_of(sig, auth.len - 1), octets, 2));
	for (i = 0; i < auth.len; i += 7) {
		sig[i] ^= 0x10;
		assert_non_null(auth_cert_verify(x, said, auth, octets, 2));
		sig[i] ^= 0x10;
	}
	X509_free(x);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(wrong_key);
}

static void
test_signatures_of_each_kind(void **state)
{
	(void)state;
	check_signature("RSA", 0, AUTH2_RSA);
	check_signature("RSA", SIG_BIT(SIG_SHA1), AUTH2_RSA);
	check_signature("RSA", SIG_HASHES_OURS, AUTH2_SIGNATURE);
	check_signature("P-256", 0, AUTH2_ECDSA_256);
	check_signature("P-384", 0, AUTH2_ECDSA_384);
	check_signature("P-521", 0, AUTH2_ECDSA_521);
	check_signature("P-256", SIG_HASHES_OURS, AUTH2_SIGNATURE);
	check_signature("P-384", SIG_BIT(SIG_SHA512), AUTH2_SIGNATURE);
	check_signature("ED25519", SIG_HASHES_OURS, AUTH2_SIGNATURE);
}

static void
test_ed25519_needs_rfc7427(void **state)
{
	EVP_PKEY *key = maker_key("ED25519");
	struct pki_own own = {.key = key};
	uint8_t sig[SIGNATURE_MAX], method;
	struct wbuf w;
	struct slice octets = {(const uint8_t *)octets_a, 3};

	(void)state;
	wbuf_init(&w, sig, sizeof(sig));
	assert_non_null(auth_cert_sign(&own, SIG_BIT(SIG_SHA256), &octets, 1, &method, &w));
	EVP_PKEY_free(key);
}

/* A peer may sign with PSS; we do not. */
static void
test_pss_is_understood(void **state)
{
	static const char head[] = "4330 4106092a864886f70d01010a3034a00f300d06096086480165030402010500"
	    "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120";
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa});
	struct slice octets = {(const uint8_t *)octets_a, strlen(octets_a)};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	uint8_t auth[SIGNATURE_MAX];
	size_t at = unhex(head, auth), len = sizeof(auth) - at;

	(void)state;
	assert_int_equal(at, 68);
	assert_int_equal(EVP_DigestSignInit_ex(ctx, &pctx, "SHA256", NULL, NULL, rsa, NULL), 1);
	EVP_PKEY_CTX_set_rsa_padding(pctx, 6);
	EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, 32);
	assert_int_equal(EVP_DigestSign(ctx, auth + at, &len, octets.p, octets.len), 1);
	assert_null(auth_cert_verify(x, AUTH2_SIGNATURE, slice_of(auth, at + len), &octets, 1));
	auth[67] = 31;		/* another length of salt */
	assert_non_null(auth_cert_verify(x, AUTH2_SIGNATURE, slice_of(auth, at + len), &octets, 1));
	EVP_MD_CTX_free(ctx);
	X509_free(x);
}

static void
test_ikev1_signature(void **state)
{
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa});
	X509 *ec = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = p256});
	struct pki_own own = {.cert = x, .key = rsa};
	uint8_t hash[20] = {1, 2, 3}, sig[SIGNATURE_MAX];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, sig, sizeof(sig));
	assert_null(auth_cert_sign1(&own, slice_of(hash, 20), &w));
	assert_null(auth_cert_verify1(x, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	assert_non_null(auth_cert_verify1(ec, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	hash[19] = 1;
	assert_non_null(auth_cert_verify1(x, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	X509_free(x);
	X509_free(ec);
}

/* --- vectors --- */

/* A certificate for a public key of which the private half is not needed. */
static X509 *
cert_of_point(const char *curve, const char *point_hex)
{
	uint8_t point[140];
	size_t len = unhex(point_hex, point);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, curve == NULL ? "ED25519" : "EC", NULL);
	OSSL_PARAM params[] = {
	    {curve == NULL ? "pub" : "group", curve == NULL ? OSSL_PARAM_OCTET_STRING :
	    OSSL_PARAM_UTF8_STRING, curve == NULL ? (void *)point : (void *)(uintptr_t)curve,
	    curve == NULL ? len : strlen(curve), 0},
	    {"pub", OSSL_PARAM_OCTET_STRING, point, len, 0}, {NULL, 0, NULL, 0, 0}};
	EVP_PKEY *key = NULL;
	X509 *x;

	if (curve == NULL)
		params[1] = params[2];
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	x = maker_cert(&(struct maker_cert){.subject = "CN=V", .key = key, .issuer = ca,
	    .issuer_key = ca_key});
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
	return x;
}

static void
check_vector(const char *curve, const char *point, unsigned int method, const char *sig_hex,
    const char *message)
{
	X509 *x = cert_of_point(curve, point);
	uint8_t sig[160];
	size_t len = unhex(sig_hex, sig);
	struct slice octets = {(const uint8_t *)message, strlen(message)};

	assert_null(auth_cert_verify(x, (uint8_t)method, slice_of(sig, len), &octets, 1));
	sig[len - 1] ^= 1;
	assert_non_null(auth_cert_verify(x, (uint8_t)method, slice_of(sig, len), &octets, 1));
	X509_free(x);
}

static void
test_vectors(void **state)
{
	(void)state;
	/* RFC 6979 A.2.5, A.2.6, A.2.7: "sample" with the curve's own hash. */
	check_vector("P-256", "04"
	    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
	    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299", AUTH2_ECDSA_256,
	    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
	    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", "sample");
	check_vector("P-384", "04"
	    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
	    "DEF8F0EA9055866064A254515480BC13"
	    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
	    "288B231C3AE0D4FE7344FD2533264720", AUTH2_ECDSA_384,
	    "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
	    "81A648152E44ACF96E36DD1E80FABE46"
	    "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
	    "A329C145786E679E7B82C71A38628AC8", "sample");
	check_vector("P-521", "04"
	    "01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD"
	    "371123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F50"
	    "23A4"
	    "00493101C962CD4D2FDDF782285E64584139C2F91B47F87FF82354D6630F746A"
	    "28A0DB25741B5B34A828008B22ACC23F924FAAFBD4D33F81EA66956DFEAA2BFD"
	    "FCF5", AUTH2_ECDSA_521,
	    "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F"
	    "174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E3"
	    "77FA"
	    "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF"
	    "282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4"
	    "A67A", "sample");
	/* RFC 8032 7.1, TEST 2, behind the head that RFC 8420 wants. */
	check_vector(NULL, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    AUTH2_SIGNATURE, "07 30050603 2b6570"
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", "\x72");
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
		cmocka_unit_test(test_signatures_of_each_kind),
		cmocka_unit_test(test_ed25519_needs_rfc7427),
		cmocka_unit_test(test_pss_is_understood),
		cmocka_unit_test(test_ikev1_signature),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_cert_payloads),
		cmocka_unit_test(test_our_certificate_is_the_one_that_was_asked_for),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
