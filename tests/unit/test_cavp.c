/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hashes, PRFs, ciphers and Diffie-Hellman against the vectors of NIST and of RFCs, as
 * far as a package of Debian has them (cavp.h); skipped without it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cavp.h"
#include "cipher.h"
#include "crypto.h"
#include "dh.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum hash hash;
static enum cipher cipher;

static void
drop(struct slice s)
{
	free((void *)(uintptr_t)s.p);
}

/* --- hashes and PRFs --- */

static bool
hash_case(const struct cavp_case *c)
{
	struct slice in = cavp_hex(c, "Msg"), want = cavp_hex(c, "MD"), cut;
	uint8_t out[HASH_LEN_MAX];
	bool is = want.len > 0;

	cut = slice_of(in.p, (size_t)atoi(cavp_text(c, "Len")) / 8);
	if (is && (!hash_all(hash, &cut, 1, out) || !slice_eq(want, slice_of(out, hash_len(hash)))))
		cavp_fail(c);
	drop(in);
	drop(want);
	return is;
}

static bool
prf_case(const struct cavp_case *c)
{
	struct slice key = cavp_hex(c, "Key"), in = cavp_hex(c, "Msg"), want = cavp_hex(c, "MD");
	uint8_t out[HASH_LEN_MAX];
	bool is = want.len > 0;

	if (is && (!prf(hash, key, &in, 1, out) || !slice_eq(want, slice_of(out, hash_len(hash)))))
		cavp_fail(c);
	drop(key);
	drop(in);
	drop(want);
	return is;
}

static void
test_hashes(void **state)
{
	static const struct { enum hash hash; const char *file; unsigned int cases; } rows[] = {
		{HASH_MD5, "hashes/MD5/rfc-1321.txt", 7},
		{HASH_SHA1, "hashes/SHA1/SHA1ShortMsg.rsp", 65}, {HASH_SHA1, "hashes/SHA1/SHA1LongMsg.rsp", 64},
		{HASH_SHA256, "hashes/SHA2/SHA256ShortMsg.rsp", 65}, {HASH_SHA256, "hashes/SHA2/SHA256LongMsg.rsp", 64},
		{HASH_SHA384, "hashes/SHA2/SHA384ShortMsg.rsp", 129}, {HASH_SHA384, "hashes/SHA2/SHA384LongMsg.rsp", 128},
		{HASH_SHA512, "hashes/SHA2/SHA512ShortMsg.rsp", 129}, {HASH_SHA512, "hashes/SHA2/SHA512LongMsg.rsp", 128},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		hash = rows[i].hash;
		assert_int_equal(cavp_read(rows[i].file, hash_case), rows[i].cases);
	}
}

static void
test_prfs(void **state)
{
	static const struct { enum hash hash; const char *file; unsigned int cases; } rows[] = {
		{HASH_MD5, "HMAC/rfc-2202-md5.txt", 7}, {HASH_SHA1, "HMAC/rfc-2202-sha1.txt", 7},
		{HASH_SHA256, "HMAC/rfc-4231-sha256.txt", 6}, {HASH_SHA384, "HMAC/rfc-4231-sha384.txt", 6},
		{HASH_SHA512, "HMAC/rfc-4231-sha512.txt", 6},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		hash = rows[i].hash;
		assert_int_equal(cavp_read(rows[i].file, prf_case), rows[i].cases);
	}
}

/* --- ciphers --- */

/* In both directions, whichever the file has it for. */
static void
check_crypt(const struct cavp_case *c, struct slice key)
{
	struct slice iv = cavp_hex(c, "IV"), clear = cavp_hex(c, "PLAINTEXT");
	struct slice sealed = cavp_hex(c, "CIPHERTEXT");
	uint8_t *p = calloc(1, clear.len + 1);

	memcpy(p, clear.p, clear.len);
	if (clear.len != sealed.len || !cipher_crypt(cipher, true, key, iv, p, clear.len) ||
	    memcmp(p, sealed.p, clear.len) != 0 ||
	    !cipher_crypt(cipher, false, key, iv, p, clear.len) || memcmp(p, clear.p, clear.len) != 0)
		cavp_fail(c);
	free(p);
	drop(iv);
	drop(clear);
	drop(sealed);
}

