/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EXEC tables as the shell has them: what it does itself, and control's rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exec_rows.h"
#include "cli/shell.h"

static struct shell *
shell_of(struct cmd_call *c)
{
	return c->obj;
}

static bool
is_privileged(const void *obj)
{
	return ((const struct shell *)obj)->privileged;
}

/* --- show --- */

static bool
show(struct cmd_call *c, show_renderer *renderer)
{
	struct shell *sh = shell_of(c);
	const struct cmd_value *iface = cmd_value(c, SLOT_IFACE), *addr = cmd_value(c, SLOT_ADDR);
	const struct cmd_value *tag = cmd_value(c, SLOT_KEY);
	const struct cmd_value *local = cmd_value(c, SLOT_NEXT), *name = cmd_value(c, SLOT_NAME);

	sh->show = renderer;
	if (iface != NULL)
		iface_name(&iface->iface, sh->show_args.name);
	if (addr != NULL)
		sh->show_args.addr = addr->addr;
	if (tag != NULL)
		snprintf(sh->show_args.tag, sizeof(sh->show_args.tag), "%s", tag->text);
	if (local != NULL)
		sh->show_args.local = local->addr;
	if (name != NULL)
		snprintf(sh->show_args.name, sizeof(sh->show_args.name), "%s", name->text);
	return true;
}

