/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets of users: hashes that IOS and others made, and our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "user_secret.h"

static const struct {
	unsigned int type;
	const char *hash;
} hashcat[] = {
	/* the password is "hashcat": published as examples of modes 500, 9200 and 9300 */
	{USER_SECRET_MD5, "$1$28772684$iEwNOgGugqO9.bIz5sk8k/"},
	{USER_SECRET_PBKDF2, "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk"},
	{USER_SECRET_SCRYPT, "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6"},
};

static void
hashes_of_others_are_known(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hashcat) / sizeof(hashcat[0]); i++) {
		assert_null(user_secret_form(hashcat[i].type, hashcat[i].hash));
		assert_true(user_secret_matches(hashcat[i].hash, "hashcat"));
		assert_false(user_secret_matches(hashcat[i].hash, "hashcaT"));
		assert_false(user_secret_matches(hashcat[i].hash, ""));
	}
}

static void
our_own_are_known(void **state)
{
	static const char *const passwords[] = {"fennec", "with a blank", "x", "p\xc3\xa4ss"};
	char once[USER_SECRET_MAX], twice[USER_SECRET_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < 12; i++) {
		unsigned int type = hashcat[i % 3].type;
		const char *password = passwords[i / 3];

		assert_true(user_secret_make(type, password, once));
		assert_true(user_secret_make(type, password, twice));
		assert_string_not_equal(once, twice);	/* another salt */
		assert_int_equal(user_secret_type(once), type);
		assert_true(user_secret_matches(once, password));
		assert_false(user_secret_matches(once, "another"));
	}
}

static void
what_is_no_hash(void **state)
{
	static const char *const rows[] = {
		"", "$", "$1$", "$1$salt", "$1$salt$", "$1$$iEwNOgGugqO9.bIz5sk8k/", "cisco",
		"$1$28772684$iEwNOgGugqO9.bIz5sk8k", "$1$287726849$iEwNOgGugqO9.bIz5sk8k/",
		"$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFW",
		"$8$TnGX/fE4KGHO$VUpEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk",
		"$7$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk",
		"$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6x",
		"$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkry+Odfo6",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(user_secret_type(rows[i]), 0);
		assert_false(user_secret_matches(rows[i], "hashcat"));
	}
	assert_non_null(user_secret_form(USER_SECRET_SCRYPT, hashcat[1].hash));
	assert_non_null(user_secret_form(USER_SECRET_MD5, "cisco"));
}

static long
cpu_us(void)
{
	return (long)(clock() * (1000000 / CLOCKS_PER_SEC));
}

/* What is spent for nobody is what is spent for somebody: within a factor, since others run, too. */
static void
nobody_takes_as_long(void **state)
{
	static const unsigned int types[] = {USER_SECRET_PBKDF2, USER_SECRET_SCRYPT};
	char hash[USER_SECRET_MAX];
	long begin, real, spent;
	size_t t;
	int i;

	(void)state;
	for (t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		assert_true(user_secret_make(types[t], "fennec", hash));
		begin = cpu_us();
		for (i = 0; i < 5; i++)
			assert_false(user_secret_matches(hash, "hashcat"));
		real = cpu_us() - begin;
		begin = cpu_us();
		for (i = 0; i < 5; i++)
			user_secret_spend(types[t], "hashcat");
		spent = cpu_us() - begin;
		assert_in_range(spent, real / 3, 3 * real);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_of_others_are_known),
		cmocka_unit_test(our_own_are_known),
		cmocka_unit_test(what_is_no_hash),
		cmocka_unit_test(nobody_takes_as_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
