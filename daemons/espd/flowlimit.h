/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "At most one report an interval for each flow", in fixed memory.
 *
 * A flow is a 64-bit hash of what makes it.  The table is four-way: a new flow
 * takes the place of the one that was quiet longest, so strangers can only push
 * out each other's counts; a token bucket over all flows bounds what they can
 * cause in sum.  One worker owns it.
 */
#ifndef CULVERT_FLOWLIMIT_H
#define CULVERT_FLOWLIMIT_H

#include <stdint.h>

#include "ratelimit.h"

#define FLOWLIMIT_WAYS 4
#define FLOWLIMIT_SETS 512

struct flowlimit {
	mono_t interval;
	struct ratelimit all;
	struct flowlimit_flow {
		uint64_t key;		/* 0: free */
		mono_t reported, seen;
		uint64_t count;		/* since the last report */
	} flow[FLOWLIMIT_SETS][FLOWLIMIT_WAYS];
};

/* all_per_s: reports in a second over all flows. */
void flowlimit_init(struct flowlimit *f, mono_t interval, unsigned int all_per_s);
/* Count one more of this flow.  The number since its last report when one is
 * due (and at least `least` have come), else 0. */
uint64_t flowlimit_due(struct flowlimit *f, uint64_t key, mono_t now, uint64_t least);
/* The same, with another bucket than that for all. */
uint64_t flowlimit_due_by(struct flowlimit *f, struct ratelimit *bucket, uint64_t key, mono_t now,
    uint64_t least);

#endif
