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
	EVP_MAC_CTX *hmac[HASH_COUNT];	/* that know their digest, and some key */
	EVP_MD_CTX *md;
} crypto;

static void
crypto_free(void)
{
	size_t i;

	for (i = 0; i < HASH_COUNT; i++) {
		EVP_MD_free(crypto.digest[i]);
		EVP_MAC_CTX_free(crypto.hmac[i]);
	}
	EVP_MD_CTX_free(crypto.md);
	memset(&crypto, 0, sizeof(crypto));
}

/* Told its digest once: each time it is, OpenSSL looks for it by its name. */
static EVP_MAC_CTX *
hmac_new(EVP_MAC *hmac, enum hash h)
{
	OSSL_PARAM params[] = {OSSL_PARAM_END, OSSL_PARAM_END};
	EVP_MAC_CTX *ctx;

	if (crypto.digest[h] == NULL)
		return NULL;
	ctx = EVP_MAC_CTX_new(hmac);
	if (ctx == NULL)
		log_fatal("out of memory for hash contexts");
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    (char *)(uintptr_t)digest_names[h], 0);
	if (EVP_MAC_CTX_set_params(ctx, params) == 1)
		return ctx;
	EVP_MAC_CTX_free(ctx);
	return NULL;
}

static void
crypto_init(void)
{
	EVP_MAC *hmac;
	enum hash h;

	if (crypto.ready)
		return;
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hmac == NULL)
		log_fatal("OpenSSL has no HMAC");
	for (h = HASH_NONE + 1; h < HASH_COUNT; h++) {
		crypto.digest[h] = EVP_MD_fetch(NULL, digest_names[h], NULL);
		crypto.hmac[h] = hmac_new(hmac, h);
	}
	EVP_MAC_free(hmac);		/* the contexts have their own references */
	crypto.md = EVP_MD_CTX_new();
	if (crypto.md == NULL)
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

/* key.p NULL: the key that the context has. */
static bool
hmac_run(EVP_MAC_CTX *ctx, struct slice key, const struct slice *in, size_t n, uint8_t *out)
{
	uint8_t sum[HASH_LEN_MAX];
	size_t i, len = 0;
	bool ok = ctx != NULL && EVP_MAC_init(ctx, key.p, key.len, NULL) == 1;

	for (i = 0; ok && i < n; i++)
		ok = EVP_MAC_update(ctx, in[i].p, in[i].len) == 1;
	ok = ok && EVP_MAC_final(ctx, sum, &len, sizeof(sum)) == 1;
	memcpy(out, sum, len);
	wipe(sum, sizeof(sum));
	return ok;
}

bool
prf(enum hash h, struct slice key, const struct slice *in, size_t n, uint8_t *out)
{
	crypto_init();
	/* To OpenSSL no key at all means the last one again. */
	if (key.p == NULL)
		key.p = (const uint8_t *)"";
	if (hmac_run(crypto.hmac[h], key, in, n, out))
		return true;
	memset(out, 0, hash_len(h));
	return false;
}

bool
prf_again(enum hash h, const struct slice *in, size_t n, uint8_t *out)
{
	if (hmac_run(crypto.hmac[h], (struct slice){NULL, 0}, in, n, out))
		return true;
	memset(out, 0, hash_len(h));
	return false;
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
		ok = at == 0 ? prf(h, key, in, 1, k) : prf_again(h, in, 2, k);
		take = len - at < hash_len(h) ? len - at : hash_len(h);
		memcpy(out + at, k, take);
		in[0] = slice_of(k, hash_len(h));
		in[1] = rest;
	}
	wipe(k, sizeof(k));
	return ok;
}
