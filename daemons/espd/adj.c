/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "adj.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mix.h"

#define ADJ_HASH_BITS 16

void
adjs_init(struct adjs *as, struct loop *l)
{
	as->loop = l;
	rtable_init(&as->by_next_hop, ADJ_HASH_BITS);
	rtable_init(&as->mcast, 8);
	rtable_init(&as->nhs, 8);
}

void
adjs_close(struct adjs *as)
{
	adjs_unname(as);
	adjs_sweep(as);
	shared_drain();
	rtable_close(&as->by_next_hop);
	rtable_close(&as->mcast);
	rtable_close(&as->nhs);
}

static uint64_t
name_hash(const char *ifname)
{
	char name[16] = {0};

	memcpy(name, ifname, strnlen(ifname, sizeof(name) - 1));
	return mix_bytes(name, sizeof(name));
}

static uint64_t
hash_of(uint64_t name, const struct addr *next_hop)
{
	return mix_two(name, mix_bytes(next_hop, sizeof(*next_hop)));
}

/* --- next hops --- */

static struct adj *
find(const struct adjs *as, uint64_t name, const char *ifname, const struct addr *next_hop)
{
	struct rnode *n = rtable_first(&as->by_next_hop, hash_of(name, next_hop));
	struct adj *a;

	for (; n != NULL; n = rtable_next(n)) {
		a = container_of(n, struct adj, node);
		if (addr_eq(&a->next_hop, next_hop) && strcmp(a->ifname, ifname) == 0)
			return a;
	}
	return NULL;
}

struct adj *
adj_find(const struct adjs *as, const struct tunnel *t, const struct addr *next_hop)
{
	return find(as, t->name_hash, t->ifname, next_hop);
}

uint64_t
adj_hash(const struct tunnel *t, const struct addr *next_hop)
{
	return hash_of(t->name_hash, next_hop);
}

static struct adj *
adj_new(const char *ifname, const struct addr *next_hop)
{
	struct adj *a = calloc(1, sizeof(*a));

	if (a == NULL)
		log_fatal("out of memory");
	memcpy(a->ifname, ifname, strnlen(ifname, sizeof(a->ifname) - 1));
	a->next_hop = *next_hop;
	return a;
}

static void
point_at(struct adjs *as, struct adj *a, const struct addr *nbma, uint32_t peer_ref)
{
	const struct adj_to *old = a->to;
	struct adj_to *to = calloc(1, sizeof(*to));

	if (to == NULL)
		log_fatal("out of memory");
	to->nbma = *nbma;
	to->peer_ref = peer_ref;
	if (old != NULL && !addr_eq(&old->nbma, nbma))
		path_mtu_forget(&a->pmtu);
	shared_set(&a->to, to);
	shared_free_later(as->loop, free, (void *)old);
	a->named = true;
}

static void
remove_adj(struct adjs *as, struct rtable *from, struct adj *a)
{
	rtable_del(from, &a->node);
	shared_free_later(as->loop, free, (void *)a->to);
	shared_free_later(as->loop, free, a);
}

void
adj_set(struct adjs *as, const struct ipc_adjacency *set)
{
	uint64_t name = name_hash(set->ifname);
	struct adj *a = find(as, name, set->ifname, &set->next_hop);
	bool new = a == NULL;

	if (new)
		a = adj_new(set->ifname, &set->next_hop);
	point_at(as, a, &set->nbma, set->peer_ref);
	if (new)
		rtable_add(&as->by_next_hop, &a->node, hash_of(name, &set->next_hop));
}

void
adj_del(struct adjs *as, const struct ipc_adjacency *which)
{
	struct adj *a = find(as, name_hash(which->ifname), which->ifname, &which->next_hop);

	if (a != NULL)
		remove_adj(as, &as->by_next_hop, a);
}

/* --- multicast --- */

static struct adj *
of_name(struct rnode *n, const char *ifname)
{
	struct adj *a;

	for (; n != NULL; n = rtable_next(n)) {
		a = container_of(n, struct adj, node);
		if (strcmp(a->ifname, ifname) == 0)
			return a;
	}
	return NULL;
}

struct adj *
adj_mcast_first(const struct adjs *as, const struct tunnel *t)
{
	return of_name(rtable_first(&as->mcast, t->name_hash), t->ifname);
}

struct adj *
adj_mcast_next(const struct adj *a)
{
	return of_name(rtable_next(&a->node), a->ifname);
}

