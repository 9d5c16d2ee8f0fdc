/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cover.h"

/* The longest prefix that both lie in. */
static struct prefix
hull(const struct prefix *a, const struct prefix *b)
{
	struct prefix h = *a;

	if (h.len > b->len)
		h.len = b->len;
	while (h.len > 0 && !prefix_contains(&h, &b->addr))
		h.len--;
	return prefix_network(&h);
}

static bool
same_family(const struct cover *c, size_t i, const struct prefix *src)
{
	return c->pair[i].src.addr.family == src->addr.family;
}

static bool
overlaps(const struct cover *c, size_t i, const struct prefix *src, const struct prefix *dst)
{
	return same_family(c, i, src) && prefix_overlaps(&c->pair[i].src, src) &&
	    prefix_overlaps(&c->pair[i].dst, dst);
}

/* Takes the i-th out and widens the two by it. */
static void
join(struct cover *c, size_t i, struct prefix *src, struct prefix *dst)
{
	*src = hull(src, &c->pair[i].src);
	*dst = hull(dst, &c->pair[i].dst);
	c->pair[i] = c->pair[--c->pairs];
}

static size_t
nearest(const struct cover *c, const struct prefix *src, const struct prefix *dst)
{
	unsigned int bits, most = 0;
	size_t i, best = 0;

	for (i = 0; i < c->pairs; i++) {
		if (!same_family(c, i, src))
			continue;
		bits = 1u + hull(src, &c->pair[i].src).len + hull(dst, &c->pair[i].dst).len;
		if (bits > most) {
			most = bits;
			best = i;
		}
	}
	return best;
}

void
cover_add(struct cover *c, const struct prefix *src, const struct prefix *dst)
{
	struct prefix s = prefix_network(src), d = prefix_network(dst);
	size_t i;

	for (i = 0; i < c->pairs;)
		if (overlaps(c, i, &s, &d)) {
			join(c, i, &s, &d);
			i = 0;		/* it is wider now */
		} else
			i++;
	if (c->pairs == COVER_MAX) {
		join(c, nearest(c, &s, &d), &s, &d);
		cover_add(c, &s, &d);
		return;
	}
	c->pair[c->pairs].src = s;
	c->pair[c->pairs++].dst = d;
}
