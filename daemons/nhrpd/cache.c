/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "kept.h"
#include "log.h"
#include "protect.h"
#include "publish.h"
#include "purge.h"
#include "resolve.h"
#include "server.h"

/* So many of a class an interface may have; the kept table bounds them all. */
static const unsigned int class_max[CACHE_CLASSES] = {
	[CACHE_CONFIGURED] = 4096,
	[CACHE_REGISTERED] = 20000,
	[CACHE_LEARNED] = 8192,
	[CACHE_INCOMPLETE] = 512,
	[CACHE_LOCAL] = 1024,
};

static const uint8_t class_type[CACHE_CLASSES] = {
	[CACHE_CONFIGURED] = NHRP_STATIC,
	[CACHE_REGISTERED] = NHRP_DYNAMIC,
	[CACHE_LEARNED] = NHRP_DYNAMIC,
	[CACHE_INCOMPLETE] = NHRP_INCOMPLETE,
	[CACHE_LOCAL] = NHRP_LOCAL,
};

static void timed_out(struct timer *t);

void
cache_debug(const struct nhrp_entry *e, const char *what)
{
	log_debug(LOG_DEBUG_NHRP_CACHE, "NHRP", "%s: %s via %s nbma %s: %s", e->ifp->conf.name,
	    PREFIX_STR(&e->r.address), ADDR_STR(&e->r.next_hop), ADDR_STR(&e->r.nbma), what);
}

/* --- finding --- */

struct prefix
cache_host(const struct addr *a)
{
	return (struct prefix){.addr = *a, .len = (uint8_t)(8 * addr_bytes(a))};
}

struct nhrp_entry *
cache_find(const struct nhrp_if *ifp, const struct prefix *p)
{
	struct nhrp_entry *e;

	HASH_FIND(hh, ifp->cache, p, sizeof(*p), e);
	return e;
}

struct nhrp_entry *
cache_find_host(const struct nhrp_if *ifp, const struct addr *a)
{
	struct prefix p = cache_host(a);

	return cache_find(ifp, &p);
}

bool
cache_usable(const struct nhrp_entry *e)
{
	return !e->r.negative && addr_is_set(&e->r.nbma) && protect_is_up(e->peer);
}

struct nhrp_entry *
cache_lookup(const struct nhrp_if *ifp, const struct addr *a, bool learned)
{
	struct nhrp_entry *e;
	struct prefix p;
	int len;

	for (len = (int)(8 * addr_bytes(a)); len >= 0; len--) {
		if (ifp->by_len[len] == 0)
			continue;
		p = (struct prefix){.addr = *a, .len = (uint8_t)len};
		p = prefix_network(&p);
		e = cache_find(ifp, &p);
		if (e != NULL && e->class != CACHE_LOCAL && cache_usable(e) &&
		    (learned || e->class != CACHE_LEARNED))
			return e;
	}
	return NULL;
}

/* --- making and removing --- */

static void
cache_keep(struct nhrp_entry *e)
{
	kept_write(e->ifp->nhrp, e->slot, KEPT_ENTRY, &e->r, sizeof(e->r));
}

static struct nhrp_entry *
entry_new(struct nhrp_if *ifp, const struct prefix *p, enum cache_class class, uint32_t slot)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_entry *e = calloc(1, sizeof(*e));

	if (e == NULL)
		log_fatal("out of memory");
	e->slot = slot == KEPT_NONE ? kept_take(n, e) : slot;
	if (e->slot == KEPT_NONE) {
		free(e);
		return NULL;
	}
	n->owner[e->slot] = e;
	e->ifp = ifp;
	e->class = class;
	e->timer.run = timed_out;
	e->r.address = *p;
	HASH_ADD(hh, ifp->cache, r.address, sizeof(e->r.address), e);
	ifp->by_len[p->len]++;
	ifp->counts[class]++;
	return e;
}

struct nhrp_entry *
cache_add(struct nhrp_if *ifp, const struct prefix *p, enum cache_class class)
{
	struct nhrp_entry *e;

	if (ifp->counts[class] >= class_max[class])
		return NULL;
	e = entry_new(ifp, p, class, KEPT_NONE);
	if (e == NULL)
		return NULL;
	memcpy(e->r.ifname, ifp->conf.ifname, sizeof(e->r.ifname));
	e->r.type = class_type[class];
	e->r.created_us = mono_in_us(nhrp_now(ifp->nhrp));
	return e;
}

static void
cache_reclass(struct nhrp_entry *e, enum cache_class class)
{
	e->ifp->counts[e->class]--;
	e->ifp->counts[class]++;
	e->class = class;
	e->r.type = class_type[class];
}

static enum cache_class
class_of(const struct cache_record *r)
{
	switch (r->type) {
	case NHRP_STATIC:
		return CACHE_CONFIGURED;
	case NHRP_LOCAL:
		return CACHE_LOCAL;
	case NHRP_DYNAMIC:
		return r->flags & NHRP_FLAG_REGISTERED ? CACHE_REGISTERED : CACHE_LEARNED;
	default:
		return CACHE_INCOMPLETE;
	}
}

