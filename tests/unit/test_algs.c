/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "algs.h"
#include "mono.h"

static void
test_transform_text(void **state)
{
	static const struct {
		struct esp_transform t;
		const char *config, *show;
	} rows[] = {
		{{CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96}, "esp-aes esp-sha-hmac", "esp-aes esp-sha-hmac"},
		{{CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128}, "esp-aes 256 esp-sha256-hmac",
		    "esp-256-aes esp-sha256-hmac"},
		{{CIPHER_AES_CBC, 192, INTEG_HMAC_SHA512_256}, "esp-aes 192 esp-sha512-hmac",
		    "esp-192-aes esp-sha512-hmac"},
		{{CIPHER_AES_GCM, 128, INTEG_NONE}, "esp-gcm 128", "esp-gcm"},
		{{CIPHER_AES_GCM, 256, INTEG_NONE}, "esp-gcm 256", "esp-gcm 256"},
		{{CIPHER_AES_GMAC, 256, INTEG_NONE}, "esp-gmac 256", "esp-gmac 256"},
		{{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96}, "esp-3des esp-md5-hmac",
		    "esp-3des esp-md5-hmac"},
		{{CIPHER_DES_CBC, 0, INTEG_HMAC_SHA1_96}, "esp-des esp-sha-hmac",
		    "esp-des esp-sha-hmac"},
		{{CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE}, "esp-chacha20-poly1305",
		    "esp-chacha20-poly1305"},
		{{CIPHER_NULL, 0, INTEG_HMAC_SHA384_192}, "esp-null esp-sha384-hmac",
		    "esp-null esp-sha384-hmac"},
	};
	char buf[TRANSFORM_STRLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(esp_transform_config_str(&rows[i].t, buf), rows[i].config);
		assert_string_equal(esp_transform_show_str(&rows[i].t, buf), rows[i].show);
	}
}

/* RFC 4868 2.1.1: truncated to half; RFC 2403 and 2404: 96 bits of MD5 and SHA-1. */
static void
test_lengths(void **state)
{
	(void)state;
	assert_int_equal(integ_icv_len(INTEG_HMAC_SHA1_96), 12);
	assert_int_equal(integ_key_len(INTEG_HMAC_SHA1_96), 20);
	assert_int_equal(integ_icv_len(INTEG_HMAC_MD5_96), 12);
	assert_int_equal(integ_key_len(INTEG_HMAC_MD5_96), 16);
	for (int i = INTEG_HMAC_SHA256_128; i <= INTEG_HMAC_SHA512_256; i++)
		assert_int_equal(integ_icv_len((enum integ)i) * 2, integ_key_len((enum integ)i));
	for (int i = INTEG_NONE; i < INTEG_COUNT; i++)
		assert_true(integ_key_len((enum integ)i) <= ESP_AUTH_KEY_MAX);
	assert_int_equal(hash_len(HASH_MD5), 16);
	assert_int_equal(hash_len(HASH_SHA512), 64);
	assert_int_equal(hash_len(HASH_NONE), 0);
	assert_string_equal(hash_name(HASH_SHA1), "sha");
}

static void
test_groups(void **state)
{
	(void)state;
	assert_int_equal(dh_group_bits(14), 2048);
	assert_int_equal(dh_group_bits(20), 384);
	assert_int_equal(dh_group_bits(2), 1024);
	assert_int_equal(dh_group_bits(0), 0);
	assert_int_equal(dh_group_bits(18), 0);
	assert_int_equal(dh_group_bits(32), 0);
	assert_int_equal(dh_group_bits(4000000000u), 0);
}

static void
test_uptime_text(void **state)
{
	enum { DAY = 86400 };
	static const struct {
		int64_t s;
		const char *text;
	} rows[] = {
		{-5, "00:00:00"}, {0, "00:00:00"}, {32, "00:00:32"}, {DAY - 1, "23:59:59"},
		{DAY, "1d00h"}, {6 * DAY + 12 * 3600, "6d12h"}, {7 * DAY, "1w0d"},
		{26 * DAY, "3w5d"}, {364 * DAY, "52w0d"}, {365 * DAY, "1y0w"},
		{(365 + 140) * (int64_t)DAY, "1y20w"},
	};
	char buf[UPTIME_STRLEN];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(uptime_str(mono_s(rows[i].s), buf), rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transform_text),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_uptime_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
