/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key_text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What type 7 is mixed with, from `offset` on, around and around. */
static const char table[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
enum { TABLE_LEN = sizeof(table) - 1, OFFSET_MAX = 15 };

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
	return at == NULL ? -1 : (int)(at - digits);
}

/* Pairs of hexadecimal digits as bytes; false when they are none. */
static bool
read_hex(struct secret *key, const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len % 2 != 0 || len / 2 > SECRET_MAX)
		return false;
	for (i = 0; i < len; i += 2) {
		int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);

		if (high < 0 || low < 0)
			return false;
		key->b[i / 2] = (uint8_t)(high << 4 | low);
	}
	key->len = (uint16_t)(len / 2);
	return true;
}

static bool
read_type_7(struct key_text *k, const char *s, size_t len)
{
	unsigned int i;

	if (len < 4 || !isdigit((unsigned char)s[0]) || !isdigit((unsigned char)s[1]))
		return false;
	k->offset = (uint8_t)((s[0] - '0') * 10 + (s[1] - '0'));
	if (k->offset > OFFSET_MAX || !read_hex(&k->key, s + 2, len - 2))
		return false;
	for (i = 0; i < k->key.len; i++)
		k->key.b[i] ^= (uint8_t)table[(k->offset + i) % TABLE_LEN];
	return true;
}

const char *
key_text_read(struct key_text *k, enum key_form form, const char *s, size_t len)
{
	*k = (struct key_text){.form = (uint8_t)form};
	switch (form) {
	case KEY_TYPE_7:
		return read_type_7(k, s, len) ? NULL : "this is no type 7 key; type the key itself";
	case KEY_HEX:
		if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
			s += 2;
			len -= 2;
		}
		return read_hex(&k->key, s, len) ? NULL :
		    "a hexadecimal key is pairs of digits, at most 128 of them";
	default:
		if (len == 0)
			return "the key is empty";
		return secret_set(&k->key, s, len) ? NULL :
		    "the key is longer than 128 characters; use a shorter one";
	}
}

bool
key_text_is_set(const struct key_text *k)
{
	return k->key.len > 0 || k->sealed[0] != '\0';
}

/* The key itself, so that its first word, or what abbreviates one, is not read as a keyword. */
static void
write_plain(struct text *out, const struct secret *key)
{
	static const char *const words[] = {"0", "6", "7", "hex", "local", "remote"};
	const char *s = (const char *)key->b;
	size_t i, len = 0;
	bool word = false;

	while (len < key->len && !isspace((unsigned char)s[len]))
		len++;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		word = word || (len <= strlen(words[i]) && strncasecmp(s, words[i], len) == 0);
	if (word)
		text_put(out, "0 ", 2);
	text_put(out, s, key->len);
}

void
key_text_write(struct text *out, const struct key_text *k)
{
	unsigned int i;

	if (k->form == KEY_PLAIN) {
		write_plain(out, &k->key);
		return;
	}
	if (k->form == KEY_TYPE_6) {
		text_add(out, "6 %s", k->sealed);
		return;
	}
	if (k->form == KEY_TYPE_7)
		text_add(out, "7 %02u", k->offset);
	else
		text_add(out, "hex ");
	for (i = 0; i < k->key.len; i++)
		text_add(out, "%02X", (unsigned int)(k->form == KEY_HEX ? k->key.b[i] :
		    k->key.b[i] ^ (uint8_t)table[(k->offset + i) % TABLE_LEN]));
}

bool
key_text_eq(const struct key_text *a, const struct key_text *b)
{
	return a->form == b->form && a->offset == b->offset && a->key.len == b->key.len &&
	    strcmp(a->sealed, b->sealed) == 0 &&
	    equal_in_constant_time(a->key.b, b->key.b, a->key.len);
}
