/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crypto pki ...: trustpoints, their certificates as the configuration carries
 * them, and certificate maps.  What is done once is in cmds_enroll.c.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

#include "cli/cmds_pki.h"

/* --- crypto pki trustpoint --- */

static bool
trustpoint_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_trustpoint *t = conf_trustpoint_find(&c->conf->pki, name);

	if (c->verb == CMD_SET) {
		conf_trustpoint_get(&c->conf->pki, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_trustpoint;
	} else if (t != NULL) {
		conf_trustpoint_del(&c->conf->pki, t);
	}
	return true;
}

static void
trustpoint_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t;

	DL_FOREACH(((const struct conf *)obj)->pki.trustpoints, t) {
		text_add(out, "%s %s\n", before, t->name);
		cmd_write_rows(out, cmds_trustpoint, " ", t);
		text_add(out, "!\n");
	}
}

/* --- crypto pki certificate chain: certificates in hex --- */

static unsigned int
hex_digit(char c)
{
	return isdigit((unsigned char)c) ? (unsigned int)(c - '0') :
	    (unsigned int)(tolower((unsigned char)c) - 'a') + 10;
}

/* Digits and blanks to bytes; how many, 0 when they are too many or half of one is left. */
static size_t
hex_bytes(const char *s, uint8_t out[CERT_DER_MAX])
{
	size_t n = 0;
	int high = -1;

	for (; *s != '\0'; s++) {
		if (!isxdigit((unsigned char)*s))
			continue;
		if (high < 0) {
			high = (int)hex_digit(*s);
			continue;
		}
		if (n == CERT_DER_MAX)
			return 0;
		out[n++] = (uint8_t)((unsigned int)high << 4 | hex_digit(*s));
		high = -1;
	}
	return high < 0 ? n : 0;
}

static bool
cert_hex_done(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	uint8_t der[CERT_DER_MAX];
	size_t len = hex_bytes(c->pasted, der);
	const char *why = len == 0 ? "the hex digits are cut short, or too many" :
	    conf_cert_set(t, (enum conf_cert_kind)c->effect->bits, slice_of(der, len));

	return why == NULL || cmd_refuse(c, "%s", why);
}

static const struct cmd_paste cert_hex = {PASTE_HEX, NULL, cert_hex_done};

static bool
cert_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND);
	enum conf_cert_kind want = kind == NULL ? CERT_OURS : (enum conf_cert_kind)kind->number;
	struct conf_cert *cert;

	if (c->verb == CMD_SET) {
		c->effect->bits = (uint16_t)want;
		c->paste = &cert_hex;
		return true;
	}
	DL_FOREACH(t->certs, cert)
		if (cert->kind == want && strcasecmp(cert->serial, cmd_value(c, SLOT_NAME)->text) == 0)
			break;
	if (cert != NULL)
		conf_cert_del(t, cert);
	return true;
}

static bool
cert_file_run(struct cmd_call *c)
{
	return cmd_refuse(c, "certificates are kept in the configuration itself; the file %.60s is "
	    "on another router", cmd_value(c, SLOT_NEXT)->text);
}

static void
write_hex(struct text *out, const struct conf_cert *c)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		text_add(out, "%s%02X%s", i % 32 == 0 ? "  " : "", c->der[i],
		    i % 32 == 31 || i + 1 == c->len ? "\n" : i % 4 == 3 ? " " : "");
	text_add(out, "  \tquit\n");
}

static void
cert_write(struct text *out, const char *before, const void *obj)
{
	static const char *const kinds[] = {
		[CERT_OURS] = "", [CERT_CA] = " ca", [CERT_SELF_SIGNED] = " self-signed",
	};
	const struct conf_cert *c;

	DL_FOREACH(((const struct conf_trustpoint *)obj)->certs, c) {
		text_add(out, "%s%s %s\n", before, kinds[c->kind], c->serial);
		write_hex(out, c);
	}
}

static const struct cmd cert_file[] = {
	{ VALUE(word, "File"), .max = 200, .slot = SLOT_NEXT, .run = cert_file_run, .hidden = true },
	CMD_END
};

