/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_conf.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "answer.h"
#include "cache.h"
#include "kept.h"
#include "log.h"
#include "mcast.h"
#include "nhs.h"
#include "nhs_cluster.h"
#include "protect.h"
#include "publish.h"
#include "purge.h"

/* As IOS prints it: Max-send limit:10000Pkts/10Sec. */
static const struct ratelimit max_send = RATELIMIT(1, 10000);
static const struct ratelimit max_errors = RATELIMIT(1000, 10);

static struct nhrp_if *
if_new(struct nhrp *n, const struct ipc_nhrp_if *conf, uint32_t slot)
{
	struct nhrp_if *ifp = calloc(1, sizeof(*ifp));

	if (ifp == NULL)
		log_fatal("out of memory");
	ifp->nhrp = n;
	ifp->conf = *conf;
	ifp->send_limit = max_send;
	ifp->error_limit = max_errors;
	nhs_cluster_init_if(ifp);
	ifp->slot = slot == KEPT_NONE ? kept_take(n, ifp) : slot;
	if (ifp->slot == KEPT_NONE) {
		free(ifp);
		return NULL;
	}
	n->owner[ifp->slot] = ifp;
	HASH_ADD_STR(n->ifs, conf.ifname, ifp);
	return ifp;
}

/* Equal as messages: the structs have padding. */
static bool
same_settings(const struct ipc_nhrp_if *a, const struct ipc_nhrp_if *b)
{
	uint8_t room[2][sizeof(struct ipc_nhrp_if) + 64];
	struct wbuf w[2];

	wbuf_init(&w[0], room[0], sizeof(room[0]));
	wbuf_init(&w[1], room[1], sizeof(room[1]));
	ipc_encode(&w[0], IPC_MSG_NHRP_IF_SET, a);
	ipc_encode(&w[1], IPC_MSG_NHRP_IF_SET, b);
	return !w[0].bad && wbuf_len(&w[0]) == wbuf_len(&w[1]) &&
	    memcmp(room[0], room[1], wbuf_len(&w[0])) == 0;
}

/* Do sessions, adjacencies and registrations of the old settings still stand? */
static bool
same_place(const struct ipc_nhrp_if *a, const struct ipc_nhrp_if *b)
{
	return a->up == b->up && (a->network == 0) == (b->network == 0) &&
	    prefix_eq(&a->address, &b->address) && addr_eq(&a->local, &b->local) &&
	    strcmp(a->protection, b->protection) == 0 && strcmp(a->auth, b->auth) == 0 &&
	    a->unique == b->unique && a->holdtime_s == b->holdtime_s;
}

static void
log_network(const struct nhrp_if *ifp, const struct ipc_nhrp_if *old)
{
	if (old->network != 0 && ifp->conf.network == 0)
		log_event(LOG_SEV_NOTICE, "DMVPN", "NHRP_NETID_UNCONFIGURED",
		    " %s: NETID : %u Unconfigured (Tunnel: %s NBMA:  %s)", ifp->conf.name,
		    old->network, ADDR_STR(&old->address.addr), ADDR_STR(&old->local));
}

/* Static entries go by sessions from the new address; what was learned is learned anew. */
static void
move(struct nhrp_if *ifp)
{
	struct nhrp_entry *e, *next;
	bool ready = nhrp_if_ready(ifp);

	memset(&ifp->public_nbma, 0, sizeof(ifp->public_nbma));
	answer_forget(ifp->nhrp, ifp);
	HASH_ITER(hh, ifp->cache, e, next) {
		if (e->class != CACHE_CONFIGURED) {
			cache_remove(e);
			continue;
		}
		cache_set_peer(e, ready ? protect_want(ifp, &e->r.nbma, true) : NULL);
		cache_changed(e);
	}
	publish_if(ifp);
	mcast_if_changed(ifp);
	nhs_if_changed(ifp);
}

void
nhrp_if_set(struct nhrp *n, const struct ipc_nhrp_if *conf)
{
	struct nhrp_if *ifp = nhrp_if_find(n, conf->ifname);
	struct ipc_nhrp_if old;
	bool moves;

	if (ifp == NULL) {
		ifp = if_new(n, conf, KEPT_NONE);
		if (ifp == NULL)
			log_err("%s: no room for the interface", conf->name);
		else
			nhrp_if_keep(ifp);
		return;
	}
	ifp->stale = false;
	if (same_settings(&ifp->conf, conf))
		return;
	old = ifp->conf;
	moves = !same_place(&old, conf);
	if (moves) {
		nhs_if_leaving(ifp);
		purge_local(ifp);
	}
	ifp->conf = *conf;
	nhrp_if_keep(ifp);
	log_network(ifp, &old);
	if (moves)
		move(ifp);
	else
		publish_if(ifp);
}

