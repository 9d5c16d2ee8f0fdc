/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth_cert.h"

#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "ikev2_wire.h"
#include "log.h"

/*
 * How a signature is made.  `alg` is the DER of its AlgorithmIdentifier as RFC 7427
 * appendix A lists them; a PSS one has parameters and is read, not compared.
 */
struct sig_alg {
	const char *key;		/* "RSA", "EC", "ED25519" */
	const char *digest;		/* NULL: the octets themselves (SIG_IDENTITY) */
	enum sig_hash hash;
	uint8_t alg_len, alg[15];
};

static const struct sig_alg algs[] = {
	{"RSA", "SHA256", SIG_SHA256, 15, {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	    0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00}},
	{"RSA", "SHA384", SIG_SHA384, 15, {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	    0x0d, 0x01, 0x01, 0x0c, 0x05, 0x00}},
	{"RSA", "SHA512", SIG_SHA512, 15, {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	    0x0d, 0x01, 0x01, 0x0d, 0x05, 0x00}},
	{"EC", "SHA256", SIG_SHA256, 12, {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	    0x04, 0x03, 0x02}},
	{"EC", "SHA384", SIG_SHA384, 12, {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	    0x04, 0x03, 0x03}},
	{"EC", "SHA512", SIG_SHA512, 12, {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	    0x04, 0x03, 0x04}},
	{"ED25519", NULL, SIG_IDENTITY, 7, {0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70}},
};

enum { ALGS = sizeof(algs) / sizeof(algs[0]) };

/* ECDSA without RFC 7427: the method names curve and hash (RFC 4754). */
static const struct ecdsa_method {
	uint8_t method;
	const char *curve, *digest;
	size_t half;			/* bytes of r, and of s */
} ecdsa_methods[] = {
	{AUTH2_ECDSA_256, "prime256v1", "SHA256", 32},
	{AUTH2_ECDSA_384, "secp384r1", "SHA384", 48},
	{AUTH2_ECDSA_521, "secp521r1", "SHA512", 66},
};

enum { ECDSA_METHODS = sizeof(ecdsa_methods) / sizeof(ecdsa_methods[0]) };

/* --- SIGNATURE_HASH_ALGORITHMS --- */

void
sig_hashes_write(struct wbuf *w)
{
	unsigned int h;

	for (h = SIG_SHA1; h <= SIG_IDENTITY; h++)
		if (SIG_HASHES_OURS & SIG_BIT(h))
			wbuf_be16(w, (uint16_t)h);
}

unsigned int
sig_hashes_read(struct slice data)
{
	struct rbuf r;
	unsigned int bits = 0;

	rbuf_init(&r, data.p, data.len);
	while (rbuf_left(&r) >= 2) {
		unsigned int h = rbuf_be16(&r);

		if (h <= SIG_IDENTITY)
			bits |= SIG_BIT(h);
	}
	return bits;
}

/* --- signing and verifying, once the algorithm is known --- */

static uint8_t *
joined(const struct slice *octets, unsigned int n, size_t *len)
{
	uint8_t *all;
	unsigned int i;
	size_t at = 0;

	for (*len = 0, i = 0; i < n; i++)
		*len += octets[i].len;
	all = malloc(*len + 1);
	if (all == NULL)
		log_fatal("out of memory for signed octets");
	for (i = 0; i < n; at += octets[i++].len)
		if (octets[i].len > 0)
			memcpy(all + at, octets[i].p, octets[i].len);
	return all;
}

/* Bytes of the signature in sig; 0: it cannot be made. */
static size_t
sign(EVP_PKEY *key, const char *digest, const struct slice *octets, unsigned int n,
    uint8_t sig[SIGNATURE_MAX])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len, sig_len = SIGNATURE_MAX;
	uint8_t *all = joined(octets, n, &len);
	bool ok = ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, digest, NULL, NULL, key, NULL) == 1 &&
	    EVP_DigestSign(ctx, sig, &sig_len, all, len) == 1;

	free(all);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok ? sig_len : 0;
}

/* salt: of PSS; -1: no PSS. */
static bool
verifies(EVP_PKEY *key, const char *digest, int salt, struct slice sig, const struct slice *octets,
    unsigned int n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	size_t len;
	uint8_t *all = joined(octets, n, &len);
	bool ok = ctx != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, &pctx, digest, NULL, NULL, key, NULL) == 1;

	if (ok && salt >= 0)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, salt) == 1;
	ok = ok && EVP_DigestVerify(ctx, sig.p, sig.len, all, len) == 1;
	free(all);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

