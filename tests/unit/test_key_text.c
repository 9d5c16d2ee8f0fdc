/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys as configuration lines hold them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "key_text.h"

static void
check(enum key_form form, const char *typed, const char *key, const char *shown)
{
	struct key_text k;
	struct text out = {0};

	assert_null(key_text_read(&k, form, typed, strlen(typed)));
	assert_int_equal(k.key.len, strlen(key));
	assert_memory_equal(k.key.b, key, strlen(key));
	key_text_write(&out, &k);
	assert_string_equal(text_str(&out), shown);
	text_free(&out);
}

/* Type 7: strings that IOS documentation and its users have published, in both directions. */
static void
test_forms(void **state)
{
	(void)state;
	check(KEY_PLAIN, "fennec", "fennec", "fennec");
	check(KEY_PLAIN, "with a blank", "with a blank", "with a blank");
	check(KEY_PLAIN, "0", "0", "0 0");
	check(KEY_PLAIN, "7 0822455D0A16", "7 0822455D0A16", "0 7 0822455D0A16");
	check(KEY_PLAIN, "loc", "loc", "0 loc");
	check(KEY_PLAIN, "hexagon", "hexagon", "hexagon");
	check(KEY_TYPE_7, "0822455D0A16", "cisco", "7 0822455D0A16");
	check(KEY_TYPE_7, "02050D480809", "cisco", "7 02050D480809");
	check(KEY_TYPE_7, "060506324f41", "cisco", "7 060506324F41");
	check(KEY_HEX, "0x0aFF", "\x0a\xff", "hex 0AFF");
	check(KEY_HEX, "616263", "abc", "hex 616263");
}

static void
expect_wrong(enum key_form form, const char *typed)
{
	struct key_text k;

	assert_non_null(key_text_read(&k, form, typed, strlen(typed)));
}

static void
test_what_is_no_key(void **state)
{
	char long_one[2 * SECRET_MAX + 3];

	(void)state;
	memset(long_one, '1', sizeof(long_one));
	long_one[SECRET_MAX + 1] = '\0';
	expect_wrong(KEY_PLAIN, "");
	expect_wrong(KEY_PLAIN, long_one);
	expect_wrong(KEY_TYPE_7, "");
	expect_wrong(KEY_TYPE_7, "08");
	expect_wrong(KEY_TYPE_7, "1622455D0A16");
	expect_wrong(KEY_TYPE_7, "0822455D0A1");
	expect_wrong(KEY_TYPE_7, "0822455D0A1G");
	expect_wrong(KEY_TYPE_7, "fennec");
	expect_wrong(KEY_HEX, "");
	expect_wrong(KEY_HEX, "0x");
	expect_wrong(KEY_HEX, "123");
	expect_wrong(KEY_HEX, "12 4");
	memset(long_one, '1', sizeof(long_one));
	long_one[2 * SECRET_MAX + 2] = '\0';
	expect_wrong(KEY_HEX, long_one);
}

static void
test_equal(void **state)
{
	struct key_text a, b;

	(void)state;
	key_text_read(&a, KEY_PLAIN, "cisco", 5);
	key_text_read(&b, KEY_PLAIN, "cisco", 5);
	assert_true(key_text_eq(&a, &b));
	key_text_read(&b, KEY_TYPE_7, "02050D480809", 12);
	assert_false(key_text_eq(&a, &b));	/* the same key, written otherwise */
	key_text_read(&b, KEY_PLAIN, "Cisco", 5);
	assert_false(key_text_eq(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_what_is_no_key),
		cmocka_unit_test(test_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
