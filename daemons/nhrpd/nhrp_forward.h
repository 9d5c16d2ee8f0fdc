/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way a packet goes: by the cache, by the kernel's routes through an interface of the same
 * network, or to a next hop server; and passing on what is for others, RFC 2332 5.2 and 5.3.
 */
#ifndef CULVERT_NHRP_FORWARD_H
#define CULVERT_NHRP_FORWARD_H

#include "nhrp.h"

/*
 * To who has, or leads to, a protocol address; false as nhrp_send() says, or when nobody is
 * known.  `except`: not back to where it came from.
 */
bool nhrp_send_towards(struct nhrp_if *ifp, struct nhrp_packet *p, const struct addr *proto,
    const struct nhrp_rx *except);
/*
 * Pass on a packet that is for somebody else.  false when nobody leads there:
 * then it is the caller's to say so.
 */
bool nhrp_forward(struct nhrp_rx *rx, const struct addr *towards);

#endif
