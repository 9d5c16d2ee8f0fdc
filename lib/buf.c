/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
rbuf_done(const struct rbuf *r)
{
	return !r->bad && r->at == r->end;
}

uint64_t
rbuf_be64(struct rbuf *r)
{
	uint64_t high = rbuf_be32(r);

	return high << 32 | rbuf_be32(r);
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

size_t
wbuf_len(const struct wbuf *w)
{
	return (size_t)(w->at - w->start);
}

static void
put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

void
wbuf_be64(struct wbuf *w, uint64_t v)
{
	wbuf_be32(w, (uint32_t)(v >> 32));
	wbuf_be32(w, (uint32_t)v);
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
