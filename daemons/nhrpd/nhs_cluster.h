/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of its next hop servers a client uses: IOS's "backup NHS".
 *
 * `ip nhrp nhs cluster N max-connections M` says that M servers of cluster N are to be used at
 * a time, those of the lowest priority value first.  Without it all of them are, and nothing of
 * this file acts on them.  What each server of such a cluster is:
 *
 *                taken           answers
 *     WAITING ----------> TRIED ----------> ACTIVE <------------+
 *      ^   |                |                  |                | the fallback time is over,
 *      |   | is better      | no answer        | fails          | or an active one is missing
 *      |   | than one used  v                  |     answers    |
 *      |   +------------> PROBED <-------------+  ----------> HELD
 *      |                    ^                                   |
 *      |                    +--------------- fails -------------+
 *      +--- left out: as many as wanted are active, none of them is worse
 *
 * Cisco's documentation calls WAITING "DOWN", PROBED "PROBE" and ACTIVE "UP".  A PROBED
 * server's registration goes on with its own retry rhythm.  A HELD one responds, and waits
 * until it has done so for `ip nhrp nhs fallback` seconds; without that it is taken at once.
 * When several are HELD only the best of them move in, so that one switch is made and not one
 * for each that returns.
 *
 * WAITING servers have no registration, no session and no entry in the cache by their `ip nhrp
 * nhs`; an `ip nhrp map` stays what it is.  Multicast is copied to TRIED and ACTIVE ones only.
 *
 * Who is chosen is decided from the loop, after all that happened at one moment.
 */
#ifndef CULVERT_NHRP_NHS_CLUSTER_H
#define CULVERT_NHRP_NHS_CLUSTER_H

#include "nhs.h"

/* FREE: of a cluster without a limit. */
enum nhs_place { PLACE_FREE, PLACE_WAITING, PLACE_TRIED, PLACE_ACTIVE, PLACE_PROBED, PLACE_HELD,
	PLACES };

/* `limited`: max_connections counts.  The servers may be there already, or not. */
void nhs_cluster_set(struct nhrp_if *ifp, unsigned int cluster, bool limited,
    unsigned int max_connections);
bool nhs_cluster_is_limited(const struct nhrp_nhs *s);
/* A server came into its cluster, or changed it or its priority. */
void nhs_cluster_join(struct nhrp_nhs *s);
/* It answers registrations now, or ceased to. */
void nhs_cluster_heard(struct nhrp_nhs *s, bool answers);
/* It was stopped, because its interface is not what it was; it is chosen anew. */
void nhs_cluster_reset(struct nhrp_nhs *s);
/* The server is about to go. */
void nhs_cluster_quit(struct nhrp_nhs *s);

/* Is it one of those that are to carry traffic? */
bool nhs_cluster_uses(const struct nhrp_nhs *s);

void nhs_cluster_init(struct nhrp_nhs *s);
void nhs_cluster_init_if(struct nhrp_if *ifp);
void nhs_cluster_close_if(struct nhrp_if *ifp);
void nhs_cluster_restore(struct nhrp_nhs *s);	/* a predecessor's, whose record is there */

#endif
