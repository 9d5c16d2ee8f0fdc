/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is between an address of ours and one of a peer: found by the two, so
 * that a message or a negotiation of one peer costs the same among ten
 * thousand as alone.
 *
 * Peers and IKE SAs enter when they are made, oldest first, move when their
 * path does, and leave when they go.  A struct between is there while somebody
 * is in it.  Many may share one: lines of a crypto map, and peers behind a NAT.
 */
#ifndef CULVERT_IKE_BETWEEN_H
#define CULVERT_IKE_BETWEEN_H

#include <uthash.h>
#include <utlist.h>

#include "addr.h"

struct ike_engine;
struct ike_peer;
struct ike_sa;
struct ikev2_sa;

struct between_ends {
	struct addr local, remote;
};

struct between {
	struct between_ends ends;
	struct ike_peer *peers;		/* these three by at_prev and at_next */
	struct ike_sa *sas;
	struct ikev2_sa *sas2;
	UT_hash_handle hh;
};

/* The first of a list, to go on by DL_FOREACH_SAFE2 (..., at_next); NULL: there is none. */
struct ike_peer *peers_between(const struct ike_engine *e, const struct addr *local,
    const struct addr *remote);
struct ike_sa *sas_between(const struct ike_engine *e, const struct addr *local,
    const struct addr *remote);
struct ikev2_sa *sas2_between(const struct ike_engine *e, const struct addr *local,
    const struct addr *remote);

/* After its path was set, the first time or anew. */
void between_put_peer(struct ike_peer *p);
void between_put_sa(struct ike_sa *sa);
void between_put_sa2(struct ikev2_sa *sa);
void between_leave_peer(struct ike_peer *p);
void between_leave_sa(struct ike_sa *sa);
void between_leave_sa2(struct ikev2_sa *sa);

#endif
