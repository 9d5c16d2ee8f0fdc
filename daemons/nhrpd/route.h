/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's routes: which one matches an address (RTM_GETROUTE with
 * RTM_F_FIB_MATCH, which takes no privilege), and word that they changed.
 *
 * The question is asked and answered at once: the kernel answers from its
 * tables before the send returns.
 */
#ifndef CULVERT_NHRP_ROUTE_H
#define CULVERT_NHRP_ROUTE_H

#include "nhrp.h"

struct route;
/* changed: called a second after the last of a row of changes.  NULL with errno. */
struct route *route_open(struct loop *l, void (*changed)(void *arg), void *arg);
void route_close(struct route *r);	/* NULL is fine */
/* false: no route, or one that leads nowhere (blackhole, unreachable). */
bool route_lookup(struct route *r, const struct addr *dst, struct nhrp_route *out);

#endif
