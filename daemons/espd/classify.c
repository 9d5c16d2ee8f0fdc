/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "classify.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mix.h"

#define NOBODY UINT32_MAX

/* IPv4 lines, which are nearly all, compare as words. */
struct line {
	bool is_v4, any_port;
	uint32_t src, src_mask, dst, dst_mask;
	struct classify_rule rule;
};

struct negotiated {
	struct classify_selector what;
	uint32_t next;			/* of the same bucket, or NOBODY */
};

struct classify {
	uint32_t generation;
	size_t lines, selectors;
	struct line *line;
	struct negotiated *selector;
	uint32_t *bucket, bucket_mask;
	bool len_v4[33], len_v6[129];	/* lengths that remote prefixes have */
};

/* --- making one --- */

static struct line
compile(const struct classify_rule *r)
{
	struct addr mask;
	struct line l = {.rule = *r,
	    .any_port = r->src_low == 0 && r->src_high == UINT16_MAX && r->dst_low == 0 &&
	        r->dst_high == UINT16_MAX};

	if (r->src.addr.family != ADDR_V4 || r->dst.addr.family != ADDR_V4)
		return l;
	l.is_v4 = true;
	mask = prefix_mask(ADDR_V4, r->src.len);
	memcpy(&l.src_mask, mask.b, 4);
	mask = prefix_mask(ADDR_V4, r->dst.len);
	memcpy(&l.dst_mask, mask.b, 4);
	memcpy(&l.src, r->src.addr.b, 4);
	memcpy(&l.dst, r->dst.addr.b, 4);
	l.src &= l.src_mask;
	l.dst &= l.dst_mask;
	return l;
}

static uint32_t *
bucket_of(const struct classify *c, uint16_t protection, const struct prefix *network)
{
	uint64_t h = mix_two(mix_bytes(network, sizeof(*network)), protection);

	return &c->bucket[h & c->bucket_mask];
}

static void
index_selectors(struct classify *c)
{
	struct prefix network;
	uint32_t i, *head;

	memset(c->bucket, 0xff, ((size_t)c->bucket_mask + 1) * sizeof(*c->bucket));
	for (i = (uint32_t)c->selectors; i-- > 0;) {	/* the first given is found first */
		struct negotiated *n = &c->selector[i];

		network = prefix_network(&n->what.remote);
		head = bucket_of(c, n->what.protection, &network);
		n->next = *head;
		*head = i;
		if (network.addr.family == ADDR_V4)
			c->len_v4[network.len] = true;
		else if (network.addr.family == ADDR_V6)
			c->len_v6[network.len] = true;
	}
}

struct classify *
classify_new(const struct classify_rule *rule, size_t rules,
    const struct classify_selector *selector, size_t selectors, uint32_t generation)
{
	struct classify *c = calloc(1, sizeof(*c));
	size_t i;

	if (c == NULL)
		log_fatal("out of memory");
	c->generation = generation;
	c->lines = rules;
	c->selectors = selectors;
	for (c->bucket_mask = 15; c->bucket_mask < selectors;)
		c->bucket_mask = c->bucket_mask << 1 | 1;
	c->line = calloc(rules + 1, sizeof(*c->line));
	c->selector = calloc(selectors + 1, sizeof(*c->selector));
	c->bucket = calloc((size_t)c->bucket_mask + 1, sizeof(*c->bucket));
	if (c->line == NULL || c->selector == NULL || c->bucket == NULL)
		log_fatal("out of memory");
	for (i = 0; i < rules; i++) {
		c->line[i] = compile(&rule[i]);
		acl_count_hold(rule[i].count);
	}
	for (i = 0; i < selectors; i++)
		c->selector[i].what = selector[i];
	index_selectors(c);
	return c;
}

void
classify_free(void *p)
{
	struct classify *c = p;
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->lines; i++)
		acl_count_let_go(c->line[i].rule.count);
	free(c->line);
	free(c->selector);
	free(c->bucket);
	free(c);
}

/* --- flows --- */

