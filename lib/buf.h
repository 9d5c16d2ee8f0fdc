/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes with bounds.
 *
 * A reader borrows memory and remembers its first short read, so that a
 * structure is read to its end and asked once whether it was all there.  A
 * writer fills memory that its caller owns, and remembers the first overflow
 * in the same way.  All multi-byte values on the wire are big-endian.
 */
#ifndef CULVERT_BUF_H
#define CULVERT_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes: they live as long as what they were cut from. */
struct slice {
	const uint8_t *p;
	size_t len;
};

struct slice slice_of(const void *p, size_t len);
bool slice_eq(struct slice a, struct slice b);		/* not constant time: no secrets */

struct rbuf {
	const uint8_t *at, *end;
	bool bad;		/* a read went past the end; every later read gives 0 */
};

void rbuf_init(struct rbuf *r, const void *p, size_t len);
size_t rbuf_left(const struct rbuf *r);
bool rbuf_done(const struct rbuf *r);			/* all read, and nothing was short */
const uint8_t *rbuf_take(struct rbuf *r, size_t len);	/* NULL when short */
void rbuf_skip(struct rbuf *r, size_t len);
uint8_t rbuf_u8(struct rbuf *r);
uint16_t rbuf_be16(struct rbuf *r);
uint32_t rbuf_be32(struct rbuf *r);
uint64_t rbuf_be64(struct rbuf *r);
void rbuf_copy(struct rbuf *r, void *to, size_t len);	/* zero-fills `to` when short */
struct slice rbuf_slice(struct rbuf *r, size_t len);
struct slice rbuf_rest(struct rbuf *r);
struct rbuf rbuf_sub(struct rbuf *r, size_t len);	/* a reader that cannot see past len */

struct wbuf {
	uint8_t *start, *at, *end;
	bool bad;		/* a write did not fit; nothing past `end` was touched */
};

void wbuf_init(struct wbuf *w, void *p, size_t room);
size_t wbuf_len(const struct wbuf *w);
uint8_t *wbuf_take(struct wbuf *w, size_t len);		/* NULL when it does not fit */
void wbuf_u8(struct wbuf *w, uint8_t v);
void wbuf_be16(struct wbuf *w, uint16_t v);
void wbuf_be32(struct wbuf *w, uint32_t v);
void wbuf_be64(struct wbuf *w, uint64_t v);
void wbuf_put(struct wbuf *w, const void *p, size_t len);
void wbuf_slice(struct wbuf *w, struct slice s);
void wbuf_zero(struct wbuf *w, size_t len);
/* Fill in a length or checksum later: `at` is an offset from the start. */
void wbuf_be16_at(struct wbuf *w, size_t at, uint16_t v);
void wbuf_be32_at(struct wbuf *w, size_t at, uint32_t v);

/* Growing text, owned; used for configuration lines and show output. */
struct text {
	char *s;		/* always NUL-terminated once anything was added; else NULL */
	size_t len, room;
};

void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_put(struct text *t, const char *p, size_t len);
const char *text_str(const struct text *t);		/* "" when empty */
void text_free(struct text *t);				/* wipes: it may have held a key */

#endif
