/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel_route.h"

#include <linux/ipv6_route.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"

#define DEPTH_MAX 8		/* of routes through routes */

static const struct {
	unsigned int protocol;
	char code;
	unsigned int distance;
} protocols[] = {
	{RTPROT_KERNEL, 'C', 0},
	{RTPROT_STATIC, 'S', 1},
	{RTPROT_BGP, 'B', 20},
	{RTPROT_EIGRP, 'D', 90},
	{RTPROT_OSPF, 'O', 110},
	{RTPROT_ISIS, 'i', 115},
	{RTPROT_RIP, 'R', 120},
};

unsigned int
kernel_route_distance(unsigned int protocol)
{
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (protocols[i].protocol == protocol)
			return protocols[i].distance;
	return 255;
}

char
kernel_route_code(unsigned int protocol)
{
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (protocols[i].protocol == protocol)
			return protocols[i].code;
	return 'K';
}

/* --- resolving --- */

struct hop {
	struct addr gateway;
	int index;
};

struct resolver {
	const struct kernel *k;
	const struct conf *c;
	const struct nics *n;
};

static bool resolve(const struct resolver *v, const struct conf_route *r, unsigned int depth,
    struct hop *out);

static bool
through_interface(const struct resolver *v, const struct conf_route *r, struct hop *out)
{
	const struct kernel_link *l;
	char ifname[16];

	if (!nics_linux_name(v->n, &r->iface, ifname))
		return false;
	l = kernel_link(v->k, ifname);
	if (!kernel_link_usable(l))
		return false;
	*out = (struct hop){.gateway = r->gateway, .index = l->index};
	return true;
}

/* The kernel's best route to `a` that is not a static one of ours; NULL: none. */
static const struct kernel_route *
best_kernel(const struct resolver *v, const struct addr *a)
{
	const struct kernel_route *r, *best = NULL;
	size_t i;

	for (i = 0; i < v->k->routes; i++) {
		r = &v->k->route[i];
		if (r->protocol == RTPROT_STATIC || r->type != RTN_UNICAST || r->linkdown ||
		    !prefix_contains(&r->prefix, a) ||
		    !kernel_link_usable(kernel_link_at(v->k, r->index)))
			continue;
		if (best == NULL || r->prefix.len > best->prefix.len ||
		    (r->prefix.len == best->prefix.len && r->metric < best->metric))
			best = r;
	}
	return best;
}

/* The best static route to `a`, itself resolved; a route must not stand on itself. */
static bool
best_static(const struct resolver *v, const struct conf_route *self, const struct addr *a,
    unsigned int depth, struct hop *out, int *len)
{
	const struct conf_route *r;
	struct hop hop;

	*len = -1;
	DL_FOREACH(v->c->routes, r)
		if (r != self && !prefix_eq(&r->prefix, &self->prefix) && r->prefix.len > *len &&
		    prefix_contains(&r->prefix, a) && resolve(v, r, depth + 1, &hop)) {
			*len = r->prefix.len;
			*out = hop;
		}
	return *len >= 0;
}

static bool
resolve(const struct resolver *v, const struct conf_route *r, unsigned int depth, struct hop *out)
{
	const struct kernel_route *kr;
	struct hop through;
	int len;

	if (depth > DEPTH_MAX || r->null0)
		return false;
	if (r->iface.type != IFACE_NONE)
		return through_interface(v, r, out);
	kr = best_kernel(v, &r->gateway);
	if (best_static(v, r, &r->gateway, depth, &through, &len) &&
	    (kr == NULL || len > kr->prefix.len)) {
		*out = through;
		if (!addr_is_set(&out->gateway))
			out->gateway = r->gateway;
		return true;
	}
	if (kr == NULL)
		return false;
	out->index = kr->index;
	out->gateway = addr_is_set(&kr->gateway) ? kr->gateway : r->gateway;
	return true;
}

/* --- planning --- */

static unsigned int
distance_of(const struct conf_route *r)
{
	return r->distance == 0 ? 1 : r->distance;
}

/* A routing protocol that knows the prefix, and is believed more. */
static bool
outranked(const struct kernel *k, const struct prefix *p, unsigned int distance)
{
	size_t i;

	for (i = 0; i < k->routes; i++)
		if (k->route[i].protocol != RTPROT_STATIC && prefix_eq(&k->route[i].prefix, p) &&
		    kernel_route_distance(k->route[i].protocol) < distance)
			return true;
	return false;
}

static void
add_hop(struct kernel_route_want *w, const struct hop *hop, const struct conf_route *from)
{
	size_t i;

	for (i = 0; i < w->hops; i++)
		if (w->hop[i].index == hop->index && addr_eq(&w->hop[i].gateway, &hop->gateway))
			return;
	if (w->hops == KERNEL_HOPS_MAX)
		return;
	w->hop[w->hops].gateway = hop->gateway;
	w->hop[w->hops].from = from;
	w->hop[w->hops++].index = hop->index;
}

