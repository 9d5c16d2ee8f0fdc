/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cipher.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto.h"
#include "log.h"
#include "secret.h"

enum { NONCE_MAX = 16 };

/*
 * Key bytes without salt, and OpenSSL's name.  The tags of GCM differ in what
 * is sent only.  What has no row is not for IKE's messages.
 */
static const struct kind {
	uint8_t cipher, key_len;
	const char *name;
} kinds[] = {
	{CIPHER_AES_CBC, 16, "AES-128-CBC"},
	{CIPHER_AES_CBC, 24, "AES-192-CBC"},
	{CIPHER_AES_CBC, 32, "AES-256-CBC"},
	{CIPHER_AES_CTR, 16, "AES-128-CTR"},
	{CIPHER_AES_CTR, 24, "AES-192-CTR"},
	{CIPHER_AES_CTR, 32, "AES-256-CTR"},
	{CIPHER_AES_GCM, 16, "AES-128-GCM"},
	{CIPHER_AES_GCM, 24, "AES-192-GCM"},
	{CIPHER_AES_GCM, 32, "AES-256-GCM"},
	{CIPHER_CHACHA20_POLY1305, 32, "ChaCha20-Poly1305"},
	{CIPHER_3DES_CBC, 24, "DES-EDE3-CBC"},
	{CIPHER_DES_CBC, 8, "DES-EDE3-CBC"},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* By row of kinds; NULL until the first use. */
static EVP_CIPHER_CTX *contexts[KINDS];

static bool
is_gcm(enum cipher c)
{
	return c == CIPHER_AES_GCM || c == CIPHER_AES_GCM_8 || c == CIPHER_AES_GCM_12;
}

/* NULL when IKE has no such cipher with a key of so many bytes. */
static const struct kind *
kind_of(enum cipher c, size_t key_len)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		if (kinds[i].cipher == (is_gcm(c) ? CIPHER_AES_GCM : c) && kinds[i].key_len == key_len)
			return &kinds[i];
	}
	return NULL;
}

/* Zeros for what is not for IKE's messages. */
static const struct cipher_shape *
shape_of(enum cipher c)
{
	return cipher_shape(c == CIPHER_NULL || c == CIPHER_AES_GMAC ? CIPHER_NONE : c);
}

size_t
cipher_key_len(enum cipher c, unsigned int key_bits)
{
	return shape_of(c)->block == 0 ? 0 : cipher_keymat_len(c, key_bits);
}

size_t
cipher_salt_len(enum cipher c)
{
	return shape_of(c)->salt;
}

size_t
cipher_iv_len(enum cipher c)
{
	return shape_of(c)->iv;
}

size_t
cipher_block_len(enum cipher c)
{
	return shape_of(c)->block;
}

size_t
cipher_icv_len(enum cipher c)
{
	return shape_of(c)->icv;
}

bool
cipher_is_aead(enum cipher c)
{
	return shape_of(c)->icv > 0;
}

static void
contexts_free(void)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		EVP_CIPHER_CTX_free(contexts[i]);	/* wipes its key */
		contexts[i] = NULL;
	}
}

/* NULL when OpenSSL on this machine does not offer it. */
static EVP_CIPHER_CTX *
context_of(const struct kind *k)
{
	EVP_CIPHER_CTX **ctx = &contexts[k - kinds];
	static bool registered;
	EVP_CIPHER *cipher;

	if (*ctx != NULL)
		return *ctx;
	/* After OpenSSL's own handler, so it runs before that one. */
	if (!registered)
		atexit(contexts_free);
	registered = true;
	cipher = EVP_CIPHER_fetch(NULL, k->name, NULL);
	if (cipher == NULL) {
		ERR_clear_error();
		return NULL;
	}
	*ctx = EVP_CIPHER_CTX_new();
	if (*ctx == NULL)
		log_fatal("out of memory for cipher contexts");
	if (EVP_CipherInit_ex2(*ctx, cipher, NULL, NULL, 1, NULL) != 1)
		log_fatal("OpenSSL does not start %s", k->name);
	EVP_CIPHER_free(cipher);		/* the context has its own reference */
	return *ctx;
}

/* What OpenSSL calls the IV: salt | IV, and for AES-CTR the block counter, which begins at 1. */
static void
nonce_make(enum cipher c, struct slice key, struct slice iv, uint8_t nonce[NONCE_MAX])
{
	size_t salt = cipher_salt_len(c);

	memset(nonce, 0, NONCE_MAX);
	memcpy(nonce, key.p + key.len - salt, salt);
	memcpy(nonce + salt, iv.p, iv.len);
	if (c == CIPHER_AES_CTR)
		nonce[NONCE_MAX - 1] = 1;
}

