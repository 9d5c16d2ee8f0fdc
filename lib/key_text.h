/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key as a configuration line holds it: as text, as hexadecimal digits, as IOS's
 * type 7, which hides it from who looks over a shoulder and from nobody else, or as type
 * 6 (conf_type6.h reads those).  How it was typed is kept, so that it is written back
 * the same.
 */
#ifndef CULVERT_KEY_TEXT_H
#define CULVERT_KEY_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "secret.h"
#include "type6.h"

enum key_form { KEY_PLAIN, KEY_TYPE_7, KEY_HEX, KEY_TYPE_6 };

struct key_text {
	struct secret key;	/* the key itself; len 0: none, or type 6 and not read */
	uint8_t form;		/* enum key_form */
	uint8_t offset;		/* KEY_TYPE_7: where in its table it begins */
	char sealed[TYPE6_TEXT_MAX];	/* KEY_TYPE_6: as it is written */
};

/*
 * Reads len characters.  NULL, or a sentence saying what is wrong, in which no part
 * of the key is repeated.  Of hexadecimal digits a leading 0x is not one.
 */
const char *key_text_read(struct key_text *k, enum key_form form, const char *s, size_t len);
bool key_text_is_set(const struct key_text *k);
/* "K", "7 0822455D0A16", "hex 0A0B" or "6 TEXT"; "0 K" where K begins with a word that would
 * be read as another. */
void key_text_write(struct text *out, const struct key_text *k);
bool key_text_eq(const struct key_text *a, const struct key_text *b);

#endif
