/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "nhrp_forward.h"
#include "protect.h"
#include "publish.h"

#define WAITING_MAX 256
#define WAIT_S 10
#define SETTLE_MS 100		/* of a new session, whose other end may have it a little later */

struct nhrp_waiting {
	struct nhrp_if *ifp;
	struct nhrp_peer *peer;		/* whose session it waits for */
	struct addr back_nbma;		/* else it goes the way the request came */
	uint32_t back_ref;
	struct addr src_proto;
	uint32_t request_id;
	size_t len;
	uint8_t bytes[NHRP_PACKET_MAX];
	struct timer timer;
	struct nhrp_waiting *prev, *next;
};

bool
answer_is_ours(const struct nhrp_if *ifp, const struct addr *a, struct prefix *prefix)
{
	const struct nhrp *n = ifp->nhrp;
	struct nhrp_route r = {0};

	*prefix = cache_host(a);
	if (addr_eq(a, nhrp_if_address(ifp)))
		return true;
	if (!n->ops->route(n->ops_arg, a, &r))
		return false;
	if (r.local)
		return true;
	if (nhrp_if_find(n, r.ifname) != NULL)
		return false;
	/* A default route says where strangers are, not what is behind us: only this address. */
	if (r.prefix.len != 0)
		*prefix = prefix_network(&r.prefix);
	return true;
}

/* --- what is remembered --- */

/* RFC 2332: with the S bit, what the request says of its source may be cached. */
static void
remember_source(const struct nhrp_rx *rx, const struct addr *nbma, uint32_t hold_s)
{
	const struct nhrp_packet *p = &rx->p;
	struct prefix host = cache_host(&p->src_proto);
	struct nhrp_entry *e = cache_find(rx->ifp, &host);

	if (!(p->flags & NHRP_RES_SRC_STABLE) || hold_s == 0 ||
	    nhrp_if_is_own_nbma(rx->ifp, nbma) || !nhrp_if_may_reach(rx->ifp, nbma) ||
	    addr_is_multicast(&p->src_proto))
		return;
	/* Better known already, being asked for, or tried in vain a moment ago. */
	if (e != NULL && e->class != CACHE_LEARNED)
		return;
	if (e == NULL) {
		e = cache_add(rx->ifp, &host, CACHE_LEARNED);
		if (e == NULL)
			return;
		e->r.flags = NHRP_FLAG_ROUTER | NHRP_FLAG_IMPLICIT;
	}
	e->r.next_hop = p->src_proto;
	e->r.nbma = *nbma;
	if (!addr_eq(nbma, &p->src_nbma)) {
		e->r.claimed = p->src_nbma;
		e->r.flags |= NHRP_FLAG_NAT;
	}
	if (e->peer == NULL || !addr_eq(&e->peer->r.nbma, nbma))
		cache_set_peer(e, protect_want(rx->ifp, nbma, false));
	if (e->r.flags & NHRP_FLAG_IMPLICIT)
		cache_hold(e, hold_s);
	cache_changed(e);
	publish_entry(e);
}

/* Whom we told what: they get a purge when it is no longer true. */
static void
remember_answer(const struct nhrp_rx *rx, const struct prefix *prefix, uint32_t hold_s)
{
	struct nhrp_entry *e = cache_find(rx->ifp, prefix);
	struct cache_requester *q, *oldest;
	size_t i;

	if (e != NULL && e->class != CACHE_LOCAL)
		return;
	if (e == NULL) {
		e = cache_add(rx->ifp, prefix, CACHE_LOCAL);
		if (e == NULL)
			return;
		e->r.flags = NHRP_FLAG_ROUTER | NHRP_FLAG_UNIQUE | NHRP_FLAG_LOCAL |
		    NHRP_FLAG_NO_SOCKET;
		e->r.next_hop = *nhrp_if_address(rx->ifp);
		e->r.nbma = rx->ifp->conf.local;
	}
	oldest = e->r.requester;
	for (i = 0; i < CACHE_REQUESTERS; i++) {
		q = &e->r.requester[i];
		if (addr_eq(&q->proto, &rx->p.src_proto)) {
			oldest = q;
			break;
		}
		if (q->expires_us < oldest->expires_us)
			oldest = q;
	}
	cache_hold(e, hold_s);
	e->r.request_id = rx->p.request_id;
	e->r.target = rx->p.src_proto;	/* who asked last: what show prints */
	*oldest = (struct cache_requester){.proto = rx->p.src_proto,
	    .request_id = rx->p.request_id, .expires_us = e->r.expires_us};
	cache_changed(e);
}

