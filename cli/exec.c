/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exec.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/exec_elsewhere.h"
#include "cli/exec_rows.h"
#include "flash.h"
#include "log.h"

static struct exec_command *
set(struct cmd_call *c, enum exec_id id)
{
	struct exec_command *e = c->obj;
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *n = cmd_value(c, SLOT_NUMBER);
	const struct cmd_value *local = cmd_value(c, SLOT_NEXT);

	e->id = id;
	e->no = c->verb != CMD_SET;
	if (addr != NULL)
		e->addr = addr->addr;
	if (local != NULL)
		e->local = local->addr;
	if (n != NULL)
		e->number = n->number;
	return e;
}

/* --- write, copy, reload --- */

bool
exec_run_write(struct cmd_call *c)
{
	set(c, EXEC_WRITE_MEMORY);
	return true;
}

bool
exec_run_erase(struct cmd_call *c)
{
	set(c, EXEC_ERASE_STARTUP);
	return true;
}

bool
exec_run_show_debugging(struct cmd_call *c)
{
	set(c, EXEC_SHOW_DEBUGGING);
	return true;
}

bool
exec_run_show_debug_condition(struct cmd_call *c)
{
	set(c, EXEC_SHOW_DEBUG_CONDITION);
	return true;
}

static bool
copy_run(struct cmd_call *c)
{
	set(c, EXEC_WRITE_MEMORY)->asks_name = true;
	return true;
}

/* A file is named with its place, so that a misspelled startup-config does not become one. */
static bool
copy_file_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct exec_command *e = c->obj;

	if (!flash_is_place(name))
		return cmd_refuse(c, "%% A configuration is copied to startup-config or flash:NAME, "
		    "and from there by the host's scp");
	if ((size_t)snprintf(e->name, sizeof(e->name), "%s%s", name,
	    flash_name(name)[0] == '\0' ? "running-config" : "") >= sizeof(e->name))
		return cmd_refuse(c, "%% The file's name is too long");
	set(c, EXEC_COPY_TO_FILE)->asks_name = true;
	return true;
}

static const struct cmd copy_to[] = {
	{ "startup-config", "Copy to startup configuration", .run = copy_run },
	{ VALUE(word, "File: flash:NAME"), .slot = SLOT_NAME, .run = copy_file_run },
	CMD_END
};

static bool
copy_from_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%% Only the running-config is copied to other places; the host's cp "
	    "has the rest");
}

static bool
merge_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);
	struct exec_command *e = c->obj;

	if (name != NULL && (!flash_is_place(name->text) || flash_name(name->text)[0] == '\0'))
		return cmd_refuse(c, "%% A configuration comes from flash:NAME; the host's scp brings it there");
	if (name != NULL && strlen(name->text) >= sizeof(e->name))
		return cmd_refuse(c, "%% The file's name is too long");
	set(c, EXEC_MERGE)->asks_name = true;
	if (name != NULL)
		snprintf(e->name, sizeof(e->name), "%s", name->text);
	return true;
}

static const struct cmd to_running[] = {
	{ "running-config", "Update (merge with) current system configuration", .run = merge_run },
	{ VALUE(line, ""), .run = copy_from_run, .hidden = true },
	CMD_END
};

const struct cmd exec_copy[] = {
	{ "running-config", "Copy from current system configuration", .sub = copy_to },
	{ "startup-config", "Copy from startup configuration", .sub = to_running },
	{ VALUE(word, "File: flash:NAME"), .slot = SLOT_NAME, .sub = to_running },
	CMD_END
};

const struct cmd exec_erase[] = {
	{ "nvram:", "Filesystem to be erased", .run = exec_run_erase },
	{ "startup-config", "Erase contents of configuration memory", .run = exec_run_erase },
	CMD_END
};

/* --- clear --- */

static bool
clear_run(struct cmd_call *c)
{
	set(c, (enum exec_id)c->row->give);
	return true;
}

#define CLEAR(word, text, id) word, text, .run = clear_run, .give = (id), .end = true

