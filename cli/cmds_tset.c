/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ipsec transform-set. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "conf_cmap.h"

static bool
mode_run(struct cmd_call *c)
{
	struct conf_transform_set *t = c->obj;

	t->mode = c->verb == CMD_SET ? (uint8_t)cmd_value(c, SLOT_KIND)->number : 0;
	return true;
}

static void
mode_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_transform_set *t = obj;

	text_add(out, "%s %s\n", before, t->mode == MODE_TRANSPORT ? "transport" : "tunnel");
}

static const struct cmd transport_require[] = {
	REFUSED("require", "the peer's mode is not insisted on; leave out `require`"),
	CMD_END
};

static const struct cmd modes[] = {
	{ "transport", "transport (payload encapsulation) mode", .slot = SLOT_KIND,
	    .give = MODE_TRANSPORT, .end = true, .sub = transport_require },
	{ "tunnel", "tunnel (datagram encapsulation) mode", .slot = SLOT_KIND, .give = MODE_TUNNEL },
	CMD_END
};

static const struct cmd transform_rows[] = {
	{ "mode", "encapsulation mode (transport/tunnel)", .sub = modes, .no_end = true,
	    .run = mode_run, .write = mode_write },
	REFUSED("esn", "IKEv2 agrees on long sequence numbers where both can; leave out `esn`"),
	CMD_END
};

static void *
transform_find(struct conf *c, const struct cmd_key *key)
{
	return conf_tset_find(c, key->name);
}

static const struct cmd_mode cmd_mode_transform = {"cfg-crypto-trans", transform_rows, transform_find};

static bool
transform_read(struct cmd_call *c, struct esp_transform *t)
{
	const struct cmd_value *cipher = cmd_value(c, SLOT_CIPHER), *bits = cmd_value(c, SLOT_BITS);
	const struct cmd_value *integ = cmd_value(c, SLOT_INTEG);
	const struct cipher_shape *shape;

	if (cipher == NULL)
		return cmd_refuse(c, "authentication alone hides nothing; add esp-aes or esp-gcm");
	shape = cipher_shape(cipher->number);
	*t = (struct esp_transform){
	    .cipher = (uint8_t)cipher->number,
	    .key_bits = !shape->sized ? 0 : bits != NULL ? (uint16_t)bits->number : 128,
	    .integ = integ != NULL ? (uint8_t)integ->number : INTEG_NONE,
	};
	if (shape->icv != 0 && integ != NULL)
		return cmd_refuse(c, "%s authenticates by itself; leave out %s", cipher->text,
		    integ->text);
	if (shape->icv == 0 && integ == NULL)
		return cmd_refuse(c, "%s alone can be forged; add esp-sha256-hmac", cipher->text);
	return true;
}

/* True.  One warning a line, of what is worst in it. */
static bool
transform_warn(struct cmd_call *c, const struct esp_transform *t)
{
	bool clear = t->cipher == CIPHER_NULL || t->cipher == CIPHER_AES_GMAC;

	if (t->cipher == CIPHER_DES_CBC || t->cipher == CIPHER_3DES_CBC)
		return cmds_weak(c, t->cipher == CIPHER_DES_CBC ? "esp-des" : "esp-3des",
		    "esp-aes 256 esp-sha256-hmac or esp-gcm 256");
	if (t->integ == INTEG_HMAC_MD5_96)
		return cmds_weak(c, "esp-md5-hmac", "esp-sha256-hmac");
	if (clear)
		snprintf(c->why, sizeof(c->why), "%% Warning: the transform set authenticates "
		    "packets but sends them in clear");
	else if (t->cipher == CIPHER_CHACHA20_POLY1305)
		snprintf(c->why, sizeof(c->why), "%% Note: only IKEv2 can agree on "
		    "esp-chacha20-poly1305");
	return true;
}

static bool
tset_in_use(const struct conf *c, const char *name)
{
	const struct conf_ipsec_profile *p;
	unsigned int i;

	DL_FOREACH(c->profiles, p)
		for (i = 0; i < CONF_TRANSFORM_SETS_MAX; i++)
			if (strcmp(p->transform_sets[i], name) == 0)
				return true;
	return conf_cmaps_use_tset(c, name);
}

bool
cmds_tset_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_transform_set *t = conf_tset_find(c->conf, name);
	struct esp_transform transform;

	if (c->verb != CMD_SET) {
		if (t != NULL && tset_in_use(c->conf, name))
			return cmd_refuse(c, "ERROR: transform set with tag \"%s\" is in use by an "
			    "ipsec profile or a crypto map; take it out there first", name);
		if (t != NULL)
			conf_tset_del(c->conf, t);
		else if (c->verb == CMD_NO && strcmp(name, CONF_DEFAULT) == 0)
			c->conf->no_default_tset = true;
		if (c->verb == CMD_DEFAULT && strcmp(name, CONF_DEFAULT) == 0)
			c->conf->no_default_tset = false;
		return true;
	}
	if (!transform_read(c, &transform))
		return false;
	conf_tset_get(c->conf, name)->transform = transform;
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = &cmd_mode_transform;
	return transform_warn(c, &transform);
}

