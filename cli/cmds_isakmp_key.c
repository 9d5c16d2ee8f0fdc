/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto isakmp key, crypto keyring: what phase 1 is authenticated with. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "key_text.h"

/* Sets or deletes in `list` the key of this sentence's peer. */
static bool
key_change(struct cmd_call *c, struct conf_key **list)
{
	const struct cmd_value *v = cmd_value(c, SLOT_KEY), *host = cmd_value(c, SLOT_NAME);
	const struct cmd_value *form = cmd_value(c, SLOT_KIND);
	const char *name = host == NULL ? "" : host->text, *why;
	struct key_text key = {0};
	struct prefix peer = {0};

	if (host == NULL && !cmds_prefix(c, &peer))
		return false;
	if (host != NULL && strlen(name) >= ISAKMP_ID_MAX)
		return cmd_refuse(c, "the name is longer than %d characters; use a shorter one",
		    ISAKMP_ID_MAX - 1);
	if (peer.addr.family == ADDR_V4 && addr_is_any(&peer.addr) && cmd_value(c, SLOT_MASK) == NULL)
		peer.len = 0;
	if (host == NULL)
		peer = prefix_network(&peer);
	if (c->verb != CMD_SET) {
		conf_key_set(list, &peer, name, NULL);
		return true;
	}
	why = form == NULL ? key_text_read(&key, KEY_PLAIN, v->text, strlen(v->text)) :
	    conf_type6_read(&c->conf->type6, &key, v->text, strlen(v->text));
	if (why == NULL) {
		conf_type6_seal(&c->conf->type6, &key);
		conf_key_set(list, &peer, name, &key);
	}
	wipe(&key, sizeof(key));
	return why == NULL || cmd_refuse(c, "%s", why);
}

static void
write_peer(struct text *out, const struct conf_key *k)
{
	struct addr mask = prefix_mask(ADDR_V4, k->peer.len);

	if (k->host[0] != '\0') {
		text_add(out, "hostname %s", k->host);
		return;
	}
	if (k->peer.addr.family == ADDR_V6) {
		text_add(out, "address ipv6 %s", PREFIX_STR(&k->peer));
		return;
	}
	text_add(out, "address %s", ADDR_STR(&k->peer.addr));
	if (k->peer.len != 32 && !(k->peer.len == 0 && addr_is_any(&k->peer.addr)))
		text_add(out, " %s", ADDR_STR(&mask));
}

bool
cmds_isakmp_key_run(struct cmd_call *c)
{
	return key_change(c, &c->conf->keys);
}

void
cmds_isakmp_key_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_key *k;

	DL_FOREACH(((const struct conf *)obj)->keys, k) {
		text_add(out, "%s ", before);
		key_text_write(out, &k->key);
		text_add(out, " ");
		write_peer(out, k);
		text_add(out, "\n");
	}
}

#define KEY_VALUE								\
	{ VALUE(word, "The UNENCRYPTED (cleartext) user password"), .max = SECRET_MAX,	\
	    .slot = SLOT_KEY, .sub = KEY_SUB }
#define SEALED_VALUE								\
	{ VALUE(word, "The HIDDEN user password string"), .max = TYPE6_TEXT_MAX - 1,	\
	    .slot = SLOT_KEY, .sub = KEY_SUB }
#define TYPE_6(values)								\
	{ "6", "Specifies an ENCRYPTED password will follow", .slot = SLOT_KIND,	\
	    .give = KEY_TYPE_6, .sub = (values) }

static const struct cmd key_xauth[] = {
	/* Extended authentication is never asked for: it is so already, and not kept. */
	{ "no-xauth", "Bypasses XAuth for this peer", .end = true },
	CMD_END
};

static const struct cmd key_mask[] = {
	{ VALUE(mask, "Peer IP subnet mask"), .slot = SLOT_MASK, .end = true, .sub = key_xauth },
	{ "no-xauth", "Bypasses XAuth for this peer", .end = true },
	CMD_END
};

static const struct cmd key_addr6[] = {
	{ VALUE(prefix6, "IPv6 address"), .slot = SLOT_ADDR, .end = true, .sub = key_xauth },
	CMD_END
};

static const struct cmd key_addr[] = {
	{ VALUE(addr, "Peer IP address"), .slot = SLOT_ADDR, .end = true, .sub = key_mask },
	{ "ipv6", "define shared key with IPv6 address", .sub = key_addr6 },
	CMD_END
};

/* The name that the peer gives as its identity, in aggressive mode; it is not looked up. */
static const struct cmd key_host[] = {
	{ VALUE(word, "Peer's hostname"), .slot = SLOT_NAME, .end = true, .sub = key_xauth },
	CMD_END
};

