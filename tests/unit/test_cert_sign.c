/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is signed with the keys of certificates, against itself and the RFCs' vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "auth_cert.h"
#include "cert_maker.h"
#include "hex.h"
#include "ikev2_wire.h"

static EVP_PKEY *rsa, *p256;

static int
make_keys(void **state)
{
	(void)state;
	rsa = maker_key("RSA");
	p256 = maker_key("P-256");
	return 0;
}

static int
free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(p256);
	return 0;
}

static size_t
unhex(const char *text, uint8_t *out)
{
	struct bytes b = hex(text);

	memcpy(out, b.b, b.len);
	return b.len;
}

static const char octets_a[] = "the first message, ", octets_b[] = "the nonce, and prf(SK_p, ID)";

static void
check_signature(const char *kind, unsigned int hashes, unsigned int method)
{
	EVP_PKEY *key = maker_key(kind), *wrong_key = maker_key(kind);
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = key});
	X509 *other = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = wrong_key});
	struct pki_own own = {.cert = x, .key = key};
	struct slice octets[] = {{(const uint8_t *)octets_a, strlen(octets_a)},
	    {(const uint8_t *)octets_b, strlen(octets_b)}};
	uint8_t sig[SIGNATURE_MAX], said;
	struct wbuf w;
	struct slice auth;
	size_t i;

	wbuf_init(&w, sig, sizeof(sig));
	assert_null(auth_cert_sign(&own, hashes, octets, 2, &said, &w));
	assert_int_equal(said, method);
	auth = slice_of(sig, wbuf_len(&w));
	assert_null(auth_cert_verify(x, said, auth, octets, 2));
	assert_non_null(auth_cert_verify(other, said, auth, octets, 2));
	assert_non_null(auth_cert_verify(x, said, auth, octets, 1));
	assert_non_null(auth_cert_verify(x, AUTH2_PSK, auth, octets, 2));
	assert_non_null(auth_cert_verify(x, said, slice_of(sig, auth.len - 1), octets, 2));
	for (i = 0; i < auth.len; i += 7) {
		sig[i] ^= 0x10;
		assert_non_null(auth_cert_verify(x, said, auth, octets, 2));
		sig[i] ^= 0x10;
	}
	X509_free(x);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(wrong_key);
}

static void
test_signatures_of_each_kind(void **state)
{
	(void)state;
	check_signature("RSA", 0, AUTH2_RSA);
	check_signature("RSA", SIG_BIT(SIG_SHA1), AUTH2_RSA);
	check_signature("RSA", SIG_HASHES_OURS, AUTH2_SIGNATURE);
	check_signature("P-256", 0, AUTH2_ECDSA_256);
	check_signature("P-384", 0, AUTH2_ECDSA_384);
	check_signature("P-521", 0, AUTH2_ECDSA_521);
	check_signature("P-256", SIG_HASHES_OURS, AUTH2_SIGNATURE);
	check_signature("P-384", SIG_BIT(SIG_SHA512), AUTH2_SIGNATURE);
	check_signature("ED25519", SIG_HASHES_OURS, AUTH2_SIGNATURE);
}

static void
test_ed25519_needs_rfc7427(void **state)
{
	EVP_PKEY *key = maker_key("ED25519");
	struct pki_own own = {.key = key};
	uint8_t sig[SIGNATURE_MAX], method;
	struct wbuf w;
	struct slice octets = {(const uint8_t *)octets_a, 3};

	(void)state;
	wbuf_init(&w, sig, sizeof(sig));
	assert_non_null(auth_cert_sign(&own, SIG_BIT(SIG_SHA256), &octets, 1, &method, &w));
	EVP_PKEY_free(key);
}

/* A peer may sign with PSS; we do not. */
static void
test_pss_is_understood(void **state)
{
	static const char head[] = "4330 4106092a864886f70d01010a3034a00f300d06096086480165030402010500"
	    "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120";
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa});
	struct slice octets = {(const uint8_t *)octets_a, strlen(octets_a)};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	uint8_t auth[SIGNATURE_MAX];
	size_t at = unhex(head, auth), len = sizeof(auth) - at;

	(void)state;
	assert_int_equal(at, 68);
	assert_int_equal(EVP_DigestSignInit_ex(ctx, &pctx, "SHA256", NULL, NULL, rsa, NULL), 1);
	EVP_PKEY_CTX_set_rsa_padding(pctx, 6);
	EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, 32);
	assert_int_equal(EVP_DigestSign(ctx, auth + at, &len, octets.p, octets.len), 1);
	assert_null(auth_cert_verify(x, AUTH2_SIGNATURE, slice_of(auth, at + len), &octets, 1));
	auth[67] = 31;		/* another length of salt */
	assert_non_null(auth_cert_verify(x, AUTH2_SIGNATURE, slice_of(auth, at + len), &octets, 1));
	EVP_MD_CTX_free(ctx);
	X509_free(x);
}

