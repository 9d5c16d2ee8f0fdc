/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cert.h"

#include <ctype.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* All of der and nothing behind it, or NULL. */
static X509 *
parse(struct slice der)
{
	const unsigned char *p = der.p;
	X509 *x;

	if (der.len == 0 || der.len > CERT_DER_MAX)
		return NULL;
	x = d2i_X509(NULL, &p, (long)der.len);
	if (x != NULL && p != der.p + der.len) {
		X509_free(x);
		x = NULL;
	}
	ERR_clear_error();
	return x;
}

/* --- names --- */

static const char *
attribute_name(const ASN1_OBJECT *o, char buf[64])
{
	static const struct { int nid; const char *name; } names[] = {
		{NID_commonName, "cn"}, {NID_organizationalUnitName, "ou"},
		{NID_organizationName, "o"}, {NID_localityName, "l"},
		{NID_stateOrProvinceName, "st"}, {NID_countryName, "c"},
		{NID_domainComponent, "dc"}, {NID_pkcs9_emailAddress, "e"},
		{NID_pkcs9_unstructuredName, "hostname"},
		{NID_pkcs9_unstructuredAddress, "ipaddress"}, {NID_serialNumber, "serialNumber"},
	};
	int nid = OBJ_obj2nid(o);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].nid == nid)
			return names[i].name;
	OBJ_obj2txt(buf, 64, o, 1);
	return buf;
}

/* The value as text; its length. */
static size_t
value_text(const X509_NAME_ENTRY *e, char *out, size_t room)
{
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(e));
	size_t i, n = 0;

	for (i = 0; len > 0 && i < (size_t)len && n + 1 < room; i++)
		out[n++] = utf8[i] >= 0x20 && utf8[i] != 0x7f ? (char)utf8[i] : '.';
	out[n] = '\0';
	OPENSSL_free(utf8);
	return n;
}

void
cert_name_text(const struct X509_name_st *name, char out[CERT_NAME_STRLEN])
{
	int i, last_set = -1;
	size_t n = 0;

	out[0] = '\0';
	for (i = X509_NAME_entry_count(name) - 1; i >= 0; i--) {
		X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);
		char value[CERT_NAME_STRLEN], oid[64];
		int set = X509_NAME_ENTRY_set(e), wrote;

		value_text(e, value, sizeof(value));
		wrote = snprintf(out + n, CERT_NAME_STRLEN - n, "%s%s=%s",
		    n == 0 ? "" : set == last_set ? "+" : ",",
		    attribute_name(X509_NAME_ENTRY_get_object(e), oid), value);
		last_set = set;
		n += (size_t)wrote;
		if (n >= CERT_NAME_STRLEN)
			return;		/* cut: it is for people */
	}
}

static void
find_host_name(const X509_NAME *name, char out[CERT_NAME_STRLEN])
{
	static const int nids[] = {NID_pkcs9_unstructuredName, NID_commonName};
	size_t i;

	out[0] = '\0';
	for (i = 0; i < 2 && out[0] == '\0'; i++) {
		int at = X509_NAME_get_index_by_NID(name, nids[i], -1);

		if (at >= 0)
			value_text(X509_NAME_get_entry(name, at), out, CERT_NAME_STRLEN);
	}
}

/* --- the rest of what is in it --- */

static void
read_serial(const X509 *x, char out[CERT_SERIAL_STRLEN])
{
	const ASN1_INTEGER *n = X509_get0_serialNumber(x);
	int i, len = ASN1_STRING_length(n);

	out[0] = '\0';
	for (i = 0; i < len && 2 * i + 2 < CERT_SERIAL_STRLEN; i++)
		snprintf(out + 2 * i, 3, "%02X", ASN1_STRING_get0_data(n)[i]);
}

static int64_t
seconds_of(const ASN1_TIME *t)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;

	if (epoch == NULL || !ASN1_TIME_diff(&days, &seconds, epoch, t))
		days = seconds = 0;
	ASN1_TIME_free(epoch);
	return (int64_t)days * 86400 + seconds;
}

