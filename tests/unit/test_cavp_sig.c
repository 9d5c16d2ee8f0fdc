/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures of IKE against the vectors of NIST, and of Ed25519's authors (cavp.h): what
 * is good is believed, and what was changed is not.  Skipped without the package.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "auth_cert.h"
#include "cavp.h"
#include "ikev2_wire.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
drop(struct slice s)
{
	free((void *)(uintptr_t)s.p);
}

/* A certificate that has this key and nothing else; takes the key, NULL gives NULL. */
static X509 *
certificate(EVP_PKEY *key)
{
	X509 *x = key == NULL ? NULL : X509_new();

	if (x != NULL)
		assert_int_equal(X509_set_pubkey(x, key), 1);
	EVP_PKEY_free(key);
	return x;
}

static EVP_PKEY *
key_from(const char *type, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	return key;
}

static bool
believed(X509 *peer, uint8_t method, struct slice alg, struct slice sig, struct slice message)
{
	uint8_t auth[SIGNATURE_MAX + 100];
	size_t at = 0;

	if (method == AUTH2_SIGNATURE) {
		auth[at++] = (uint8_t)alg.len;
		memcpy(auth + at, alg.p, alg.len);
		at += alg.len;
	}
	memcpy(auth + at, sig.p, sig.len);
	return auth_cert_verify(peer, method, slice_of(auth, at + sig.len), &message, 1) == NULL;
}

/* --- RSA --- */

static EVP_PKEY *
rsa_key(const struct cavp_case *c)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = NULL;
	EVP_PKEY *key;

	BN_hex2bn(&n, c->modulus);
	BN_hex2bn(&e, cavp_text(c, "e"));
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	key = key_from("RSA", bld);
	BN_free(n);
	BN_free(e);
	return key;
}

/* Last byte of the hash's object identifier, and of that of RSA with it; 0: not one of ours. */
static bool
sha2_of(const struct cavp_case *c, uint8_t *hash, uint8_t *rsa)
{
	const char *name = cavp_text(c, "SHAAlg");

	*hash = strcmp(name, "SHA256") == 0 ? 1 : strcmp(name, "SHA384") == 0 ? 2 :
	    strcmp(name, "SHA512") == 0 ? 3 : 0;
	*rsa = (uint8_t)(10 + *hash);
	return *hash != 0;
}

static bool
check_rsa(const struct cavp_case *c, uint8_t method, struct slice alg)
{
	struct slice sig = cavp_hex(c, "S"), message = cavp_hex(c, "Msg");
	X509 *peer = certificate(rsa_key(c));

	if (believed(peer, method, alg, sig, message) != (cavp_text(c, "Result")[0] == 'P'))
		cavp_fail(c);
	X509_free(peer);
	drop(sig);
	drop(message);
	return true;
}

static bool
pkcs1_case(const struct cavp_case *c)
{
	uint8_t alg[] = {0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0, 5, 0};
	uint8_t hash;

	if (strcmp(cavp_text(c, "SHAAlg"), "SHA1") == 0)
		return check_rsa(c, AUTH2_RSA, slice_of(NULL, 0));
	if (!sha2_of(c, &hash, &alg[12]))
		return false;
	return check_rsa(c, AUTH2_SIGNATURE, slice_of(alg, sizeof(alg)));
}

static bool
pss_case(const struct cavp_case *c)
{
	uint8_t alg[] = {0x30, 0x41, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10, 0x30, 0x34,
		0xa0, 0x0f, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0 /* hash */, 5, 0,
		0xa1, 0x1c, 0x30, 0x1a, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8,
		0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0 /* hash */, 5, 0,
		0xa2, 3, 2, 1, 0 /* salt */};
	uint8_t rsa;

	if (!sha2_of(c, &alg[29], &rsa))
		return false;
	alg[59] = alg[29];
	alg[66] = (uint8_t)(strlen(cavp_text(c, "SaltVal")) / 2);
	return check_rsa(c, AUTH2_SIGNATURE, slice_of(alg, sizeof(alg)));
}

static void
test_rsa(void **state)
{
	(void)state;
	assert_int_equal(cavp_read("asymmetric/RSA/FIPS_186-2/SigVer15_186-3.rsp", pkcs1_case), 4 * 90);
	assert_int_equal(cavp_read("asymmetric/RSA/FIPS_186-2/SigVerPSS_186-3.rsp", pss_case), 3 * 90);
}

/* --- ECDSA --- */

static EVP_PKEY *
ec_key(const struct cavp_case *c, const char *curve, size_t half)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	uint8_t point[1 + 2 * 66] = {4};
	BIGNUM *x = NULL, *y = NULL;
	EVP_PKEY *key;

	BN_hex2bn(&x, cavp_text(c, "Qx"));
	BN_hex2bn(&y, cavp_text(c, "Qy"));
	BN_bn2binpad(x, point + 1, (int)half);
	BN_bn2binpad(y, point + 1 + half, (int)half);
	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
	OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * half);
	key = key_from("EC", bld);
	BN_free(x);
	BN_free(y);
	return key;
}

