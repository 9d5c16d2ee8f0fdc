/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shell_show.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/shell_elsewhere.h"
#include "cli/shell_flash.h"

bool
shell_is_privileged(const void *obj)
{
	return ((const struct shell *)obj)->privileged;
}

bool
shell_show(struct cmd_call *c, show_renderer *renderer)
{
	struct shell *sh = shell_of(c);
	const struct cmd_value *iface = cmd_value(c, SLOT_IFACE), *addr = cmd_value(c, SLOT_ADDR);
	const struct cmd_value *tag = cmd_value(c, SLOT_KEY);
	const struct cmd_value *local = cmd_value(c, SLOT_NEXT), *name = cmd_value(c, SLOT_NAME);
	const struct cmd_value *mask = cmd_value(c, SLOT_MASK), *type = cmd_value(c, SLOT_KIND);
	const struct cmd_value *port = cmd_value(c, SLOT_BITS), *ours = cmd_value(c, SLOT_MORE);

	sh->show = renderer;
	if (iface != NULL)
		iface_name(&iface->iface, sh->show_args.name);
	if (addr != NULL)
		sh->show_args.addr = addr->addr;
	if (mask != NULL && mask_len(&mask->addr) < 0)
		return cmd_refuse(c, "%% Inconsistent address and mask");
	if (mask != NULL) {
		sh->show_args.has_mask = true;
		sh->show_args.mask_len = (uint8_t)mask_len(&mask->addr);
	}
	if (port != NULL)
		sh->show_args.port = (uint16_t)port->number;
	if (ours != NULL)
		sh->show_args.local_port = (uint16_t)ours->number;
	sh->show_args.longer = cmd_value(c, SLOT_FLAG) != NULL;
	if (type != NULL)
		sh->show_args.nhrp_type = (uint8_t)type->number;
	if (tag != NULL)
		snprintf(sh->show_args.tag, sizeof(sh->show_args.tag), "%s", tag->text);
	if (local != NULL)
		sh->show_args.local = local->addr;
	if (name != NULL)
		snprintf(sh->show_args.name, sizeof(sh->show_args.name), "%s", name->text);
	return true;
}

