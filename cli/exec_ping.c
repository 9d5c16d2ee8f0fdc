/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ping: its words; daemons/culvertd/ping.c does it. */
#include "cli/elsewhere.h"
#include "cli/exec_rows.h"

bool
exec_run_ping(struct cmd_call *c)
{
	struct exec_command *e = exec_set(c, EXEC_PING);
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
