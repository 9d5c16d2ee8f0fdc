/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "type6.h"

#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "log.h"

enum {
	BASE = 41, FIRST = 'A', GROUP = 3,	/* characters for two bytes */
	MAC_LEN = 4, BLOCK = 16, COUNTER_AT = 3,
	SEALED_MAX = TYPE6_SALT_LEN + SECRET_MAX + 1 + MAC_LEN,
};

struct keys {
	uint8_t encrypt[BLOCK], authenticate[BLOCK];
};

/* --- base 41 --- */

static void
put_group(char *out, unsigned int high, unsigned int low)
{
	unsigned int n = high << 8 | low;

	out[0] = (char)(FIRST + n / (BASE * BASE));
	out[1] = (char)(FIRST + n / BASE % BASE);
	out[2] = (char)(FIRST + n % BASE);
}

static void
to_text(const uint8_t *p, size_t len, char out[TYPE6_TEXT_MAX])
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2, out += GROUP)
		put_group(out, p[i], p[i + 1]);
	if (i < len)
		put_group(out, p[i], 0);
	else
		put_group(out, 0, 1);
	out[GROUP] = '\0';
}

/* How many bytes it is; 0: it is no such text, or too long. */
static size_t
from_text(struct slice text, uint8_t out[SEALED_MAX + 1])
{
	size_t i, k, len = 0;

	if (text.len % GROUP != 0 || text.len / GROUP * 2 > SEALED_MAX + 1)
		return 0;
	for (i = 0; i < text.len; i += GROUP) {
		unsigned int n = 0;

		for (k = 0; k < GROUP; k++) {
			if (text.p[i + k] < FIRST || text.p[i + k] >= FIRST + BASE)
				return 0;
			n = n * BASE + text.p[i + k] - FIRST;
		}
		if (n > UINT16_MAX)
			return 0;
		out[len++] = (uint8_t)(n >> 8);
		out[len++] = (uint8_t)n;
	}
	if (len == 0)
		return 0;
	len -= out[len - 1] == 0 ? 1 : 2;
	return len > TYPE6_SALT_LEN + MAC_LEN && len <= SEALED_MAX ? len : 0;
}

bool
type6_is_text(struct slice text)
{
	uint8_t sealed[SEALED_MAX + 1];

	return from_text(text, sealed) > 0;
}

/* --- encryption --- */

static void
aes_block(const uint8_t key[BLOCK], const uint8_t in[BLOCK], uint8_t out[BLOCK])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	if (ctx == NULL || EVP_EncryptInit_ex2(ctx, EVP_aes_128_ecb(), key, NULL, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1 ||
	    EVP_EncryptUpdate(ctx, out, &len, in, BLOCK) != 1)
		log_fatal("OpenSSL has no AES");
	EVP_CIPHER_CTX_free(ctx);
}

/* False where OpenSSL is told to have no MD5. */
static bool
derive(struct keys *k, struct slice master, const uint8_t *salt)
{
	uint8_t md5[BLOCK], block[BLOCK] = {0};
	bool ok = hash_all(HASH_MD5, &master, 1, md5);

	memcpy(block, salt, TYPE6_SALT_LEN);
	aes_block(md5, block, k->authenticate);
	block[BLOCK - 1] = 1;
	aes_block(md5, block, k->encrypt);
	wipe(md5, sizeof(md5));
	return ok;
}

static void
xor_stream(const struct keys *k, uint8_t *p, size_t len)
{
	uint8_t counter[BLOCK] = {0}, stream[BLOCK];
	size_t i;

	for (i = 0; i < len; i++) {
		if (i % BLOCK == 0) {
			counter[COUNTER_AT] = (uint8_t)(i / BLOCK);
			aes_block(k->encrypt, counter, stream);
		}
		p[i] ^= stream[i % BLOCK];
	}
	wipe(stream, sizeof(stream));
}

static bool
mac(const struct keys *k, const uint8_t *p, size_t len, uint8_t out[HASH_LEN_MAX])
{
	struct slice in = slice_of(p, len);

	return prf(HASH_SHA1, slice_of(k->authenticate, BLOCK), &in, 1, out);
}

void
type6_seal_salted(struct slice master, const uint8_t salt[TYPE6_SALT_LEN],
    const struct secret *key, char out[TYPE6_TEXT_MAX])
{
	uint8_t sealed[SEALED_MAX] = {0}, sum[HASH_LEN_MAX], *body = sealed + TYPE6_SALT_LEN;
	size_t len = key->len + 1;
	struct keys k;

	memcpy(sealed, salt, TYPE6_SALT_LEN);
	memcpy(body, key->b, key->len);
	if (!derive(&k, master, salt))
		log_fatal("OpenSSL has no MD5, which type 6 keys need");
	xor_stream(&k, body, len);
	mac(&k, body, len, sum);
	memcpy(body + len, sum, MAC_LEN);
	to_text(sealed, TYPE6_SALT_LEN + len + MAC_LEN, out);
	wipe(&k, sizeof(k));
}

bool
type6_seal(struct slice master, const struct secret *key, char out[TYPE6_TEXT_MAX])
{
	uint8_t salt[TYPE6_SALT_LEN];

	if (key->len == 0 || memchr(key->b, '\0', key->len) != NULL)
		return false;
	random_bytes(salt, sizeof(salt));
	type6_seal_salted(master, salt, key, out);
	return true;
}

bool
type6_open(struct slice master, struct slice text, struct secret *key)
{
	uint8_t sealed[SEALED_MAX + 1], sum[HASH_LEN_MAX], *body = sealed + TYPE6_SALT_LEN;
	size_t len = from_text(text, sealed);
	struct keys k;
	bool ok;

	*key = (struct secret){0};
	if (len == 0)
		return false;
	len -= TYPE6_SALT_LEN + MAC_LEN;
	ok = derive(&k, master, sealed) && mac(&k, body, len, sum) &&
	    equal_in_constant_time(sum, body + len, MAC_LEN);
	if (ok) {
		xor_stream(&k, body, len);
		len -= body[len - 1] == '\0';
		ok = len > 0 && memchr(body, '\0', len) == NULL && secret_set(key, body, len);
	}
	wipe(sealed, sizeof(sealed));
	wipe(&k, sizeof(k));
	return ok;
}
