/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "answer.h"
#include "cache.h"
#include "kept.h"
#include "log.h"
#include "mcast.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "nhrp_if.h"
#include "nhs.h"
#include "protect.h"
#include "purge.h"
#include "redirect.h"
#include "resolve.h"
#include "secret.h"
#include "server.h"

const char *const nhrp_drop_texts[NHRP_DROP_COUNT] = {
#define X(id, text) [NHRP_DROP_##id] = text,
	NHRP_DROPS(X)
#undef X
};

static const struct ratelimit stranger_lines = RATELIMIT(1000, 5);
static const struct ratelimit client_lines = RATELIMIT(20, 1000);

struct nhrp *
nhrp_new(struct loop *l, const struct nhrp_ops *ops, void *arg, struct keep *keep)
{
	struct nhrp *n = calloc(1, sizeof(*n));
	uint32_t *id;

	if (n == NULL || (n->owner = calloc(keep_slots(keep), sizeof(*n->owner))) == NULL)
		log_fatal("out of memory");
	n->loop = l;
	n->ops = ops;
	n->ops_arg = arg;
	n->keep = keep;
	n->redirects = redirects_new();
	n->log_limit = stranger_lines;
	n->client_limit = client_lines;
	/* A router that comes back after a reboot must not repeat its old numbers. */
	id = keep_header_user(keep);
	if (*id == 0)
		*id = random_u32() & 0xffffff;
	kept_restore(n);
	return n;
}

static void
say_nothing(void *arg, enum ipc_type type, const void *body)
{
	(void)arg;
	(void)type;
	(void)body;
}

void
nhrp_free(struct nhrp *n)
{
	static const struct nhrp_ops silent = {.to_espd = say_nothing, .to_iked = say_nothing};
	struct nhrp_if *ifp, *next;
	uint32_t slots = keep_slots(n->keep);

	/* The kept table stays as it is for who comes after us, and so does what
	 * others were told: only memory goes. */
	n->closing = true;
	n->ops = &silent;
	keep_close(n->keep);
	n->keep = keep_open_private(kept_slot_size(), slots);
	if (n->keep == NULL)
		log_fatal("out of memory");
	answer_forget(n, NULL);
	HASH_ITER(hh, n->ifs, ifp, next)
		nhrp_if_del(ifp);
	keep_close(n->keep);
	redirects_free(n->redirects);
	free(n->owner);
	free(n);
}

mono_t
nhrp_now(const struct nhrp *n)
{
	return loop_now(n->loop);
}

uint32_t
nhrp_next_request_id(struct nhrp *n)
{
	uint32_t *id = keep_header_user(n->keep);

	if (++*id == 0)
		++*id;
	return *id;
}

void
nhrp_dropped(struct nhrp_if *ifp, enum nhrp_drop why)
{
	ifp->drops[why]++;
}

/* --- making and sending --- */

struct nhrp_cie
nhrp_own_cie(const struct nhrp_if *ifp)
{
	return (struct nhrp_cie){.prefix_len = (uint8_t)(8 * addr_bytes(nhrp_if_address(ifp))),
	    .mtu = ifp->conf.mtu, .hold_s = (uint16_t)ifp->conf.holdtime_s,
	    .nbma = ifp->conf.local, .proto = *nhrp_if_address(ifp)};
}

void
nhrp_packet_from_us(struct nhrp_packet *p, const struct nhrp_if *ifp, unsigned int type,
    const struct addr *dst)
{
	memset(p, 0, sizeof(*p));
	p->type = (uint8_t)type;
	p->hops = NHRP_HOPS;
	p->src_nbma = ifp->conf.local;
	p->src_proto = *nhrp_if_address(ifp);
	p->dst_proto = *dst;
	nhrp_ext_add_records(p);
}