static void
test_ikev1_signature(void **state)
{
	X509 *x = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = rsa});
	X509 *ec = maker_cert(&(struct maker_cert){.subject = "CN=R1", .key = p256});
	struct pki_own own = {.cert = x, .key = rsa};
	uint8_t hash[20] = {1, 2, 3}, sig[SIGNATURE_MAX];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, sig, sizeof(sig));
	assert_null(auth_cert_sign1(&own, slice_of(hash, 20), &w));
	assert_null(auth_cert_verify1(x, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	assert_non_null(auth_cert_verify1(ec, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	hash[19] = 1;
	assert_non_null(auth_cert_verify1(x, slice_of(sig, wbuf_len(&w)), slice_of(hash, 20)));
	X509_free(x);
	X509_free(ec);
}

/* --- vectors --- */

/* A certificate for a public key of which the private half is not needed. */
static X509 *
cert_of_point(const char *curve, const char *point_hex)
{
	uint8_t point[140];
	size_t len = unhex(point_hex, point);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, curve == NULL ? "ED25519" : "EC", NULL);
	OSSL_PARAM params[] = {
	    {curve == NULL ? "pub" : "group", curve == NULL ? OSSL_PARAM_OCTET_STRING :
	    OSSL_PARAM_UTF8_STRING, curve == NULL ? (void *)point : (void *)(uintptr_t)curve,
	    curve == NULL ? len : strlen(curve), 0},
	    {"pub", OSSL_PARAM_OCTET_STRING, point, len, 0}, {NULL, 0, NULL, 0, 0}};
	X509 *issuer = maker_cert(&(struct maker_cert){.subject = "CN=CA", .key = p256, .ca = true}), *x;
	EVP_PKEY *key = NULL;

	if (curve == NULL)
		params[1] = params[2];
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	x = maker_cert(&(struct maker_cert){.subject = "CN=V", .key = key, .issuer = issuer,
	    .issuer_key = p256});
	X509_free(issuer);
	EVP_PKEY_free(key);
	EVP_PKEY_CTX_free(ctx);
	return x;
}

static void
check_vector(const char *curve, const char *point, unsigned int method, const char *sig_hex,
    const char *message)
{
	X509 *x = cert_of_point(curve, point);
	uint8_t sig[160];
	size_t len = unhex(sig_hex, sig);
	struct slice octets = {(const uint8_t *)message, strlen(message)};

	assert_null(auth_cert_verify(x, (uint8_t)method, slice_of(sig, len), &octets, 1));
	sig[len - 1] ^= 1;
	assert_non_null(auth_cert_verify(x, (uint8_t)method, slice_of(sig, len), &octets, 1));
	X509_free(x);
}

static void
test_vectors(void **state)
{
	(void)state;
	/* RFC 6979 A.2.5, A.2.6, A.2.7: "sample" with the curve's own hash. */
	check_vector("P-256", "04"
	    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
	    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299", AUTH2_ECDSA_256,
	    "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
	    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", "sample");
	check_vector("P-384", "04"
	    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64"
	    "DEF8F0EA9055866064A254515480BC13"
	    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1"
	    "288B231C3AE0D4FE7344FD2533264720", AUTH2_ECDSA_384,
	    "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
	    "81A648152E44ACF96E36DD1E80FABE46"
	    "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
	    "A329C145786E679E7B82C71A38628AC8", "sample");
	check_vector("P-521", "04"
	    "01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD"
	    "371123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F50"
	    "23A4"
	    "00493101C962CD4D2FDDF782285E64584139C2F91B47F87FF82354D6630F746A"
	    "28A0DB25741B5B34A828008B22ACC23F924FAAFBD4D33F81EA66956DFEAA2BFD"
	    "FCF5", AUTH2_ECDSA_521,
	    "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F"
	    "174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E3"
	    "77FA"
	    "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF"
	    "282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4"
	    "A67A", "sample");
	/* RFC 8032 7.1, TEST 2, behind the head that RFC 8420 wants. */
	check_vector(NULL, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    AUTH2_SIGNATURE, "07 30050603 2b6570"
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", "\x72");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signatures_of_each_kind),
		cmocka_unit_test(test_ed25519_needs_rfc7427),
		cmocka_unit_test(test_pss_is_understood),
		cmocka_unit_test(test_ikev1_signature),
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
