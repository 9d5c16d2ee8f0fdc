/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes with bounds.
 *
 * A reader borrows memory and remembers its first short read, so that a
 * structure is read to its end and asked once whether it was all there.  A
 * writer fills memory that its caller owns, and remembers the first overflow
 * in the same way.  All multi-byte values on the wire are big-endian.  What
 * every packet of the forwarder passes is inline.
 */
#ifndef CULVERT_BUF_H
#define CULVERT_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes: they live as long as what they were cut from. */
struct slice {
	const uint8_t *p;
	size_t len;
};

static inline struct slice
slice_of(const void *p, size_t len)
{
	return (struct slice){p, len};
}

bool slice_eq(struct slice a, struct slice b);		/* not constant time: no secrets */

struct rbuf {
	const uint8_t *at, *end;
	bool bad;		/* a read went past the end; every later read gives 0 */
};

static inline void
rbuf_init(struct rbuf *r, const void *p, size_t len)
{
	r->at = p;
	r->end = len == 0 ? r->at : r->at + len;
	r->bad = false;
}

static inline size_t
rbuf_left(const struct rbuf *r)
{
	return r->bad ? 0 : (size_t)(r->end - r->at);
}

/* NULL when short */
static inline const uint8_t *
rbuf_take(struct rbuf *r, size_t len)
{
	const uint8_t *p = r->at;

	if (r->bad || len > rbuf_left(r)) {
		r->bad = true;
		return NULL;
	}
	r->at += len;
	return p;
}

static inline void
rbuf_skip(struct rbuf *r, size_t len)
{
	(void)rbuf_take(r, len);
}

static inline uint8_t
rbuf_u8(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 1);

	return p == NULL ? 0 : p[0];
}

static inline uint16_t
rbuf_be16(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
rbuf_be32(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 4);

	return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Zero-fills `to` when short. */
static inline void
rbuf_copy(struct rbuf *r, void *to, size_t len)
{
	const uint8_t *p = rbuf_take(r, len);

	if (len == 0)
		return;
	if (p == NULL)
		memset(to, 0, len);
	else
		memcpy(to, p, len);
}

bool rbuf_done(const struct rbuf *r);			/* all read, and nothing was short */
uint64_t rbuf_be64(struct rbuf *r);
struct slice rbuf_slice(struct rbuf *r, size_t len);
struct slice rbuf_rest(struct rbuf *r);
struct rbuf rbuf_sub(struct rbuf *r, size_t len);	/* a reader that cannot see past len */

struct wbuf {
	uint8_t *start, *at, *end;
	bool bad;		/* a write did not fit; nothing past `end` was touched */
};

static inline void
wbuf_init(struct wbuf *w, void *p, size_t room)
{
	w->start = w->at = p;
	w->end = w->start + room;
	w->bad = false;
}

/* NULL when it does not fit */
static inline uint8_t *
wbuf_take(struct wbuf *w, size_t len)
{
	uint8_t *p = w->at;

	if (w->bad || len > (size_t)(w->end - w->at)) {
		w->bad = true;
		return NULL;
	}
	w->at += len;
	return p;
}

static inline void
wbuf_u8(struct wbuf *w, uint8_t v)
{
	uint8_t *p = wbuf_take(w, 1);

	if (p != NULL)
		p[0] = v;
}

static inline void
wbuf_be16(struct wbuf *w, uint16_t v)
{
	uint8_t *p = wbuf_take(w, 2);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
wbuf_be32(struct wbuf *w, uint32_t v)
{
	uint8_t *p = wbuf_take(w, 4);

	if (p == NULL)
		return;
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline void
wbuf_put(struct wbuf *w, const void *p, size_t len)
{
	uint8_t *to = wbuf_take(w, len);

	if (to != NULL && len > 0)
		memcpy(to, p, len);
}

size_t wbuf_len(const struct wbuf *w);
void wbuf_be64(struct wbuf *w, uint64_t v);
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