bool
nhrp_send(struct nhrp_if *ifp, struct nhrp_packet *p, const struct addr *nbma, uint32_t peer_ref)
{
	struct nhrp *n = ifp->nhrp;
	struct nhrp_auth_room room;
	uint8_t bytes[NHRP_PACKET_MAX];
	struct ipc_nhrp m = {.local = ifp->conf.local, .nbma = *nbma, .peer_ref = peer_ref};
	struct wbuf w;

	nhrp_ext_remove(p, NHRP_EXT_AUTHENTICATION);
	if (p->type != NHRP_ERROR_INDICATION || p->error_code != NHRP_ERROR_AUTHENTICATION)
		nhrp_ext_add_auth(p, ifp->conf.auth, &room);
	nhrp_ext_sort(p);
	wbuf_init(&w, bytes, sizeof(bytes));
	nhrp_packet_write(&w, p);
	if (w.bad) {
		nhrp_dropped(ifp, NHRP_DROP_TOO_BIG);
		return false;
	}
	if (!ratelimit_take(&ifp->send_limit, nhrp_now(n))) {
		nhrp_dropped(ifp, NHRP_DROP_MAX_SEND);
		return false;
	}
	ifp->sent[p->type]++;
	log_debug(LOG_DEBUG_NHRP_PACKET, "NHRP",
	    "Send %s via %s, packet size: %zu, src: %s, dst: %s, nbma %s",
	    nhrp_type_name(p->type), ifp->conf.name, wbuf_len(&w), ADDR_STR(&p->src_proto),
	    ADDR_STR(&p->dst_proto), ADDR_STR(nbma));
	memcpy(m.ifname, ifp->conf.ifname, sizeof(m.ifname));
	m.packet = slice_of(bytes, wbuf_len(&w));
	n->ops->to_espd(n->ops_arg, IPC_MSG_NHRP_OUT, &m);
	return true;
}

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
		if (nhs_is_responding(s) && is_way(w, ifp, &s->r.nbma, s->peer, except))
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

/* --- receiving --- */

struct packet_type {
	void (*for_us)(struct nhrp_rx *rx);
	enum { TO_SRC, TO_DST, TO_US } towards;
};

static const struct packet_type types[NHRP_TYPE_COUNT] = {
	[NHRP_RESOLUTION_REQUEST]   = {answer_request, TO_US},	/* it sends on itself */
	[NHRP_RESOLUTION_REPLY]     = {resolve_reply, TO_SRC},
	[NHRP_REGISTRATION_REQUEST] = {server_register, TO_DST},
	[NHRP_REGISTRATION_REPLY]   = {nhs_reply, TO_SRC},
	[NHRP_PURGE_REQUEST]        = {purge_request, TO_DST},
	[NHRP_PURGE_REPLY]          = {purge_reply, TO_SRC},
	[NHRP_ERROR_INDICATION]     = {nhrp_error_receive, TO_DST},
	[NHRP_TRAFFIC_INDICATION]   = {redirect_receive, TO_US},
};

static bool
is_for_us(const struct nhrp_rx *rx, const struct addr *towards)
{
	if (addr_eq(towards, nhrp_if_address(rx->ifp)))
		return true;
	/* A client that does not know our address asks for its own. */
	return rx->p.type == NHRP_REGISTRATION_REQUEST &&
	    addr_eq(&rx->p.src_proto, &rx->p.dst_proto);
}

static void
dispatch(struct nhrp_rx *rx)
{
	const struct packet_type *t = &types[rx->p.type];
	struct addr towards = t->towards == TO_SRC ? rx->p.src_proto : rx->p.dst_proto;

	if (t->towards == TO_US || is_for_us(rx, &towards))
		t->for_us(rx);
	else if (!nhrp_forward(rx, &towards)) {
		nhrp_dropped(rx->ifp, NHRP_DROP_NO_WAY);
		nhrp_error_send(rx, NHRP_ERROR_UNREACHABLE, 0);
	}
}

static void
refuse_auth(struct nhrp_rx *rx, const char *why)
{
	struct nhrp *n = rx->ifp->nhrp;

	nhrp_dropped(rx->ifp, NHRP_DROP_AUTH);
	if (ratelimit_take(&n->log_limit, nhrp_now(n)))
		log_event(LOG_SEV_ERR, "DMVPN", "DMVPN_NHRP_ERROR",
		    " %s: Recieved %s for  %s , Reason:  authentication failure (11) on "
		    "(Tunnel: %s NBMA: %s)",
		    rx->ifp->conf.name, why, nhrp_type_name(rx->p.type),
		    ADDR_STR(nhrp_if_address(rx->ifp)), ADDR_STR(&rx->ifp->conf.local));
	nhrp_error_send(rx, NHRP_ERROR_AUTHENTICATION, 0);
}

