/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish.h"

#include <string.h>
#include <utlist.h>

#include "mcast.h"
#include "nhs.h"
#include "protect.h"

static void
tell(struct nhrp *n, enum ipc_type type, const void *body)
{
	n->ops->to_espd(n->ops_arg, type, body);
}

static bool
is_host(const struct prefix *p)
{
	return p->len == 8 * addr_bytes(&p->addr);
}

/* --- adjacencies --- */

static bool
wants_adjacency(const struct nhrp_entry *e)
{
	if (!nhrp_if_ready(e->ifp) || e->r.negative || !is_host(&e->r.address) ||
	    !addr_eq(&e->r.address.addr, &e->r.next_hop) || !addr_is_set(&e->r.nbma))
		return false;
	switch (e->class) {
	case CACHE_CONFIGURED:
		/* Without a session too: espd must know who it waits for. */
		return true;
	case CACHE_REGISTERED:
		return true;
	case CACHE_LEARNED:
		return cache_usable(e);
	default:
		return false;
	}
}

static void
publish_adjacency(struct nhrp_entry *e, bool want)
{
	struct ipc_adjacency m = {.next_hop = e->r.address.addr, .nbma = e->r.nbma};

	memcpy(m.ifname, e->ifp->conf.ifname, sizeof(m.ifname));
	if (e->peer != NULL)
		m.peer_ref = e->peer->r.peer_ref;
	if (want && e->told.adjacency && e->told.peer_ref == m.peer_ref &&
	    addr_eq(&e->told.nbma, &m.nbma))
		return;
	if (!want && !e->told.adjacency)
		return;
	e->told.adjacency = want;
	e->told.nbma = m.nbma;
	e->told.peer_ref = m.peer_ref;
	tell(e->ifp->nhrp, want ? IPC_MSG_ADJ_SET : IPC_MSG_ADJ_DEL, &m);
}

/* --- shortcuts --- */

static bool
wants_shortcut(const struct nhrp_entry *e)
{
	const struct nhrp_entry *hop;

	if (!nhrp_if_ready(e->ifp) || e->r.negative || e->class != CACHE_LEARNED ||
	    !(e->r.flags & NHRP_FLAG_RIB) || addr_eq(&e->r.address.addr, &e->r.next_hop) ||
	    !cache_usable(e))
		return false;
	hop = cache_find_host(e->ifp, &e->r.next_hop);
	return hop != NULL && hop->told.adjacency;
}

static void
publish_shortcut(struct nhrp_entry *e, bool want)
{
	struct ipc_shortcut m = {.prefix = e->r.address, .next_hop = e->r.next_hop};

	if (want == e->told.shortcut)
		return;
	memcpy(m.ifname, e->ifp->conf.ifname, sizeof(m.ifname));
	e->told.shortcut = want;
	tell(e->ifp->nhrp, want ? IPC_MSG_SHORTCUT_SET : IPC_MSG_SHORTCUT_DEL, &m);
}

/* --- multicast --- */

/* espd knows a member once, however many clients are there and whether a map names it, too. */
static bool
is_member_still(const struct nhrp_if *ifp, const struct addr *nbma, uint32_t peer_ref)
{
	const struct nhrp_mcast *m;
	const struct nhrp_entry *e;
	const struct nhrp_peer *p;

	DL_FOREACH(ifp->mcast, m)
		if (m->told && m->told_ref == peer_ref && addr_eq(&m->r.nbma, nbma))
			return true;
	DL_FOREACH2(protect_at(ifp->nhrp, nbma), p, at_next)
		DL_FOREACH2(p->entries, e, peer_next)
			if (e->ifp == ifp && e->told.mcast && e->told.mcast_ref == peer_ref &&
			    addr_eq(&e->told.mcast_nbma, nbma))
				return true;
	return false;
}

void
publish_multicast(struct nhrp_if *ifp, bool set, const struct addr *nbma, uint32_t peer_ref)
{
	struct ipc_multicast m = {.nbma = *nbma, .peer_ref = peer_ref};

	if (!set && is_member_still(ifp, nbma, peer_ref))
		return;
	memcpy(m.ifname, ifp->conf.ifname, sizeof(m.ifname));
	tell(ifp->nhrp, set ? IPC_MSG_MCAST_SET : IPC_MSG_MCAST_DEL, &m);
}

