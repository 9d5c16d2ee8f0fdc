/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration of passwords and encrypted keys: what is kept, and that nothing of it is in clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "cli/paste.h"
#include "config_scene.h"

#define SEALED "NdUI^_YP[VEPG[MT_bfTEFNZYFCYe\\R\\M"	/* "password" under "cisco123" */

static void
set_master(struct conf *c, const char *key)
{
	struct secret master;

	secret_set(&master, key, strlen(key));
	conf_type6_set_master(c, &master);
}

static void
test_type_6_needs_its_master_key(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);

	(void)state;
	conf_type6_set_master(c, NULL);
	config_refuses(s, "crypto isakmp key 6 " SEALED " address 192.0.2.1", "key config-key password-encrypt");
	assert_non_null(strstr(config_type(s, "password encryption aes").why, "key config-key"));
	set_master(c, "another one");
	config_refuses(s, "crypto isakmp key 6 " SEALED " address 192.0.2.1", "another master key");
	set_master(c, "cisco123");
	config_refuses(s, "crypto isakmp key 6 " SEALED "A address 192.0.2.1", "no type 6 key");
	config_enter(s, "crypto isakmp key 6 " SEALED " address 192.0.2.1");
	assert_int_equal(c->keys->key.key.len, 8);
	assert_memory_equal(c->keys->key.key.b, "password", 8);
	assert_true(conf_type6_used(c));
	config_enter(s, "no crypto isakmp key address 192.0.2.1");
	assert_false(conf_type6_used(c));
	config_session_free(s);
	conf_free(c);
}

/* What is typed is encrypted at once, what was there too, and all of it again under a new key. */
static void
test_keys_become_type_6(void **state)
{
	struct conf *c = config_apply("crypto isakmp key old-one hostname peer\n"
	    "crypto ikev2 keyring K\n peer A\n  pre-shared-key both of them\n", 0);
	struct config_session *s = config_session_new(c);
	const struct conf_ikev2_peer *p = c->ikev2.keyrings->peers;
	struct text once, again;

	(void)state;
	set_master(c, "cisco123");
	assert_false(conf_type6_used(c));
	config_enter(s, "password encryption aes");
	config_enter(s, "crypto keyring R");
	config_enter(s, "pre-shared-key address 192.0.2.7 key new-one");
	once = config_written(c);
	assert_null(strstr(text_str(&once), "-one"));
	assert_null(strstr(text_str(&once), "both of them"));
	assert_non_null(strstr(text_str(&once), "password encryption aes\n"));
	assert_non_null(strstr(text_str(&once), "  pre-shared-key 6 "));	/* one line still */
	assert_memory_equal(p->remote.key.b, "both of them", 12);
	assert_memory_equal(c->keyrings->keys->key.key.b, "new-one", 7);
	config_check_fixed_point(c);
	set_master(c, "a new master");
	again = config_written(c);
	assert_string_not_equal(text_str(&once), text_str(&again));
	assert_memory_equal(c->keys->key.key.b, "old-one", 7);
	assert_non_null(strstr(text_str(&again), "  pre-shared-key 6 "));
	config_enter(s, "no password encryption aes");
	config_enter(s, "crypto isakmp key plain-one address 192.0.2.8");
	text_free(&again);
	again = config_written(c);
	assert_non_null(strstr(text_str(&again), "key plain-one address 192.0.2.8"));
	text_free(&once);
	text_free(&again);
	config_session_free(s);
	conf_free(c);
}

static void
test_the_master_key_is_asked_for(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);
	struct config_result r;
	struct text out;

	(void)state;
	config_refuses(s, "key config-key password-encrypt short", "8 to 127");
	r = config_type(s, "key config-key password-encrypt a-long-one");
	assert_true(r.effect);
	assert_string_equal(config_session_effect(s)->password, "a-long-one");
	assert_int_equal(config_type(s, "key config-key password-encrypt").status, LINE_SECRET);
	assert_int_equal(config_type(s, "with a blank").status, LINE_SECRET);
	assert_int_equal(config_type(s, "with another").status, LINE_REFUSED);
	config_type(s, "key config-key password-encrypt");
	config_type(s, "with a blank");
	r = config_type(s, "with a blank");
	assert_true(r.effect);
	assert_int_equal(config_session_effect(s)->kind, EFFECT_MASTER_KEY);
	assert_string_equal(config_session_effect(s)->password, "with a blank");
	r = config_type(s, "no key config-key password-encrypt");
	assert_true(r.effect);
	assert_string_equal(config_session_effect(s)->password, "");
	out = config_written(c);
	assert_null(strstr(text_str(&out), "config-key"));
	text_free(&out);
	config_session_free(s);
	conf_free(c);
}

#define MD5_HASH "$1$28772684$iEwNOgGugqO9.bIz5sk8k/"
#define PBKDF2_HASH "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk"
#define SCRYPT_HASH "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6"

