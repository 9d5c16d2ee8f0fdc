/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "crypto.h"
#include "hex.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

static struct slice
text(const char *s)
{
	return slice_of(s, strlen(s));
}

static void
hashes_are_those_of_the_standards(void **state)
{
	static const struct {
		enum hash hash;
		const char *in, *out;
	} rows[] = {
		/* RFC 1321 A.5, FIPS 180-4 */
		{HASH_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
		{HASH_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
		{HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{HASH_SHA256, "abc",
		 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{HASH_SHA384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
				     "8086072ba1e7cc2358baeca134c825a7"},
		{HASH_SHA512, "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
				     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	};
	uint8_t out[HASH_LEN_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++) {
		struct slice in = text(rows[i].in);

		assert_true(hash_all(rows[i].hash, &in, 1, out));
		assert_int_equal(hex(rows[i].out).len, hash_len(rows[i].hash));
		assert_hex_equal(out, rows[i].out);
	}
}

/* RFC 2202 (MD5, SHA-1) and RFC 4231 (SHA-2). */
static void
prf_is_hmac(void **state)
{
	static const char jefe[] = "4a656665";
	static const char question[] = "7768617420646f2079612077616e7420666f72206e6f7468696e673f";
	static const char hi_there[] = "4869205468657265";
	static const char ob16[] = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
	static const char ob20[] = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
	static const struct {
		enum hash hash;
		const char *key, *in, *out;
	} rows[] = {
		{HASH_MD5, ob16, hi_there, "9294727a3638bb1c13f48ef8158bfc9d"},
		{HASH_MD5, jefe, question, "750c783e6ab0b503eaa86e310a5db738"},
		{HASH_SHA1, ob20, hi_there, "b617318655057264e28bc0b6fb378c8ef146be00"},
		{HASH_SHA1, jefe, question, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
		{HASH_SHA256, ob20, hi_there,
		 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{HASH_SHA256, jefe, question,
		 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
		{HASH_SHA384, ob20, hi_there,
		 "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
		 "faea9ea9076ede7f4af152e8b2fa9cb6"},
		{HASH_SHA384, jefe, question,
		 "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
		 "8e2240ca5e69e2c78b3239ecfab21649"},
		{HASH_SHA512, ob20, hi_there,
		 "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		 "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
		{HASH_SHA512, jefe, question,
		 "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
		 "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
	};
	uint8_t out[HASH_LEN_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++) {
		struct bytes key = hex(rows[i].key), in = hex(rows[i].in);
		struct slice piece = hex_slice(&in);

		assert_true(prf(rows[i].hash, hex_slice(&key), &piece, 1, out));
		assert_int_equal(hex(rows[i].out).len, hash_len(rows[i].hash));
		assert_hex_equal(out, rows[i].out);
	}
}

/* RFC 4231 test case 6: a key longer than the hash's block. */
static void
prf_takes_a_long_key(void **state)
{
	struct slice in = text("Test Using Larger Than Block-Size Key - Hash Key First");
	uint8_t key[131], out[HASH_LEN_MAX];

	(void)state;
	memset(key, 0xaa, sizeof(key));
	assert_true(prf(HASH_SHA256, slice_of(key, sizeof(key)), &in, 1, out));
	assert_hex_equal(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
pieces_are_as_good_as_a_whole(void **state)
{
	struct slice whole = text("what do ya want for nothing?");
	struct slice parts[] = {text("what do "), text(""), text("ya want"), {NULL, 0},
		text(" for nothing?")};
	uint8_t a[HASH_LEN_MAX], b[HASH_LEN_MAX];
	int h;

	(void)state;
	for (h = HASH_MD5; h < HASH_COUNT; h++) {
		assert_true(prf(h, text("Jefe"), &whole, 1, a));
		assert_true(prf(h, text("Jefe"), parts, ALL(parts), b));
		assert_memory_equal(a, b, hash_len(h));
		assert_true(hash_all(h, &whole, 1, a));
		assert_true(hash_all(h, parts, ALL(parts), b));
		assert_memory_equal(a, b, hash_len(h));
	}
}

/* A key without bytes is a key of its own, not the one before. */
static void
an_empty_key_is_not_the_last_key(void **state)
{
	uint8_t out[HASH_LEN_MAX];

	(void)state;
	assert_true(prf(HASH_SHA256, text("Jefe"), NULL, 0, out));
	assert_true(prf(HASH_SHA256, (struct slice){NULL, 0}, NULL, 0, out));
	assert_hex_equal(out, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void
the_output_may_be_an_input(void **state)
{
	uint8_t key[32] = {1, 2, 3}, apart[32], together[32];
	struct slice in;

	(void)state;
	memcpy(together, key, sizeof(key));
	in = slice_of(together, sizeof(together));
	assert_true(prf(HASH_SHA256, slice_of(key, sizeof(key)), &in, 1, apart));
	assert_true(prf(HASH_SHA256, in, &in, 1, together));
	assert_memory_equal(apart, together, sizeof(apart));
}

static void
what_is_no_hash_gives_zeros_and_false(void **state)
{
	(void)state;
	assert_false(hash_all(HASH_NONE, NULL, 0, (uint8_t[HASH_LEN_MAX]){0}));
	assert_false(prf(HASH_NONE, text("key"), NULL, 0, (uint8_t[HASH_LEN_MAX]){0}));
}

/* The chain written out by hand, as RFC 2409 5.5 and appendix B write it. */
static void
stretching_is_a_chain(void **state)
{
	struct slice key = text("SKEYID_d"), seed = text("\3SPI!Ni_bNr_b");
	uint8_t k1[20], k2[20], k3[20], chain[60], out[60];
	struct slice zero = slice_of("", 1), none = {NULL, 0};

	(void)state;
	assert_true(prf(HASH_SHA1, key, &seed, 1, k1));
	assert_true(prf(HASH_SHA1, key, (struct slice[]){slice_of(k1, 20), seed}, 2, k2));
	assert_true(prf(HASH_SHA1, key, (struct slice[]){slice_of(k2, 20), seed}, 2, k3));
	memcpy(chain, k1, 20);
	memcpy(chain + 20, k2, 20);
	memcpy(chain + 40, k3, 20);
	assert_true(prf_stretch(HASH_SHA1, key, seed, seed, out, 52));
	assert_memory_equal(out, chain, 52);

	assert_true(prf(HASH_SHA1, key, &zero, 1, k1));
	assert_true(prf(HASH_SHA1, key, (struct slice[]){slice_of(k1, 20)}, 1, k2));
	assert_true(prf_stretch(HASH_SHA1, key, zero, none, out, 32));
	assert_memory_equal(out, k1, 20);
	assert_memory_equal(out + 20, k2, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_those_of_the_standards),
		cmocka_unit_test(prf_is_hmac),
		cmocka_unit_test(prf_takes_a_long_key),
		cmocka_unit_test(pieces_are_as_good_as_a_whole),
		cmocka_unit_test(an_empty_key_is_not_the_last_key),
		cmocka_unit_test(the_output_may_be_an_input),
		cmocka_unit_test(what_is_no_hash_gives_zeros_and_false),
		cmocka_unit_test(stretching_is_a_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
