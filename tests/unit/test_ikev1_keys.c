/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of IKEv1, its IVs and its hashes against what ikev1_vectors.py computes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "auth_psk.h"
#include "hex.h"
#include "ikev1_sig.h"
#include "keymat1.h"

struct ike_vector {
	uint8_t hash, cipher;
	uint16_t key_bits;
	const char *psk, *ni, *nr, *cky_i, *cky_r, *gxy, *gxi, *gxr, *sa, *id, *last, *msgid;
	const char *skeyid, *d, *a, *e, *key, *iv, *exchange_iv, *hash_i, *hash_r, *sig_skeyid;
};

struct esp_vector {
	uint8_t hash, cipher;
	uint16_t key_bits;
	uint8_t integ;
	uint32_t spi;
	const char *d, *ni, *nr, *gxy, *key, *auth;
};

#include "ikev1_vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
check_hashes(const struct ike_vector *v, const struct keymat1 *k)
{
	struct bytes gxi = hex(v->gxi), gxr = hex(v->gxr), sa = hex(v->sa), id = hex(v->id);
	struct bytes cky_i = hex(v->cky_i), cky_r = hex(v->cky_r);
	struct auth_hash_input in = {.gx_own = hex_slice(&gxi), .gx_peer = hex_slice(&gxr),
	    .cky_own = cky_i.b, .cky_peer = cky_r.b, .sa_i = hex_slice(&sa), .id = hex_slice(&id)};
	uint8_t out[HASH_LEN_MAX];

	auth_hash(k, &in, out);
	assert_hex_equal(out, v->hash_i);
	in.gx_own = hex_slice(&gxr);
	in.gx_peer = hex_slice(&gxi);
	in.cky_own = cky_r.b;
	in.cky_peer = cky_i.b;
	auth_hash(k, &in, out);
	assert_hex_equal(out, v->hash_r);
}

static void
check_ivs(const struct ike_vector *v, const struct keymat1 *k)
{
	struct bytes gxi = hex(v->gxi), gxr = hex(v->gxr), last = hex(v->last), m = hex(v->msgid);
	uint32_t msgid = (uint32_t)m.b[0] << 24 | (uint32_t)m.b[1] << 16 | (uint32_t)m.b[2] << 8 | m.b[3];
	uint8_t iv[CIPHER_BLOCK_MAX];

	keymat1_first_iv(k, hex_slice(&gxi), hex_slice(&gxr), iv);
	assert_hex_equal(iv, v->iv);
	keymat1_exchange_iv(k, last.b, msgid, iv);
	assert_hex_equal(iv, v->exchange_iv);
}

static void
test_phase_1(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ike_vectors); i++) {
		const struct ike_vector *v = &ike_vectors[i];
		struct bytes psk = hex(v->psk), ni = hex(v->ni), nr = hex(v->nr), gxy = hex(v->gxy);
		struct bytes cky_i = hex(v->cky_i), cky_r = hex(v->cky_r);
		struct keymat1 k = {.hash = v->hash};
		struct secret key;

		sig1_skeyid(&k, hex_slice(&ni), hex_slice(&nr), hex_slice(&gxy));
		assert_hex_equal(k.skeyid, v->sig_skeyid);
		secret_set(&key, psk.b, psk.len);
		auth_psk_skeyid(&k, &key, hex_slice(&ni), hex_slice(&nr));
		assert_hex_equal(k.skeyid, v->skeyid);
		keymat1_derive(&k, hex_slice(&gxy), cky_i.b, cky_r.b, v->cipher, v->key_bits);
		assert_hex_equal(k.d, v->d);
		assert_hex_equal(k.a, v->a);
		assert_hex_equal(k.e, v->e);
		assert_int_equal(keymat1_key(&k).len, strlen(v->key) / 2);
		assert_hex_equal(keymat1_key(&k).p, v->key);
		check_hashes(v, &k);
		check_ivs(v, &k);
	}
}

static void
test_quick_mode(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(esp_vectors); i++) {
		const struct esp_vector *v = &esp_vectors[i];
		struct bytes d = hex(v->d), ni = hex(v->ni), nr = hex(v->nr), gxy = hex(v->gxy);
		struct esp_transform t = {v->cipher, v->key_bits, v->integ};
		struct keymat1 k = {.hash = v->hash};
		struct esp_secret key, auth;

		memcpy(k.d, d.b, d.len);
		keymat1_esp(&k, &t, hex_slice(&gxy), v->spi, hex_slice(&ni), hex_slice(&nr), &key, &auth);
		assert_int_equal(key.len, strlen(v->key) / 2);
		assert_hex_equal(key.b, v->key);
		assert_int_equal(auth.len, strlen(v->auth) / 2);
		assert_hex_equal(auth.b, v->auth);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phase_1), cmocka_unit_test(test_quick_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
