/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_engine.h"

#include <stdlib.h>
#include <utlist.h>

#include "answer.h"
#include "cache.h"
#include "kept.h"
#include "kept_restore.h"
#include "log.h"
#include "nhrp_conf.h"
#include "nhrp_error.h"
#include "nhrp_ext.h"
#include "nhrp_forward.h"
#include "nhs.h"
#include "nhs_register.h"
#include "protect.h"
#include "purge.h"
#include "redirect.h"
#include "resolve.h"
#include "secret.h"
#include "server.h"

/* --- birth and death --- */

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
