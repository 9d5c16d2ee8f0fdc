/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pairs of SAs, by the slot in their inbound SPI (spi.h).
 *
 * What must outlive a crash lies in a kept slot (lib/keep.h): keys, sequence
 * counter, replay window, totals.  The counter in there is the live one and
 * moves before a packet is sealed; after a restart 2^16 numbers are skipped;
 * an SA that is set again keeps its counter and window.  So no number is ever
 * used twice with one key.  Cipher contexts are made anew from the keys.
 *
 * The control thread adds, changes and removes; the SA's worker owns counter,
 * window, totals and contexts while the SA is published.
 */
#ifndef CULVERT_SADB_H
#define CULVERT_SADB_H

#include "ipc.h"
#include "peer.h"
#include "replay.h"
#include "spi.h"

#define PEERS_KEPT_MAX 32768
#define SADB_KEPT_VERSION 4

enum kept_kind { KEPT_LARVAL = 1, KEPT_PAIR };

struct sa_kept {
	uint16_t kind;			/* enum kept_kind */
	uint16_t first_in_told;
	uint32_t sum;			/* of what is not written for each packet */
	/* written for each packet: what goes out needs the first line alone */
	uint64_t out_seq;		/* last number used */
	uint64_t out_packets, out_bytes;
	int64_t last_out_us;
	uint64_t in_packets, in_bytes;
	uint64_t in_seq;		/* replay.highest, for other threads to read */
	int64_t last_in_us;
	struct replay replay;
	uint64_t in_replay, in_bad_tag, in_other, out_errors;
	/* written when it is set */
	int64_t since_us;
	struct ipc_sa sa;		/* KEPT_LARVAL: spi and peer_ref only */
};

struct peer_kept {			/* in a table of their own, behind that of the SAs */
	uint32_t sum;			/* of the rest */
	struct ipc_peer peer;
};

struct sa {
	uint32_t spi, slot;
	uint32_t peer_spi;
	uint8_t worker;
	bool larval;
	uint8_t mode, encap, esn, ts_proto;
	uint16_t ts_local_port, ts_remote_port;
	struct prefix ts_local, ts_remote;
	uint64_t soft_bytes, hard_bytes;	/* stat_get: may change while it lives */
	int64_t hard_at_us;
	uint8_t soft_bytes_told;	/* the worker's: how often, at most twice */
	struct sa_kept *kept;
	struct esp_key *in, *out;	/* out is published later than the rest may be */
	struct peer *peer;
	/* the control thread's */
	struct sa *next, *prev;		/* in sadb.all */
	struct sa *peer_next, *peer_prev;	/* in peer->sas */
	bool named, soft_told;
};

struct sadb {
	struct loop *loop;
	struct keep *keep, *keep_peers;
	struct sa **slot;		/* SPI_SLOTS of them, published */
	struct sa *all;
	uint32_t count, larvae;		/* all of them; those of them that are larval */
	uint32_t lowest;		/* no slot below it is free */
	uint32_t lowest_peer;		/* no slot of keep_peers below it is free */
	uint32_t top;			/* and none at or above it was ever taken */
	unsigned int workers;
};

/*
 * keep_fd: the memfd, or -1 for private memory.  Peers and pairs that were kept
 * come back; true when there was a table of ours to read.
 */
bool sadb_open(struct sadb *db, struct peers *peers, struct loop *l, int keep_fd,
    unsigned int workers);
void sadb_close(struct sadb *db, struct peers *peers);	/* what is kept stays kept */

/* Workers: what the SPI's slot holds, another SPI's SA perhaps. */
static inline struct sa *
sadb_find_slot(const struct sadb *db, uint32_t spi)
{
	return shared_get(&db->slot[spi_slot(spi)]);
}

/* Workers: the SA in that slot if it has exactly this SPI. */
static inline struct sa *
sadb_find(const struct sadb *db, uint32_t spi)
{
	struct sa *sa = sadb_find_slot(db, spi);

	return sa != NULL && sa->spi == spi ? sa : NULL;
}

/* Workers: what a packet reads of it. */
static inline void
sadb_prefetch(const struct sa *sa)
{
	__builtin_prefetch(sa);
	__builtin_prefetch((const char *)sa + 64);
	__builtin_prefetch(&sa->peer);
}

uint32_t sadb_reserve(struct sadb *db, uint32_t peer_ref);	/* an SPI, larval; 0: full */
/*
 * The first packet that authenticated came on it, so the peer has it, too.  A peer with nothing
 * to send on sends on this one at once: what answers that packet would not wait for IKE.
 */
void sadb_first_in(struct sadb *db, uint32_t spi);
/* Installs the pair or moves it on.  NULL, or why not. */
const char *sadb_set(struct sadb *db, struct peers *peers, const struct ipc_sa *set);
void sadb_remove(struct sadb *db, struct sa *sa);	/* of any kind; kept state too */
void sadb_remove_peer(struct sadb *db, struct peers *peers, struct peer *p);	/* with its SAs */
void sadb_keep_peer(struct sadb *db, struct peer *p);

#endif