/* `first` is the first of the routes to its prefix. */
static bool
plan_prefix(const struct resolver *v, const struct conf_route *first, struct kernel_route_want *w)
{
	const struct conf_route *r;
	unsigned int best = 256;
	struct hop hop;

	*w = (struct kernel_route_want){.prefix = first->prefix};
	for (r = first; r != NULL; r = r->next) {
		bool usable = prefix_eq(&r->prefix, &first->prefix) && distance_of(r) <= best &&
		    (r->null0 || resolve(v, r, 0, &hop));

		if (!usable)
			continue;
		if (distance_of(r) < best) {
			best = distance_of(r);
			w->hops = 0;
			w->blackhole = false;
		}
		if (r->null0 && w->hops == 0) {
			w->blackhole = true;
			w->hop[0].from = r;
		} else if (!r->null0) {
			w->blackhole = false;
			add_hop(w, &hop, r);
		}
	}
	return (w->hops > 0 || w->blackhole) && !outranked(v->k, &first->prefix, best);
}

static bool
is_first(const struct conf *c, const struct conf_route *r)
{
	const struct conf_route *other;

	DL_FOREACH(c->routes, other)
		if (prefix_eq(&other->prefix, &r->prefix))
			return other == r;
	return true;
}

struct kernel_route_want *
kernel_route_plan(const struct kernel *k, const struct conf *c, const struct nics *n, size_t *count)
{
	struct resolver v = {k, c, n};
	const struct conf_route *r;
	struct kernel_route_want *plan;
	size_t room;

	DL_COUNT(c->routes, r, room);
	*count = 0;
	plan = calloc(room + 1, sizeof(*plan));
	if (plan == NULL)
		log_fatal("out of memory for %zu routes", room);
	DL_FOREACH(c->routes, r)
		if (is_first(c, r) && plan_prefix(&v, r, &plan[*count]))
			(*count)++;
	return plan;
}

/* --- applying --- */

static bool
has_hop(const struct kernel_route_want *w, const struct kernel_route *r)
{
	size_t i;

	for (i = 0; i < w->hops; i++)
		if (w->hop[i].index == r->index && addr_eq(&w->hop[i].gateway, &r->gateway))
			return true;
	return w->blackhole && r->type == RTN_BLACKHOLE;
}

/* What the kernel makes of no metric. */
static uint32_t
unmetered(const struct prefix *p)
{
	return p->addr.family == ADDR_V6 ? IP6_RT_PRIO_USER : 0;
}

/* Is it in the kernel just so? */
static bool
installed(const struct kernel *k, const struct kernel_route_want *w)
{
	size_t i, there = 0;

	for (i = 0; i < k->routes; i++) {
		const struct kernel_route *r = &k->route[i];

		if (r->protocol != RTPROT_STATIC || r->metric != unmetered(&r->prefix) ||
		    !prefix_eq(&r->prefix, &w->prefix))
			continue;
		if (!has_hop(w, r))
			return false;
		there++;
	}
	return there == (w->blackhole ? 1 : w->hops);
}

static bool
any_static(const struct kernel *k, const struct prefix *p)
{
	size_t i;

	for (i = 0; i < k->routes; i++)
		if (k->route[i].protocol == RTPROT_STATIC && prefix_eq(&k->route[i].prefix, p))
			return true;
	return false;
}

static void
sweep(struct kernel *k, struct owned *o)
{
	struct owned_line *l, *next;
	char text[64];
	struct prefix p;

	HASH_ITER(hh, o->lines, l, next) {
		if (l->wanted || sscanf(l->line, "route %63s", text) != 1)
			continue;
		if (prefix_parse(&p, text) && any_static(k, &p)) {
			const char *why = kernel_route_del(k, &p);

			if (why != NULL)
				log_err("route %s: %s", text, why);
		}
		owned_del(o, l);
	}
}

void
kernel_route_apply(struct kernel *k, const struct conf *c, const struct nics *n, struct owned *o)
{
	size_t count, i;
	struct kernel_route_want *plan = kernel_route_plan(k, c, n, &count);

	owned_unmark(o, "route");
	for (i = 0; i < count; i++)
		owned_want(o, "route %s", PREFIX_STR(&plan[i].prefix));
	sweep(k, o);
	for (i = 0; i < count; i++) {
		const char *why = installed(k, &plan[i]) ? NULL : kernel_route_set(k, &plan[i]);

		if (why != NULL)
			log_err("route %s: %s", PREFIX_STR(&plan[i].prefix), why);
		else
			owned_add(o, "route %s", PREFIX_STR(&plan[i].prefix));
	}
	free(plan);
}

void
kernel_route_remove(struct kernel *k, struct owned *o)
{
	owned_unmark(o, "route");
	sweep(k, o);
}
