/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answering side of resolution: requests for what is behind us are
 * answered with the length of our route's prefix, others go on towards who
 * knows.
 *
 * The answer goes straight to the requester, which takes a session with it;
 * while that comes up the answer waits here, and a moment longer: nobody repeats
 * an answer, and a requester that is slow to ask again (FRR's nhrpd: half a
 * minute) would go without.  If the session does not come up, or cannot (two
 * routers behind one NAT), it goes back the way the request came.
 */
#ifndef CULVERT_NHRP_ANSWER_H
#define CULVERT_NHRP_ANSWER_H

#include "cache.h"

void answer_request(struct nhrp_rx *rx);
/* A session came up, or is given up. */
void answer_session(struct nhrp_peer *p);
void answer_forget(struct nhrp *n, const struct nhrp_if *ifp);	/* ifp NULL: all */
/* Is this address behind us, and by which prefix?  What an answer would say. */
bool answer_is_ours(const struct nhrp_if *ifp, const struct addr *a, struct prefix *prefix);

#endif
