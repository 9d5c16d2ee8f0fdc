/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clear: sessions, SAs, NHRP entries, counters. */
#include <stdio.h>

#include "cli/exec_elsewhere.h"
#include "cli/exec_rows.h"

static bool
clear_run(struct cmd_call *c)
{
	exec_set(c, (enum exec_id)c->row->give);
	return true;
}

#define CLEAR(word, text, id) word, text, .run = clear_run, .give = (id), .end = true

static bool
clear_acl_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);
	struct exec_command *e = exec_set(c, EXEC_CLEAR_ACL_COUNTS);

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
	struct exec_command *e = exec_set(c, EXEC_CLEAR_SESSION);

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
	e = exec_set(c, EXEC_CLEAR_NHRP);
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
	struct exec_command *e = exec_set(c, EXEC_CLEAR_DMVPN);

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
