/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cert_maker.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "cannot make %s\n", what);
	ERR_print_errors_fp(stderr);
	abort();
}

EVP_PKEY *
maker_key(const char *kind)
{
	EVP_PKEY *key = strcmp(kind, "RSA") == 0 ? EVP_RSA_gen(2048) :
	    strcmp(kind, "ED25519") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") :
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);

	must(key != NULL, kind);
	return key;
}

static void
set_name(X509_NAME *name, const char *text)
{
	char part[256], *eq;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '/')) {
		n = strcspn(text, "/");
		snprintf(part, sizeof(part), "%.*s", (int)n, text);
		eq = strchr(part, '=');
		must(eq != NULL, "a name");
		*eq = '\0';
		must(X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8,
		    (const unsigned char *)eq + 1, -1, -1, 0) == 1, part);
	}
}

static void
add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	if (value == NULL)
		return;
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	must(e != NULL && X509_add_ext(x, e, -1) == 1, value);
	X509_EXTENSION_free(e);
}

static const EVP_MD *
digest_for(const EVP_PKEY *key, const char *name)
{
	return EVP_PKEY_is_a(key, "ED25519") ? NULL :
	    EVP_get_digestbyname(name == NULL ? "SHA256" : name);
}

X509 *
maker_cert(const struct maker_cert *m)
{
	X509 *x = X509_new(), *issuer = m->issuer == NULL ? x : m->issuer;
	EVP_PKEY *signer = m->issuer == NULL ? m->key : m->issuer_key;

	must(x != NULL, "a certificate");
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), m->serial == 0 ? 1 : m->serial);
	ASN1_TIME_set(X509_getm_notBefore(x), m->from_s == 0 ? MAKER_NOW_S - DAY_S : m->from_s);
	ASN1_TIME_set(X509_getm_notAfter(x), m->to_s == 0 ? MAKER_NOW_S + DAY_S : m->to_s);
	set_name(X509_get_subject_name(x), m->subject);
	X509_set_issuer_name(x, X509_get_subject_name(issuer));
	X509_set_pubkey(x, m->key);
	add_extension(x, issuer, NID_basic_constraints, m->ca ? "critical,CA:TRUE" : NULL);
	add_extension(x, issuer, NID_subject_key_identifier, "hash");
	add_extension(x, issuer, NID_key_usage, m->usage);
	add_extension(x, issuer, NID_subject_alt_name, m->alt);
	add_extension(x, issuer, NID_name_constraints, m->constraints);
	add_extension(x, issuer, NID_crl_distribution_points, m->crl_url);
	must(X509_sign(x, signer, digest_for(signer, m->digest)) > 0, "a signature");
	return x;
}

X509_CRL *
maker_crl(X509 *ca, EVP_PKEY *key, const long *revoked, int64_t to_s)
{
	X509_CRL *crl = X509_CRL_new();
	int64_t until = to_s == 0 ? MAKER_NOW_S + DAY_S : to_s;
	ASN1_TIME *t = ASN1_TIME_set(NULL, until - 10 * DAY_S);

	must(crl != NULL && t != NULL, "a CRL");
	X509_CRL_set_version(crl, 1);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca));
	X509_CRL_set1_lastUpdate(crl, t);
	for (; *revoked != 0; revoked++) {
		X509_REVOKED *r = X509_REVOKED_new();
		ASN1_INTEGER *serial = ASN1_INTEGER_new();

		ASN1_INTEGER_set(serial, *revoked);
		X509_REVOKED_set_serialNumber(r, serial);
		X509_REVOKED_set_revocationDate(r, t);
		X509_CRL_add0_revoked(crl, r);
		ASN1_INTEGER_free(serial);
	}
	ASN1_TIME_set(t, until);
	X509_CRL_set1_nextUpdate(crl, t);
	must(X509_CRL_sign(crl, key, digest_for(key, NULL)) > 0, "a CRL's signature");
	ASN1_TIME_free(t);
	return crl;
}

void
maker_der(X509 *x, struct blob *out)
{
	unsigned char *p = out->b;
	int len = i2d_X509(x, NULL);

	must(len > 0 && len <= BLOB_MAX, "DER");
	out->len = (uint16_t)i2d_X509(x, &p);
}

void
maker_set_trustpoint(union ipc_body *m, const char *name, const char *label, uint8_t revocation)
{
	memset(m, 0, sizeof(*m));
	snprintf(m->trustpoint.name, sizeof(m->trustpoint.name), "%s", name);
	snprintf(m->trustpoint.label, sizeof(m->trustpoint.label), "%s", label);
	m->trustpoint.revocation = revocation;
}

void
maker_set_cert(union ipc_body *m, const char *trustpoint, bool ca, X509 *x)
{
	memset(m, 0, sizeof(*m));
	snprintf(m->trust_cert.trustpoint, sizeof(m->trust_cert.trustpoint), "%s", trustpoint);
	snprintf(m->trust_cert.sha1, sizeof(m->trust_cert.sha1), "%lu", X509_subject_name_hash(x));
	m->trust_cert.ca = ca;
	maker_der(x, &m->trust_cert.der);
}

void
maker_set_key(union ipc_body *m, const char *label, EVP_PKEY *key)
{
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(key);
	unsigned char *p = m->pki_key.der.b;

	memset(m, 0, sizeof(*m));
	snprintf(m->pki_key.label, sizeof(m->pki_key.label), "%s", label);
	must(p8 != NULL && i2d_PKCS8_PRIV_KEY_INFO(p8, NULL) <= BLOB_MAX, "PKCS #8");
	m->pki_key.der.len = (uint16_t)i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	PKCS8_PRIV_KEY_INFO_free(p8);
}

void
maker_set_crl(union ipc_body *m, const char *trustpoint, X509_CRL *crl)
{
	static uint32_t id;
	unsigned char *p = m->crl_part.der.b;

	memset(m, 0, sizeof(*m));
	snprintf(m->crl_part.trustpoint, sizeof(m->crl_part.trustpoint), "%s", trustpoint);
	m->crl_part.parts = 1;
	m->crl_part.id = ++id;
	must(i2d_X509_CRL(crl, NULL) <= BLOB_MAX, "a CRL of one part");
	m->crl_part.der.len = (uint16_t)i2d_X509_CRL(crl, &p);
}
