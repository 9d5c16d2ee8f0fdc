/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What nhrpd tells: which NBMA address and peer a next hop has, where
 * multicast goes, and who carries packets while a next hop resolves.
 *
 * All three are kept by the tunnel's name, not by the tunnel: after a restart
 * nhrpd may speak before control does.
 */
#ifndef CULVERT_ADJ_H
#define CULVERT_ADJ_H

#include "ipc.h"
#include "path_mtu.h"
#include "rtable.h"
#include "tunnel.h"

struct adj_to {
	struct addr nbma;
	uint32_t peer_ref;
};

struct adj {
	struct rnode node;
	char ifname[16];
	struct addr next_hop;		/* unset: a multicast receiver */
	const struct adj_to *to;	/* published */
	struct path_mtu pmtu;		/* in clear; else it is the peer's */
	bool named;			/* since BEGIN */
	uint64_t packets[WORKERS_MAX];	/* that each sent there */
};

struct nhs_route {
	struct rnode node;
	char ifname[16];
	struct addr next_hop;
	bool named;
};

struct adjs {
	struct loop *loop;
	struct rtable by_next_hop, mcast, nhs;
};

void adjs_init(struct adjs *as, struct loop *l);
void adjs_close(struct adjs *as);

/* Workers. */
struct adj *adj_find(const struct adjs *as, const struct tunnel *t, const struct addr *next_hop);
uint64_t adj_hash(const struct tunnel *t, const struct addr *next_hop);	/* in by_next_hop */
struct adj *adj_mcast_first(const struct adjs *as, const struct tunnel *t);
struct adj *adj_mcast_next(const struct adj *a);
static inline void
adj_count(struct adj *a, unsigned int worker, unsigned int packets)
{
	stat_add(&a->packets[worker], packets);
}
uint64_t adj_packets(const struct adj *a);	/* any thread */
/* The NHS's protocol address, or NULL. */
const struct addr *adj_nhs(const struct adjs *as, const struct tunnel *t);

/* Control thread. */
void adj_set(struct adjs *as, const struct ipc_adjacency *set);
void adj_del(struct adjs *as, const struct ipc_adjacency *which);
void adj_mcast_set(struct adjs *as, const struct ipc_multicast *set);
void adj_mcast_del(struct adjs *as, const struct ipc_multicast *which);
void adj_nhs_set(struct adjs *as, const struct ipc_nhs_route *set);
void adjs_unname(struct adjs *as);
void adjs_sweep(struct adjs *as);	/* what was not named since */

#endif
