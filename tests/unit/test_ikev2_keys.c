/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of IKEv2 and its AUTH against what ikev2_vectors.py computes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "auth2.h"
#include "hex.h"
#include "ikev2_crash.h"
#include "keymat2.h"

struct ike_vector {
	uint8_t prf, old_prf, cipher;
	uint16_t key_bits;
	uint8_t integ;
	const char *ni, *nr, *spi_i, *spi_r, *gxy, *old_d;
	struct { const char *d, *ai, *ar, *ei, *er, *pi, *pr; } first;
	struct { const char *d, *ai, *ar, *ei, *er; } again;	/* by rekeying one with old_d */
};

struct esp_vector {
	uint8_t prf, cipher;
	uint16_t key_bits;
	uint8_t integ;
	const char *d, *gxy, *ni, *nr, *i_key, *i_auth, *r_key, *r_auth;
};

struct auth_vector {
	uint8_t prf;
	const char *secret, *message, *nonce, *sk_p, *id_body, *mac;
};

#include "ikev2_vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
check_keys(const struct keymat2 *k, const char *d, const char *ai, const char *ar, const char *ei,
    const char *er)
{
	assert_hex_equal(k->d, d);
	assert_int_equal(keymat2_integ_key(k, true).len, strlen(ai) / 2);
	assert_hex_equal(k->ai, ai);
	assert_hex_equal(k->ar, ar);
	assert_int_equal(keymat2_key(k, true).len, strlen(ei) / 2);
	assert_hex_equal(k->ei, ei);
	assert_hex_equal(k->er, er);
}

static void
test_ike_sa(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ike_vectors); i++) {
		const struct ike_vector *v = &ike_vectors[i];
		struct bytes ni = hex(v->ni), nr = hex(v->nr), gxy = hex(v->gxy);
		struct bytes spi_i = hex(v->spi_i), spi_r = hex(v->spi_r), old_d = hex(v->old_d);
		struct keymat2_seed seed = {hex_slice(&ni), hex_slice(&nr), spi_i.b, spi_r.b,
		    hex_slice(&gxy)};
		struct prop2 agreed = {.cipher = v->cipher, .key_bits = v->key_bits,
		    .integ = v->integ, .prf = v->prf};
		struct keymat2 k, old = {.prf = v->old_prf};
		struct keymat2_auth p;

		assert_true(keymat2_derive(&k, &p, &agreed, &seed));
		check_keys(&k, v->first.d, v->first.ai, v->first.ar, v->first.ei, v->first.er);
		assert_hex_equal(p.i, v->first.pi);
		assert_hex_equal(p.r, v->first.pr);
		memcpy(old.d, old_d.b, old_d.len);
		assert_true(keymat2_rekey(&k, &old, &agreed, &seed));
		check_keys(&k, v->again.d, v->again.ai, v->again.ar, v->again.ei, v->again.er);
	}
}

static void
check_secret(const struct esp_secret *s, const char *want)
{
	assert_int_equal(s->len, strlen(want) / 2);
	assert_hex_equal(s->b, want);
}

/* Each side sends with what the other receives with, with and without Diffie-Hellman. */
static void
test_pair(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(esp_vectors); i++) {
		const struct esp_vector *v = &esp_vectors[i];
		struct bytes d = hex(v->d), gxy = hex(v->gxy), ni = hex(v->ni), nr = hex(v->nr);
		struct esp_transform t = {v->cipher, v->key_bits, v->integ};
		struct keymat2 k = {.prf = v->prf};
		struct ipc_sa esp = {0};

		memcpy(k.d, d.b, d.len);
		assert_true(keymat2_esp(&k, &t, hex_slice(&gxy), hex_slice(&ni), hex_slice(&nr), true,
		    &esp));
		check_secret(&esp.out_key, v->i_key);
		check_secret(&esp.out_auth, v->i_auth);
		check_secret(&esp.in_key, v->r_key);
		check_secret(&esp.in_auth, v->r_auth);
		assert_true(keymat2_esp(&k, &t, hex_slice(&gxy), hex_slice(&ni), hex_slice(&nr), false,
		    &esp));
		check_secret(&esp.in_key, v->i_key);
		check_secret(&esp.in_auth, v->i_auth);
		check_secret(&esp.out_key, v->r_key);
		check_secret(&esp.out_auth, v->r_auth);
	}
}

static void
test_auth_by_psk(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(auth_vectors); i++) {
		const struct auth_vector *v = &auth_vectors[i];
		struct bytes key = hex(v->secret), message = hex(v->message), nonce = hex(v->nonce);
		struct bytes sk_p = hex(v->sk_p), id = hex(v->id_body);
		struct auth2_octets o;
		struct secret psk = {0};
		uint8_t mac[HASH_LEN_MAX];

		secret_set(&psk, key.b, key.len);
		auth2_octets(&o, v->prf, hex_slice(&message), hex_slice(&nonce), sk_p.b, hex_slice(&id));
		assert_true(auth2_psk(v->prf, &psk, &o, mac));
		assert_int_equal(hash_len(v->prf), strlen(v->mac) / 2);
		assert_hex_equal(mac, v->mac);
	}
}

/* The counter of prf+ is one byte, and starts at 1. */
static void
test_prf_plus_has_an_end(void **state)
{
	static uint8_t out[255 * 32 + 1];
	struct slice key = slice_of("key", 3), seed = slice_of("seed", 4);

	(void)state;
	assert_true(prf_plus(HASH_SHA256, key, &seed, 1, out, 255 * 32));
	assert_false(prf_plus(HASH_SHA256, key, &seed, 1, out, 255 * 32 + 1));
	assert_false(prf_plus(HASH_NONE, key, &seed, 1, out, 1));
}

static void
check_token(const char *ours, const char *token)
{
	struct bytes spi_i = hex("0102030405060708"), spi_r = hex("1112131415161718");
	uint8_t made[CRASH_TOKEN_LEN];
	struct secret secret;
	struct addr a;

	assert_true(addr_parse(&a, ours));
	secret_set(&secret, "secret of b", 11);
	crash_token(&secret, spi_i.b, spi_r.b, &a, made);
	assert_hex_equal(made, token);
}

/* A stored token is compared with one that is made by whatever version boots next. */
static void
test_crash_token(void **state)
{
	(void)state;
	check_token("192.0.2.1", "f97efa7cbc601796ca2683cd9cf45ae5a5230c6a89bb030d1ae0f74bf98438cf");
	check_token("2001:db8::1",
	    "fe1172e63ae9fb829c955b3cbb5456eb37c61e237f93563240c96cefa9252e2e");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ike_sa),
		cmocka_unit_test(test_pair),
		cmocka_unit_test(test_auth_by_psk),
		cmocka_unit_test(test_prf_plus_has_an_end),
		cmocka_unit_test(test_crash_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
