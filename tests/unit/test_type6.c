/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Type 6 keys: strings of IOS routers and of Cisco's own description of them, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hex.h"
#include "type6.h"

static struct slice
text(const char *s)
{
	return slice_of(s, strlen(s));
}

static void
strings_of_ios_are_read(void **state)
{
	static const struct {
		const char *master, *sealed, *key;
	} rows[] = {
		{"cisco123", "NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\M", "password"},
		/* without the NUL */
		{"Cisco123", "fe_a`iJYE\\DZYJhDhTP[`MYaTgRH_MAAB", "Cisco123"},
		{"mySecretMasterkey", "XOUDEUYHeLGdB`UAZKX\\GK[iEgCWMZXEXN^dTGZ[UAAAB", "mySecretPassword"},
	};
	struct secret key;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(type6_open(text(rows[i].master), text(rows[i].sealed), &key));
		assert_int_equal(key.len, strlen(rows[i].key));
		assert_memory_equal(key.b, rows[i].key, key.len);
		assert_false(type6_open(text("another master"), text(rows[i].sealed), &key));
		assert_int_equal(key.len, 0);
	}
}

static void
a_key_is_sealed_as_ios_seals_it(void **state)
{
	struct bytes salt = hex("5b0c394ba0198a98");
	struct secret key;
	char out[TYPE6_TEXT_MAX];

	(void)state;
	secret_set(&key, "password", 8);
	type6_seal_salted(text("cisco123"), salt.b, &key, out);
	assert_string_equal(out, "NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\M");
}

static void
every_length_comes_back(void **state)
{
	struct secret key = {0}, again;
	char out[TYPE6_TEXT_MAX], other[TYPE6_TEXT_MAX];

	(void)state;
	assert_false(type6_seal(text("a master key"), &key, out));
	for (key.len = 1; key.len <= SECRET_MAX; key.len++) {
		memset(key.b, 'a' + key.len % 26, key.len);
		assert_true(type6_seal(text("a master key"), &key, out));
		assert_true(type6_is_text(text(out)));
		assert_true(type6_open(text("a master key"), text(out), &again));
		assert_int_equal(again.len, key.len);
		assert_memory_equal(again.b, key.b, key.len);
	}
	key.len = 20;
	assert_true(type6_seal(text("a master key"), &key, out));
	assert_true(type6_seal(text("a master key"), &key, other));
	assert_string_not_equal(out, other);	/* another salt */
	key.b[3] = '\0';
	assert_false(type6_seal(text("a master key"), &key, out));
}

/* One character anywhere: the salt, what is encrypted, the sum. */
static void
a_changed_string_is_told(void **state)
{
	char sealed[] = "NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\M";
	struct secret key;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sealed) - 1; i++) {
		sealed[i] ^= 1;
		assert_false(type6_open(text("cisco123"), text(sealed), &key));
		sealed[i] ^= 1;
	}
}

static void
what_is_no_type_6_string(void **state)
{
	static const char *const rows[] = {
		"", "A", "AAA", "AAB", "abc", "NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\", "iiiiiiiiiiiiiiiiiiiiiiiiiii",
		"NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\m", "0822455D0A16", "AAAAAAAAAAAAAAAAAA",
	};
	struct secret key;
	char long_one[241];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_false(type6_is_text(text(rows[i])));
		assert_false(type6_open(text("cisco123"), text(rows[i]), &key));
	}
	memset(long_one, 'B', sizeof(long_one));
	long_one[240] = '\0';
	assert_false(type6_is_text(text(long_one)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_of_ios_are_read),
		cmocka_unit_test(a_key_is_sealed_as_ios_seals_it),
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(a_changed_string_is_told),
		cmocka_unit_test(what_is_no_type_6_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
