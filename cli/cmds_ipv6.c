/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ipv6 ..., and in an interface ipv6 ... (ipv6 route: cmds_route.c) */
#include <utlist.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"

static struct conf_ipv6 *
ipv6_of(struct cmd_call *c)
{
	return &((struct conf_iface *)c->obj)->ipv6;
}

static const struct conf_ipv6 *
ipv6_in(const void *obj)
{
	return &((const struct conf_iface *)obj)->ipv6;
}

/* NHRP resolves next hops of IPv4 only, so IPv6 would go nowhere. */
static bool
refused_here(struct cmd_call *c)
{
	if (c->verb != CMD_SET || ((const struct conf_iface *)c->obj)->tunnel.kind != TUNNEL_MGRE)
		return false;
	return !cmd_refuse(c, "%% A multipoint tunnel carries IPv4 only; use `tunnel mode gre ip`");
}

static bool
enable_run(struct cmd_call *c)
{
	if (refused_here(c))
		return false;
	ipv6_of(c)->enable = c->verb == CMD_SET;
	return true;
}

static void
enable_write(struct text *out, const char *before, const void *obj)
{
	if (ipv6_in(obj)->enable)
		text_add(out, "%s\n", before);
}

/* --- ipv6 address --- */

static const struct conf_iface *
overlapping(const struct conf *c, const struct conf_iface *me, const struct prefix *p)
{
	const struct conf_iface *i;
	const struct conf_addr *a;

	DL_FOREACH(c->ifaces, i) {
		if (i == me)
			continue;
		DL_FOREACH(i->ipv6.addresses, a)
			if (prefix_overlaps(&a->prefix, p))
				return i;
	}
	return NULL;
}

static bool
good_address(struct cmd_call *c, const struct prefix *p)
{
	const char *typed = cmd_value(c, SLOT_ADDR)->text;
	struct addr loopback = {.family = ADDR_V6, .b[15] = 1};
	const struct conf_iface *other;
	char name[IFACE_NAME_MAX];

	if (addr_is_any(&p->addr) || addr_is_multicast(&p->addr) || addr_eq(&p->addr, &loopback))
		return cmd_refuse(c, "%% %s is not a valid host address", typed);
	if (addr_is_link_local(&p->addr))
		return cmd_refuse(c, "%% %s is a link-local address; enter `ipv6 address %s link-local`",
		    typed, ADDR_STR(&p->addr));
	other = overlapping(c->conf, c->obj, p);
	if (other != NULL)
		return cmd_refuse(c, "%% %s overlaps with %s", typed, iface_name(&other->id, name));
	return true;
}

static bool
address_run(struct cmd_call *c)
{
	const struct cmd_value *v = cmd_value(c, SLOT_ADDR);
	struct prefix p;

	if (v == NULL) {		/* no ipv6 address */
		conf_ipv6_clear(ipv6_of(c));
		return true;
	}
	if (refused_here(c))
		return false;
	p = (struct prefix){.addr = v->addr, .len = (uint8_t)v->number};
	if (c->verb != CMD_SET)
		conf_ipv6_del(ipv6_of(c), &p);
	else if (!good_address(c, &p))
		return false;
	else
		conf_ipv6_add(ipv6_of(c), &p);
	return true;
}

static bool
link_local_run(struct cmd_call *c)
{
	const struct cmd_value *v = cmd_value(c, SLOT_ADDR);
	struct conf_ipv6 *own = ipv6_of(c);

	if (c->verb != CMD_SET) {
		if (addr_eq(&own->link_local, &v->addr))
			own->link_local = (struct addr){0};
		return true;
	}
	if (refused_here(c))
		return false;
	if (!addr_is_link_local(&v->addr))
		return cmd_refuse(c, "%% %s is not a link-local address (FE80::/10)", v->text);
	own->link_local = v->addr;
	return true;
}

static void
address_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ipv6 *v = ipv6_in(obj);
	const struct conf_addr *a;

	if (addr_is_set(&v->link_local))
		text_add(out, "%s %s link-local\n", before, ADDR_STR(&v->link_local));
	DL_FOREACH(v->addresses, a)
		text_add(out, "%s %s\n", before, PREFIX_STR(&a->prefix));
}

static const struct cmd address_tail[] = {
	REFUSED("eui-64", "write the whole address out: it then stays when the NIC is replaced"),
	REFUSED("anycast", "addresses are a host's own here; leave out `anycast`"),
	CMD_END
};

static const struct cmd link_local[] = {
	{ "link-local", "Use link-local address", .run = link_local_run },
	CMD_END
};

static const struct cmd address[] = {
	{ VALUE(prefix6, "IPv6 prefix"), .slot = SLOT_ADDR, .end = true, .sub = address_tail },
	{ VALUE(addr6, "IPv6 link-local address"), .slot = SLOT_ADDR, .sub = link_local },
	REFUSED("autoconfig", "a router has no addresses from advertisements; write one out"),
	REFUSED("dhcp", "addresses are not leased here; write one out"),
	CMD_END
};

const struct cmd cmds_iface_ipv6[] = {
	{ "address", "Configure IPv6 address on interface", .sub = address, .no_end = true,
	    .run = address_run, .write = address_write },
	{ "enable", "Enable IPv6 on interface", .run = enable_run, .write = enable_write },
	REFUSED("mtu", "IPv6 has the interface's MTU; in a tunnel set it with `ip mtu`"),
	REFUSED("nhrp", "NHRP finds IPv4 addresses only; use `ip nhrp`"),
	ELSEWHERE_IFACE_IPV6,
	CMD_END
};

/* --- ipv6, outside of interfaces --- */

const struct cmd cmds_ipv6[] = {
	{ "unicast-routing", "Enable unicast routing", FIELD(conf, ipv6_routing) },
	{ "route", "Configure static routes", .sub = cmds_route6, .run = cmds_route_run,
	    .write = cmds_route6_write, .bang = true },
	{ "cef", "", .noted = true, .hidden = true },	/* a word of theirs: packets go the one way there is */
	ELSEWHERE_IPV6,
	CMD_END
};
