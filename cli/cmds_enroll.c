/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crypto pki authenticate, enroll, import, export; crypto key ...
 *
 * What has to do with a private key is an effect that culvertd carries out;
 * authenticating a CA is a change of the configuration and is done here.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/cmds_pki.h"

bool
cmds_label_ok(struct cmd_call *c, const char *label)
{
	size_t i;

	for (i = 0; label[i] != '\0'; i++)
		if (!isalnum((unsigned char)label[i]) && strchr("._-", label[i]) == NULL)
			return cmd_refuse(c, "a label of a key has letters, digits, and . _ -");
	return label[0] != '.' || cmd_refuse(c, "a label of a key does not begin with a dot");
}

void
cmds_effect_begin(struct cmd_call *c, const char *name)
{
	const struct cmd_value *alg = cmd_value(c, SLOT_CIPHER), *key = cmd_value(c, SLOT_KEY);

	snprintf(c->effect->name, sizeof(c->effect->name), "%s", name);
	c->effect->alg = alg != NULL ? (uint8_t)alg->number : CERT_KEY_OTHER;
	snprintf(c->effect->password, sizeof(c->effect->password), "%s", key != NULL ? key->text : "");
}

bool
cmds_effect_file(struct cmd_call *c, const char *url)
{
	const char *path = strncasecmp(url, "file:", 5) == 0 ? url + 5 : url;

	while (path[0] == '/' && path[1] == '/')
		path++;
	if (path[0] != '/')
		return cmd_refuse(c, "the file is given as file:/PATH or /PATH, on this machine");
	snprintf(c->effect->file, sizeof(c->effect->file), "%s", path);
	return true;
}

static struct conf_trustpoint *
trustpoint_of(struct cmd_call *c, const char *name)
{
	struct conf_trustpoint *t = conf_trustpoint_find(&c->conf->pki, name);

	if (t == NULL)
		cmd_refuse(c, "%% CA trustpoint %s is not known; enter `crypto pki trustpoint %s`",
		    name, name);
	return t;
}

/* Begins an effect upon the trustpoint that was named. */
static struct conf_trustpoint *
begin(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_trustpoint *t = trustpoint_of(c, name);

	if (t != NULL)
		cmds_effect_begin(c, name);
	return t;
}

/* --- crypto pki authenticate --- */

static bool
accepted(struct cmd_call *c)
{
	struct conf_trustpoint *t = trustpoint_of(c, c->effect->name);
	uint8_t der[CERT_DER_MAX];
	const char *why;

	if (t == NULL)
		return false;
	if (strncasecmp(c->pasted, "y", 1) != 0)
		return cmd_refuse(c, "%% Trustpoint CA certificate not accepted.");
	why = conf_cert_set(t, CERT_CA, slice_of(der, cert_from_text(c->effect->text.s, 0, der)));
	if (why != NULL)
		return cmd_refuse(c, "%% %s", why);
	snprintf(c->why, sizeof(c->why), "Trustpoint CA certificate accepted.\n"
	    "%% Certificate successfully imported\n");
	return true;
}

static const struct cmd_paste accept_paste = {
	PASTE_ANSWER, "% Do you accept this certificate? [yes/no]: ", accepted,
};

static bool
ca_pasted(struct cmd_call *c)
{
	uint8_t der[CERT_DER_MAX];
	struct cert_info info;
	struct text md5 = {0}, sha1 = {0};
	const char *why = cert_read(slice_of(der, cert_from_text(c->pasted, 0, der)), &info);

	if (why != NULL)
		return cmd_refuse(c, "%% Error in saving certificate: %s", why);
	/* Without basic constraints it may be a version 1 certificate, which only a root can be. */
	if (!info.is_ca && !info.self_issued)
		return cmd_refuse(c, "%% This is no certificate of a CA (basic constraints); it is "
		    "`crypto pki import` that takes the router's own");
	text_put(&c->effect->text, c->pasted, strlen(c->pasted));
	cert_hex_groups(&md5, info.md5, sizeof(info.md5));
	cert_hex_groups(&sha1, info.sha1, sizeof(info.sha1));
	snprintf(c->why, sizeof(c->why), "Certificate has the following attributes:\n"
	    "       Fingerprint MD5: %s \n      Fingerprint SHA1: %s \n\n", text_str(&md5),
	    text_str(&sha1));
	text_free(&md5);
	text_free(&sha1);
	c->paste = &accept_paste;
	return true;
}