static void
publish_member(struct nhrp_entry *e, bool want)
{
	uint32_t ref = e->peer != NULL ? e->peer->r.peer_ref : 0;

	if (e->told.mcast &&
	    (!want || e->told.mcast_ref != ref || !addr_eq(&e->told.mcast_nbma, &e->r.nbma))) {
		e->told.mcast = false;
		publish_multicast(e->ifp, false, &e->told.mcast_nbma, e->told.mcast_ref);
	}
	if (!want || e->told.mcast)
		return;
	e->told.mcast = true;
	e->told.mcast_nbma = e->r.nbma;
	e->told.mcast_ref = ref;
	publish_multicast(e->ifp, true, &e->r.nbma, ref);
}

/* --- entries --- */

void
publish_entry(struct nhrp_entry *e)
{
	bool adjacency = wants_adjacency(e);

	/* A shortcut never stands without the adjacency that it leads to. */
	if (!adjacency && e->told.adjacency && e->ifp->counts[CACHE_LEARNED] > 0) {
		struct nhrp_entry *other, *next;

		HASH_ITER(hh, e->ifp->cache, other, next)
			if (other->told.shortcut && addr_eq(&other->r.next_hop, &e->r.next_hop))
				publish_shortcut(other, false);
	}
	publish_adjacency(e, adjacency);
	publish_shortcut(e, wants_shortcut(e));
	publish_member(e, adjacency && e->class == CACHE_REGISTERED &&
	    e->ifp->conf.multicast_dynamic && cache_usable(e));
}

void
publish_withdraw(struct nhrp_entry *e)
{
	bool negative = e->r.negative;

	e->r.negative = true;
	publish_entry(e);
	e->r.negative = negative;
}

void
publish_peer(struct nhrp_peer *p)
{
	struct nhrp_if *ifp, *ifp_next;
	struct nhrp_entry *e, *next;
	struct nhrp_mcast *m;

	HASH_ITER(hh, p->nhrp->ifs, ifp, ifp_next)
		DL_FOREACH(ifp->mcast, m)
			if (m->peer == p)
				mcast_publish(m);
	DL_FOREACH_SAFE2(p->entries, e, next, peer_next)
		if (is_host(&e->r.address))
			publish_entry(e);
	DL_FOREACH_SAFE2(p->entries, e, next, peer_next)
		if (!is_host(&e->r.address))
			publish_entry(e);
}

void
publish_if(struct nhrp_if *ifp)
{
	struct nhrp_entry *e, *next;

	HASH_ITER(hh, ifp->cache, e, next)
		if (is_host(&e->r.address))
			publish_entry(e);
	HASH_ITER(hh, ifp->cache, e, next)
		if (!is_host(&e->r.address))
			publish_entry(e);
}

void
publish_nhs_route(struct nhrp_if *ifp, const struct addr *nhs)
{
	struct ipc_nhs_route m = {0};

	if (addr_eq(&ifp->nhs_route, nhs))
		return;
	ifp->nhs_route = *nhs;
	m.next_hop = *nhs;
	memcpy(m.ifname, ifp->conf.ifname, sizeof(m.ifname));
	tell(ifp->nhrp, IPC_MSG_NHS_ROUTE, &m);
}

static void
publish_if_anew(struct nhrp_if *ifp)
{
	struct addr nhs = ifp->nhs_route;
	struct nhrp_entry *e, *next;
	struct nhrp_mcast *m;

	HASH_ITER(hh, ifp->cache, e, next)
		memset(&e->told, 0, sizeof(e->told));
	publish_if(ifp);
	DL_FOREACH(ifp->mcast, m) {
		m->told = false;
		mcast_publish(m);
	}
	memset(&ifp->nhs_route, 0, sizeof(ifp->nhs_route));
	publish_nhs_route(ifp, &nhs);
}

void
publish_resync(struct nhrp *n)
{
	struct nhrp_if *ifp, *next;
	struct ipc_nothing nothing = {0};

	tell(n, IPC_MSG_BEGIN, &nothing);
	HASH_ITER(hh, n->ifs, ifp, next)
		publish_if_anew(ifp);
	tell(n, IPC_MSG_END, &nothing);
}
