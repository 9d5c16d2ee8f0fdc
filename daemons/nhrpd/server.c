/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include <utlist.h>

#include "log.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "protect.h"
#include "publish.h"

#define CLIENTS_OF_PEER_MAX 256	/* addresses that one session may register */

struct client {			/* one client of one registration request */
	struct addr proto;
	struct addr nbma;	/* where its packets come from */
	struct addr claimed;	/* what it says; unset when that is the same */
	uint32_t hold_s;
	uint16_t mtu;
	bool unique;
};

static void
client_up(const struct nhrp_entry *e)
{
	const struct nhrp_if *ifp = e->ifp;

	if (!ratelimit_take(&ifp->nhrp->client_limit, nhrp_now(ifp->nhrp)))
		return;
	log_event(LOG_SEV_NOTICE, "DMVPN", "NHRP_NHC_UP",
	    "%s: Next Hop Client : (Tunnel: %s NBMA: %s) for (Tunnel: %s NBMA: %s) is UP",
	    ifp->conf.name, ADDR_STR(&e->r.next_hop), ADDR_STR(&e->r.nbma),
	    ADDR_STR(nhrp_if_address(ifp)), ADDR_STR(&ifp->conf.local));
}

void
server_client_down(const struct nhrp_entry *e, const char *reason)
{
	const struct nhrp_if *ifp = e->ifp;

	if (!ratelimit_take(&ifp->nhrp->client_limit, nhrp_now(ifp->nhrp)))
		return;
	log_event(LOG_SEV_NOTICE, "DMVPN", "NHRP_NHC_DOWN",
	    "%s: Next Hop Client : (Tunnel: %s NBMA: %s ) for (Tunnel: %s NBMA: %s) is DOWN, "
	    "Reason: %s",
	    ifp->conf.name, ADDR_STR(&e->r.next_hop), ADDR_STR(&e->r.nbma),
	    ADDR_STR(nhrp_if_address(ifp)), ADDR_STR(&ifp->conf.local), reason);
}

static void
client_read(struct client *c, const struct nhrp_rx *rx, const struct nhrp_cie *cie)
{
	const struct addr *said = addr_is_set(&cie->nbma) ? &cie->nbma : &rx->p.src_nbma;

	*c = (struct client){.mtu = cie->mtu, .nbma = rx->nbma,
	    .proto = addr_is_set(&cie->proto) ? cie->proto : rx->p.src_proto,
	    .hold_s = cie->hold_s != 0 ? cie->hold_s : rx->ifp->conf.holdtime_s,
	    .unique = (rx->p.flags & NHRP_REG_UNIQUE) != 0};
	if (!addr_eq(said, &rx->nbma))
		c->claimed = *said;
}

/* A prefix of 0 or 0xff is the whole address; IOS sends its length. */
static bool
is_whole_address(const struct nhrp_cie *cie, const struct addr *proto)
{
	return cie->prefix_len == 0 || cie->prefix_len == NHRP_PREFIX_UNIQUE ||
	    cie->prefix_len == 8 * addr_bytes(proto);
}

/*
 * Who is routed by way of another next hop is behind that one, and no client itself: who
 * registered that address would be asked for it, and answer, in its place.
 */
static bool
is_behind_another(const struct nhrp_if *ifp, const struct addr *proto)
{
	const struct nhrp *n = ifp->nhrp;
	struct nhrp_route r = {0};

	if (prefix_contains(&ifp->conf.address, proto) || !n->ops->route(n->ops_arg, proto, &r))
		return false;
	return r.local || (addr_is_set(&r.gateway) && !addr_eq(&r.gateway, proto) &&
	    nhrp_if_find(n, r.ifname) != NULL);
}

static enum nhrp_code
client_refused(const struct nhrp_if *ifp, const struct client *c, const struct nhrp_cie *cie,
    const struct nhrp_entry *e)
{
	if (!is_whole_address(cie, &c->proto) || addr_is_any(&c->proto) ||
	    addr_is_multicast(&c->proto) || addr_eq(&c->proto, nhrp_if_address(ifp)) ||
	    nhrp_if_is_own_nbma(ifp, &c->nbma) || is_behind_another(ifp, &c->proto))
		return NHRP_CODE_PROHIBITED;
	if (e == NULL)
		return NHRP_CODE_OK;
	if (e->class == CACHE_CONFIGURED)
		return addr_eq(&e->r.nbma, &c->nbma) ? NHRP_CODE_OK : NHRP_CODE_PROHIBITED;
	if (e->class == CACHE_REGISTERED && (e->r.flags & NHRP_FLAG_UNIQUE) &&
	    (!addr_eq(&e->r.nbma, &c->nbma) || !addr_eq(&e->r.claimed, &c->claimed)))
		return NHRP_CODE_ALREADY_REGISTERED;
	return NHRP_CODE_OK;
}

