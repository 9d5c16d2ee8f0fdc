/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker: the thread that packets run through, from read to send, without a
 * lock, a queue or an allocation.
 *
 * It waits on the tunnels' devices and the wire, takes up to a batch from each
 * that is ready, sends what came of it, and is quiet (shared.h).  What the
 * other daemons must hear goes to the control thread by the ring `up`; NHRP
 * packets to send come by the ring `down`.  SAs belong to the worker that the
 * low bits of their slot name.
 */
#ifndef CULVERT_WORKER_H
#define CULVERT_WORKER_H

#include <pthread.h>

#include "adj.h"
#include "fib.h"
#include "flowlimit.h"
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
};

struct worker {
	struct tables *tables;
	pthread_t thread;
	int epoll_fd;
	bool running, stop;		/* stop: atomic, with a wake of `down` */
	mono_t now;			/* of this batch */
	struct wire wire;
	struct ring up, down;
	struct counters counters;
	struct flowlimit unknown, no_next_hop, redirect, no_sa, misfit;
	struct join join;		/* what the wire gave for the devices, until the batch ends */
	uint8_t *tun_buf;		/* one read of a device */
};

/* `up` carries records whose kind is the message for another daemon, with the
 * body's struct and, for those that have one, the bytes of the tail. */
struct up_unknown {			/* IPC_MSG_SPI_UNKNOWN */
	struct ipc_spi_unknown body;
	int ifindex;
};

/* NULL, or why it cannot work. */
const char *worker_open(struct worker *w, struct tables *t, const int held[WIRE_SOCKETS]);
void worker_start(struct worker *w);
void worker_stop(struct worker *w);	/* and wait for it */
void worker_close(struct worker *w);
void worker_watch_tunnel(struct worker *w, const struct tunnel *t);
/* Control thread: have an NHRP packet sent; false when the ring is full. */
bool worker_send_nhrp(struct worker *w, const struct ipc_nhrp *n);

/* The worker's own: tell another daemon. */
bool worker_tell(struct worker *w, uint32_t kind, const void *body, size_t len, struct slice tail);
/* Count a packet that ends here, for its tunnel too where there is one. */
/* After `bytes` of it have passed in one direction: says once when that is past its soft limit. */
void worker_tell_volume(struct worker *w, struct sa *sa, uint64_t bytes);
void worker_drop_in(struct worker *w, struct tunnel *t, enum drop why, size_t len);
void worker_drop_out(struct worker *w, struct tunnel *t, enum drop why, size_t len);

#endif
