/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Peers: somebody with whom traffic of one protection goes under ESP.
 *
 * A peer is not an address: it is a protection, our address, the peer's, and
 * behind a NAT also its identity and UDP port.  Its number, peer_ref, names it
 * in every process and outlives restarts of the peer and of us.
 *
 * A peer exists because it is configured (tunnel destination, line of a static
 * crypto map), because nhrpd wants it, or because it came by itself; in the last
 * case it goes a minute after its last pair of SAs.
 *
 * That of a crypto map is on demand: brought up when a packet waits for it, not
 * before, and given up when none of its addresses answers, until the next packet.
 * The addresses are tried in order, each time from the first.  After a failure
 * packets bring nothing up for 1, 2, 4 ... 30 seconds.
 */
#ifndef CULVERT_IKE_PEER_H
#define CULVERT_IKE_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "between.h"
#include "engine.h"
#include "ident.h"
#include "version.h"

struct ike_child;

struct peer_proxies {
	struct proxy local, remote;
};

struct ike_peer {
	struct ike_engine *engine;
	uint32_t ref;
	const char *protection;		/* its name; see once.h */
	const struct ike_version *version;	/* that of the protection's IKE */
	uint32_t vrf;
	struct ike_path path;		/* ports: 500, or those of UDP encapsulation */
	bool encap;
	bool natted;			/* came from behind a NAT: told apart by identity and port */
	struct held_ident *id;		/* once it authenticated */
	bool configured;		/* a protection names it */
	bool on_demand, demanded;	/* of a static crypto map; a packet asked for it */
	struct peer_proxies *brings;	/* of a dynamic crypto map; NULL: the protection says them */
	bool wanted, is_static;		/* nhrpd does */
	bool want_stale;		/* not wanted again yet since nhrpd's BEGIN */
	uint8_t status;			/* enum ipc_peer_status as last told */
	mono_t up_since;		/* 0: not up */
	struct ike_quick *quicks;	/* IKEv1: being negotiated, or lingering */
	struct ike_child *children;
	struct ike_child *current;	/* outbound traffic uses it */
	unsigned int failures;
	mono_t not_before;		/* on demand: packets ask for nothing until then */
	mono_t tried_at;
	struct ratelimit recoveries;	/* of invalid SPIs */
	struct timer retry_timer;	/* bring up again; or the end of one that nobody wants */
	uint32_t keep_slot;
	struct between *at;
	struct ike_peer *at_prev, *at_next;
	UT_hash_handle hh;
};

/* The other end of an IKE SA, of whichever version it is; borrowed from the SA. */
struct peer_end {
	const struct ike_version *version;
	const struct ike_path *path;
	struct held_ident *id;
	bool natted;			/* it is behind a NAT */
	bool encap;			/* ESP goes in UDP */
};

struct ike_peer *peer_new(struct ike_engine *e, const char *protection, const struct ike_path *path);
struct ike_peer *peer_restore(struct ike_engine *e, uint32_t ref);	/* the caller fills it in */
/* Its protection has become known, and with it the version that it speaks; pairs of another go. */
void peer_take_protection(struct ike_peer *p, const struct conf_protection *prot);
void peer_remove(struct ike_peer *p);		/* with all that it has; DELETEs are sent */
void peer_free(struct ike_peer *p);		/* when nothing leads to it any more */
struct ike_peer *peer_by_ref(struct ike_engine *e, uint32_t ref);
/* A peer known by its address: configured, wanted, or not behind a NAT. */
struct ike_peer *peer_by_addr(struct ike_engine *e, const char *protection,
    const struct addr *local, const struct addr *remote);
/* The one peer that a line of a static crypto map has; NULL before it was made. */
struct ike_peer *peer_of_line(struct ike_engine *e, const char *protection);
/*
 * Whom a pair of SAs for these proxy identities is for, if that end asks for it; made if it is
 * new.  NULL: he has too many already.
 */
struct ike_peer *peer_for_proxies(struct ike_engine *e, const struct peer_end *end,
    const struct conf_protection *prot, const struct proxy *local, const struct proxy *remote);
void peer_bring_proxies(struct ike_peer *p, const struct proxy *local, const struct proxy *remote);
/* As they are offered and as they were agreed upon: of the protection, or what he brought. */
void peer_proxies(const struct ike_peer *p, struct proxy *local, struct proxy *remote);
bool peer_uses_sa(const struct ike_peer *p, const struct ike_sa *sa);
bool peer_is_at(const struct ike_peer *p, const struct ike_path *path, const struct held_ident *id);
void peer_take_path(struct ike_peer *p, const struct ike_path *path, struct held_ident *id,
    bool encap);

bool peer_is_wanted(const struct ike_peer *p);
void peer_bring_up(struct ike_peer *p);
void peer_try_now(struct ike_peer *p);		/* the operator changed something: no more waiting */
void peer_demand(struct ike_peer *p);		/* a packet waits for it */
void peer_failed(struct ike_peer *p);		/* an attempt came to nothing: again, later */
void peer_unreachable(struct ike_peer *p);	/* phase 1 came to nothing: perhaps at another address */
void peer_lost(struct ike_peer *p);		/* its SAs are gone: again, now if it was stable */
void peer_set_path(struct ike_peer *p, const struct ike_sa *sa);	/* what the SA knows of it */
void peer_tell_espd(struct ike_peer *p);
void peer_update(struct ike_peer *p);		/* state may have changed: tell nhrpd if so */
void peer_state_fill(const struct ike_peer *p, uint32_t txn, struct ipc_peer_state *s);
void peers_update_on(struct ike_sa *sa);
/* The peer deleted it: the pairs of whoever has no other one are renewed. */
void peers_left_alone_on(struct ike_sa *sa);
const char *peer_str(const struct ike_peer *p);	/* static buffer, for logs */
void peer_drop_sas(struct ike_peer *p, bool tell);	/* all its pairs */

#endif
