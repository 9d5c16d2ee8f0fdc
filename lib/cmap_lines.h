/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A crypto map's lines as one thing.
 *
 * Between the old lines and the new ones there is a moment with some of each,
 * in which a packet could match none and leave in clear.  So the map's record
 * says how many lines it has and what they sum up to, and whoever takes them
 * waits until his do.  The sum does not depend on the order of arrival.
 */
#ifndef CULVERT_CMAP_LINES_H
#define CULVERT_CMAP_LINES_H

#include "ipc.h"

/* Counts the line in. */
void cmap_lines_add(struct ipc_cmap *c, const struct ipc_cmap_rule *line);

#endif
