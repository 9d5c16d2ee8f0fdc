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

/* --- the mode of an entry --- */

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

static const struct cmd_mode cmd_mode_cmap = {"config-crypto-map", cmds_cmap_entry, static_find};
static const struct cmd_mode cmd_mode_dynamic_map = {"config-crypto-map", cmds_cmap_entry, dynamic_find};

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
			cmd_write_rows(out, cmds_cmap_entry, " ", e);
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
			cmd_write_rows(out, cmds_cmap_entry, " ", e);
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
