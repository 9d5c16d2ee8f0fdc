/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fib.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "log.h"

/* A route of the kernel's; several of one prefix differ in their metric. */
struct fib_route {
	struct fib_route *next;
	uint32_t metric, round;
	uint8_t hops;
	struct addr via[FIB_HOPS];
};

struct fib_key {
	char ifname[16];
	struct prefix prefix;
};

struct fib_prefix {
	struct fib_key key;
	struct fib_route *routes;	/* best metric first */
	struct addr shortcut;		/* next hop; unset: none */
	bool named;			/* the shortcut, since BEGIN */
	UT_hash_handle hh;
};

/* --- workers --- */

bool
fib_lookup(const struct tunnel *t, const struct addr *dst, uint64_t flow, struct addr *next_hop)
{
	const struct fib_entry *e = trie_lookup(dst->family == ADDR_V4 ? &t->fib4 : &t->fib6,
	    dst->b);

	if (e == NULL)
		return false;
	*next_hop = e->via[e->hops == 1 ? 0 : flow % e->hops];
	if (!addr_is_set(next_hop))
		*next_hop = *dst;
	return true;
}

bool
fib_is_local(const struct fib *f, const struct addr *a)
{
	return trie_lookup(a->family == ADDR_V4 ? &f->local4 : &f->local6, a->b) != NULL;
}

/* --- prefixes --- */

static struct fib_prefix *
find(struct fib *f, const char *ifname, const struct prefix *prefix, bool make)
{
	struct fib_key key;
	struct fib_prefix *p;

	memset(&key, 0, sizeof(key));
	memcpy(key.ifname, ifname, strnlen(ifname, sizeof(key.ifname) - 1));
	key.prefix = prefix_network(prefix);
	HASH_FIND(hh, f->prefixes, &key, sizeof(key), p);
	if (p != NULL || !make)
		return p;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		log_fatal("out of memory");
	p->key = key;
	HASH_ADD(hh, f->prefixes, key, sizeof(p->key), p);
	return p;
}

static struct fib_entry *
effective(const struct fib_prefix *p)
{
	struct fib_entry *e;

	if (!addr_is_set(&p->shortcut) && p->routes == NULL)
		return NULL;
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		log_fatal("out of memory");
	e->shortcut = addr_is_set(&p->shortcut);
	if (e->shortcut) {
		e->hops = 1;
		e->via[0] = p->shortcut;
	} else {
		e->hops = p->routes->hops;
		memcpy(e->via, p->routes->via, sizeof(e->via));
	}
	return e;
}

/* Brings what workers see in line with the record, and drops an empty record. */
static void
publish(struct fib *f, struct fib_prefix *p)
{
	struct tunnel *t = tunnel_by_name(f->tunnels, p->key.ifname);
	const struct addr *a = &p->key.prefix.addr;
	struct fib_entry *e;

	if (t != NULL) {
		e = effective(p);
		shared_free_later(f->loop, free, trie_set(a->family == ADDR_V4 ? &t->fib4 : &t->fib6,
		    f->loop, a->b, p->key.prefix.len, e));
	}
	if (p->routes == NULL && !addr_is_set(&p->shortcut)) {
		HASH_DEL(f->prefixes, p);
		free(p);
	}
}

/* --- what netlink tells --- */

static void
drop_routes(struct fib_prefix *p, uint32_t metric)
{
	struct fib_route *r, *next;

	LL_FOREACH_SAFE(p->routes, r, next) {
		if (r->metric != metric)
			continue;
		LL_DELETE(p->routes, r);
		free(r);
	}
}

static int
by_metric(const struct fib_route *a, const struct fib_route *b)
{
	return a->metric < b->metric ? -1 : a->metric > b->metric;
}

static void
add_route(struct fib *f, struct fib_prefix *p, const struct fib_news *n, int ifindex)
{
	struct fib_route *r;
	unsigned int i;

	LL_FOREACH(p->routes, r)
		if (r->metric == n->metric)
			break;
	if (r == NULL) {
		r = calloc(1, sizeof(*r));
		if (r == NULL)
			log_fatal("out of memory");
		r->metric = n->metric;
		LL_INSERT_INORDER(p->routes, r, by_metric);
	}
	r->round = f->kernel.round;
	r->hops = 0;
	for (i = 0; i < n->hops && r->hops < FIB_HOPS; i++)
		if (n->hop[i].ifindex == ifindex)
			r->via[r->hops++] = n->hop[i].via;
}

static void
replaced_elsewhere(struct fib *f, const struct fib_news *n)
{
	struct fib_prefix *p;
	struct tunnel *t;
	uint32_t i;

	for (i = 0; i < f->tunnels->top; i++) {
		t = f->tunnels->slot[i];
		p = t == NULL ? NULL : find(f, t->ifname, &n->prefix, false);
		if (p == NULL || p->routes == NULL)
			continue;
		drop_routes(p, n->metric);
		publish(f, p);
	}
}

