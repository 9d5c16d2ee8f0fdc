/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The asking side of resolution, RFC 2332 5.2.1: who is the NBMA next hop
 * towards an address?
 *
 * Asked because espd met a next hop that it does not know (phase 2), because a
 * hub said that there is a shorter way (phase 3, redirect.c), or because a used
 * entry is about to expire.  Until the answer is in and the session with the
 * peer is up, packets go by the NHS.
 */
#ifndef CULVERT_NHRP_RESOLVE_H
#define CULVERT_NHRP_RESOLVE_H

#include "cache.h"

/* Ask, unless it is known, being asked, or was asked in vain a moment ago. */
void resolve_start(struct nhrp_if *ifp, const struct addr *target, bool shortcut);
/* espd says: a packet for a next hop without adjacency; or: this one is in use. */
void resolve_next_hop(struct nhrp *n, const struct ipc_next_hop *m);
void resolve_in_use(struct nhrp *n, const struct ipc_next_hop *m);
/* A reply that is for us. */
void resolve_reply(struct nhrp_rx *rx);
/* An error indication quotes this request of ours. */
void resolve_error(struct nhrp_if *ifp, uint32_t request_id);

/* The cache's timer. */
void resolve_again(struct nhrp_entry *e);
bool resolve_refreshes(const struct nhrp_entry *e);	/* would it be asked for again? */
mono_t resolve_refresh_lead(const struct nhrp_entry *e);	/* how long before its end */
void resolve_refresh(struct nhrp_entry *e);
void resolve_cancel(struct nhrp_entry *e);

#endif
