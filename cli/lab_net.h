/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NICs, addresses and routes of the namespace this process is in, by netlink.
 * Each function returns NULL, or why it failed.
 */
#ifndef CULVERT_LAB_NET_H
#define CULVERT_LAB_NET_H

#include <stdbool.h>

#include "addr.h"

/*
 * A veth pair: one end here, the other in the namespace that peer_netns is
 * open on, both called `name` and neither ever anywhere else.
 */
const char *net_veth(const char *name, const char *mac, int peer_netns, const char *peer_mac);
const char *net_bridge(const char *name);
const char *net_enslave(const char *name, const char *bridge);
/* True once Linux noticed the carrier, up to 1 s late; a bridge passes nothing before. */
bool net_is_up(const char *name);
const char *net_up(const char *name);
const char *net_address(const char *name, const struct prefix *address);
const char *net_default_route(const struct addr *gateway);
/* A file below /proc/sys, such as "net/ipv4/ip_forward". */
const char *net_sysctl(const char *path, const char *value);

#endif
