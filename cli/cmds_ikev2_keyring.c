/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 keyring, and the peers in it; identities as lines name them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_ikev2.h"

/* --- identities --- */

#define NAME_OF(text) { VALUE(word, text), .slot = SLOT_NAME, .max = IKEV2_ID_MAX - 1 }

static const struct cmd domain_name[] = { NAME_OF("Specify domain name"), CMD_END };

/* The kind of a domain follows that of a name in enum ipc_match. */
const struct cmd cmds_ikev2_fqdn[] = {
	{ "domain", "Specify only domain from fqdn", .slot = SLOT_FLAG, .sub = domain_name },
	NAME_OF("Fully qualified domain name string"),
	CMD_END
};

const struct cmd cmds_ikev2_email[] = {
	{ "domain", "Specify only domain from email string", .slot = SLOT_FLAG, .sub = domain_name },
	NAME_OF("Fully qualified email string"),
	CMD_END
};

const struct cmd cmds_ikev2_key_id[] = { NAME_OF("Opaque string"), CMD_END };

static const struct cmd one_address[] = {
	{ VALUE(addr, "IPv4 address"), .slot = SLOT_ADDR },
	CMD_END
};

static const struct cmd peer_identity[] = {
	{ "address", "IP address", .slot = SLOT_KIND, .give = IPC_MATCH_ADDRESS,
	    .sub = one_address },
	{ "email", "Fully qualified email string", .slot = SLOT_KIND, .give = IPC_MATCH_EMAIL,
	    .sub = cmds_ikev2_email },
	{ "fqdn", "Fully qualified domain name string", .slot = SLOT_KIND, .give = IPC_MATCH_FQDN,
	    .sub = cmds_ikev2_fqdn },
	{ "key-id", "Opaque string", .slot = SLOT_KIND, .give = IPC_MATCH_KEY_ID,
	    .sub = cmds_ikev2_key_id },
	CMD_END
};

uint8_t
cmds_ikev2_kind(const struct cmd_call *c)
{
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND);

	return (uint8_t)(kind->number + (cmd_value(c, SLOT_FLAG) != NULL ? 1 : 0));
}

const char *
cmds_ikev2_kind_words(uint8_t kind)
{
	static const char *const words[] = {
		[IPC_MATCH_ADDRESS] = "address",
		[IPC_MATCH_FQDN] = "fqdn", [IPC_MATCH_FQDN_DOMAIN] = "fqdn domain",
		[IPC_MATCH_EMAIL] = "email", [IPC_MATCH_EMAIL_DOMAIN] = "email domain",
		[IPC_MATCH_KEY_ID] = "key-id",
	};

	return words[kind];
}

/* --- in a peer --- */

static bool
address_run(struct cmd_call *c)
{
	struct conf_ikev2_peer *p = c->obj;
	struct prefix net;

	if (c->verb != CMD_SET) {
		p->address = (struct prefix){0};
		return true;
	}
	if (!cmds_prefix(c, &net))
		return false;
	p->address = prefix_network(&net);
	return true;
}

static void
address_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_peer *p = obj;
	struct addr mask = prefix_mask(ADDR_V4, p->address.len);

	if (p->address.addr.family == ADDR_NONE)
		return;
	text_add(out, "%s %s", before, ADDR_STR(&p->address.addr));
	if (p->address.len != 32)
		text_add(out, " %s", ADDR_STR(&mask));
	text_add(out, "\n");
}

static bool
identity_run(struct cmd_call *c)
{
	struct conf_ikev2_peer *p = c->obj;
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *name = cmd_value(c, SLOT_NAME);

	p->id_kind = 0;
	memset(p->id, 0, sizeof(p->id));
	if (c->verb != CMD_SET)
		return true;
	p->id_kind = cmds_ikev2_kind(c);
	snprintf(p->id, sizeof(p->id), "%s", addr != NULL ? addr->text : name->text);
	return true;
}

static void
identity_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_peer *p = obj;

	if (p->id_kind != 0)
		text_add(out, "%s %s %s\n", before, cmds_ikev2_kind_words(p->id_kind), p->id);
}

enum { BOTH, LOCAL, REMOTE };

static void
forget(struct key_text *k)
{
	wipe(k, sizeof(*k));
}

static bool
psk_run(struct cmd_call *c)
{
	struct conf_ikev2_peer *p = c->obj;
	const struct cmd_value *which = cmd_value(c, SLOT_FLAG), *form = cmd_value(c, SLOT_KIND);
	const struct cmd_value *v = cmd_value(c, SLOT_KEY);
	const struct conf_type6 *type6 = &c->conf->type6;
	unsigned int whose = which != NULL ? which->number : BOTH;
	struct key_text k = {0};
	const char *why = NULL;
	size_t len;

	if (c->verb == CMD_SET) {
		for (len = strlen(v->text); len > 0 && isspace((unsigned char)v->text[len - 1]);)
			len--;
		if (form != NULL && form->number == KEY_TYPE_6)
			why = conf_type6_read(type6, &k, v->text, len);
		else
			why = key_text_read(&k, form != NULL ? form->number : KEY_PLAIN, v->text, len);
		if (why == NULL)
			conf_type6_seal(type6, &k);
	}
	if (why == NULL && whose != REMOTE) {
		forget(&p->local);
		p->local = k;
	}
	if (why == NULL && whose != LOCAL) {
		forget(&p->remote);
		p->remote = k;
	}
	forget(&k);
	return why == NULL || cmd_refuse(c, "%s", why);
}

static void
write_key(struct text *out, const char *before, const char *whose, const struct key_text *k)
{
	if (!key_text_is_set(k))
		return;
	text_add(out, "%s%s ", before, whose);
	key_text_write(out, k);
	text_add(out, "\n");
}

