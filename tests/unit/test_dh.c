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

struct dh_vector {
	unsigned int group;
	const char *i, *gi;
	const char *r;			/* NULL: nobody knows it */
	const char *gr, *gir;
};

#include "dh_vectors.h"

#define ALL(a) (sizeof(a) / sizeof((a)[0]))

static const unsigned int groups[] = {1, 2, 5, 14, 15, 16, 19, 20, 21, 24, 31};
static const unsigned int modp[] = {1, 2, 5, 14, 15, 16}, ecp[] = {19, 20, 21};

static void
both_sides_get_the_same(void **state)
{
	/* Of a MODP group the prime's bytes, of a curve those of x (RFC 5903 7). */
	static const size_t bytes[] = {96, 128, 192, 256, 384, 512, 32, 48, 66, 256, 32};
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
		assert_int_equal(ab.len, bytes[i]);
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
check_side(unsigned int group, const char *x, const char *gx, const char *peer, const char *secret)
{
	struct bytes priv = hex(x), public = hex(gx), other = hex(peer);
	struct dh *d = dh_new_test(group, hex_slice(&priv), hex_slice(&public));
	struct dh_secret s;

	assert_non_null(d);
	assert_true(slice_eq(dh_public(d), hex_slice(&public)));
	assert_null(dh_shared(d, hex_slice(&other), &s));
	assert_int_equal(s.len, hex(secret).len);
	assert_hex_equal(s.b, secret);
	dh_free(d);
}

static void
check_vector(unsigned int group, const char *i, const char *gi, const char *r, const char *gr,
    const char *gir)
{
	check_side(group, i, gi, gr, gir);
	check_side(group, r, gr, gi, gir);
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

static void
rfc5903_8_3(void **state)
{
	(void)state;
	check_vector(21,
	    "0037ADE9319A89F4DABDB3EF411AACCCA5123C61ACAB57B5393DCE47608172A0"
	    "95AA85A30FE1C2952C6771D937BA9777F5957B2639BAB072462F68C27A57382D"
	    "4A52",
	    "0015417E84DBF28C0AD3C278713349DC7DF153C897A1891BD98BAB4357C9ECBE"
	    "E1E3BF42E00B8E380AEAE57C2D107564941885942AF5A7F4601723C4195D176C"
	    "ED3E017CAE20B6641D2EEB695786D8C946146239D099E18E1D5A514C739D7CB4"
	    "A10AD8A788015AC405D7799DC75E7B7D5B6CF2261A6A7F1507438BF01BEB6CA3"
	    "926F9582",
	    "0145BA99A847AF43793FDD0E872E7CDFA16BE30FDC780F97BCCC3F078380201E"
	    "9C677D600B343757A3BDBF2A3163E4C2F869CCA7458AA4A4EFFC311F5CB15168"
	    "5EB9",
	    "00D0B3975AC4B799F5BEA16D5E13E9AF971D5E9B984C9F39728B5E5739735A21"
	    "9B97C356436ADC6E95BB0352F6BE64A6C2912D4EF2D0433CED2B6171640012D9"
	    "460F015C68226383956E3BD066E797B623C27CE0EAC2F551A10C2C724D985207"
	    "7B87220B6536C5C408A1D2AEBB8E86D678AE49CB57091F4732296579AB44FCD1"
	    "7F0FC56A",
	    "01144C7D79AE6956BC8EDB8E7C787C4521CB086FA64407F97894E5E6B2D79B04"
	    "D1427E73CA4BAA240A34786859810C06B3C715A3A8CC3151F2BEE417996D19F3"
	    "DDEA");
}

static void
rfc5114_a_3(void **state)
{
	(void)state;
	check_vector(24,
	    "0881382CDB87660C6DC13E614938D5B9C8B2F248581CC5E31B35454397FCE50E",
	    "2E9380C8323AF97545BC4941DEB0EC3742C62FE0ECE824A6ABDBE66C59BEE024"
	    "2911BFB967235CEBA35AE13E4EC752BE630B92DC4BDE2847A9C62CB815274542"
	    "1FB7EB60A63C0FE9159FCCE726CE7CD8523D7450667EF840E4919121EB5F01C8"
	    "C9B0D3D648A93BFB75689E8244AC134AF544711CE79A02DCC34226684780DDDC"
	    "B498594106C37F5BC79856487AF5AB022A2E5E42F09897C1A85A11EA0212AF04"
	    "D9B4CEBC937C3C1A3E15A8A0342E337615C84E7FE3B8B9B87FB1E73A15AF12A3"
	    "0D746E06DFC34F290D797CE51AA13AA785BF6658AFF5E4B093003CBEAF665B3C"
	    "2E113A3A4E905269341DC0711426685F4EF37E868A8126FF3F2279B57CA67E29",
	    "7D62A7E3EF36DE617B13D1AFB82C780D83A23BD4EE6705645121F371F546A53D",
	    "575F0351BD2B1B817448BDF87A6C362C1E289D3903A30B9832C5741FA250363E"
	    "7ACBC7F77F3DACBC1F131ADD8E03367EFF8FBBB3E1C5784424809B25AFE4D226"
	    "2A1A6FD2FAB64105CA30A674E07F7809852088632FC049233791AD4EDD083A97"
	    "8B883EE618BC5E0DD047415F2D95E683CF14826B5FBE10D3CE41C6C120C78AB2"
	    "0008C698BF7F0BCAB9D7F407BED0F43AFB2970F57F8D12043963E66DDD320D59"
	    "9AD9936C8F44137C08B180EC5E985CEBE186F3D549677E80607331EE17AF3380"
	    "A725B0782317D7DD43F59D7AF9568A9BB63A84D365F92244ED120988219302F4"
	    "2924C7CA90B89D24F71B0AB697823D7DEB1AFF5B0E8E4A45D49F7F53757E1913",
	    "86C70BF8D0BB81BB01078A17219CB7D27203DB2A19C877F1D1F19FD7D77EF225"
	    "46A68F005AD52DC84553B78FC60330BE51EA7C0672CAC1515E4B35C047B9A551"
	    "B88F39DC26DA14A09EF74774D47C762DD177F9ED5BC2F11E52C879BD95098504"
	    "CD9EECD8A8F9B3EFBD1F008AC5853097D9D1837F2B18F77CD7BE01AF80A7C7B5"
	    "EA3CA54CC02D0C116FEE3F95BB87399385875D7E86747E676E728938ACBFF709"
	    "8E05BE4DCFB24052B83AEFFB14783F029ADBDE7F53FAE92084224090E007CEE9"
	    "4D4BF2BACE9FFD4B57D2AF7C724D0CAA19BF0501F6F17B4AA10F425E3EA76080"
	    "B4B9D6B3CEFEA115B2CEB8789BB8A3B0EA87FEBE63B6C8F846EC6DB0C26C5D7C");
}

static void
rfc7748_6_1(void **state)
{
	(void)state;
	check_vector(31,
	    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
	    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
	    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
	    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
	    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

/* Primes by their RFCs' formulas, an arithmetic not OpenSSL's, and secrets that need padding. */
static void
modp_is_what_the_formulas_give(void **state)
{
	const struct dh_vector *v;

	(void)state;
	for (v = dh_vectors; v < dh_vectors + ALL(dh_vectors); v++) {
		check_side(v->group, v->i, v->gi, v->gr, v->gir);
		if (v->r != NULL)
			check_side(v->group, v->r, v->gr, v->gi, v->gir);
	}
}

/* --- MODP against plain arithmetic with the primes of RFC 2409 and RFC 3526 --- */

static BIGNUM *
prime_of(unsigned int group)
{
	switch (group) {
	case 1: return BN_get_rfc2409_prime_768(NULL);
	case 2: return BN_get_rfc2409_prime_1024(NULL);
	case 5: return BN_get_rfc3526_prime_1536(NULL);
	case 14: return BN_get_rfc3526_prime_2048(NULL);
	case 15: return BN_get_rfc3526_prime_3072(NULL);
	default: return BN_get_rfc3526_prime_4096(NULL);
	}
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
	for (i = 0; i < ALL(modp); i++) {
		p = prime_of(modp[i]);
		check_modp(modp[i], p, x, y, ctx);
		BN_free(p);
	}
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
	for (i = 0; i < ALL(modp); i++) {
		size_t len = dh_public_len(modp[i]);
		struct dh *d = dh_new(modp[i]);
		BIGNUM *n = prime_of(modp[i]);

		memset(y, 0, sizeof(y));
		assert_refused(d, y, len);
		y[len - 1] = 1;
		assert_refused(d, y, len);
		y[len - 1] = 2;
		assert_null(dh_shared(d, slice_of(y, len), &s));
		BN_sub_word(n, 1);
		for (off = -1; off <= 2; off++, BN_add_word(n, 1)) {
			padded(n, modp[i], y);
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
	for (i = 0; i < ALL(ecp); i++) {
		size_t len = dh_public_len(ecp[i]);
		struct dh *d = dh_new(ecp[i]), *peer = dh_new(ecp[i]);

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

/* RFC 6989 2.2: 2 is in range, but not in the subgroup of RFC 5114. */
static void
group_24_refuses_what_is_off_its_subgroup(void **state)
{
	struct dh *d = dh_new(24);
	uint8_t y[256] = {0};

	(void)state;
	assert_refused(d, y, sizeof(y));
	y[sizeof(y) - 1] = 1;
	assert_refused(d, y, sizeof(y));
	y[sizeof(y) - 1] = 2;
	assert_refused(d, y, sizeof(y));
	dh_free(d);
}

/* RFC 7748 6.1: points of small order give a secret of zeros. */
static void
curve25519_refuses_a_secret_of_zeros(void **state)
{
	static const char *const points[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct dh *d = dh_new(31);
	size_t i;

	(void)state;
	for (i = 0; i < ALL(points); i++)
		assert_refused(d, hex(points[i]).b, 32);
	dh_free(d);
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
		cmocka_unit_test(rfc5903_8_3),
		cmocka_unit_test(rfc5114_a_3),
		cmocka_unit_test(rfc7748_6_1),
		cmocka_unit_test(modp_is_what_the_formulas_give),
		cmocka_unit_test(modp_is_padded_on_the_left),
		cmocka_unit_test(modp_refuses_values_out_of_range),
		cmocka_unit_test(ecp_refuses_what_is_off_the_curve),
		cmocka_unit_test(group_24_refuses_what_is_off_its_subgroup),
		cmocka_unit_test(curve25519_refuses_a_secret_of_zeros),
		cmocka_unit_test(a_value_has_the_length_of_its_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
