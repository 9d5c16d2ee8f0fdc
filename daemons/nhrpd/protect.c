/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protect.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "answer.h"
#include "cache.h"
#include "kept.h"
#include "log.h"
#include "nhs.h"
#include "publish.h"

/* A static peer whose session failed is wanted again; the first time soon, since at
 * boot iked may not have its configuration yet. */
#define AGAIN_FIRST_MS 250
#define AGAIN_LAST_MS 60000
#define DYNAMIC_DEADLINE_S 30	/* a learned peer without a session by then is given up */
#define SEEKING_MAX 128		/* learned peers without a session yet */
#define IKE_PORT 500		/* another: there is a NAT between */

/* Whom an address may mean: a hub with ten thousand spokes finds one without looking at all. */
struct nhrp_nbma {
	struct addr addr;
	struct nhrp_peer *peers;	/* by at_next, oldest first; behind a NAT there may be many */
	UT_hash_handle hh;
};

static void again(struct timer *t);

static void
peer_keep(struct nhrp_peer *p)
{
	kept_write(p->nhrp, p->slot, KEPT_PEER, &p->r, sizeof(p->r));
}

static struct nhrp_peer *
peer_by_ref(const struct nhrp *n, uint32_t ref)
{
	struct nhrp_peer *p = NULL;

	if (ref != 0)
		HASH_FIND(hh, n->peers_by_ref, &ref, sizeof(ref), p);
	return p;
}

static struct nhrp_nbma *
nbma_find(const struct nhrp *n, const struct addr *addr)
{
	struct nhrp_nbma *at;

	HASH_FIND(hh, n->nbmas, addr, sizeof(*addr), at);
	return at;
}

struct nhrp_peer *
protect_at(const struct nhrp *n, const struct addr *nbma)
{
	const struct nhrp_nbma *at = nbma_find(n, nbma);

	return at == NULL ? NULL : at->peers;
}

/* Once its address is known, which never changes. */
static void
nbma_enter(struct nhrp_peer *p)
{
	struct nhrp *n = p->nhrp;
	struct nhrp_nbma *at = nbma_find(n, &p->r.nbma);

	if (at == NULL) {
		at = calloc(1, sizeof(*at));
		if (at == NULL)
			log_fatal("out of memory");
		at->addr = p->r.nbma;
		HASH_ADD(hh, n->nbmas, addr, sizeof(at->addr), at);
	}
	p->at = at;
	DL_APPEND2(at->peers, p, at_prev, at_next);
}

static void
nbma_leave(struct nhrp_peer *p)
{
	struct nhrp_nbma *at = p->at;

	DL_DELETE2(at->peers, p, at_prev, at_next);
	if (at->peers != NULL)
		return;
	HASH_DEL(p->nhrp->nbmas, at);
	free(at);
}

/* In the index one peer stands for one peer_ref; the first keeps it. */
static void
peer_name(struct nhrp_peer *p, uint32_t ref)
{
	struct nhrp *n = p->nhrp;

	if (p->r.peer_ref == ref)
		return;
	if (p->r.peer_ref != 0 && peer_by_ref(n, p->r.peer_ref) == p)
		HASH_DELETE(hh, n->peers_by_ref, p);
	p->r.peer_ref = ref;
	if (ref != 0 && peer_by_ref(n, ref) == NULL)
		HASH_ADD(hh, n->peers_by_ref, r.peer_ref, sizeof(ref), p);
}

static struct nhrp_peer *
peer_new(struct nhrp *n, const struct protect_record *r, uint32_t slot)
{
	struct nhrp_peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		log_fatal("out of memory");
	p->nhrp = n;
	p->slot = slot == KEPT_NONE ? kept_take(n, p) : slot;
	if (p->slot == KEPT_NONE) {
		free(p);
		return NULL;
	}
	n->owner[p->slot] = p;
	p->r = *r;
	p->r.peer_ref = 0;
	p->again.run = again;
	DL_APPEND(n->peers, p);
	nbma_enter(p);
	peer_name(p, r->peer_ref);
	peer_keep(p);
	return p;
}

static void
seek(struct nhrp_peer *p, bool on)
{
	if (p->seeking != on)
		p->nhrp->seeking += on ? 1u : -1u;
	p->seeking = on;
}

static void
peer_free(struct nhrp_peer *p)
{
	struct nhrp *n = p->nhrp;
	struct ipc_peer_ref unwant = {.peer_ref = p->r.peer_ref};

	if (p->r.wanted && p->r.peer_ref != 0)
		n->ops->to_iked(n->ops_arg, IPC_MSG_PEER_UNWANT, &unwant);
	timer_stop(&p->again);
	seek(p, false);
	peer_name(p, 0);
	DL_DELETE(n->peers, p);
	nbma_leave(p);
	kept_release(n, p->slot);
	free(p);
}

