/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside of an entry of a crypto map or dynamic map: set, match, reverse-route. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "conf_acl.h"
#include "conf_cmap.h"

static bool
peer_run(struct cmd_call *c)
{
	struct conf_cmap_entry *e = c->obj;
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR);
	struct conf_cmap_peer *p, *other;

	if (c->verb != CMD_SET) {
		p = conf_cmap_peer_find(e, &addr->addr);
		if (p != NULL)
			conf_cmap_peer_del(e, p);
		return true;
	}
	if (addr_is_any(&addr->addr) || addr_is_multicast(&addr->addr))
		return cmd_refuse(c, "%s is no address of a peer", addr->text);
	p = conf_cmap_peer_get(e, &addr->addr);
	if (p == NULL)
		return cmd_refuse(c, "an entry has at most %d peers", CMAP_PEERS_MAX);
	p->is_default = cmd_value(c, SLOT_FLAG) != NULL;
	DL_FOREACH(e->peers, other)
		if (other != p && p->is_default)
			other->is_default = false;
	return true;
}

static void
peer_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap_entry *e = obj;
	const struct conf_cmap_peer *p;

	DL_FOREACH(e->peers, p)
		text_add(out, "%s %s%s\n", before, ADDR_STR(&p->addr), p->is_default ? " default" : "");
}

static bool
peer_name_run(struct cmd_call *c)
{
	return cmd_refuse(c, "names of peers are not resolved; give the address");
}

static const struct cmd peer_options[] = {
	{ "default", "Peer is the default peer, tried first", .slot = SLOT_FLAG },
	REFUSED("dynamic", "names of peers are not resolved; give the address"),
	CMD_END
};

static const struct cmd peers[] = {
	{ VALUE(addr, "IP address of peer"), .slot = SLOT_ADDR, .end = true, .sub = peer_options },
	{ VALUE(word, "Host name of the peer"), .hidden = true, .end = true, .sub = peer_options,
	    .run = peer_name_run },
	CMD_END
};

static bool
acl_run(struct cmd_call *c)
{
	struct conf_cmap_entry *e = c->obj;
	const char *name = c->verb == CMD_SET ? cmd_value(c, SLOT_NAME)->text : "", *why;
	const struct conf_acl *a = conf_acl_find(c->conf, name);
	const struct acl_line *l;

	if (a != NULL && !a->extended)
		return cmd_refuse(c, "list %s is a standard one; a crypto map needs an extended "
		    "list", name);
	if (a != NULL)
		DL_FOREACH(a->lines, l)
			if ((why = acl_line_map_trouble(l)) != NULL)
				return cmd_refuse(c, "line %u of list %s: %s", l->seq, name, why);
	snprintf(e->acl, sizeof(e->acl), "%s", name);
	return true;
}

static void
acl_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap_entry *e = obj;

	if (e->acl[0] != '\0')
		text_add(out, "%s %s\n", before, e->acl);
}

