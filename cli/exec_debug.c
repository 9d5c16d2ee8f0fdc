/* SPDX-License-Identifier: GPL-3.0-or-later */
/* debug, undebug, and the show commands that tell which lines are on. */
#include "cli/exec_elsewhere.h"
#include "cli/exec_rows.h"
#include "log.h"

bool
exec_run_show_debugging(struct cmd_call *c)
{
	exec_set(c, EXEC_SHOW_DEBUGGING);
	return true;
}

bool
exec_run_show_debug_condition(struct cmd_call *c)
{
	exec_set(c, EXEC_SHOW_DEBUG_CONDITION);
	return true;
}

static bool
debug_run(struct cmd_call *c)
{
	struct exec_command *e = exec_set(c, EXEC_DEBUG);

	e->debug_mask = 1ull << c->row->give;
	return true;
}

/* debug dmvpn DEPTH KIND: what several tables above have, together. */
static bool
debug_dmvpn_run(struct cmd_call *c)
{
	struct exec_command *e = exec_set(c, EXEC_DEBUG);

	e->debug_mask = c->row->give;
	return true;
}

static bool
turn_off(struct cmd_call *c)
{
	struct exec_command *e = c->obj;

	e->no = true;
	return true;
}

static bool
undebug_dmvpn_run(struct cmd_call *c)
{
	return debug_dmvpn_run(c) && turn_off(c);
}

static bool
undebug_run(struct cmd_call *c)
{
	return debug_run(c) && turn_off(c);
}

/* peer ipv4 A, unmatched ...; or reset, which has neither. */
static bool
condition_run(struct cmd_call *c)
{
	struct exec_command *e = exec_set(c, EXEC_DEBUG_CONDITION);

	e->debug_mask = e->addr.family == ADDR_NONE && c->row->give != 0 ? c->row->give : 0;
	return true;
}

static bool
uncondition_run(struct cmd_call *c)
{
	return condition_run(c) && turn_off(c);
}

static bool
debug_all_run(struct cmd_call *c)
{
	exec_set(c, c->verb == CMD_SET ? EXEC_DEBUG_ALL : EXEC_UNDEBUG_ALL);
	return true;
}

static bool
undebug_all_run(struct cmd_call *c)
{
	exec_set(c, EXEC_UNDEBUG_ALL)->no = true;
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
