/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/bn.h>

#include "algs.h"
#include "dh.h"
#include "hex.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

static const unsigned int groups[] = {14, 15, 19, 20};

static void
both_sides_get_the_same(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ALL(groups); i++) {
		struct dh *a = dh_new(groups[i]), *b = dh_new(groups[i]);
		struct dh_secret ab, ba;

		assert_non_null(a);
		assert_int_equal(dh_group(a), groups[i]);
		assert_int_equal(dh_public(a).len, dh_public_len(groups[i]));
		assert_false(slice_eq(dh_public(a), dh_public(b)));
		assert_null(dh_shared(a, dh_public(b), &ab));
		assert_null(dh_shared(b, dh_public(a), &ba));
		assert_int_equal(ab.len, dh_secret_len(groups[i]));
		assert_memory_equal(&ab, &ba, sizeof(ab));
		dh_free(a);
		dh_free(b);
	}
}

/* What configuration offers is what there is code for. */
static void
groups_are_those_of_the_configuration(void **state)
{
	unsigned int group;

	(void)state;
	for (group = 0; group < 300; group++) {
		assert_int_equal(dh_public_len(group) != 0, dh_group_bits(group) != 0);
		if (dh_public_len(group) == 0)
			assert_null(dh_new(group));
	}
	dh_free(NULL);
}

static void
check_vector(unsigned int group, const char *i, const char *gi, const char *r, const char *gr,
    const char *gir)
{
	struct bytes xi = hex(i), xr = hex(r), yi = hex(gi), yr = hex(gr);
	struct dh *a = dh_new_test(group, hex_slice(&xi), hex_slice(&yi));
	struct dh *b = dh_new_test(group, hex_slice(&xr), hex_slice(&yr));
	struct dh_secret s;

	assert_non_null(a);
	assert_non_null(b);
	assert_true(slice_eq(dh_public(a), hex_slice(&yi)));
	assert_null(dh_shared(a, dh_public(b), &s));
	assert_int_equal(s.len, hex(gir).len);
	assert_hex_equal(s.b, gir);
	assert_null(dh_shared(b, dh_public(a), &s));
	assert_hex_equal(s.b, gir);
	dh_free(a);
	dh_free(b);
}

static void
rfc5903_8_1(void **state)
{
	(void)state;
	check_vector(19, "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
	    "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180"
	    "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
	    "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
	    "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
	    "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
	    "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE");
}

static void
rfc5903_8_2(void **state)
{
	(void)state;
	check_vector(20,
	    "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655"
	    "E35B538041E649EE3FAEF896783AB194",
	    "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6"
	    "DE3AC808ACB4BDB4C88732AEE95F41AA"
	    "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38E"
	    "EB9FCFF3C2C947DAE69B4C634573A81C",
	    "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942"
	    "E0308312916B8ED2960E4BD55A7448FC",
	    "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D"
	    "0D1AC43A0336DEF96FDA41D0774A3571"
	    "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FF"
	    "F83FA40142209DFF5EAAD96DB9E6386C",
	    "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4"
	    "D603135569B9E9D09CF5D4A270F59746");
}

/* --- MODP against plain arithmetic with the primes of RFC 3526 --- */

static BIGNUM *
prime_of(unsigned int group)
{
	return group == 14 ? BN_get_rfc3526_prime_2048(NULL) : BN_get_rfc3526_prime_3072(NULL);
}

static void
padded(const BIGNUM *n, unsigned int group, uint8_t *to)
{
	assert_int_equal(BN_bn2binpad(n, to, (int)dh_public_len(group)), dh_public_len(group));
}

/* Our x, the peer's y: whether y^x begins with a zero byte, and all agrees with OpenSSL. */
static bool
check_modp(unsigned int group, const BIGNUM *p, const BIGNUM *x, const BIGNUM *y, BN_CTX *ctx)
{
	uint8_t ours[DH_PUBLIC_MAX], theirs[DH_PUBLIC_MAX], model[DH_PUBLIC_MAX], priv[64];
	size_t len = dh_public_len(group);
	BIGNUM *g = BN_new(), *n = BN_new();
	struct dh_secret s;
	struct dh *d;

	BN_set_word(g, 2);
	BN_mod_exp(n, g, x, p, ctx);
	padded(n, group, ours);
	BN_mod_exp(n, y, x, p, ctx);
	padded(n, group, model);
	padded(y, group, theirs);
	d = dh_new_test(group, slice_of(priv, (size_t)BN_bn2bin(x, priv)), slice_of(ours, len));
	assert_non_null(d);
	assert_null(dh_shared(d, slice_of(theirs, len), &s));
	assert_int_equal(s.len, len);
	assert_memory_equal(s.b, model, len);
	dh_free(d);
	BN_free(g);
	BN_free(n);
	return model[0] == 0;
}