void
cmds_tset_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_transform_set *t;
	char transform[TRANSFORM_STRLEN];

	if (((const struct conf *)obj)->no_default_tset)
		text_add(out, "no %s %s\n", before, CONF_DEFAULT);
	DL_FOREACH(((const struct conf *)obj)->transform_sets, t) {
		text_add(out, "%s %s %s\n", before, t->name,
		    esp_transform_config_str(&t->transform, transform));
		cmd_write_rows(out, transform_rows, " ", t);
	}
}

#define NO_AH "AH is not built in; esp-null with esp-sha256-hmac authenticates as well"
#define CIPHER(word, text, cipher, next)					\
	{ word, "ESP transform using " text, .slot = SLOT_CIPHER, .give = (cipher),	\
	    .end = true, .sub = (next) }

/*
 * `sized` follows those whose key length may be named, `fixed` the others.
 * IOS has no word for the last four.
 */
#define CIPHERS(sized, fixed)							\
	CIPHER("esp-3des", "3DES(EDE) cipher (168 bits)", CIPHER_3DES_CBC, fixed),	\
	CIPHER("esp-aes", "AES cipher", CIPHER_AES_CBC, sized),			\
	CIPHER("esp-des", "DES cipher (56 bits)", CIPHER_DES_CBC, fixed),	\
	CIPHER("esp-gcm", "GCM cipher", CIPHER_AES_GCM, sized),			\
	CIPHER("esp-gmac", "GMAC cipher", CIPHER_AES_GMAC, sized),		\
	CIPHER("esp-null", "no cipher", CIPHER_NULL, fixed),			\
	CIPHER("esp-chacha20-poly1305", "ChaCha20-Poly1305 (IKEv2 only)",	\
	    CIPHER_CHACHA20_POLY1305, fixed),					\
	CIPHER("esp-ctr", "AES in counter mode", CIPHER_AES_CTR, sized),	\
	CIPHER("esp-gcm-8", "GCM cipher with a short tag, 8 bytes", CIPHER_AES_GCM_8, sized),	\
	CIPHER("esp-gcm-12", "GCM cipher with a short tag, 12 bytes", CIPHER_AES_GCM_12, sized),	\
	REFUSED("esp-seal", "this cipher is not built in; use esp-aes 256 or esp-gcm 256 on both sides")

#define INTEGS(next)								\
	{ "esp-md5-hmac", "ESP transform using HMAC-MD5 auth", .slot = SLOT_INTEG,	\
	    .give = INTEG_HMAC_MD5_96, .end = true, .sub = (next) },			\
	{ "esp-sha-hmac", "ESP transform using HMAC-SHA auth", .slot = SLOT_INTEG,	\
	    .give = INTEG_HMAC_SHA1_96, .end = true, .sub = (next) },			\
	{ "esp-sha256-hmac", "ESP transform using HMAC-SHA256 auth", .slot = SLOT_INTEG,	\
	    .give = INTEG_HMAC_SHA256_128, .end = true, .sub = (next) },		\
	{ "esp-sha384-hmac", "ESP transform using HMAC-SHA384 auth", .slot = SLOT_INTEG,	\
	    .give = INTEG_HMAC_SHA384_192, .end = true, .sub = (next) },		\
	{ "esp-sha512-hmac", "ESP transform using HMAC-SHA512 auth", .slot = SLOT_INTEG,	\
	    .give = INTEG_HMAC_SHA512_256, .end = true, .sub = (next) },		\
	REFUSED("ah-md5-hmac", NO_AH), REFUSED("ah-sha-hmac", NO_AH),		\
	REFUSED("ah-sha256-hmac", NO_AH), REFUSED("ah-sha384-hmac", NO_AH),	\
	REFUSED("ah-sha512-hmac", NO_AH)

#define KEY_BITS(next)								\
	{ "128", "128 bit keys.", .slot = SLOT_BITS, .give = 128, .end = true, .sub = (next) },	\
	{ "192", "192 bit keys.", .slot = SLOT_BITS, .give = 192, .end = true, .sub = (next) },	\
	{ "256", "256 bit keys.", .slot = SLOT_BITS, .give = 256, .end = true, .sub = (next) }

static const struct cmd integs[] = { INTEGS(NULL), CMD_END };
static const struct cmd bits_integs[] = { KEY_BITS(integs), INTEGS(NULL), CMD_END };
static const struct cmd bits[] = { KEY_BITS(NULL), CMD_END };
static const struct cmd ciphers[] = { CIPHERS(bits, NULL), CMD_END };

/* The transforms may come in either order. */
static const struct cmd transforms[] = {
	CIPHERS(bits_integs, integs),
	INTEGS(ciphers),
	CMD_END
};

const struct cmd cmds_tset[] = {
	{ VALUE(word, "Transform set tag"), .slot = SLOT_NAME, .no_end = true, .sub = transforms },
	CMD_END
};
