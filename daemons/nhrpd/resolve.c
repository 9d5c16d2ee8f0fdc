/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resolve.h"

#include <string.h>

#include "log.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "nhrp_forward.h"
#include "protect.h"
#include "publish.h"

#define TRIES 6			/* after 1, 2, 4, 8, 16, 32 s it was in vain */
#define REFRESH_LEAD_MAX_S 60	/* a used entry is asked for again so long before its end */

/* --- requests --- */

static void
send_request(struct nhrp_entry *e)
{
	struct nhrp_if *ifp = e->ifp;
	struct nhrp_packet p;

	nhrp_packet_from_us(&p, ifp, NHRP_RESOLUTION_REQUEST, &e->r.target);
	p.request_id = e->r.request_id;
	p.flags = NHRP_RES_ROUTER | NHRP_RES_AUTHORITATIVE | NHRP_RES_SRC_STABLE | NHRP_CISCO_NAT;
	p.cies[p.cie_count++] = (struct nhrp_cie){
	    .prefix_len = (uint8_t)(8 * addr_bytes(&e->r.target)), .mtu = ifp->conf.mtu,
	    .hold_s = (uint16_t)ifp->conf.holdtime_s};
	if (!nhrp_send_towards(ifp, &p, &e->r.target, NULL))
		cache_debug(e, "no NHS to ask");
	timer_in(&e->timer, ifp->nhrp->loop, mono_s((int64_t)1 << e->tries));
	e->tries++;
}

static void
ask(struct nhrp_entry *e)
{
	struct nhrp *n = e->ifp->nhrp;

	resolve_cancel(e);
	e->r.request_id = nhrp_next_request_id(n);
	e->pending = true;
	e->tries = 0;
	HASH_ADD(hh_pending, n->pending, r.request_id, sizeof(e->r.request_id), e);
	cache_changed(e);
	send_request(e);
}

void
resolve_cancel(struct nhrp_entry *e)
{
	if (!e->pending)
		return;
	HASH_DELETE(hh_pending, e->ifp->nhrp->pending, e);
	e->pending = false;
}

void
resolve_again(struct nhrp_entry *e)
{
	mono_t now = nhrp_now(e->ifp->nhrp);

	if (e->class == CACHE_LEARNED && !mono_before(now, mono_us(e->r.expires_us)))
		cache_remove(e);	/* nobody answered the refresh in time */
	else if (e->tries < TRIES)
		send_request(e);
	else if (e->class == CACHE_INCOMPLETE)
		cache_negative(e);
	else {
		resolve_cancel(e);
		e->r.flags &= (uint16_t)~NHRP_FLAG_USED;
		cache_changed(e);
	}
}

static bool
worth_asking(const struct nhrp_if *ifp, const struct addr *target)
{
	return nhrp_if_ready(ifp) && addr_is_set(target) && !addr_is_any(target) &&
	    !addr_is_multicast(target) && !addr_eq(target, nhrp_if_address(ifp)) &&
	    target->family == nhrp_if_address(ifp)->family;
}

/* A network map covers it: no question, the map says where it is. */
static bool
mapped(struct nhrp_if *ifp, const struct addr *target)
{
	struct nhrp_entry *map = cache_lookup(ifp, target, true), *e;
	struct prefix host = cache_host(target);

	if (map == NULL || map->class != CACHE_CONFIGURED)
		return false;
	e = cache_add(ifp, &host, CACHE_LEARNED);
	if (e == NULL)
		return true;
	e->r.flags = NHRP_FLAG_IMPLICIT;
	e->r.next_hop = e->r.target = *target;
	e->r.nbma = map->r.nbma;
	cache_set_peer(e, protect_want(ifp, &e->r.nbma, false));
	cache_hold(e, ifp->conf.holdtime_s);
	cache_changed(e);
	publish_entry(e);
	return true;
}

void
resolve_start(struct nhrp_if *ifp, const struct addr *target, bool shortcut)
{
	struct prefix host = cache_host(target);
	struct nhrp_entry *e;

	if (!worth_asking(ifp, target) || cache_find(ifp, &host) != NULL)
		return;
	e = cache_lookup(ifp, target, true);
	if (shortcut && e != NULL && e->told.shortcut)
		return;
	if (!shortcut && mapped(ifp, target))
		return;
	e = cache_add(ifp, &host, CACHE_INCOMPLETE);
	if (e == NULL) {
		nhrp_dropped(ifp, NHRP_DROP_FULL);
		return;
	}
	e->r.target = e->r.next_hop = *target;
	e->r.shortcut = shortcut;
	cache_debug(e, "asking");
	ask(e);
}

