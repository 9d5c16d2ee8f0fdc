/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "log.h"
#include "secret.h"

/* OpenSSL's names, by enum hash. */
static const char *const digest_names[HASH_COUNT] = {
	[HASH_MD5] = "MD5",
	[HASH_SHA1] = "SHA1",
	[HASH_SHA256] = "SHA256",
	[HASH_SHA384] = "SHA384",
	[HASH_SHA512] = "SHA512",
};

/* What was fetched, NULL where OpenSSL does not offer it; a fetch costs more than a hash. */
static struct {
	bool ready;
	EVP_MD *digest[HASH_COUNT];
	EVP_MAC *hmac;
	EVP_MAC_CTX *mac;
	EVP_MD_CTX *md;
} crypto;

static void
crypto_free(void)
{
	size_t i;

	for (i = 0; i < HASH_COUNT; i++)
		EVP_MD_free(crypto.digest[i]);
	EVP_MAC_CTX_free(crypto.mac);
	EVP_MAC_free(crypto.hmac);
	EVP_MD_CTX_free(crypto.md);
	memset(&crypto, 0, sizeof(crypto));
}

static void
crypto_init(void)
{
	size_t i;

	if (crypto.ready)
		return;
	for (i = HASH_NONE + 1; i < HASH_COUNT; i++)
		crypto.digest[i] = EVP_MD_fetch(NULL, digest_names[i], NULL);
	crypto.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (crypto.hmac == NULL)
		log_fatal("OpenSSL has no HMAC");
	crypto.mac = EVP_MAC_CTX_new(crypto.hmac);
	crypto.md = EVP_MD_CTX_new();
	if (crypto.mac == NULL || crypto.md == NULL)
		log_fatal("out of memory for hash contexts");
	crypto.ready = true;
	/* Registered after OpenSSL's own handler, so it runs before that one. */
	atexit(crypto_free);
}

bool
hash_all(enum hash h, const struct slice *in, size_t n, uint8_t *out)
{
	uint8_t sum[HASH_LEN_MAX];
	size_t i;
	bool ok;

	crypto_init();
	ok = crypto.digest[h] != NULL && EVP_DigestInit_ex2(crypto.md, crypto.digest[h], NULL) == 1;
	for (i = 0; ok && i < n; i++)
		ok = EVP_DigestUpdate(crypto.md, in[i].p, in[i].len) == 1;
	if (!ok || EVP_DigestFinal_ex(crypto.md, sum, NULL) != 1) {
		memset(out, 0, hash_len(h));
		return false;
	}
	memcpy(out, sum, hash_len(h));
	wipe(sum, sizeof(sum));
	return true;
}

static bool
prf_start(enum hash h, struct slice key)
{
	OSSL_PARAM params[] = {OSSL_PARAM_END, OSSL_PARAM_END};

	/* A NULL key would mean "the same key again" to OpenSSL. */
	if (key.p == NULL)
		key.p = (const uint8_t *)"";
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    (char *)(uintptr_t)digest_names[h], 0);
	return EVP_MAC_init(crypto.mac, key.p, key.len, params) == 1;
}

bool
prf(enum hash h, struct slice key, const struct slice *in, size_t n, uint8_t *out)
{
	uint8_t sum[HASH_LEN_MAX];
	size_t i, len;
	bool ok;

	crypto_init();
	ok = crypto.digest[h] != NULL && prf_start(h, key);
	for (i = 0; ok && i < n; i++)
		ok = EVP_MAC_update(crypto.mac, in[i].p, in[i].len) == 1;
	if (!ok || EVP_MAC_final(crypto.mac, sum, &len, sizeof(sum)) != 1) {
		memset(out, 0, hash_len(h));
		return false;
	}
	memcpy(out, sum, hash_len(h));
	wipe(sum, sizeof(sum));
	return true;
}

bool
prf_stretch(enum hash h, struct slice key, struct slice first, struct slice rest, uint8_t *out,
    size_t len)
{
	uint8_t k[HASH_LEN_MAX];
	struct slice in[2] = {first, {NULL, 0}};
	size_t take, at;
	bool ok = true;

	for (at = 0; ok && at < len; at += take) {
		ok = prf(h, key, in, at == 0 ? 1 : 2, k);
		take = len - at < hash_len(h) ? len - at : hash_len(h);
		memcpy(out + at, k, take);
		in[0] = slice_of(k, hash_len(h));
		in[1] = rest;
	}
	wipe(k, sizeof(k));
	return ok;
}
