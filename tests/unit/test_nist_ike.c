/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key derivation of IKEv1 and IKEv2 and group 14 against values that NIST
 * publishes for them: its validation programs for SP 800-135 (sections 4.1.1
 * and 4.1.2) and for the safe primes of SP 800-56A.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "auth_psk.h"
#include "dh.h"
#include "hex.h"
#include "ikev1_sig.h"
#include "keymat1.h"
#include "keymat2.h"

struct ikev1_case {
	enum hash hash;
	const char *psk;		/* NULL: by signature */
	const char *ni, *nr, *gxy, *cky_i, *cky_r;
	const char *skeyid, *d, *a, *e;
};

struct ikev2_case {
	enum hash prf;
	enum integ integ;
	const char *ni, *nr, *gir, *gir_new, *spi_i, *spi_r;
	const char *dkm;		/* SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr ... */
	const char *child, *child_dh;	/* KEYMAT of a child, without and with gir_new */
	const char *rekey_seed;		/* SKEYSEED of an IKE SA that replaces it */
};

#include "nist_ike_vectors.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_ikev1(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ikev1_cases); i++) {
		const struct ikev1_case *c = &ikev1_cases[i];
		struct bytes ni = hex(c->ni), nr = hex(c->nr), gxy = hex(c->gxy);
		struct bytes cky_i = hex(c->cky_i), cky_r = hex(c->cky_r);
		struct keymat1 k = {.hash = c->hash};

		if (c->psk != NULL) {
			struct bytes b = hex(c->psk);
			struct secret psk;

			secret_set(&psk, b.b, b.len);
			auth_psk_skeyid(&k, &psk, hex_slice(&ni), hex_slice(&nr));
		} else
			sig1_skeyid(&k, hex_slice(&ni), hex_slice(&nr), hex_slice(&gxy));
		assert_hex_equal(k.skeyid, c->skeyid);
		keymat1_derive(&k, hex_slice(&gxy), cky_i.b, cky_r.b, CIPHER_AES_CBC, 128);
		assert_hex_equal(k.d, c->d);
		assert_hex_equal(k.a, c->a);
		assert_hex_equal(k.e, c->e);
	}
}

/* The next `len` bytes of what NIST prints as one string. */
static void
check_next(const uint8_t *got, size_t len, const uint8_t **want)
{
	assert_memory_equal(got, *want, len);
	*want += len;
}

static void
check_child(const struct ikev2_case *c, const struct keymat2 *k, const char *gxy, const char *want)
{
	struct esp_transform t = {CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96};
	struct bytes ni = hex(c->ni), nr = hex(c->nr), g = hex(gxy), expected = hex(want);
	const uint8_t *next = expected.b;
	struct ipc_sa esp = {0};

	assert_true(keymat2_esp(k, &t, hex_slice(&g), hex_slice(&ni), hex_slice(&nr), true, &esp));
	check_next(esp.out_key.b, 16, &next);
	check_next(esp.out_auth.b, 20, &next);
	check_next(esp.in_key.b, 16, &next);
	check_next(esp.in_auth.b, 20, &next);
}

/* NIST stops at the new SKEYSEED; what follows from it is prf+, which the first IKE SA has shown. */
static void
check_rekey(const struct ikev2_case *c, const struct keymat2 *old, const struct prop2 *agreed,
    const struct keymat2_seed *first)
{
	struct bytes gxy = hex(c->gir_new), skeyseed = hex(c->rekey_seed);
	struct slice seed[] = {first->ni, first->nr, slice_of(first->spi_i, 8),
	    slice_of(first->spi_r, 8)};
	struct keymat2_seed s = *first;
	uint8_t d[HASH_LEN_MAX];
	struct keymat2 k;

	s.gxy = hex_slice(&gxy);
	assert_true(keymat2_rekey(&k, old, agreed, &s));
	assert_true(prf_plus(c->prf, hex_slice(&skeyseed), seed, COUNT(seed), d, hash_len(c->prf)));
	assert_memory_equal(k.d, d, hash_len(c->prf));
}

static void
test_ikev2(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ikev2_cases); i++) {
		const struct ikev2_case *c = &ikev2_cases[i];
		struct bytes ni = hex(c->ni), nr = hex(c->nr), gir = hex(c->gir), dkm = hex(c->dkm);
		struct bytes spi_i = hex(c->spi_i), spi_r = hex(c->spi_r);
		struct keymat2_seed seed = {hex_slice(&ni), hex_slice(&nr), spi_i.b, spi_r.b,
		    hex_slice(&gir)};
		struct prop2 agreed = {.cipher = CIPHER_AES_CBC, .key_bits = 128, .integ = c->integ,
		    .prf = c->prf};
		const uint8_t *next = dkm.b;
		struct keymat2_auth p;
		struct keymat2 k;

		assert_true(keymat2_derive(&k, &p, &agreed, &seed));
		check_next(k.d, hash_len(c->prf), &next);
		check_next(k.ai, hash_len(c->prf), &next);
		check_next(k.ar, hash_len(c->prf), &next);
		check_next(k.ei, 16, &next);
		check_next(k.er, 16, &next);
		check_next(p.i, hash_len(c->prf), &next);
		check_next(p.r, hash_len(c->prf), &next);
		check_child(c, &k, "", c->child);
		check_child(c, &k, c->gir_new, c->child_dh);
		check_rekey(c, &k, &agreed, &seed);
	}
}

/* The generator is 2, so that with the peer's value 2 the secret is our own public value. */
static void
test_group_14(void **state)
{
	uint8_t two[256] = {[255] = 2};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(group_14_pairs); i++) {
		struct bytes x = hex(group_14_pairs[i].x), y = hex(group_14_pairs[i].y);
		struct dh *d = dh_new_test(14, hex_slice(&x), hex_slice(&y));
		struct dh_secret s;

		assert_non_null(d);
		assert_null(dh_shared(d, slice_of(two, sizeof(two)), &s));
		assert_int_equal(s.len, y.len);
		assert_memory_equal(s.b, y.b, y.len);
		dh_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ikev1), cmocka_unit_test(test_ikev2),
		cmocka_unit_test(test_group_14),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