static const struct ecdsa_method *
ecdsa_method_of(EVP_PKEY *key)
{
	char curve[32];
	size_t i, len;

	if (!EVP_PKEY_is_a(key, "EC") ||
	    EVP_PKEY_get_group_name(key, curve, sizeof(curve), &len) != 1)
		return NULL;
	for (i = 0; i < ECDSA_METHODS; i++)
		if (strcmp(ecdsa_methods[i].curve, curve) == 0)
			return &ecdsa_methods[i];
	return NULL;
}

/* --- ours --- */

/* The algorithm of RFC 7427 for this key: the hash that fits its curve, else the first common. */
static const struct sig_alg *
alg_for(EVP_PKEY *key, unsigned int hashes)
{
	const struct ecdsa_method *fits = ecdsa_method_of(key);
	const struct sig_alg *first = NULL;
	size_t i;

	for (i = 0; i < ALGS; i++) {
		if (!EVP_PKEY_is_a(key, algs[i].key) || !(hashes & SIG_BIT(algs[i].hash)))
			continue;
		if (fits == NULL || strcmp(fits->digest, algs[i].digest) == 0)
			return &algs[i];
		first = first == NULL ? &algs[i] : first;
	}
	return first;
}

/* RFC 4754 3: r and s, each as long as the curve's order, without DER. */
static bool
put_ecdsa_raw(struct wbuf *out, const uint8_t *der, size_t len, size_t half)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	uint8_t *raw = wbuf_take(out, 2 * half);
	bool ok = sig != NULL && raw != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, (int)half) > 0 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + half, (int)half) > 0;

	ECDSA_SIG_free(sig);
	return ok;
}

const char *
auth_cert_sign(const struct pki_own *own, unsigned int hashes, const struct slice *octets,
    unsigned int n, uint8_t *method, struct wbuf *out)
{
	const struct sig_alg *alg = alg_for(own->key, hashes);
	const struct ecdsa_method *ecdsa = ecdsa_method_of(own->key);
	uint8_t sig[SIGNATURE_MAX];
	size_t len;

	if (alg != NULL) {
		*method = AUTH2_SIGNATURE;
		len = sign(own->key, alg->digest, octets, n, sig);
		wbuf_u8(out, alg->alg_len);
		wbuf_put(out, alg->alg, alg->alg_len);
		wbuf_put(out, sig, len);
	} else if (EVP_PKEY_is_a(own->key, "RSA")) {
		*method = AUTH2_RSA;	/* RFC 7296 3.8: SHA-1 when nothing else is agreed */
		len = sign(own->key, "SHA1", octets, n, sig);
		wbuf_put(out, sig, len);
	} else if (ecdsa != NULL) {
		*method = ecdsa->method;
		len = sign(own->key, ecdsa->digest, octets, n, sig);
		if (len > 0 && !put_ecdsa_raw(out, sig, len, ecdsa->half))
			return "our signature does not fit";
	} else {
		return "the peer knows no signatures of our key's kind (RFC 7427)";
	}
	return len == 0 ? "the signature cannot be made with our key" :
	    out->bad ? "our signature does not fit" : NULL;
}

/* --- the peer's --- */

static const char wrong[] = "the peer's signature is wrong";
static const char other_key[] = "the peer's signature is of another kind than its key";

static const char *
verify_rsa(EVP_PKEY *key, struct slice sig, const struct slice *octets, unsigned int n)
{
	static const char *const digests[] = {"SHA1", "SHA256", "SHA384", "SHA512"};
	size_t i;

	if (!EVP_PKEY_is_a(key, "RSA"))
		return other_key;
	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (verifies(key, digests[i], -1, sig, octets, n))
			return NULL;
	return wrong;
}

