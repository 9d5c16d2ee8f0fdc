/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto map ... and crypto dynamic-map ..., and `crypto map` of an interface. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "conf_acl.h"
#include "conf_cmap.h"

#define REMAINS_DISABLED "%% NOTE: This new crypto map will remain disabled until a peer\n"	\
	"\tand a valid access list have been configured."

/* --- inside of an entry --- */

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
static const struct cmd rows[] = {
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

static void *
entry_of(struct conf_cmap *list, const struct cmd_key *key)
{
	const struct conf_cmap *m = conf_cmap_find(list, key->name);

	return m != NULL ? conf_cmap_entry_find(m, key->number) : NULL;
}

static void *
static_find(struct conf *c, const struct cmd_key *key)
{
	return entry_of(c->cmaps, key);
}

static void *
dynamic_find(struct conf *c, const struct cmd_key *key)
{
	return entry_of(c->dynamic_maps, key);
}

static const struct cmd_mode cmd_mode_cmap = {"config-crypto-map", rows, static_find};
static const struct cmd_mode cmd_mode_dynamic_map = {"config-crypto-map", rows, dynamic_find};

/* --- who uses a map --- */

static const struct conf_iface *
interface_with(const struct conf *c, const char *map)
{
	const struct conf_iface *i;

	DL_FOREACH(c->ifaces, i)
		if (strcmp(i->cmap, map) == 0)
			return i;
	return NULL;
}

static const struct conf_cmap *
map_with_dynamic(const struct conf *c, const char *dynamic)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	DL_FOREACH(c->cmaps, m)
		DL_FOREACH(m->entries, e)
			if (strcmp(e->dynamic_map, dynamic) == 0)
				return m;
	return NULL;
}

/* --- crypto map NAME ... --- */

/* Deletes an entry, or with no number the whole map; what is in use stays. */
static bool
take_map(struct cmd_call *c, struct conf_cmap **list, const char *name)
{
	const struct cmd_value *seq = cmd_value(c, SLOT_NUMBER);
	struct conf_cmap *m = conf_cmap_find(*list, name);
	const struct conf_iface *i = list == &c->conf->cmaps ? interface_with(c->conf, name) : NULL;
	const struct conf_cmap *user = list == &c->conf->cmaps ? NULL :
	    map_with_dynamic(c->conf, name);
	struct conf_cmap_entry *e = m != NULL && seq != NULL ?
	    conf_cmap_entry_find(m, seq->number) : NULL;
	char ifname[IFACE_NAME_MAX];

	if (m == NULL || (seq != NULL && e == NULL))
		return true;
	if (e != NULL && m->entries->next != NULL) {
		conf_cmap_entry_del(m, e);
		return true;
	}
	if (i != NULL)
		return cmd_refuse(c, "crypto map %s is on %s; enter `no crypto map` there first", name,
		    iface_name(&i->id, ifname));
	if (user != NULL)
		return cmd_refuse(c, "dynamic map %s is used by crypto map %s; take it out there "
		    "first", name, user->name);
	conf_cmap_del(list, m);
	return true;
}

static bool
enter(struct cmd_call *c, const struct cmd_mode *mode, const char *name, uint32_t seq)
{
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->key.number = seq;
	c->enter = mode;
	return true;
}

/* NULL, and refused: `no` and `default` need no entry, but a map. */
static const char *
map_name(struct cmd_call *c, const char *words)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	if (name != NULL)
		return name->text;
	cmd_refuse(c, "say which one: `no %s NAME`", words);
	return NULL;
}