static void
route_news(struct fib *f, const struct fib_news *n)
{
	struct fib_prefix *p;
	struct tunnel *t;
	unsigned int i;

	if (n->replaces)
		replaced_elsewhere(f, n);
	for (i = 0; i < n->hops; i++) {
		t = tunnel_by_ifindex(f->tunnels, n->hop[i].ifindex);
		p = t == NULL ? NULL : find(f, t->ifname, &n->prefix, !n->gone);
		if (p == NULL)
			continue;
		if (n->gone)
			drop_routes(p, n->metric);
		else
			add_route(f, p, n, t->ifindex);
		publish(f, p);
	}
}

static void
local_news(struct fib *f, const struct fib_news *n)
{
	struct trie *t = n->prefix.addr.family == ADDR_V4 ? &f->local4 : &f->local6;

	trie_set(t, f->loop, n->prefix.addr.b, n->prefix.len,
	    n->gone ? NULL : f);	/* any value will do */
}

static void
kernel_news(struct fib_netlink *k, const struct fib_news *n)
{
	struct fib *f = container_of(k, struct fib, kernel);

	if (n->local)
		local_news(f, n);
	else
		route_news(f, n);
}

static void
kernel_dump_done(struct fib_netlink *k)
{
	struct fib *f = container_of(k, struct fib, kernel);
	struct fib_prefix *p, *next;
	struct fib_route *r, *rnext;
	bool dropped;

	HASH_ITER(hh, f->prefixes, p, next) {
		dropped = false;
		LL_FOREACH_SAFE(p->routes, r, rnext) {
			if (r->round == f->kernel.round)
				continue;
			LL_DELETE(p->routes, r);
			free(r);
			dropped = true;
		}
		if (dropped)
			publish(f, p);
	}
}

static void
kernel_changed(struct fib_netlink *k)
{
	struct fib *f = container_of(k, struct fib, kernel);

	if (f->changed != NULL)
		f->changed(f);
}

/* --- tunnels and shortcuts --- */

void
fib_tunnel_added(struct fib *f, struct tunnel *t)
{
	struct fib_prefix *p, *next;

	HASH_ITER(hh, f->prefixes, p, next)
		if (strcmp(p->key.ifname, t->ifname) == 0)
			publish(f, p);
	fib_netlink_dump(&f->kernel);
}

void
fib_tunnel_removed(struct fib *f, struct tunnel *t)
{
	struct fib_prefix *p, *next;
	struct fib_route *r, *rnext;
	const struct addr *a;

	HASH_ITER(hh, f->prefixes, p, next) {
		if (strcmp(p->key.ifname, t->ifname) != 0)
			continue;
		LL_FOREACH_SAFE(p->routes, r, rnext)
			free(r);
		p->routes = NULL;
		a = &p->key.prefix.addr;
		shared_free_later(f->loop, free, trie_set(a->family == ADDR_V4 ? &t->fib4 : &t->fib6,
		    f->loop, a->b, p->key.prefix.len, NULL));
		if (!addr_is_set(&p->shortcut)) {
			HASH_DEL(f->prefixes, p);
			free(p);
		}
	}
}

void
fib_shortcut_set(struct fib *f, const struct ipc_shortcut *set)
{
	struct fib_prefix *p = find(f, set->ifname, &set->prefix, true);

	p->shortcut = set->next_hop;
	p->named = true;
	publish(f, p);
}

void
fib_shortcut_del(struct fib *f, const struct ipc_shortcut *which)
{
	struct fib_prefix *p = find(f, which->ifname, &which->prefix, false);

	if (p == NULL)
		return;
	memset(&p->shortcut, 0, sizeof(p->shortcut));
	publish(f, p);
}

void
fib_unname(struct fib *f)
{
	struct fib_prefix *p, *next;

	HASH_ITER(hh, f->prefixes, p, next)
		p->named = false;
}

void
fib_sweep(struct fib *f)
{
	struct fib_prefix *p, *next;

	HASH_ITER(hh, f->prefixes, p, next) {
		if (p->named || !addr_is_set(&p->shortcut))
			continue;
		memset(&p->shortcut, 0, sizeof(p->shortcut));
		publish(f, p);
	}
}

/* --- questions --- */

int
fib_output_device(struct fib *f, const struct addr *local, const struct addr *remote)
{
	return fib_netlink_output_device(&f->kernel, local, remote);
}

bool
fib_delete_device(struct fib *f, int ifindex)
{
	return fib_netlink_delete_device(&f->kernel, ifindex);
}

/* --- opening and closing --- */

bool
fib_open(struct fib *f, struct loop *l, struct tunnels *ts, void (*changed)(struct fib *f))
{
	memset(f, 0, sizeof(*f));
	f->loop = l;
	f->tunnels = ts;
	f->changed = changed;
	trie_init(&f->local4, 32);
	trie_init(&f->local6, 128);
	f->kernel.news = kernel_news;
	f->kernel.dump_done = kernel_dump_done;
	f->kernel.changed = kernel_changed;
	return fib_netlink_open(&f->kernel, l);
}

void
fib_close(struct fib *f)
{
	struct fib_prefix *p, *next;
	struct fib_route *r, *rnext;

	fib_netlink_close(&f->kernel);
	HASH_ITER(hh, f->prefixes, p, next) {
		LL_FOREACH_SAFE(p->routes, r, rnext)
			free(r);
		HASH_DEL(f->prefixes, p);
		free(p);
	}
	trie_close(&f->local4);
	trie_close(&f->local6);
}
