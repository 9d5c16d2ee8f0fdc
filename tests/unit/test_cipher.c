/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cipher.h"
#include "hex.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

static const char single_block[] = "53696e676c6520626c6f636b206d7367";
static const char nist_iv[] = "000102030405060708090a0b0c0d0e0f";
static const char nist_clear[] =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
static const char counting[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/* The key of a row carries the nonce of AES-CTR behind it, as KEYMAT does. */
static void
ciphers_are_those_of_the_standards(void **state)
{
	static const struct {
		enum cipher cipher;
		const char *key, *iv, *clear, *sealed;
	} rows[] = {
		/* RFC 3602 4, cases 1 and 2 */
		{CIPHER_AES_CBC, "06a9214036b8a15b512e03d534120006",
		 "3dafba429d9eb430b422da802c9fac41", single_block,
		 "e353779c1079aeb82708942dbe77181a"},
		{CIPHER_AES_CBC, "c286696d887c9aa0611bbb3e2025a45a",
		 "562e17996d093d28ddb3ba695a2e6f58", counting,
		 "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"},
		/* NIST SP 800-38A F.2, four blocks under each key length */
		{CIPHER_AES_CBC, "2b7e151628aed2a6abf7158809cf4f3c", nist_iv, nist_clear,
		 "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
		 "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"},
		{CIPHER_AES_CBC, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", nist_iv, nist_clear,
		 "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
		 "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"},
		{CIPHER_AES_CBC, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", nist_iv, nist_clear,
		 "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
		 "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"},
		/* RFC 3686 6, vectors 1, 2, 4 and 7 */
		{CIPHER_AES_CTR, "ae6852f8121067cc4bf7a5765577f39e 00000030", "0000000000000000",
		 single_block, "e4095d4fb7a7b3792d6175a3261311b8"},
		{CIPHER_AES_CTR, "7e24067817fae0d743d6ce1f32539163 006cb6db", "c0543b59da48d90b",
		 counting, "5104a106168a72d9790d41ee8edad388eb2e1efc46da57c8fce630df9141be28"},
		{CIPHER_AES_CTR, "16af5b145fc9f579c175f93e3bfb0eed863d06ccfdb78515 00000048",
		 "36733c147d6d93cb", single_block, "4b55384fe259c9c84e7935a003cbe928"},
		{CIPHER_AES_CTR,
		 "776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104 00000060",
		 "db5672c97aa8f0b2", single_block, "145ad01dbf824ec7560863dc71e3e0c0"},
		/* FIPS 81 table C1 */
		{CIPHER_DES_CBC, "0123456789abcdef", "1234567890abcdef",
		 "4e6f77206973207468652074696d6520666f7220616c6c20",
		 "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
		/* NIST SP 800-67 appendix B: ECB, so each block with an IV of zeros */
		{CIPHER_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123",
		 "0000000000000000", "5468652071756663", "a826fd8ce53b855f"},
		{CIPHER_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123",
		 "0000000000000000", "6b2062726f776e20", "cce21c8112256fe6"},
		{CIPHER_3DES_CBC, "0123456789abcdef23456789abcdef01456789abcdef0123",
		 "0000000000000000", "666f78206a756d70", "68d5c05dd9b6b900"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++) {
		struct bytes key = hex(rows[i].key), iv = hex(rows[i].iv), data = hex(rows[i].clear);

		assert_int_equal(iv.len, cipher_iv_len(rows[i].cipher));
		assert_false(cipher_is_aead(rows[i].cipher));
		assert_true(cipher_crypt(rows[i].cipher, true, hex_slice(&key), hex_slice(&iv),
		    data.b, data.len));
		assert_hex_equal(data.b, rows[i].sealed);
		assert_true(cipher_crypt(rows[i].cipher, false, hex_slice(&key), hex_slice(&iv),
		    data.b, data.len));
		assert_hex_equal(data.b, rows[i].clear);
	}
}

static const struct aead_row {
	enum cipher cipher;
	const char *key, *iv, *aad, *clear, *sealed, *icv;
} aead_rows[] = {
	/* "The Galois/Counter Mode of Operation", appendix B, cases 4, 10 and 16; tags cut */
	{CIPHER_AES_GCM, "feffe9928665731c6d6a8f9467308308 cafebabe", "facedbaddecaf888",
	 "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	 "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	 "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
	 "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
	 "5bc94fbc3221a5db94fae95ae7121a47"},
	{CIPHER_AES_GCM_12,
	 "feffe9928665731c6d6a8f9467308308feffe9928665731c cafebabe", "facedbaddecaf888",
	 "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	 "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	 "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
	 "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
	 "2519498e80f1478f37ba55bd"},
	{CIPHER_AES_GCM_8,
	 "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308 cafebabe",
	 "facedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
	 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
	 "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
	 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	 "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
	 "76fc6ece0f4e1768"},
	/* RFC 7634 appendix B: an INFORMATIONAL of IKEv2 */
	{CIPHER_CHACHA20_POLY1305,
	 "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3",
	 "1011121314151617",
	 "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029",
	 "0000000c000040010000000a00", "610394701f8d017f7c12924889",
	 "6b71bfe25236efd7cdc67066906315b2"},
};

static void
aeads_are_those_of_the_standards(void **state)
{
	uint8_t icv[16];
	size_t i;

	(void)state;
	for (i = 0; i < ALL(aead_rows); i++) {
		const struct aead_row *row = &aead_rows[i];
		struct bytes key = hex(row->key), iv = hex(row->iv), aad = hex(row->aad);
		struct bytes data = hex(row->clear);

		assert_true(cipher_is_aead(row->cipher));
		assert_int_equal(hex(row->icv).len, cipher_icv_len(row->cipher));
		assert_true(aead_seal(row->cipher, hex_slice(&key), hex_slice(&iv),
		    hex_slice(&aad), data.b, data.len, icv));
		assert_hex_equal(data.b, row->sealed);
		assert_hex_equal(icv, row->icv);
		assert_true(aead_open(row->cipher, hex_slice(&key), hex_slice(&iv),
		    hex_slice(&aad), data.b, data.len, icv));
		assert_hex_equal(data.b, row->clear);
	}
}

/* One bit anywhere: in what is sealed, in what is not, in the ICV's first and last byte. */
static void
a_forged_aead_is_told(void **state)
{
	size_t i, where;

	(void)state;
	for (i = 0; i < ALL(aead_rows) * 4; i++) {
		const struct aead_row *row = &aead_rows[i / 4];
		struct bytes key = hex(row->key), iv = hex(row->iv), aad = hex(row->aad);
		struct bytes data = hex(row->sealed), icv = hex(row->icv);

		where = i % 4;
		if (where == 0)
			data.b[data.len - 1] ^= 1;
		else if (where == 1)
			aad.b[0] ^= 0x80;
		else
			icv.b[where == 2 ? 0 : icv.len - 1] ^= 4;
		assert_false(aead_open(row->cipher, hex_slice(&key), hex_slice(&iv),
		    hex_slice(&aad), data.b, data.len, icv.b));
	}
}

static void
an_aead_may_seal_nothing(void **state)
{
	struct bytes key = hex("feffe9928665731c6d6a8f9467308308cafebabe");
	struct bytes iv = hex("facedbaddecaf888");
	struct slice none = {NULL, 0};
	uint8_t icv[16], data[1] = {7};

	(void)state;
	assert_true(aead_seal(CIPHER_AES_GCM, hex_slice(&key), hex_slice(&iv), none, data, 0, icv));
	assert_true(aead_open(CIPHER_AES_GCM, hex_slice(&key), hex_slice(&iv), none, data, 0, icv));
	assert_int_equal(data[0], 7);
	icv[3] ^= 1;
	assert_false(aead_open(CIPHER_AES_GCM, hex_slice(&key), hex_slice(&iv), none, data, 0, icv));
}

/* RFC 2403, RFC 2404 and RFC 4868: cut, and over pieces. */
static void
integrity_is_a_cut_hmac(void **state)
{
	static const struct {
		enum integ integ;
		const char *out;
	} rows[] = {
		{INTEG_HMAC_MD5_96, "9294727a3638bb1c13f48ef8"},
		{INTEG_HMAC_SHA1_96, "b617318655057264e28bc0b6"},
		{INTEG_HMAC_SHA256_128, "198a607eb44bfbc69903a0f1cf2bbdc5"},
		{INTEG_HMAC_SHA384_192, "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973"},
		{INTEG_HMAC_SHA512_256,
		 "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8"},
	};
	struct slice pieces[] = {slice_of("Hi", 2), slice_of(" There", 6)};
	uint8_t key[64], out[33];
	size_t i;

	(void)state;
	memset(key, 0x0b, sizeof(key));
	for (i = 0; i < ALL(rows); i++) {
		struct slice k = slice_of(key, integ_key_len(rows[i].integ));

		memset(out, 0x5a, sizeof(out));
		assert_int_equal(hex(rows[i].out).len, integ_icv_len(rows[i].integ));
		assert_true(integ_sum(rows[i].integ, k, pieces, ALL(pieces), out));
		assert_hex_equal(out, rows[i].out);
		assert_int_equal(out[integ_icv_len(rows[i].integ)], 0x5a);
	}
	assert_false(integ_sum(INTEG_NONE, slice_of(key, 20), pieces, ALL(pieces), out));
}

static void
lengths_are_those_of_keymat(void **state)
{
	static const struct {
		enum cipher cipher;
		unsigned int bits;
		size_t key;
	} rows[] = {
		{CIPHER_AES_CBC, 128, 16}, {CIPHER_AES_CBC, 192, 24}, {CIPHER_AES_CBC, 256, 32},
		{CIPHER_AES_CTR, 128, 20}, {CIPHER_AES_GCM_8, 192, 28}, {CIPHER_AES_GCM, 256, 36},
		{CIPHER_CHACHA20_POLY1305, 0, 36}, {CIPHER_3DES_CBC, 0, 24}, {CIPHER_DES_CBC, 0, 8},
		/* what there is not */
		{CIPHER_AES_CBC, 0, 0}, {CIPHER_AES_CBC, 64, 0}, {CIPHER_AES_GCM, 257, 0},
		{CIPHER_3DES_CBC, 192, 0}, {CIPHER_CHACHA20_POLY1305, 256, 0},
		{CIPHER_NULL, 0, 0}, {CIPHER_NONE, 0, 0}, {CIPHER_AES_GMAC, 128, 0},
		{CIPHER_COUNT, 128, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++)
		assert_int_equal(cipher_key_len(rows[i].cipher, rows[i].bits), rows[i].key);
	assert_int_equal(cipher_block_len(CIPHER_3DES_CBC), 8);
	assert_int_equal(cipher_block_len(CIPHER_AES_CTR), 1);
	assert_int_equal(cipher_salt_len(CIPHER_AES_CBC), 0);
	assert_int_equal(cipher_icv_len(CIPHER_AES_GCM_12), 12);
}

static void
what_does_not_fit_is_refused(void **state)
{
	uint8_t bytes[64] = {9}, icv[16];
	struct slice key = slice_of(bytes, 16), iv = slice_of(bytes, 16);

	(void)state;
	assert_false(cipher_crypt(CIPHER_AES_CBC, true, key, iv, bytes + 32, 17));
	assert_false(cipher_crypt(CIPHER_AES_CBC, true, key, slice_of(bytes, 8), bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_AES_CBC, true, slice_of(bytes, 15), iv, bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_AES_CBC, true, slice_of(bytes, 0), iv, bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_3DES_CBC, true, key, slice_of(bytes, 8), bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_AES_CTR, true, slice_of(bytes, 4), slice_of(bytes, 8),
	    bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_AES_GCM, true, slice_of(bytes, 20), slice_of(bytes, 8),
	    bytes + 32, 16));
	assert_false(cipher_crypt(CIPHER_NONE, true, key, iv, bytes + 32, 16));
	assert_false(aead_seal(CIPHER_AES_CBC, key, iv, iv, bytes + 32, 16, icv));
	assert_false(aead_seal(CIPHER_AES_GCM, slice_of(bytes, 16), slice_of(bytes, 8), iv,
	    bytes + 32, 16, icv));
	assert_false(aead_open(CIPHER_AES_GCM, slice_of(bytes, 20), slice_of(bytes, 12), iv,
	    bytes + 32, 16, icv));
	assert_int_equal(bytes[32], 0);
}

/* Two keys and directions in turn: a context that is kept remembers nothing of the last. */
static void
a_kept_context_forgets(void **state)
{
	static const uint8_t one[16] = {1}, two[16] = {2};
	uint8_t iv[16] = {3}, a[16] = {4}, b[16] = {4}, c[16] = {4};
	struct slice v = slice_of(iv, 16);

	(void)state;
	assert_true(cipher_crypt(CIPHER_AES_CBC, true, slice_of(one, 16), v, a, 16));
	assert_true(cipher_crypt(CIPHER_AES_CBC, true, slice_of(two, 16), v, b, 16));
	assert_true(cipher_crypt(CIPHER_AES_CBC, true, slice_of(one, 16), v, c, 16));
	assert_memory_equal(a, c, 16);
	assert_memory_not_equal(a, b, 16);
	assert_true(cipher_crypt(CIPHER_AES_CBC, false, slice_of(two, 16), v, b, 16));
	assert_int_equal(b[0], 4);
}

static void
ivs_do_not_repeat(void **state)
{
	uint8_t a[16] = {0}, b[16] = {0};

	(void)state;
	cipher_iv_next(CIPHER_AES_GCM, 0x0102030405060708, a);
	assert_hex_equal(a, "0102030405060708 0000000000000000");
	cipher_iv_next(CIPHER_3DES_CBC, 1, a);
	assert_int_equal(a[8], 0);
	cipher_iv_next(CIPHER_AES_CBC, 1, a);
	cipher_iv_next(CIPHER_AES_CBC, 1, b);
	assert_memory_not_equal(a, b, 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ciphers_are_those_of_the_standards),
		cmocka_unit_test(aeads_are_those_of_the_standards),
		cmocka_unit_test(a_forged_aead_is_told),
		cmocka_unit_test(an_aead_may_seal_nothing),
		cmocka_unit_test(integrity_is_a_cut_hmac),
		cmocka_unit_test(lengths_are_those_of_keymat),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_kept_context_forgets),
		cmocka_unit_test(ivs_do_not_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
