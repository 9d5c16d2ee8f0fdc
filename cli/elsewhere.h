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
/* It is so, and to take it away is refused. */
#define ALWAYS(w, why)									\
	{ .word = (w), .help = "", .refuse = (why), .hidden = true, .verbs = CMD_NO },	\
	NOTED(w)
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

#define WHY_LOG_SENT "log lines are sent nowhere; culvertd -f prints them, and the host's syslog sends them on"
#define WHY_QUEUES "packets are not queued by class here; use tc on the host"
#define WHY_FIREWALL "packets are not filtered here; use nftables on the host"
#define WHY_SWITCH "there is no switch here; bridges and VLANs are the host's"
#define WHY_FLOWS "flows are not exported; use softflowd or the like on the host"
#define WHY_AAA "there is no AAA here; use `username` and `login local`"
#define WHY_API "there is no such interface; scripts use `culvert -c`"
#define WHY_DIALIN "nobody dials in here; a PPP session is a NIC of the host"
#define WHY_SYSCTL_TCP "the kernel speaks TCP: its sysctls say how; for transit it is `ip tcp adjust-mss`"
#define WHY_MPLS "MPLS is not here; leave the line out"
#define WHY_ETHTOOL_SET "the host sets its NICs up: ip link, ethtool"
#define WHY_NO_QOS_GROUP "peers have no QoS groups; use tc on the host"
#define DO_IT "that is no configuration; type it with `do` in front"

/* Of EXEC, typed in configuration. */
#define ELSEWHERE_DO									\
	REFUSED("clear", DO_IT), REFUSED("copy", DO_IT), REFUSED("debug", DO_IT),	\
	REFUSED("ping", DO_IT), REFUSED("reload", DO_IT), REFUSED("show", DO_IT),	\
	REFUSED("terminal", DO_IT), REFUSED("traceroute", DO_IT),			\
	REFUSED("undebug", DO_IT), REFUSED("write", DO_IT)

#define ELSEWHERE_GLOBAL								\
	ABSENT("alias", "commands have no other names"),				\
	ABSENT("archive", "`copy running-config flash:NAME` keeps a copy"),		\
	ABSENT("boot", "there is no image to choose; the host boots what is installed"),	\
	ABSENT("call-home", WHY_API),							\
	ABSENT("class-map", WHY_QUEUES),						\
	ABSENT("config-register", "there is no such register; leave it out "			\
	    "(`configure terminal` is done already)"),					\
	ABSENT("bridge", WHY_SWITCH),							\
	ABSENT("bsd-client", WHY_API),							\
	ABSENT("cts", "there are no security groups here; leave it out"),		\
	ABSENT("gatekeeper", "there is no voice here; leave it out"),			\
	ABSENT("vpdn", WHY_DIALIN),							\
	ABSENT("vpdn-group", WHY_DIALIN),						\
	ABSENT("file", "only somebody at a terminal is asked; `culvert -c` asks nothing"),	\
	ABSENT("flow", WHY_FLOWS),							\
	ABSENT("monitor", "the host captures packets: tcpdump"),			\
	ABSENT("mpls", WHY_MPLS),							\
	ABSENT("netconf-yang", WHY_API),						\
	ABSENT("parameter-map", WHY_FIREWALL),						\
	ABSENT("policy-map", WHY_QUEUES),						\
	ABSENT("privilege", "no commands are moved between privilege levels"),		\
	ABSENT("radius", WHY_AAA),							\
	ABSENT("radius-server", WHY_AAA),						\
	ABSENT("restconf", WHY_API),							\
	ABSENT("tacacs", WHY_AAA),							\
	ABSENT("tacacs-server", WHY_AAA),						\
	ABSENT("vlan", WHY_SWITCH),							\
	ABSENT("vtp", WHY_SWITCH),							\
	ABSENT("zone", WHY_FIREWALL),							\
	ABSENT("zone-pair", WHY_FIREWALL),						\
	ELSEWHERE_DO,									\
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
	NOTED_ANY("ethernet"),								\
	NOTED_ANY("license"),								\
	NOTED_ANY("memory"),								\
	NOTED_ANY("multilink"),								\
	NOTED_ANY("platform"),								\
	NOTED_ANY("scheduler"),								\
	NOTED_ANY("spanning-tree"),							\
	NOTED_ANY("subscriber"),							\
	NOTED_NO("ftp-server")

#define ELSEWHERE_LOGGING								\
	ABSENT("facility", WHY_LOG_SENT),						\
	ABSENT("host", WHY_LOG_SENT),							\
	ABSENT("origin-id", WHY_LOG_SENT),						\
	ABSENT("rate-limit", "lines that strangers cause are limited as they are"),	\
	ABSENT("source-interface", WHY_LOG_SENT),					\
	ABSENT("trap", WHY_LOG_SENT),							\
	ALWAYS("on", "`no logging buffered` and `no logging console` turn it off")

#define ELSEWHERE_NHRP									\
	ABSENT("attribute", WHY_NO_QOS_GROUP),						\
	ABSENT("cache", "what was learned is only used, and not answered with"),	\
	ABSENT("event-publisher", "applets see log lines: `event syslog`"),		\
	ABSENT("group", WHY_NO_QOS_GROUP),						\
	ABSENT("interest", "any packet may ask for its next hop"),			\
	ABSENT("max-send", "what is sent is limited as it is"),				\
	ABSENT("path", "one path to each peer is used"),				\
	ABSENT("record", "record extensions are not asked for"),			\
	ABSENT("responder", "a reply comes from the address that was asked"),		\
	ABSENT("send-routed", "NHRP goes by the tunnel's own maps"),			\
	ABSENT("server-only", "without `ip nhrp shortcut` a router asks for no next hops"),	\
	ABSENT("summary-map", "a prefix is answered as it is in the routing table"),	\
	ABSENT("trigger-svc", "the first packet asks for its next hop"),		\
	ABSENT("use", "the first packet asks for its next hop")

