/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a worker: it waits on its queue of each tunnel's device and its own
 * sockets, takes up to a batch from each that is ready, sends what came of it,
 * and is quiet (shared.h).
 */
#ifndef CULVERT_WORKER_RUN_H
#define CULVERT_WORKER_RUN_H

#include "worker.h"

/* The t->worker[id].  NULL, or why it cannot work. */
const char *worker_open(struct tables *t, unsigned int id, const int held[WIRE_HELD]);
void worker_limit_peers(struct worker *w);	/* part of that: how often they are reported */
/* The worker's thread, of which this is one turn: waits, serves what is ready, says how many. */
int worker_turn(struct worker *w, int timeout_ms);
void worker_start(struct worker *w);
void worker_stop(struct worker *w);	/* and wait for it */
void worker_close(struct worker *w);
void worker_watch_tunnel(struct worker *w, const struct tunnel *t);
void worker_watch_crypto_map(struct worker *w, const struct crypto_map *m);
/* Control thread: have an NHRP packet sent; false when the ring is full. */
bool worker_send_nhrp(struct worker *w, const struct ipc_nhrp *n);

#endif
