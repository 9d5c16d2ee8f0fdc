/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "esp_pair.h"

const struct esp_transform transforms[TRANSFORMS] = {
	{CIPHER_AES_GCM, 128, INTEG_NONE},
	{CIPHER_AES_GCM, 192, INTEG_NONE},
	{CIPHER_AES_GCM, 256, INTEG_NONE},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_CBC, 192, INTEG_HMAC_SHA256_128},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA384_192},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA512_256},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA256_128},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA384_192},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA512_256},
	{CIPHER_NULL, 0, INTEG_HMAC_MD5_96},
	{CIPHER_AES_GCM_8, 128, INTEG_NONE},
	{CIPHER_AES_GCM_12, 256, INTEG_NONE},
	{CIPHER_AES_GMAC, 128, INTEG_NONE},
	{CIPHER_AES_GMAC, 256, INTEG_NONE},
	{CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE},
	{CIPHER_AES_CTR, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_CTR, 256, INTEG_HMAC_SHA256_128},
	{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96},
	{CIPHER_3DES_CBC, 0, INTEG_HMAC_SHA512_256},
	{CIPHER_DES_CBC, 0, INTEG_HMAC_MD5_96},
};

static size_t
key_len(const struct esp_transform *t)
{
	return cipher_keymat_len(t->cipher, t->key_bits);
}

struct esp_key *
some_key(enum esp_direction dir, const struct esp_transform *t, bool esn)
{
	uint8_t key[ESP_KEY_MAX], auth[ESP_AUTH_KEY_MAX];
	struct esp_key *k;
	const char *why;

	memset(key, 0x5a, sizeof(key));
	memset(auth, 0xa5, sizeof(auth));
	k = esp_key_new(dir, t, esn, SPI, slice_of(key, key_len(t)),
	    slice_of(auth, integ_key_len(t->integ)), &why);
	assert_non_null(k);
	return k;
}

void
pair_init(struct pair *p, const struct esp_transform *t, bool esn)
{
	p->seal = some_key(ESP_SEAL, t, esn);
	p->open = some_key(ESP_OPEN, t, esn);
}

void
pair_free(struct pair *p)
{
	esp_key_free(p->seal);
	esp_key_free(p->open);
}

void
pair_payload(struct pair *p, size_t len)
{
	size_t i;

	p->b = (struct esp_buf){
		.start = p->memory,
		.end = p->memory + ESP_HEADROOM + len + ESP_TAILROOM,
		.at = p->memory + ESP_HEADROOM,
		.len = len,
	};
	for (i = 0; i < len; i++)
		p->b.at[i] = (uint8_t)(i * 7 + len);
}

bool
payload_is_whole(const struct pair *p, size_t len)
{
	size_t i;

	if (p->b.len != len)
		return false;
	for (i = 0; i < len; i++) {
		if (p->b.at[i] != (uint8_t)(i * 7 + len))
			return false;
	}
	return true;
}
