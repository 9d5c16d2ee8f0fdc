/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "purge.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "answer.h"
#include "log.h"
#include "nhrp_error.h"
#include "nhrp_forward.h"
#include "nhs.h"
#include "protect.h"
#include "server.h"

#define PURGES_MAX 512		/* unanswered; beyond it one is sent once */
#define TRIES 4			/* at 0, 1, 3 and 7 s */

struct nhrp_purge {
	struct nhrp_if *ifp;
	struct prefix prefix;
	struct addr to;
	uint32_t request_id;
	unsigned int tries;
	struct timer timer;
	struct nhrp_purge *prev, *next;
};

/* --- sending --- */

static void
fill(struct nhrp_packet *p, const struct nhrp_if *ifp, const struct addr *to,
    const struct prefix *prefix, uint32_t request_id)
{
	nhrp_packet_from_us(p, ifp, NHRP_PURGE_REQUEST, to);
	p->request_id = request_id;
	p->cies[p->cie_count++] = (struct nhrp_cie){.prefix_len = prefix->len,
	    .mtu = ifp->conf.mtu, .proto = prefix->addr};
}

static void
purge_free(struct nhrp_purge *q)
{
	struct nhrp *n = q->ifp->nhrp;

	timer_stop(&q->timer);
	DL_DELETE(n->purges, q);
	n->purge_count--;
	free(q);
}

static void
send_again(struct timer *t)
{
	struct nhrp_purge *q = container_of(t, struct nhrp_purge, timer);
	struct nhrp_packet p;

	if (q->tries == TRIES) {
		purge_free(q);
		return;
	}
	fill(&p, q->ifp, &q->to, &q->prefix, q->request_id);
	nhrp_send_towards(q->ifp, &p, &q->to, NULL);
	timer_in(&q->timer, q->ifp->nhrp->loop, mono_s((int64_t)1 << q->tries));
	q->tries++;
}

static void
send_purge(struct nhrp_if *ifp, const struct addr *to, const struct prefix *prefix)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_purge *q;
	struct nhrp_packet p;
	uint32_t id = nhrp_next_request_id(n);

	if (n->purge_count >= PURGES_MAX) {
		fill(&p, ifp, to, prefix, id);
		p.flags = NHRP_PURGE_NO_REPLY;
		nhrp_send_towards(ifp, &p, to, NULL);
		return;
	}
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		log_fatal("out of memory");
	*q = (struct nhrp_purge){.ifp = ifp, .prefix = *prefix, .to = *to, .request_id = id};
	q->timer.run = send_again;
	DL_APPEND(n->purges, q);
	n->purge_count++;
	send_again(&q->timer);
}

void
purge_entry(struct nhrp_entry *e)
{
	int64_t now = mono_in_us(nhrp_now(e->ifp->nhrp));
	size_t i;

	for (i = 0; i < CACHE_REQUESTERS; i++) {
		const struct cache_requester *q = &e->r.requester[i];

		if (addr_is_set(&q->proto) && q->expires_us > now)
			send_purge(e->ifp, &q->proto, &e->r.address);
	}
}

void
purge_local(struct nhrp_if *ifp)
{
	struct nhrp_entry *e, *next;

	HASH_ITER(hh, ifp->cache, e, next) {
		if (e->class != CACHE_LOCAL)
			continue;
		purge_entry(e);
		cache_remove(e);
	}
}

void
purge_routes_changed(struct nhrp *n)
{
	struct nhrp_if *ifp, *ifp_next;
	struct nhrp_entry *e, *next;
	struct prefix now;

	HASH_ITER(hh, n->ifs, ifp, ifp_next)
		HASH_ITER(hh, ifp->cache, e, next) {
			if (e->class != CACHE_LOCAL ||
			    (answer_is_ours(ifp, &e->r.address.addr, &now) &&
			     prefix_contains(&now, &e->r.address.addr)))
				continue;
			cache_debug(e, "no longer behind us");
			purge_entry(e);
			cache_remove(e);
		}
}

void
purge_registration(struct nhrp_if *ifp, const struct nhrp_nhs *s)
{
	struct prefix own = cache_host(nhrp_if_address(ifp));
	struct nhrp_packet p;

	/* Old IOS wants the ID of the registration.  We are leaving: nobody waits for a reply. */
	fill(&p, ifp, &s->r.nhs, &own, s->r.request_id);
	p.flags = NHRP_PURGE_NO_REPLY;
	nhrp_send(ifp, &p, &s->r.nbma, s->peer->r.peer_ref);
}

void
purge_forget(const struct nhrp_if *ifp)
{
	struct nhrp_purge *q, *next;

	DL_FOREACH_SAFE(ifp->nhrp->purges, q, next)
		if (q->ifp == ifp)
			purge_free(q);
}

/* --- receiving --- */

static void
purge_one(struct nhrp_entry *e, const struct addr *from)
{
	if ((e->class != CACHE_REGISTERED && e->class != CACHE_LEARNED) ||
	    !addr_eq(&e->r.next_hop, from))
		return;
	cache_debug(e, "purged by its owner");
	if (e->class == CACHE_REGISTERED)
		server_client_down(e, "External(NHRP: no error)");
	cache_remove(e);
}

static void
purge_prefix(struct nhrp_if *ifp, const struct prefix *p, const struct addr *from)
{
	struct nhrp_entry *e = cache_find(ifp, p), *next;

	if (p->len == 8 * addr_bytes(&p->addr)) {
		if (e != NULL)
			purge_one(e, from);
		return;
	}
	HASH_ITER(hh, ifp->cache, e, next)
		if (e->r.address.len >= p->len && prefix_contains(p, &e->r.address.addr))
			purge_one(e, from);
}

void
purge_request(struct nhrp_rx *rx)
{
	struct nhrp_packet *p = &rx->p;
	unsigned int i;

	if (nhrp_error_if_unknown_extension(rx))
		return;
	for (i = 0; i < p->cie_count; i++) {
		struct prefix prefix = cache_host(&p->cies[i].proto);

		if (p->cies[i].prefix_len != 0 && p->cies[i].prefix_len < prefix.len)
			prefix.len = p->cies[i].prefix_len;
		if (!addr_is_set(&prefix.addr))
			continue;
		prefix = prefix_network(&prefix);
		purge_prefix(rx->ifp, &prefix, &p->src_proto);
	}
	if (p->flags & NHRP_PURGE_NO_REPLY)
		return;
	p->type = NHRP_PURGE_REPLY;
	p->hops = NHRP_HOPS;
	nhrp_send(rx->ifp, p, &rx->nbma, rx->peer_ref);
}

void
purge_reply(struct nhrp_rx *rx)
{
	struct nhrp_purge *q, *next;

	DL_FOREACH_SAFE(rx->ifp->nhrp->purges, q, next)
		if (q->ifp == rx->ifp && q->request_id == rx->p.request_id) {
			purge_free(q);
			return;
		}
	nhrp_dropped(rx->ifp, NHRP_DROP_UNSOLICITED);
}
