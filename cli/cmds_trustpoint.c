/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto pki trustpoint NAME: the lines in it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/cmds_pki.h"

/* --- enrollment --- */

static bool
enrollment_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND), *pem = cmd_value(c, SLOT_FLAG);

	t->enrollment = c->verb != CMD_SET || kind == NULL ? ENROLL_NONE : (uint8_t)kind->number;
	if (t->enrollment == ENROLL_TERMINAL && pem != NULL)
		t->enrollment = ENROLL_TERMINAL_PEM;
	return true;
}

static void
enrollment_write(struct text *out, const char *before, const void *obj)
{
	static const char *const words[] = {
		[ENROLL_TERMINAL] = "terminal", [ENROLL_TERMINAL_PEM] = "terminal pem",
		[ENROLL_SELFSIGNED] = "selfsigned",
	};
	const struct conf_trustpoint *t = obj;

	if (t->enrollment != ENROLL_NONE)
		text_add(out, "%s %s\n", before, words[t->enrollment]);
}

#define NO_SCEP "SCEP is not built in: `enrollment terminal`, then `crypto pki enroll` prints a " \
	"request for the CA"

static const struct cmd enroll_pem[] = {
	{ "pem", "include PEM encapsulation boundaries", .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd enrollments[] = {
	{ "selfsigned", "Self-signed certificate", .slot = SLOT_KIND, .give = ENROLL_SELFSIGNED },
	{ "terminal", "Enroll via the terminal (cut-and-paste)", .slot = SLOT_KIND,
	    .give = ENROLL_TERMINAL, .end = true, .sub = enroll_pem },
	REFUSED("url", NO_SCEP), REFUSED("mode", NO_SCEP), REFUSED("retry", NO_SCEP),
	REFUSED("profile", NO_SCEP), REFUSED("http-proxy", NO_SCEP),
	REFUSED("pkcs12", "`crypto pki import NAME pkcs12 FILE password P` needs no line here"),
	CMD_END
};

/* --- what a request says --- */

static bool
ip_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *a = cmd_value(c, SLOT_ADDR);

	t->ip = c->verb == CMD_SET && a != NULL ? a->addr : (struct addr){0};
	t->ip_none = c->verb == CMD_SET && a == NULL;
	return true;
}

static void
ip_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t = obj;

	if (t->ip_none)
		text_add(out, "%s none\n", before);
	else if (addr_is_set(&t->ip))
		text_add(out, "%s %s\n", before, ADDR_STR(&t->ip));
}

static const struct cmd ip_addresses[] = {
	{ "none", "No IP address in the certificate request", .slot = SLOT_FLAG },
	{ VALUE(addr, "Address to be in the certificate request"), .slot = SLOT_ADDR },
	REFUSED("GigabitEthernet", "give the address itself"),
	REFUSED("Ethernet", "give the address itself"),
	REFUSED("Loopback", "give the address itself"),
	CMD_END
};

static bool
serial_run(struct cmd_call *c)
{
	((struct conf_trustpoint *)c->obj)->serial_none = c->verb == CMD_SET;
	return true;
}

static void
serial_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf_trustpoint *)obj)->serial_none)
		text_add(out, "%s none\n", before);
}

static bool
serial_only_run(struct cmd_call *c)
{
	if (c->verb == CMD_SET)
		return cmd_refuse(c, "this router has no serial number; enter `serial-number none`");
	return serial_run(c);
}

static const struct cmd serial_numbers[] = {
	{ "none", "No serial number in the certificate request", .run = serial_run },
	CMD_END
};

/* --- key pairs --- */

static bool
rsakeypair_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *label = cmd_value(c, SLOT_NAME), *bits = cmd_value(c, SLOT_BITS);

	if (c->verb == CMD_SET && !cmds_label_ok(c, label->text))
		return false;
	t->rsakeypair[0] = '\0';
	t->rsa_bits = 0;
	if (c->verb != CMD_SET)
		return true;
	snprintf(t->rsakeypair, sizeof(t->rsakeypair), "%s", label->text);
	t->rsa_bits = bits != NULL ? (uint16_t)bits->number : 0;
	t->eckeypair[0] = '\0';
	return true;
}

static void
rsakeypair_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t = obj;

	if (t->rsakeypair[0] == '\0')
		return;
	text_add(out, "%s %s", before, t->rsakeypair);
	if (t->rsa_bits != 0)
		text_add(out, " %u", t->rsa_bits);
	text_add(out, "\n");
}

