/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ip route P M, ipv6 route P/L: {A | IF [A] | Null0} [DISTANCE] [name NAME] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"
#include "log.h"

bool
cmds_prefix(struct cmd_call *c, struct prefix *p)
{
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *mask = cmd_value(c, SLOT_MASK);
	int len = mask == NULL ? 32 : mask_len(&mask->addr);

	*p = (struct prefix){.addr = addr->addr};
	if (addr->addr.family == ADDR_V6) {
		p->len = (uint8_t)addr->number;
		return true;
	}
	if (len < 0)
		return cmd_refuse(c, "%% Bad mask %s for address %s", mask->text, addr->text);
	p->len = (uint8_t)len;
	return true;
}

bool
cmds_network(struct cmd_call *c, struct prefix *net)
{
	if (!cmds_prefix(c, net))
		return false;
	if (net->addr.family == ADDR_V4 && addr_is_any(&net->addr) && cmd_value(c, SLOT_MASK) == NULL)
		net->len = 0;
	*net = prefix_network(net);
	return true;
}

static int
by_prefix(const struct conf_route *a, const struct conf_route *b)
{
	int order = addr_cmp(&a->prefix.addr, &b->prefix.addr);

	if (order == 0)
		order = (int)a->prefix.len - (int)b->prefix.len;
	return order != 0 ? order : -1;		/* of one prefix: as they were typed */
}

/* Distance and name are no part of what a route is. */
static bool
same_route(const struct conf_route *a, const struct conf_route *b)
{
	return prefix_eq(&a->prefix, &b->prefix) && addr_eq(&a->gateway, &b->gateway) &&
	    iface_cmp(&a->iface, &b->iface) == 0 && a->null0 == b->null0;
}

static void
put_route(struct conf *c, const struct conf_route *r)
{
	struct conf_route *at;

	for (at = c->routes; at != NULL; at = at->next)
		if (same_route(at, r))
			break;
	if (at == NULL) {
		at = calloc(1, sizeof(*at));
		if (at == NULL)
			log_fatal("out of memory");
		*at = *r;
		DL_INSERT_INORDER(c->routes, at, by_prefix);
		return;
	}
	at->distance = r->distance;
	memcpy(at->name, r->name, sizeof(at->name));
}

/* Without a next hop, `no ip route P M` takes all of that prefix. */
static unsigned int
take_routes(struct conf *c, const struct conf_route *r)
{
	bool any = !addr_is_set(&r->gateway) && r->iface.type == IFACE_NONE && !r->null0;
	struct conf_route *at, *next;
	unsigned int taken = 0;

	DL_FOREACH_SAFE(c->routes, at, next) {
		if (any ? !prefix_eq(&at->prefix, &r->prefix) : !same_route(at, r))
			continue;
		DL_DELETE(c->routes, at);
		free(at);
		taken++;
	}
	return taken;
}

bool
cmds_route_run(struct cmd_call *c)
{
	const struct cmd_value *gateway = cmd_value(c, SLOT_NEXT), *iface = cmd_value(c, SLOT_IFACE);
	const struct cmd_value *distance = cmd_value(c, SLOT_NUMBER), *name = cmd_value(c, SLOT_NAME);
	struct conf_route r = {0};
	struct prefix net;

	if (!cmds_prefix(c, &r.prefix))
		return false;
	net = prefix_network(&r.prefix);
	if (!prefix_eq(&net, &r.prefix))
		return cmd_refuse(c, r.prefix.addr.family == ADDR_V6 ? "%%Invalid prefix: bits behind its length" :
		    "%%Inconsistent address and mask");
	if (gateway != NULL)
		r.gateway = gateway->addr;
	if (addr_is_set(&r.gateway) && (addr_is_any(&r.gateway) || addr_is_multicast(&r.gateway)))
		return cmd_refuse(c, "%%Invalid next hop address");
	if (addr_is_link_local(&r.gateway) && iface == NULL)
		return cmd_refuse(c, "%%Interface has to be specified for a link-local nexthop");
	if (iface != NULL)
		r.iface = iface->iface;
	r.null0 = cmd_value(c, SLOT_KIND) != NULL;
	r.distance = distance == NULL || distance->number == 1 ? 0 : (uint8_t)distance->number;
	if (name != NULL)
		snprintf(r.name, sizeof(r.name), "%s", name->text);
	if (c->verb == CMD_SET)
		put_route(c->conf, &r);
	else if (take_routes(c->conf, &r) == 0)
		return cmd_refuse(c, "%%No matching route to delete");
	return true;
}

