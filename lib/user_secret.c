/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "user_secret.h"

#include <crypt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "log.h"
#include "secret.h"

enum {
	SALT_LEN = 14, HASH_LEN = 32, DIGITS_LEN = 43,	/* types 8 and 9 */
	PBKDF2_ROUNDS = 20000,
	SCRYPT_N = 16384, SCRYPT_R = 1, SCRYPT_P = 1,
	MD5_SALT_LEN = 4, MD5_SALT_MAX = 8, MD5_DIGITS_LEN = 22,
};

static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* --- how it is written --- */

static bool
are_digits(const char *s, size_t len)
{
	return strspn(s, digits) >= len;
}

static bool
is_md5(const char *hash)
{
	size_t salt = strncmp(hash, "$1$", 3) == 0 ? strcspn(hash + 3, "$") : 0;
	const char *sum = hash + 3 + salt;

	return salt > 0 && salt <= MD5_SALT_MAX && sum[0] == '$' &&
	    strlen(sum + 1) == MD5_DIGITS_LEN && are_digits(sum + 1, MD5_DIGITS_LEN);
}

static bool
is_salted(char type, const char *hash)
{
	return strlen(hash) == 3 + SALT_LEN + 1 + DIGITS_LEN && hash[0] == '$' && hash[1] == type &&
	    hash[2] == '$' && are_digits(hash + 3, SALT_LEN) && hash[3 + SALT_LEN] == '$' &&
	    are_digits(hash + 3 + SALT_LEN + 1, DIGITS_LEN);
}

unsigned int
user_secret_type(const char *hash)
{
	return is_md5(hash) ? USER_SECRET_MD5 : is_salted('8', hash) ? USER_SECRET_PBKDF2 :
	    is_salted('9', hash) ? USER_SECRET_SCRYPT : 0;
}

const char *
user_secret_form(unsigned int type, const char *hash)
{
	if (user_secret_type(hash) == type)
		return NULL;
	return type == USER_SECRET_MD5 ? "a type 5 secret is $1$SALT$HASH; type the password itself, "
	    "without a number" : type == USER_SECRET_PBKDF2 ? "a type 8 secret is $8$SALT$HASH; type "
	    "the password itself, without a number" : "a type 9 secret is $9$SALT$HASH; type the "
	    "password itself, without a number";
}

/* Six bits a digit, the first ones first, no padding. */
static void
to_digits(const uint8_t hash[HASH_LEN], char out[DIGITS_LEN + 1])
{
	unsigned int bits = 0, have = 0, i, at = 0;

	for (i = 0; i < HASH_LEN; i++) {
		bits = bits << 8 | hash[i];
		for (have += 8; have >= 6; have -= 6)
			out[at++] = digits[bits >> (have - 6) & 0x3f];
	}
	out[at++] = digits[bits << (6 - have) & 0x3f];
	out[at] = '\0';
}

static void
random_digits(char *out, size_t len)
{
	size_t i;

	random_bytes(out, len);
	for (i = 0; i < len; i++)
		out[i] = digits[(uint8_t)out[i] & 0x3f];
	out[len] = '\0';
}

/* --- the hashes --- */

/* setting: a hash, or its beginning up to the salt. */
static bool
hash_md5(const char *setting, const char *password, char out[USER_SECRET_MAX])
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *made;
	bool ok;

	if (data == NULL)
		log_fatal("out of memory");
	made = crypt_r(password, setting, data);
	ok = made != NULL && made[0] == '$' && strlen(made) < USER_SECRET_MAX;
	snprintf(out, USER_SECRET_MAX, "%s", ok ? made : "");
	explicit_bzero(data, sizeof(*data));
	free(data);
	return ok;
}

static bool
hash_salted(unsigned int type, const char *salt, const char *password, char out[USER_SECRET_MAX])
{
	uint8_t hash[HASH_LEN];
	char text[DIGITS_LEN + 1];
	size_t len = strlen(password);
	bool ok;

	ok = type == USER_SECRET_PBKDF2 ?
	    PKCS5_PBKDF2_HMAC(password, (int)len, (const uint8_t *)salt, SALT_LEN, PBKDF2_ROUNDS,
		EVP_sha256(), HASH_LEN, hash) == 1 :
	    EVP_PBE_scrypt(password, len, (const uint8_t *)salt, SALT_LEN, SCRYPT_N, SCRYPT_R,
		SCRYPT_P, 0, hash, HASH_LEN) == 1;
	if (ok)
		to_digits(hash, text);
	snprintf(out, USER_SECRET_MAX, "$%u$%.*s$%s", type, SALT_LEN, salt, ok ? text : "");
	wipe(hash, sizeof(hash));
	return ok;
}

bool
user_secret_make(unsigned int type, const char *password, char out[USER_SECRET_MAX])
{
	char salt[SALT_LEN + 1], setting[3 + MD5_SALT_LEN + 2];

	if (type != USER_SECRET_MD5) {
		random_digits(salt, SALT_LEN);
		return hash_salted(type, salt, password, out);
	}
	random_digits(salt, MD5_SALT_LEN);
	snprintf(setting, sizeof(setting), "$1$%.*s$", MD5_SALT_LEN, salt);
	return hash_md5(setting, password, out);
}

bool
user_secret_matches(const char *hash, const char *password)
{
	unsigned int type = user_secret_type(hash);
	char made[USER_SECRET_MAX] = "";
	bool ok;

	if (type == 0)
		return false;
	ok = type == USER_SECRET_MD5 ? hash_md5(hash, password, made) :
	    hash_salted(type, hash + 3, password, made);
	ok = ok && strlen(made) == strlen(hash) && equal_in_constant_time(made, hash, strlen(made));
	wipe(made, sizeof(made));
	return ok;
}

void
user_secret_spend(unsigned int type, const char *password)
{
	char made[USER_SECRET_MAX] = "";

	if (type == USER_SECRET_MD5)
		hash_md5("$1$nobody..$", password, made);
	else
		hash_salted(type, "nobody..nobody", password, made);
	wipe(made, sizeof(made));
}
