/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tunnel interface that speaks NHRP: its configuration, as control sent it,
 * and what hangs on it.  Interfaces own their cache, next hop servers and
 * multicast members.
 */
#ifndef CULVERT_NHRP_IF_H
#define CULVERT_NHRP_IF_H

#include "nhrp.h"

#define NHRP_PREFIX_LENS 129

/* What strangers can fill, each with a bound of its own. */
enum cache_class { CACHE_CONFIGURED, CACHE_REGISTERED, CACHE_LEARNED, CACHE_INCOMPLETE,
	CACHE_LOCAL, CACHE_CLASSES };

#define NHS_CLUSTERS 11		/* 0 to 10 */

struct nhrp_nhs;
struct nhrp_mcast;

struct nhrp_cluster {		/* ip nhrp nhs cluster N max-connections M */
	bool limited;
	uint8_t max_connections;
	bool stale;		/* not named since BEGIN */
};

struct nhrp_clusters {		/* of next hop servers; nhs_cluster.h */
	struct nhrp_cluster of[NHS_CLUSTERS];
	struct timer settle;	/* who is to be used is looked at again */
};

struct nhrp_if_record {		/* what is kept */
	struct ipc_nhrp_if conf;
	struct addr public_nbma;
	struct nhrp_cluster clusters[NHS_CLUSTERS];
};

struct nhrp_if {
	struct nhrp *nhrp;
	struct ipc_nhrp_if conf;
	bool stale;			/* not named since BEGIN */
	uint32_t slot;
	struct nhrp_entry *cache;	/* by prefix */
	unsigned int by_len[NHRP_PREFIX_LENS];
	unsigned int counts[CACHE_CLASSES];
	struct nhrp_nhs *nhs;		/* by priority, then as they were configured */
	struct nhrp_clusters clusters;
	struct nhrp_mcast *mcast;
	struct addr public_nbma;	/* what a NAT makes of ours; unset: not known or none */
	struct addr nhs_route;		/* as espd was told */
	uint64_t sent[NHRP_TYPE_COUNT], received[NHRP_TYPE_COUNT];
	uint64_t drops[NHRP_DROP_COUNT];
	struct ratelimit send_limit, error_limit;
	UT_hash_handle hh;
};

struct nhrp_if *nhrp_if_find(const struct nhrp *n, const char *ifname);	/* or NULL */
/* Can it send and receive NHRP now? */
bool nhrp_if_ready(const struct nhrp_if *ifp);
bool nhrp_if_protected(const struct nhrp_if *ifp);
const struct addr *nhrp_if_address(const struct nhrp_if *ifp);	/* tunnel address */
/* Is this NBMA address our own, or that of the NAT in front of us? */
bool nhrp_if_is_own_nbma(const struct nhrp_if *ifp, const struct addr *nbma);
/* May packets be sent there, because somebody says so: no group's, loopback or reserved address. */
bool nhrp_if_may_reach(const struct nhrp_if *ifp, const struct addr *nbma);
uint64_t nhrp_if_total(const uint64_t *counters, unsigned int count);
void nhrp_if_keep(struct nhrp_if *ifp);		/* after a change of what is kept */

#endif