#define ELSEWHERE_TUNNEL								\
	ABSENT("bandwidth", "`bandwidth` of the interface is what there is"),		\
	ABSENT("bestpath", "the route to the destination says the way out"),		\
	ABSENT("checksum", "GRE goes without checksums; ESP checks what it carries"),	\
	ABSENT("endpoint", WHY_NO_QOS_GROUP),						\
	ABSENT("entropy", "ESP has none, and GRE goes bare"),				\
	ABSENT("route-via", "the route to the destination says the way out"),		\
	ABSENT("sequence-datagrams", "GRE goes without sequence numbers; ESP has its own"),	\
	ABSENT("tos", "the outer header has the inner one's DSCP and ECN")

#define ELSEWHERE_IP									\
	ABSENT("default-gateway", "`ip route 0.0.0.0 0.0.0.0 GATEWAY`"),		\
	ABSENT("default-network", "`ip route 0.0.0.0 0.0.0.0 GATEWAY`"),		\
	ABSENT("bgp-community", WHY_ROUTING),						\
	ABSENT("flow-export", WHY_FLOWS),						\
	ABSENT("ftp", "no files are fetched by ftp; use the host's"),			\
	ABSENT("igmp", WHY_MULTICAST),							\
	ABSENT("inspect", WHY_FIREWALL),						\
	ABSENT("radius", WHY_AAA),							\
	ABSENT("tacacs", WHY_AAA),							\
	ABSENT("tftp", "no files are fetched by tftp; use the host's"),			\
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

#define ELSEWHERE_IPV6									\
	ABSENT("access-list", "IPv6 access lists match nothing here; use nftables on the host"),	\
	ABSENT("dhcp", WHY_DHCP),							\
	ABSENT("general-prefix", "write prefixes out"),					\
	ABSENT("host", WHY_RESOLVER),							\
	ABSENT("multicast-routing", WHY_MULTICAST),					\
	ABSENT("prefix-list", WHY_ROUTING),						\
	ABSENT("router", WHY_ROUTING),							\
	NOTED_ANY("ioam"),								\
	NOTED_NO("source-route")

#define ELSEWHERE_IFACE_IPV6								\
	ABSENT("dhcp", WHY_DHCP),							\
	ABSENT("eigrp", WHY_ROUTING),							\
	ABSENT("nat", WHY_NAT),								\
	ABSENT("nd", "radvd of the host sends router advertisements"),			\
	ABSENT("ospf", WHY_ROUTING),							\
	ABSENT("rip", WHY_ROUTING),							\
	ABSENT("traffic-filter", WHY_FIREWALL),						\
	NOTED_NO("redirects")

#define ELSEWHERE_IFACE									\
	NOTED_NO("lldp"),								\
	ABSENT("arp", "the kernel keeps its neighbors; its sysctls say how long"),	\
	ABSENT("bfd", "dead peers are found by IKE's DPD, or a routing daemon's BFD"),	\
	ABSENT("carrier-delay", WHY_ETHTOOL_SET),					\
	ABSENT("channel-group", "a bond is a NIC of the host; name it in culvert.yaml"),	\
	ABSENT("fair-queue", WHY_QUEUES),						\
	ABSENT("hold-queue", WHY_QUEUES),						\
	ABSENT("if-state", "the line protocol of a tunnel does not follow NHRP"),	\
	ABSENT("keepalive", "GRE keepalives are not sent; IKE's DPD finds dead peers"),	\
	ABSENT("mpls", WHY_MPLS),							\
	ABSENT("mtu", "the host sets the MTU of a NIC: ip link; of a tunnel it is `ip mtu`"),	\
	ABSENT("nhrp", WHY_NO_QOS_GROUP),						\
	ABSENT("pppoe", "a PPP session is a NIC of the host; name it in culvert.yaml"),	\
	ABSENT("qos", "an outer header has the inner one's DSCP; use tc on the host"),	\
	ABSENT("switchport", WHY_SWITCH),						\
	ABSENT("vrrp", "leave addresses that move to keepalived on the host"),		\
	ABSENT("encapsulation", "a VLAN is a NIC of the host; name it in culvert.yaml"), \
	ABSENT("ospfv3", WHY_ROUTING),							\
	ABSENT("service-policy", "packets are not queued by class here; use tc on the host"), \
	ABSENT("standby", "leave addresses that move to keepalived on the host"),	\
	ABSENT("vrf", WHY_VRF),								\
	ABSENT("zone-member", "packets are not filtered here; use nftables on the host"), \
	NOTED_ANY("media-type")

#define ELSEWHERE_IFACE_IP								\
	ABSENT("authentication", WHY_ROUTING),						\
	ABSENT("bandwidth-percent", WHY_ROUTING),					\
	ABSENT("directed-broadcast", "directed broadcasts are not forwarded"),		\
	ABSENT("flow", WHY_FLOWS),							\
	ABSENT("igmp", WHY_MULTICAST),							\
	ABSENT("inspect", WHY_FIREWALL),						\
	ABSENT("load-sharing", "the kernel shares load by flow; its sysctls say how"),	\
	ABSENT("proxy-arp", "the kernel answers for itself only; its sysctl says otherwise"),	\
	ABSENT("redirects", "redirects are not sent: a hub sends packets back out of its tunnel"), \
	ABSENT("rip", WHY_ROUTING),							\
	ABSENT("verify", "use rp_filter or nftables on the host"),			\
	ALWAYS("unreachables", "the kernel answers what it cannot forward; nftables on the host " \
	    "can drop that"),								\
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