#define SERIAL(text)									\
	{ VALUE(word, text), .slot = SLOT_NAME, .end = true, .sub = cert_file }

static const struct cmd kind_serial[] = { SERIAL("Serial number in hex"), CMD_END };

static const struct cmd cert_serials[] = {
	{ "ca", "Certificate Authority certificate", .slot = SLOT_KIND, .give = CERT_CA,
	    .sub = kind_serial },
	{ "self-signed", "Self-signed certificate", .slot = SLOT_KIND, .give = CERT_SELF_SIGNED,
	    .sub = kind_serial },
	SERIAL("Serial number in hex of the router's certificate"),
	CMD_END
};

static const struct cmd chain_rows[] = {
	{ "certificate", "Certificate in hex, ended by `quit`", .sub = cert_serials, .run = cert_run,
	    .write = cert_write },
	CMD_END
};

static void *
chain_find(struct conf *c, const struct cmd_key *key)
{
	return conf_trustpoint_find(&c->pki, key->name);
}

static const struct cmd_mode cmd_mode_cert_chain = {"config-cert-chain", chain_rows, chain_find};

static bool
chain_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_trustpoint *t = conf_trustpoint_find(&c->conf->pki, name);

	if (t == NULL)
		return c->verb != CMD_SET ||
		    cmd_refuse(c, "%% CA trustpoint for cert chain not known: %s", name);
	if (c->verb != CMD_SET) {
		while (t->certs != NULL)
			conf_cert_del(t, t->certs);
		return true;
	}
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = &cmd_mode_cert_chain;
	return true;
}

static void
chain_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t;

	DL_FOREACH(((const struct conf *)obj)->pki.trustpoints, t) {
		if (t->certs == NULL)
			continue;
		text_add(out, "%s %s\n", before, t->name);
		cmd_write_rows(out, chain_rows, " ", t);
	}
}

/* --- crypto pki certificate map --- */

static const char *const fields[] = {
	[CERT_FIELD_SUBJECT] = "subject-name", [CERT_FIELD_ISSUER] = "issuer-name",
	[CERT_FIELD_ALT_SUBJECT] = "alt-subject-name",
};
static const char *const ops[] = {
	[CERT_OP_EQ] = "eq", [CERT_OP_NE] = "ne", [CERT_OP_CO] = "co", [CERT_OP_NC] = "nc",
};

static bool
rule_run(struct cmd_call *c)
{
	char text[CONF_PKI_TEXT_MAX];
	const char *typed = cmd_value(c, SLOT_NAME)->text;
	size_t len = strlen(typed);

	while (len > 0 && isspace((unsigned char)typed[len - 1]))
		len--;
	if (len >= sizeof(text))
		return cmd_refuse(c, "the text is longer than %d characters", CONF_PKI_TEXT_MAX - 1);
	snprintf(text, sizeof(text), "%.*s", (int)len, typed);
	conf_cert_rule_set(c->obj, (uint8_t)cmd_value(c, SLOT_KIND)->number,
	    (uint8_t)cmd_value(c, SLOT_MORE)->number, text, c->verb == CMD_SET);
	return true;
}

