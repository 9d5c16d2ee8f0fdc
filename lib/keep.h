/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What outlives a crash: a table of fixed-size slots in a memfd.
 *
 * The monitor holds the descriptor; a daemon maps it at start and finds what
 * its predecessor left.  The layout is versioned and has neither pointers nor
 * cipher contexts.  Each slot has a commit word: a slot that was being written
 * when its daemon died reads as free.  The pages are kept out of core dumps.
 *
 * One process has the table mapped for writing at a time: the monitor hands
 * the descriptor on only after the old process has ended.
 */
#ifndef CULVERT_KEEP_H
#define CULVERT_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keep;

/*
 * Map the table in `fd` (borrowed), or lay it out anew if it is empty or of
 * another kind, version or shape.  `*warm` says whether anything was kept.
 * The memory is sparse: only slots that were used cost pages.
 * NULL with errno on failure.
 */
struct keep *keep_open(int fd, const char kind[8], uint32_t version, size_t slot_size,
    uint32_t slots, bool *warm);
/*
 * The same of a table that begins `at` bytes into the memfd, behind the others in it: a
 * daemon whose records differ much in size has a table for each.  Where one is laid out anew
 * what lies behind it is wiped too.
 */
struct keep *keep_open_at(int fd, size_t at, const char kind[8], uint32_t version,
    size_t slot_size, uint32_t slots, bool *warm);
size_t keep_bytes(size_t slot_size, uint32_t slots);	/* of such a table; whole pages */
/* A table in private memory for tests and for a daemon run without a monitor. */
struct keep *keep_open_private(size_t slot_size, uint32_t slots);
void keep_close(struct keep *k);	/* the contents stay in the memfd */

uint32_t keep_slots(const struct keep *k);
/* The memory of slot i, 64-byte aligned, whether committed or not. */
void *keep_slot(const struct keep *k, uint32_t i);
bool keep_committed(const struct keep *k, uint32_t i);
void keep_commit(struct keep *k, uint32_t i);	/* after the slot was filled */
void keep_begin(struct keep *k, uint32_t i);	/* before a slot is rewritten */
void keep_clear(struct keep *k, uint32_t i);	/* uncommit, then wipe */
/* The first committed slot at or after i, or keep_slots(). */
uint32_t keep_next(const struct keep *k, uint32_t i);
/*
 * What a slot's owner stores beside what it stored, and compares before it
 * believes a predecessor's record: a process that crashed may have written
 * anywhere first.
 */
uint32_t keep_sum(const void *p, size_t len);
/* 64 bytes of the daemon's own in the header: cursors, counters that must not restart. */
void *keep_header_user(struct keep *k);

/* An anonymous memfd that forbids shrinking; for the monitor. -1 with errno. */
int keep_memfd(const char *name);

#endif
