/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IOS's type 6: a key that a configuration holds encrypted under the router's master
 * key (`key config-key password-encrypt`), so that the text alone gives nothing away.
 *
 *	k    = MD5(master)
 *	ke   = AES-128(k, salt | 0 0 0 0 0 0 0 1)	encrypts, in a counter mode whose
 *						counter is the block's fourth byte
 *	ka   = AES-128(k, salt | 0 0 0 0 0 0 0 0)	authenticates
 *	text = base 41 of: salt (8) | encrypted | HMAC-SHA-1(ka, encrypted), cut to 4
 *
 * What is encrypted is the key with a NUL behind it; strings without one are about, too, and
 * are read.  Base 41 is three characters, from `A` on, for two bytes; the last three
 * are the odd byte and 0, or 0 and 1.
 */
#ifndef CULVERT_TYPE6_H
#define CULVERT_TYPE6_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "secret.h"

#define TYPE6_SALT_LEN 8
#define TYPE6_TEXT_MAX 220	/* of a key of SECRET_MAX bytes, with its NUL */

/* Whether it could be one, which can be said without the master key. */
bool type6_is_text(struct slice text);
/* Under a fresh salt.  False: the key is empty or holds a NUL. */
bool type6_seal(struct slice master, const struct secret *key, char out[TYPE6_TEXT_MAX]);
void type6_seal_salted(struct slice master, const uint8_t salt[TYPE6_SALT_LEN],
    const struct secret *key, char out[TYPE6_TEXT_MAX]);
/* False: it was sealed under another master key, or is none; key is empty then. */
bool type6_open(struct slice master, struct slice text, struct secret *key);

#endif
