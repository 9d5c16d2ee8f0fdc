/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_forward.h"

#include <utlist.h>

#include "cache.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "nhs.h"
#include "protect.h"

/* --- which way --- */

struct way {
	struct nhrp_if *ifp;
	struct addr nbma;
	uint32_t peer_ref;
};

static bool
is_way(struct way *w, struct nhrp_if *ifp, const struct addr *nbma, const struct nhrp_peer *peer,
    const struct nhrp_rx *except)
{
	/* Back to where it came from is no way on. */
	if (except != NULL && except->ifp == ifp && addr_eq(&except->nbma, nbma) &&
	    except->peer_ref == peer->r.peer_ref)
		return false;
	*w = (struct way){.ifp = ifp, .nbma = *nbma, .peer_ref = peer->r.peer_ref};
	return true;
}

static bool
way_by_cache(struct way *w, struct nhrp_if *ifp, const struct addr *proto, bool learned,
    const struct nhrp_rx *except)
{
	const struct nhrp_entry *e = cache_lookup(ifp, proto, learned);

	return e != NULL && is_way(w, ifp, &e->r.nbma, e->peer, except);
}

static bool
way_by_route(struct way *w, struct nhrp_if *ifp, const struct addr *proto, bool learned,
    const struct nhrp_rx *except)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_route r = {0};
	struct nhrp_if *out;

	if (!n->ops->route(n->ops_arg, proto, &r) || r.local)
		return false;
	out = nhrp_if_find(n, r.ifname);
	if (out == NULL || out->conf.network != ifp->conf.network || !nhrp_if_ready(out))
		return false;
	return way_by_cache(w, out, addr_is_set(&r.gateway) ? &r.gateway : proto, learned, except);
}

static bool
find_way(struct way *w, struct nhrp_if *ifp, const struct nhrp_packet *p,
    const struct addr *proto, const struct nhrp_rx *except)
{
	bool learned = p->type != NHRP_RESOLUTION_REQUEST;
	const struct nhrp_nhs *s;

	if (way_by_cache(w, ifp, proto, learned, except) ||
	    way_by_route(w, ifp, proto, learned, except))
		return true;
	DL_FOREACH(ifp->nhs, s)
		if (nhs_is_active(s) && is_way(w, ifp, &s->r.nbma, s->peer, except))
			return true;
	return false;
}

bool
nhrp_send_towards(struct nhrp_if *ifp, struct nhrp_packet *p, const struct addr *proto,
    const struct nhrp_rx *except)
{
	struct way w;

	return find_way(&w, ifp, p, proto, except) && nhrp_send(w.ifp, p, &w.nbma, w.peer_ref);
}

/* --- passing on --- */

/* RFC 2332 5.3.2, 5.3.3: requests are recorded on the way there, replies on the way back. */
static struct nhrp_ext *
transit_record(struct nhrp_packet *p)
{
	return nhrp_ext_find(p, nhrp_packet_is_reply(p) ? NHRP_EXT_REVERSE_TRANSIT :
	    NHRP_EXT_FORWARD_TRANSIT);
}

static bool
has_passed_us(struct nhrp_rx *rx)
{
	return nhrp_ext_entry(transit_record(&rx->p), nhrp_if_address(rx->ifp)) != NULL;
}

/* Who registered with us from behind a NAT: others must know where to find it. */
static void
add_public_address(struct nhrp_packet *p, const struct nhrp_if *ifp, const struct addr *proto)
{
	struct nhrp_ext *nat = nhrp_ext_find(p, NHRP_EXT_NAT);
	const struct nhrp_entry *e = cache_find_host(ifp, proto);
	struct nhrp_cie cie;

	if (nat == NULL || e == NULL || e->class != CACHE_REGISTERED ||
	    !addr_is_set(&e->r.claimed) || nhrp_ext_entry(nat, proto) != NULL)
		return;
	cie = (struct nhrp_cie){.nbma = e->r.nbma, .proto = *proto,
	    .prefix_len = (uint8_t)(8 * addr_bytes(proto))};
	nhrp_ext_append(nat, &cie);
}

bool
nhrp_forward(struct nhrp_rx *rx, const struct addr *towards)
{
	struct nhrp_packet *p = &rx->p;
	struct nhrp_cie own;
	struct nhrp_ext *record;
	struct way w;

	if (has_passed_us(rx)) {
		nhrp_dropped(rx->ifp, NHRP_DROP_LOOP);
		nhrp_error_send(rx, NHRP_ERROR_LOOP, 0);
		return true;
	}
	if (p->hops <= 1) {
		nhrp_dropped(rx->ifp, NHRP_DROP_HOPS);
		nhrp_error_send(rx, NHRP_ERROR_HOPS, 0);
		return true;
	}
	if (!find_way(&w, rx->ifp, p, towards, rx))
		return false;
	p->hops--;
	own = nhrp_own_cie(w.ifp);
	record = transit_record(p);
	if (record != NULL && !nhrp_ext_append(record, &own)) {
		nhrp_dropped(rx->ifp, NHRP_DROP_HOPS);
		return true;
	}
	if (p->type == NHRP_RESOLUTION_REQUEST)
		add_public_address(p, rx->ifp, &p->src_proto);
	else if (p->type == NHRP_RESOLUTION_REPLY && p->cie_count > 0)
		add_public_address(p, rx->ifp, &p->cies[0].proto);
	nhrp_send(w.ifp, p, &w.nbma, w.peer_ref);
	return true;
}