struct flow
flow_of(const struct inner *in)
{
	struct flow f = {.src = in->src, .dst = in->dst, .proto = in->proto,
	    .later_fragment = !in->first};

	f.ports = inner_ports(in, &f.src_port, &f.dst_port);
	return f;
}

struct flow
flow_back(const struct flow *f)
{
	struct flow back = *f;

	back.src = f->dst;
	back.dst = f->src;
	back.src_port = f->dst_port;
	back.dst_port = f->src_port;
	return back;
}

/* --- matching --- */

/* Which SA it would go by: longest remote prefix first. */
static uint32_t
negotiated_for(const struct classify *c, uint16_t protection, const struct flow *f)
{
	const bool *has = f->dst.family == ADDR_V4 ? c->len_v4 : c->len_v6;
	struct prefix network = {.addr = f->dst};
	int len = f->dst.family == ADDR_V4 ? 32 : 128;
	uint32_t i;

	for (; len >= 0; len--) {
		if (!has[len])
			continue;
		network.addr = f->dst;
		network.len = (uint8_t)len;
		network = prefix_network(&network);
		for (i = *bucket_of(c, protection, &network); i != NOBODY; i = c->selector[i].next) {
			const struct classify_selector *s = &c->selector[i].what;

			if (s->protection == protection && s->remote.len == len &&
			    prefix_contains(&s->remote, &f->dst) &&
			    prefix_contains(&s->local, &f->src) &&
			    (s->proto == 0 || s->proto == f->proto) &&
			    (f->later_fragment ||
			        ((s->local_port == 0 || (f->ports && s->local_port == f->src_port)) &&
			        (s->remote_port == 0 || (f->ports && s->remote_port == f->dst_port)))))
				return s->peer_ref;
		}
	}
	return 0;
}

static bool
ports_match(const struct classify_rule *r, const struct flow *f)
{
	if (!f->ports)
		return f->later_fragment && r->permit;
	return f->src_port >= r->src_low && f->src_port <= r->src_high &&
	    f->dst_port >= r->dst_low && f->dst_port <= r->dst_high;
}

static bool
line_matches(const struct line *l, const struct flow *f, uint32_t src, uint32_t dst)
{
	const struct classify_rule *r = &l->rule;

	if (r->proto != 0 && r->proto != f->proto)
		return false;
	if (l->is_v4) {
		if (f->src.family != ADDR_V4 || (src & l->src_mask) != l->src ||
		    (dst & l->dst_mask) != l->dst)
			return false;
	} else if (!prefix_contains(&r->src, &f->src) || !prefix_contains(&r->dst, &f->dst))
		return false;
	return l->any_port || ports_match(r, f);
}

struct verdict
classify(const struct classify *c, const struct flow *f)
{
	struct verdict none = {.as = CLASSIFY_NONE};
	uint32_t src, dst, peer_ref;
	size_t i;

	memcpy(&src, f->src.b, 4);
	memcpy(&dst, f->dst.b, 4);
	for (i = 0; i < c->lines; i++) {
		const struct classify_rule *r = &c->line[i].rule;

		if (!line_matches(&c->line[i], f, src, dst))
			continue;
		if (!r->dynamic)
			return (struct verdict){r->permit ? CLASSIFY_PERMIT : CLASSIFY_DENY,
			    r->protection, r->peer_ref, r->count};
		peer_ref = negotiated_for(c, r->protection, f);
		if (peer_ref != 0)
			return (struct verdict){CLASSIFY_PERMIT, r->protection, peer_ref, r->count};
	}
	return none;
}

struct verdict
classify_cached(struct classify_cache *cache, const struct classify *c, const struct flow *f)
{
	size_t i = mix_bytes(f, sizeof(*f)) >> (64 - CLASSIFY_CACHE_BITS);

	if (cache->entry[i].generation != c->generation ||
	    memcmp(&cache->entry[i].flow, f, sizeof(*f)) != 0) {
		cache->entry[i].generation = c->generation;
		cache->entry[i].flow = *f;
		cache->entry[i].verdict = classify(c, f);
	}
	return cache->entry[i].verdict;
}