static void
write_route(struct text *out, const char *before, const struct conf_route *r)
{
	struct addr mask = prefix_mask(ADDR_V4, r->prefix.len);
	char name[IFACE_NAME_MAX];

	if (r->prefix.addr.family == ADDR_V6)
		text_add(out, "%s %s", before, PREFIX_STR(&r->prefix));
	else
		text_add(out, "%s %s %s", before, ADDR_STR(&r->prefix.addr), ADDR_STR(&mask));
	if (r->null0)
		text_add(out, " Null0");
	if (r->iface.type != IFACE_NONE)
		text_add(out, " %s", iface_name(&r->iface, name));
	if (addr_is_set(&r->gateway))
		text_add(out, " %s", ADDR_STR(&r->gateway));
	if (r->distance != 0)
		text_add(out, " %u", r->distance);
	if (r->name[0] != '\0')
		text_add(out, " name %s", r->name);
	text_add(out, "\n");
}

void
cmds_route_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_route *r;

	DL_FOREACH(((const struct conf *)obj)->routes, r)
		if (r->prefix.addr.family == ADDR_V4)
			write_route(out, before, r);
}

void
cmds_route6_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_route *r;

	DL_FOREACH(((const struct conf *)obj)->routes, r)
		if (r->prefix.addr.family == ADDR_V6)
			write_route(out, before, r);
}

#define ROUTE_NOT									\
	REFUSED("multicast", WHY_MULTICAST),						\
	REFUSED("permanent", "a route goes while its interface is down; another one to Null0 with a " \
	    "larger distance holds its place"),						\
	REFUSED("tag", "routes carry no tag; leave out `tag`"),				\
	REFUSED("track", "routes do not follow tracked objects; leave out `track`")

#define ROUTE_NAME									\
	"name", "Specify name of the next hop", ARG(word, "Name of the next hop"),	\
	    .slot = SLOT_NAME, .end = true
#define ROUTE_DISTANCE VALUE_NUM(1, 255, "Distance metric for this route"), .slot = SLOT_NUMBER, .end = true

/* The two in either order. */
static const struct cmd route_rest[] = { ROUTE_NOT, CMD_END };
static const struct cmd route_name[] = { { ROUTE_NAME, .sub = route_rest }, ROUTE_NOT, CMD_END };
static const struct cmd route_distance[] = { { ROUTE_DISTANCE, .sub = route_rest }, ROUTE_NOT, CMD_END };

#define ROUTE_TAIL									\
	{ ROUTE_NAME, .sub = route_distance },						\
	{ ROUTE_DISTANCE, .sub = route_name },						\
	ROUTE_NOT

static const struct cmd route_tail[] = { ROUTE_TAIL, CMD_END };

static const struct cmd route_iface_tail[] = {
	ROUTE_TAIL,
	{ VALUE(addr, "Forwarding router's address"), .slot = SLOT_NEXT, .end = true,
	    .sub = route_tail },
	CMD_END
};

static const struct cmd route_next[] = {
	{ VALUE(addr, "Forwarding router's address"), .slot = SLOT_NEXT, .end = true,
	    .sub = route_tail },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = route_iface_tail },
	{ "Null0", "Null interface", .slot = SLOT_KIND, .end = true, .sub = route_tail },
	REFUSED("dhcp", WHY_DHCP),
	CMD_END
};

static const struct cmd route_mask[] = {
	{ VALUE(mask, "Destination prefix mask"), .slot = SLOT_MASK, .sub = route_next,
	    .no_end = true },
	CMD_END
};

const struct cmd cmds_route[] = {
	{ VALUE(addr, "Destination prefix"), .slot = SLOT_ADDR, .sub = route_mask },
	REFUSED("profile", "the kernel keeps no statistics of routes; leave it out"),
	REFUSED("static", WHY_ROUTING),
	REFUSED("vrf", "there is one routing table; leave out `vrf NAME`"),
	CMD_END
};

static const struct cmd route6_iface_tail[] = {
	ROUTE_TAIL,
	{ VALUE(addr6, "IPv6 address of next-hop"), .slot = SLOT_NEXT, .end = true,
	    .sub = route_tail },
	CMD_END
};

static const struct cmd route6_next[] = {
	{ VALUE(addr6, "IPv6 address of next-hop"), .slot = SLOT_NEXT, .end = true,
	    .sub = route_tail },
	{ VALUE(iface, ""), .slot = SLOT_IFACE, .end = true, .sub = route6_iface_tail },
	{ "Null0", "Null interface", .slot = SLOT_KIND, .end = true, .sub = route_tail },
	CMD_END
};

const struct cmd cmds_route6[] = {
	{ VALUE(prefix6, "IPv6 prefix"), .slot = SLOT_ADDR, .sub = route6_next, .no_end = true },
	REFUSED("vrf", "there is one routing table; leave out `vrf NAME`"),
	CMD_END
};