struct nhrp_entry *
cache_restore(struct nhrp *n, const struct cache_record *r, uint32_t slot)
{
	struct nhrp_if *ifp = nhrp_if_find(n, r->ifname);
	struct nhrp_entry *e;

	if (ifp == NULL || cache_find(ifp, &r->address) != NULL)
		return NULL;
	if (r->type == NHRP_INCOMPLETE && !r->negative)
		return NULL;	/* the next packet asks again */
	e = entry_new(ifp, &r->address, class_of(r), slot);
	if (e == NULL)
		return NULL;
	e->r = *r;
	if (e->class == CACHE_CONFIGURED || e->class == CACHE_LEARNED) {
		if (nhrp_if_ready(ifp) && !r->negative)
			cache_set_peer(e,
			    protect_want(ifp, &r->nbma, e->class == CACHE_CONFIGURED));
	} else if (e->class == CACHE_REGISTERED) {
		cache_set_peer(e, protect_heard(ifp, &r->nbma, r->peer_ref));
	}
	cache_changed(e);
	return e;
}

void
cache_remove(struct nhrp_entry *e)
{
	struct nhrp_if *ifp = e->ifp;

	cache_debug(e, "removed");
	timer_stop(&e->timer);
	resolve_cancel(e);
	publish_withdraw(e);
	cache_set_peer(e, NULL);
	HASH_DEL(ifp->cache, e);
	ifp->by_len[e->r.address.len]--;
	ifp->counts[e->class]--;
	kept_release(ifp->nhrp, e->slot);
	free(e);
}

void
cache_set_peer(struct nhrp_entry *e, struct nhrp_peer *peer)
{
	struct nhrp_peer *old = e->peer;

	if (old != NULL)
		DL_DELETE2(old->entries, e, peer_prev, peer_next);
	e->peer = peer;
	if (peer != NULL) {
		DL_APPEND2(peer->entries, e, peer_prev, peer_next);
		e->r.peer_ref = peer->r.peer_ref;
	}
	protect_release(old);
}

/* --- time --- */

void
cache_changed(struct nhrp_entry *e)
{
	mono_t due = mono_us(e->r.expires_us);

	cache_keep(e);
	if (e->pending)
		return;		/* the timer is that of the request */
	timer_stop(&e->timer);
	if (e->r.expires_us == 0)
		return;
	if (resolve_refreshes(e))
		due = mono_sub(due, resolve_refresh_lead(e));
	timer_at(&e->timer, e->ifp->nhrp->loop, due);
}

void
cache_hold(struct nhrp_entry *e, uint32_t hold_s)
{
	e->r.hold_s = hold_s;
	e->r.expires_us = mono_in_us(mono_add(nhrp_now(e->ifp->nhrp), mono_s(hold_s)));
}

static void
timed_out(struct timer *t)
{
	struct nhrp_entry *e = container_of(t, struct nhrp_entry, timer);
	mono_t now = nhrp_now(e->ifp->nhrp);

	if (e->pending) {
		resolve_again(e);
	} else if (mono_before(now, mono_us(e->r.expires_us))) {
		resolve_refresh(e);
	} else {
		if (e->class == CACHE_REGISTERED)
			server_client_down(e, "External(NHRP Registration timeout)");
		cache_remove(e);
	}
}

void
cache_negative(struct nhrp_entry *e)
{
	cache_debug(e, "failed: left alone for a while");
	publish_withdraw(e);
	resolve_cancel(e);
	if (e->class != CACHE_INCOMPLETE &&
	    e->ifp->counts[CACHE_INCOMPLETE] >= class_max[CACHE_INCOMPLETE]) {
		cache_remove(e);
		return;
	}
	e->r.negative = 1;
	cache_reclass(e, CACHE_INCOMPLETE);
	cache_hold(e, CACHE_HOLDOFF_S);
	cache_set_peer(e, NULL);
	cache_changed(e);
}

void
cache_used(struct nhrp_entry *e)
{
	if (e->r.flags & NHRP_FLAG_USED)
		return;
	e->r.flags |= NHRP_FLAG_USED;
	cache_changed(e);
}

static bool
is_on(const struct ipc_clear *q, const struct nhrp_if *ifp)
{
	return q->name[0] == '\0' || strcmp(q->name, ifp->conf.name) == 0 ||
	    strcmp(q->name, ifp->conf.ifname) == 0;
}

static bool
is_about(const struct ipc_clear *q, const struct nhrp_entry *e)
{
	const struct prefix *p = &e->r.address, *net = &q->within;

	if (addr_is_set(&q->peer) && q->what == CLEAR_DMVPN)
		return addr_eq(&e->r.nbma, &q->peer);
	if (addr_is_set(&q->peer))
		return prefix_contains(p, &q->peer);
	return net->addr.family == ADDR_NONE ||
	    (p->len >= net->len && prefix_contains(net, &p->addr));
}

unsigned int
cache_clear(struct nhrp *n, const struct ipc_clear *q)
{
	struct nhrp_if *ifp, *ifp_next;
	struct nhrp_entry *e, *next;
	unsigned int count = 0;

	HASH_ITER(hh, n->ifs, ifp, ifp_next) {
		if (!is_on(q, ifp))
			continue;
		HASH_ITER(hh, ifp->cache, e, next) {
			if (e->class == CACHE_CONFIGURED || !is_about(q, e))
				continue;
			if (e->class == CACHE_LOCAL)
				purge_entry(e);
			cache_remove(e);
			count++;
		}
	}
	return count;
}
