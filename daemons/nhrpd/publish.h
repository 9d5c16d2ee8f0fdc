/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What espd is told: from each cache entry follows an adjacency, a shortcut, a
 * multicast member, or nothing.
 *
 * One function works out what should be there and compares it with what espd
 * was told; whoever changes an entry, a session or a setting calls it, and
 * nobody else speaks to espd about them.
 */
#ifndef CULVERT_NHRP_PUBLISH_H
#define CULVERT_NHRP_PUBLISH_H

#include "cache.h"

void publish_entry(struct nhrp_entry *e);
void publish_withdraw(struct nhrp_entry *e);	/* it is about to go */
void publish_peer(struct nhrp_peer *p);		/* everything that goes by this session */
void publish_if(struct nhrp_if *ifp);		/* after a change of its settings */
/* The NHS that carries packets while their next hop resolves. */
void publish_nhs_route(struct nhrp_if *ifp, const struct addr *nhs);
void publish_multicast(struct nhrp_if *ifp, bool set, const struct addr *nbma, uint32_t peer_ref);
/* espd is there (again): tell it all, BEGIN to END. */
void publish_resync(struct nhrp *n);

#endif
