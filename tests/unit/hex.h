/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors as the RFCs print them.  After cmocka's headers. */
#ifndef CULVERT_TEST_HEX_H
#define CULVERT_TEST_HEX_H

#include <ctype.h>
#include <stdint.h>

#include "buf.h"

struct bytes {
	size_t len;
	uint8_t b[1024];
};

static inline uint8_t
hex_digit(char c)
{
	return (uint8_t)(isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10);
}

/* Bytes of a string of hex digits; blanks are skipped. */
static inline struct bytes
hex(const char *s)
{
	struct bytes to = {0};
	size_t digits = 0;

	for (; *s != '\0'; s++) {
		if (*s == ' ')
			continue;
		assert_true(isxdigit((unsigned char)*s) && to.len < sizeof(to.b));
		to.b[to.len] = (uint8_t)(to.b[to.len] << 4 | hex_digit(*s));
		to.len += digits++ % 2;
	}
	assert_int_equal(digits % 2, 0);
	return to;
}

static inline struct slice
hex_slice(const struct bytes *h)
{
	return slice_of(h->b, h->len);
}

#define assert_hex_equal(p, string)						\
	do {									\
		struct bytes expected_ = hex(string);				\
		assert_memory_equal((p), expected_.b, expected_.len);		\
	} while (0)

#endif
