/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "redirect.h"

#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "log.h"
#include "protect.h"
#include "resolve.h"
#include "secret.h"

#define SETS 1024
#define WAYS 4
#define QUOTE_MAX 128		/* headers and a little more are enough */
#define INTERVAL_DEFAULT_S 8
#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40

/* When a (source, destination) was last told.  A full set forgets its oldest. */
struct told {
	struct addr src, dst;
	mono_t at;
};

struct nhrp_redirects {
	uint32_t seed;		/* so that nobody can aim at one set */
	struct told told[SETS][WAYS];
};

struct nhrp_redirects *
redirects_new(void)
{
	struct nhrp_redirects *t = calloc(1, sizeof(*t));

	if (t == NULL)
		log_fatal("out of memory");
	t->seed = random_u32();
	return t;
}

void
redirects_free(struct nhrp_redirects *t)
{
	free(t);
}

static uint32_t
mix(uint32_t h, const struct addr *a)
{
	unsigned int i;

	for (i = 0; i < addr_bytes(a); i++)
		h = (h ^ a->b[i]) * 16777619u;
	return h ^ h >> 15;
}

static bool
due(struct nhrp_redirects *t, const struct ipc_redirect *m, mono_t now, uint32_t interval_s)
{
	struct told *set = t->told[mix(mix(t->seed, &m->src), &m->dst) % SETS], *oldest = set;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (addr_eq(&set[i].src, &m->src) && addr_eq(&set[i].dst, &m->dst)) {
			if (mono_before(now, mono_add(set[i].at, mono_s(interval_s))))
				return false;
			set[i].at = now;
			return true;
		}
		if (mono_before(set[i].at, oldest->at))
			oldest = &set[i];
	}
	*oldest = (struct told){.src = m->src, .dst = m->dst, .at = now};
	return true;
}

/* Who sent it to us: espd knows, or the way back to the source says. */
static struct nhrp_entry *
previous_hop(struct nhrp_if *ifp, const struct ipc_redirect *m)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_route r = {0};
	const struct addr *hop = &m->src_next_hop;

	if (!addr_is_set(hop)) {
		if (!n->ops->route(n->ops_arg, &m->src, &r) ||
		    strcmp(r.ifname, ifp->conf.ifname) != 0)
			return NULL;
		hop = addr_is_set(&r.gateway) ? &r.gateway : &m->src;
	}
	return cache_lookup(ifp, hop, true);
}

void
redirect_wanted(struct nhrp *n, const struct ipc_redirect *m)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);
	struct nhrp_packet p = {.type = NHRP_TRAFFIC_INDICATION, .hops = NHRP_HOPS_INDICATION};
	struct nhrp_entry *to;
	uint32_t interval_s;

	if (ifp == NULL || !ifp->conf.redirect || !nhrp_if_ready(ifp) || m->packet.len == 0)
		return;
	to = previous_hop(ifp, m);
	if (to == NULL)
		return;
	interval_s = ifp->conf.redirect_interval_s != 0 ? ifp->conf.redirect_interval_s :
	    INTERVAL_DEFAULT_S;
	if (!due(n->redirects, m, nhrp_now(n), interval_s))
		return;
	p.src_nbma = ifp->conf.local;
	p.src_proto = *nhrp_if_address(ifp);
	p.dst_proto = m->src;
	p.data = slice_of(m->packet.p, m->packet.len > QUOTE_MAX ? QUOTE_MAX : m->packet.len);
	nhrp_send(ifp, &p, &to->r.nbma, to->peer->r.peer_ref);
}

/* --- receiving --- */

static bool
packet_addresses(struct slice packet, struct addr *src, struct addr *dst)
{
	struct rbuf r;
	const uint8_t *p;

	rbuf_init(&r, packet.p, packet.len);
	if (packet.len >= IPV4_HEADER_LEN && packet.p[0] >> 4 == 4) {
		rbuf_skip(&r, 12);
		p = rbuf_take(&r, 8);
		*src = addr_from_bytes(ADDR_V4, p);
		*dst = addr_from_bytes(ADDR_V4, p + 4);
		return true;
	}
	if (packet.len >= IPV6_HEADER_LEN && packet.p[0] >> 4 == 6) {
		rbuf_skip(&r, 8);
		p = rbuf_take(&r, 32);
		*src = addr_from_bytes(ADDR_V6, p);
		*dst = addr_from_bytes(ADDR_V6, p + 16);
		return true;
	}
	return false;
}

/* A redirect is about a packet that we sent by this tunnel, from somebody who is on it. */
static bool
credible(const struct nhrp_rx *rx, const struct addr *src, const struct addr *dst)
{
	const struct nhrp *n = rx->ifp->nhrp;
	struct nhrp_route r = {0};

	if (!addr_eq(src, &rx->p.dst_proto) ||
	    cache_lookup(rx->ifp, &rx->p.src_proto, true) == NULL)
		return false;
	if (!n->ops->route(n->ops_arg, src, &r) || (!r.local && nhrp_if_find(n, r.ifname) != NULL))
		return false;
	return n->ops->route(n->ops_arg, dst, &r) && strcmp(r.ifname, rx->ifp->conf.ifname) == 0;
}

void
redirect_receive(struct nhrp_rx *rx)
{
	struct addr src, dst;

	if (!rx->ifp->conf.shortcut || !packet_addresses(rx->p.data, &src, &dst) ||
	    !credible(rx, &src, &dst)) {
		nhrp_dropped(rx->ifp, NHRP_DROP_REDIRECT);
		return;
	}
	log_debug(LOG_DEBUG_NHRP, "NHRP", "%s: %s says there is a shorter way to %s",
	    rx->ifp->conf.name, ADDR_STR(&rx->p.src_proto), ADDR_STR(&dst));
	resolve_start(rx->ifp, &dst, true);
}