static void
psk_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_peer *p = obj;

	if (key_text_eq(&p->local, &p->remote)) {
		write_key(out, before, "", &p->local);
		return;
	}
	write_key(out, before, " local", &p->local);
	write_key(out, before, " remote", &p->remote);
}

#define KEY { VALUE(line, "The UNENCRYPTED (cleartext) key"), .slot = SLOT_KEY }

static const struct cmd psk_text[] = { KEY, CMD_END };

#define PSK_FORMS								\
	{ "0", "Specifies an UNENCRYPTED password will follow", .sub = psk_text },	\
	{ "6", "Specifies an ENCRYPTED password will follow", .slot = SLOT_KIND,	\
	    .give = KEY_TYPE_6, .sub = psk_text },				\
	{ "7", "Specifies a HIDDEN password will follow", .slot = SLOT_KIND,	\
	    .give = KEY_TYPE_7, .sub = psk_text },				\
	{ "hex", "Key entered in hex string", .slot = SLOT_KIND, .give = KEY_HEX,	\
	    .sub = psk_text },							\
	KEY

static const struct cmd psk_forms[] = { PSK_FORMS, CMD_END };

static const struct cmd psk[] = {
	{ "local", "specify signing key", .slot = SLOT_FLAG, .give = LOCAL, .no_end = true,
	    .sub = psk_forms },
	{ "remote", "specify verifying key", .slot = SLOT_FLAG, .give = REMOTE, .no_end = true,
	    .sub = psk_forms },
	PSK_FORMS,
	CMD_END
};

static const struct cmd peer_mask[] = {
	{ VALUE(mask, "Specify IPv4 address mask"), .slot = SLOT_MASK },
	CMD_END
};

/* No REFUSED row: the word is one of global mode, too. */
static bool
hostname_run(struct cmd_call *c)
{
	return cmd_refuse(c, "peers are found by address or identity: use `address A.B.C.D` or "
	    "`identity fqdn NAME`");
}

static const struct cmd peer_rows[] = {
	{ "description", "Specify a description of this peer", ARG(line, "Peer description"),
	    FIELD(conf_ikev2_peer, description) },
	{ "address", "Specify IPv4/IPv6 address of peer", ARG(addr, "IPv4 Address"),
	    .slot = SLOT_ADDR, .end = true, .no_end = true, .sub = peer_mask, .run = address_run,
	    .write = address_write },
	{ "identity", "Specify IKE identity to use", .sub = peer_identity, .no_end = true,
	    .run = identity_run, .write = identity_write },
	{ "pre-shared-key", "specify the pre-shared key", .sub = psk, .no_end = true,
	    .run = psk_run, .write = psk_write },
	{ "hostname", "", ARG(word, ""), .run = hostname_run, .hidden = true },
	REFUSED("ppk", "post-quantum keys are not built in; leave the line out on both sides"),
	CMD_END
};

/* --- in a keyring --- */

static void *
keyring_find(struct conf *c, const struct cmd_key *key)
{
	return conf_ikev2_keyring_find(&c->ikev2, key->name);
}

static void *
peer_find(struct conf *c, const struct cmd_key *key)
{
	const struct conf_ikev2_keyring *k = keyring_find(c, key);

	return k == NULL ? NULL : conf_ikev2_peer_find(k, key->inner);
}

static const struct cmd_mode cmd_mode_ikev2_peer = {
	.prompt = "config-ikev2-keyring-peer", .rows = peer_rows, .find = peer_find,
};

static bool
peer_run(struct cmd_call *c)
{
	struct conf_ikev2_keyring *k = c->obj;
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_ikev2_peer *p = conf_ikev2_peer_find(k, name);

	if (c->verb == CMD_SET) {
		conf_ikev2_peer_get(k, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", k->name);
		snprintf(c->key.inner, sizeof(c->key.inner), "%s", name);
		c->enter = &cmd_mode_ikev2_peer;
	} else if (p != NULL) {
		conf_ikev2_peer_del(k, p);
	}
	return true;
}

static void
peer_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_peer *p;

	DL_FOREACH(((const struct conf_ikev2_keyring *)obj)->peers, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, peer_rows, "  ", p);
		text_add(out, " !\n");
	}
}

static const struct cmd keyring_rows[] = {
	{ "peer", "Configure a Peer and associated keys", ARG(word, "Name of the peer block"),
	    .slot = SLOT_NAME, .run = peer_run, .write = peer_write },
	CMD_END
};

static const struct cmd_mode cmd_mode_ikev2_keyring = {
	.prompt = "config-ikev2-keyring", .rows = keyring_rows, .find = keyring_find,
};

bool
cmds_ikev2_keyring_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_ikev2 *v = &c->conf->ikev2;
	struct conf_ikev2_keyring *k = conf_ikev2_keyring_find(v, name);
	const struct conf_ikev2_profile *p;

	if (c->verb == CMD_SET) {
		conf_ikev2_keyring_get(v, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_ikev2_keyring;
		return true;
	}
	DL_FOREACH(v->profiles, p)
		if (k != NULL && strcmp(p->keyring, name) == 0)
			return cmd_refuse(c, "keyring %s is in IKEv2 profile %s; enter `no keyring` "
			    "there first", name, p->name);
	if (k != NULL)
		conf_ikev2_keyring_del(v, k);
	return true;
}

void
cmds_ikev2_keyring_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_keyring *k;

	DL_FOREACH(((const struct conf *)obj)->ikev2.keyrings, k) {
		text_add(out, "%s %s\n", before, k->name);
		cmd_write_rows(out, keyring_rows, " ", k);
		text_add(out, "!\n");
	}
}