static bool
aes_case(const struct cavp_case *c)
{
	struct slice key = cavp_hex(c, "KEY");
	bool is = key.len > 0;

	if (is)
		check_crypt(c, key);
	drop(key);
	return is;
}

/* Three keys, or KEYs for all of them, which makes it DES. */
static bool
des_case(const struct cavp_case *c)
{
	struct slice all = cavp_hex(c, "KEYs"), k[3];
	uint8_t key[24];
	bool same = all.len == 8, is;
	size_t i;

	for (i = 0; i < 3; i++) {
		char name[8];

		snprintf(name, sizeof(name), "KEY%zu", i + 1);
		k[i] = same ? slice_of(all.p, all.len) : cavp_hex(c, name);
	}
	is = k[0].len == 8 && k[1].len == 8 && k[2].len == 8;
	for (i = 0; is && i < 3; i++)
		memcpy(key + 8 * i, k[i].p, 8);
	if (is) {
		cipher = CIPHER_3DES_CBC;
		check_crypt(c, slice_of(key, 24));
	}
	if (same) {
		cipher = CIPHER_DES_CBC;
		check_crypt(c, all);
	}
	for (i = 0; !same && i < 3; i++)
		drop(k[i]);
	drop(all);
	return is;
}

static void
test_aes_cbc(void **state)
{
	static const struct { const char *kind; unsigned int cases[3]; } rows[] = {
		{"GFSbox", {14, 12, 10}}, {"KeySbox", {42, 48, 32}}, {"VarKey", {256, 384, 512}},
		{"VarTxt", {256, 256, 256}}, {"MMT", {20, 20, 20}},
	};
	char file[64];
	size_t i, k;

	(void)state;
	cipher = CIPHER_AES_CBC;
	for (i = 0; i < COUNT(rows); i++) {
		for (k = 0; k < 3; k++) {
			snprintf(file, sizeof(file), "ciphers/AES/CBC/CBC%s%zu.rsp", rows[i].kind, 128 + 64 * k);
			assert_int_equal(cavp_read(file, aes_case), rows[i].cases[k]);
		}
	}
}

static void
test_des_cbc(void **state)
{
	static const struct { const char *kind; unsigned int cases; } rows[] = {
		{"invperm", 128}, {"permop", 64}, {"subtab", 38}, {"varkey", 112}, {"vartext", 128},
		{"MMT2", 20}, {"MMT3", 20},
	};
	char file[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		snprintf(file, sizeof(file), "ciphers/3DES/CBC/TCBC%s.rsp", rows[i].kind);
		assert_int_equal(cavp_read(file, des_case), rows[i].cases);
	}
}

/* Files differ in what they call it. */
static struct slice
one_of(const struct cavp_case *c, const char *a, const char *b, const char *other)
{
	return cavp_hex(c, cavp_text(c, a)[0] != '\0' ? a : cavp_text(c, b)[0] != '\0' ? b : other);
}

/* The first four bytes of a nonce of twelve are what KEYMAT has behind the key. */
static bool
aead_case(const struct cavp_case *c)
{
	struct slice key = cavp_hex(c, "Key"), nonce = one_of(c, "IV", "NONCE", "");
	struct slice aad = one_of(c, "AAD", "AD", ""), tag = cavp_hex(c, "Tag");
	struct slice clear = one_of(c, "PT", "Plaintext", "IN");
	struct slice sealed = one_of(c, "CT", "Ciphertext", "");
	bool is = nonce.len == 12 && tag.len == cipher_icv_len(cipher);
	bool good = cavp_text(c, "Result")[0] == '\0';
	uint8_t salted[36], icv[16], *p = calloc(1, sealed.len + 1);
	struct slice iv = slice_of(nonce.p + 4, 8), salted_key = slice_of(salted, key.len + 4);
	unsigned int i;

	for (i = 0; i < c->fields; i++)
		good = good && strcmp(c->field[i].name, "FAIL") != 0;
	if (is) {
		memcpy(salted, key.p, key.len);
		memcpy(salted + key.len, nonce.p, 4);
		memcpy(p, sealed.p, sealed.len);
		if (aead_open(cipher, salted_key, iv, aad, p, sealed.len, tag.p) != good ||
		    (good && memcmp(p, clear.p, clear.len) != 0))
			cavp_fail(c);
		if (good && (!aead_seal(cipher, salted_key, iv, aad, p, clear.len, icv) ||
		    memcmp(p, sealed.p, sealed.len) != 0 || memcmp(icv, tag.p, tag.len) != 0))
			cavp_fail(c);
	}
	free(p);
	drop(key);
	drop(nonce);
	drop(aad);
	drop(clear);
	drop(tag);
	drop(sealed);
	return is;
}