static bool
is_clear(const struct nhrp_peer *p)
{
	return p->r.protection[0] == '\0';
}

bool
protect_is_up(const struct nhrp_peer *p)
{
	return p != NULL && p->r.state == PEER_UP && (is_clear(p) || p->r.peer_ref != 0);
}

bool
protect_is_static(const struct nhrp_if *ifp, const struct addr *nbma, uint32_t peer_ref)
{
	const struct nhrp_peer *p;

	DL_FOREACH2(protect_at(ifp->nhrp, nbma), p, at_next)
		if (p->r.is_static && p->r.peer_ref == peer_ref &&
		    addr_eq(&p->r.local, &ifp->conf.local))
			return true;
	return false;
}

void
protect_use(struct nhrp_peer *p)
{
	p->users++;
}

void
protect_release(struct nhrp_peer *p)
{
	if (p != NULL && --p->users == 0)
		peer_free(p);
}

/* --- wanting --- */

static void
want(struct nhrp_peer *p)
{
	struct nhrp *n = p->nhrp;
	struct ipc_peer_want m = {.local = p->r.local, .remote = p->r.nbma,
	    .is_static = p->r.is_static};

	if (is_clear(p))
		return;
	memcpy(m.protection, p->r.protection, sizeof(m.protection));
	p->txn = m.txn = ++n->next_txn;
	n->ops->to_iked(n->ops_arg, IPC_MSG_PEER_WANT, &m);
}

static void
arm(struct nhrp_peer *p)
{
	int64_t ms = DYNAMIC_DEADLINE_S * 1000;

	if (is_clear(p) || !p->r.wanted || protect_is_up(p)) {
		timer_stop(&p->again);
		seek(p, false);
		return;
	}
	seek(p, !p->r.is_static);
	if (timer_armed(&p->again))
		return;
	if (p->r.is_static) {
		ms = (int64_t)AGAIN_FIRST_MS << (p->failures < 8 ? p->failures : 8);
		ms = ms > AGAIN_LAST_MS ? AGAIN_LAST_MS : ms;
	}
	timer_in(&p->again, p->nhrp->loop, mono_ms(ms));
}

/* Entries that we learned are of no use without the session; the hub is. */
static void
fail_learned(struct nhrp_peer *p)
{
	struct nhrp_entry *e, *next;

	protect_use(p);		/* the last entry must not free it under us */
	DL_FOREACH_SAFE2(p->entries, e, next, peer_next)
		if (e->class == CACHE_LEARNED)
			cache_negative(e);
	protect_release(p);
}

static void
again(struct timer *t)
{
	struct nhrp_peer *p = container_of(t, struct nhrp_peer, again);

	if (!p->r.is_static) {
		seek(p, false);
		answer_session(p);
		fail_learned(p);
		return;
	}
	if (p->r.state == PEER_DOWN) {
		p->failures++;
		want(p);
	}
	arm(p);
}

static struct nhrp_peer *
find_by_address(const struct nhrp *n, const char *protection, const struct addr *local,
    const struct addr *nbma)
{
	struct nhrp_peer *p, *found = NULL;

	DL_FOREACH2(protect_at(n, nbma), p, at_next) {
		if (!addr_eq(&p->r.local, local) ||
		    strcmp(p->r.protection, protection) != 0)
			continue;
		if (p->r.wanted)
			return p;
		if (found == NULL)
			found = p;
	}
	return found;
}

static struct protect_record
record_for(const struct nhrp_if *ifp, const struct addr *nbma)
{
	struct protect_record r = {.local = ifp->conf.local, .nbma = *nbma};

	memcpy(r.protection, ifp->conf.protection, sizeof(r.protection));
	r.since_us = mono_in_us(nhrp_now(ifp->nhrp));
	if (!nhrp_if_protected(ifp))
		r.state = PEER_UP;
	return r;
}

struct nhrp_peer *
protect_want(struct nhrp_if *ifp, const struct addr *nbma, bool is_static)
{
	struct protect_record r = record_for(ifp, nbma);
	struct nhrp_peer *p = find_by_address(ifp->nhrp, r.protection, &r.local, nbma);

	if (p == NULL && !is_static && ifp->nhrp->seeking >= SEEKING_MAX) {
		nhrp_dropped(ifp, NHRP_DROP_FULL);
		return NULL;
	}
	if (p == NULL)
		p = peer_new(ifp->nhrp, &r, KEPT_NONE);
	if (p == NULL)
		return NULL;
	p->users++;
	if (p->r.wanted && (p->r.is_static || !is_static))
		return p;
	p->r.wanted = true;
	p->r.is_static |= is_static;
	peer_keep(p);
	want(p);
	arm(p);
	return p;
}