static struct adj *
find_mcast(struct adjs *as, const struct ipc_multicast *m)
{
	struct adj *a = of_name(rtable_first(&as->mcast, name_hash(m->ifname)), m->ifname);

	while (a != NULL && (!addr_eq(&a->to->nbma, &m->nbma) || a->to->peer_ref != m->peer_ref))
		a = adj_mcast_next(a);
	return a;
}

void
adj_mcast_set(struct adjs *as, const struct ipc_multicast *set)
{
	struct addr none = {0};
	struct adj *a = find_mcast(as, set);

	if (a != NULL) {
		a->named = true;
		return;
	}
	a = adj_new(set->ifname, &none);
	point_at(as, a, &set->nbma, set->peer_ref);
	rtable_add(&as->mcast, &a->node, name_hash(set->ifname));
}

void
adj_mcast_del(struct adjs *as, const struct ipc_multicast *which)
{
	struct adj *a = find_mcast(as, which);

	if (a != NULL)
		remove_adj(as, &as->mcast, a);
}

/* --- the NHS --- */

static struct nhs_route *
find_nhs(const struct adjs *as, uint64_t name, const char *ifname)
{
	struct rnode *n = rtable_first(&as->nhs, name);
	struct nhs_route *r;

	for (; n != NULL; n = rtable_next(n)) {
		r = container_of(n, struct nhs_route, node);
		if (strcmp(r->ifname, ifname) == 0)
			return r;
	}
	return NULL;
}

uint64_t
adj_packets(const struct adj *a)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < WORKERS_MAX; i++)
		sum += stat_get(&a->packets[i]);
	return sum;
}

const struct addr *
adj_nhs(const struct adjs *as, const struct tunnel *t)
{
	struct nhs_route *r = find_nhs(as, t->name_hash, t->ifname);

	return r == NULL ? NULL : &r->next_hop;
}

static void
remove_nhs(struct adjs *as, struct nhs_route *r)
{
	rtable_del(&as->nhs, &r->node);
	shared_free_later(as->loop, free, r);
}

void
adj_nhs_set(struct adjs *as, const struct ipc_nhs_route *set)
{
	uint64_t name = name_hash(set->ifname);
	struct nhs_route *old = find_nhs(as, name, set->ifname), *r;

	if (addr_is_set(&set->next_hop)) {
		r = calloc(1, sizeof(*r));
		if (r == NULL)
			log_fatal("out of memory");
		memcpy(r->ifname, set->ifname, sizeof(r->ifname));
		r->next_hop = set->next_hop;
		r->named = true;
		rtable_add(&as->nhs, &r->node, name);
	}
	if (old != NULL)
		remove_nhs(as, old);
}

/* --- BEGIN and END --- */

static void
each(struct rtable *t, void (*f)(struct adjs *, struct rtable *, struct rnode *), struct adjs *as)
{
	struct rnode *n, *next;
	uint32_t i;

	for (i = 0; i <= t->mask; i++)
		for (n = t->bucket[i]; n != NULL; n = next) {
			next = n->next;
			f(as, t, n);
		}
}

static void
unname_adj(struct adjs *as, struct rtable *t, struct rnode *n)
{
	(void)as;
	(void)t;
	container_of(n, struct adj, node)->named = false;
}

static void
unname_nhs(struct adjs *as, struct rtable *t, struct rnode *n)
{
	(void)as;
	(void)t;
	container_of(n, struct nhs_route, node)->named = false;
}

static void
sweep_adj(struct adjs *as, struct rtable *t, struct rnode *n)
{
	struct adj *a = container_of(n, struct adj, node);

	if (!a->named)
		remove_adj(as, t, a);
}

static void
sweep_nhs(struct adjs *as, struct rtable *t, struct rnode *n)
{
	struct nhs_route *r = container_of(n, struct nhs_route, node);

	(void)t;
	if (!r->named)
		remove_nhs(as, r);
}

void
adjs_unname(struct adjs *as)
{
	each(&as->by_next_hop, unname_adj, as);
	each(&as->mcast, unname_adj, as);
	each(&as->nhs, unname_nhs, as);
}

void
adjs_sweep(struct adjs *as)
{
	each(&as->by_next_hop, sweep_adj, as);
	each(&as->mcast, sweep_adj, as);
	each(&as->nhs, sweep_nhs, as);
}