bool
cmds_cmap_run(struct cmd_call *c)
{
	const char *name = map_name(c, "crypto map");
	const struct cmd_value *seq = cmd_value(c, SLOT_NUMBER), *kind = cmd_value(c, SLOT_KIND);
	const struct cmd_value *dynamic = cmd_value(c, SLOT_MORE);
	struct conf_cmap *m = name == NULL ? NULL : conf_cmap_find(c->conf->cmaps, name);
	struct conf_cmap_entry *e = m != NULL && seq != NULL ?
	    conf_cmap_entry_find(m, seq->number) : NULL;

	if (name == NULL)
		return false;
	if (c->verb != CMD_SET)
		return take_map(c, &c->conf->cmaps, name);
	if (e == NULL && kind == NULL)
		return cmd_refuse(c, "entry %u is new; say `ipsec-isakmp` behind it", seq->number);
	if (e != NULL && kind != NULL && (dynamic != NULL) != (e->dynamic_map[0] != '\0'))
		return cmd_refuse(c, "Attempt to change %s map to %s: delete the entry first",
		    dynamic != NULL ? "static" : "dynamic", dynamic != NULL ? "dynamic" : "static");
	if (e == NULL && dynamic == NULL)
		snprintf(c->why, sizeof(c->why), REMAINS_DISABLED);
	e = conf_cmap_entry_get(conf_cmap_get(&c->conf->cmaps, name), seq->number);
	if (dynamic != NULL) {
		snprintf(e->dynamic_map, sizeof(e->dynamic_map), "%s", dynamic->text);
		return true;
	}
	if (e->dynamic_map[0] != '\0')
		return true;		/* there is nothing else in it */
	return enter(c, &cmd_mode_cmap, name, seq->number);
}

/* A map in which nothing is left. */
static void
drop_empty(struct conf *c, struct conf_cmap *m)
{
	if (m->entries == NULL && m->local_if.type == IFACE_NONE && m->isakmp_profile[0] == '\0')
		conf_cmap_del(&c->cmaps, m);
}

static bool
isakmp_profile_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_cmap *m = conf_cmap_find(c->conf->cmaps, name);

	if (c->verb != CMD_SET) {
		if (m == NULL)
			return true;
		m->isakmp_profile[0] = '\0';
		drop_empty(c->conf, m);
		return true;
	}
	m = conf_cmap_get(&c->conf->cmaps, name);
	snprintf(m->isakmp_profile, sizeof(m->isakmp_profile), "%s", cmd_value(c, SLOT_TEXT)->text);
	return true;
}

static bool
local_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_cmap *m = conf_cmap_find(c->conf->cmaps, name);

	if (c->verb != CMD_SET) {
		if (m == NULL)
			return true;
		m->local_if = (struct iface_id){0};
		drop_empty(c->conf, m);
		return true;
	}
	conf_cmap_get(&c->conf->cmaps, name)->local_if = cmd_value(c, SLOT_IFACE)->iface;
	return true;
}

void
cmds_cmap_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;
	char ifname[IFACE_NAME_MAX];

	DL_FOREACH(((const struct conf *)obj)->cmaps, m) {
		if (m->local_if.type != IFACE_NONE)
			text_add(out, "%s %s local-address %s\n", before, m->name,
			    iface_name(&m->local_if, ifname));
		if (m->isakmp_profile[0] != '\0')
			text_add(out, "%s %s isakmp-profile %s\n", before, m->name,
			    m->isakmp_profile);
		DL_FOREACH(m->entries, e) {
			text_add(out, "%s %s %u ipsec-isakmp ", before, m->name, e->seq);
			if (e->dynamic_map[0] != '\0')
				text_add(out, "dynamic %s ", e->dynamic_map);
			text_add(out, "\n");
			cmd_write_rows(out, rows, " ", e);
		}
	}
}

#define NO_XAUTH "clients that log in are not served here; leave out the line"
#define NO_MANUAL "keys of security associations are negotiated here; use `ipsec-isakmp`"

static const struct cmd isakmp_next[] = {
	{ "dynamic", "Enable dynamic crypto map support", ARG(word, "Name of dynamic-map"),
	    .slot = SLOT_MORE },
	REFUSED("profile", "interfaces are not made for clients here; leave out `profile`"),
	CMD_END
};

