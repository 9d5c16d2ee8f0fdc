/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhs.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cache.h"
#include "kept.h"
#include "log.h"
#include "mcast.h"
#include "nhs_cluster.h"
#include "nhs_register.h"
#include "protect.h"
#include "publish.h"
#include "purge.h"

/* A server with a place is asked, whether there is a session to do it by or not. */
static struct nhs_view
view_of(const struct nhrp_nhs *s)
{
	static const uint8_t queues[PLACES] = {
		[PLACE_FREE] = NHS_QUEUE_RUNNING, [PLACE_TRIED] = NHS_QUEUE_RUNNING,
		[PLACE_ACTIVE] = NHS_QUEUE_RUNNING, [PLACE_PROBED] = NHS_QUEUE_PROBING,
		[PLACE_HELD] = NHS_QUEUE_HOLDING, [PLACE_WAITING] = NHS_QUEUE_WAITING,
	};
	bool asked = s->r.place == PLACE_FREE ?
	    s->r.state != NHS_IDLE && s->r.state != NHS_WAIT : s->r.place != PLACE_WAITING;

	return (struct nhs_view){.queue = queues[s->r.place],
	    .state = nhs_is_responding(s) ? NHS_SHOWN_RESPONDING :
	    asked ? NHS_SHOWN_EXPECTING : NHS_SHOWN_WAITING};
}

void
nhs_keep(struct nhrp_nhs *s)
{
	struct nhs_view now = view_of(s);

	if (now.state != s->r.now.state || now.queue != s->r.now.queue) {
		s->r.before = s->r.now;
		s->r.now = now;
	}
	kept_write(s->ifp->nhrp, s->slot, KEPT_NHS, &s->r, sizeof(s->r));
}

bool
nhs_is_responding(const struct nhrp_nhs *s)
{
	return s->r.state == NHS_UP || s->r.state == NHS_LATE;
}

bool
nhs_is_active(const struct nhrp_nhs *s)
{
	return nhs_is_responding(s) && nhs_cluster_uses(s);
}

struct nhrp_nhs *
nhs_responding(const struct nhrp_if *ifp, const struct addr *except)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		if (nhs_is_active(s) && (except == NULL || !addr_eq(&s->r.nhs, except)))
			return s;
	return NULL;
}

bool
nhs_may_have_multicast(const struct nhrp_if *ifp, const struct addr *nbma)
{
	const struct nhrp_nhs *s;
	bool any = false;

	DL_FOREACH(ifp->nhs, s) {
		if (!addr_eq(&s->r.nbma, nbma))
			continue;
		if (nhs_cluster_uses(s))
			return true;
		any = true;
	}
	return !any;
}

void
nhs_route_changed(struct nhrp_if *ifp)
{
	const struct nhrp_nhs *s = nhs_responding(ifp, NULL);
	static const struct addr none;

	publish_nhs_route(ifp, s == NULL ? &none : &s->r.nhs);
}

static struct nhrp_nhs *
nhs_find(const struct nhrp_if *ifp, const struct addr *nhs)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		if (addr_eq(&s->r.nhs, nhs))
			return s;
	return NULL;
}

/* Behind those of the same priority. */
static void
list(struct nhrp_nhs *s)
{
	struct nhrp_nhs *after;

	DL_FOREACH(s->ifp->nhs, after)
		if (after->r.priority > s->r.priority)
			break;
	if (after == NULL)
		DL_APPEND(s->ifp->nhs, s);
	else
		DL_PREPEND_ELEM(s->ifp->nhs, after, s);
}

static struct nhrp_nhs *
nhs_new(struct nhrp_if *ifp, const struct nhs_record *r, uint32_t slot)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_nhs *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_fatal("out of memory");
	s->ifp = ifp;
	s->r = *r;
	nhs_register_init(s);
	nhs_cluster_init(s);
	s->slot = slot == KEPT_NONE ? kept_take(n, s) : slot;
	if (s->slot == KEPT_NONE) {
		log_err("%s: no room for NHS %s", ifp->conf.name, ADDR_STR(&r->nhs));
		free(s);
		return NULL;
	}
	n->owner[s->slot] = s;
	list(s);
	return s;
}

void
nhs_map(struct nhrp_nhs *s)
{
	struct prefix host = cache_host(&s->r.nhs);
	struct nhrp_entry *e = cache_find(s->ifp, &host);

	if (!addr_is_set(&s->r.nbma))
		return;
	if (e != NULL && e->class != CACHE_CONFIGURED) {
		cache_remove(e);
		e = NULL;
	}
	if (e == NULL)
		e = cache_add(s->ifp, &host, CACHE_CONFIGURED);
	if (e == NULL)
		return;
	e->r.by |= CACHE_BY_NHS;
	if (!(e->r.by & CACHE_BY_MAP) && !addr_eq(&e->r.nbma, &s->r.nbma)) {
		e->r.nbma = s->r.nbma;
		cache_set_peer(e, nhrp_if_ready(s->ifp) ?
		    protect_want(s->ifp, &s->r.nbma, true) : NULL);
	}
	e->r.next_hop = s->r.nhs;
	cache_changed(e);
	publish_entry(e);
}

