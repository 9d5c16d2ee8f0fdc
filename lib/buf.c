/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice
slice_of(const void *p, size_t len)
{
	return (struct slice){p, len};
}

bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

void
rbuf_init(struct rbuf *r, const void *p, size_t len)
{
	r->at = p;
	r->end = len == 0 ? r->at : r->at + len;
	r->bad = false;
}

size_t
rbuf_left(const struct rbuf *r)
{
	return r->bad ? 0 : (size_t)(r->end - r->at);
}

bool
rbuf_done(const struct rbuf *r)
{
	return !r->bad && r->at == r->end;
}

const uint8_t *
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

void
rbuf_skip(struct rbuf *r, size_t len)
{
	(void)rbuf_take(r, len);
}

uint8_t
rbuf_u8(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t
rbuf_be16(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t
rbuf_be32(struct rbuf *r)
{
	const uint8_t *p = rbuf_take(r, 4);

	return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint64_t
rbuf_be64(struct rbuf *r)
{
	uint64_t high = rbuf_be32(r);

	return high << 32 | rbuf_be32(r);
}

void
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

struct slice
rbuf_slice(struct rbuf *r, size_t len)
{
	const uint8_t *p = rbuf_take(r, len);

	return slice_of(p, p == NULL ? 0 : len);
}

struct slice
rbuf_rest(struct rbuf *r)
{
	return rbuf_slice(r, rbuf_left(r));
}

struct rbuf
rbuf_sub(struct rbuf *r, size_t len)
{
	const uint8_t *p = rbuf_take(r, len);

	return (struct rbuf){p, p == NULL ? p : p + len, p == NULL};
}

void
wbuf_init(struct wbuf *w, void *p, size_t room)
{
	w->start = w->at = p;
	w->end = w->start + room;
	w->bad = false;
}

size_t
wbuf_len(const struct wbuf *w)
{
	return (size_t)(w->at - w->start);
}

uint8_t *
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

void
wbuf_u8(struct wbuf *w, uint8_t v)
{
	uint8_t *p = wbuf_take(w, 1);

	if (p != NULL)
		p[0] = v;
}

static void
put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void
wbuf_be16(struct wbuf *w, uint16_t v)
{
	uint8_t *p = wbuf_take(w, 2);

	if (p != NULL)
		put_be16(p, v);
}

void
wbuf_be32(struct wbuf *w, uint32_t v)
{
	uint8_t *p = wbuf_take(w, 4);

	if (p != NULL) {
		put_be16(p, (uint16_t)(v >> 16));
		put_be16(p + 2, (uint16_t)v);
	}
}

void
wbuf_be64(struct wbuf *w, uint64_t v)
{
	wbuf_be32(w, (uint32_t)(v >> 32));
	wbuf_be32(w, (uint32_t)v);
}

void
wbuf_put(struct wbuf *w, const void *p, size_t len)
{
	uint8_t *to = wbuf_take(w, len);

	if (to != NULL && len > 0)
		memcpy(to, p, len);
}

void
wbuf_slice(struct wbuf *w, struct slice s)
{
	wbuf_put(w, s.p, s.len);
}

void
wbuf_zero(struct wbuf *w, size_t len)
{
	uint8_t *to = wbuf_take(w, len);

	if (to != NULL)
		memset(to, 0, len);
}

void
wbuf_be16_at(struct wbuf *w, size_t at, uint16_t v)
{
	if (at + 2 <= wbuf_len(w))
		put_be16(w->start + at, v);
	else
		w->bad = true;
}

void
wbuf_be32_at(struct wbuf *w, size_t at, uint32_t v)
{
	wbuf_be16_at(w, at, (uint16_t)(v >> 16));
	wbuf_be16_at(w, at + 2, (uint16_t)v);
}

static void
text_reserve(struct text *t, size_t more)
{
	size_t room = t->room == 0 ? 256 : t->room;
	char *s;

	if (t->len + more + 1 <= t->room)
		return;
	while (room < t->len + more + 1)
		room *= 2;
	/* Not realloc(): it could leave a copy of a key behind in freed memory. */
	s = malloc(room);
	if (s == NULL)
		abort();
	if (t->s != NULL) {
		memcpy(s, t->s, t->len);
		explicit_bzero(t->s, t->len);
		free(t->s);
	}
	s[t->len] = '\0';
	t->s = s;
	t->room = room;
}

void
text_put(struct text *t, const char *p, size_t len)
{
	text_reserve(t, len);
	if (len > 0)
		memcpy(t->s + t->len, p, len);
	t->len += len;
	t->s[t->len] = '\0';
}

void
text_add(struct text *t, const char *fmt, ...)
{
	size_t room;
	va_list ap;
	int n;

	text_reserve(t, 80);
	for (;;) {
		room = t->room - t->len;
		va_start(ap, fmt);
		n = vsnprintf(t->s + t->len, room, fmt, ap);
		va_end(ap);
		if (n < 0)
			return;
		if ((size_t)n < room)
			break;
		text_reserve(t, (size_t)n);
	}
	t->len += (size_t)n;
}

const char *
text_str(const struct text *t)
{
	return t->s == NULL ? "" : t->s;
}

void
text_free(struct text *t)
{
	if (t->s != NULL)
		explicit_bzero(t->s, t->room);
	free(t->s);
	*t = (struct text){0};
}
