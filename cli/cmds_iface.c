/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interface ..., and what stands below it (NHRP: cmds_nhrp.c; tunnel: cmds_tunnel.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"
#include "log.h"

static bool
is_tunnel(const void *obj)
{
	return ((const struct conf_iface *)obj)->id.type == IFACE_TUNNEL;
}

static bool
is_gigabit(const void *obj)
{
	return ((const struct conf_iface *)obj)->id.type == IFACE_GIGABIT;
}

/* --- ip address --- */

static const struct conf_iface *
overlapping(const struct conf *c, const struct conf_iface *me, const struct prefix *p)
{
	const struct conf_iface *i;
	const struct conf_addr *a;

	DL_FOREACH(c->ifaces, i) {
		if (i == me)
			continue;
		if (addr_is_set(&i->address.addr) && prefix_overlaps(&i->address, p))
			return i;
		DL_FOREACH(i->secondaries, a)
			if (prefix_overlaps(&a->prefix, p))
				return i;
	}
	return NULL;
}

static bool
good_address(struct cmd_call *c, const struct prefix *p)
{
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR);
	struct prefix net = prefix_network(p);
	const struct conf_iface *other;
	char name[IFACE_NAME_MAX];
	uint32_t host = addr_to_v4(&p->addr), bits = p->len == 0 ? ~0u : ~(~0u << (32 - p->len));

	if (addr_is_any(&p->addr) || addr_is_multicast(&p->addr) || host >> 24 == 127 ||
	    host >> 28 == 15)
		return cmd_refuse(c, "Not a valid host address - %s", addr->text);
	/* All zeros or all ones behind the mask is a network, not a host (RFC 3021 spares /31). */
	if (p->len < 31 && ((host & bits) == 0 || (host & bits) == bits))
		return cmd_refuse(c, "Bad mask /%u for address %s", p->len, addr->text);
	other = overlapping(c->conf, c->obj, p);
	if (other != NULL)
		return cmd_refuse(c, "%% %s overlaps with %s", ADDR_STR(&net.addr),
		    iface_name(&other->id, name));
	return true;
}

static void
free_secondaries(struct conf_iface *i)
{
	struct conf_addr *a, *next;

	DL_FOREACH_SAFE(i->secondaries, a, next) {
		DL_DELETE(i->secondaries, a);
		free(a);
	}
}

static bool
change_secondary(struct cmd_call *c, const struct prefix *p)
{
	struct conf_iface *i = c->obj;
	struct conf_addr *a;

	DL_FOREACH(i->secondaries, a)
		if (prefix_eq(&a->prefix, p))
			break;
	if (c->verb != CMD_SET) {
		if (a != NULL) {
			DL_DELETE(i->secondaries, a);
			free(a);
		}
		return true;
	}
	/* A secondary may come first: it does in what `show running-config` prints. */
	if (addr_eq(&i->address.addr, &p->addr))
		return cmd_refuse(c, "Secondary can't be same as primary");
	if (a == NULL) {
		a = calloc(1, sizeof(*a));
		if (a == NULL)
			log_fatal("out of memory");
		a->prefix = *p;
		DL_APPEND(i->secondaries, a);
	}
	return true;
}

static bool
address_run(struct cmd_call *c)
{
	struct conf_iface *i = c->obj;
	struct prefix p;

	if (cmd_value(c, SLOT_ADDR) == NULL) {		/* no ip address */
		i->address = (struct prefix){0};
		free_secondaries(i);
		return true;
	}
	if (!cmds_prefix(c, &p) || (c->verb == CMD_SET && !good_address(c, &p)))
		return false;
	if (cmd_value(c, SLOT_FLAG) != NULL)
		return change_secondary(c, &p);
	if (c->verb == CMD_SET) {
		i->address = p;
		return true;
	}
	if (!prefix_eq(&i->address, &p))
		return cmd_refuse(c, "Invalid address: this interface has another one");
	if (i->secondaries != NULL)
		return cmd_refuse(c, "Must delete secondary before deleting primary");
	i->address = (struct prefix){0};
	return true;
}

static void
address_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_iface *i = obj;
	const struct conf_addr *a;
	struct addr mask = prefix_mask(ADDR_V4, i->address.len);

	if (!addr_is_set(&i->address.addr) && i->secondaries == NULL)
		text_add(out, " no%s\n", before);
	DL_FOREACH(i->secondaries, a) {
		struct addr m = prefix_mask(ADDR_V4, a->prefix.len);

		text_add(out, "%s %s %s secondary\n", before, ADDR_STR(&a->prefix.addr), ADDR_STR(&m));
	}
	if (addr_is_set(&i->address.addr))
		text_add(out, "%s %s %s\n", before, ADDR_STR(&i->address.addr), ADDR_STR(&mask));
}

