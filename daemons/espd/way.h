/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a unicast packet through a multipoint tunnel: its next hop, and
 * the adjacency of that.
 *
 * With thousands of next hops and SAs what a packet needs lies far away in
 * memory, behind pointers.  So the ways of a batch are looked up together, a
 * step at a time for all of them: what one waits for comes while others are
 * asked for.  in_esp_fetch() does the same for what comes in.
 */
#ifndef CULVERT_WAY_H
#define CULVERT_WAY_H

#include "adj.h"
#include "inner.h"

struct tables;
struct tunnel;

struct way {
	bool known;		/* the routes were asked */
	bool routed;		/* and had one */
	uint64_t flow;		/* a hash of the packet's addresses */
	struct addr next_hop;
	struct adj *adj;	/* when it was found ahead; else it is to be looked for */
};

void way_ask(struct way *way, const struct tunnel *t, const struct inner *in);
/* Known ways of packets that wait: finds their adjacencies, and fetches what sealing will read. */
void ways_fetch(const struct tables *tables, const struct tunnel *t, struct way *const *ways,
    unsigned int n);

#endif