void
resolve_next_hop(struct nhrp *n, const struct ipc_next_hop *m)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);

	if (ifp != NULL)
		resolve_start(ifp, &m->next_hop, false);
}

void
resolve_in_use(struct nhrp *n, const struct ipc_next_hop *m)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);
	struct nhrp_entry *e, *next;

	if (ifp == NULL || (e = cache_find_host(ifp, &m->next_hop)) == NULL)
		return;
	cache_used(e);
	/* What lies behind it is used too: espd does not count shortcuts apart. */
	if (e->peer == NULL)
		return;
	for (e = e->peer->entries; e != NULL; e = next) {
		next = e->peer_next;
		if (e->ifp == ifp && e->told.shortcut)
			cache_used(e);
	}
}

/* --- refresh --- */

bool
resolve_refreshes(const struct nhrp_entry *e)
{
	return e->class == CACHE_LEARNED && !e->pending && (e->r.flags & NHRP_FLAG_USED) &&
	    !(e->r.flags & NHRP_FLAG_IMPLICIT) && addr_is_set(&e->r.target) &&
	    mono_before(nhrp_now(e->ifp->nhrp),
	        mono_sub(mono_us(e->r.expires_us), resolve_refresh_lead(e)));
}

mono_t
resolve_refresh_lead(const struct nhrp_entry *e)
{
	uint32_t s = e->r.hold_s / 4;

	return mono_s(s > REFRESH_LEAD_MAX_S ? REFRESH_LEAD_MAX_S : s);
}

void
resolve_refresh(struct nhrp_entry *e)
{
	cache_debug(e, "asking again before it expires");
	ask(e);
}

/* --- replies --- */

struct answer {
	struct prefix prefix;
	struct addr target, next_hop, nbma, claimed;
	uint32_t request_id, hold_s;
	uint16_t mtu;
	uint8_t preference;
};

static void
answer_read(struct answer *a, struct nhrp_rx *rx)
{
	const struct nhrp_cie *cie = &rx->p.cies[0], *nat;
	struct nhrp_ext *ext = nhrp_ext_find(&rx->p, NHRP_EXT_NAT);
	struct prefix net;

	*a = (struct answer){.target = rx->p.dst_proto, .request_id = rx->p.request_id,
	    .hold_s = cie->hold_s, .mtu = cie->mtu, .preference = cie->preference};
	a->next_hop = addr_is_set(&cie->proto) ? cie->proto : a->target;
	a->nbma = cie->nbma;
	nat = nhrp_ext_entry(ext, &a->next_hop);
	if (nat == NULL)
		nat = nhrp_ext_entry(ext, &a->target);
	if (nat != NULL && addr_is_set(&nat->nbma) && !addr_eq(&nat->nbma, &a->nbma)) {
		a->claimed = a->nbma;
		a->nbma = nat->nbma;
	}
	a->prefix = cache_host(&a->target);
	net = (struct prefix){.addr = a->target, .len = cie->prefix_len};
	if (net.len == 0 || net.len > a->prefix.len)
		return;		/* 0 and 0xff mean the whole address */
	net = prefix_network(&net);
	/* A prefix with the way to it inside would be a loop. */
	if (!prefix_overlaps(&net, &rx->ifp->conf.address) && !prefix_contains(&net, &a->next_hop))
		a->prefix = net;
}

static const char *
answer_check(const struct answer *a, const struct nhrp_if *ifp)
{
	if (!addr_is_set(&a->nbma))
		return "without an NBMA address";
	if (!nhrp_if_may_reach(ifp, &a->nbma))
		return "with an NBMA address that cannot be";
	if (a->hold_s == 0)
		return "with a hold time of zero";
	if (addr_eq(&a->next_hop, nhrp_if_address(ifp)) || addr_is_multicast(&a->next_hop))
		return "with a next hop that cannot be";
	/* Behind the same NAT, or ourselves: only the hub reaches it. */
	if (nhrp_if_is_own_nbma(ifp, &a->nbma))
		return "with our own NBMA address: it stays with the hub";
	return NULL;
}

static void
go_by_session(struct nhrp_entry *e, const struct answer *a, const struct nhrp_rx *rx)
{
	struct nhrp_peer *heard = NULL;

	/* It came straight from there: that is the session. */
	if (rx->peer_ref != 0 && addr_eq(&rx->nbma, &a->nbma))
		heard = protect_heard(e->ifp, &rx->nbma, rx->peer_ref);
	if (e->peer == NULL || !addr_eq(&e->peer->r.nbma, &a->nbma))
		cache_set_peer(e, protect_want(e->ifp, &a->nbma, false));
	protect_release(heard);
}