static const struct cmd_paste ca_paste = {
	PASTE_BASE64, "\nEnter the base 64 encoded CA certificate.\n"
	"End with a blank line or the word \"quit\" on a line by itself\n\n", ca_pasted,
};

bool
cmds_pki_authenticate_run(struct cmd_call *c)
{
	const struct conf_trustpoint *t = begin(c);

	if (t == NULL)
		return false;
	if (t->enrollment == ENROLL_SELFSIGNED)
		return cmd_refuse(c, "%% A self-signed trustpoint has no CA; enter `crypto pki enroll`");
	if (conf_cert_of(t, CERT_CA) != NULL)
		return cmd_refuse(c, "%% Trustpoint '%s' has a CA certificate; `no certificate ca ...` "
		    "in `crypto pki certificate chain %s` removes it", t->name, t->name);
	c->paste = &ca_paste;
	return true;
}

/* --- crypto pki enroll, crl request --- */

bool
cmds_pki_enroll_run(struct cmd_call *c)
{
	const struct conf_trustpoint *t = begin(c);

	if (t == NULL)
		return false;
	if (t->enrollment == ENROLL_NONE)
		return cmd_refuse(c, "%% Enter `enrollment terminal` or `enrollment selfsigned` in the "
		    "trustpoint first");
	c->effect->kind = EFFECT_ENROLL;
	return true;
}

bool
cmds_pki_crl_run(struct cmd_call *c)
{
	if (begin(c) == NULL)
		return false;
	c->effect->kind = EFFECT_CRL_REQUEST;
	return true;
}

/* --- crypto pki import --- */

enum { IMPORT_CERTIFICATE = 1, IMPORT_PEM, IMPORT_PKCS12 };

static bool
cert_pasted(struct cmd_call *c)
{
	text_put(&c->effect->text, c->pasted, strlen(c->pasted));
	c->effect->kind = EFFECT_IMPORT_CERT;
	return true;
}

static const struct cmd_paste cert_paste = {
	PASTE_BASE64, "\nEnter the base 64 encoded certificate.\n"
	"End with a blank line or the word \"quit\" on a line by itself\n\n", cert_pasted,
};

/* The parts of `pem terminal` are kept one behind the other: each is found by its BEGIN. */
static bool
pem_last_pasted(struct cmd_call *c)
{
	cert_pasted(c);
	c->effect->kind = EFFECT_IMPORT_PEM;
	return true;
}

static const struct cmd_paste pem_cert_paste = {
	PASTE_BASE64, "% Enter PEM-formatted General Purpose certificate.\n" PEM_END, pem_last_pasted,
};

static bool
pem_key_pasted(struct cmd_call *c)
{
	text_put(&c->effect->text, c->pasted, strlen(c->pasted));
	c->paste = &pem_cert_paste;
	return true;
}

static const struct cmd_paste pem_key_paste = {
	PASTE_BASE64, "% Enter PEM-formatted encrypted private General Purpose key.\n" PEM_END,
	pem_key_pasted,
};

static bool
pem_ca_pasted(struct cmd_call *c)
{
	text_put(&c->effect->text, c->pasted, strlen(c->pasted));
	c->paste = &pem_key_paste;
	return true;
}

static const struct cmd_paste pem_ca_paste = {
	PASTE_BASE64, "% Enter PEM-formatted CA certificate.\n" PEM_END, pem_ca_pasted,
};