static const struct cmd secondary[] = {
	{ "secondary", "Make this IP address a secondary address", .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd address_mask[] = {
	{ VALUE(mask, "IP subnet mask"), .slot = SLOT_MASK, .end = true, .sub = secondary },
	CMD_END
};

static const struct cmd address[] = {
	{ VALUE(addr, "IP address"), .slot = SLOT_ADDR, .sub = address_mask },
	REFUSED("dhcp", "addresses are not leased here; give one with its mask"),
	CMD_END
};

static const struct cmd tcp[] = {
	{ "adjust-mss", "Adjust the mss of transit packets",
	    ARG_NUM(500, 1460, "Maximum segment size in bytes"), FIELD(conf_iface, tcp_mss) },
	CMD_END
};

static const struct cmd iface_ip[] = {
	{ "address", "Set the IP address of an interface", .sub = address, .no_end = true,
	    .run = address_run, .write = address_write },
	{ "mtu", "Set IP Maximum Transmission Unit", ARG_NUM(68, 10000, "MTU (bytes)"),
	    FIELD(conf_iface, ip_mtu) },
	{ "nhrp", "NHRP interface subcommands", .sub = cmds_nhrp, .when = is_tunnel },
	{ "tcp", "TCP interface commands", .sub = tcp },
	REFUSED("access-group", "packets are not filtered here; use nftables on the host"),
	NOTED_NO("mroute-cache"),
	ELSEWHERE_IFACE_IP,
	CMD_END
};

static const struct cmd negotiated[] = {
	ALWAYS("auto", WHY_ETHTOOL_SET),
	REFUSED("10", WHY_ETHTOOL_SET), REFUSED("100", WHY_ETHTOOL_SET),
	REFUSED("1000", WHY_ETHTOOL_SET), REFUSED("full", WHY_ETHTOOL_SET),
	REFUSED("half", WHY_ETHTOOL_SET),
	CMD_END
};

static const struct cmd enabled[] = {
	ABSENT("enable", "the host may run lldpd, which speaks CDP, too"),
	NOTED_NO("enabled"),
	CMD_END
};

static const struct cmd load_interval[] = {
	NOTED("300"),
	CMD_END
};

static const struct cmd mop[] = {
	NOTED_NO("enabled"),
	NOTED_NO("sysid"),
	CMD_END
};

/* In the order of show running-config. */
static const struct cmd iface_rows[] = {
	{ "description", "Interface specific description",
	    ARG(line, "A character string describing this interface"),
	    FIELD(conf_iface, description) },
	{ "bandwidth", "Set bandwidth informational parameter",
	    ARG_NUM(1, 10000000, "Bandwidth in kilobits"), FIELD(conf_iface, bandwidth_kbps) },
	{ "ip", "Interface Internet Protocol config commands", .sub = iface_ip },
	{ "ipv6", "IPv6 interface subcommands", .sub = cmds_iface_ipv6 },
	{ "delay", "Specify interface throughput delay",
	    ARG_NUM(1, 16777215, "Throughput delay (tens of microseconds)"),
	    FIELD(conf_iface, delay_10us) },
	{ "shutdown", "Shutdown the selected interface", FIELD(conf_iface, shutdown) },
	{ "tunnel", "protocol-over-protocol tunneling", .sub = cmds_tunnel, .when = is_tunnel },
	{ "crypto", "Encryption/Decryption commands", .sub = cmds_iface_crypto,
	    .when = is_gigabit },
	{ "duplex", "", .sub = negotiated, .hidden = true, .when = is_gigabit },
	{ "speed", "", .sub = negotiated, .hidden = true, .when = is_gigabit },
	{ "negotiation", "", .sub = negotiated, .hidden = true, .when = is_gigabit },
	{ "cdp", "", .sub = enabled, .hidden = true },
	{ "mop", "", .sub = mop, .hidden = true },
	{ "load-interval", "", .sub = load_interval, .hidden = true },
	ELSEWHERE_IFACE,
	CMD_END
};

/* --- interface --- */

static void *
iface_find(struct conf *c, const struct cmd_key *key)
{
	return conf_iface_find(c, &key->iface);
}

static const struct cmd_mode cmd_mode_iface = {"config-if", iface_rows, iface_find};

bool
cmds_iface_run(struct cmd_call *c)
{
	const struct iface_id *id = &cmd_value(c, SLOT_IFACE)->iface;
	struct conf_iface *i = conf_iface_find(c->conf, id);
	char name[IFACE_NAME_MAX];

	if (c->verb == CMD_SET) {
		conf_iface_get(c->conf, id);
		c->key.iface = *id;
		c->enter = &cmd_mode_iface;
		return true;
	}
	if (c->verb == CMD_NO && id->type == IFACE_GIGABIT)
		return cmd_refuse(c, "%% Removal of physical interfaces is not permitted");
	if (i == NULL)
		return true;
	conf_iface_del(c->conf, i);
	if (c->verb == CMD_DEFAULT) {
		conf_iface_get(c->conf, id);
		snprintf(c->why, sizeof(c->why), "Interface %s set to default configuration",
		    iface_name(id, name));
	}
	return true;
}

void
cmds_iface_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_iface *i;
	char name[IFACE_NAME_MAX];

	DL_FOREACH(((const struct conf *)obj)->ifaces, i) {
		text_add(out, "%s %s\n", before, iface_name(&i->id, name));
		cmd_write_rows(out, iface_rows, " ", i);
		text_add(out, "!\n");
	}
}
