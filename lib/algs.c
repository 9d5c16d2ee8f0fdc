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

char *
esp_transform_config_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN])
{
	const char *integ = integs[t->integ].name;
	char cipher[24] = "esp-null";

	/* IOS leaves out the 128 of AES-CBC but not that of GCM. */
	if (t->cipher == CIPHER_AES_GCM)
		snprintf(cipher, sizeof(cipher), "esp-gcm %u", t->key_bits);
	else if (t->cipher == CIPHER_AES_CBC && t->key_bits == 128)
		snprintf(cipher, sizeof(cipher), "esp-aes");
	else if (t->cipher == CIPHER_AES_CBC)
		snprintf(cipher, sizeof(cipher), "esp-aes %u", t->key_bits);
	snprintf(buf, TRANSFORM_STRLEN, "%s%s%s", cipher, integ == NULL ? "" : " ",
	    integ == NULL ? "" : integ);
	return buf;
}

char *
esp_transform_show_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN])
{
	const char *integ = integs[t->integ].name;
	char cipher[24] = "esp-null";

	if (t->cipher == CIPHER_AES_GCM && t->key_bits == 128)
		snprintf(cipher, sizeof(cipher), "esp-gcm");
	else if (t->cipher == CIPHER_AES_GCM)
		snprintf(cipher, sizeof(cipher), "esp-gcm %u", t->key_bits);
	else if (t->cipher == CIPHER_AES_CBC && t->key_bits == 128)
		snprintf(cipher, sizeof(cipher), "esp-aes");
	else if (t->cipher == CIPHER_AES_CBC)
		snprintf(cipher, sizeof(cipher), "esp-%u-aes", t->key_bits);
	snprintf(buf, TRANSFORM_STRLEN, "%s%s%s", cipher, integ == NULL ? "" : " ",
	    integ == NULL ? "" : integ);
	return buf;
}

unsigned int
dh_group_bits(unsigned int group)
{
	static const unsigned int bits[] = {
		[14] = 2048, [15] = 3072, [19] = 256, [20] = 384,
	};

	return group < sizeof(bits) / sizeof(bits[0]) ? bits[group] : 0;
}