static void
read_key(X509 *x, struct cert_info *info)
{
	EVP_PKEY *key = X509_get0_pubkey(x);

	if (key == NULL)
		return;
	info->key_kind = EVP_PKEY_is_a(key, "RSA") ? CERT_KEY_RSA :
	    EVP_PKEY_is_a(key, "EC") ? CERT_KEY_EC :
	    EVP_PKEY_is_a(key, "ED25519") ? CERT_KEY_ED25519 : CERT_KEY_OTHER;
	info->key_bits = (uint16_t)EVP_PKEY_get_bits(key);
}

static void
read_signature(const X509 *x, char out[64])
{
	int nid = X509_get_signature_nid(x), hash = NID_undef, key = NID_undef;
	char upper[32];
	size_t i;

	if (!OBJ_find_sigid_algs(nid, &hash, &key) || hash == NID_undef) {
		snprintf(out, 64, "%s", OBJ_nid2ln(nid));
		return;
	}
	snprintf(upper, sizeof(upper), "%s", OBJ_nid2ln(hash));
	for (i = 0; upper[i] != '\0'; i++)
		upper[i] = (char)toupper((unsigned char)upper[i]);
	snprintf(out, 64, "%s with %s", upper, key == NID_rsaEncryption ? "RSA Encryption" :
	    key == NID_X9_62_id_ecPublicKey ? "ECDSA" : OBJ_nid2ln(key));
}

/* The first URL of the first distribution point that has one. */
static void
read_crl_url(X509 *x, char out[CERT_URL_STRLEN])
{
	CRL_DIST_POINTS *points = X509_get_ext_d2i(x, NID_crl_distribution_points, NULL, NULL);
	int i, k;

	for (i = 0; i < sk_DIST_POINT_num(points) && out[0] == '\0'; i++) {
		const DIST_POINT *p = sk_DIST_POINT_value(points, i);
		GENERAL_NAMES *names = p->distpoint != NULL && p->distpoint->type == 0 ?
		    p->distpoint->name.fullname : NULL;

		for (k = 0; k < sk_GENERAL_NAME_num(names) && out[0] == '\0'; k++) {
			const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, k);
			const ASN1_IA5STRING *uri = g->d.uniformResourceIdentifier;
			size_t len;

			if (g->type != GEN_URI)
				continue;
			len = (size_t)ASN1_STRING_length(uri);
			if (len >= CERT_URL_STRLEN)
				continue;
			memcpy(out, ASN1_STRING_get0_data(uri), len);
			out[len] = '\0';
			for (len = 0; out[len] != '\0'; len++)
				if (!isgraph((unsigned char)out[len]))
					out[0] = '\0';
		}
	}
	CRL_DIST_POINTS_free(points);
}

static uint8_t
copy_key_id(const ASN1_OCTET_STRING *id, uint8_t out[20])
{
	int len = id == NULL ? 0 : ASN1_STRING_length(id);

	if (len <= 0 || len > 20)
		return 0;
	memcpy(out, ASN1_STRING_get0_data(id), (size_t)len);
	return (uint8_t)len;
}