static void
test_aeads(void **state)
{
	static const enum cipher gcms[] = {CIPHER_AES_GCM, CIPHER_AES_GCM_12, CIPHER_AES_GCM_8};
	static const char *const kinds[] = {"gcmDecrypt", "gcmEncryptExtIV"};
	char file[64];
	size_t i, k, n;

	(void)state;
	for (n = 0; n < COUNT(gcms); n++) {
		cipher = gcms[n];
		for (i = 0; i < COUNT(kinds); i++) {
			for (k = 128; k <= 256; k += 64) {
				snprintf(file, sizeof(file), "ciphers/AES/GCM/%s%zu.rsp", kinds[i], k);
				assert_int_equal(cavp_read(file, aead_case), 375);
			}
		}
	}
	cipher = CIPHER_CHACHA20_POLY1305;
	assert_int_equal(cavp_read("ciphers/ChaCha20Poly1305/openssl.txt", aead_case), 5);
	assert_int_equal(cavp_read("ciphers/ChaCha20Poly1305/boringssl.txt", aead_case), 66);
}

/* --- Diffie-Hellman --- */

/* A number on the left-padded length that a group has. */
static void
pad(uint8_t *to, size_t len, const struct cavp_case *c, const char *name)
{
	struct slice s = cavp_hex(c, name);

	memset(to, 0, len);
	if (s.len <= len)
		memcpy(to + len - s.len, s.p, s.len);
	else
		memcpy(to, s.p + s.len - len, len);
	drop(s);
}

/*
 * What is wrong with our own key pair (results 5 to 7) is no concern of dh.h, which
 * makes its own; what is wrong with the peer's, or with Z, is.
 */
static bool
ecdh_case(const struct cavp_case *c)
{
	unsigned int group = strncmp(c->section, "EC ", 3) == 0 ? 19 :
	    strncmp(c->section, "ED ", 3) == 0 ? 20 : strncmp(c->section, "EE ", 3) == 0 ? 21 : 0;
	size_t half = dh_public_len(group) / 2;
	const char *result = cavp_text(c, "Result");
	uint8_t own[66], public[132], peer[132], z[66];
	struct dh_secret s = {0};
	struct dh *d;
	bool good = result[0] == 'P', got;
	int what = result[0] == '\0' ? 5 : atoi(result + 3);

	if (group == 0 || (what >= 5 && what <= 7))
		return false;
	pad(own, half, c, "dsIUT");
	pad(public, half, c, "QsIUTx");
	pad(public + half, half, c, "QsIUTy");
	pad(peer, half, c, "QsCAVSx");
	pad(peer + half, half, c, "QsCAVSy");
	pad(z, half, c, "Z");
	d = dh_new_test(group, slice_of(own, half), slice_of(public, 2 * half));
	got = d != NULL && dh_shared(d, slice_of(peer, 2 * half), &s) == NULL && s.len == half &&
	    memcmp(s.b, z, half) == 0;
	if (got != good)
		cavp_fail(c);
	dh_free(d);
	return true;
}

static void
test_ecdh(void **state)
{
	(void)state;
	assert_int_equal(cavp_read("asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_init.fax", ecdh_case),
	    72);
	assert_int_equal(cavp_read("asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_resp.fax", ecdh_case),
	    72);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes), cmocka_unit_test(test_prfs),
		cmocka_unit_test(test_aes_cbc), cmocka_unit_test(test_des_cbc),
		cmocka_unit_test(test_aeads), cmocka_unit_test(test_ecdh),
	};

	if (cavp_dir() == NULL) {
		puts("SKIP: no vectors: install python3-cryptography-vectors");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
