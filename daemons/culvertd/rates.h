/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The "5 minute input rate" of show interfaces: an exponential average with a
 * time constant of five minutes, sampled every five seconds, as IOS has it.
 * It also knows when a packet was last seen, to the nearest sample, and the
 * counters that `clear counters` set back.
 */
#ifndef CULVERT_RATES_H
#define CULVERT_RATES_H

#include <uthash.h>

#include "kernel.h"
#include "mono.h"

#define RATES_SAMPLE_S 5

struct rate {
	char ifname[IFNAMSIZ];
	struct kernel_link last, zero;	/* counters at the last sample, and when cleared */
	double in_bps, in_pps, out_bps, out_pps;
	mono_t last_in, last_out, cleared;	/* 0: never */
	bool seen;
	UT_hash_handle hh;
};

struct rates {
	struct rate *all;
};

void rates_sample(struct rates *r, const struct kernel *k, mono_t now);	/* every RATES_SAMPLE_S */
const struct rate *rates_find(const struct rates *r, const char *ifname);	/* NULL: not sampled yet */
void rates_clear_counters(struct rates *r, const struct kernel *k, mono_t now);
void rates_free(struct rates *r);

#endif
