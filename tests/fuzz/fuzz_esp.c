/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * esp_open with a packet from anybody.  The first byte chooses the transform
 * and ESN; its top bit makes the rest the text of an authentic packet, since
 * no fuzzer guesses an ICV and the trailer would never be read.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "esp.h"

enum { FUZZ_AUTHENTIC = 0x80, FUZZ_ESN = 0x40, ICV_LEN = 12 };

static const struct esp_transform transforms[] = {
	{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_GCM, 128, INTEG_NONE},
	{CIPHER_AES_GCM, 256, INTEG_NONE},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA512_256},
	{CIPHER_AES_GCM_8, 128, INTEG_NONE},
	{CIPHER_AES_GMAC, 256, INTEG_NONE},
	{CIPHER_AES_CTR, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE},
	{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96},
};

enum { TRANSFORMS = sizeof(transforms) / sizeof(transforms[0]) };

static const uint8_t secret[ESP_AUTH_KEY_MAX] = "the key of both";

static void
check(int truth)
{
	if (!truth)
		abort();
}

static struct esp_key *
fuzz_key(unsigned int i, bool esn)
{
	static struct esp_key *keys[TRANSFORMS][2];
	const struct esp_transform *t = &transforms[i];
	size_t key_len = cipher_keymat_len(t->cipher, t->key_bits);
	const char *why;

	if (keys[i][esn] == NULL)
		keys[i][esn] = esp_key_new(ESP_OPEN, t, esn, 1, slice_of(secret, key_len),
		    slice_of(secret, integ_key_len(t->integ)), &why);
	check(keys[i][esn] != NULL);
	return keys[i][esn];
}

/* Header, text, and the ICV of the first transform; in memory of just that size. */
static struct esp_buf
authentic(const uint8_t *text, size_t len)
{
	struct esp_buf b = {.len = ESP_HEADER_LEN + len + ICV_LEN};
	uint8_t icv[HASH_LEN_MAX];
	struct slice all;

	b.start = b.at = calloc(1, b.len);
	b.end = b.start + b.len;
	if (len > 0)
		memcpy(b.at + ESP_HEADER_LEN, text, len);
	all = slice_of(b.at, b.len - ICV_LEN);
	check(prf(HASH_SHA1, slice_of(secret, integ_key_len(INTEG_HMAC_SHA1_96)), &all, 1, icv));
	memcpy(b.end - ICV_LEN, icv, ICV_LEN);
	return b;
}

static struct esp_buf
anybodys(const uint8_t *packet, size_t len)
{
	struct esp_buf b = {.len = len};

	b.start = b.at = malloc(len + (len == 0));
	b.end = b.start + len;
	if (len > 0)
		memcpy(b.at, packet, len);
	return b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct esp_buf b, before;
	struct esp_key *k;
	enum drop drop;
	uint8_t next;
	bool ours;

	if (size == 0)
		return 0;
	ours = data[0] & FUZZ_AUTHENTIC;
	k = ours ? fuzz_key(0, false) : fuzz_key(data[0] % TRANSFORMS, data[0] & FUZZ_ESN);
	b = ours ? authentic(data + 1, size - 1) : anybodys(data + 1, size - 1);
	before = b;
	drop = esp_open(k, &b, 0x700000001, &next);
	if (drop == DROP_NOT)
		check(b.at >= b.start && b.len <= (size_t)(b.end - b.at) && b.len < before.len);
	else
		check(b.at == before.at && b.len == before.len);
	check(drop == DROP_NOT || drop == DROP_IN_RUNT || drop == DROP_IN_BAD_PAD ||
	    (drop == DROP_IN_BAD_TAG && !ours));
	free(before.start);
	return 0;
}
