/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXEC commands that an engineer's fingers type and that are not here: of the host, of
 * nobody, or spelled in another way.  Each refusal says where to turn instead.  Not in `?`,
 * and never in the way of an abbreviation.
 */
#ifndef CULVERT_SHELL_ELSEWHERE_H
#define CULVERT_SHELL_ELSEWHERE_H

#include "cli/elsewhere.h"

#define WHY_FRR "no routing protocol is built in: ask FRR's vtysh or birdc on the host; what they " \
    "install is in `show ip route`"
#define WHY_HARDWARE "there is no such hardware; the host knows its own"
#define WHY_ETHTOOL "the host knows its NICs: ethtool, ip link"
#define WHY_TOP "`show processes` lists the daemons; the host's top knows the rest"
#define WHY_SOCKETS "the host knows its sockets and counters: ss, nstat"
#define WHY_QOS "packets are not queued by class here; use tc on the host"
#define WHY_FILTER "packets are not filtered here; use nftables on the host"
#define WHY_CEF "`show ip route ADDRESS` says where a packet goes, `show ip nhrp` to which peer"
#define WHY_TRACE "see `show logging`, `show crypto isakmp invalid-spi`, `show crypto ikev2 diagnose error`"
#define WHY_TCPDUMP "the host captures packets: tcpdump -i Tunnel0"
#define WHY_CLOCK "the host keeps the time; use timedatectl there"
#define WHY_FLEX "FlexVPN is not here; a tunnel with an IKEv2 profile is"
#define WHY_APPLETS "policies are applets, and stand in the configuration: `show running-config | section applet`"
#define WHY_FILES "flash: is one folder: dir, more, delete; the rest is the host's"
#define WHY_CONFIGURE "that is configuration: `configure terminal` first"
#define WHY_PASTE "`copy flash:NAME running-config` merges a configuration"

#define ELSEWHERE_SHOW									\
	REFUSED("aliases", "commands have no other names"),				\
	REFUSED("buffers", WHY_TOP),							\
	REFUSED("call", "there is no voice here: `show crypto call admission statistics`"),	\
	REFUSED("cef", WHY_CEF),							\
	REFUSED("key", "keys of routing protocols are theirs: FRR's vtysh, birdc"),	\
	REFUSED("l2vpn", WHY_SWITCH),							\
	REFUSED("mpls", WHY_MPLS),							\
	REFUSED("parser", "`?` behind a part of a line tells what it knows"),		\
	REFUSED("stacks", WHY_TOP),							\
	REFUSED("aaa", "there is no AAA here; `show users` lists who is there"),	\
	REFUSED("adjacency", WHY_CEF),							\
	REFUSED("alias", "commands have no other names"),				\
	REFUSED("archive", "`show running-config` and `show startup-config` are what there is to compare"), \
	REFUSED("boot", WHY_HARDWARE),							\
	REFUSED("bootvar", WHY_HARDWARE),						\
	REFUSED("bgp", WHY_FRR),							\
	REFUSED("cdp", "the host may run lldpd; its lldpcli tells of neighbors"),	\
	REFUSED("class-map", WHY_QOS),							\
	REFUSED("controllers", WHY_ETHTOOL),						\
	REFUSED("diag", WHY_HARDWARE),							\
	REFUSED("environment", WHY_HARDWARE),						\
	REFUSED("file", WHY_FILES),							\
	REFUSED("hosts", WHY_RESOLVER),							\
	REFUSED("inventory", WHY_HARDWARE),						\
	REFUSED("license", "there are no licenses: culvert is free software"),		\
	REFUSED("line", "`show users` lists the shells at terminals"),			\
	REFUSED("lldp", "the host may run lldpd; its lldpcli tells of neighbors"),	\
	REFUSED("memory", WHY_TOP),							\
	REFUSED("module", WHY_HARDWARE),						\
	REFUSED("monitor", WHY_TRACE),							\
	REFUSED("nhrp", "`show ip nhrp` and `show dmvpn`"),				\
	REFUSED("ntp", WHY_CLOCK),							\
	REFUSED("policy-map", WHY_QOS),							\
	REFUSED("protocols", "`show ip interface` tells of each interface"),		\
	REFUSED("redundancy", WHY_HARDWARE),						\
	REFUSED("route-map", WHY_FRR),							\
	REFUSED("sessions", "`show users` lists the shells at terminals"),		\
	REFUSED("snmp", "there is no SNMP agent here; use that of the host"),		\
	REFUSED("ssh", WHY_SSHD),							\
	REFUSED("standby", "leave addresses that move to keepalived on the host"),	\
	REFUSED("tcp", WHY_SOCKETS),							\
	REFUSED("track", WHY_PROBE),							\
	REFUSED("tunnel", "see `show interfaces Tunnel0`, `show dmvpn detail`, `show crypto session`"), \
	REFUSED("udp", WHY_SOCKETS),							\
	REFUSED("vlan", "a VLAN is a NIC of the host: ip -d link"),			\
	REFUSED("vrf", WHY_VRF),							\
	REFUSED("vrrp", "leave addresses that move to keepalived on the host"),		\
	REFUSED("zone", WHY_FILTER)