static const char *
verify_ecdsa(EVP_PKEY *key, const struct ecdsa_method *m, struct slice raw,
    const struct slice *octets, unsigned int n)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	BIGNUM *r = NULL, *s = NULL;
	const char *why = wrong;
	int len;

	if (ecdsa_method_of(key) != m || raw.len != 2 * m->half) {
		ECDSA_SIG_free(sig);
		return other_key;
	}
	r = BN_bin2bn(raw.p, (int)m->half, NULL);
	s = BN_bin2bn(raw.p + m->half, (int)m->half, NULL);
	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL;		/* sig owns them */
		len = i2d_ECDSA_SIG(sig, &der);
		if (len > 0 && verifies(key, m->digest, -1, slice_of(der, (size_t)len), octets, n))
			why = NULL;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	OPENSSL_free(der);
	return why;
}

/* RSASSA-PSS with its hash and the length of its salt; both hashes in it must be the same. */
static const char *
read_pss(struct slice der, const char **digest, int *salt)
{
	const unsigned char *at = der.p;
	X509_ALGOR *alg = d2i_X509_ALGOR(NULL, &at, (long)der.len), *mask = NULL;
	const ASN1_OBJECT *oid = NULL;
	const void *params = NULL;
	int type = V_ASN1_UNDEF, nid;
	RSA_PSS_PARAMS *pss = NULL;
	int64_t salt_len = 20;		/* RFC 8017 A.2.3 */

	*digest = NULL;
	if (alg != NULL && at == der.p + der.len)
		X509_ALGOR_get0(&oid, &type, &params, alg);
	if (oid != NULL && OBJ_obj2nid(oid) == NID_rsassaPss && type == V_ASN1_SEQUENCE)
		pss = ASN1_item_unpack(params, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (pss != NULL && pss->hashAlgorithm != NULL && pss->maskGenAlgorithm != NULL &&
	    pss->maskGenAlgorithm->parameter != NULL &&
	    pss->maskGenAlgorithm->parameter->type == V_ASN1_SEQUENCE)
		mask = ASN1_item_unpack(pss->maskGenAlgorithm->parameter->value.sequence,
		    ASN1_ITEM_rptr(X509_ALGOR));
	if (mask != NULL && OBJ_obj2nid(pss->maskGenAlgorithm->algorithm) == NID_mgf1 &&
	    OBJ_cmp(mask->algorithm, pss->hashAlgorithm->algorithm) == 0) {
		nid = OBJ_obj2nid(pss->hashAlgorithm->algorithm);
		*digest = nid == NID_sha256 ? "SHA256" : nid == NID_sha384 ? "SHA384" :
		    nid == NID_sha512 ? "SHA512" : NULL;
		if (pss->saltLength != NULL && !ASN1_INTEGER_get_int64(&salt_len, pss->saltLength))
			salt_len = -1;
		if (salt_len < 0 || salt_len > SIGNATURE_MAX)
			*digest = NULL;
	}
	*salt = (int)salt_len;
	X509_ALGOR_free(mask);
	RSA_PSS_PARAMS_free(pss);
	X509_ALGOR_free(alg);
	ERR_clear_error();
	return *digest == NULL ? "the peer signs with an algorithm that we do not accept" : NULL;
}

/* RFC 7427 3: a length, an AlgorithmIdentifier, the signature. */
static const char *
verify_signature(EVP_PKEY *key, struct slice auth, const struct slice *octets, unsigned int n)
{
	const char *why, *digest;
	struct slice alg, sig;
	struct rbuf r;
	int salt;
	size_t i;

	rbuf_init(&r, auth.p, auth.len);
	alg = rbuf_slice(&r, rbuf_u8(&r));
	sig = rbuf_rest(&r);
	if (r.bad || alg.len == 0 || sig.len == 0)
		return "AUTH payload is cut short";
	for (i = 0; i < ALGS; i++) {
		if (!slice_eq(alg, slice_of(algs[i].alg, algs[i].alg_len)))
			continue;
		if (!EVP_PKEY_is_a(key, algs[i].key))
			return other_key;
		return verifies(key, algs[i].digest, -1, sig, octets, n) ? NULL : wrong;
	}
	why = read_pss(alg, &digest, &salt);
	if (why != NULL)
		return why;
	if (!EVP_PKEY_is_a(key, "RSA"))
		return other_key;
	return verifies(key, digest, salt, sig, octets, n) ? NULL : wrong;
}

const char *
auth_cert_verify(const X509 *peer, uint8_t method, struct slice auth, const struct slice *octets,
    unsigned int n)
{
	EVP_PKEY *key = X509_get0_pubkey(peer);
	size_t i;

	if (key == NULL || auth.len == 0 || auth.len > SIGNATURE_MAX)
		return "AUTH payload has not the length of a signature";
	if (method == AUTH2_RSA)
		return verify_rsa(key, auth, octets, n);
	if (method == AUTH2_SIGNATURE)
		return verify_signature(key, auth, octets, n);
	for (i = 0; i < ECDSA_METHODS; i++)
		if (ecdsa_methods[i].method == method)
			return verify_ecdsa(key, &ecdsa_methods[i], auth, octets, n);
	return "the peer's authentication method is not spoken";
}

unsigned int
auth_cert_kind(const X509 *peer)
{
	const EVP_PKEY *key = X509_get0_pubkey(peer);

	return key == NULL ? 0 : EVP_PKEY_is_a(key, "RSA") ? IPC_AUTH_RSA :
	    EVP_PKEY_is_a(key, "EC") ? IPC_AUTH_ECDSA :
	    EVP_PKEY_is_a(key, "ED25519") ? IPC_AUTH_EDDSA : 0;
}

/* --- IKEv1 --- */

const char *
auth_cert_sign1(const struct pki_own *own, struct slice hash, struct wbuf *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own->key, NULL);
	uint8_t sig[SIGNATURE_MAX];
	size_t len = sizeof(sig);
	bool ok = EVP_PKEY_is_a(own->key, "RSA") && ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_sign(ctx, sig, &len, hash.p, hash.len) == 1;

	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	if (!ok)
		return "the signature cannot be made with our key";
	wbuf_put(out, sig, len);
	return out->bad ? "our signature does not fit" : NULL;
}

