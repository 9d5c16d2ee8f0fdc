/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ESP: padding, sequence numbers, memory, keys that fit, and room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "crypto.h"
#include "esp_crypto.h"
#include "esp_pair.h"
#include "hex.h"
#include "secret.h"

/* --- trailers --- */

static const struct esp_transform null_sha1 = {CIPHER_NULL, 0, INTEG_HMAC_SHA1_96};

static void
seal_pads_with_1_2_3(void **state)
{
	static const char *const trailers[] = {"01 01 04", "00 04", "010203 03 04", "0102 02 04"};
	static struct pair p;
	size_t len;

	(void)state;
	pair_init(&p, &null_sha1, false);
	for (len = 1; len <= ALL(trailers); len++) {
		pair_payload(&p, len);
		assert_int_equal(esp_seal(p.seal, &p.b, 1, ESP_NEXT_IPV4), DROP_NOT);
		assert_hex_equal(p.b.at + ESP_HEADER_LEN + len, trailers[len - 1]);
	}
	pair_free(&p);
}

/* An authentic packet around any text: what a peer that pads in its own way sends. */
static enum drop
open_text(const uint8_t *text, size_t len, size_t *payload, uint8_t *next)
{
	struct esp_key *k = some_key(ESP_OPEN, &null_sha1, false);
	uint8_t packet[400], auth[20], icv[HASH_LEN_MAX];
	struct esp_buf b = {packet, packet + sizeof(packet), packet, 0};
	struct slice all;
	enum drop drop;
	struct wbuf w;

	memset(auth, 0xa5, sizeof(auth));
	wbuf_init(&w, packet, sizeof(packet));
	wbuf_be32(&w, SPI);
	wbuf_be32(&w, 1);
	wbuf_put(&w, text, len);
	all = slice_of(packet, wbuf_len(&w));
	assert_true(prf(HASH_SHA1, slice_of(auth, sizeof(auth)), &all, 1, icv));
	wbuf_put(&w, icv, 12);
	b.len = wbuf_len(&w);
	drop = esp_open(k, &b, 1, next);
	*payload = b.len;
	esp_key_free(k);
	return drop;
}

static void
padding_is_checked(void **state)
{
	static const struct {
		const char *text;
		int payload;	/* -1: refused */
	} rows[] = {
		{"deadbeef 0102 02 2f", 4},
		{"deadbeef 0103 02 2f", -1},
		{"deadbeef 0000 02 2f", -1},
		{"deadbeef 0202 02 2f", -1},
		{"deadbeef beef 00 2f", 6},
		{"01020304 0506 06 2f", 0},
		{"01020304 0506 07 2f", -1},
		{"ffffffff ffff ff 2f", -1},
		{"00 2f", 0},
		{"01 2f", -1},
		{"aabbcc 00 2f", 3},	/* not aligned, and yet authentic */
	};
	size_t i, len;

	(void)state;
	for (i = 0; i < ALL(rows); i++) {
		struct bytes text = hex(rows[i].text);
		uint8_t next = 0;
		enum drop drop = open_text(text.b, text.len, &len, &next);

		assert_int_equal(drop, rows[i].payload < 0 ? DROP_IN_BAD_PAD : DROP_NOT);
		if (rows[i].payload >= 0) {
			assert_int_equal(len, rows[i].payload);
			assert_int_equal(next, ESP_NEXT_GRE);
		}
	}
}

static void
padding_may_be_255_long(void **state)
{
	uint8_t text[1 + 255 + 2], next;
	size_t i, len;

	(void)state;
	for (i = 0; i <= 255; i++)
		text[i] = (uint8_t)i;
	text[256] = 255;
	text[257] = ESP_NEXT_NONE;
	assert_int_equal(open_text(text, sizeof(text), &len, &next), DROP_NOT);
	assert_int_equal(len, 1);
	assert_int_equal(next, ESP_NEXT_NONE);
	assert_int_equal(open_text(text + 2, sizeof(text) - 2, &len, &next), DROP_IN_BAD_PAD);
}

/* --- what seal and install refuse --- */

static void
sequence_numbers_end(void **state)
{
	static struct pair p;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		bool esn = i == 1;

		pair_init(&p, &transforms[0], esn);
		pair_payload(&p, 20);
		assert_int_equal(esp_seal(p.seal, &p.b, 0, 4), DROP_OUT_SEQUENCE);
		assert_int_equal(esp_seal(p.seal, &p.b, 0xffffffff, 4), DROP_NOT);
		pair_payload(&p, 20);
		assert_int_equal(esp_seal(p.seal, &p.b, 0x100000000, 4),
		    esn ? DROP_NOT : DROP_OUT_SEQUENCE);
		pair_free(&p);
	}
}