#define ELSEWHERE_SHOW_IP								\
	REFUSED("flow", WHY_FLOWS),							\
	REFUSED("local", "clients that log in are not served here"),			\
	REFUSED("multicast", WHY_MULTICAST),						\
	REFUSED("static", "`show ip route static`"),					\
	REFUSED("bgp", WHY_FRR),							\
	REFUSED("cef", WHY_CEF),							\
	REFUSED("dhcp", WHY_DHCP),							\
	REFUSED("eigrp", WHY_FRR),							\
	REFUSED("igmp", WHY_MULTICAST),							\
	REFUSED("mroute", WHY_MULTICAST),						\
	REFUSED("nat", WHY_NAT),							\
	REFUSED("ospf", WHY_FRR),							\
	REFUSED("pim", WHY_MULTICAST),							\
	REFUSED("policy", "routes are by destination; see ip rule on the host"),	\
	REFUSED("prefix-list", WHY_FRR),						\
	REFUSED("protocols", WHY_FRR),							\
	REFUSED("rip", WHY_FRR),							\
	REFUSED("sla", WHY_PROBE),							\
	REFUSED("sockets", WHY_SOCKETS),						\
	REFUSED("ssh", WHY_SSHD),							\
	REFUSED("traffic", WHY_SOCKETS),						\
	REFUSED("vrf", WHY_VRF)

#define ELSEWHERE_SHOW_INTERFACES							\
	REFUSED("accounting", "`show interfaces` has the counters"),			\
	REFUSED("counters", "`show interfaces` has the counters"),			\
	REFUSED("stats", "`show interfaces` has the counters"),				\
	REFUSED("status", "that is of switches; `show interfaces description` has it in brief"),	\
	REFUSED("summary", "`show interfaces | include is|rate` has it in brief")

#define ELSEWHERE_SHOW_NHRP								\
	REFUSED("map", "`show ip nhrp static`"),					\
	REFUSED("multicast", "multicast goes to each peer of `ip nhrp map multicast`"),	\
	REFUSED("redirect", "`show ip nhrp traffic` counts them"),			\
	REFUSED("shortcut", "`show ip route nhrp`"),					\
	REFUSED("stats", "`show ip nhrp traffic`"),					\
	REFUSED("summary", "`show ip nhrp | count Type` counts entries")

#define ELSEWHERE_SHOW_IPV6								\
	REFUSED("neighbors", "the kernel keeps them: ip -6 neigh on the host"),		\
	REFUSED("nhrp", "NHRP is IPv4 here: `show ip nhrp`"),				\
	REFUSED("traffic", WHY_SOCKETS)

#define ELSEWHERE_SHOW_ISAKMP								\
	REFUSED("diagnose", WHY_TRACE),							\
	REFUSED("errors", WHY_TRACE),							\
	REFUSED("stats", "`show crypto call admission statistics` counts IKE SAs")

#define ELSEWHERE_SHOW_IPSEC_SA								\
	REFUSED("address", "`show crypto ipsec sa` has them by interface and peer"),	\
	REFUSED("identity", "`show crypto ipsec sa | include ident|pkts`"),		\
	REFUSED("ipv6", "`show crypto ipsec sa` has those of IPv6, too"),		\
	REFUSED("vrf", WHY_VRF)

#define ELSEWHERE_SHOW_PKI								\
	REFUSED("counters", "`show logging | include PKI`"),				\
	REFUSED("server", "there is no certificate authority here"),			\
	REFUSED("timers", "certificates are not renewed by themselves")

#define ELSEWHERE_SHOW_CRYPTO								\
	REFUSED("ace", "`show crypto engine brief`"),					\
	REFUSED("datapath", "`show crypto engine accelerator statistic`, `show drops`"),	\
	REFUSED("entropy", "the kernel's: /proc/sys/kernel/random on the host"),	\
	REFUSED("ruleset", "`show crypto map`, `show access-lists`"),			\
	REFUSED("gdoi", "GETVPN is not here"),						\
	REFUSED("identity", "`show crypto isakmp profile` and `show crypto ikev2 profile` have it"),	\
	REFUSED("mib", "there is no SNMP agent here"),					\
	REFUSED("tech-support", "`show tech-support ipsec`")

#define ELSEWHERE_SHOW_IKEV2								\
	REFUSED("authorization", WHY_FLEX),						\
	REFUSED("certificate-cache", "`show crypto pki certificates`"),			\
	REFUSED("client", WHY_FLEX),							\
	REFUSED("cluster", WHY_FLEX)

#define ELSEWHERE_TERMINAL								\
	REFUSED("default", "`no terminal length`, `no terminal width`"),		\
	NOTED("editing"),								\
	REFUSED("exec", "`show clock` tells the time; commands are not stamped"),	\
	REFUSED("history", "the last 256 lines are kept"),				\
	REFUSED("type", "the environment's TERM says what the terminal is")

#define ELSEWHERE_EXEC									\
	REFUSED("archive", "`copy running-config flash:NAME` keeps a copy"),		\
	REFUSED("cd", WHY_FILES),							\
	REFUSED("clock", WHY_CLOCK),							\
	REFUSED("crypto", WHY_CONFIGURE),						\
	REFUSED("format", WHY_FILES),							\
	REFUSED("help", "type `?` where a word is wanted, or behind a part of it"),	\
	REFUSED("mkdir", WHY_FILES),							\
	REFUSED("monitor", WHY_TCPDUMP),						\
	REFUSED("pwd", WHY_FILES),							\
	REFUSED("rename", WHY_FILES),							\
	REFUSED("send", "write(1) of the host sends a message to a terminal"),		\
	REFUSED("setup", WHY_CONFIGURE),						\
	REFUSED("ssh", "nobody goes out from here; use the host's ssh"),		\
	REFUSED("tclsh", "there is no Tcl; Event Manager applets, or `culvert -c` in a script of the host"), \
	REFUSED("telnet", "nobody goes out from here; use the host's telnet"),		\
	REFUSED("test", "there is nothing to test by hand; `clear crypto session` makes peers begin anew"), \
	REFUSED("verify", WHY_FILES)

#endif
