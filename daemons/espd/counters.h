/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the forwarder counts.  Each thread has its own struct counters and
 * writes no other; a show command adds them up.
 */
#ifndef CULVERT_COUNTERS_H
#define CULVERT_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#include "drops.h"
#include "shared.h"

struct counters {
	struct {
		uint64_t packets, octets;
	} drop[DROP_COUNT];
};

static inline void
count_drop(struct counters *c, enum drop why, size_t octets)
{
	stat_add(&c->drop[why].packets, 1);
	stat_add(&c->drop[why].octets, octets);
}

#endif
