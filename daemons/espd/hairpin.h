/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hub's short way (`tunnel hairpin`): what a multipoint tunnel brings and
 * the kernel would send out by the same tunnel turns round here, and does not
 * cross the device twice.  Filters and counters of the kernel do not see it.
 *
 * The kernel still decides.  It is asked how it would route a packet of this
 * source and destination from this device: its rules, its source checks and
 * its routes are in the answer, which is kept until any of them is known to
 * have changed, and for a second at most.  What needs more than a next hop is left to
 * it: a time to live that ends here, IP options, what is over the tunnel's
 * MTU, our own addresses.  A worker has a hairpin of its own.
 */
#ifndef CULVERT_HAIRPIN_H
#define CULVERT_HAIRPIN_H

#include "inner.h"
#include "mono.h"
#include "tunnel.h"

struct worker;
struct hairpin_way;

struct hairpin {
	int fd;				/* netlink; -1: nothing turns */
	uint32_t seq;
	struct hairpin_way *ways;	/* by a hash; a new one takes an old one's place */
};

void hairpin_open(struct hairpin *h);
void hairpin_close(struct hairpin *h);
/* True when the packet went back out, or was dropped on its way, and was counted. */
bool hairpin_turn(struct worker *w, const struct tunnel_conf *c, const struct inner *in);

/* One hop off an IPv4 header, with its checksum (RFC 1624). */
void hairpin_age(uint8_t *ip);

#endif