const char *
auth_cert_verify1(const X509 *peer, struct slice sig, struct slice hash)
{
	EVP_PKEY *key = X509_get0_pubkey(peer);
	EVP_PKEY_CTX *ctx;
	bool ok;

	if (key == NULL || !EVP_PKEY_is_a(key, "RSA"))
		return other_key;
	ctx = EVP_PKEY_CTX_new(key, NULL);
	ok = ctx != NULL && sig.len <= SIGNATURE_MAX && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_verify(ctx, sig.p, sig.len, hash.p, hash.len) == 1;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return ok ? NULL : wrong;
}

/* --- CERT and CERTREQ --- */

const char *
cert_read_body(struct slice body, struct cert_chain *chain)
{
	struct rbuf r;
	uint8_t encoding;
	struct slice der;

	rbuf_init(&r, body.p, body.len);
	encoding = rbuf_u8(&r);
	der = rbuf_rest(&r);
	if (r.bad || der.len == 0)
		return "CERT payload is cut short";
	if (encoding == CERT_HASH_AND_URL || encoding == CERT_HASH_AND_URL_BUNDLE)
		return "the peer sent an URL instead of a certificate; we did not say that we fetch";
	if (encoding != CERT_X509_SIGNATURE)
		return NULL;
	if (der.len > CERT_DER_MAX)
		return "a certificate of the peer is larger than 4096 bytes";
	if (chain->count == PKI_CHAIN_MAX)
		return "the peer sent more than 8 certificates";
	chain->der[chain->count++] = der;
	return NULL;
}

void
cert_write_body(struct wbuf *w, struct slice der)
{
	wbuf_u8(w, CERT_X509_SIGNATURE);
	wbuf_slice(w, der);
}

bool
certreq_write(struct wbuf *w, const struct pki *p, const struct pki_names *names)
{
	const struct pki_cert *ca;
	uint8_t hash[PKI_KEY_HASH_LEN];
	unsigned int n;

	if (pki_ca(p, names, 0) == NULL)
		return false;
	wbuf_u8(w, CERT_X509_SIGNATURE);
	for (n = 0; (ca = pki_ca(p, names, n)) != NULL; n++) {
		pki_key_hash(ca->x, hash);
		wbuf_put(w, hash, sizeof(hash));
	}
	return true;
}

struct slice
certreq_read(struct slice body)
{
	if (body.len < 1 + PKI_KEY_HASH_LEN || body.p[0] != CERT_X509_SIGNATURE)
		return (struct slice){NULL, 0};
	return slice_of(body.p + 1, (body.len - 1) / PKI_KEY_HASH_LEN * PKI_KEY_HASH_LEN);
}
