/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto isakmp profile: whom IKEv1 is spoken with, and how. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "conf_cmap.h"

static struct conf_isakmp_profile *
profile_of(struct cmd_call *c)
{
	return c->obj;
}

/* --- match identity --- */

static bool
match_read(struct cmd_call *c, struct conf_isakmp_match *m)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	*m = (struct conf_isakmp_match){.kind = (uint8_t)cmd_value(c, SLOT_KIND)->number};
	if (cmd_value(c, SLOT_FLAG) != NULL)
		m->kind++;		/* the kind of a domain follows that of a name */
	if (name != NULL)
		snprintf(m->text, sizeof(m->text), "%s", name->text);
	return cmd_value(c, SLOT_ADDR) == NULL || cmds_network(c, &m->address);
}

static bool
match_run(struct cmd_call *c)
{
	struct conf_isakmp_match m;

	if (!match_read(c, &m))
		return false;
	if (c->verb == CMD_SET)
		conf_isakmp_match_add(profile_of(c), &m);
	else
		conf_isakmp_match_del(profile_of(c), &m);
	return true;
}

static void
match_write(struct text *out, const char *before, const void *obj)
{
	static const char *const words[] = {
		[IPC_MATCH_FQDN] = "host", [IPC_MATCH_FQDN_DOMAIN] = "host domain",
		[IPC_MATCH_EMAIL] = "user", [IPC_MATCH_EMAIL_DOMAIN] = "user domain",
	};
	const struct conf_isakmp_match *m;

	DL_FOREACH (((const struct conf_isakmp_profile *)obj)->matches, m) {
		struct addr mask = prefix_mask(ADDR_V4, m->address.len);

		if (m->kind == IPC_MATCH_ADDRESS)
			text_add(out, "%s identity address %s %s\n", before,
			    ADDR_STR(&m->address.addr),
			    m->address.len == 0 ? "" : ADDR_STR(&mask));
		else if (m->kind == IPC_MATCH_CERT_MAP)
			text_add(out, "%s certificate %s\n", before, m->text);
		else
			text_add(out, "%s identity %s %s\n", before, words[m->kind], m->text);
	}
}

static const struct cmd match_mask[] = {
	{ VALUE(mask, "specify mask"), .slot = SLOT_MASK },
	CMD_END
};

static const struct cmd match_address[] = {
	{ VALUE(addr, "IP address prefix to match"), .slot = SLOT_ADDR, .end = true,
	    .sub = match_mask },
	CMD_END
};