static unsigned int
clients_of(const struct nhrp_peer *p)
{
	const struct nhrp_entry *e;
	unsigned int n = 0;

	DL_FOREACH2(p->entries, e, peer_next)
		n += e->class == CACHE_REGISTERED;
	return n;
}

static enum nhrp_code
client_store(struct nhrp_rx *rx, const struct client *c, struct nhrp_entry *e)
{
	struct prefix host = cache_host(&c->proto);
	struct nhrp_peer *peer;
	bool is_new = e == NULL;

	if (e != NULL && e->class == CACHE_CONFIGURED)
		return NHRP_CODE_OK;	/* the map stays, and says the same */
	peer = protect_heard(rx->ifp, &rx->nbma, rx->peer_ref);
	if (peer != NULL && is_new && clients_of(peer) < CLIENTS_OF_PEER_MAX)
		e = cache_add(rx->ifp, &host, CACHE_REGISTERED);
	if (peer == NULL || e == NULL) {
		protect_release(peer);
		nhrp_dropped(rx->ifp, NHRP_DROP_FULL);
		return NHRP_CODE_NO_RESOURCES;
	}
	e->r.next_hop = c->proto;
	e->r.nbma = c->nbma;
	e->r.claimed = c->claimed;
	e->r.mtu = c->mtu;
	e->r.request_id = rx->p.request_id;
	e->r.flags = (uint16_t)(NHRP_FLAG_REGISTERED | NHRP_FLAG_USED | NHRP_FLAG_NHOP |
	    (c->unique ? NHRP_FLAG_UNIQUE : 0) |
	    (addr_is_set(&c->claimed) ? NHRP_FLAG_NAT : 0));
	cache_set_peer(e, peer);
	cache_hold(e, c->hold_s);
	cache_changed(e);
	publish_entry(e);
	cache_debug(e, is_new ? "registered" : "registered again");
	if (is_new)
		client_up(e);
	return NHRP_CODE_OK;
}

static enum nhrp_code
register_one(struct nhrp_rx *rx, const struct nhrp_cie *cie)
{
	struct client c;
	struct nhrp_entry *e;
	enum nhrp_code code;

	client_read(&c, rx, cie);
	e = cache_find_host(rx->ifp, &c.proto);
	code = client_refused(rx->ifp, &c, cie, e);
	if (code == NHRP_CODE_OK) {
		if (e != NULL && e->class != CACHE_CONFIGURED && e->class != CACHE_REGISTERED) {
			cache_remove(e);	/* a registration is better than what we guessed */
			e = NULL;
		}
		return client_store(rx, &c, e);
	}
	if (ratelimit_take(&rx->ifp->nhrp->log_limit, nhrp_now(rx->ifp->nhrp)))
		log_warn("%s: registration of %s from NBMA address %s refused: %s",
		    rx->ifp->conf.name, ADDR_STR(&c.proto), ADDR_STR(&c.nbma),
		    code == NHRP_CODE_ALREADY_REGISTERED ?
		    "it is registered as unique by another" : "not an address for a client");
	return code;
}

static void
reply(struct nhrp_rx *rx)
{
	struct nhrp_packet *p = &rx->p;
	struct nhrp_cie own = nhrp_own_cie(rx->ifp), seen;
	struct nhrp_ext *e;

	p->type = NHRP_REGISTRATION_REPLY;
	p->hops = NHRP_HOPS;
	/* A client that asked for its own address does not know ours, and looks for it here. */
	p->dst_proto = *nhrp_if_address(rx->ifp);
	e = nhrp_ext_find(p, NHRP_EXT_RESPONDER);
	if (e != NULL) {
		e->cie_count = 0;
		nhrp_ext_append(e, &own);
	}
	e = nhrp_ext_find(p, NHRP_EXT_NAT);
	if (e != NULL && !addr_eq(&p->src_nbma, &rx->nbma)) {
		seen = (struct nhrp_cie){.nbma = rx->nbma, .proto = p->src_proto,
		    .prefix_len = (uint8_t)(8 * addr_bytes(&p->src_proto))};
		nhrp_ext_append(e, &seen);
	}
	nhrp_send(rx->ifp, p, &rx->nbma, rx->peer_ref);
}

void
server_register(struct nhrp_rx *rx)
{
	struct nhrp_packet *p = &rx->p;
	unsigned int i;

	if (nhrp_error_if_unknown_extension(rx))
		return;
	if (p->cie_count == 0)
		p->cies[p->cie_count++] = (struct nhrp_cie){0};
	for (i = 0; i < p->cie_count; i++)
		p->cies[i].code = (uint8_t)register_one(rx, &p->cies[i]);
	reply(rx);
}
