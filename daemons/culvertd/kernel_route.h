/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static routes.
 *
 * The kernel wants a next hop on a link; IOS lets a gateway lie behind other
 * routes.  So gateways are resolved here, through the kernel's table (connected, routing
 * protocols) and the other static routes, and again whenever either changed.
 * Of the routes to one prefix the usable ones with the best distance are
 * installed, all of them; none, while a routing protocol offers a better one.
 */
#ifndef CULVERT_KERNEL_ROUTE_H
#define CULVERT_KERNEL_ROUTE_H

#include "conf.h"
#include "kernel.h"
#include "nics.h"
#include "owned.h"

/*
 * Pure: what should be in the kernel. An array of *count to be freed.  Each hop's `from` is
 * its struct conf_route; so is the one hop of a blackhole, which has nothing else.
 */
struct kernel_route_want *kernel_route_plan(const struct kernel *k, const struct conf *c,
    const struct nics *n, size_t *count);

/* Makes it so: what the kernel refuses is logged, and what is in `o` and wanted no more goes. */
void kernel_route_apply(struct kernel *k, const struct conf *c, const struct nics *n,
    struct owned *o);
void kernel_route_remove(struct kernel *k, struct owned *o);	/* all of ours */

/* IOS's administrative distance of a kernel route, and the letter of show ip route. */
unsigned int kernel_route_distance(unsigned int protocol);
char kernel_route_code(unsigned int protocol);

#endif
