/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same as shell_elsewhere.h of what control carries out: clear and debug. */
#ifndef CULVERT_EXEC_ELSEWHERE_H
#define CULVERT_EXEC_ELSEWHERE_H

#include "cli/elsewhere.h"

#define WHY_NEIGH "the kernel keeps its neighbors: ip neigh flush on the host"
#define NO_FINER(words) "there is no finer one: `" words "`"

#define ELSEWHERE_CLEAR									\
	REFUSED("arp-cache", WHY_NEIGH),						\
	REFUSED("interface", "`shutdown` and `no shutdown` in its configuration"),	\
	REFUSED("line", "end the shell's process on the host: `show users`"),		\
	REFUSED("tunnel", "`clear counters`")

#define ELSEWHERE_CLEAR_IP								\
	REFUSED("arp", WHY_NEIGH),							\
	REFUSED("bgp", WHY_ROUTING),							\
	REFUSED("eigrp", WHY_ROUTING),							\
	REFUSED("ospf", WHY_ROUTING),							\
	REFUSED("route", "the kernel keeps the routes; what others installed is theirs"),	\
	REFUSED("traffic", "the host counts that")

#define ELSEWHERE_CLEAR_CRYPTO_SA							\
	REFUSED("counters", "`clear counters`"),					\
	REFUSED("map", "`clear crypto sa peer`"),					\
	REFUSED("spi", "`clear crypto sa peer`"),					\
	REFUSED("vrf", WHY_VRF)

#define ELSEWHERE_CLEAR_NHRP								\
	REFUSED("counters", "`clear counters`"),					\
	REFUSED("shortcut", "`clear ip nhrp` takes shortcuts along"),			\
	REFUSED("stats", "`clear counters`")

#define ELSEWHERE_CLEAR_CRYPTO								\
	REFUSED("call", "`clear counters`"),						\
	REFUSED("engine", "`clear counters`"),						\
	REFUSED("pki", "a CRL is fetched anew when its time is over")

#define ELSEWHERE_CLEAR_IKEV2								\
	REFUSED("stats", "`clear counters`")

#define ELSEWHERE_DEBUG									\
	REFUSED("event", "`show event manager history events` tells what ran"),	\
	REFUSED("arp", "the host sees that: tcpdump arp"),				\
	REFUSED("interface", "each change of an interface is logged"),			\
	REFUSED("ip", "the host sees packets and routes: tcpdump, ip monitor")

#endif