#define X(name)									\
	static bool run_##name(struct cmd_call *c)				\
	{									\
		return show(c, show_##name);					\
	}
SHOW_RENDERERS(X)
#undef X

/* --- show, of what the shell itself knows --- */

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

/* --- show, the rows --- */

static bool
run_running_interface(struct cmd_call *c)
{
	shell_of(c)->show_one_interface = true;
	return show(c, show_running_config);
}

static const struct cmd an_interface[] = {
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd a_peer[] = {
	{ VALUE(addr_any, "Address"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd running_interface[] = {
	{ "interface", "Show interface configuration", .sub = an_interface,
	    .run = run_running_interface },
	CMD_END
};

static const struct cmd startup_errors[] = {
	{ "errors", "Lines that were refused at boot", .run = run_startup_config_errors },
	CMD_END
};

#define DETAIL(name) { "detail", "Show detail", .run = run_##name }

static const struct cmd interface_or_description[] = {
	{ "description", "Show interface description", .run = run_interfaces_description },
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd isakmp_sa[] = {
	{ "count", "Show number of SAs", .run = run_crypto_isakmp_sa_count },
	DETAIL(crypto_isakmp_sa_detail),
	CMD_END
};

static const struct cmd isakmp_default[] = {
	{ "policy", "Show default ISAKMP policies", .run = run_crypto_isakmp_default_policy },
	CMD_END
};

static const struct cmd show_isakmp[] = {
	{ "default", "Show ISAKMP defaults", .sub = isakmp_default },
	{ "invalid-spi", "Packets with an SPI that is not ours, and what was done",
	    .sub = a_peer, .end = true, .run = run_crypto_isakmp_invalid_spi },
	{ "key", "Show ISAKMP preshared keys", .run = run_crypto_isakmp_key, .when = is_privileged },
	{ "peers", "Show ISAKMP peer structures", .sub = a_peer, .end = true,
	    .run = run_crypto_isakmp_peers },
	{ "policy", "Show ISAKMP protection suite policy", .run = run_crypto_isakmp_policy },
	{ "profile", "Show ISAKMP profiles", .run = run_crypto_isakmp_profile },
	{ "sa", "Show ISAKMP Security Associations", .sub = isakmp_sa, .end = true,
	    .run = run_crypto_isakmp_sa },
	CMD_END
};

static const struct cmd a_name[] = {
	{ VALUE(word, "Name"), .slot = SLOT_NAME },
	CMD_END
};

#define DETAILED(name) { "detailed", "Detailed information", .run = run_##name }
static const struct cmd ikev2_sa_detailed[] = { DETAILED(crypto_ikev2_sa_detail), CMD_END };
static const struct cmd ikev2_session_detailed[] = {
	DETAILED(crypto_ikev2_session_detail),
	CMD_END
};
static const struct cmd ikev2_sa[] = {
	DETAILED(crypto_ikev2_sa_detail),
	{ "local", "SAs with this local address", ARG(addr, "Local address"), .slot = SLOT_NEXT,
	    .end = true, .sub = ikev2_sa_detailed },
	{ "remote", "SAs with this remote address", ARG(addr, "Remote address"),
	    .slot = SLOT_ADDR, .end = true, .sub = ikev2_sa_detailed },
	CMD_END
};
static const struct cmd ikev2_diagnose[] = {
	{ "error", "Errors that were met", .run = run_crypto_ikev2_diagnose_error },
	CMD_END
};
static const struct cmd show_ikev2[] = {
	{ "count", "Shows number of ikev2 SAs", .run = run_crypto_ikev2_count },
	{ "diagnose", "Shows ikev2 diagnostic", .sub = ikev2_diagnose },
	{ "policy", "Show policies", .sub = a_name, .end = true, .run = run_crypto_ikev2_policy },
	{ "profile", "Shows ikev2 profiles", .sub = a_name, .end = true,
	    .run = run_crypto_ikev2_profile },
	{ "proposal", "Show proposals", .sub = a_name, .end = true,
	    .run = run_crypto_ikev2_proposal },
	{ "sa", "Shows ikev2 SAs", .sub = ikev2_sa, .end = true, .run = run_crypto_ikev2_sa },
	{ "session", "Shows ikev2 active session", .sub = ikev2_session_detailed, .end = true,
	    .run = run_crypto_ikev2_session },
	{ "stats", "Shows ikev2 sa stats", .run = run_crypto_ikev2_stats },
	CMD_END
};

static const struct cmd ipsec_sa_detail[] = { DETAIL(crypto_ipsec_sa_detail), CMD_END };
static const struct cmd ipsec_sa[] = {
	{ "count", "Show number of SAs", .run = run_crypto_ipsec_sa_count },
	DETAIL(crypto_ipsec_sa_detail),
	{ "interface", "Show security associations of an interface", ARG(iface, ""),
	    .slot = SLOT_IFACE, .end = true, .sub = ipsec_sa_detail },
	{ "map", "Show SAs of a crypto map", ARG(word, "Crypto map name"), .slot = SLOT_KEY,
	    .end = true, .sub = ipsec_sa_detail },
	{ "peer", "Show SAs for a given crypto peer", ARG(addr_any, "ip address of peer"),
	    .slot = SLOT_ADDR, .end = true, .sub = ipsec_sa_detail },
	CMD_END
};
static const struct cmd a_tag[] = {
	{ VALUE(word, "Name"), .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd tagged[] = {
	{ "tag", "Only the one of this name", .sub = a_tag },
	CMD_END
};
static const struct cmd show_ipsec[] = {
	{ "profile", "Show ipsec profile information", .sub = tagged, .end = true,
	    .run = run_crypto_ipsec_profile },
	{ "sa", "IPSEC SA table", .sub = ipsec_sa, .end = true, .run = run_crypto_ipsec_sa },
	{ "transform-set", "Crypto transform sets", .sub = tagged, .end = true,
	    .run = run_crypto_ipsec_transform_set },
	CMD_END
};

static const struct cmd session_remote_detail[] = { DETAIL(crypto_session_detail), CMD_END };
static const struct cmd show_session[] = {
	{ "brief", "Show session in brief", .run = run_crypto_session_brief },
	DETAIL(crypto_session_detail),
	{ "remote", "Show session by remote IP address", ARG(addr_any, "Remote address"),
	    .slot = SLOT_ADDR, .end = true, .sub = session_remote_detail },
	CMD_END
};

static const struct cmd show_map[] = {
	{ "interface", "Crypto maps for an interface", ARG(iface, ""), .slot = SLOT_IFACE },
	{ "tag", "Crypto maps with a given tag", ARG(word, "Crypto map tag"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd show_dynamic_map[] = {
	{ "tag", "Crypto map templates with a given tag", ARG(word, "Crypto map template tag"),
	    .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd show_acl[] = {
	{ VALUE(word, "Access list number or name"), .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd a_trustpoint[] = {
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd pki_certificates[] = {
	{ "verbose", "Show extensions and fingerprints", .sub = a_trustpoint, .end = true,
	    .run = run_crypto_pki_certificates_verbose },
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd pki_status[] = {
	{ "status", "Show trustpoint status", .run = run_crypto_pki_trustpoints_status },
	CMD_END
};

static const struct cmd pki_trustpoints[] = {
	{ "status", "Show trustpoint status", .run = run_crypto_pki_trustpoints_status },
	{ VALUE(word, "Trustpoint Name"), .slot = SLOT_NAME, .end = true, .sub = pki_status },
	CMD_END
};

static const struct cmd show_pki[] = {
	{ "certificates", "Show certificates", .sub = pki_certificates, .end = true,
	    .run = run_crypto_pki_certificates },
	{ "crls", "Show Certificate Revocation Lists", .run = run_crypto_pki_crls },
	{ "trustpoints", "Show trustpoints", .sub = pki_trustpoints, .end = true,
	    .run = run_crypto_pki_trustpoints },
	CMD_END
};

static const struct cmd key_kinds[] = {
	{ "all", "Show all public keys", .run = run_crypto_key_mypubkey },
	{ "ec", "Show EC public keys", .run = run_crypto_key_mypubkey_ec },
	{ "rsa", "Show RSA public keys", .run = run_crypto_key_mypubkey_rsa },
	CMD_END
};

static const struct cmd show_key[] = {
	{ "mypubkey", "Show public keys associated with this router", .sub = key_kinds },
	CMD_END
};

static const struct cmd show_admission[] = {
	{ "statistics", "Show call admission control statistics", .run = run_crypto_call_admission },
	CMD_END
};

static const struct cmd show_call[] = {
	{ "admission", "Show crypto call admission control", .sub = show_admission },
	CMD_END
};

static const struct cmd show_eli[] = {
	{ "all", "Show all crypto engines", .run = run_crypto_eli_all },
	CMD_END
};

static const struct cmd engine_accelerator[] = {
	{ "statistic", "Show the forwarder's batches", .run = run_crypto_engine_statistic },
	CMD_END
};

static const struct cmd engine_connections[] = {
	{ "active", "Show all crypto connections", .run = run_crypto_engine_connections },
	CMD_END
};

static const struct cmd show_engine[] = {
	{ "accelerator", "Show crypto accelerator info", .sub = engine_accelerator },
	{ "brief", "Show all crypto engines in the system", .run = run_crypto_engine_brief },
	{ "connections", "Show connection information", .sub = engine_connections },
	CMD_END
};

static const struct cmd show_crypto[] = {
	{ "call", "Show crypto call admission info", .sub = show_call },
	EXEC_ROW_SHOW_DEBUG_CONDITION,
	{ "eli", "Encryption Layer Interface", .sub = show_eli, .end = true, .run = run_crypto_eli },
	{ "dynamic-map", "Crypto map templates", .sub = show_dynamic_map, .end = true,
	    .run = run_crypto_dynamic_map },
	{ "engine", "Show crypto engine info", .sub = show_engine, .end = true,
	    .run = run_crypto_engine_brief },
	{ "map", "Crypto maps", .sub = show_map, .end = true, .run = run_crypto_map },
	{ "ikev2", "Shows ikev2 info", .sub = show_ikev2 },
	{ "key", "Show long term public keys", .sub = show_key },
	{ "pki", "Show PKI", .sub = show_pki },
	{ "ipsec", "Show IPSEC policy", .sub = show_ipsec },
	{ "isakmp", "Show ISAKMP", .sub = show_isakmp },
	{ "session", "Show crypto sessions (active, standby)", .sub = show_session, .end = true,
	    .run = run_crypto_session },
	CMD_END
};

static const struct cmd dmvpn_detail[] = { DETAIL(dmvpn_detail), CMD_END };
static const struct cmd show_dmvpn_options[] = {
	DETAIL(dmvpn_detail),
	{ "interface", "DMVPN information of a tunnel", ARG(tunnel_if, ""), .slot = SLOT_IFACE,
	    .end = true, .sub = dmvpn_detail },
	CMD_END
};

static const struct cmd brief[] = {
	{ "brief", "Brief summary of IP status and configuration", .run = run_ip_interface_brief },
	CMD_END
};

static const struct cmd nhs_detail[] = { DETAIL(ip_nhrp_nhs_detail), CMD_END };
static const struct cmd show_nhrp[] = {
	{ "brief", "Short output", .run = run_ip_nhrp_brief },
	DETAIL(ip_nhrp_detail),
	{ "nhs", "Next Hop Server", .sub = nhs_detail, .end = true, .run = run_ip_nhrp_nhs },
	{ "traffic", "NHRP traffic statistics", .run = run_ip_nhrp_traffic },
	{ VALUE(tunnel_if, ""), .slot = SLOT_IFACE },
	{ VALUE(addr, "Destination IP address"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd route_options[] = {
	{ "connected", "Connected routes", .run = run_ip_route_connected },
	{ "nhrp", "Next Hop Resolution Protocol", .run = run_ip_route_nhrp },
	{ "static", "Static routes", .run = run_ip_route_static },
	{ VALUE(addr, "Network to display information about"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd show_ip[] = {
	{ "access-lists", "List IP access lists", .sub = show_acl, .end = true,
	    .run = run_access_lists },
	{ "interface", "IP interface status and configuration", .sub = brief },
	{ "nhrp", "NHRP information", .sub = show_nhrp, .end = true, .run = run_ip_nhrp },
	{ "route", "IP routing table", .sub = route_options, .end = true, .run = run_ip_route },
	CMD_END
};

static const struct cmd ipv6_interface[] = {
	{ "brief", "Brief summary of IPv6 status and configuration", .run = run_ipv6_interface_brief },
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd show_ipv6[] = {
	{ "interface", "IPv6 interface status and configuration", .sub = ipv6_interface, .end = true,
	    .run = run_ipv6_interface },
	{ "route", "Show IPv6 route table entries", .run = run_ipv6_route },
	CMD_END
};

/* --- show platform hardware qfp active --- */

static bool
run_drops_clear(struct cmd_call *c)
{
	shell_of(c)->then = "clear drops";
	return show(c, show_drops);
}

static bool
run_ipsec_drops_clear(struct cmd_call *c)
{
	shell_of(c)->then = "clear drops";
	return show(c, show_ipsec_drops);
}

static const struct cmd drop_options[] = {
	{ "all", "Show all drops, also those that did not happen", .run = run_drops_all },
	{ "clear", "Show and clear the drop counters", .run = run_drops_clear,
	    .when = is_privileged },
	CMD_END
};

static const struct cmd qfp_statistics[] = {
	{ "drop", "Drop statistics", .sub = drop_options, .end = true, .run = run_drops },
	CMD_END
};

static const struct cmd ipsec_drop_options[] = {
	{ "all", "Show all drops, also those that did not happen", .run = run_ipsec_drops_all },
	{ "clear", "Show and clear the drop counters", .run = run_ipsec_drops_clear,
	    .when = is_privileged },
	CMD_END
};

static const struct cmd qfp_datapath[] = {
	{ "drops", "IPsec drop counters", .sub = ipsec_drop_options, .end = true,
	    .run = run_ipsec_drops },
	CMD_END
};

static const struct cmd qfp_ipsec[] = {
	{ "datapath", "IPsec datapath", .sub = qfp_datapath },
	CMD_END
};

static const struct cmd qfp_feature[] = {
	{ "ipsec", "IPsec", .sub = qfp_ipsec },
	CMD_END
};

static const struct cmd qfp_active[] = {
	{ "feature", "Features of the forwarder", .sub = qfp_feature },
	{ "statistics", "Statistics of the forwarder", .sub = qfp_statistics },
	CMD_END
};

static const struct cmd platform_qfp[] = {
	{ "active", "The active forwarder", .sub = qfp_active },
	CMD_END
};

static const struct cmd platform_hardware[] = {
	{ "qfp", "The packet forwarder", .sub = platform_qfp },
	CMD_END
};

static const struct cmd software_ipsec[] = {
	{ "flow", "SAs, by what does their work", .run = run_ipsec_flows },
	{ "statistics", "The forwarder's batches", .run = run_crypto_engine_statistic },
	CMD_END
};

static const struct cmd platform_software[] = {
	{ "ipsec", "IPsec", .sub = software_ipsec },
	CMD_END
};

static const struct cmd show_platform[] = {
	{ "hardware", "Hardware", .sub = platform_hardware },
	{ "software", "Software", .sub = platform_software },
	CMD_END
};

static const struct cmd eem_history[] = {
	{ "events", "Events that made policies run", .run = run_event_manager_history },
	CMD_END
};
static const struct cmd eem_policy[] = {
	{ "registered", "Registered policies", .run = run_event_manager_policies },
	CMD_END
};
static const struct cmd event_manager[] = {
	{ "history", "Event Manager history", .sub = eem_history },
	{ "policy", "Event Manager policies", .sub = eem_policy },
	CMD_END
};
static const struct cmd show_event[] = {
	{ "manager", "Event Manager", .sub = event_manager },
	CMD_END
};

static const struct cmd show_rows[] = {
	{ "access-lists", "List access lists", .sub = show_acl, .end = true, .run = run_access_lists },
	{ "clock", "Display the system clock", .run = run_clock },
	{ "crypto", "Encryption module", .sub = show_crypto },
	EXEC_ROW_SHOW_DEBUGGING,
	{ "dmvpn", "Display DMVPN (Dynamic Multipoint VPN) state", .sub = show_dmvpn_options,
	    .end = true, .run = run_dmvpn },
	{ "drops", "Packets that were dropped, by reason", .run = run_drops },
	{ "event", "Embedded event related commands", .sub = show_event, .when = is_privileged },
	{ "history", "Display the session command history", .run = history_run },
	{ "interfaces", "Interface status and configuration", .sub = interface_or_description,
	    .end = true,
	    .run = run_interfaces },
	{ "ip", "IP information", .sub = show_ip },
	{ "ipv6", "IPv6 information", .sub = show_ipv6 },
	{ "logging", "Show the contents of logging buffers", .run = run_logging },
	{ "privilege", "Show current privilege level", .run = privilege_run },
	{ "platform", "Platform information", .sub = show_platform },
	{ "processes", "Daemons of this router", .run = run_processes },
	{ "running-config", "Current operating configuration", .sub = running_interface,
	    .end = true, .run = run_running_config, .when = is_privileged },
	{ "startup-config", "Contents of startup configuration", .sub = startup_errors,
	    .end = true, .run = run_startup_config, .when = is_privileged },
	{ "terminal", "Display terminal configuration parameters", .run = show_terminal_run },
	{ "version", "System hardware and software status", .run = run_version },
	CMD_END
};

/* --- the shell's own --- */

static bool
enable_run(struct cmd_call *c)
{
	struct shell *sh = shell_of(c);

	sh->local = true;
	if (!sh->privileged && !shell_log_in(sh, LOGIN_ENABLE))
		return cmd_refuse(c, "%% Bad secrets\n");
	sh->privileged = true;
	return true;
}

static bool
disable_run(struct cmd_call *c)
{
	shell_of(c)->privileged = false;
	shell_of(c)->local = true;
	return true;
}

static bool
exit_run(struct cmd_call *c)
{
	shell_of(c)->quit = true;
	shell_of(c)->local = true;
	return true;
}

static bool
configure_run(struct cmd_call *c)
{
	shell_of(c)->start_config = true;
	shell_of(c)->local = true;
	return true;
}

static bool
length_run(struct cmd_call *c)
{
	shell_of(c)->length = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER)->number : 24;
	shell_of(c)->local = true;
	return true;
}

static bool
width_run(struct cmd_call *c)
{
	shell_of(c)->width = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER)->number : 80;
	shell_of(c)->local = true;
	return true;
}

static bool
monitor_run(struct cmd_call *c)
{
	struct shell *sh = shell_of(c);

	sh->local = true;
	sh->lost = !session_terminal_monitor(&sh->session,
	    c->verb == CMD_SET && cmd_value(c, SLOT_FLAG) == NULL);
	return true;
}

static const struct cmd configure[] = {
	{ "terminal", "Configure from the terminal", .run = configure_run },
	CMD_END
};

static const struct cmd no_monitor[] = {
	{ "monitor", "Copy debug output to the current terminal line", .slot = SLOT_FLAG,
	    .run = monitor_run },
	CMD_END
};

static const struct cmd terminal[] = {
	{ "length", "Set number of lines on a screen",
	    ARG_NUM(0, 512, "Number of lines on screen (0 for no pausing)"), .slot = SLOT_NUMBER,
	    .no_end = true, .run = length_run },
	{ "monitor", "Copy debug output to the current terminal line", .run = monitor_run },
	{ "no", "Negate a command or set its defaults", .sub = no_monitor },
	{ "width", "Set width of the display terminal",
	    ARG_NUM(0, 512, "Number of characters on a screen line"), .slot = SLOT_NUMBER,
	    .no_end = true, .run = width_run },
	CMD_END
};

static const struct cmd write_to[] = {
	EXEC_ROW_WRITE_ERASE,
	EXEC_ROW_WRITE_MEMORY,
	{ "terminal", "Write to terminal", .run = run_running_config },
	CMD_END
};

#define SHELL_ROWS								\
	{ "disable", "Turn off privileged commands", .verbs = CMD_SET, .run = disable_run },	\
	{ "enable", "Turn on privileged commands", .verbs = CMD_SET, .run = enable_run },	\
	{ "exit", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run },		\
	{ "logout", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run },		\
	{ "quit", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run, .hidden = true },	\
	{ "show", "Show running system information", .verbs = CMD_SET, .sub = show_rows },	\
	{ "terminal", "Set terminal line parameters", .sub = terminal }

const struct cmd shell_rows_user[] = {
	SHELL_ROWS,
	EXEC_ROW_PING,
	CMD_END
};

const struct cmd shell_rows[] = {
	SHELL_ROWS,
	EXEC_ROWS,
	EXEC_ROW_WRITE(write_to),
	{ "configure", "Enter configuration mode", .verbs = CMD_SET, .sub = configure, .end = true,
	    .run = configure_run },
	CMD_END
};