static const struct cmd match_domain[] = {
	{ VALUE(word, "domain name"), .max = ISAKMP_ID_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd match_host[] = {
	{ "domain", "match a host domain", .slot = SLOT_FLAG, .sub = match_domain },
	{ VALUE(word, "fully qualified domain name"), .max = ISAKMP_ID_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd match_user[] = {
	{ "domain", "match a user domain", .slot = SLOT_FLAG, .sub = match_domain },
	{ VALUE(word, "fully qualified user name"), .max = ISAKMP_ID_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd match_identity[] = {
	{ "address", "IP Address(es)", .slot = SLOT_KIND, .give = IPC_MATCH_ADDRESS,
	    .sub = match_address },
	{ "host", "match a hostname/domain", .slot = SLOT_KIND, .give = IPC_MATCH_FQDN,
	    .sub = match_host },
	{ "user", "match a username/domain", .slot = SLOT_KIND, .give = IPC_MATCH_EMAIL,
	    .sub = match_user },
	REFUSED("group", "groups are of Easy VPN, which is not built in; match an address, host "
	    "or user"),
	CMD_END
};

static const struct cmd match_map[] = {
	{ VALUE(word, "certificate map name"), .max = ISAKMP_NAME_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd match[] = {
	{ "identity", "match a peer identity", .sub = match_identity },
	{ "certificate", "match a certificate map", .slot = SLOT_KIND, .give = IPC_MATCH_CERT_MAP,
	    .sub = match_map },
	CMD_END
};

/* --- trustpoints --- */

static bool
trustpoint_run(struct cmd_call *c)
{
	struct conf_isakmp_profile *p = profile_of(c);
	const char *name = cmd_value(c, SLOT_NAME)->text;
	unsigned int i;

	for (i = 0; i < ISAKMP_TRUSTPOINTS_MAX && p->trustpoints[i][0] != '\0'; i++)
		if (strcmp(p->trustpoints[i], name) == 0)
			break;
	if (i == ISAKMP_TRUSTPOINTS_MAX)
		return c->verb != CMD_SET ||
		    cmd_refuse(c, "a profile has at most %d trustpoints", ISAKMP_TRUSTPOINTS_MAX);
	if (c->verb == CMD_SET) {
		snprintf(p->trustpoints[i], sizeof(p->trustpoints[i]), "%s", name);
		return true;
	}
	memmove(&p->trustpoints[i], &p->trustpoints[i + 1],
	    (ISAKMP_TRUSTPOINTS_MAX - 1 - i) * sizeof(p->trustpoints[0]));
	memset(&p->trustpoints[ISAKMP_TRUSTPOINTS_MAX - 1], 0, sizeof(p->trustpoints[0]));
	return true;
}

static void
trustpoint_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_profile *p = obj;
	unsigned int i;

	for (i = 0; i < ISAKMP_TRUSTPOINTS_MAX && p->trustpoints[i][0] != '\0'; i++)
		text_add(out, "%s %s\n", before, p->trustpoints[i]);
}

static const struct cmd trust[] = {
	{ "trust-point", "Specify trustpoint to use", ARG(word, "Trustpoint name"),
	    .max = ISAKMP_NAME_MAX - 1, .slot = SLOT_NAME, .run = trustpoint_run,
	    .write = trustpoint_write },
	CMD_END
};

/* --- self-identity --- */

static bool
self_run(struct cmd_call *c)
{
	struct conf_isakmp_profile *p = profile_of(c);
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND), *name = cmd_value(c, SLOT_NAME);

	p->id_type = c->verb == CMD_SET ? (uint8_t)kind->number : 0;
	snprintf(p->id, sizeof(p->id), "%s", c->verb == CMD_SET && name != NULL ? name->text : "");
	return true;
}

static void
self_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_profile *p = obj;

	if (p->id_type != 0)
		text_add(out, "%s %s%s%s\n", before, p->id_type == IPC_ID_ADDRESS ? "address" :
		    p->id_type == IPC_ID_FQDN ? "fqdn" : "user-fqdn", p->id[0] == '\0' ? "" : " ",
		    p->id);
}

const struct cmd cmds_isakmp_name[] = {
	{ VALUE(word, "fully qualified name"), .max = ISAKMP_ID_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd self[] = {
	{ "address", "address type", .slot = SLOT_KIND, .give = IPC_ID_ADDRESS },
	{ "fqdn", "fully qualified domain name", .slot = SLOT_KIND, .give = IPC_ID_FQDN,
	    .end = true, .sub = cmds_isakmp_name },
	{ "user-fqdn", "user fully qualified domain name", .slot = SLOT_KIND,
	    .give = IPC_ID_EMAIL, .sub = cmds_isakmp_name },
	CMD_END
};

/* --- keepalive, local-address --- */

static bool
keepalive_run(struct cmd_call *c)
{
	struct conf_isakmp_profile *p = profile_of(c);

	p->dpd_s = c->verb == CMD_SET ? (uint16_t)cmd_value(c, SLOT_NUMBER)->number : 0;
	p->dpd_retry_s = c->verb == CMD_SET ? (uint16_t)cmd_value(c, SLOT_MORE)->number : 0;
	return true;
}

static void
keepalive_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_profile *p = obj;

	if (p->dpd_s != 0)
		text_add(out, "%s %u retry %u\n", before, p->dpd_s, p->dpd_retry_s);
}

static const struct cmd keepalive_retry[] = {
	{ "retry", "Number of seconds between keep alive retries",
	    ARG_NUM(2, 60, "Number of seconds between keep alive retries"), .slot = SLOT_MORE },
	CMD_END
};

static bool
local_run(struct cmd_call *c)
{
	struct conf_isakmp_profile *p = profile_of(c);
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *iface = cmd_value(c, SLOT_IFACE);

	p->local = (struct addr){0};
	p->local_if = (struct iface_id){0};
	if (c->verb == CMD_SET && addr != NULL)
		p->local = addr->addr;
	else if (c->verb == CMD_SET)
		p->local_if = iface->iface;
	return true;
}

static void
local_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_profile *p = obj;
	char name[IFACE_NAME_MAX];

	if (addr_is_set(&p->local))
		text_add(out, "%s %s\n", before, ADDR_STR(&p->local));
	else if (p->local_if.type != IFACE_NONE)
		text_add(out, "%s %s\n", before, iface_name(&p->local_if, name));
}

static const struct cmd local[] = {
	{ VALUE(addr, "Local address"), .slot = SLOT_ADDR },
	{ VALUE(iface, "Local interface"), .slot = SLOT_IFACE },
	CMD_END
};

/* --- crypto isakmp profile --- */

static const struct cmd initiate_modes[] = {
	{ "aggressive", "Initiate aggressive mode", FIELD(conf_isakmp_profile, aggressive) },
	CMD_END
};

static const struct cmd initiate[] = {
	{ "mode", "Initiation mode", .sub = initiate_modes },
	CMD_END
};


static const struct cmd profile_rows[] = {
	{ "description", "Specify a description of this profile", ARG(line, "Profile description"),
	    FIELD(conf_isakmp_profile, description) },
	{ "keyring", "Specify keyring to use", ARG(word, "Keyring name"),
	    FIELD(conf_isakmp_profile, keyring) },
	{ "self-identity", "Specify Identity to use", .sub = self, .no_end = true, .run = self_run,
	    .write = self_write },
	{ "match", "Match values of peer", .sub = match, .run = match_run, .write = match_write },
	{ "keepalive", "Set a keepalive interval for use with IOS peers",
	    ARG_NUM(10, 3600, "Number of seconds between keep alives"), .slot = SLOT_NUMBER,
	    .no_end = true, .sub = keepalive_retry, .run = keepalive_run,
	    .write = keepalive_write },
	{ "initiate", "Set initiate mode", .sub = initiate },
	{ "local-address", "Interface to use as local address", .sub = local, .no_end = true,
	    .run = local_run, .write = local_write },
	REFUSED("vrf", "there is one routing table; leave out `vrf`"),
	{ "ca", "Specify certificate authorities to trust", .sub = trust },
	REFUSED("client", NO_EASY_VPN),
	REFUSED("isakmp", NO_EASY_VPN),
	REFUSED("accounting", NO_EASY_VPN),
	REFUSED("virtual-template", "each peer has a tunnel of its own, or is met over DMVPN; "
	    "leave out `virtual-template`"),
	REFUSED("qos-group", "there is no QoS here; leave out `qos-group`"),
	CMD_END
};

static void *
profile_find(struct conf *c, const struct cmd_key *key)
{
	return conf_isakmp_profile_find(&c->isakmp, key->name);
}

static const struct cmd_mode cmd_mode_isakmp_profile = {
	.prompt = "conf-isa-prof", .rows = profile_rows, .find = profile_find,
};

static const char *
map_user(const struct conf_cmap *maps, const char *name)
{
	const struct conf_cmap_entry *e;
	const struct conf_cmap *m;

	DL_FOREACH (maps, m) {
		if (strcmp(m->isakmp_profile, name) == 0)
			return m->name;
		DL_FOREACH (m->entries, e)
			if (strcmp(e->sa.isakmp_profile, name) == 0)
				return m->name;
	}
	return NULL;
}

/* An interface, IPsec profile or crypto map that names it, or NULL. */
static const char *
profile_user(const struct conf *c, const char *name, char iface[IFACE_NAME_MAX])
{
	const struct conf_ipsec_profile *p;
	const struct conf_iface *i;

	if (map_user(c->cmaps, name) != NULL)
		return map_user(c->cmaps, name);
	if (map_user(c->dynamic_maps, name) != NULL)
		return map_user(c->dynamic_maps, name);
	DL_FOREACH (c->profiles, p)
		if (strcmp(p->isakmp_profile, name) == 0)
			return p->name;
	DL_FOREACH (c->ifaces, i)
		if (strcmp(i->tunnel.isakmp_profile, name) == 0)
			return iface_name(&i->id, iface);
	return NULL;
}

bool
cmds_isakmp_profile_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text, *user;
	struct conf_isakmp_profile *p = conf_isakmp_profile_find(&c->conf->isakmp, name);
	char iface[IFACE_NAME_MAX];

	if (c->verb == CMD_SET) {
		conf_isakmp_profile_get(&c->conf->isakmp, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_isakmp_profile;
		return true;
	}
	user = profile_user(c->conf, name, iface);
	if (p != NULL && user != NULL)
		return cmd_refuse(c, "ISAKMP profile %s is in use by %s; take it out there first", name,
		    user);
	if (p != NULL)
		conf_isakmp_profile_del(&c->conf->isakmp, p);
	return true;
}

void
cmds_isakmp_profile_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_profile *p;

	DL_FOREACH (((const struct conf *)obj)->isakmp.profiles, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, profile_rows, "   ", p);
		if (p->next != NULL)
			text_add(out, "!\n");
	}
}