static const struct cmd acl_name[] = {
	REFUSED("ipv6", "crypto maps are for IPv4 here; use a tunnel interface"),
	{ VALUE(word, "IP access-list number or name"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd match[] = {
	{ "address", "Match address of packets to encrypt.", .sub = acl_name, .no_end = true,
	    .run = acl_run, .write = acl_write },
	REFUSED("identity", "peers are told apart by address and key; leave out the line"),
	CMD_END
};

static bool
is_of_dynamic_map(const struct conf *c, const struct conf_cmap_entry *e)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *it;

	DL_FOREACH(c->dynamic_maps, m)
		DL_FOREACH(m->entries, it)
			if (it == e)
				return true;
	return false;
}

static bool
reverse_run(struct cmd_call *c)
{
	struct conf_cmap_entry *e = c->obj;
	const struct cmd_value *gateway = cmd_value(c, SLOT_ADDR);

	if (c->verb == CMD_SET && cmd_value(c, SLOT_FLAG) != NULL && is_of_dynamic_map(c->conf, e))
		return cmd_refuse(c, "peers of a dynamic map bring what lies behind them: leave out `static`");
	e->reverse_route = c->verb != CMD_SET ? RRI_NONE :
	    cmd_value(c, SLOT_FLAG) != NULL ? RRI_STATIC : RRI_DYNAMIC;
	e->reverse_gateway = c->verb == CMD_SET && gateway != NULL ? gateway->addr :
	    (struct addr){0};
	return true;
}

static void
reverse_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap_entry *e = obj;

	if (e->reverse_route == RRI_NONE)
		return;
	text_add(out, "%s", before);
	if (addr_is_set(&e->reverse_gateway))
		text_add(out, " remote-peer %s", ADDR_STR(&e->reverse_gateway));
	text_add(out, "%s\n", e->reverse_route == RRI_STATIC ? " static" : "");
}

#define NO_TAGS "routes have no tags here; leave out `tag`"

static const struct cmd reverse_static[] = {
	{ "static", "Create routes based on static ACLs permanently", .slot = SLOT_FLAG },
	REFUSED("gateway", "give the next hop with `reverse-route remote-peer A.B.C.D`"),
	REFUSED("tag", NO_TAGS),
	CMD_END
};

static const struct cmd reverse_gateway[] = {
	{ VALUE(addr, "Remote peer IP address"), .slot = SLOT_ADDR, .end = true,
	    .sub = reverse_static },
	CMD_END
};

static const struct cmd reverse[] = {
	{ "remote-peer", "Create route in route table for remote tunnel endpoint",
	    .sub = reverse_gateway },
	{ "static", "Create routes based on static ACLs permanently", .slot = SLOT_FLAG },
	REFUSED("tag", NO_TAGS),
	CMD_END
};

static bool
distance_run(struct cmd_call *c)
{
	struct conf_cmap_entry *e = c->obj;

	e->reverse_distance = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_NUMBER)->number : 0;
	return true;
}

static void
distance_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap_entry *e = obj;

	if (e->reverse_distance != 0)
		text_add(out, "%s %u\n", before, e->reverse_distance);
}

static const struct cmd distances[] = {
	{ VALUE_NUM(1, 255, "Distance metric for reverse routes"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd set_reverse[] = {
	{ "distance", "Set the distance of reverse routes", .sub = distances, .no_end = true,
	    .run = distance_run, .write = distance_write },
	REFUSED("tag", NO_TAGS),
	CMD_END
};

#define NO_CAC "leave out the line: traffic inside of a tunnel is not filtered here"

static const struct cmd set[] = {
	{ "peer", "Allowed Encryption/Decryption peer.", .sub = peers, .run = peer_run,
	    .write = peer_write },
	{ "security-association", "Security association parameters",
	    .sub = cmds_set_association, .run = cmds_set_life_run, .write = cmds_set_life_write },
	{ "transform-set", "Specify list of transform sets in priority order",
	    .sub = cmds_tset_names, .no_end = true, .run = cmds_set_tsets_run,
	    .write = cmds_set_tsets_write },
	{ "pfs", "Specify pfs settings", .sub = cmds_pfs_groups, .no_end = true,
	    .run = cmds_set_pfs_run, .write = cmds_set_pfs_write },
	{ "reverse-route", "Reverse Route Injection.", .sub = set_reverse },
	{ "isakmp-profile", "Specify isakmp Profile", ARG(word, "ISAKMP profile name"),
	    FIELD(conf_cmap_entry, sa.isakmp_profile) },
	{ "ikev2-profile", "Specify ikev2 Profile", ARG(word, "IKEv2 profile name"),
	    FIELD(conf_cmap_entry, sa.ikev2_profile) },
	REFUSED("identity", "peers are told apart by address and key; leave out the line"),
	REFUSED("ip", NO_CAC),
	REFUSED("nat", "leave out the line: peers behind one NAT are told apart by their ports"),
	CMD_END
};

/* In the order of show running-config. */
const struct cmd cmds_cmap_entry[] = {
	{ "description", "Description of the crypto map statement policy",
	    ARG(line, "Up to 240 characters describing this entry"),
	    FIELD(conf_cmap_entry, description) },
	{ "set", "Set values for encryption/decryption", .sub = set },
	{ "match", "Match values.", .sub = match },
	{ "reverse-route", "Reverse Route Injection.", .sub = reverse, .end = true,
	    .no_end = true, .run = reverse_run, .write = reverse_write },
	REFUSED("qos", "packets are classified before they are protected here; leave out the line"),
	REFUSED("responder-only", "leave out the line: an entry without traffic never initiates"),
	CMD_END
};
