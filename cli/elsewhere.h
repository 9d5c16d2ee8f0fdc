/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows of what an IOS router does and culvert leaves to the host or to nobody, for the tables
 * of cmds_global.c, cmds_iface.c and cmds_line.c.  Real startup-configs are full of it, so each
 * refusal says where to turn instead; the `no` of such a line is so already.  Not in `?`.
 */
#ifndef CULVERT_ELSEWHERE_H
#define CULVERT_ELSEWHERE_H

#include "cli/cmd.h"

#define ABSENT(w, why)									\
	{ .word = (w), .help = "", .refuse = (why), .hidden = true, .verbs = CMD_SET },	\
	NOTED_NO(w)
/* Of hardware or protocols that are not here: neither the line nor its `no` asks for anything. */
#define NOTED_ANY(w) { .word = (w), .help = "", .noted = true, .hidden = true }

#define WHY_ROUTING "no routing protocol is built in; use `ip route`, or FRR or BIRD on the host"
#define WHY_NAT "addresses are not translated here; use nftables on the host"
#define WHY_RESOLVER "names are the host's: see /etc/resolv.conf and /etc/hosts"
#define WHY_VRF "there is one routing table; leave VRFs out"
#define WHY_SSHD "the host's sshd lets people in; set it up in sshd_config"
#define WHY_MULTICAST "multicast is not routed; `ip nhrp map multicast` carries it to peers"
#define WHY_PROBE "probes are not built in; leave the line out"
#define WHY_DHCP "addresses are not leased here; use a DHCP server or relay on the host"

#define ELSEWHERE_GLOBAL								\
	ABSENT("banner", WHY_SSHD " (Banner)"),						\
	ABSENT("clock", "the host keeps the time and its zone; use timedatectl there"),	\
	ABSENT("login", "logins are the host's: sshd logs them, and holds off who guesses"),	\
	ABSENT("ntp", "the host keeps the time; use chrony or systemd-timesyncd there"), \
	ABSENT("route-map", WHY_ROUTING),						\
	ABSENT("router", WHY_ROUTING),							\
	ABSENT("security", "passwords are as long as they are typed; leave it out"),	\
	ABSENT("snmp-server", "there is no SNMP agent here; use that of the host"),	\
	ABSENT("track", WHY_PROBE),							\
	ABSENT("virtual-service", "containers are the host's; leave the block out"),	\
	ABSENT("vrf", WHY_VRF),								\
	NOTED_ANY("diagnostic"),							\
	NOTED_ANY("license"),								\
	NOTED_ANY("memory"),								\
	NOTED_ANY("multilink"),								\
	NOTED_ANY("platform"),								\
	NOTED_ANY("scheduler"),								\
	NOTED_ANY("spanning-tree"),							\
	NOTED_ANY("subscriber")

#define ELSEWHERE_IP									\
	ABSENT("as-path", WHY_ROUTING),							\
	ABSENT("community-list", WHY_ROUTING),						\
	ABSENT("dhcp", WHY_DHCP),							\
	ABSENT("host", WHY_RESOLVER),							\
	ABSENT("local", "clients that log in are not served here; leave out the line"),	\
	ABSENT("multicast-routing", WHY_MULTICAST),					\
	ABSENT("name-server", WHY_RESOLVER),						\
	ABSENT("nat", WHY_NAT),								\
	ABSENT("pim", WHY_MULTICAST),							\
	ABSENT("prefix-list", WHY_ROUTING),						\
	ABSENT("scp", WHY_SSHD),							\
	ABSENT("sla", WHY_PROBE),							\
	ABSENT("ssh", WHY_SSHD),							\
	ABSENT("vrf", WHY_VRF)

#define ELSEWHERE_IFACE									\
	ABSENT("encapsulation", "a VLAN is a NIC of the host; name it in culvert.yaml"), \
	ABSENT("ospfv3", WHY_ROUTING),							\
	ABSENT("service-policy", "packets are not queued by class here; use tc on the host"), \
	ABSENT("standby", "leave addresses that move to keepalived on the host"),	\
	ABSENT("vrf", WHY_VRF),								\
	ABSENT("zone-member", "packets are not filtered here; use nftables on the host"), \
	NOTED_ANY("media-type")

#define ELSEWHERE_IFACE_IP								\
	ABSENT("helper-address", WHY_DHCP),						\
	ABSENT("hello-interval", WHY_ROUTING),						\
	ABSENT("hold-time", WHY_ROUTING),						\
	ABSENT("nat", WHY_NAT),								\
	ABSENT("next-hop-self", WHY_ROUTING),						\
	ABSENT("ospf", WHY_ROUTING),							\
	ABSENT("pim", WHY_MULTICAST),							\
	ABSENT("policy", "routes are by destination; use ip rule on the host"),		\
	ABSENT("split-horizon", WHY_ROUTING),						\
	ABSENT("summary-address", WHY_ROUTING),						\
	ABSENT("unnumbered", "an interface here has an address of its own; use ip address"), \
	ABSENT("virtual-reassembly", "fragments are put together where a tunnel ends; leave it out"), \
	ABSENT("vrf", WHY_VRF)

#endif