static const struct cmd key_peer[] = {
	{ "address", "define shared key with IP address", .sub = key_addr },
	{ "hostname", "define shared key with hostname", .sub = key_host },
	CMD_END
};

#define KEY_SUB key_peer
static const struct cmd key_clear[] = { KEY_VALUE, CMD_END };
static const struct cmd key_sealed[] = { SEALED_VALUE, CMD_END };

const struct cmd cmds_isakmp_key[] = {
	{ "0", "Specifies an UNENCRYPTED password will follow", .sub = key_clear },
	TYPE_6(key_sealed),
	{ "address", "define shared key with IP address", .sub = key_addr, .hidden = true,
	    .verbs = CMD_NO | CMD_DEFAULT },
	{ "hostname", "define shared key with hostname", .sub = key_host, .hidden = true,
	    .verbs = CMD_NO | CMD_DEFAULT },
	KEY_VALUE,
	CMD_END
};
#undef KEY_SUB

/* --- crypto keyring --- */

static bool
ring_key_run(struct cmd_call *c)
{
	return key_change(c, &((struct conf_keyring *)c->obj)->keys);
}

static void
ring_key_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_key *k;

	DL_FOREACH(((const struct conf_keyring *)obj)->keys, k) {
		text_add(out, "%s ", before);
		write_peer(out, k);
		text_add(out, " key ");
		key_text_write(out, &k->key);
		text_add(out, "\n");
	}
}

#define KEY_SUB NULL
static const struct cmd ring_clear[] = { KEY_VALUE, CMD_END };
static const struct cmd ring_sealed[] = { SEALED_VALUE, CMD_END };

static const struct cmd ring_type[] = {
	{ "0", "Specifies an UNENCRYPTED password will follow", .sub = ring_clear },
	TYPE_6(ring_sealed),
	KEY_VALUE,
	CMD_END
};

static const struct cmd ring_key[] = {
	{ "key", "specify a pre-shared key", .sub = ring_type },
	CMD_END
};

static const struct cmd ring_mask[] = {
	{ "key", "specify a pre-shared key", .sub = ring_type },
	{ VALUE(mask, "Peer IP subnet mask"), .slot = SLOT_MASK, .no_end = true, .sub = ring_key },
	CMD_END
};

static const struct cmd ring_addr6[] = {
	{ VALUE(prefix6, "IPv6 address"), .slot = SLOT_ADDR, .no_end = true, .sub = ring_key },
	CMD_END
};

static const struct cmd ring_addr[] = {
	{ VALUE(addr, "Peer IP address"), .slot = SLOT_ADDR, .no_end = true, .sub = ring_mask },
	{ "ipv6", "define shared key with IPv6 address", .sub = ring_addr6 },
	CMD_END
};

static const struct cmd ring_host[] = {
	{ VALUE(word, "Peer's hostname"), .slot = SLOT_NAME, .no_end = true, .sub = ring_key },
	CMD_END
};

static const struct cmd ring_peer[] = {
	{ "address", "define shared key with IP address", .sub = ring_addr },
	{ "hostname", "define shared key with hostname", .sub = ring_host },
	CMD_END
};

static const struct cmd ring_rows[] = {
	{ "pre-shared-key", "Specify a pre-shared key", .sub = ring_peer, .run = ring_key_run,
	    .write = ring_key_write },
	REFUSED("description", "a keyring has no description; leave it out"),
	REFUSED("rsa-pubkey", "public keys come in certificates; use `crypto pki trustpoint`"),
	REFUSED("local-address", "a keyring is not bound to an address; leave out `local-address`"),
	CMD_END
};

const struct cmd cmds_keyring_vrf[] = {
	REFUSED("vrf", "there is one routing table; leave out `vrf`"),
	CMD_END
};

static void *
ring_find(struct conf *c, const struct cmd_key *key)
{
	return conf_keyring_find(c, key->name);
}

static const struct cmd_mode cmd_mode_keyring = {"conf-keyring", ring_rows, ring_find};

bool
cmds_keyring_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_keyring *k = conf_keyring_find(c->conf, name);

	if (c->verb == CMD_SET) {
		conf_keyring_get(c->conf, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_keyring;
	} else if (k != NULL) {
		conf_keyring_del(c->conf, k);
	}
	return true;
}

void
cmds_keyring_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_keyring *k;

	DL_FOREACH(((const struct conf *)obj)->keyrings, k) {
		text_add(out, "%s %s\n", before, k->name);
		cmd_write_rows(out, ring_rows, "  ", k);
		text_add(out, "!\n");
	}
}
