/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records from one thread to one other: a ring of bytes with one writer and
 * one reader, no lock, and an eventfd that wakes the reader.
 *
 * A record is a kind and up to RING_RECORD_MAX bytes, contiguous in memory.
 * When the ring is full the writer is told, and counts what it drops.  Each time that it is
 * empty it begins at its start again: with a reader who keeps up, the same few cache lines
 * and pages serve, and the rest of its memory is never touched.
 */
#ifndef CULVERT_RING_H
#define CULVERT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_RECORD_MAX (68 * 1024)

struct ring {
	uint8_t *mem;
	uint32_t size;			/* a power of two */
	int wake_fd;			/* readable when there may be something */
	bool told;			/* writer's: pushed since the last ring_wake() */
	uint32_t reserved;		/* writer's: what ring_commit() adds to head */
	uint32_t head __attribute__((aligned(64)));	/* writer's */
	uint32_t base;			/* writer's: which place is the first of mem; changes when empty */
	uint32_t tail __attribute__((aligned(64)));	/* reader's */
	uint32_t taken;			/* reader's: between tail and head */
};

void ring_init(struct ring *r, uint32_t size);
void ring_close(struct ring *r);
/* Up to two pieces make the record.  False when there is no room. */
bool ring_push(struct ring *r, uint32_t kind, const void *a, size_t a_len, const void *b, size_t b_len);
/* Room for a record that is filled in place, or NULL; it is the reader's once it is committed. */
uint8_t *ring_reserve(struct ring *r, uint32_t kind, size_t len);
void ring_commit(struct ring *r);
void ring_wake(struct ring *r);		/* after a batch of pushes */
/* The oldest record, or NULL; it stays until ring_pop(). */
const uint8_t *ring_peek(struct ring *r, uint32_t *kind, size_t *len);
void ring_pop(struct ring *r);
/* Many at a time, to be written to: the next record, or NULL; all stay until ring_release(). */
uint8_t *ring_take(struct ring *r, size_t *len);
void ring_release(struct ring *r);
void ring_rest(struct ring *r);		/* clears the eventfd, before reading */
void ring_again(struct ring *r);	/* reader: I left something, wake me; or any thread, for him */
bool ring_has_some(const struct ring *r);	/* any thread */

#endif
