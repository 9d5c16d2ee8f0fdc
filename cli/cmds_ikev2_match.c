/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match ..., of an IKEv2 profile: which peers and addresses of ours it is for. */
#include <stdio.h>
#include <utlist.h>

#include "cli/cmds_ikev2.h"

/* What the line matches, as an entry of the list. */
static bool
match_read(struct cmd_call *c, struct conf_ikev2_match *m)
{
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *iface = cmd_value(c, SLOT_IFACE);
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	*m = (struct conf_ikev2_match){.kind = cmds_ikev2_kind(c)};
	if (name != NULL)
		snprintf(m->text, sizeof(m->text), "%s", name->text);
	if (iface != NULL)
		m->iface = iface->iface;
	return addr == NULL || cmds_network(c, &m->address);
}

bool
cmds_ikev2_match_run(struct cmd_call *c)
{
	struct conf_ikev2_match m;

	if (!match_read(c, &m))
		return false;
	if (c->verb == CMD_SET)
		conf_ikev2_match_add(c->obj, &m);
	else
		conf_ikev2_match_del(c->obj, &m);
	return true;
}

static void
write_network(struct text *out, const char *before, const struct prefix *p)
{
	struct addr mask = prefix_mask(ADDR_V4, p->len);

	text_add(out, "%s identity remote address %s", before, ADDR_STR(&p->addr));
	if (p->len != 0)
		text_add(out, " %s", ADDR_STR(&mask));
	text_add(out, "\n");
}

void
cmds_ikev2_match_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_match *m;
	char iface[IFACE_NAME_MAX];

	DL_FOREACH(((const struct conf_ikev2_profile *)obj)->matches, m) {
		if (m->kind == IPC_MATCH_LOCAL_ADDRESS && m->iface.type != IFACE_NONE)
			text_add(out, "%s address local interface %s\n", before,
			    iface_name(&m->iface, iface));
		else if (m->kind == IPC_MATCH_LOCAL_ADDRESS)
			text_add(out, "%s address local %s\n", before, ADDR_STR(&m->address.addr));
		else if (m->kind == IPC_MATCH_CERT_MAP)
			text_add(out, "%s certificate %s\n", before, m->text);
		else if (m->kind == IPC_MATCH_ANY)
			text_add(out, "%s identity remote any\n", before);
		else if (m->kind == IPC_MATCH_ADDRESS)
			write_network(out, before, &m->address);
		else
			text_add(out, "%s identity remote %s %s\n", before,
			    cmds_ikev2_kind_words(m->kind), m->text);
	}
}

static const struct cmd remote_mask[] = {
	{ VALUE(mask, "specify mask"), .slot = SLOT_MASK },
	CMD_END
};

static const struct cmd remote_address[] = {
	{ VALUE(addr, "IP address prefix"), .slot = SLOT_ADDR, .end = true, .sub = remote_mask },
	CMD_END
};

static const struct cmd remote[] = {
	{ "address", "IP Address(es)", .slot = SLOT_KIND, .give = IPC_MATCH_ADDRESS,
	    .sub = remote_address },
	{ "any", "match any peer identity", .slot = SLOT_KIND, .give = IPC_MATCH_ANY },
	{ "email", "Fully qualified email string [Max. 255 char(s)]", .slot = SLOT_KIND,
	    .give = IPC_MATCH_EMAIL, .sub = cmds_ikev2_email },
	{ "fqdn", "Fully qualified domain name string [Max. 255 char(s)]", .slot = SLOT_KIND,
	    .give = IPC_MATCH_FQDN, .sub = cmds_ikev2_fqdn },
	{ "key-id", "key-id opaque string", .slot = SLOT_KIND, .give = IPC_MATCH_KEY_ID,
	    .sub = cmds_ikev2_key_id },
	CMD_END
};

static const struct cmd match_identity[] = {
	{ "remote", "Remote identity", .sub = remote },
	CMD_END
};

static const struct cmd local_iface[] = {
	{ VALUE(iface, ""), .slot = SLOT_IFACE },
	CMD_END
};

static const struct cmd local_address[] = {
	{ "interface", "Interface", .sub = local_iface },
	{ VALUE(addr, "IP address of local interface"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd match_address[] = {
	{ "local", "Local address", .slot = SLOT_KIND, .give = IPC_MATCH_LOCAL_ADDRESS,
	    .sub = local_address },
	CMD_END
};

static const struct cmd map_name[] = {
	{ VALUE(word, "Name of certificate map"), .slot = SLOT_NAME },
	CMD_END
};

/* There is one routing table, which is what `any` and no line at all mean here. */
static bool
fvrf_run(struct cmd_call *c)
{
	return c->verb != CMD_SET ||
	    cmd_refuse(c, "there is one routing table; use `match fvrf any`");
}

static const struct cmd fvrfs[] = {
	NOTED("any"),
	{ VALUE(word, "fvrf name"), .run = fvrf_run },
	CMD_END
};

const struct cmd cmds_ikev2_match[] = {
	{ "address", "IP address", .sub = match_address },
	{ "certificate", "Peer certificate attributes", .slot = SLOT_KIND,
	    .give = IPC_MATCH_CERT_MAP, .sub = map_name },
	{ "fvrf", "fvrf of the profile", .sub = fvrfs },
	{ "identity", "IKE identity", .sub = match_identity },
	CMD_END
};