void
nhrp_if_del(struct nhrp_if *ifp)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_entry *e, *next;

	purge_forget(ifp);
	answer_forget(n, ifp);
	nhs_del_all(ifp);
	mcast_del_all(ifp);
	HASH_ITER(hh, ifp->cache, e, next)
		cache_remove(e);
	HASH_DEL(n->ifs, ifp);
	kept_release(n, ifp->slot);
	free(ifp);
}

void
nhrp_if_restore(struct nhrp *n, const struct nhrp_if_record *r, uint32_t slot)
{
	struct nhrp_if *ifp = if_new(n, &r->conf, slot);

	if (ifp == NULL)
		return;
	ifp->public_nbma = r->public_nbma;
	memcpy(ifp->clusters.of, r->clusters, sizeof(r->clusters));
}

/* --- maps --- */

static bool
is_multicast_map(const struct prefix *address)
{
	return !addr_is_set(&address->addr);
}

void
nhrp_map_set(struct nhrp_if *ifp, const struct prefix *address, const struct addr *nbma)
{
	struct prefix p = prefix_network(address);
	struct nhrp_entry *e;

	if (is_multicast_map(address)) {
		mcast_add(ifp, nbma, MCAST_BY_MAP);
		return;
	}
	e = cache_find(ifp, &p);
	if (e != NULL && e->class != CACHE_CONFIGURED) {
		cache_remove(e);
		e = NULL;
	}
	if (e == NULL)
		e = cache_add(ifp, &p, CACHE_CONFIGURED);
	if (e == NULL) {
		log_err("%s: no room for the map of %s", ifp->conf.name, PREFIX_STR(&p));
		return;
	}
	e->stale = false;
	if ((e->r.by & CACHE_BY_MAP) && addr_eq(&e->r.nbma, nbma))
		return;
	e->r.by |= CACHE_BY_MAP;
	e->r.nbma = *nbma;
	e->r.next_hop = p.addr;
	cache_set_peer(e, nhrp_if_ready(ifp) ? protect_want(ifp, nbma, true) : NULL);
	cache_changed(e);
	publish_entry(e);
}

static void
map_drop(struct nhrp_entry *e)
{
	e->r.by &= (uint8_t)~CACHE_BY_MAP;
	if (e->r.by == 0)
		cache_remove(e);
	else
		cache_changed(e);
}

void
nhrp_map_del(struct nhrp_if *ifp, const struct prefix *address, const struct addr *nbma)
{
	struct prefix p = prefix_network(address);
	struct nhrp_entry *e;

	if (is_multicast_map(address)) {
		mcast_del(ifp, nbma, MCAST_BY_MAP);
		return;
	}
	e = cache_find(ifp, &p);
	if (e != NULL && e->class == CACHE_CONFIGURED)
		map_drop(e);
}

/* --- BEGIN and END --- */

static void
mark(struct nhrp_if *ifp)
{
	struct nhrp_entry *e, *next;
	struct nhrp_mcast *m;
	struct nhrp_nhs *s;
	unsigned int i;

	ifp->stale = true;
	for (i = 0; i < NHS_CLUSTERS; i++)
		ifp->clusters.of[i].stale = ifp->clusters.of[i].limited;
	HASH_ITER(hh, ifp->cache, e, next)
		e->stale = (e->r.by & CACHE_BY_MAP) != 0;
	DL_FOREACH(ifp->mcast, m)
		m->stale = (m->r.by & MCAST_BY_MAP) != 0;
	DL_FOREACH(ifp->nhs, s)
		s->stale = true;
}

void
nhrp_config_begin(struct nhrp *n)
{
	struct nhrp_if *ifp, *next;

	HASH_ITER(hh, n->ifs, ifp, next)
		mark(ifp);
}

static void
sweep(struct nhrp_if *ifp)
{
	struct nhrp_entry *e, *e_next;
	struct nhrp_mcast *m, *m_next;
	struct nhrp_nhs *s, *s_next;
	unsigned int i;

	DL_FOREACH_SAFE(ifp->nhs, s, s_next)
		if (s->stale)
			nhs_del(ifp, &s->r.nhs);
	for (i = 0; i < NHS_CLUSTERS; i++)
		if (ifp->clusters.of[i].stale)
			nhs_cluster_set(ifp, i, false, 0);
	DL_FOREACH_SAFE(ifp->mcast, m, m_next)
		if (m->stale)
			mcast_del(ifp, &m->r.nbma, MCAST_BY_MAP);
	HASH_ITER(hh, ifp->cache, e, e_next)
		if (e->stale)
			map_drop(e);
}

void
nhrp_config_end(struct nhrp *n)
{
	struct nhrp_if *ifp, *next;

	HASH_ITER(hh, n->ifs, ifp, next) {
		if (ifp->stale) {
			nhs_if_leaving(ifp);
			nhrp_if_del(ifp);
		} else {
			sweep(ifp);
		}
	}
}