static const struct cmd kinds[] = {
	{ "ipsec-isakmp", "IPSEC w/ISAKMP", .slot = SLOT_KIND, .end = true, .sub = isakmp_next },
	REFUSED("ipsec-manual", NO_MANUAL),
	REFUSED("gdoi", "group keys (GET VPN) are not built in; use `ipsec-isakmp`"),
	CMD_END
};

static const struct cmd isakmp_profile[] = {
	{ VALUE(word, "Name of ISAKMP profile"), .slot = SLOT_TEXT },
	CMD_END
};

static const struct cmd local_if[] = {
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

const struct cmd cmds_cmap[] = {
	{ VALUE_NUM(1, 65535, "Sequence to insert into crypto map entry"), .slot = SLOT_NUMBER,
	    .end = true, .sub = kinds },
	{ "local-address", "Interface to use for local address for this crypto map",
	    .sub = local_if, .no_end = true, .run = local_run },
	{ "isakmp-profile", "Specify isakmp profile to use", .sub = isakmp_profile, .no_end = true,
	    .run = isakmp_profile_run },
	REFUSED("client", NO_XAUTH),
	REFUSED("isakmp", NO_XAUTH),
	REFUSED("redundancy", "stateful failover is not built in; leave out the line"),
	REFUSED("gdoi", "group keys (GET VPN) are not built in"),
	CMD_END
};

/* --- crypto dynamic-map NAME SEQ --- */

bool
cmds_dynamic_map_run(struct cmd_call *c)
{
	const char *name = map_name(c, "crypto dynamic-map");
	const struct cmd_value *seq = cmd_value(c, SLOT_NUMBER);

	if (name == NULL)
		return false;
	if (c->verb != CMD_SET)
		return take_map(c, &c->conf->dynamic_maps, name);
	conf_cmap_entry_get(conf_cmap_get(&c->conf->dynamic_maps, name), seq->number);
	return enter(c, &cmd_mode_dynamic_map, name, seq->number);
}

void
cmds_dynamic_map_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	DL_FOREACH(((const struct conf *)obj)->dynamic_maps, m)
		DL_FOREACH(m->entries, e) {
			text_add(out, "%s %s %u\n", before, m->name, e->seq);
			cmd_write_rows(out, rows, " ", e);
			text_add(out, "!\n");
		}
}

const struct cmd cmds_dynamic_map[] = {
	{ VALUE_NUM(1, 65535, "Sequence to insert into dynamic map entry"), .slot = SLOT_NUMBER },
	CMD_END
};

/* --- interface: crypto map NAME --- */

static bool
iface_map_run(struct cmd_call *c)
{
	struct conf_iface *i = c->obj;
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	if (c->verb != CMD_SET) {
		i->cmap[0] = '\0';
		memset(i->cmap, 0, sizeof(i->cmap));
		return true;
	}
	if (conf_cmap_find(c->conf->cmaps, name->text) == NULL)
		return cmd_refuse(c, "ERROR: Crypto Map with tag \"%s\" does not exist.", name->text);
	memset(i->cmap, 0, sizeof(i->cmap));
	snprintf(i->cmap, sizeof(i->cmap), "%s", name->text);
	return true;
}

static void
iface_map_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_iface *i = obj;

	if (i->cmap[0] != '\0')
		text_add(out, "%s %s\n", before, i->cmap);
}

static const struct cmd iface_map_name[] = {
	{ VALUE(word, "Crypto Map tag"), .slot = SLOT_NAME },
	CMD_END
};

const struct cmd cmds_iface_crypto[] = {
	{ "map", "Assign a Crypto Map", .sub = iface_map_name, .no_end = true,
	    .run = iface_map_run, .write = iface_map_write },
	{ "ipsec", "Set IPSec parameters", .sub = cmds_iface_ipsec },
	CMD_END
};