struct nhrp_peer *
protect_heard(struct nhrp_if *ifp, const struct addr *nbma, uint32_t peer_ref)
{
	struct protect_record r = record_for(ifp, nbma);
	struct nhrp *n = ifp->nhrp;
	struct nhrp_peer *p = peer_ref != 0 ? peer_by_ref(n, peer_ref) :
	    find_by_address(n, r.protection, &r.local, nbma);

	r.peer_ref = peer_ref;
	r.state = PEER_UP;	/* it has just sent us an authenticated packet */
	if (p == NULL)
		p = peer_new(n, &r, KEPT_NONE);
	if (p != NULL)
		p->users++;
	return p;
}

/* --- what iked says --- */

/* Two names for one session: who came to us is whom we asked for. */
static void
merge(struct nhrp_peer *into, struct nhrp_peer *p)
{
	struct nhrp_entry *e, *next;

	protect_use(p);
	DL_FOREACH_SAFE2(p->entries, e, next, peer_next) {
		protect_use(into);
		cache_set_peer(e, into);
	}
	peer_name(p, 0);
	protect_release(p);
}

/*
 * A spoke that registered is back under another name: iked had forgotten it.  Its address
 * says who it is where no NAT is between; behind one its next registration does.
 */
static struct nhrp_peer *
find_returned(struct nhrp *n, const struct ipc_peer_state *m)
{
	struct nhrp_peer *p, *found = NULL;
	struct nhrp_entry *e;

	if (m->state != PEER_UP || m->remote_port != IKE_PORT)
		return NULL;
	DL_FOREACH2(protect_at(n, &m->remote), p, at_next) {
		if (strcmp(p->r.protection, m->protection) != 0)
			continue;
		if (found != NULL || p->r.wanted || p->r.state == PEER_UP)
			return NULL;
		found = p;
	}
	if (found == NULL)
		return NULL;
	peer_name(found, m->peer_ref);
	DL_FOREACH2(found->entries, e, peer_next) {
		e->r.peer_ref = m->peer_ref;
		cache_changed(e);
	}
	return found;
}

static struct nhrp_peer *
find_told(struct nhrp *n, const struct ipc_peer_state *m)
{
	struct nhrp_peer *p, *named = peer_by_ref(n, m->peer_ref);

	if (m->txn != 0)
		DL_FOREACH(n->peers, p) {
			if (p->txn != m->txn || is_clear(p))
				continue;
			if (named != NULL && named != p)
				merge(p, named);
			peer_name(p, m->peer_ref);
			return p;
		}
	return named != NULL || m->txn != 0 ? named : find_returned(n, m);
}

static void
entered(struct nhrp_peer *p, unsigned int was)
{
	bool up = protect_is_up(p), was_up = was == PEER_UP;
	bool failed = p->r.state == PEER_DOWN && was != PEER_DOWN;

	if (up)
		p->failures = 0;
	arm(p);
	publish_peer(p);
	if (up != was_up)
		nhs_session(p);
	if (up != was_up || failed)
		answer_session(p);
	if (failed)
		fail_learned(p);
}

void
protect_state(struct nhrp *n, const struct ipc_peer_state *m)
{
	struct nhrp_peer *p = find_told(n, m);
	unsigned int was;

	if (p == NULL) {
		/* The answer to a want that we have given up. */
		if (m->txn != 0 && m->peer_ref != 0)
			n->ops->to_iked(n->ops_arg, IPC_MSG_PEER_UNWANT,
			    &(struct ipc_peer_ref){.peer_ref = m->peer_ref});
		return;
	}
	was = p->r.state;
	if (p->r.state != m->state) {
		if (was == PEER_UP || m->state == PEER_UP)
			p->r.since_us = mono_in_us(nhrp_now(n));
		p->r.state = m->state;
		log_debug(LOG_DEBUG_NHRP, "NHRP", "session with %s: %s", ADDR_STR(&p->r.nbma),
		    m->state == PEER_UP ? "up" : m->state == PEER_DOWN ? "down" : "negotiating");
	}
	peer_keep(p);
	protect_use(p);
	entered(p, was);
	protect_release(p);
}

void
protect_resync(struct nhrp *n)
{
	struct ipc_nothing nothing = {0};
	struct nhrp_peer *p;

	n->ops->to_iked(n->ops_arg, IPC_MSG_BEGIN, &nothing);
	DL_FOREACH(n->peers, p)
		if (p->r.wanted)
			want(p);
	n->ops->to_iked(n->ops_arg, IPC_MSG_END, &nothing);
}

void
protect_restore(struct nhrp *n, const struct protect_record *r, uint32_t slot)
{
	struct nhrp_peer *p = peer_new(n, r, slot);

	if (p != NULL)
		arm(p);
}

void
protect_sweep(struct nhrp *n)
{
	struct nhrp_peer *p, *next;

	DL_FOREACH_SAFE(n->peers, p, next)
		if (p->users == 0)
			peer_free(p);
}