#define X(name)									\
	bool show_run_##name(struct cmd_call *c)				\
	{									\
		return shell_show(c, show_##name);					\
	}
SHOW_RENDERERS(X)
#undef X

/* --- of what the shell itself knows --- */

static bool
show_own(struct cmd_call *c, void (*own)(const struct shell *sh, struct text *out))
{
	shell_of(c)->own = own;
	return true;
}

static void
add_history(const struct shell *sh, struct text *out)
{
	if (sh->list_history != NULL)
		sh->list_history(out);
}

static void
add_privilege(const struct shell *sh, struct text *out)
{
	text_add(out, "Current privilege level is %u\n", sh->privileged ? 15 : 1);
}

static void
add_terminal(const struct shell *sh, struct text *out)
{
	const char *type = getenv("TERM");

	text_add(out, "Line 0, Location: \"\", Type: \"%s\"\n", type != NULL ? type : "");
	text_add(out, "Length: %u lines, Width: %u columns\n", sh->length, sh->width);
	text_add(out, "Editing is %s.\nHistory is %s.\n",
	    sh->list_history != NULL ? "enabled" : "disabled",
	    sh->list_history != NULL ? "enabled" : "disabled");
	add_privilege(sh, out);
}

static bool
history_run(struct cmd_call *c)
{
	return show_own(c, add_history);
}

static bool
privilege_run(struct cmd_call *c)
{
	return show_own(c, add_privilege);
}

static bool
show_terminal_run(struct cmd_call *c)
{
	return show_own(c, add_terminal);
}

/* --- the rows --- */

static bool
run_running_interface(struct cmd_call *c)
{
	shell_of(c)->show_one_interface = true;
	return shell_show(c, show_running_config);
}

static const struct cmd an_interface[] = {
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd running_interface[] = {
	{ "interface", "Show interface configuration", .sub = an_interface,
	    .run = run_running_interface },
	REFUSED("partition", "`show running-config | section WORD`"),
	REFUSED("all", "defaults are not written; `?` behind a command tells its range"),
	REFUSED("brief", "`show running-config | exclude ^  [0-9A-F]` leaves out certificates"),
	REFUSED("full", "`show running-config` is all of it"),
	REFUSED("view", "there are no views: `show running-config`"),
	CMD_END
};

static const struct cmd startup_errors[] = {
	{ "errors", "Lines that were refused at boot", .run = show_run_startup_config_errors },
	CMD_END
};

static const struct cmd interface_counters[] = { ELSEWHERE_SHOW_INTERFACES, CMD_END };

static const struct cmd interface_or_description[] = {
	{ "description", "Show interface description", .run = show_run_interfaces_description },
	ELSEWHERE_SHOW_INTERFACES,
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = interface_counters },
	CMD_END
};

static const struct cmd show_acl[] = {
	{ VALUE(word, "Access list number or name"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd dmvpn_detail[] = { DETAIL(dmvpn_detail), CMD_END };

#define DMVPN_TAIL									\
	DETAIL(dmvpn_detail),								\
	{ "static", "Static DMVPN peers", .slot = SLOT_KIND, .give = NHRP_STATIC, .end = true,	\
	    .sub = dmvpn_detail }

static const struct cmd dmvpn_tail[] = { DMVPN_TAIL, CMD_END };
static const struct cmd dmvpn_network_mask[] = {
	{ VALUE(mask, "IPv4 network mask"), .slot = SLOT_MASK, .end = true, .sub = dmvpn_tail },
	CMD_END
};
static const struct cmd dmvpn_peer[] = {
	{ "nbma", "NBMA address", ARG(addr_any, "NBMA address"), .slot = SLOT_ADDR, .end = true,
	    .sub = dmvpn_tail },
	{ "network", "Target network", ARG(addr, "IPv4 network"), .slot = SLOT_ADDR,
	    .sub = dmvpn_network_mask },
	{ "tunnel", "Tunnel address", ARG(addr, "IPv4 tunnel address"), .slot = SLOT_NEXT,
	    .end = true, .sub = dmvpn_tail },
	CMD_END
};

#define DMVPN_OPTIONS									\
	REFUSED("count", "`show dmvpn | count UP` counts the peers that are up"),	\
	REFUSED("debug-condition", "`show crypto debug-condition`"),			\
	REFUSED("ipv6", "NHRP is IPv4 inside: `show dmvpn`"),				\
	REFUSED("vrf", WHY_VRF),							\
	DMVPN_TAIL,									\
	{ "interface", "DMVPN information of a tunnel", ARG(tunnel_if, ""), .slot = SLOT_IFACE,	\
	    .end = true, .sub = dmvpn_tail },						\
	{ "peer", "DMVPN information of a peer", .sub = dmvpn_peer }

static const struct cmd dmvpn_ipv4[] = { DMVPN_OPTIONS, CMD_END };
static const struct cmd show_dmvpn_options[] = {
	DMVPN_OPTIONS,
	{ "ipv4", "IPv4 NHRP information", .end = true, .sub = dmvpn_ipv4 },
	CMD_END
};

static const struct cmd ip_interface_of[] = {
	{ "brief", "Brief summary of IP status and configuration", .run = show_run_ip_interface_brief },
	CMD_END
};
static const struct cmd ip_interface_brief[] = {
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};
static const struct cmd ip_interface[] = {
	{ "brief", "Brief summary of IP status and configuration", .sub = ip_interface_brief,
	    .end = true, .run = show_run_ip_interface_brief },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = ip_interface_of },
	CMD_END
};

static const struct cmd nhs_redundancy[] = {
	{ VALUE(tunnel_if, ""), .slot = SLOT_IFACE },
	CMD_END
};
static const struct cmd nhs_of_tunnel[] = {
	DETAIL(ip_nhrp_nhs_detail),
	{ "redundancy", "Which NHSs of a cluster are used",
	    .run = show_run_ip_nhrp_nhs_redundancy },
	CMD_END
};
static const struct cmd nhs_detail[] = {
	DETAIL(ip_nhrp_nhs_detail),
	{ "redundancy", "Which NHSs of a cluster are used", .sub = nhs_redundancy, .end = true,
	    .run = show_run_ip_nhrp_nhs_redundancy },
	{ VALUE(tunnel_if, ""), .slot = SLOT_IFACE, .end = true, .sub = nhs_of_tunnel },
	CMD_END
};
static const struct cmd nhrp_type_detail[] = { DETAIL(ip_nhrp_detail), CMD_END };
static const struct cmd nhrp_of_type[] = {
	{ "brief", "Short output", .run = show_run_ip_nhrp_brief },
	DETAIL(ip_nhrp_detail),
	{ VALUE(tunnel_if, ""), .slot = SLOT_IFACE, .end = true, .sub = nhrp_type_detail },
	{ VALUE(addr, "Destination IP address"), .slot = SLOT_ADDR, .end = true,
	    .sub = nhrp_type_detail },
	CMD_END
};
static const struct cmd show_nhrp[] = {
	{ "brief", "Short output", .run = show_run_ip_nhrp_brief },
	DETAIL(ip_nhrp_detail),
	{ "dynamic", "Dynamic entries", .slot = SLOT_KIND, .give = NHRP_DYNAMIC, .end = true,
	    .sub = nhrp_of_type },
	{ "incomplete", "Incomplete entries", .slot = SLOT_KIND, .give = NHRP_INCOMPLETE,
	    .end = true, .sub = nhrp_of_type },
	{ "static", "Static entries", .slot = SLOT_KIND, .give = NHRP_STATIC, .end = true,
	    .sub = nhrp_of_type },
	ELSEWHERE_SHOW_NHRP,
	{ "interface", "Entries of a tunnel", ARG(tunnel_if, ""), .slot = SLOT_IFACE, .end = true,
	    .sub = nhrp_type_detail },
	{ "nhs", "Next Hop Server", .sub = nhs_detail, .end = true, .run = show_run_ip_nhrp_nhs },
	{ "traffic", "NHRP traffic statistics", .run = show_run_ip_nhrp_traffic },
	{ VALUE(tunnel_if, ""), .slot = SLOT_IFACE, .end = true, .sub = nhrp_type_detail },
	{ VALUE(addr, "Destination IP address"), .slot = SLOT_ADDR, .end = true,
	    .sub = nhrp_type_detail },
	CMD_END
};

static const struct cmd route_longer[] = {
	{ "longer-prefixes", "Show route matching the specified Network/Mask pair only",
	    .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd route_mask[] = {
	{ "longer-prefixes", "Show route matching the specified Network/Mask pair only",
	    .slot = SLOT_FLAG },
	{ VALUE(mask, "Network mask"), .slot = SLOT_MASK, .end = true, .sub = route_longer },
	CMD_END
};

static const struct cmd route_options[] = {
	{ "bgp", "Border Gateway Protocol (BGP)", .run = show_run_ip_route_bgp },
	{ "connected", "Connected routes", .run = show_run_ip_route_connected },
	{ "eigrp", "Enhanced Interior Gateway Routing Protocol (EIGRP)",
	    .run = show_run_ip_route_eigrp },
	{ "nhrp", "Next Hop Resolution Protocol", .run = show_run_ip_route_nhrp },
	{ "ospf", "Open Shortest Path First (OSPF)", .run = show_run_ip_route_ospf },
	{ "rip", "Routing Information Protocol (RIP)", .run = show_run_ip_route_rip },
	{ "static", "Static routes", .run = show_run_ip_route_static },
	REFUSED("next-hop-override", "shortcuts are routes of their own: `show ip route nhrp`"),
	REFUSED("summary", "`show ip route | count ^[A-Z]` counts them"),
	REFUSED("vrf", WHY_VRF),
	{ VALUE(addr, "Network to display information about"), .slot = SLOT_ADDR, .end = true,
	    .sub = route_mask },
	CMD_END
};

static const struct cmd arp_options[] = {
	{ VALUE(addr, "ARP entry with this IP address"), .slot = SLOT_ADDR },
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd show_ip[] = {
	{ "access-lists", "List IP access lists", .sub = show_acl, .end = true,
	    .run = show_run_access_lists },
	{ "arp", "IP ARP table", .sub = arp_options, .end = true, .run = show_run_arp },
	{ "interface", "IP interface status and configuration", .sub = ip_interface, .end = true,
	    .run = show_run_ip_interface },
	{ "nhrp", "NHRP information", .sub = show_nhrp, .end = true, .run = show_run_ip_nhrp },
	{ "route", "IP routing table", .sub = route_options, .end = true, .run = show_run_ip_route },
	ELSEWHERE_SHOW_IP,
	CMD_END
};

static const struct cmd ipv6_interface[] = {
	{ "brief", "Brief summary of IPv6 status and configuration", .run = show_run_ipv6_interface_brief },
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd show_ipv6[] = {
	{ "interface", "IPv6 interface status and configuration", .sub = ipv6_interface, .end = true,
	    .run = show_run_ipv6_interface },
	{ "route", "Show IPv6 route table entries", .run = show_run_ipv6_route },
	ELSEWHERE_SHOW_IPV6,
	CMD_END
};

static const struct cmd eem_history[] = {
	{ "events", "Events that made policies run", .run = show_run_event_manager_history },
	CMD_END
};
static const struct cmd eem_policy[] = {
	REFUSED("active", "`show event manager history events` tells what runs"),
	REFUSED("available", WHY_APPLETS),
	REFUSED("pending", "`show event manager history events` tells what ran"),
	{ "registered", "Registered policies", .run = show_run_event_manager_policies },
	CMD_END
};
static const struct cmd eem_statistics[] = {
	{ "policy", "Statistics of policies", .run = show_run_event_manager_statistics },
	REFUSED("server", "`show event manager statistics policy`"),
	CMD_END
};
static const struct cmd eem_variable[] = {
	{ "all", "All environment variables", .run = show_run_event_manager_environment },
	{ VALUE(word, "Name of the environment variable"), .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd event_manager[] = {
	REFUSED("detector", "`event ?` in an applet lists what may set it off"),
	REFUSED("directory", WHY_APPLETS),
	{ "environment", "Event Manager environment variables", .sub = eem_variable, .end = true,
	    .run = show_run_event_manager_environment },
	{ "history", "Event Manager history", .sub = eem_history },
	REFUSED("metric", "`show processes` tells which daemons were restarted"),
	{ "policy", "Event Manager policies", .sub = eem_policy },
	REFUSED("scheduler", "each applet runs in a process of its own, at once"),
	REFUSED("session", "an applet's commands run as its own user EXEC"),
	{ "statistics", "Event Manager statistics", .sub = eem_statistics },
	REFUSED("version", "`show version`"),
	CMD_END
};
static const struct cmd show_event[] = {
	{ "manager", "Event Manager", .sub = event_manager },
	CMD_END
};

static const struct cmd clock_options[] = {
	REFUSED("detail", "the host knows where its time is from: timedatectl"),
	CMD_END
};

static const struct cmd logging_options[] = {
	REFUSED("count", "`show logging | count WORD` counts lines"),
	REFUSED("history", "`show logging` has all lines that are kept"),
	REFUSED("last", "`show logging | begin WORD` begins where WORD is met"),
	CMD_END
};

static const struct cmd processes_of[] = {
	REFUSED("cpu", WHY_TOP),
	REFUSED("memory", WHY_TOP),
	CMD_END
};

static const struct cmd tech_support[] = {
	{ "ipsec", "Show IPSEC related information", .run = show_run_tech_support_ipsec },
	CMD_END
};

const struct cmd shell_show_rows[] = {
	{ "access-lists", "List access lists", .sub = show_acl, .end = true, .run = show_run_access_lists },
	{ "arp", "ARP table", .sub = arp_options, .end = true, .run = show_run_arp },
	{ "clock", "Display the system clock", .sub = clock_options, .end = true,
	    .run = show_run_clock },
	{ "configuration", "Contents of Non-Volatile memory", .run = show_run_startup_config,
	    .when = shell_is_privileged, .hidden = true },
	{ "crypto", "Encryption module", .sub = shell_show_crypto },
	EXEC_ROW_SHOW_DEBUGGING,
	{ "dmvpn", "Display DMVPN (Dynamic Multipoint VPN) state", .sub = show_dmvpn_options,
	    .end = true, .run = show_run_dmvpn },
	{ "drops", "Packets that were dropped, by reason", .run = show_run_drops },
	{ "event", "Embedded event related commands", .sub = show_event, .when = shell_is_privileged },
	{ "flash:", "Display information about flash: file system", .run = shell_show_flash_run,
	    .when = shell_is_privileged },
	{ "history", "Display the session command history", .run = history_run },
	{ "interfaces", "Interface status and configuration", .sub = interface_or_description,
	    .end = true,
	    .run = show_run_interfaces },
	{ "ip", "IP information", .sub = show_ip },
	{ "ipv6", "IPv6 information", .sub = show_ipv6 },
	{ "logging", "Show the contents of logging buffers", .sub = logging_options, .end = true,
	    .run = show_run_logging },
	{ "privilege", "Show current privilege level", .run = privilege_run },
	{ "platform", "Platform information", .sub = shell_show_platform },
	{ "processes", "Daemons of this router", .sub = processes_of, .end = true,
	    .run = show_run_processes },
	EXEC_ROW_SHOW_RELOAD,
	{ "running-config", "Current operating configuration", .sub = running_interface,
	    .end = true, .run = show_run_running_config, .when = shell_is_privileged },
	{ "startup-config", "Contents of startup configuration", .sub = startup_errors,
	    .end = true, .run = show_run_startup_config, .when = shell_is_privileged },
	{ "tech-support", "Show system information for Tech-Support", .sub = tech_support,
	    .end = true, .run = show_run_tech_support, .when = shell_is_privileged },
	{ "terminal", "Display terminal configuration parameters", .run = show_terminal_run },
	{ "users", "Display information about terminal lines", .run = show_run_users },
	ELSEWHERE_SHOW,
	{ "version", "System hardware and software status", .run = show_run_version },
	CMD_END
};