static void
seal_keeps_to_its_memory(void **state)
{
	static struct pair p;
	size_t i, front, behind;

	(void)state;
	for (i = 0; i < ALL(transforms); i++) {
		pair_init(&p, &transforms[i], false);
		front = ESP_HEADER_LEN + cipher_shape(transforms[i].cipher)->iv;
		behind = esp_key_sealed(p.seal, 33) - 33 - front;
		assert_true(front <= ESP_HEADROOM && behind <= ESP_TAILROOM);

		pair_payload(&p, 33);
		p.b.start = p.b.at - front + 1;
		assert_int_equal(esp_seal(p.seal, &p.b, 1, 4), DROP_OUT_CRYPTO);
		p.b.start--;
		p.b.end = p.b.at + 33 + behind - 1;
		assert_int_equal(esp_seal(p.seal, &p.b, 1, 4), DROP_OUT_CRYPTO);
		p.b.end++;
		assert_int_equal(esp_seal(p.seal, &p.b, 1, 4), DROP_NOT);
		assert_ptr_equal(p.b.at, p.b.start);
		assert_ptr_equal(p.b.at + p.b.len, p.b.end);
		pair_free(&p);
	}
}

/* Neighbouring numbers have IVs without likeness, and two SAs with one key have others. */
static void
cbc_ivs_cannot_be_foreseen(void **state)
{
	static struct pair p, q;
	uint8_t first[16], *iv;

	(void)state;
	pair_init(&p, &transforms[3], false);
	pair_init(&q, &transforms[3], false);
	pair_payload(&p, 64);
	assert_int_equal(esp_seal(p.seal, &p.b, 1, 4), DROP_NOT);
	iv = p.b.at + ESP_HEADER_LEN;
	memcpy(first, iv, sizeof(first));
	pair_payload(&p, 64);
	assert_int_equal(esp_seal(p.seal, &p.b, 2, 4), DROP_NOT);
	assert_memory_not_equal(iv, first, 8);
	assert_memory_not_equal(iv + 8, first + 8, 8);
	pair_payload(&q, 64);
	assert_int_equal(esp_seal(q.seal, &q.b, 1, 4), DROP_NOT);
	assert_memory_not_equal(q.b.at + ESP_HEADER_LEN, first, 16);
	pair_free(&p);
	pair_free(&q);
}

static void
keys_must_fit_their_transform(void **state)
{
	static const struct {
		struct esp_transform t;
		size_t key, auth;
		bool fits;
	} rows[] = {
		{{CIPHER_AES_GCM, 128, INTEG_NONE}, 20, 0, true},
		{{CIPHER_AES_GCM, 128, INTEG_NONE}, 16, 0, false},
		{{CIPHER_AES_GCM, 128, INTEG_NONE}, 20, 20, false},
		{{CIPHER_AES_GCM, 128, INTEG_HMAC_SHA1_96}, 20, 20, false},
		{{CIPHER_AES_GCM, 64, INTEG_NONE}, 12, 0, false},
		{{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128}, 32, 32, true},
		{{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128}, 32, 31, false},
		{{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128}, 16, 32, false},
		{{CIPHER_AES_CBC, 128, INTEG_NONE}, 16, 0, false},
		{{CIPHER_AES_CBC, 128, INTEG_COUNT}, 16, 20, false},
		{{CIPHER_AES_GMAC, 256, INTEG_NONE}, 36, 0, true},
		{{CIPHER_AES_CTR, 192, INTEG_HMAC_MD5_96}, 28, 16, true},
		{{CIPHER_AES_CTR, 192, INTEG_NONE}, 28, 0, false},
		{{CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE}, 36, 0, true},
		{{CIPHER_CHACHA20_POLY1305, 256, INTEG_NONE}, 36, 0, false},
		{{CIPHER_3DES_CBC, 0, INTEG_HMAC_SHA1_96}, 24, 20, true},
		{{CIPHER_3DES_CBC, 0, INTEG_HMAC_SHA1_96}, 16, 20, false},
		{{CIPHER_3DES_CBC, 128, INTEG_HMAC_SHA1_96}, 16, 20, false},
		{{CIPHER_DES_CBC, 0, INTEG_HMAC_MD5_96}, 8, 16, true},
		{{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96}, 0, 20, true},
		{{CIPHER_NULL, 0, INTEG_NONE}, 0, 0, false},
		{{CIPHER_NULL, 128, INTEG_HMAC_SHA1_96}, 16, 20, false},
		{{CIPHER_NONE, 0, INTEG_HMAC_SHA1_96}, 0, 20, false},
		{{CIPHER_COUNT, 128, INTEG_HMAC_SHA1_96}, 16, 20, false},
	};
	uint8_t key[64] = {0};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++) {
		struct esp_key *k = esp_key_new(ESP_SEAL, &rows[i].t, false, SPI,
		    slice_of(key, rows[i].key), slice_of(key, rows[i].auth), &why);

		assert_int_equal(k != NULL, rows[i].fits);
		assert_int_equal(why == NULL, rows[i].fits);
		esp_key_free(k);
	}
	esp_key_free(NULL);
}

