/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mcast.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "kept.h"
#include "log.h"
#include "nhs.h"
#include "protect.h"
#include "publish.h"

static struct nhrp_mcast *
mcast_find(struct nhrp_if *ifp, const struct addr *nbma)
{
	struct nhrp_mcast *m;

	DL_FOREACH(ifp->mcast, m)
		if (addr_eq(&m->r.nbma, nbma))
			return m;
	return NULL;
}

static void
mcast_free(struct nhrp_mcast *m)
{
	struct nhrp_if *ifp = m->ifp;

	DL_DELETE(ifp->mcast, m);
	if (m->told)
		publish_multicast(ifp, false, &m->r.nbma, m->told_ref);
	protect_release(m->peer);
	kept_release(ifp->nhrp, m->slot);
	free(m);
}

static struct nhrp_mcast *
mcast_new(struct nhrp_if *ifp, const struct mcast_record *r, uint32_t slot)
{
	struct nhrp_mcast *m = calloc(1, sizeof(*m));

	if (m == NULL)
		log_fatal("out of memory");
	m->ifp = ifp;
	m->r = *r;
	m->slot = slot;
	DL_APPEND(ifp->mcast, m);
	return m;
}

void
mcast_add(struct nhrp_if *ifp, const struct addr *nbma, unsigned int by)
{
	struct nhrp_mcast *m = mcast_find(ifp, nbma);

	if (m == NULL) {
		struct mcast_record r = {.nbma = *nbma};

		memcpy(r.ifname, ifp->conf.ifname, sizeof(r.ifname));
		m = mcast_new(ifp, &r, KEPT_NONE);
		m->slot = kept_take(ifp->nhrp, m);
		if (m->slot == KEPT_NONE) {
			log_err("%s: no room for the multicast map to %s", ifp->conf.name,
			    ADDR_STR(nbma));
			mcast_free(m);
			return;
		}
	}
	if (by == MCAST_BY_MAP)
		m->stale = false;
	m->r.by |= by;
	kept_write(ifp->nhrp, m->slot, KEPT_MCAST, &m->r, sizeof(m->r));
	mcast_publish(m);
}

void
mcast_del(struct nhrp_if *ifp, const struct addr *nbma, unsigned int by)
{
	struct nhrp_mcast *m = mcast_find(ifp, nbma);

	if (m == NULL)
		return;
	m->r.by &= ~by;
	if (m->r.by == 0)
		mcast_free(m);
	else
		kept_write(ifp->nhrp, m->slot, KEPT_MCAST, &m->r, sizeof(m->r));
}

void
mcast_del_all(struct nhrp_if *ifp)
{
	while (ifp->mcast != NULL)
		mcast_free(ifp->mcast);
}

void
mcast_restore(struct nhrp *n, const struct mcast_record *r, uint32_t slot)
{
	struct nhrp_if *ifp = nhrp_if_find(n, r->ifname);

	if (ifp == NULL)
		return;
	n->owner[slot] = mcast_new(ifp, r, slot);
	mcast_publish(n->owner[slot]);
}

void
mcast_publish(struct nhrp_mcast *m)
{
	bool may = nhrp_if_ready(m->ifp) && nhs_may_have_multicast(m->ifp, &m->r.nbma), want;

	if (m->peer == NULL && may)
		m->peer = protect_want(m->ifp, &m->r.nbma, true);
	want = may && protect_is_up(m->peer);
	if (m->told && (!want || m->told_ref != m->peer->r.peer_ref)) {
		m->told = false;
		publish_multicast(m->ifp, false, &m->r.nbma, m->told_ref);
	}
	if (!may) {
		protect_release(m->peer);
		m->peer = NULL;
	}
	if (!want || m->told)
		return;
	m->told = true;
	m->told_ref = m->peer->r.peer_ref;
	publish_multicast(m->ifp, true, &m->r.nbma, m->told_ref);
}

void
mcast_if_changed(struct nhrp_if *ifp)
{
	struct nhrp_mcast *m;

	DL_FOREACH(ifp->mcast, m) {
		protect_release(m->peer);
		m->peer = NULL;
		mcast_publish(m);
	}
}

void
mcast_nhs_changed(struct nhrp_if *ifp, const struct addr *nbma)
{
	struct nhrp_mcast *m = mcast_find(ifp, nbma);

	if (m != NULL)
		mcast_publish(m);
}