static void
test_users_come_back(void **state)
{
	static const char lines[] =
	    "hostname R1\n!\nenable secret 9 " SCRYPT_HASH "\n!\n"
	    "username joe secret 5 " MD5_HASH "\nusername ann privilege 15 secret 8 " PBKDF2_HASH "\n"
	    "username bob privilege 15\n!\n"
	    "line con 0\n login local\nline vty 0 4\n login local\n!\n";
	struct conf *c = config_apply(lines, 0), *copy = conf_copy(c);
	struct text out = config_written(copy);
	struct config_session *s = config_session_new(c);

	(void)state;
	assert_non_null(strstr(text_str(&out), strchr(lines, '!')));
	text_free(&out);
	config_check_fixed_point(c);
	config_enter(s, "no username ann");
	config_enter(s, "no username bob");
	config_enter(s, "no username joe");
	config_enter(s, "no enable secret");
	config_enter(s, "line vty 0 15");
	config_enter(s, "no login");
	config_enter(s, "line con 0");
	config_enter(s, "no login local");
	out = config_written(c);
	assert_null(strstr(text_str(&out), "secret"));
	assert_null(strstr(text_str(&out), "login"));
	text_free(&out);
	config_session_free(s);
	conf_free(copy);
	conf_free(c);
}

static void
test_passwords_are_kept_as_hashes(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);
	struct text out;

	(void)state;
	config_enter(s, "enable secret Open Sesame ");
	assert_int_equal(user_secret_type(c->users.enable), USER_SECRET_SCRYPT);
	assert_true(user_secret_matches(c->users.enable, "Open Sesame"));
	config_enter(s, "enable algorithm-type sha256 secret Open Sesame");
	assert_int_equal(user_secret_type(c->users.enable), USER_SECRET_PBKDF2);
	config_enter(s, "username joe algorithm-type md5 secret Sesame");
	config_enter(s, "username joe privilege 15");
	assert_int_equal(user_secret_type(c->users.users->secret), USER_SECRET_MD5);
	assert_int_equal(c->users.users->level, 15);
	config_enter(s, "username joe secret 0 5");
	assert_true(user_secret_matches(c->users.users->secret, "5"));
	out = config_written(c);
	assert_null(strstr(text_str(&out), "Sesame"));
	text_free(&out);
	config_refuses(s, "enable password Sesame", "use `secret`");
	config_refuses(s, "enable secret 5 Sesame", "type the password itself");
	config_refuses(s, "enable secret 9 " PBKDF2_HASH, "$9$SALT$HASH");
	config_refuses(s, "enable secret level 7 5 " MD5_HASH, "one privileged level");
	config_refuses(s, "username joe password 7 0822455D0A16", "use `secret`");
	config_refuses(s, "username joe privilege 7", "1 or 15");
	config_enter(s, "line vty 0 4");
	config_refuses(s, "login", "login local");
	config_refuses(s, "password Sesame", "login local");
	config_enter(s, "crypto pki trustpoint T");
	config_refuses(s, "password Sesame", "SCEP");
	config_enter(s, "line vty 0 4");
	assert_string_equal(config_type(s, "login local").why, "");
	config_enter(s, "no username joe");
	config_enter(s, "line con 0");
	assert_non_null(strstr(config_type(s, "login local").why, "nobody can log in"));
	config_session_free(s);
	conf_free(c);
}

/* However it is abbreviated, a line with a key is not for a history. */
static void
test_lines_with_keys_are_known(void **state)
{
	static const struct {
		const char *line;
		bool holds;
	} rows[] = {
		{"crypto isakmp key abc address 192.0.2.1", true},
		{"cry isa key abc host peer", true},
		{"cry isa key 0 abc", true},
		{"crypto isakmp policy 10", false},
		{"key config-key password-encrypt abcdefgh", true},
		{"key config-key password-encrypt", false},
		{"ena sec abc", true},
		{"user joe pri 15 sec abc", true},
		{"user joe pri 15", false},
		{"no crypto isakmp key address 192.0.2.1", false},
		{"pre local abc", true},
		{"pre hex 0A", true},
		{"peer B", false},
	};
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);
	size_t i;

	(void)state;
	config_enter(s, "crypto ikev2 keyring K");
	config_enter(s, "peer A");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (config_session_holds_key(s, rows[i].line) != rows[i].holds)
			fail_msg("%s", rows[i].line);
	config_session_free(s);
	conf_free(c);
}

/* A key may begin like a word of its line, with whatever blank behind it. */
static void
test_keys_that_begin_like_words_come_back(void **state)
{
	static const char *const keys[] = {"0 0 a", "0 0\ta", "0 7\v\vA", "0 hex 01", "0 remote\tx"};
	char text[120];
	struct conf *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		snprintf(text, sizeof(text), "crypto ikev2 keyring K\n peer A\n  address 192.0.2.1\n"
		    "  pre-shared-key local %s\n", keys[i]);
		c = config_apply(text, 0);
		config_check_fixed_point(c);
		conf_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type_6_needs_its_master_key),
		cmocka_unit_test(test_keys_become_type_6),
		cmocka_unit_test(test_the_master_key_is_asked_for),
		cmocka_unit_test(test_users_come_back),
		cmocka_unit_test(test_passwords_are_kept_as_hashes),
		cmocka_unit_test(test_keys_that_begin_like_words_come_back),
		cmocka_unit_test(test_lines_with_keys_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