static bool
eckeypair_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *label = cmd_value(c, SLOT_NAME);

	if (c->verb == CMD_SET && !cmds_label_ok(c, label->text))
		return false;
	snprintf(t->eckeypair, sizeof(t->eckeypair), "%s", c->verb == CMD_SET ? label->text : "");
	if (c->verb == CMD_SET)
		t->rsakeypair[0] = '\0';
	return true;
}

static void
eckeypair_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t = obj;

	if (t->eckeypair[0] != '\0')
		text_add(out, "%s %s\n", before, t->eckeypair);
}

/* IOS has a second size, of an encryption key, which IKE has no use for. */
static const struct cmd rsa_bits[] = {
	{ VALUE_NUM(2048, 4096, "Key size"), .slot = SLOT_BITS },
	CMD_END
};

static const struct cmd rsa_label[] = {
	{ VALUE(word, "RSA keypair label"), .slot = SLOT_NAME, .end = true, .sub = rsa_bits },
	CMD_END
};

/* --- revocation --- */

static bool
revocation_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND), *none = cmd_value(c, SLOT_FLAG);

	t->revocation = c->verb != CMD_SET || kind == NULL ? REVOCATION_CRL :
	    kind->number == REVOCATION_CRL && none != NULL ? REVOCATION_CRL_NONE :
	    (uint8_t)kind->number;
	return true;
}

static void
revocation_write(struct text *out, const char *before, const void *obj)
{
	static const char *const words[] = {
		[REVOCATION_CRL] = "crl", [REVOCATION_CRL_NONE] = "crl none",
		[REVOCATION_NONE] = "none",
	};

	text_add(out, "%s %s\n", before, words[((const struct conf_trustpoint *)obj)->revocation]);
}

#define NO_OCSP "OCSP is not built in; use `revocation-check crl` or `crl none`"

static const struct cmd revocation_more[] = {
	{ "none", "Ignore revocation check", .slot = SLOT_FLAG },
	REFUSED("ocsp", NO_OCSP),
	CMD_END
};

static const struct cmd revocations[] = {
	{ "crl", "Revocation check by CRL", .slot = SLOT_KIND, .give = REVOCATION_CRL, .end = true,
	    .sub = revocation_more },
	{ "none", "Ignore revocation check", .slot = SLOT_KIND, .give = REVOCATION_NONE },
	REFUSED("ocsp", NO_OCSP),
	CMD_END
};

static bool
query_run(struct cmd_call *c)
{
	struct conf_trustpoint *t = c->obj;
	const char *url = c->verb == CMD_SET ? cmd_value(c, SLOT_NAME)->text : "";

	if (url[0] != '\0' && strncasecmp(url, "file:/", 6) != 0 &&
	    strncasecmp(url, "http://", 7) != 0)
		return cmd_refuse(c, "a CRL is read from file:/PATH or http://HOST[:PORT]/PATH");
	snprintf(t->crl_url, sizeof(t->crl_url), "%s", url);
	return true;
}

static void
query_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_trustpoint *t = obj;

	if (t->crl_url[0] != '\0')
		text_add(out, "%s %s\n", before, t->crl_url);
}