/* The raw form where the hash is the curve's own (RFC 4754), and DER (RFC 7427) always. */
static bool
check_ec(const struct cavp_case *c, const char *curve, size_t half, uint8_t method, uint8_t hash)
{
	uint8_t alg[] = {0x30, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, hash}, raw[2 * 66];
	struct slice message = cavp_hex(c, "Msg");
	bool good = cavp_text(c, "Result")[0] == 'P';
	X509 *peer = certificate(ec_key(c, curve, half));
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = NULL, *s = NULL;
	unsigned char *der = NULL;
	int len;

	BN_hex2bn(&r, cavp_text(c, "R"));
	BN_hex2bn(&s, cavp_text(c, "S"));
	BN_bn2binpad(r, raw, (int)half);
	BN_bn2binpad(s, raw + half, (int)half);
	ECDSA_SIG_set0(sig, r, s);
	len = i2d_ECDSA_SIG(sig, &der);
	if (peer == NULL ? good :
	    believed(peer, AUTH2_SIGNATURE, slice_of(alg, sizeof(alg)), slice_of(der, (size_t)len),
	    message) != good ||
	    (method != 0 && believed(peer, method, slice_of(NULL, 0), slice_of(raw, 2 * half),
	    message) != good))
		cavp_fail(c);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	X509_free(peer);
	drop(message);
	return true;
}

static bool
ecdsa_case(const struct cavp_case *c)
{
	static const struct { const char *section, *curve; size_t half; uint8_t method, hash; } rows[] = {
		{"P-256,SHA-256", "P-256", 32, AUTH2_ECDSA_256, 2}, {"P-256,SHA-384", "P-256", 32, 0, 3},
		{"P-256,SHA-512", "P-256", 32, 0, 4}, {"P-384,SHA-256", "P-384", 48, 0, 2},
		{"P-384,SHA-384", "P-384", 48, AUTH2_ECDSA_384, 3}, {"P-384,SHA-512", "P-384", 48, 0, 4},
		{"P-521,SHA-256", "P-521", 66, 0, 2}, {"P-521,SHA-384", "P-521", 66, 0, 3},
		{"P-521,SHA-512", "P-521", 66, AUTH2_ECDSA_521, 4},
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].section, c->section) == 0)
			return check_ec(c, rows[i].curve, rows[i].half, rows[i].method, rows[i].hash);
	return false;
}

static void
test_ecdsa(void **state)
{
	(void)state;
	assert_int_equal(cavp_read("asymmetric/ECDSA/FIPS_186-3/SigVer.rsp", ecdsa_case), 9 * 15);
}

/* --- Ed25519: secret and public key, public key, message, signature and message --- */

static bool
bytes_of(const char *hex, uint8_t *out, size_t len)
{
	size_t i;
	unsigned int byte;

	for (i = 0; i < len && sscanf(hex + 2 * i, "%2x", &byte) == 1; i++)
		out[i] = (uint8_t)byte;
	return i == len;
}

static void
check_ed25519(char *line)
{
	static const uint8_t alg[] = {0x30, 5, 6, 3, 0x2b, 0x65, 0x70};
	const char *keys = strtok(line, ":"), *public = strtok(NULL, ":");
	char *third = strtok(NULL, ":"), *fourth = strtok(NULL, ":");
	/* The first message is empty, and strtok passes over that. */
	const char *signed_message = fourth == NULL || fourth[0] == '\n' ? third : fourth;
	size_t len = strlen(signed_message) / 2 - 64;
	uint8_t secret[32], pub[32], sig[64], out[SIGNATURE_MAX], method, *message = calloc(1, len + 1);
	struct slice octets = slice_of(message, len);
	struct pki_own own = {0};
	struct wbuf w;
	X509 *peer;

	assert_true(bytes_of(keys, secret, 32) && bytes_of(public, pub, 32) &&
	    bytes_of(signed_message, sig, 64) && bytes_of(signed_message + 128, message, len));
	own.key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, 32);
	wbuf_init(&w, out, sizeof(out));
	assert_null(auth_cert_sign(&own, SIG_HASHES_OURS, &octets, 1, &method, &w));
	assert_int_equal(method, AUTH2_SIGNATURE);
	assert_int_equal(wbuf_len(&w), 1 + sizeof(alg) + 64);
	assert_memory_equal(out + 1, alg, sizeof(alg));
	assert_memory_equal(out + 1 + sizeof(alg), sig, 64);
	peer = certificate(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, pub, 32));
	assert_true(believed(peer, AUTH2_SIGNATURE, slice_of(alg, sizeof(alg)), slice_of(sig, 64), octets));
	sig[len % 64] ^= 1;
	assert_false(believed(peer, AUTH2_SIGNATURE, slice_of(alg, sizeof(alg)), slice_of(sig, 64), octets));
	EVP_PKEY_free(own.key);
	X509_free(peer);
	free(message);
}

static void
test_ed25519(void **state)
{
	char path[512], *line = NULL;
	unsigned int n = 0;
	size_t room = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/asymmetric/Ed25519/sign.input", cavp_dir());
	f = fopen(path, "r");
	assert_non_null(f);
	for (; getline(&line, &room, f) > 0; n++)
		check_ed25519(line);
	assert_int_equal(n, 1024);
	free(line);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rsa), cmocka_unit_test(test_ecdsa), cmocka_unit_test(test_ed25519),
	};

	if (cavp_dir() == NULL) {
		puts("no vectors here: install python3-cryptography-vectors");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
