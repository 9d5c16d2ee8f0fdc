/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the control thread writes and the workers read, without a lock.
 *
 * One thread, the one with the event loop, changes tables.  It builds a thing
 * in full, publishes the pointer with shared_set(), and when it takes a thing
 * out it hands it to shared_free_later(), which frees it once every worker has
 * been quiet since: between batches, or asleep.  A worker reads pointers with
 * shared_get() and may use what it got until it is next quiet.
 *
 * Under it is liburcu's QSBR flavour, which costs a reader nothing.  Its
 * barriers are assembler that ThreadSanitizer cannot see; this wrapper tells it.
 */
#ifndef CULVERT_SHARED_H
#define CULVERT_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "loop.h"

#define shared_set(pp, value) __atomic_store_n((pp), (value), __ATOMIC_RELEASE)
#define shared_get(pp) __atomic_load_n((pp), __ATOMIC_ACQUIRE)

/* Counters and clocks with one writer: a plain add that another thread may read. */
#define stat_get(p) __atomic_load_n((p), __ATOMIC_RELAXED)
#define stat_set(p, v) __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define stat_add(p, n) stat_set((p), stat_get(p) + (n))

/* A worker's life: start, then sleep and wake in turn, then stop. */
void shared_reader_start(void);
void shared_reader_sleep(void);
void shared_reader_wake(void);
void shared_reader_stop(void);

/* Control thread only. */
void shared_wait(void);		/* until no worker can still see what was unpublished */
void shared_free_later(struct loop *l, void (*free_fn)(void *), void *p);	/* p may be NULL */
void shared_drain(void);	/* frees all that waits, now */

#endif
