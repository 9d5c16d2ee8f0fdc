/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token bucket: at most `burst` at once, then one each `interval`. */
#ifndef CULVERT_RATELIMIT_H
#define CULVERT_RATELIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "mono.h"

struct ratelimit {
	mono_t interval;
	uint32_t burst;
	mono_t full_at;		/* when the bucket is full again */
	uint64_t refused;	/* how often it said no: say so in the next line that passes */
};

#define RATELIMIT(interval_ms, how_many)                                                           \
	{                                                                                          \
		.interval = {(int64_t)(interval_ms)*1000}, .burst = (how_many)                     \
	}

bool ratelimit_take(struct ratelimit *r, mono_t now);

#endif
