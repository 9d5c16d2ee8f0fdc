/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhs.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cache.h"
#include "kept.h"
#include "log.h"
#include "mcast.h"
#include "nhs_register.h"
#include "protect.h"
#include "publish.h"
#include "purge.h"

void
nhs_keep(struct nhrp_nhs *s)
{
	kept_write(s->ifp->nhrp, s->slot, KEPT_NHS, &s->r, sizeof(s->r));
}

bool
nhs_is_responding(const struct nhrp_nhs *s)
{
	return s->r.state == NHS_UP || s->r.state == NHS_LATE;
}

struct nhrp_nhs *
nhs_responding(const struct nhrp_if *ifp, const struct addr *except)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		if (nhs_is_responding(s) && (except == NULL || !addr_eq(&s->r.nhs, except)))
			return s;
	return NULL;
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
	s->slot = slot == KEPT_NONE ? kept_take(n, s) : slot;
	if (s->slot == KEPT_NONE) {
		log_err("%s: no room for NHS %s", ifp->conf.name, ADDR_STR(&r->nhs));
		free(s);
		return NULL;
	}
	n->owner[s->slot] = s;
	DL_APPEND(ifp->nhs, s);
	return s;
}

/* The server's own address in the cache, as a static map would put it there. */
static void
map_server(struct nhrp_nhs *s)
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

static void
unmap_server(struct nhrp_nhs *s)
{
	struct nhrp_entry *e = cache_find_host(s->ifp, &s->r.nhs);

	if (s->r.multicast)
		mcast_del(s->ifp, &s->r.nbma, MCAST_BY_NHS);
	if (e == NULL || !(e->r.by & CACHE_BY_NHS))
		return;
	e->r.by &= (uint8_t)~CACHE_BY_NHS;
	if (e->r.by == 0)
		cache_remove(e);
	else
		cache_changed(e);
}

void
nhs_set(struct nhrp_if *ifp, const struct ipc_nhs *conf)
{
	struct nhrp_nhs *s = nhs_find(ifp, &conf->nhs);
	struct nhs_record r = {.nhs = conf->nhs, .nbma = conf->nbma,
	    .multicast = conf->multicast};

	if (s != NULL) {
		s->stale = false;
		if (addr_eq(&s->r.nbma, &conf->nbma) && s->r.multicast == conf->multicast)
			return;
		nhs_del(ifp, &conf->nhs);
	}
	memcpy(r.ifname, ifp->conf.ifname, sizeof(r.ifname));
	s = nhs_new(ifp, &r, KEPT_NONE);
	if (s == NULL)
		return;
	map_server(s);
	if (r.multicast && addr_is_set(&r.nbma))
		mcast_add(ifp, &r.nbma, MCAST_BY_NHS);
	nhs_keep(s);
	nhs_register_go(s);
}

static void
nhs_free(struct nhrp_nhs *s)
{
	struct nhrp_if *ifp = s->ifp;

	nhs_register_stop(s);
	unmap_server(s);
	DL_DELETE(ifp->nhs, s);
	kept_release(ifp->nhrp, s->slot);
	free(s);
	nhs_route_changed(ifp);
}

static void
leave(struct nhrp_nhs *s)
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
	leave(s);
	nhs_free(s);
}

void
nhs_del_all(struct nhrp_if *ifp)
{
	while (ifp->nhs != NULL)
		nhs_free(ifp->nhs);
}

void
nhs_if_leaving(struct nhrp_if *ifp)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s)
		leave(s);
}

void
nhs_if_changed(struct nhrp_if *ifp)
{
	struct nhrp_nhs *s;

	DL_FOREACH(ifp->nhs, s) {
		nhs_register_stop(s);
		map_server(s);
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
	if (nhs_is_responding(s) && !addr_is_set(&ifp->nhs_route))
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
