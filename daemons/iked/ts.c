/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ts.h"

#include <string.h>

#include "ikev2_wire.h"

enum { TS_HEADER = 8 };

/* --- ranges and prefixes --- */

/* The range as a prefix; false when it is none. */
static bool
prefix_of(const uint8_t *low, const uint8_t *high, int family, struct prefix *p)
{
	unsigned int bits = family == ADDR_V4 ? 32 : 128, len = 0, i;

	*p = (struct prefix){.addr = addr_from_bytes(family, low)};
	while (len < bits && ((low[len / 8] ^ high[len / 8]) >> (7 - len % 8) & 1) == 0)
		len++;
	for (i = len; i < bits; i++)
		if ((low[i / 8] >> (7 - i % 8) & 1) != 0 || (high[i / 8] >> (7 - i % 8) & 1) != 1)
			return false;
	p->len = (uint8_t)len;
	return true;
}

static void
last_of(const struct prefix *p, uint8_t out[16])
{
	struct addr mask = prefix_mask(p->addr.family, p->len);
	unsigned int i;

	for (i = 0; i < addr_bytes(&p->addr); i++)
		out[i] = (uint8_t)(p->addr.b[i] | ~mask.b[i]);
}

/* --- on the wire --- */

static bool
ts_one(struct rbuf *r, uint8_t type, uint8_t proto, struct ts *t)
{
	int family = type == TS2_IPV4_RANGE ? ADDR_V4 : ADDR_V6;
	size_t n = family == ADDR_V4 ? 4 : 16;
	uint16_t low = rbuf_be16(r), high = rbuf_be16(r);
	uint8_t from[16], to[16];

	rbuf_copy(r, from, n);
	rbuf_copy(r, to, n);
	*t = (struct ts){.proto = proto, .port = low == high ? low : 0};
	if (low != high && (low != 0 || high != UINT16_MAX))
		return false;
	return prefix_of(from, to, family, &t->net);
}

const char *
ts_read(struct slice body, struct ts_list *l)
{
	struct rbuf r;
	uint8_t count;

	l->count = 0;
	rbuf_init(&r, body.p, body.len);
	count = rbuf_u8(&r);
	rbuf_skip(&r, 3);
	for (; count > 0 && !r.bad; count--) {
		uint8_t type = rbuf_u8(&r), proto = rbuf_u8(&r);
		uint16_t len = rbuf_be16(&r);
		struct rbuf in;
		struct ts t;

		if (r.bad || len < TS_HEADER)
			return "a traffic selector's length is wrong";
		in = rbuf_sub(&r, len - 4u);
		if (type != TS2_IPV4_RANGE && type != TS2_IPV6_RANGE)
			continue;
		if (rbuf_left(&in) != (type == TS2_IPV4_RANGE ? 12 : 36))
			return "a traffic selector has not the length of its type";
		if (ts_one(&in, type, proto, &t) && l->count < TS_MAX)
			l->list[l->count++] = t;
	}
	return rbuf_done(&r) ? NULL : "the traffic selectors do not fill their payload";
}

void
ts_write(struct wbuf *w, const struct ts *t)
{
	struct prefix net = prefix_network(&t->net);
	unsigned int n = addr_bytes(&net.addr);
	uint8_t last[16];

	wbuf_u8(w, 1);
	wbuf_zero(w, 3);
	wbuf_u8(w, net.addr.family == ADDR_V4 ? TS2_IPV4_RANGE : TS2_IPV6_RANGE);
	wbuf_u8(w, t->proto);
	wbuf_be16(w, (uint16_t)(TS_HEADER + 2 * n));
	wbuf_be16(w, t->port);
	wbuf_be16(w, t->port != 0 ? t->port : UINT16_MAX);
	last_of(&net, last);
	wbuf_put(w, net.addr.b, n);
	wbuf_put(w, last, n);
}

/* --- what they contain --- */

struct ts
ts_host(const struct addr *a, uint8_t proto)
{
	return (struct ts){.net = {.addr = *a, .len = (uint8_t)(8 * addr_bytes(a))}, .proto = proto};
}

bool
ts_is_host(const struct ts *t)
{
	return t->net.len == 8 * addr_bytes(&t->net.addr);
}

bool
ts_eq(const struct ts *a, const struct ts *b)
{
	return prefix_eq(&a->net, &b->net) && a->proto == b->proto && a->port == b->port;
}

/* Of two values where 0 is any, the narrower; false when they exclude each other. */
static bool
both(uint16_t a, uint16_t b, uint16_t *out)
{
	*out = a != 0 ? a : b;
	return a == 0 || b == 0 || a == b;
}

/* What both have; false: nothing. */
static bool
ts_intersect(const struct ts *a, const struct ts *b, struct ts *out)
{
	const struct ts *narrow = a->net.len >= b->net.len ? a : b, *wide = narrow == a ? b : a;
	uint16_t proto, port;

	if (a->net.addr.family != b->net.addr.family ||
	    !prefix_contains(&wide->net, &narrow->net.addr) || !both(a->proto, b->proto, &proto) ||
	    !both(a->port, b->port, &port))
		return false;
	*out = (struct ts){.net = prefix_network(&narrow->net), .proto = (uint8_t)proto, .port = port};
	return true;
}

/* Both are within the same selector. */
static bool
is_wider(const struct ts *a, const struct ts *b)
{
	if (a->net.len != b->net.len)
		return a->net.len < b->net.len;
	if (a->proto != b->proto)
		return a->proto == 0;
	return a->port == 0 && b->port != 0;
}

bool
ts_narrow(const struct ts_list *l, const struct ts *want, struct ts *out)
{
	bool found = false;
	unsigned int i;
	struct ts t;

	for (i = 0; i < l->count; i++)
		if (ts_intersect(&l->list[i], want, &t) && (!found || is_wider(&t, out))) {
			*out = t;
			found = true;
		}
	return found;
}
