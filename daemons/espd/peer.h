/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Peers: whom iked has SAs with, and where they are.
 *
 * A peer is iked's number, not an address: two spokes behind one NAT share an
 * address.  `path` is replaced as a whole when a NAT moves the peer, and by it the
 * peer is found where it is.  `out` is
 * the pair of SAs that carries its outbound traffic.  Peers are kept beside
 * the SAs (sadb.h), so that both work at once after a restart.
 */
#ifndef CULVERT_PEER_H
#define CULVERT_PEER_H

#include "ipc.h"
#include "path_mtu.h"
#include "rtable.h"

struct sa;

struct peer_path {
	struct addr local, remote;
	uint16_t local_port, remote_port;
	bool encap;
	struct rnode by_place;
	struct peer *peer;		/* whose it is */
};

struct peer {
	struct rnode by_ref;
	uint32_t ref, vrf;
	uint16_t protection;
	const struct peer_path *path;	/* published */
	struct sa *out;			/* published; NULL: nothing to send with */
	struct path_mtu pmtu;
	/* its worker's */
	uint64_t encaps, decaps, in_errors, out_errors, in_replay, in_bad_tag;
	int64_t heard_us;		/* last authenticated packet */
	int64_t unanswered_us;		/* first packet sent since then; 0: none */
	/* the control thread's */
	uint32_t kept;			/* its slot in the table of kept peers, + 1; 0: none */
	struct sa *sas;			/* all its pairs, newest first */
	int64_t idle_told_us;
	bool named;			/* since BEGIN */
};

struct peers {
	struct loop *loop;
	struct rtable by_ref;
	struct rtable by_place;		/* their paths, by where they lead to */
};

void peers_init(struct peers *ps, struct loop *l);
void peers_close(struct peers *ps);
struct peer *peer_find(const struct peers *ps, uint32_t ref);	/* workers too */
uint64_t peer_hash(uint32_t ref);	/* in by_ref */
struct peer *peer_set(struct peers *ps, const struct ipc_peer *set);	/* new, or changed */
void peer_fill(const struct peer *p, struct ipc_peer *set);	/* as it was set, or moved */
void peer_move(struct peers *ps, struct peer *p, const struct addr *remote, uint16_t port);
void peer_remove(struct peers *ps, struct peer *p);	/* its SAs are gone */
/* Those at this address, and with this port if it is not 0: NULL gives the first; workers too. */
struct peer *peer_at(const struct peers *ps, const struct addr *remote, uint16_t port,
    const struct peer *before);
/* Walk in no particular order: NULL gives the first; NULL comes after the last. */
struct peer *peer_next(const struct peers *ps, const struct peer *p);

#endif