/* A context with key and IV in it; NULL when a length does not fit the cipher. */
static EVP_CIPHER_CTX *
start(enum cipher c, bool encrypt, struct slice key, struct slice iv)
{
	size_t salt = cipher_salt_len(c);
	const struct kind *k = key.len > salt ? kind_of(c, key.len - salt) : NULL;
	EVP_CIPHER_CTX *ctx = k != NULL && iv.len == cipher_iv_len(c) ? context_of(k) : NULL;
	uint8_t nonce[NONCE_MAX], thrice[24];
	const uint8_t *raw = key.p;
	bool ok;

	if (ctx == NULL)
		return NULL;
	if (c == CIPHER_DES_CBC) {
		/* OpenSSL's default provider has no DES; E(D(E(x))) under one key is it. */
		memcpy(thrice, key.p, 8);
		memcpy(thrice + 8, key.p, 8);
		memcpy(thrice + 16, key.p, 8);
		raw = thrice;
	}
	nonce_make(c, key, iv, nonce);
	ok = EVP_CipherInit_ex2(ctx, NULL, raw, nonce, encrypt, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1;
	wipe(nonce, sizeof(nonce));
	wipe(thrice, sizeof(thrice));
	if (!ok)
		ERR_clear_error();
	return ok ? ctx : NULL;
}

static bool
run(EVP_CIPHER_CTX *ctx, uint8_t *p, size_t len)
{
	int done;

	return len <= INT32_MAX && EVP_CipherUpdate(ctx, p, &done, p, (int)len) == 1 &&
	    (size_t)done == len;
}

bool
cipher_crypt(enum cipher c, bool encrypt, struct slice key, struct slice iv, uint8_t *p,
    size_t len)
{
	size_t block = cipher_block_len(c);
	EVP_CIPHER_CTX *ctx;

	if (block == 0 || cipher_is_aead(c) || len % block != 0)
		return false;
	ctx = start(c, encrypt, key, iv);
	return ctx != NULL && run(ctx, p, len);
}

/* The key, the nonce, and what is authenticated but not sealed. */
static EVP_CIPHER_CTX *
aead_start(enum cipher c, bool encrypt, struct slice key, struct slice iv, struct slice aad)
{
	EVP_CIPHER_CTX *ctx = cipher_is_aead(c) ? start(c, encrypt, key, iv) : NULL;
	int done;

	if (ctx == NULL || aad.len > INT32_MAX)
		return NULL;
	if (aad.len > 0 && EVP_CipherUpdate(ctx, NULL, &done, aad.p, (int)aad.len) != 1)
		return NULL;
	return ctx;
}

bool
aead_seal(enum cipher c, struct slice key, struct slice iv, struct slice aad, uint8_t *p,
    size_t len, uint8_t *icv)
{
	EVP_CIPHER_CTX *ctx = aead_start(c, true, key, iv, aad);
	int done;

	return ctx != NULL && run(ctx, p, len) && EVP_CipherFinal_ex(ctx, icv, &done) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)cipher_icv_len(c), icv) == 1;
}

bool
aead_open(enum cipher c, struct slice key, struct slice iv, struct slice aad, uint8_t *p,
    size_t len, const uint8_t *icv)
{
	EVP_CIPHER_CTX *ctx = aead_start(c, false, key, iv, aad);
	uint8_t tag[16], none[1];
	int done;

	if (ctx == NULL)
		return false;
	memcpy(tag, icv, cipher_icv_len(c));	/* OpenSSL's parameter is not const */
	return run(ctx, p, len) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)cipher_icv_len(c), tag) == 1 &&
	    EVP_CipherFinal_ex(ctx, none, &done) == 1;
}

bool
integ_sum(enum integ i, struct slice key, const struct slice *in, size_t n, uint8_t *out)
{
	uint8_t sum[HASH_LEN_MAX];
	bool ok = integ_icv_len(i) > 0 && prf(integ_hash(i), key, in, n, sum);

	if (ok)
		memcpy(out, sum, integ_icv_len(i));
	return ok;
}

void
cipher_iv_next(enum cipher c, uint64_t counter, uint8_t *iv)
{
	struct wbuf w;

	if (cipher_block_len(c) > 1) {
		random_bytes(iv, cipher_iv_len(c));
		return;
	}
	wbuf_init(&w, iv, cipher_iv_len(c));
	wbuf_be64(&w, counter);
}
