/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ciphers' two implementations against each other: what the one that was
 * chosen for this machine seals, in batches, OpenSSL opens, and the other way
 * round; every transform, with and without extended numbers, every length of
 * text up to 9000 bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "esp.h"

#define LEN_MAX 9000
#define ROOM (ESP_HEADROOM + LEN_MAX + ESP_TAILROOM)
#define BATCH 37		/* no multiple of any number of lanes */

static const struct esp_transform transforms[] = {
	{CIPHER_AES_GCM, 128, INTEG_NONE},
	{CIPHER_AES_GCM, 192, INTEG_NONE},
	{CIPHER_AES_GCM, 256, INTEG_NONE},
	{CIPHER_AES_GCM_8, 128, INTEG_NONE},
	{CIPHER_AES_GCM_12, 256, INTEG_NONE},
	{CIPHER_AES_GMAC, 128, INTEG_NONE},
	{CIPHER_AES_GMAC, 192, INTEG_NONE},
	{CIPHER_AES_GMAC, 256, INTEG_NONE},
	{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96},
	{CIPHER_AES_CBC, 192, INTEG_HMAC_SHA256_128},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA384_192},
	{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA512_256},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA256_128},
	{CIPHER_NULL, 0, INTEG_HMAC_SHA512_256},
};

static uint8_t memory[BATCH][ROOM], text[LEN_MAX];

struct ends {
	struct esp_shape shape;
	struct esp_crypt *seal, *open;
};

static struct esp_crypt *
crypt_of(const struct esp_ops *ops, bool sealing, const struct esp_transform *t, bool esn)
{
	static const uint8_t key[64] = "a key for all that is tested here", auth[64] = "another key";
	struct esp_shape s;
	struct esp_crypt *c;

	assert_true(esp_shape_of(t, &s));
	c = esp_crypt_new(ops, sealing, t, esn, slice_of(key, s.key), slice_of(auth, s.auth));
	assert_non_null(c);
	return c;
}

static void
lay_out(const struct ends *e, unsigned int i, size_t len, struct esp_job *job)
{
	struct esp_parts *p = &job->parts;

	p->header = memory[i];
	memcpy(p->header, "\1\2\3\4\0\0\0\7", 8);
	p->iv = p->header + 8;
	p->text = p->iv + e->shape.iv;
	p->plain = p->text;
	p->text_len = (len + e->shape.block - 1) / e->shape.block * e->shape.block;
	if (p->text_len > LEN_MAX)
		p->text_len -= e->shape.block;
	p->icv = p->text + p->text_len;
	p->seq = 0x500000007;
	memcpy(p->text, text, p->text_len);
	job->crypt = e->seal;
}

/* Lengths from `len` on go as one batch; one packet of it is spoilt on its way. */
static void
there_and_back(const struct ends *e, size_t len)
{
	struct esp_job job[BATCH], *jobs[BATCH] = {0};
	unsigned int i, n = LEN_MAX + 1 - len < BATCH ? (unsigned int)(LEN_MAX + 1 - len) : BATCH;
	unsigned int spoilt = (unsigned int)len % n;

	for (i = 0; i < n; i++) {
		lay_out(e, i, len + i, &job[i]);
		jobs[i] = &job[i];
	}
	esp_run(jobs, n);
	for (i = 0; i < n; i++) {
		assert_true(job[i].ok);
		job[i].crypt = e->open;
	}
	job[spoilt].parts.icv[3] ^= 0x10;
	esp_run(jobs, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(job[i].ok, i != spoilt);
		if (i != spoilt)
			assert_memory_equal(job[i].parts.text, text, job[i].parts.text_len);
	}
}

static void
all_lengths(const struct esp_transform *t, bool esn, bool best_seals)
{
	const struct esp_ops *best = esp_ops_best(t), *other = esp_ops_openssl(t);
	struct ends e;
	size_t len;

	assert_true(esp_shape_of(t, &e.shape));
	e.seal = crypt_of(best_seals ? best : other, true, t, esn);
	e.open = crypt_of(best_seals ? other : best, false, t, esn);
	for (len = 0; len <= LEN_MAX; len += BATCH)
		there_and_back(&e, len);
	esp_crypt_free(e.seal);
	esp_crypt_free(e.open);
}

static void
one_seals_and_the_other_opens(void **state)
{
	size_t i;
	int how;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7 + i / 251);
	for (i = 0; i < sizeof(transforms) / sizeof(transforms[0]); i++)
		for (how = 0; how < 4; how++)
			all_lengths(&transforms[i], (how & 1) != 0, (how & 2) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_seals_and_the_other_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