void
nhs_unmap(struct nhrp_nhs *s)
{
	struct nhrp_entry *e = cache_find_host(s->ifp, &s->r.nhs);

	if (e == NULL || !(e->r.by & CACHE_BY_NHS))
		return;
	e->r.by &= (uint8_t)~CACHE_BY_NHS;
	if (e->r.by == 0)
		cache_remove(e);
	else
		cache_changed(e);
}

static void
begin(struct nhrp_nhs *s)
{
	if (s->r.place != PLACE_FREE) {
		nhs_keep(s);
		mcast_nhs_changed(s->ifp, &s->r.nbma);
		nhs_cluster_join(s);
		return;
	}
	nhs_map(s);
	nhs_keep(s);
	nhs_register_go(s);
}

static void
rank(struct nhrp_nhs *s, unsigned int priority, unsigned int cluster)
{
	if (s->r.priority == priority && s->r.cluster == cluster)
		return;
	s->r.priority = (uint8_t)priority;
	s->r.cluster = (uint8_t)cluster;
	DL_DELETE(s->ifp->nhs, s);
	list(s);
	nhs_keep(s);
	nhs_cluster_join(s);
	nhs_route_changed(s->ifp);
}

void
nhs_set(struct nhrp_if *ifp, const struct ipc_nhs *conf)
{
	struct nhrp_nhs *s = nhs_find(ifp, &conf->nhs);
	struct nhs_record r = {.nhs = conf->nhs, .nbma = conf->nbma,
	    .multicast = conf->multicast, .priority = conf->priority, .cluster = conf->cluster};

	if (s != NULL) {
		s->stale = false;
		if (addr_eq(&s->r.nbma, &conf->nbma) && s->r.multicast == conf->multicast) {
			rank(s, conf->priority, conf->cluster);
			return;
		}
		nhs_del(ifp, &conf->nhs);
	}
	memcpy(r.ifname, ifp->conf.ifname, sizeof(r.ifname));
	if (ifp->clusters.of[conf->cluster].limited)
		r.place = PLACE_WAITING;
	s = nhs_new(ifp, &r, KEPT_NONE);
	if (s == NULL)
		return;
	if (r.multicast && addr_is_set(&r.nbma))
		mcast_add(ifp, &r.nbma, MCAST_BY_NHS);
	begin(s);
}

static void
nhs_free(struct nhrp_nhs *s)
{
	struct nhrp_if *ifp = s->ifp;
	struct addr nbma = s->r.nbma;

	nhs_register_stop(s);
	nhs_cluster_quit(s);
	nhs_unmap(s);
	if (s->r.multicast)
		mcast_del(ifp, &s->r.nbma, MCAST_BY_NHS);
	DL_DELETE(ifp->nhs, s);
	kept_release(ifp->nhrp, s->slot);
	free(s);
	mcast_nhs_changed(ifp, &nbma);
	nhs_route_changed(ifp);
}

void
nhs_leave(struct nhrp_nhs *s)
{
	if (nhs_is_responding(s) && nhrp_if_ready(s->ifp))
		purge_registration(s->ifp, s);
}

void
nhs_del(struct nhrp_if *ifp, const struct addr *nhs)
{
	struct nhrp_nhs *s = nhs_find(ifp, nhs);

	if (s == NULL)
		return;
	nhs_leave(s);
	nhs_free(s);
}

void
nhs_del_all(struct nhrp_if *ifp)
{
	while (ifp->nhs != NULL)
		nhs_free(ifp->nhs);
	nhs_cluster_close_if(ifp);
}

void
nhs_if_leaving(struct nhrp_if *ifp)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		nhs_leave(s);
}

void
nhs_if_changed(struct nhrp_if *ifp)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s) {
		nhs_register_stop(s);
		if (s->r.place != PLACE_FREE) {
			nhs_cluster_reset(s);
			continue;
		}
		nhs_map(s);
		nhs_register_go(s);
	}
	nhs_route_changed(ifp);
}

void
nhs_restore(struct nhrp *n, const struct nhs_record *r, uint32_t slot)
{
	struct nhrp_if *ifp = nhrp_if_find(n, r->ifname);
	struct nhrp_nhs *s;

	if (ifp == NULL)
		return;
	s = nhs_new(ifp, r, slot);
	if (s == NULL)
		return;
	nhs_register_restore(s);
	nhs_cluster_restore(s);
	if (nhs_is_active(s) && !addr_is_set(&ifp->nhs_route))
		ifp->nhs_route = r->nhs;
}

void
nhs_session(struct nhrp_peer *p)
{
	struct nhrp_if *ifp, *next;
	struct nhrp_nhs *s;

	HASH_ITER(hh, p->nhrp->ifs, ifp, next)
		DL_FOREACH(ifp->nhs, s)
			if (s->peer == p)
				nhs_register_session(s);
}

void
nhs_line_up(struct nhrp_if *ifp)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		nhs_register_line_up(s);
}
