/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto isakmp peer: whom aggressive mode is spoken with, under what name. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"

static bool
password_run(struct cmd_call *c)
{
	struct conf_isakmp_peer *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_KEY), *form = cmd_value(c, SLOT_KIND);
	struct key_text password = {0};
	const char *why = NULL;

	if (c->verb == CMD_SET)
		why = form == NULL ? key_text_read(&password, KEY_PLAIN, v->text, strlen(v->text)) :
		    conf_type6_read(&c->conf->type6, &password, v->text, strlen(v->text));
	if (why == NULL && c->verb == CMD_SET)
		conf_type6_seal(&c->conf->type6, &password);
	if (why == NULL)
		p->password = password;
	wipe(&password, sizeof(password));
	return why == NULL || cmd_refuse(c, "%s", why);
}

static void
password_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_peer *p = obj;

	if (!key_text_is_set(&p->password))
		return;
	text_add(out, "%s ", before);
	key_text_write(out, &p->password);
	text_add(out, "\n");
}

static bool
endpoint_run(struct cmd_call *c)
{
	struct conf_isakmp_peer *p = c->obj;
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	p->id_type = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;
	snprintf(p->id, sizeof(p->id), "%s", c->verb == CMD_SET ? name->text : "");
	return true;
}

static void
endpoint_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_peer *p = obj;

	if (p->id_type != 0)
		text_add(out, "%s %s %s\n", before, p->id_type == IPC_ID_FQDN ? "fqdn" : "user-fqdn",
		    p->id);
}

static const struct cmd endpoints[] = {
	{ "fqdn", "fully qualified domain name", .slot = SLOT_KIND, .give = IPC_ID_FQDN,
	    .sub = cmds_isakmp_name },
	{ "user-fqdn", "user fully qualified domain name", .slot = SLOT_KIND,
	    .give = IPC_ID_EMAIL, .sub = cmds_isakmp_name },
	REFUSED("ipv4-address", "the address that we send from is our identity without the line"),
	CMD_END
};

#define PASSWORD { VALUE(word, "Tunnel password"), .max = SECRET_MAX, .slot = SLOT_KEY }

static const struct cmd password_clear[] = { PASSWORD, CMD_END };
static const struct cmd password_sealed[] = {
	{ VALUE(word, "The HIDDEN tunnel password"), .max = TYPE6_TEXT_MAX - 1, .slot = SLOT_KEY },
	CMD_END
};
static const struct cmd password_forms[] = {
	{ "0", "Specifies an UNENCRYPTED password will follow", .sub = password_clear },
	{ "6", "Specifies an ENCRYPTED password will follow", .slot = SLOT_KIND, .give = KEY_TYPE_6,
	    .sub = password_sealed },
	PASSWORD,
	CMD_END
};

static const struct cmd peer_aggressive[] = {
	{ "client-endpoint", "Specify the client endpoint", .sub = endpoints, .no_end = true,
	    .run = endpoint_run, .write = endpoint_write },
	{ "password", "Specify the password", .sub = password_forms, .no_end = true,
	    .run = password_run, .write = password_write },
	CMD_END
};

static const struct cmd peer_set[] = {
	{ "aggressive-mode", "Set aggressive mode attributes", .sub = peer_aggressive },
	CMD_END
};

static const struct cmd peer_rows[] = {
	{ "description", "Specify a description of this peer", ARG(line, "Peer description"),
	    FIELD(conf_isakmp_peer, description) },
	{ "set", "Set peer attributes", .sub = peer_set },
	REFUSED("vrf", "there is one routing table; leave out `vrf`"),
	CMD_END
};

static void *
peer_find(struct conf *c, const struct cmd_key *key)
{
	struct addr a;

	return addr_parse(&a, key->name) ? conf_isakmp_peer_find(&c->isakmp, &a) : NULL;
}

static const struct cmd_mode cmd_mode_isakmp_peer = {
	.prompt = "config-isakmp-peer", .rows = peer_rows, .find = peer_find,
};

bool
cmds_isakmp_peer_run(struct cmd_call *c)
{
	const struct addr *a = &cmd_value(c, SLOT_ADDR)->addr;
	struct conf_isakmp_peer *p = conf_isakmp_peer_find(&c->conf->isakmp, a);

	if (c->verb == CMD_SET) {
		conf_isakmp_peer_get(&c->conf->isakmp, a);
		snprintf(c->key.name, sizeof(c->key.name), "%s", ADDR_STR(a));
		c->enter = &cmd_mode_isakmp_peer;
	} else if (p != NULL) {
		conf_isakmp_peer_del(&c->conf->isakmp, p);
	}
	return true;
}

void
cmds_isakmp_peer_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_peer *p;

	DL_FOREACH (((const struct conf *)obj)->isakmp.peers, p) {
		text_add(out, "%s address %s\n", before, ADDR_STR(&p->peer));
		cmd_write_rows(out, peer_rows, " ", p);
		if (p->next != NULL)
			text_add(out, "!\n");
	}
}

const struct cmd cmds_isakmp_peer[] = {
	{ "address", "Peer address", ARG(addr, "Peer IP address"), .slot = SLOT_ADDR },
	{ "ip-address", "Peer address", ARG(addr, "Peer IP address"), .slot = SLOT_ADDR,
	    .hidden = true },
	REFUSED("hostname", "names are not looked up; use `crypto isakmp peer address A.B.C.D`"),
	CMD_END
};