const char *
cert_read(struct slice der, struct cert_info *info)
{
	X509 *x = parse(der);
	uint32_t flags;

	memset(info, 0, sizeof(*info));
	if (x == NULL)
		return der.len > CERT_DER_MAX ? "the certificate is larger than 4096 bytes" :
		    "this is no X.509 certificate";
	info->version = (uint8_t)(X509_get_version(x) + 1);
	read_serial(x, info->serial);
	cert_name_text(X509_get_subject_name(x), info->subject);
	cert_name_text(X509_get_issuer_name(x), info->issuer);
	find_host_name(X509_get_subject_name(x), info->name);
	info->not_before_s = seconds_of(X509_get0_notBefore(x));
	info->not_after_s = seconds_of(X509_get0_notAfter(x));
	read_key(x, info);
	read_signature(x, info->signature);
	read_crl_url(x, info->crl_url);
	flags = X509_get_extension_flags(x);
	info->is_ca = (flags & EXFLAG_CA) != 0;
	info->self_issued = (flags & EXFLAG_SI) != 0;
	info->has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
	info->key_usage = info->has_key_usage ? X509_get_key_usage(x) : 0;
	info->subject_key_id_len = copy_key_id(X509_get0_subject_key_id(x), info->subject_key_id);
	info->authority_key_id_len = copy_key_id(X509_get0_authority_key_id(x),
	    info->authority_key_id);
	X509_digest(x, EVP_md5(), info->md5, NULL);
	X509_digest(x, EVP_sha1(), info->sha1, NULL);
	X509_free(x);
	ERR_clear_error();
	return (flags & EXFLAG_INVALID) ? "the certificate's extensions cannot be read" : NULL;
}

bool
cert_is_signed_by(struct slice der, struct slice ca)
{
	X509 *x = parse(der), *issuer = parse(ca);
	bool ok = x != NULL && issuer != NULL && X509_get0_pubkey(issuer) != NULL &&
	    X509_verify(x, X509_get0_pubkey(issuer)) == 1;

	X509_free(x);
	X509_free(issuer);
	ERR_clear_error();
	return ok;
}

/* --- as text --- */

static size_t
to_der(X509 *x, uint8_t out[CERT_DER_MAX])
{
	int len = x == NULL ? 0 : i2d_X509(x, NULL);
	unsigned char *p = out;

	if (len <= 0 || len > CERT_DER_MAX)
		return 0;
	return (size_t)i2d_X509(x, &p);
}

/* Base64 without PEM's lines around it. */
static size_t
from_bare_base64(const char *text, uint8_t out[CERT_DER_MAX])
{
	BIO *mem = BIO_new_mem_buf(text, -1), *b64 = BIO_new(BIO_f_base64());
	uint8_t der[CERT_DER_MAX + 1];
	int len = 0, n;
	X509 *x;

	if (mem == NULL || b64 == NULL) {
		BIO_free(mem);
		BIO_free(b64);
		return 0;
	}
	BIO_push(b64, mem);
	while (len < (int)sizeof(der) && (n = BIO_read(b64, der + len, (int)sizeof(der) - len)) > 0)
		len += n;
	BIO_free_all(b64);
	x = parse(slice_of(der, (size_t)len));
	len = (int)to_der(x, out);
	X509_free(x);
	return (size_t)len;
}

size_t
cert_from_text(const char *text, unsigned int n, uint8_t out[CERT_DER_MAX])
{
	BIO *mem;
	X509 *x = NULL;
	size_t len;
	unsigned int i;

	if (strstr(text, "-----BEGIN") == NULL)
		return n == 0 ? from_bare_base64(text, out) : 0;
	mem = BIO_new_mem_buf(text, -1);
	for (i = 0; mem != NULL && i <= n; i++) {
		X509_free(x);
		x = PEM_read_bio_X509(mem, NULL, NULL, NULL);
		if (x == NULL)
			break;
	}
	len = to_der(x, out);
	X509_free(x);
	BIO_free(mem);
	ERR_clear_error();
	return len;
}

void
cert_to_pem(struct text *out, struct slice der)
{
	uint8_t b64[66];
	size_t i, n;

	text_add(out, "-----BEGIN CERTIFICATE-----\n");
	for (i = 0; i < der.len; i += n) {
		n = der.len - i < 48 ? der.len - i : 48;
		EVP_EncodeBlock(b64, der.p + i, (int)n);
		text_add(out, "%s\n", (const char *)b64);
	}
	text_add(out, "-----END CERTIFICATE-----\n");
}

void
cert_hex_groups(struct text *out, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		text_add(out, "%s%02X", i > 0 && i % 4 == 0 ? " " : "", p[i]);
}