/* --- waiting for a session --- */

static void
waiting_free(struct nhrp_waiting *w)
{
	struct nhrp *n = w->ifp->nhrp;

	timer_stop(&w->timer);
	DL_DELETE(n->waiting, w);
	n->waiting_count--;
	protect_release(w->peer);
	free(w);
}

static void
waiting_send(struct nhrp_waiting *w, const struct addr *nbma, uint32_t peer_ref)
{
	struct nhrp_packet p;

	if (nhrp_packet_read(&p, w->bytes, w->len) == NULL)
		nhrp_send(w->ifp, &p, nbma, peer_ref);
	waiting_free(w);
}

static void
waited_enough(struct timer *t)
{
	struct nhrp_waiting *w = container_of(t, struct nhrp_waiting, timer);

	if (protect_is_up(w->peer))
		waiting_send(w, &w->peer->r.nbma, w->peer->r.peer_ref);
	else
		waiting_send(w, &w->back_nbma, w->back_ref);
}

void
answer_session(struct nhrp_peer *p)
{
	struct nhrp_waiting *w, *next;

	protect_use(p);
	DL_FOREACH_SAFE(p->nhrp->waiting, w, next) {
		if (w->peer != p)
			continue;
		if (protect_is_up(p))
			timer_in(&w->timer, p->nhrp->loop, mono_ms(SETTLE_MS));
		else
			waiting_send(w, &w->back_nbma, w->back_ref);
	}
	protect_release(p);
}

void
answer_forget(struct nhrp *n, const struct nhrp_if *ifp)
{
	struct nhrp_waiting *w, *next;

	DL_FOREACH_SAFE(n->waiting, w, next)
		if (ifp == NULL || w->ifp == ifp)
			waiting_free(w);
}

static bool
waits_already(const struct nhrp_rx *rx)
{
	const struct nhrp_waiting *w;

	DL_FOREACH(rx->ifp->nhrp->waiting, w)
		if (w->request_id == rx->p.request_id && addr_eq(&w->src_proto, &rx->p.src_proto))
			return true;
	return false;
}

/* Takes the use of the peer. */
static void
wait_for(const struct nhrp_rx *rx, struct nhrp_packet *reply, struct nhrp_peer *peer)
{
	struct nhrp *n = rx->ifp->nhrp;
	struct nhrp_waiting *w = calloc(1, sizeof(*w));
	struct wbuf b;

	if (w == NULL)
		log_fatal("out of memory");
	w->ifp = rx->ifp;
	w->peer = peer;
	w->back_nbma = rx->nbma;
	w->back_ref = rx->peer_ref;
	w->src_proto = rx->p.src_proto;
	w->request_id = rx->p.request_id;
	w->timer.run = waited_enough;
	DL_APPEND(n->waiting, w);
	n->waiting_count++;
	wbuf_init(&b, w->bytes, sizeof(w->bytes));
	nhrp_packet_write(&b, reply);
	w->len = wbuf_len(&b);
	if (b.bad) {
		nhrp_dropped(rx->ifp, NHRP_DROP_TOO_BIG);
		waiting_free(w);
		return;
	}
	timer_in(&w->timer, n->loop, mono_s(WAIT_S));
}

/* --- the reply --- */