static const struct cmd rule_text[] = {
	{ VALUE(line, "Field match value, in any case"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd rule_ops[] = {
	{ "co", "contains", .slot = SLOT_MORE, .give = CERT_OP_CO, .sub = rule_text },
	{ "eq", "equal", .slot = SLOT_MORE, .give = CERT_OP_EQ, .sub = rule_text },
	{ "nc", "does not contain", .slot = SLOT_MORE, .give = CERT_OP_NC, .sub = rule_text },
	{ "ne", "not equal", .slot = SLOT_MORE, .give = CERT_OP_NE, .sub = rule_text },
	CMD_END
};

#define RULE(word, text, field)								\
	{ word, text, .slot = SLOT_KIND, .give = (field), .sub = rule_ops, .run = rule_run }

static const struct cmd map_rows[] = {
	RULE("alt-subject-name", "Subject Alternative Name", CERT_FIELD_ALT_SUBJECT),
	RULE("issuer-name", "Issuer Name", CERT_FIELD_ISSUER),
	RULE("subject-name", "Subject Name", CERT_FIELD_SUBJECT),
	REFUSED("serial-number", "match the subject-name"),
	REFUSED("valid-start", "validity is always checked"),
	REFUSED("expires-on", "validity is always checked"),
	REFUSED("name", "match alt-subject-name or subject-name"),
	REFUSED("unstructured-subject-name", "match the subject-name: hostname=NAME"),
	CMD_END
};

static void *
map_find(struct conf *c, const struct cmd_key *key)
{
	return conf_cert_map_find(&c->pki, key->name, key->number);
}

static const struct cmd_mode cmd_mode_cert_map = {"ca-certificate-map", map_rows, map_find};

static bool
map_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	unsigned int seq = cmd_value(c, SLOT_NUMBER)->number;
	struct conf_cert_map *m = conf_cert_map_find(&c->conf->pki, name, seq);

	if (c->verb != CMD_SET) {
		if (m != NULL)
			conf_cert_map_del(&c->conf->pki, m);
		return true;
	}
	conf_cert_map_get(&c->conf->pki, name, seq);
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->key.number = seq;
	c->enter = &cmd_mode_cert_map;
	return true;
}

static void
map_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_cert_map *m;
	const struct conf_cert_rule *r;

	DL_FOREACH(((const struct conf *)obj)->pki.maps, m) {
		text_add(out, "%s %s %u\n", before, m->name, m->seq);
		DL_FOREACH(m->rules, r)
			text_add(out, " %s %s %s\n", fields[r->field], ops[r->op], r->text);
		text_add(out, "!\n");
	}
}

static const struct cmd map_seq[] = {
	{ VALUE_NUM(1, 65535, "Sequence to insert to/delete from existing certificate map entry"),
	    .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd map_name[] = {
	{ VALUE(word, "Certificate Map Label"), .slot = SLOT_NAME, .sub = map_seq },
	CMD_END
};

static const struct cmd certificate[] = {
	{ "map", "Define certificate attributes map", .sub = map_name, .run = map_run,
	    .write = map_write },
	{ "chain", "Certificates of a trustpoint", ARG(word, "CA Server Name"), .slot = SLOT_NAME,
	    .run = chain_run, .write = chain_write },
	REFUSED("storage", "certificates are in the configuration, keys in files"),
	CMD_END
};

/* --- the root --- */

static const struct cmd a_trustpoint[] = {
	{ VALUE(word, "CA Server Name"), .slot = SLOT_NAME },
	CMD_END
};

extern const struct cmd cmds_pki_import[], cmds_pki_export[];

static const struct cmd crl_request[] = {
	{ "request", "Actions involving a CRL", .sub = a_trustpoint, .run = cmds_pki_crl_run },
	REFUSED("cache", "CRLs are kept until their next update; leave it out"),
	CMD_END
};

const struct cmd cmds_pki[] = {
	{ "trustpoint", "Define a CA trustpoint", ARG(word, "CA Server Name"), .slot = SLOT_NAME,
	    .run = trustpoint_run, .write = trustpoint_write },
	{ "authenticate", "Get the CA certificate", .verbs = CMD_SET, .sub = a_trustpoint,
	    .run = cmds_pki_authenticate_run },
	{ "certificate", "Actions on certificates", .sub = certificate },
	{ "crl", "Actions on certificate revocation lists", .verbs = CMD_SET, .sub = crl_request },
	{ "enroll", "Request a certificate from a CA", .verbs = CMD_SET, .sub = a_trustpoint,
	    .run = cmds_pki_enroll_run },
	{ "export", "Export certificate or PKCS12 file", .verbs = CMD_SET, .sub = cmds_pki_export,
	    .run = cmds_pki_export_run },
	{ "import", "Import certificate or PKCS12 file", .verbs = CMD_SET, .sub = cmds_pki_import,
	    .run = cmds_pki_import_run },
	REFUSED("server", "this router is no CA; make certificates elsewhere and import them"),
	REFUSED("token", "there is no token; keys are in files"),
	REFUSED("profile", "SCEP is not built in; use `enrollment terminal`"),
	CMD_END
};
