/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "algs.h"

#include <stddef.h>
#include <stdio.h>

static const struct {
	const char *name;
	unsigned int len;
} hashes[HASH_COUNT] = {
	[HASH_NONE] = {"none", 0},
	[HASH_MD5] = {"md5", 16},
	[HASH_SHA1] = {"sha", 20},
	[HASH_SHA256] = {"sha256", 32},
	[HASH_SHA384] = {"sha384", 48},
	[HASH_SHA512] = {"sha512", 64},
};

static const struct {
	const char *name;
	enum hash hash;
	unsigned int icv_len;		/* the key is as long as the hash */
} integs[INTEG_COUNT] = {
	[INTEG_NONE] = {NULL, HASH_NONE, 0},
	[INTEG_HMAC_MD5_96] = {"esp-md5-hmac", HASH_MD5, 12},
	[INTEG_HMAC_SHA1_96] = {"esp-sha-hmac", HASH_SHA1, 12},
	[INTEG_HMAC_SHA256_128] = {"esp-sha256-hmac", HASH_SHA256, 16},
	[INTEG_HMAC_SHA384_192] = {"esp-sha384-hmac", HASH_SHA384, 24},
	[INTEG_HMAC_SHA512_256] = {"esp-sha512-hmac", HASH_SHA512, 32},
};

const char *
hash_name(enum hash h)
{
	return hashes[h].name;
}

unsigned int
hash_len(enum hash h)
{
	return hashes[h].len;
}

enum hash
integ_hash(enum integ i)
{
	return integs[i].hash;
}

unsigned int
integ_key_len(enum integ i)
{
	return hash_len(integs[i].hash);
}

unsigned int
integ_icv_len(enum integ i)
{
	return integs[i].icv_len;
}

static const struct cipher_shape shapes[CIPHER_COUNT] = {
	[CIPHER_NULL] = {.block = 1},				/* RFC 2410 */
	[CIPHER_DES_CBC] = {.key = 8, .iv = 8, .block = 8},	/* RFC 2405 */
	[CIPHER_3DES_CBC] = {.key = 24, .iv = 8, .block = 8},	/* RFC 2451 */
	[CIPHER_AES_CBC] = {.sized = true, .iv = 16, .block = 16},	/* RFC 3602 */
	[CIPHER_AES_CTR] = {.sized = true, .salt = 4, .iv = 8, .block = 1},	/* RFC 3686 */
	[CIPHER_AES_GCM_8] = {.sized = true, .salt = 4, .iv = 8, .block = 1, .icv = 8},
	[CIPHER_AES_GCM_12] = {.sized = true, .salt = 4, .iv = 8, .block = 1, .icv = 12},
	[CIPHER_AES_GCM] = {.sized = true, .salt = 4, .iv = 8, .block = 1, .icv = 16},
	[CIPHER_AES_GMAC] = {.sized = true, .salt = 4, .iv = 8, .block = 1, .icv = 16},
	[CIPHER_CHACHA20_POLY1305] = {.key = 32, .salt = 4, .iv = 8, .block = 1, .icv = 16},
};

const struct cipher_shape *
cipher_shape(enum cipher c)
{
	return &shapes[(unsigned int)c < CIPHER_COUNT ? c : CIPHER_NONE];
}

unsigned int
cipher_keymat_len(enum cipher c, unsigned int key_bits)
{
	const struct cipher_shape *s = cipher_shape(c);

	if (!s->sized)
		return key_bits == 0 ? s->key + s->salt : 0;
	return key_bits == 128 || key_bits == 192 || key_bits == 256 ? key_bits / 8 + s->salt : 0;
}

bool
esp_transform_ok(const struct esp_transform *t)
{
	const struct cipher_shape *s = cipher_shape(t->cipher);

	if (s->block == 0 || t->integ >= INTEG_COUNT)
		return false;
	if (cipher_keymat_len(t->cipher, t->key_bits) == 0 &&
	    (t->cipher != CIPHER_NULL || t->key_bits != 0))
		return false;
	return (s->icv != 0) == (t->integ == INTEG_NONE);
}

/*
 * As transform sets are typed.  IOS has no word for counter mode, short tags
 * and ChaCha20, which IKEv2 may still agree on; these are ours.
 */
static const char *const esp_words[CIPHER_COUNT] = {
	[CIPHER_NULL] = "esp-null",
	[CIPHER_DES_CBC] = "esp-des",
	[CIPHER_3DES_CBC] = "esp-3des",
	[CIPHER_AES_CBC] = "esp-aes",
	[CIPHER_AES_CTR] = "esp-ctr",
	[CIPHER_AES_GCM_8] = "esp-gcm-8",
	[CIPHER_AES_GCM_12] = "esp-gcm-12",
	[CIPHER_AES_GCM] = "esp-gcm",
	[CIPHER_AES_GMAC] = "esp-gmac",
	[CIPHER_CHACHA20_POLY1305] = "esp-chacha20-poly1305",
};

static char *
transform_str(const char *cipher, unsigned int bits, enum integ integ, char buf[TRANSFORM_STRLEN])
{
	const char *name = integs[integ].name;
	char number[8] = "";

	if (bits != 0)
		snprintf(number, sizeof(number), " %u", bits);
	snprintf(buf, TRANSFORM_STRLEN, "%s%s%s%s", cipher, number, name == NULL ? "" : " ",
	    name == NULL ? "" : name);
	return buf;
}

/* IOS leaves out the 128 of AES-CBC but not that of GCM. */
char *
esp_transform_config_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN])
{
	bool silent = t->cipher == CIPHER_AES_CBC && t->key_bits == 128;

	return transform_str(esp_words[t->cipher], silent ? 0 : t->key_bits, t->integ, buf);
}

/* Here it writes esp-256-aes, and leaves out the 128 of the others as well. */
char *
esp_transform_show_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN])
{
	char aes[16];

	if (t->cipher != CIPHER_AES_CBC || t->key_bits == 128)
		return transform_str(esp_words[t->cipher], t->key_bits == 128 ? 0 : t->key_bits,
		    t->integ, buf);
	snprintf(aes, sizeof(aes), "esp-%u-aes", t->key_bits);
	return transform_str(aes, 0, t->integ, buf);
}

unsigned int
dh_group_bits(unsigned int group)
{
	static const unsigned int bits[] = {
		[1] = 768, [2] = 1024, [5] = 1536, [14] = 2048, [15] = 3072, [16] = 4096,
		[19] = 256, [20] = 384, [21] = 521, [24] = 2048, [31] = 255,
	};

	return group < sizeof(bits) / sizeof(bits[0]) ? bits[group] : 0;
}
