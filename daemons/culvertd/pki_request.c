/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki_request.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "algs.h"

#define SELF_SIGNED_DAYS 3650
enum { ATTRIBUTES_MAX = 16 };

static EVP_PKEY *
key_of(const struct stored_key *k)
{
	const unsigned char *at = k->der.b;

	return d2i_AutoPrivateKey(NULL, &at, k->der.len);
}

static const EVP_MD *
digest_of(const struct conf_trustpoint *t, const struct stored_key *k)
{
	if (k->kind == CERT_KEY_ED25519)
		return NULL;
	return t->hash == HASH_SHA1 ? EVP_sha1() : t->hash == HASH_SHA384 ? EVP_sha384() :
	    t->hash == HASH_SHA512 ? EVP_sha512() : EVP_sha256();
}

/* --- names --- */

static int
nid_of(const char *word)
{
	static const struct { const char *word; int nid; } names[] = {
		{"cn", NID_commonName}, {"ou", NID_organizationalUnitName},
		{"o", NID_organizationName}, {"l", NID_localityName},
		{"st", NID_stateOrProvinceName}, {"c", NID_countryName},
		{"dc", NID_domainComponent}, {"e", NID_pkcs9_emailAddress},
		{"ea", NID_pkcs9_emailAddress}, {"serialNumber", NID_serialNumber},
		{"hostname", NID_pkcs9_unstructuredName},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(names[i].word, word) == 0)
			return names[i].nid;
	return NID_undef;
}

/* "CN=R1, O=Example" cut at the commas; each part without blanks around it. */
static unsigned int
cut(char *text, char *part[ATTRIBUTES_MAX])
{
	unsigned int n = 0;
	char *save = NULL, *p;

	for (p = strtok_r(text, ",", &save); p != NULL && n < ATTRIBUTES_MAX;
	    p = strtok_r(NULL, ",", &save)) {
		size_t len;

		p += strspn(p, " \t");
		for (len = strlen(p); len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'); len--)
			p[len - 1] = '\0';
		part[n++] = p;
	}
	return n;
}

/* What is typed first is the most specific and stands last in the name (RFC 4514 2.1). */
static const char *
put_subject(X509_NAME *name, const struct conf_trustpoint *t, const char *fqdn)
{
	static char why[120];
	char text[CONF_PKI_TEXT_MAX], *part[ATTRIBUTES_MAX], *value;
	unsigned int n;
	int nid;

	snprintf(text, sizeof(text), "%s", t->subject);
	for (n = cut(text, part); n-- > 0;) {
		value = strchr(part[n], '=');
		if (value != NULL)
			*value++ = '\0';
		nid = value == NULL ? NID_undef : nid_of(part[n]);
		if (nid == NID_undef || X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
		    (const unsigned char *)value + strspn(value, " "), -1, -1, 0) != 1) {
			snprintf(why, sizeof(why), "subject-name: `%.40s` cannot be in a name", part[n]);
			return why;
		}
	}
	if (fqdn[0] != '\0')
		X509_NAME_add_entry_by_NID(name, NID_pkcs9_unstructuredName, MBSTRING_ASC,
		    (const unsigned char *)fqdn, -1, -1, 0);
	return NULL;
}

static const char *
fqdn_of(const struct conf_trustpoint *t, const char *host)
{
	return strcasecmp(t->fqdn, "none") == 0 ? "" : t->fqdn[0] != '\0' ? t->fqdn : host;
}

/* --- extensions --- */

static bool
add_extension(STACK_OF(X509_EXTENSION) *list, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

	return e != NULL && sk_X509_EXTENSION_push(list, e) > 0;
}

static bool
add_extensions(STACK_OF(X509_EXTENSION) *list, const struct conf_trustpoint *t, const char *fqdn)
{
	char alt[CONF_PKI_TEXT_MAX + ADDR_STRLEN + 16] = "";
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, NULL, NULL, NULL, NULL, 0);
	if (fqdn[0] != '\0')
		snprintf(alt, sizeof(alt), "DNS:%s", fqdn);
	if (addr_is_set(&t->ip))
		snprintf(alt + strlen(alt), sizeof(alt) - strlen(alt), "%sIP:%s",
		    alt[0] == '\0' ? "" : ",", ADDR_STR(&t->ip));
	return add_extension(list, &ctx, NID_key_usage, "critical,digitalSignature,keyEncipherment") &&
	    (alt[0] == '\0' || add_extension(list, &ctx, NID_subject_alt_name, alt));
}

/* --- the request --- */

static void
put_pem(struct text *out, X509_REQ *req, bool lines)
{
	BIO *mem = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len = 0;

	if (mem != NULL && PEM_write_bio_X509_REQ(mem, req) == 1)
		len = BIO_get_mem_data(mem, &pem);
	while (len > 0) {
		const char *end = memchr(pem, '\n', (size_t)len);
		size_t n = end == NULL ? (size_t)len : (size_t)(end - pem) + 1;

		if (lines || pem[0] != '-')
			text_put(out, pem, n);
		pem += n;
		len -= (long)n;
	}
	BIO_free(mem);
}

const char *
pki_request(const struct conf_trustpoint *t, const char *host, const struct stored_key *k,
    struct text *out)
{
	const char *fqdn = fqdn_of(t, host), *why;
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
	X509_REQ *req = X509_REQ_new();
	EVP_PKEY *key = key_of(k);

	why = req == NULL || key == NULL || list == NULL ? "out of memory" :
	    put_subject(X509_REQ_get_subject_name(req), t, fqdn);
	if (why == NULL && !(add_extensions(list, t, fqdn) && X509_REQ_set_version(req, 0) == 1 &&
	    X509_REQ_set_pubkey(req, key) == 1 && X509_REQ_add_extensions(req, list) == 1 &&
	    X509_REQ_sign(req, key, digest_of(t, k)) > 0))
		why = "the request cannot be made with this key";
	if (why == NULL)
		put_pem(out, req, t->enrollment == ENROLL_TERMINAL_PEM);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	X509_REQ_free(req);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return why;
}

/* --- signed by itself --- */

static bool
put_body(X509 *x, EVP_PKEY *key, STACK_OF(X509_EXTENSION) *list)
{
	int i;

	for (i = 0; i < sk_X509_EXTENSION_num(list); i++)
		if (X509_add_ext(x, sk_X509_EXTENSION_value(list, i), -1) != 1)
			return false;
	return X509_set_version(x, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(x), 0) != NULL &&
	    X509_time_adj_ex(X509_getm_notAfter(x), SELF_SIGNED_DAYS, 0, NULL) != NULL &&
	    X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 && X509_set_pubkey(x, key) == 1;
}

const char *
pki_self_signed(const struct conf_trustpoint *t, const char *host, const struct stored_key *k,
    struct blob *der)
{
	const char *fqdn = fqdn_of(t, host), *why;
	STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
	X509 *x = X509_new();
	EVP_PKEY *key = key_of(k);
	unsigned char *at = der->b;

	why = x == NULL || key == NULL || list == NULL ? "out of memory" :
	    put_subject(X509_get_subject_name(x), t, fqdn);
	if (why == NULL && !(add_extensions(list, t, fqdn) && put_body(x, key, list) &&
	    X509_sign(x, key, digest_of(t, k)) > 0))
		why = "the certificate cannot be made with this key";
	if (why == NULL && i2d_X509(x, NULL) > BLOB_MAX)
		why = "the certificate is too large";
	if (why == NULL)
		der->len = (uint16_t)i2d_X509(x, &at);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	X509_free(x);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return why;
}
