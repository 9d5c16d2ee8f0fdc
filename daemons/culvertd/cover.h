/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A few pairs of prefixes that cover what a crypto map's lines permit.
 *
 * The kernel hands over whole packets of these pairs and espd looks closer, so
 * they may be wider than the lines, never narrower.  They do not overlap, for a
 * set of the kernel's takes no overlapping elements.
 */
#ifndef CULVERT_COVER_H
#define CULVERT_COVER_H

#include <stddef.h>

#include "addr.h"

#define COVER_MAX 64

struct cover {
	struct {
		struct prefix src, dst;		/* of one family */
	} pair[COVER_MAX];
	size_t pairs;
};

/* Takes in a pair, joined with what it overlaps, or, when there are too many, with the nearest. */
void cover_add(struct cover *c, const struct prefix *src, const struct prefix *dst);

#endif