static void
reply_fill(struct nhrp_packet *reply, const struct nhrp_rx *rx, const struct nhrp_cie *cie)
{
	struct nhrp_ext *e;
	struct nhrp_cie own = nhrp_own_cie(rx->ifp);

	*reply = rx->p;
	reply->type = NHRP_RESOLUTION_REPLY;
	reply->hops = NHRP_HOPS;
	reply->cie_count = 1;
	reply->cies[0] = *cie;
	e = nhrp_ext_find(reply, NHRP_EXT_RESPONDER);
	if (e != NULL) {
		e->cie_count = 0;
		nhrp_ext_append(e, &own);
	}
	e = nhrp_ext_find(reply, NHRP_EXT_NAT);
	if (e != NULL && addr_is_set(&rx->ifp->public_nbma)) {
		own.nbma = rx->ifp->public_nbma;
		nhrp_ext_append(e, &own);
	}
}

static void
refuse(struct nhrp_rx *rx)
{
	struct nhrp_cie cie = {.code = NHRP_CODE_NO_BINDING};
	struct nhrp_packet reply;

	reply_fill(&reply, rx, &cie);
	nhrp_send(rx->ifp, &reply, &rx->nbma, rx->peer_ref);
}

/* To a neighbour, or to where no session can lead or led: back the same way. */
static bool
goes_back(const struct nhrp_rx *rx, const struct addr *nbma)
{
	const struct nhrp_entry *e = cache_find_host(rx->ifp, &rx->p.src_proto);

	return addr_eq(nbma, &rx->nbma) || nhrp_if_is_own_nbma(rx->ifp, nbma) ||
	    !nhrp_if_may_reach(rx->ifp, nbma) ||
	    (e != NULL && e->r.negative) || rx->ifp->nhrp->waiting_count >= WAITING_MAX;
}

static void
deliver(struct nhrp_rx *rx, struct nhrp_packet *reply, const struct addr *nbma)
{
	struct nhrp_peer *peer;

	if (goes_back(rx, nbma)) {
		nhrp_send(rx->ifp, reply, &rx->nbma, rx->peer_ref);
		return;
	}
	peer = protect_want(rx->ifp, nbma, false);
	if (peer == NULL) {
		nhrp_send(rx->ifp, reply, &rx->nbma, rx->peer_ref);
	} else if (protect_is_up(peer)) {
		nhrp_send(rx->ifp, reply, nbma, peer->r.peer_ref);
		protect_release(peer);
	} else if (waits_already(rx)) {
		protect_release(peer);
	} else {
		wait_for(rx, reply, peer);
	}
}

static void
answer(struct nhrp_rx *rx, const struct prefix *prefix)
{
	const struct nhrp_cie *nat =
	    nhrp_ext_entry(nhrp_ext_find(&rx->p, NHRP_EXT_NAT), &rx->p.src_proto);
	struct addr nbma = nat != NULL && addr_is_set(&nat->nbma) ? nat->nbma : rx->p.src_nbma;
	struct nhrp_cie cie = nhrp_own_cie(rx->ifp);
	struct nhrp_packet reply;
	uint32_t hold_s = rx->p.cie_count > 0 ? rx->p.cies[0].hold_s : 0;

	if (nhrp_error_if_unknown_extension(rx))
		return;
	cie.prefix_len = prefix->len;
	reply_fill(&reply, rx, &cie);
	reply.flags = (uint16_t)(rx->p.flags | NHRP_RES_AUTHORITATIVE | NHRP_RES_DST_STABLE);
	remember_source(rx, &nbma, hold_s);
	remember_answer(rx, prefix, cie.hold_s);
	deliver(rx, &reply, &nbma);
}

void
answer_request(struct nhrp_rx *rx)
{
	struct prefix prefix;

	if (answer_is_ours(rx->ifp, &rx->p.dst_proto, &prefix))
		answer(rx, &prefix);
	else if (!nhrp_forward(rx, &rx->p.dst_proto))
		refuse(rx);
}
