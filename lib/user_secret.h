/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets of users as IOS keeps them: hashes with a salt, `$TYPE$SALT$HASH`.
 *
 *	5	MD5 as crypt(3) has it, written $1$
 *	8	PBKDF2 with HMAC-SHA-256, 20000 rounds
 *	9	scrypt (RFC 7914) with N 16384, r 1, p 1
 *
 * 8 and 9 have a salt of 14 characters and a hash of 32 bytes in base 64, whose digits
 * are those of crypt(3).  Making or comparing one takes some hundredths of a second, on purpose.
 */
#ifndef CULVERT_USER_SECRET_H
#define CULVERT_USER_SECRET_H

#include <stdbool.h>

#define USER_SECRET_MAX 64	/* of the hash as text */
#define USER_PASSWORD_MAX 127

enum user_secret_type {		/* as they are typed and printed */
	USER_SECRET_MD5 = 5, USER_SECRET_PBKDF2 = 8, USER_SECRET_SCRYPT = 9,
};

/* NULL, or why this is no hash of that type, with nothing of it in the sentence. */
const char *user_secret_form(unsigned int type, const char *hash);
/* Which type a hash is of; 0: none. */
unsigned int user_secret_type(const char *hash);
/* Under a fresh salt.  False where this machine's libraries are told to have no such hash. */
bool user_secret_make(unsigned int type, const char *password, char out[USER_SECRET_MAX]);
/* False, too, for a hash that is none. */
bool user_secret_matches(const char *hash, const char *password);
/* Takes as long as to compare the password with a hash of that type. */
void user_secret_spend(unsigned int type, const char *password);

#endif
