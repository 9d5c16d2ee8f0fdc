/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multicast maps: to whom a multicast packet that leaves by the tunnel is
 * copied.  Static ones (`ip nhrp map multicast A`, `ip nhrp nhs A nbma B
 * multicast`) are members here; who registered is a member while its entry
 * lives and `ip nhrp map multicast dynamic` is set (publish.c).  A next hop
 * server that is not used (nhs_cluster.h) gets none, however its map is there.
 */
#ifndef CULVERT_NHRP_MCAST_H
#define CULVERT_NHRP_MCAST_H

#include "nhrp_if.h"

enum { MCAST_BY_MAP = 1, MCAST_BY_NHS = 2 };

struct mcast_record {
	char ifname[16];
	struct addr nbma;
	uint32_t by;
};

struct nhrp_mcast {
	struct nhrp_if *ifp;
	struct mcast_record r;
	uint32_t slot;
	bool stale;
	struct nhrp_peer *peer;
	bool told;			/* espd has it, with this peer_ref */
	uint32_t told_ref;
	struct nhrp_mcast *prev, *next;
};

/* `by`: who wants it, MCAST_BY_*; it is there as long as one of them does. */
void mcast_add(struct nhrp_if *ifp, const struct addr *nbma, unsigned int by);
void mcast_del(struct nhrp_if *ifp, const struct addr *nbma, unsigned int by);
void mcast_del_all(struct nhrp_if *ifp);
/* What a predecessor kept in that slot; nothing where its interface is not there. */
void mcast_restore(struct nhrp *n, const struct mcast_record *r, uint32_t slot);
/* The session came or went, or espd must be told again. */
void mcast_publish(struct nhrp_mcast *m);
/* Whether the next hop server at this address is used may have changed. */
void mcast_nhs_changed(struct nhrp_if *ifp, const struct addr *nbma);
/* The interface became able to send, or ceased to be. */
void mcast_if_changed(struct nhrp_if *ifp);

#endif