/* One secret in 256 is short; it must come padded. */
static void
modp_is_padded_on_the_left(void **state)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *p = prime_of(14), *x = BN_new(), *y = BN_new();
	unsigned int i;

	(void)state;
	BN_hex2bn(&x, "c0ffee0123456789abcdef0123456789abcdef0123456789abcdef0123456789");
	BN_set_word(y, 65537);
	for (i = 0; i < 4000; i++, BN_add_word(x, 2)) {
		if (check_modp(14, p, x, y, ctx))
			break;
	}
	assert_true(i < 4000);
	BN_free(p);
	p = prime_of(15);
	check_modp(15, p, x, y, ctx);
	BN_free(p);
	BN_free(x);
	BN_free(y);
	BN_CTX_free(ctx);
}

static void
assert_refused(struct dh *d, const uint8_t *p, size_t len)
{
	static const struct dh_secret empty;
	struct dh_secret s;
	const char *why = dh_shared(d, slice_of(p, len), &s);

	assert_non_null(why);
	assert_memory_equal(&s, &empty, sizeof(s));
}

/* RFC 6989 2.1: 1 < y < p - 1. */
static void
modp_refuses_values_out_of_range(void **state)
{
	uint8_t y[DH_PUBLIC_MAX];
	struct dh_secret s;
	size_t i;
	int off;

	(void)state;
	for (i = 0; i < 2; i++) {
		size_t len = dh_public_len(groups[i]);
		struct dh *d = dh_new(groups[i]);
		BIGNUM *n = prime_of(groups[i]);

		memset(y, 0, sizeof(y));
		assert_refused(d, y, len);
		y[len - 1] = 1;
		assert_refused(d, y, len);
		y[len - 1] = 2;
		assert_null(dh_shared(d, slice_of(y, len), &s));
		BN_sub_word(n, 1);
		for (off = -1; off <= 2; off++, BN_add_word(n, 1)) {
			padded(n, groups[i], y);
			assert_refused(d, y, len);
		}
		memset(y, 0xff, sizeof(y));
		assert_refused(d, y, len);
		BN_free(n);
		dh_free(d);
	}
}

static void
ecp_refuses_what_is_off_the_curve(void **state)
{
	uint8_t y[DH_PUBLIC_MAX];
	size_t i, at;

	(void)state;
	for (i = 2; i < ALL(groups); i++) {
		size_t len = dh_public_len(groups[i]);
		struct dh *d = dh_new(groups[i]), *peer = dh_new(groups[i]);

		memset(y, 0, sizeof(y));
		assert_refused(d, y, len);
		memset(y, 0xff, sizeof(y));
		assert_refused(d, y, len);
		for (at = 0; at < len; at += 7) {
			memcpy(y, dh_public(peer).p, len);
			y[at] ^= 0x10;
			assert_refused(d, y, len);
		}
		dh_free(d);
		dh_free(peer);
	}
}

static void
a_value_has_the_length_of_its_group(void **state)
{
	uint8_t y[DH_PUBLIC_MAX + 1] = {0};
	size_t i;

	(void)state;
	for (i = 0; i < ALL(groups); i++) {
		size_t len = dh_public_len(groups[i]);
		struct dh *d = dh_new(groups[i]);

		memcpy(y + 1, dh_public(d).p, len);
		assert_refused(d, y, len + 1);
		assert_refused(d, y + 1, len - 1);
		assert_refused(d, NULL, 0);
		dh_free(d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_get_the_same),
		cmocka_unit_test(groups_are_those_of_the_configuration),
		cmocka_unit_test(rfc5903_8_1),
		cmocka_unit_test(rfc5903_8_2),
		cmocka_unit_test(modp_is_padded_on_the_left),
		cmocka_unit_test(modp_refuses_values_out_of_range),
		cmocka_unit_test(ecp_refuses_what_is_off_the_curve),
		cmocka_unit_test(a_value_has_the_length_of_its_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
