/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets over the tunnel's MTU: cut into fragments (RFC 791), or answered
 * with "fragmentation needed" (RFC 1191) or "packet too big" (RFC 4443 3.2).
 */
#ifndef CULVERT_PMTU_H
#define CULVERT_PMTU_H

#include "inner.h"
#include "segment.h"

#define PMTU_ICMP_MAX 1280

/* Cut an IPv4 packet without DF and `put` each fragment.  False when it cannot be cut. */
bool pmtu_fragment(const struct inner *in, uint16_t mtu, segment_room *room, segment_put *put,
    void *arg);

/*
 * The ICMP error for a packet that is too big.  It comes from the packet's
 * destination: the kernel refuses its own addresses as the source of what a
 * device brings, and we have no other that it would believe.  0: none is due
 * (RFC 1122 3.2.2: never about an ICMP error, a later fragment or a multicast).
 */
size_t pmtu_icmp(const struct inner *in, uint16_t mtu, uint8_t out[PMTU_ICMP_MAX]);

#endif
