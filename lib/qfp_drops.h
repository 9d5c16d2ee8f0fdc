/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IOS-XE's numbers and names for packets that its IPsec datapath drops, and
 * which of them each of our drops (drops.h) is.  A number that nothing maps to
 * stays at zero here.
 */
#ifndef CULVERT_QFP_DROPS_H
#define CULVERT_QFP_DROPS_H

#include <stddef.h>
#include <stdint.h>

#include "drops.h"

struct qfp_drop {
	uint8_t number;
	const char *name;
};

extern const struct qfp_drop qfp_drops[];
extern const size_t qfp_drops_count;

/* The number of a drop; 0: it is no matter of IPsec. */
uint8_t qfp_drop_number(enum drop why);

#endif