static bool
clear_acl_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);
	struct exec_command *e = set(c, EXEC_CLEAR_ACL_COUNTS);

	if (name != NULL)
		snprintf(e->name, sizeof(e->name), "%s", name->text);
	return true;
}

static const struct cmd clear_acl_name[] = {
	{ VALUE(word, "Access list number or name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd clear_acl[] = {
	{ "counters", "Clear access list counters", .sub = clear_acl_name, .end = true,
	    .run = clear_acl_run },
	CMD_END
};

static const struct cmd clear_isakmp[] = {
	{ VALUE_NUM(1, 32766, "Connection id of SA"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd clear_sa[] = {
	ELSEWHERE_CLEAR_CRYPTO_SA,
	{ "peer", "Clear all SAs for a given crypto peer", ARG(addr_any, "IP address"),
	    .slot = SLOT_ADDR },
	CMD_END
};

/* Two peers behind one NAT have one address. */
static bool
clear_session_run(struct cmd_call *c)
{
	const struct cmd_value *port = cmd_value(c, SLOT_BITS), *ours = cmd_value(c, SLOT_MORE);
	struct exec_command *e = set(c, EXEC_CLEAR_SESSION);

	if (port != NULL)
		e->port = (uint16_t)port->number;
	if (ours != NULL)
		e->local_port = (uint16_t)ours->number;
	return true;
}

#define SESSION_VRFS REFUSED("fvrf", WHY_VRF), REFUSED("ivrf", WHY_VRF)

static const struct cmd session_remote_port[] = {
	{ "port", "Remote port", ARG_NUM(1, 65535, "Remote port"), .slot = SLOT_BITS },
	SESSION_VRFS,
	CMD_END
};

#define SESSION_REMOTE									\
	{ "remote", "Clear a session by remote IP address", ARG(addr_any, "Remote address"),	\
	    .slot = SLOT_ADDR, .end = true, .sub = session_remote_port }

static const struct cmd session_remote[] = { SESSION_REMOTE, SESSION_VRFS, CMD_END };

static const struct cmd session_local_port[] = {
	{ "port", "Local port", ARG_NUM(1, 65535, "Local port"), .slot = SLOT_MORE, .end = true,
	    .sub = session_remote },
	SESSION_REMOTE,
	SESSION_VRFS,
	CMD_END
};

static const struct cmd clear_session[] = {
	{ "local", "Clear a session by local IP address", ARG(addr_any, "Local address"),
	    .slot = SLOT_NEXT, .end = true, .sub = session_local_port },
	SESSION_REMOTE,
	SESSION_VRFS,
	CMD_END
};

static const struct cmd clear_ikev2_sa[] = {
	{ "local", "Clear SAs with this local address", ARG(addr, "Local address"),
	    .slot = SLOT_NEXT },
	{ "remote", "Clear SAs with this remote address", ARG(addr, "Remote address"),
	    .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd clear_ikev2[] = {
	{ CLEAR("sa", "Clear IKEv2 SAs", EXEC_CLEAR_IKEV2_SA), .sub = clear_ikev2_sa },
	ELSEWHERE_CLEAR_IKEV2,
	CMD_END
};

static const struct cmd clear_crypto[] = {
	{ "ikev2", "Clear IKEv2", .sub = clear_ikev2 },
	{ CLEAR("isakmp", "Flush the ISAKMP database", EXEC_CLEAR_ISAKMP), .sub = clear_isakmp },
	{ CLEAR("sa", "Clear all crypto SAs", EXEC_CLEAR_SA), .sub = clear_sa },
	ELSEWHERE_CLEAR_CRYPTO,
	{ "session", "Clear crypto sessions (active, standby)", .run = clear_session_run, .end = true,
	    .sub = clear_session },
	CMD_END
};

/* An address: what covers it.  A network: what lies within it. */
static bool
clear_nhrp_run(struct cmd_call *c)
{
	const struct cmd_value *mask = cmd_value(c, SLOT_MASK);
	struct exec_command *e;

	if (mask != NULL && mask_len(&mask->addr) < 0)
		return cmd_refuse(c, "%% Inconsistent address and mask");
	e = set(c, EXEC_CLEAR_NHRP);
	if (mask == NULL)
		return true;
	e->within = prefix_network(&(struct prefix){.addr = e->addr, .len = (uint8_t)mask_len(&mask->addr)});
	e->addr = (struct addr){0};
	return true;
}

static const struct cmd clear_nhrp_mask[] = {
	{ VALUE(mask, "Destination network mask"), .slot = SLOT_MASK },
	CMD_END
};

static const struct cmd clear_nhrp[] = {
	ELSEWHERE_CLEAR_NHRP,
	{ VALUE(addr, "Destination network to delete"), .slot = SLOT_ADDR, .end = true,
	    .sub = clear_nhrp_mask },
	CMD_END
};

static const struct cmd clear_ip[] = {
	{ "nhrp", "Clear NHRP cache", .run = clear_nhrp_run, .end = true, .sub = clear_nhrp },
	{ "access-list", "Clear access list statistical information", .sub = clear_acl },
	ELSEWHERE_CLEAR_IP,
	CMD_END
};

static bool
clear_dmvpn_run(struct cmd_call *c)
{
	const struct cmd_value *v = cmd_value(c, SLOT_IFACE);
	struct exec_command *e = set(c, EXEC_CLEAR_DMVPN);

	if (v != NULL)
		iface_name(&v->iface, e->name);
	return true;
}

static const struct cmd clear_dmvpn_peer[] = {
	{ "nbma", "NBMA address", ARG(addr, "IPv4 NBMA address"), .slot = SLOT_ADDR },
	REFUSED("tunnel", "`show dmvpn` tells its NBMA address, which `peer nbma` takes"),
	CMD_END
};

static const struct cmd clear_dmvpn_rest[] = {
	{ "peer", "Clear sessions with this peer", .sub = clear_dmvpn_peer },
	CMD_END
};

static const struct cmd clear_dmvpn_of[] = {
	{ "interface", "Clear sessions on this interface", ARG(iface, ""), .slot = SLOT_IFACE,
	    .end = true, .sub = clear_dmvpn_rest },
	{ "peer", "Clear sessions with this peer", .sub = clear_dmvpn_peer },
	REFUSED("static", "static entries stay; their sessions are cleared with the others"),
	CMD_END
};

static const struct cmd clear_dmvpn[] = {
	{ "session", "Clear DMVPN sessions: NHRP's dynamic entries and what protects them",
	    .run = clear_dmvpn_run, .end = true, .sub = clear_dmvpn_of },
	REFUSED("statistics", "`clear counters`"),
	CMD_END
};

static bool
counters_of_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%% Counters are cleared all together: `clear counters`");
}

static const struct cmd clear_counters_of[] = {
	{ VALUE(iface, ""), .run = counters_of_run, .hidden = true },
	CMD_END
};

const struct cmd exec_clear[] = {
	{ "access-list", "Clear access list statistical information", .sub = clear_acl },
	{ CLEAR("counters", "Clear counters on all interfaces", EXEC_CLEAR_COUNTERS),
	    .sub = clear_counters_of },
	{ "crypto", "Encryption subsystem", .sub = clear_crypto },
	{ "dmvpn", "Dynamic Multipoint VPN", .sub = clear_dmvpn },
	{ CLEAR("drops", "Clear the counters of dropped packets", EXEC_CLEAR_DROPS) },
	{ "ip", "IP", .sub = clear_ip },
	{ CLEAR("logging", "Clear logging buffer", EXEC_CLEAR_LOGGING) },
	ELSEWHERE_CLEAR,
	CMD_END
};

/* --- debug --- */

static bool
debug_run(struct cmd_call *c)
{
	struct exec_command *e = set(c, EXEC_DEBUG);

	e->debug_mask = 1ull << c->row->give;
	return true;
}

/* debug dmvpn DEPTH KIND: what several tables above have, together. */
static bool
debug_dmvpn_run(struct cmd_call *c)
{
	struct exec_command *e = set(c, EXEC_DEBUG);

	e->debug_mask = c->row->give;
	return true;
}

static bool
undebug_dmvpn_run(struct cmd_call *c)
{
	debug_dmvpn_run(c);
	((struct exec_command *)c->obj)->no = true;
	return true;
}

static bool
undebug_run(struct cmd_call *c)
{
	debug_run(c);
	((struct exec_command *)c->obj)->no = true;
	return true;
}

/* peer ipv4 A, unmatched ...; or reset, which has neither. */
static bool
condition_run(struct cmd_call *c)
{
	struct exec_command *e = set(c, EXEC_DEBUG_CONDITION);

	e->debug_mask = e->addr.family == ADDR_NONE && c->row->give != 0 ? c->row->give : 0;
	return true;
}

static bool
uncondition_run(struct cmd_call *c)
{
	condition_run(c);
	((struct exec_command *)c->obj)->no = true;
	return true;
}

static bool
debug_all_run(struct cmd_call *c)
{
	set(c, c->verb == CMD_SET ? EXEC_DEBUG_ALL : EXEC_UNDEBUG_ALL);
	return true;
}

static bool
undebug_all_run(struct cmd_call *c)
{
	set(c, EXEC_UNDEBUG_ALL)->no = true;
	return true;
}

/* The same tree for both words; only what its leaves do differs. */
#define OF_CRYPTO (1u << LOG_DEBUG_ISAKMP | 1u << LOG_DEBUG_IPSEC | 1u << LOG_DEBUG_IKEV2)
#define OF_NHRP (1u << LOG_DEBUG_NHRP | 1u << LOG_DEBUG_NHRP_PACKET | 1u << LOG_DEBUG_NHRP_CACHE)
#define OF_TUNNEL (1u << LOG_DEBUG_TUNNEL)

#define DEBUG_TREE(pre, leaf, condition_leaf)						\
	static const struct cmd pre##_dmvpn_kind[] = {					\
		{ "all", "NHRP, crypto and tunnel debugging", .run = pre##_dmvpn_run,	\
		    .give = OF_CRYPTO | OF_NHRP | OF_TUNNEL },				\
		{ "crypto", "Crypto debugging", .run = pre##_dmvpn_run, .give = OF_CRYPTO },	\
		{ "nhrp", "NHRP debugging", .run = pre##_dmvpn_run, .give = OF_NHRP },	\
		{ "tunnel", "Tunnel debugging", .run = pre##_dmvpn_run, .give = OF_TUNNEL },	\
		CMD_END									\
	};										\
	static const struct cmd pre##_dmvpn[] = {					\
		{ "all", "All of it", .sub = pre##_dmvpn_kind },			\
		REFUSED("condition", "`debug crypto condition peer` is for crypto"),	\
		REFUSED("detail", NO_FINER("debug dmvpn all")),				\
		REFUSED("error", NO_FINER("debug dmvpn all")),				\
		REFUSED("packet", NO_FINER("debug dmvpn all")),				\
		CMD_END									\
	};										\
	static const struct cmd pre##_isakmp_finer[] = {				\
		REFUSED("detail", NO_FINER("debug crypto isakmp")),			\
		REFUSED("error", NO_FINER("debug crypto isakmp")),			\
		CMD_END									\
	};										\
	static const struct cmd pre##_ipsec_finer[] = {					\
		REFUSED("error", NO_FINER("debug crypto ipsec")),			\
		CMD_END									\
	};										\
	static const struct cmd pre##_ikev2_finer[] = {					\
		REFUSED("client", "FlexVPN is not here"),				\
		REFUSED("error", NO_FINER("debug crypto ikev2")),			\
		REFUSED("internal", NO_FINER("debug crypto ikev2")),			\
		REFUSED("packet", NO_FINER("debug crypto ikev2")),			\
		CMD_END									\
	};										\
	static const struct cmd pre##_peer[] = {					\
		{ "ipv4", "Peer's IPv4 address", ARG(addr, "IPv4 address"), .slot = SLOT_ADDR,	\
		    .run = condition_leaf },						\
		{ "ipv6", "Peer's IPv6 address", ARG(addr6, "IPv6 address"), .slot = SLOT_ADDR,	\
		    .run = condition_leaf },						\
		CMD_END									\
	};										\
	static const struct cmd pre##_unmatched[] = {					\
		{ "ikev2", "IKEv2 lines about no peer", .run = condition_leaf,		\
		    .give = 1u << LOG_DEBUG_IKEV2 },					\
		{ "ipsec", "IPsec lines about no peer", .run = condition_leaf,		\
		    .give = 1u << LOG_DEBUG_IPSEC },					\
		{ "isakmp", "ISAKMP lines about no peer", .run = condition_leaf,	\
		    .give = 1u << LOG_DEBUG_ISAKMP },					\
		CMD_END									\
	};										\
	static const struct cmd pre##_condition[] = {					\
		{ "peer", "Lines about one peer only", .sub = pre##_peer },		\
		{ "reset", "Delete all debug filters", .run = condition_leaf },		\
		{ "unmatched", "Lines that are about no peer, too", .sub = pre##_unmatched },	\
		CMD_END									\
	};										\
	static const struct cmd pre##_engine[] = {					\
		{ "profile", "Cycles for each stage of a packet's way", .run = leaf,	\
		    .give = LOG_DEBUG_PROFILE },					\
		CMD_END									\
	};										\
	static const struct cmd pre##_crypto[] = {					\
		{ "condition", "Define debug condition filters", .sub = pre##_condition },	\
		{ "engine", "Crypto Engine Debug", .sub = pre##_engine, .end = true,	\
		    .run = leaf, .give = LOG_DEBUG_ENGINE },				\
		{ "ikev2", "IKEv2 debugging", .run = leaf, .give = LOG_DEBUG_IKEV2,	\
		    .sub = pre##_ikev2_finer, .end = true },				\
		{ "ipsec", "IPSEC processing", .run = leaf, .give = LOG_DEBUG_IPSEC,	\
		    .sub = pre##_ipsec_finer, .end = true },				\
		{ "isakmp", "ISAKMP Key Management", .run = leaf, .give = LOG_DEBUG_ISAKMP,	\
		    .sub = pre##_isakmp_finer, .end = true },				\
		REFUSED("pki", "enrolling and importing say what they do where they are typed"),	\
		REFUSED("error", NO_FINER("debug crypto isakmp")),			\
		REFUSED("kmi", NO_FINER("debug crypto ipsec")),				\
		REFUSED("routing", NO_FINER("debug crypto ipsec")),			\
		REFUSED("sockets", NO_FINER("debug tunnel")),				\
		CMD_END									\
	};										\
	static const struct cmd pre##_nhrp[] = {					\
		{ "cache", "NHRP cache operations", .run = leaf,			\
		    .give = LOG_DEBUG_NHRP_CACHE },					\
		REFUSED("condition", "`debug crypto condition peer` is for crypto"),	\
		REFUSED("detail", NO_FINER("debug nhrp")),				\
		REFUSED("error", NO_FINER("debug nhrp")),				\
		REFUSED("event", NO_FINER("debug nhrp")),				\
		REFUSED("extension", NO_FINER("debug nhrp packet")),			\
		REFUSED("group", NO_FINER("debug nhrp")),				\
		REFUSED("rate", NO_FINER("debug nhrp packet")),				\
		REFUSED("routing", NO_FINER("debug nhrp cache")),			\
		{ "packet", "NHRP activity", .run = leaf, .give = LOG_DEBUG_NHRP_PACKET },	\
		CMD_END									\
	}

#define DEBUG_ROOT(pre, leaf)								\
	{ "crypto", "Cryptographic subsystem", .sub = pre##_crypto },			\
	{ "dmvpn", "DMVPN debugging", .sub = pre##_dmvpn },				\
	{ "nhrp", "NHRP protocol", .sub = pre##_nhrp, .end = true, .run = leaf,		\
	    .give = LOG_DEBUG_NHRP },							\
	{ "tunnel", "Generic Tunnel Interface", .run = leaf, .give = LOG_DEBUG_TUNNEL }

DEBUG_TREE(debug, debug_run, condition_run);
DEBUG_TREE(undebug, undebug_run, uncondition_run);

const struct cmd exec_debug[] = {
	DEBUG_ROOT(debug, debug_run),
	{ "all", "Enable all debugging", .run = debug_all_run },
	ELSEWHERE_DEBUG,
	CMD_END
};

const struct cmd exec_undebug[] = {
	DEBUG_ROOT(undebug, undebug_run),
	{ "all", "Disable all debugging", .run = undebug_all_run },
	CMD_END
};

/* --- event manager run --- */

static bool
eem_run(struct cmd_call *c)
{
	struct exec_command *e = set(c, EXEC_EEM_RUN);
	const struct cmd_value *arguments = cmd_value(c, SLOT_MORE);

	snprintf(e->name, sizeof(e->name), "%s", cmd_value(c, SLOT_NAME)->text);
	if (arguments != NULL)
		snprintf(e->text, sizeof(e->text), "%s", arguments->text);
	return true;
}

static const struct cmd eem_arguments[] = {
	{ VALUE(line, "Arguments, as $_none_arg"), .slot = SLOT_MORE },
	CMD_END
};

static const struct cmd eem_manager[] = {
	{ "run", "Run a policy of `event none`", ARG(word, "Name of the applet"), .slot = SLOT_NAME,
	    .end = true, .sub = eem_arguments, .run = eem_run },
	CMD_END
};

const struct cmd exec_event[] = {
	{ "manager", "Event Manager commands", .sub = eem_manager },
	CMD_END
};

/* --- ping --- */

bool
exec_run_ping(struct cmd_call *c)
{
	struct exec_command *e = set(c, EXEC_PING);
	unsigned int i;

	e->number = 0;
	e->probe.count = 5;
	e->probe.size_bytes = 100;
	e->probe.timeout_s = 2;
	for (i = 0; i < c->n_values; i++) {
		const struct cmd_value *v = &c->values[i];

		if (v->slot == SLOT_NUMBER)
			e->probe.count = v->number;
		else if (v->slot == SLOT_BITS)
			e->probe.size_bytes = v->number;
		else if (v->slot == SLOT_MORE)
			e->probe.timeout_s = v->number;
		else if (v->slot == SLOT_FLAG)
			e->probe.df = true;
		else if (v->slot == SLOT_NEXT)
			e->probe.source = v->addr;
		else if (v->slot == SLOT_IFACE)
			iface_name(&v->iface, e->probe.source_if);
	}
	return true;
}

#define NO_SUCH_ECHO "an echo has df-bit, repeat, size, source and timeout; the host's ping has more"

static const struct cmd ping_options[11], ping6_options[5];

static const struct cmd ping_source[] = {
	{ VALUE(addr, "Source address"), .slot = SLOT_NEXT, .end = true, .sub = ping_options },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = ping_options },
	CMD_END
};

static const struct cmd ping_options[] = {
	REFUSED("data", NO_SUCH_ECHO), REFUSED("dscp", NO_SUCH_ECHO), REFUSED("tos", NO_SUCH_ECHO),
	REFUSED("validate", NO_SUCH_ECHO), REFUSED("verbose", NO_SUCH_ECHO),
	{ "df-bit", "Enable do not fragment bit in IP header", .slot = SLOT_FLAG, .end = true,
	    .sub = ping_options },
	{ "repeat", "Specify repeat count", ARG_NUM(1, 2147483647, "Repeat count"),
	    .slot = SLOT_NUMBER, .end = true, .sub = ping_options },
	{ "size", "Specify datagram size", ARG_NUM(36, 18024, "Datagram size"), .slot = SLOT_BITS,
	    .end = true, .sub = ping_options },
	{ "source", "Specify source address or name", .sub = ping_source },
	{ "timeout", "Specify timeout interval", ARG_NUM(0, 3600, "Timeout in seconds"),
	    .slot = SLOT_MORE, .end = true, .sub = ping_options },
	CMD_END
};

static const struct cmd ping6_source[] = {
	{ VALUE(addr6, "Source address"), .slot = SLOT_NEXT, .end = true, .sub = ping6_options },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = ping6_options },
	CMD_END
};

static const struct cmd ping6_options[] = {
	{ "repeat", "Specify repeat count", ARG_NUM(1, 2147483647, "Repeat count"),
	    .slot = SLOT_NUMBER, .end = true, .sub = ping6_options },
	{ "size", "Specify datagram size", ARG_NUM(48, 18024, "Datagram size"), .slot = SLOT_BITS,
	    .end = true, .sub = ping6_options },
	{ "source", "Specify source address or name", .sub = ping6_source },
	{ "timeout", "Specify timeout interval", ARG_NUM(0, 3600, "Timeout in seconds"),
	    .slot = SLOT_MORE, .end = true, .sub = ping6_options },
	CMD_END
};

/* Names are not resolved: what is no address is no host. */
static bool
ping_host_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%% Unrecognized host or address, or protocol not running.");
}

static const struct cmd ping_ip[] = {
	{ VALUE(addr, "Ping destination address"), .slot = SLOT_ADDR, .end = true,
	    .sub = ping_options },
	{ VALUE(word, "Ping destination host"), .hidden = true, .run = ping_host_run },
	CMD_END
};

static const struct cmd ping_ipv6[] = {
	{ VALUE(addr6, "Ping destination address"), .slot = SLOT_ADDR, .end = true,
	    .sub = ping6_options },
	{ VALUE(word, "Ping destination host"), .hidden = true, .run = ping_host_run },
	CMD_END
};

const struct cmd exec_ping[] = {
	{ VALUE(addr, "Ping destination address"), .slot = SLOT_ADDR, .end = true,
	    .sub = ping_options },
	{ VALUE(addr6, "Ping destination address"), .slot = SLOT_ADDR, .end = true,
	    .sub = ping6_options },
	{ "ip", "IP echo", .sub = ping_ip },
	{ "ipv6", "IPv6 echo", .sub = ping_ipv6 },
	REFUSED("vrf", WHY_VRF),
	{ VALUE(word, "Ping destination host"), .hidden = true, .run = ping_host_run },
	CMD_END
};

/* --- */

static const struct cmd write_to[] = { EXEC_ROW_WRITE_ERASE, EXEC_ROW_WRITE_MEMORY, CMD_END };
static const struct cmd show_crypto[] = { EXEC_ROW_SHOW_DEBUG_CONDITION, CMD_END };
static const struct cmd show[] = {
	{ "crypto", "Encryption module", .sub = show_crypto },
	EXEC_ROW_SHOW_DEBUGGING,
	EXEC_ROW_SHOW_RELOAD,
	CMD_END
};

static const struct cmd control_rows[] = {
	EXEC_ROWS,
	EXEC_ROW_WRITE(write_to),
	{ "show", "Show running system information", .verbs = CMD_SET, .sub = show },
	CMD_END
};

enum ipc_line_status
exec_parse(const char *line, struct exec_command *out, unsigned int *caret)
{
	struct cmd_words w;
	struct cmd_walk k;
	struct cmd_call call;
	enum cmd_verb verb;

	memset(out, 0, sizeof(*out));
	*caret = 0;
	if (!cmd_words(&w, line))
		return LINE_INVALID;
	if (w.count == 0)
		return LINE_OK;
	verb = strcasecmp(w.word[0], "no") == 0 ? CMD_NO : CMD_SET;
	cmd_walk_start(&k, control_rows, out, verb, &w, verb == CMD_NO ? 1 : 0);
	cmd_walk_line(&k);
	*caret = cmd_walk_caret(&k);
	if (k.status == LINE_OK)
		cmd_walk_run(&k, NULL, out, &call);
	return k.status;
}