bool
cmds_pki_import_run(struct cmd_call *c)
{
	const struct cmd_value *file = cmd_value(c, SLOT_NEXT);
	unsigned int what = cmd_value(c, SLOT_KIND)->number;

	if (what != IMPORT_PKCS12 && begin(c) == NULL)
		return false;
	if (what == IMPORT_PKCS12)	/* as on IOS, it makes the trustpoint */
		cmds_effect_begin(c, cmd_value(c, SLOT_NAME)->text);
	if (file != NULL && !cmds_effect_file(c, file->text))
		return false;
	if (what == IMPORT_CERTIFICATE)
		c->paste = &cert_paste;
	else if (what == IMPORT_PEM && file == NULL)
		c->paste = &pem_ca_paste;
	else
		c->effect->kind = what == IMPORT_PEM ? EFFECT_IMPORT_PEM : EFFECT_IMPORT_PKCS12;
	return true;
}

static const struct cmd passphrase[] = {
	{ VALUE(word, "Passphrase used to protect the private key"), .max = CONF_PKI_TEXT_MAX - 1,
	    .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd password_or_not[] = {
	{ "password", "Specify passphrase", .sub = passphrase },
	{ VALUE(word, "Passphrase used to protect the private key"), .max = CONF_PKI_TEXT_MAX - 1,
	    .slot = SLOT_KEY },
	CMD_END
};

static const struct cmd pem_files[] = {
	{ VALUE(word, "file:/PATH, without .ca, .prv, .crt"), .max = CONF_PKI_TEXT_MAX - 1,
	    .slot = SLOT_NEXT, .end = true, .sub = password_or_not },
	CMD_END
};

static const struct cmd import_pem[] = {
	{ "terminal", "Import from the terminal (cut-and-paste)", .end = true,
	    .sub = password_or_not },
	{ "url", "Import from files", .sub = pem_files },
	CMD_END
};

static const struct cmd pkcs12_password[] = {
	{ "password", "Specify passphrase", .sub = passphrase },
	CMD_END
};

static const struct cmd pkcs12_file[] = {
	REFUSED("terminal", "PKCS#12 is read from a file: file:/PATH"),
	{ VALUE(word, "file:/PATH"), .max = CONF_PKI_TEXT_MAX - 1, .slot = SLOT_NEXT,
	    .sub = pkcs12_password },
	CMD_END
};

static const struct cmd import_kinds[] = {
	{ "certificate", "Import a certificate from a CA", .slot = SLOT_KIND,
	    .give = IMPORT_CERTIFICATE },
	{ "pem", "Import from PEM files", .slot = SLOT_KIND, .give = IMPORT_PEM, .sub = import_pem },
	{ "pkcs12", "Import from PKCS12 file", .slot = SLOT_KIND, .give = IMPORT_PKCS12,
	    .sub = pkcs12_file },
	CMD_END
};

const struct cmd cmds_pki_import[] = {
	{ VALUE(word, "Trustpoint Label"), .slot = SLOT_NAME, .sub = import_kinds },
	CMD_END
};

/* --- crypto pki export --- */

bool
cmds_pki_export_run(struct cmd_call *c)
{
	const struct cmd_value *file = cmd_value(c, SLOT_NEXT);

	if (begin(c) == NULL || (file != NULL && !cmds_effect_file(c, file->text)))
		return false;
	c->effect->kind = (uint8_t)cmd_value(c, SLOT_KIND)->number;
	return true;
}

#define WEAK_EXPORT "the private key would be protected by DES; use aes"

static const struct cmd export_ciphers[] = {
	{ "aes", "Encrypt private key with AES", .sub = password_or_not },
	{ "password", "Specify passphrase", .sub = passphrase },
	REFUSED("3des", WEAK_EXPORT), REFUSED("des", WEAK_EXPORT),
	CMD_END
};

static const struct cmd export_pem[] = {
	{ "terminal", "Export to the terminal (cut-and-paste)", .end = true, .sub = export_ciphers },
	CMD_END
};

static const struct cmd export_kinds[] = {
	{ "pem", "Export in PEM format", .slot = SLOT_KIND, .give = EFFECT_EXPORT_PEM,
	    .sub = export_pem },
	{ "pkcs12", "Export in PKCS12 format", .slot = SLOT_KIND, .give = EFFECT_EXPORT_PKCS12,
	    .sub = pkcs12_file },
	CMD_END
};

const struct cmd cmds_pki_export[] = {
	{ VALUE(word, "Trustpoint Label"), .slot = SLOT_NAME, .sub = export_kinds },
	CMD_END
};
