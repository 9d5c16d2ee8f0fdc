/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker: what a thread that packets run through (worker_run.h) has of its own,
 * so that from read to send there is neither a lock nor an allocation.
 *
 * What the other daemons must hear goes to the control thread by the ring `up`;
 * NHRP packets to send come by the ring `down`.
 *
 * An SA belongs to one worker, whom the slot in its SPI names: only that one
 * touches its counter, its window and its contexts.  The kernel sorts ESP by
 * the same rule (wire.h); what still reaches another is handed over
 * (handover.h).
 */
#ifndef CULVERT_WORKER_H
#define CULVERT_WORKER_H

#include <pthread.h>

#include "adj.h"
#include "crypto_map.h"
#include "fib.h"
#include "flowlimit.h"
#include "hairpin.h"
#include "inner.h"
#include "join.h"
#include "ring.h"
#include "sadb.h"
#include "wire.h"

/* What all workers read. */
struct tables {
	struct tunnels tunnels;
	struct peers peers;
	struct sadb sadb;
	struct adjs adjs;
	struct fib fib;
	struct crypto_maps crypto_maps;
	struct worker *worker;		/* all of them */
	unsigned int workers;
};

/* ESP that came in and waits for the rest of its batch (in_esp.h). */
struct in_pending {
	struct wire_in in;
	struct slice packet;		/* as it came */
	struct sa *sa;
	uint64_t seq;
	struct esp_job job;
};

/* The tunnel that the batch's last packet was for, and what said so. */
struct in_last {
	const struct peer *peer;	/* NULL: there was none */
	struct addr local, remote;
	bool is_gre, has_key;
	uint32_t key;
	const struct tunnel_conf *conf;	/* NULL: there is no such tunnel */
};

/* Peers share bounds of their own for unknown SPIs, so many: who forges one hides few others. */
#define PEER_BUCKETS 256

struct worker {
	struct tables *tables;
	unsigned int id;		/* our place among all */
	pthread_t thread;
	int epoll_fd;
	bool running, stop;		/* stop: atomic, with a wake of `down` */
	mono_t now;			/* of this batch */
	struct wire wire;
	struct ring up, down;
	struct ring from[WORKERS_MAX];	/* packets for our SAs that others met; ours wait for keys */
	unsigned int waiting;		/* of them */
	struct counters counters;
	struct profile profile;
	struct flowlimit unknown, no_next_hop, redirect, no_sa, misfit, not_ipsec;
	struct ratelimit unknown_of_peers[PEER_BUCKETS];	/* by peer_ref */
	struct in_pending *pending;	/* ESP_JOBS_MAX of them */
	unsigned int pending_count;
	struct in_last last;
	struct join join;		/* what the wire gave for the devices, until the batch ends */
	struct join cmap_join;		/* the same for those of crypto maps */
	struct classify_cache classified;
	struct hairpin hairpin;
	uint8_t *tun_buf;		/* one read of a device, and SEGMENT_BEHIND */
	struct watch up_watch;		/* the control thread's */
};

/* `up` carries records whose kind is the message for another daemon, with the
 * body's struct and, for those that have one, the bytes of the tail. */
struct up_unknown {			/* IPC_MSG_SPI_UNKNOWN */
	struct ipc_spi_unknown body;
	int ifindex;
};

/* The worker's own: tell another daemon. */
bool worker_tell(struct worker *w, uint32_t kind, const void *body, size_t len, struct slice tail);
/* After `bytes` of it have passed in one direction: says once when that is past its soft limit. */
void worker_tell_volume(struct worker *w, struct sa *sa, uint64_t bytes);
static inline struct tunnel_stats *
worker_stats(const struct worker *w, struct tunnel *t)
{
	return &t->stats[w->id];
}
/* Count a packet that ends here, for its tunnel too where there is one. */
void worker_drop_in(struct worker *w, struct tunnel *t, enum drop why, size_t len);
void worker_drop_out(struct worker *w, struct tunnel *t, enum drop why, size_t len);

#endif
