/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sessions with NBMA peers.
 *
 * On a protected tunnel a peer can be used when iked says PEER_UP; on one in
 * clear, at once.  A peer is not an address: two spokes behind one NAT differ
 * in their peer_ref only.  So a peer that we asked for is known by its NBMA
 * address until iked names it, and one that came to us by its peer_ref.
 *
 * A peer lives as long as an entry, an NHS or a waiting reply uses it.
 */
#ifndef CULVERT_NHRP_PROTECT_H
#define CULVERT_NHRP_PROTECT_H

#include "nhrp_if.h"

struct protect_record {		/* what is kept */
	char protection[64];
	struct addr local, nbma;
	int64_t since_us;	/* up, or not up: attempts between do not count */
	uint32_t peer_ref;	/* 0: not known yet, or in clear */
	uint8_t state;		/* enum ipc_peer_status */
	uint8_t wanted;		/* we asked iked for it */
	uint8_t is_static;
	uint8_t pad;
};

struct nhrp_peer {
	struct nhrp *nhrp;
	struct protect_record r;
	uint32_t slot;
	uint32_t txn;			/* of the last PEER_WANT */
	unsigned int users;
	unsigned int failures;
	bool seeking;			/* counted in nhrp->seeking */
	struct nhrp_entry *entries;	/* that go by it */
	struct timer again;		/* static peers are wanted again after a failure */
	struct nhrp_peer *prev, *next;
	struct nhrp_nbma *at;
	struct nhrp_peer *at_prev, *at_next;	/* of the same NBMA address */
	UT_hash_handle hh;		/* by peer_ref */
};

/*
 * A session to this address, please.  NULL when tables are full, or when so many are being
 * sought that are not configured: who asks us names the address.  Used until released.
 */
struct nhrp_peer *protect_want(struct nhrp_if *ifp, const struct addr *nbma, bool is_static);
/* Who sent us this packet.  The same rules. */
struct nhrp_peer *protect_heard(struct nhrp_if *ifp, const struct addr *nbma, uint32_t peer_ref);
/* The first of those at this NBMA address, to go on by at_next; NULL: there is none. */
struct nhrp_peer *protect_at(const struct nhrp *n, const struct addr *nbma);
void protect_use(struct nhrp_peer *p);
void protect_release(struct nhrp_peer *p);	/* NULL is fine */
bool protect_is_up(const struct nhrp_peer *p);	/* NULL: no */
/* Is who sent this a peer of the configuration (a map, an NHS)?  peer_ref 0: in clear. */
bool protect_is_static(const struct nhrp_if *ifp, const struct addr *nbma, uint32_t peer_ref);

/* iked says. */
void protect_state(struct nhrp *n, const struct ipc_peer_state *m);
/* iked is there (again): tell it all, BEGIN to END. */
void protect_resync(struct nhrp *n);
void protect_restore(struct nhrp *n, const struct protect_record *r, uint32_t slot);
/* After a warm start: peers that nothing uses any more. */
void protect_sweep(struct nhrp *n);

#endif
