/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One packet on its way out of a tunnel: what out.c, which finds where it goes and
 * takes it there, and out_read.c, which gets it from the device, both know of it.
 */
#ifndef CULVERT_TRIP_H
#define CULVERT_TRIP_H

#include "gre.h"
#include "way.h"
#include "worker.h"

struct trip {
	struct worker *w;
	struct tunnel *t;
	const struct tunnel_conf *conf;
	struct inner in;
	struct way way;
	enum wire_as as;	/* of the next copy: a packet counts for the tunnel once */
};

static inline uint16_t
trip_protocol(const struct trip *trip)	/* as GRE says it */
{
	return trip->in.version == 4 ? GRE_IPV4 : GRE_IPV6;
}

enum drop trip_forward(struct trip *trip);	/* one that lies in the wire's arena */
void trip_drop(struct trip *trip, enum drop why);
/* Our own outer packet, sent back to us because the way to the peer is this tunnel. */
bool trip_is_own_outer(const struct trip *trip);
/* Whether it needs neither be cut nor refused on its way to a peer, and leaves with DF then. */
bool trip_goes_whole(const struct trip *trip, struct peer *peer, bool *df);

#endif