static const struct cmd crl_url[] = {
	{ VALUE(word, "URL of the CRL"), .max = CONF_PKI_TEXT_MAX - 1, .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd crl_options[] = {
	{ "query", "Where the CRL is", .sub = crl_url, .no_end = true, .run = query_run,
	    .write = query_write },
	REFUSED("cache", "a CRL is kept until its next update; leave out `cache`"),
	REFUSED("optional", "use `revocation-check crl none`"),
	REFUSED("best-effort", "use `revocation-check crl none`"),
	CMD_END
};

/* --- hash --- */

static bool
hash_run(struct cmd_call *c)
{
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND);

	((struct conf_trustpoint *)c->obj)->hash = c->verb == CMD_SET && kind != NULL ?
	    (uint8_t)kind->number : HASH_NONE;
	return true;
}

static void
hash_write(struct text *out, const char *before, const void *obj)
{
	static const char *const words[] = {
		[HASH_SHA1] = "sha1", [HASH_SHA256] = "sha256", [HASH_SHA384] = "sha384",
		[HASH_SHA512] = "sha512",
	};
	const struct conf_trustpoint *t = obj;

	if (t->hash != HASH_NONE)
		text_add(out, "%s %s\n", before, words[t->hash]);
}

static const struct cmd hashes[] = {
	{ "sha1", "use sha1 hash algorithm", .slot = SLOT_KIND, .give = HASH_SHA1 },
	{ "sha256", "use sha256 hash algorithm", .slot = SLOT_KIND, .give = HASH_SHA256 },
	{ "sha384", "use sha384 hash algorithm", .slot = SLOT_KIND, .give = HASH_SHA384 },
	{ "sha512", "use sha512 hash algorithm", .slot = SLOT_KIND, .give = HASH_SHA512 },
	REFUSED("md5", "a request that is hashed with MD5 proves nothing; use sha256"),
	CMD_END
};

static const struct cmd chain_validations[] = {
	NOTED("stop"),
	REFUSED("continue", "a chain is always validated to a CA certificate that is configured"),
	CMD_END
};

static const struct cmd usages[] = { NOTED("ike"), CMD_END };

#define NO_RENEWAL "certificates are not renewed by themselves; `crypto pki enroll` makes a request"

/* No REFUSED row: the word is one of global mode, too. */
static bool
password_run(struct cmd_call *c)
{
	return cmd_refuse(c, NO_SCEP);
}

const struct cmd cmds_trustpoint[] = {
	{ "enrollment", "Enrollment parameters", .sub = enrollments, .no_end = true,
	    .run = enrollment_run, .write = enrollment_write },
	{ "serial-number", "Include serial number", .sub = serial_numbers, .end = true,
	    .run = serial_only_run, .write = serial_write },
	{ "fqdn", "include fully-qualified domain name", ARG(word, "Fully qualified domain name, or none"),
	    FIELD(conf_trustpoint, fqdn) },
	{ "ip-address", "include ip address", .sub = ip_addresses, .no_end = true, .run = ip_run,
	    .write = ip_write },
	{ "subject-name", "Subject Name", ARG(line, "Subject name"), FIELD(conf_trustpoint, subject) },
	{ "revocation-check", "Revocation checking options", .sub = revocations, .no_end = true,
	    .run = revocation_run, .write = revocation_write },
	{ "crl", "CRL options", .sub = crl_options },
	{ "rsakeypair", "Specify rsakeypair for this identity", .sub = rsa_label, .no_end = true,
	    .run = rsakeypair_run, .write = rsakeypair_write },
	{ "eckeypair", "Specify eckeypair for this identity", ARG(word, "EC keypair label"),
	    .slot = SLOT_NAME, .no_end = true, .run = eckeypair_run, .write = eckeypair_write },
	{ "hash", "Specify hash algorithm for fingerprint and signature", .sub = hashes,
	    .no_end = true, .run = hash_run, .write = hash_write },
	{ "chain-validation", "Specify chain validation", .sub = chain_validations, .end = true,
	    .hidden = true, .noted = true },
	{ "usage", "Certificate Usage", .sub = usages, .hidden = true },
	REFUSED("auto-enroll", NO_RENEWAL), REFUSED("regenerate", NO_RENEWAL),
	{ "password", "", ARG(line, ""), .verbs = CMD_SET, .run = password_run, .hidden = true },
	REFUSED("fingerprint", "`crypto pki authenticate` asks"),
	REFUSED("ocsp", NO_OCSP),
	REFUSED("subject-alt-name", "`fqdn` and `ip-address` are what a request has there"),
	REFUSED("match", "use `crypto pki certificate map` in an IKE profile"),
	REFUSED("authorization", "a certificate itself authorizes nobody; use an IKE profile"),
	REFUSED("vrf", "VRFs are not built in"),
	REFUSED("primary", "IKE profiles name their trustpoints; leave out `primary`"),
	REFUSED("storage", "certificates are in the configuration, keys in files"),
	REFUSED("on", "keys are in files"),
	REFUSED("source", "a CRL is fetched from the address that the route has; leave it out"),
	CMD_END
};

static void *
trustpoint_find(struct conf *c, const struct cmd_key *key)
{
	return conf_trustpoint_find(&c->pki, key->name);
}

const struct cmd_mode cmd_mode_trustpoint = {"ca-trustpoint", cmds_trustpoint, trustpoint_find};