/* --- room --- */

static void
the_longest_payload_fits_and_one_more_does_not(void **state)
{
	size_t i, room, max;
	struct esp_key *k;

	(void)state;
	for (i = 0; i < ALL(transforms); i++) {
		k = some_key(ESP_SEAL, &transforms[i], false);
		for (room = 0; room <= 2000; room++) {
			max = esp_key_payload_max(k, room);
			if (max > 0)
				assert_true(esp_key_sealed(k, max) <= room);
			assert_true(esp_key_sealed(k, max + 1) > room);
		}
		esp_key_free(k);
	}
}

/* By hand, of 1400 bytes: what ESP makes of a payload of that, and the longest that fits in it. */
static void
overheads_are_those_of_the_rfcs(void **state)
{
	static const struct esp_transform des_md5 = {CIPHER_DES_CBC, 0, INTEG_HMAC_MD5_96};
	const struct {
		const struct esp_transform *t;
		size_t added, longest;
	} by_hand[] = {
		/* 8 + 8 + 2 of padding + 2 + 16; 1400 - 32 is 1368: 342 words, less the trailer */
		{&transforms[0], 36, 1366},
		/* 8 + 16 + 6 + 2 + 12; 1400 - 36 is 1364: 85 blocks are 1360 */
		{&transforms[3], 44, 1358},
		/* 8 + 2 + 2 + 12; 1400 - 20 is 1380: 345 words */
		{&null_sha1, 24, 1378},
		/* 8 + 8 + 6 of padding + 2 + 12; 1400 - 28 is 1372: 171 blocks are 1368 */
		{&des_md5, 36, 1366},
	};
	struct esp_key *k;
	size_t i;

	(void)state;
	for (i = 0; i < ALL(by_hand); i++) {
		k = some_key(ESP_SEAL, by_hand[i].t, false);
		assert_int_equal(esp_key_sealed(k, 1400), 1400 + by_hand[i].added);
		assert_int_equal(esp_key_payload_max(k, 1400), by_hand[i].longest);
		esp_key_free(k);
	}
}

static void
a_packet_shows_its_spi(void **state)
{
	struct bytes b = hex("c0ffee01 00000102 00");
	uint32_t spi, low;

	(void)state;
	assert_true(esp_peek(slice_of(b.b, 8), &spi, &low));
	assert_int_equal(spi, SPI);
	assert_int_equal(low, 0x102);
	assert_false(esp_peek(slice_of(b.b, 7), &spi, &low));
	assert_false(esp_peek(slice_of(b.b, 0), &spi, &low));
}

/* Every bit counts, at any length and place, and none behind the end. */
static void
tags_are_compared_whole(void **state)
{
	uint8_t a[48], b[50];
	size_t len, bit;

	(void)state;
	for (len = 0; len < sizeof(a); len++)
		a[len] = b[len + 1] = (uint8_t)(len * 37);
	for (len = 0; len < sizeof(a); len++) {
		assert_true(equal_in_constant_time(a, b + 1, len));
		b[len + 1] ^= 0x80;
		assert_true(equal_in_constant_time(a, b + 1, len));
		b[len + 1] ^= 0x80;
		for (bit = 0; bit < 8 * len; bit++) {
			b[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(equal_in_constant_time(a, b + 1, len));
			b[1 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seal_pads_with_1_2_3),
		cmocka_unit_test(padding_is_checked),
		cmocka_unit_test(padding_may_be_255_long),
		cmocka_unit_test(sequence_numbers_end),
		cmocka_unit_test(seal_keeps_to_its_memory),
		cmocka_unit_test(cbc_ivs_cannot_be_foreseen),
		cmocka_unit_test(keys_must_fit_their_transform),
		cmocka_unit_test(the_longest_payload_fits_and_one_more_does_not),
		cmocka_unit_test(overheads_are_those_of_the_rfcs),
		cmocka_unit_test(a_packet_shows_its_spi),
		cmocka_unit_test(tags_are_compared_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
