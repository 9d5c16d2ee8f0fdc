/* SPDX-License-Identifier: GPL-3.0-or-later */
/* traceroute: its words; daemons/culvertd/traceroute.c does it. */
#include "cli/elsewhere.h"
#include "cli/exec_rows.h"

bool
exec_run_traceroute(struct cmd_call *c)
{
	struct exec_command *e = c->obj;
	unsigned int i;

	e->id = EXEC_TRACEROUTE;
	e->addr = cmd_value(c, SLOT_ADDR)->addr;
	e->probe.count = 3;
	e->probe.timeout_s = 3;
	e->probe.least_ttl = 1;
	e->probe.most_ttl = 30;
	e->probe.port = 33434;
	for (i = 0; i < c->n_values; i++) {
		const struct cmd_value *v = &c->values[i];

		if (v->slot == SLOT_NUMBER)
			e->probe.count = v->number;
		else if (v->slot == SLOT_MORE)
			e->probe.timeout_s = v->number;
		else if (v->slot == SLOT_LEVEL)
			e->probe.least_ttl = (uint8_t)v->number;
		else if (v->slot == SLOT_KIND)
			e->probe.most_ttl = (uint8_t)v->number;
		else if (v->slot == SLOT_BITS)
			e->probe.port = (uint16_t)v->number;
		else if (v->slot == SLOT_NEXT)
			e->probe.source = v->addr;
		else if (v->slot == SLOT_IFACE)
			iface_name(&v->iface, e->probe.source_if);
	}
	if (e->probe.least_ttl <= e->probe.most_ttl)
		return true;
	e->id = EXEC_NONE;
	return cmd_refuse(c, "%% The first TTL is larger than the last");
}

static const struct cmd options4[7], options6[7];

static const struct cmd source4[] = {
	{ VALUE(addr, "Source address"), .slot = SLOT_NEXT, .end = true, .sub = options4 },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = options4 },
	CMD_END
};

static const struct cmd source6[] = {
	{ VALUE(addr6, "Source address"), .slot = SLOT_NEXT, .end = true, .sub = options6 },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = options6 },
	CMD_END
};

static const struct cmd most4[] = {
	{ VALUE_NUM(1, 255, "Maximum time to live"), .slot = SLOT_KIND, .end = true, .sub = options4 },
	CMD_END
};

static const struct cmd most6[] = {
	{ VALUE_NUM(1, 255, "Maximum time to live"), .slot = SLOT_KIND, .end = true, .sub = options6 },
	CMD_END
};

#define OPTIONS(v)									\
	{ "numeric", "display numeric address", .end = true, .sub = options##v },	\
	{ "port", "specify port number", ARG_NUM(1, 65535, "Port Number"),		\
	    .slot = SLOT_BITS, .end = true, .sub = options##v },			\
	{ "probe", "specify number of probes per hop", ARG_NUM(1, 65535, "Number of probes"),	\
	    .slot = SLOT_NUMBER, .end = true, .sub = options##v },			\
	{ "source", "specify source address or name", .sub = source##v },		\
	{ "timeout", "specify time out", ARG_NUM(0, 3600, "Timeout in seconds"),	\
	    .slot = SLOT_MORE, .end = true, .sub = options##v },			\
	{ "ttl", "specify minimum and maximum ttl", ARG_NUM(1, 255, "Minimum time to live"),	\
	    .slot = SLOT_LEVEL, .sub = most##v },					\
	CMD_END

static const struct cmd options4[] = { OPTIONS(4) };
static const struct cmd options6[] = { OPTIONS(6) };

/* Names are not resolved: what is no address is no host. */
static bool
host_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%% Unrecognized host or address.");
}

#define TO4 { VALUE(addr, "Trace route to destination address"), .slot = SLOT_ADDR, .end = true,	\
    .sub = options4 }
#define TO6 { VALUE(addr6, "Trace route to destination address"), .slot = SLOT_ADDR, .end = true,	\
    .sub = options6 }
#define TO_HOST { VALUE(word, "Trace route to destination hostname"), .hidden = true, .run = host_run }

static const struct cmd ip[] = { TO4, TO_HOST, CMD_END };
static const struct cmd ipv6[] = { TO6, TO_HOST, CMD_END };

const struct cmd exec_traceroute[] = {
	TO4,
	TO6,
	{ "ip", "IP Trace", .sub = ip },
	{ "ipv6", "IPv6 Trace", .sub = ipv6 },
	REFUSED("vrf", WHY_VRF),
	TO_HOST,
	CMD_END
};
