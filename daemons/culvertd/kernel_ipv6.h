/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv6 in the kernel, beside its addresses and routes (kernel_if.h): which
 * interfaces speak it, which link-local address they have, and forwarding.
 *
 * A tunnel speaks IPv6 when it is configured to, and says nothing otherwise (no
 * router solicitations to a peer).  Other interfaces are as Linux has them
 * until IPv6 is configured on them.
 */
#ifndef CULVERT_KERNEL_IPV6_H
#define CULVERT_KERNEL_IPV6_H

#include "conf.h"
#include "kernel.h"
#include "owned.h"

#define IPV6_MTU_MIN 1280	/* RFC 8200 5: the kernel has no IPv6 on a smaller link */

/* Before addresses are given to it. */
void kernel_ipv6_interface(struct kernel *k, const struct conf_iface *i,
    const struct kernel_link *l, struct owned *o);
/* ipv6 unicast-routing, or not. */
void kernel_ipv6_forward(bool on, struct owned *o);
void kernel_ipv6_stop_forwarding(const struct owned *o);

#endif