static void
install(const struct nhrp_rx *rx, const struct answer *a, const struct prefix *p, uint16_t flags)
{
	struct nhrp_entry *e = cache_find(rx->ifp, p);

	if (e != NULL && (e->class == CACHE_CONFIGURED || e->class == CACHE_REGISTERED))
		return;		/* what is configured or registered is better known */
	if (e != NULL && e->class != CACHE_LEARNED) {
		cache_remove(e);
		e = NULL;
	}
	if (e == NULL)
		e = cache_add(rx->ifp, p, CACHE_LEARNED);
	if (e == NULL) {
		nhrp_dropped(rx->ifp, NHRP_DROP_FULL);
		return;
	}
	if (e->told.shortcut && !addr_eq(&e->r.next_hop, &a->next_hop))
		publish_withdraw(e);
	resolve_cancel(e);
	e->r.next_hop = a->next_hop;
	e->r.nbma = a->nbma;
	e->r.claimed = a->claimed;
	e->r.target = a->target;
	e->r.mtu = a->mtu;
	e->r.preference = a->preference;
	e->r.request_id = a->request_id;
	e->r.flags = (uint16_t)(flags | (addr_is_set(&a->claimed) ? NHRP_FLAG_NAT : 0));
	go_by_session(e, a, rx);
	cache_hold(e, a->hold_s);
	cache_changed(e);
	cache_debug(e, "resolved");
	publish_entry(e);
}

static void
take(const struct nhrp_rx *rx, const struct answer *a, bool first)
{
	struct prefix hop = cache_host(&a->next_hop);
	uint16_t used = first ? NHRP_FLAG_USED : 0;
	uint16_t of_router = NHRP_FLAG_ROUTER | NHRP_FLAG_RIB;
	struct answer of_hop = *a;

	/* The packet that made us ask counts as use; after a refresh, only espd's word does. */
	if (prefix_eq(&hop, &a->prefix)) {
		install(rx, a, &hop, (uint16_t)(of_router | NHRP_FLAG_NHOP | used));
		return;
	}
	of_hop.target = a->next_hop;
	install(rx, &of_hop, &hop, (uint16_t)(of_router | NHRP_FLAG_NHOP));
	install(rx, a, &a->prefix, (uint16_t)(of_router | used));
}

static void
refuse(struct nhrp_entry *e, const char *why)
{
	log_debug(LOG_DEBUG_NHRP, "NHRP", "%s: resolution of %s ended %s", e->ifp->conf.name,
	    ADDR_STR(&e->r.target), why);
	cache_negative(e);
}

static struct nhrp_entry *
find_pending(struct nhrp_rx *rx)
{
	struct nhrp_entry *e;
	uint32_t id = rx->p.request_id;

	HASH_FIND(hh_pending, rx->ifp->nhrp->pending, &id, sizeof(id), e);
	if (e != NULL && e->ifp == rx->ifp && addr_eq(&e->r.target, &rx->p.dst_proto))
		return e;
	/* A repeated request has several answers: the second is no fault. */
	e = cache_lookup(rx->ifp, &rx->p.dst_proto, true);
	if (e != NULL && e->r.request_id == id)
		return NULL;
	nhrp_dropped(rx->ifp, NHRP_DROP_UNSOLICITED);
	nhrp_error_send(rx, NHRP_ERROR_INVALID_REPLY, 0);
	return NULL;
}

void
resolve_reply(struct nhrp_rx *rx)
{
	struct nhrp_entry *e = find_pending(rx);
	struct answer a;
	const char *why;
	bool first;

	if (e == NULL)
		return;
	if (rx->p.cie_count == 0 || rx->p.cies[0].code != NHRP_CODE_OK) {
		refuse(e, "without a binding");
		return;
	}
	answer_read(&a, rx);
	why = answer_check(&a, rx->ifp);
	if (why != NULL) {
		refuse(e, why);
		return;
	}
	first = e->class == CACHE_INCOMPLETE;
	resolve_cancel(e);
	if (first || !prefix_eq(&e->r.address, &a.prefix))
		cache_remove(e);
	take(rx, &a, first);
}

void
resolve_error(struct nhrp_if *ifp, uint32_t request_id)
{
	struct nhrp_entry *e;

	HASH_FIND(hh_pending, ifp->nhrp->pending, &request_id, sizeof(request_id), e);
	if (e != NULL && e->ifp == ifp)
		refuse(e, "with an error indication");
}
