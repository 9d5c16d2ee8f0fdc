/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What follows for one interface from the whole configuration, where no single line says it.
 */
#ifndef CULVERT_DERIVE_IFACE_H
#define CULVERT_DERIVE_IFACE_H

#include "conf.h"

/* What the tunnel is (TUNNEL_*); GRE where no line says it. */
unsigned int derive_kind(const struct conf_iface *i);
/* The IP version that it runs over. */
uint8_t derive_outer_family(const struct conf_iface *i);
/* The outer source address of a tunnel; unset while there is none. */
struct addr derive_local(const struct conf *c, const struct conf_iface *i);
/* Its destination; unset also when that is of the other IP version. */
struct addr derive_remote(const struct conf_iface *i);
/* Name of the group of tunnels that share SAs with this one; empty: in clear. */
void derive_protection(const struct conf *c, const struct conf_iface *i, char name[64]);

/*
 * The MTU of an interface.  Of a tunnel: `ip mtu` when it is configured; else what
 * fits in 1500 bytes (1476, 1472 with a key, 1438 for a VTI).  GRE under protection
 * gets 1400, the value that every DMVPN guide configures: it leaves room for any of
 * our transforms in tunnel mode through a NAT.  Over IPv6 it is 20 less, and under
 * protection 40: the outer header is longer, in tunnel mode there are two.
 */
unsigned int derive_mtu(const struct conf *c, const struct conf_iface *i);

#endif
