/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Secrets of users: hashes that IOS and others made, and our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <dlfcn.h>
#include <cmocka.h>

#include <openssl/evp.h>

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

/* --- what a guess costs: what the library is asked to do, not how long it took --- */

static struct work {
	size_t calls;
	size_t salt_len, key_len;
	uint64_t rounds, scrypt[4];
	const EVP_MD *digest;
} work;

static void *
next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	assert_non_null(f);
	return f;
}

int
PKCS5_PBKDF2_HMAC(const char *pass, int pass_len, const unsigned char *salt, int salt_len,
    int rounds, const EVP_MD *digest, int key_len, unsigned char *key)
{
	int (*f)(const char *, int, const unsigned char *, int, int, const EVP_MD *, int,
	    unsigned char *);

	*(void **)&f = next("PKCS5_PBKDF2_HMAC");
	work = (struct work){.calls = work.calls + 1, .salt_len = (size_t)salt_len,
	    .key_len = (size_t)key_len, .rounds = (uint64_t)rounds, .digest = digest};
	return f(pass, pass_len, salt, salt_len, rounds, digest, key_len, key);
}

int
EVP_PBE_scrypt(const char *pass, size_t pass_len, const unsigned char *salt, size_t salt_len,
    uint64_t n, uint64_t r, uint64_t p, uint64_t max_memory, unsigned char *key, size_t key_len)
{
	int (*f)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t, uint64_t,
	    uint64_t, unsigned char *, size_t);

	*(void **)&f = next("EVP_PBE_scrypt");
	work = (struct work){.calls = work.calls + 1, .salt_len = salt_len, .key_len = key_len,
	    .scrypt = {n, r, p, max_memory}};
	return f(pass, pass_len, salt, salt_len, n, r, p, max_memory, key, key_len);
}

/* What is spent for nobody is what is spent for somebody: a name is not told by the time it takes. */
static void
nobody_costs_as_much(void **state)
{
	static const unsigned int types[] = {USER_SECRET_PBKDF2, USER_SECRET_SCRYPT};
	char hash[USER_SECRET_MAX];
	struct work real;
	size_t t;

	(void)state;
	for (t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		assert_true(user_secret_make(types[t], "fennec", hash));
		memset(&work, 0, sizeof(work));
		assert_false(user_secret_matches(hash, "hashcat"));
		real = work;
		assert_int_equal(real.calls, 1);
		assert_true(real.rounds >= 10000 || real.scrypt[0] >= 10000);
		memset(&work, 0, sizeof(work));
		user_secret_spend(types[t], "hashcat");
		assert_memory_equal(&work, &real, sizeof(real));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_of_others_are_known),
		cmocka_unit_test(our_own_are_known),
		cmocka_unit_test(what_is_no_hash),
		cmocka_unit_test(nobody_costs_as_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