/* NULL, or why the packet is refused; what it carried is stripped. */
static const char *
check_auth(struct nhrp_rx *rx)
{
	const char *why = NULL;
	bool has = nhrp_ext_find(&rx->p, NHRP_EXT_AUTHENTICATION) != NULL;

	if (has || rx->p.type != NHRP_ERROR_INDICATION)
		why = nhrp_ext_check_auth(&rx->p, rx->ifp->conf.auth);
	nhrp_ext_remove(&rx->p, NHRP_EXT_AUTHENTICATION);
	return why;
}

/* Our own request, come back to us. */
static bool
is_our_own(const struct nhrp_rx *rx)
{
	return !nhrp_packet_is_reply(&rx->p) &&
	    addr_eq(&rx->p.src_proto, nhrp_if_address(rx->ifp));
}

static bool
is_from_server(const struct nhrp_rx *rx)
{
	const struct nhrp_nhs *s;

	DL_FOREACH(rx->ifp->nhs, s)
		if (addr_eq(&s->r.nbma, &rx->nbma))
			return true;
	return protect_is_static(rx->ifp, &rx->nbma, rx->peer_ref);
}

/*
 * Who registered with us speaks from where it registered, or through a server
 * that we are configured with.  Anybody else who says that it is that client
 * would purge it, or have others send to him what is for it.
 */
static bool
is_forged(const struct nhrp_rx *rx)
{
	const struct nhrp_entry *e = cache_find_host(rx->ifp, &rx->p.src_proto);

	if (nhrp_packet_is_reply(&rx->p) || rx->p.type == NHRP_REGISTRATION_REQUEST ||
	    e == NULL || e->class != CACHE_REGISTERED)
		return false;
	if (!addr_eq(&e->r.nbma, &rx->nbma))
		return !is_from_server(rx);
	/* Two behind one NAT differ by their sessions. */
	return addr_is_set(&e->r.claimed) && rx->peer_ref != 0 && protect_is_up(e->peer) &&
	    e->peer->r.peer_ref != 0 && e->peer->r.peer_ref != rx->peer_ref;
}

static void
receive(struct nhrp_rx *rx)
{
	const char *why = nhrp_packet_read(&rx->p, rx->bytes.p, rx->bytes.len);
	struct nhrp *n = rx->ifp->nhrp;

	if (why != NULL) {
		nhrp_dropped(rx->ifp, NHRP_DROP_MALFORMED);
		if (ratelimit_take(&n->log_limit, nhrp_now(n)))
			log_warn("%s: NHRP packet from %s dropped: %s", rx->ifp->conf.name,
			    ADDR_STR(&rx->nbma), why);
		return;
	}
	rx->ifp->received[rx->p.type]++;
	log_debug(LOG_DEBUG_NHRP_PACKET, "NHRP",
	    "Receive %s via %s, packet size: %zu, src: %s, dst: %s, nbma %s",
	    nhrp_type_name(rx->p.type), rx->ifp->conf.name, rx->bytes.len,
	    ADDR_STR(&rx->p.src_proto), ADDR_STR(&rx->p.dst_proto), ADDR_STR(&rx->nbma));
	why = check_auth(rx);
	if (why != NULL)
		refuse_auth(rx, why);
	else if (is_our_own(rx))
		nhrp_dropped(rx->ifp, NHRP_DROP_LOOP);
	else if (is_forged(rx))
		nhrp_dropped(rx->ifp, NHRP_DROP_FORGED);
	else
		dispatch(rx);
}

void
nhrp_receive(struct nhrp *n, const struct ipc_nhrp *m)
{
	struct nhrp_rx rx = {.ifp = nhrp_if_find(n, m->ifname), .nbma = m->nbma,
	    .peer_ref = m->peer_ref, .bytes = m->packet};

	if (rx.ifp == NULL)
		n->no_interface++;
	else if (!nhrp_if_ready(rx.ifp))
		nhrp_dropped(rx.ifp, NHRP_DROP_DOWN);
	else if (nhrp_if_protected(rx.ifp) && m->peer_ref == 0)
		nhrp_dropped(rx.ifp, NHRP_DROP_CLEAR);
	else
		receive(&rx);
}
