/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto key generate, zeroize, import, export: key pairs, which culvertd keeps in files. */
#include <string.h>

#include "cli/cmds_pki.h"

enum { DEFAULT_RSA_BITS = 2048 };

/* IOS names a key that has no label by host and domain; without a domain, by the host. */
static bool
begin(struct cmd_call *c, enum cmd_effect_kind kind, bool needs_name)
{
	const struct cmd_value *label = cmd_value(c, SLOT_NAME), *bits = cmd_value(c, SLOT_BITS);
	const struct cmd_value *flag = cmd_value(c, SLOT_FLAG);
	const char *name = label != NULL ? label->text : !needs_name ? "" :
	    c->conf->hostname[0] != '\0' ? c->conf->hostname : "Router";

	if (!cmds_label_ok(c, name))
		return false;
	cmds_effect_begin(c, name);
	c->effect->bits = bits != NULL ? (uint16_t)bits->number : 0;
	c->effect->exportable = flag != NULL;
	c->effect->kind = (uint8_t)kind;
	return true;
}

/* --- generate --- */

static bool
generate_run(struct cmd_call *c)
{
	if (!begin(c, EFFECT_KEY_GENERATE, true))
		return false;
	if (c->effect->alg == CERT_KEY_RSA && c->effect->bits == 0)
		c->effect->bits = DEFAULT_RSA_BITS;
	return true;
}

static const struct cmd rsa_options[] = {
	{ "exportable", "Allow the key to be exported", .slot = SLOT_FLAG, .end = true,
	    .sub = rsa_options },
	{ "general-keys", "Generate a general purpose RSA key pair for signing and encryption",
	    .end = true, .sub = rsa_options },
	{ "label", "Provide a label", ARG(word, "RSA keypair label"), .slot = SLOT_NAME, .end = true,
	    .sub = rsa_options },
	{ "modulus", "Provide number of modulus bits on the command line",
	    ARG_NUM(2048, 4096, "size of the key modulus"), .slot = SLOT_BITS, .end = true,
	    .sub = rsa_options },
	REFUSED("usage-keys", "IKE signs and does not encrypt with RSA: use general-keys"),
	REFUSED("signature", "use general-keys"), REFUSED("encryption", "use general-keys"),
	REFUSED("storage", "keys are in files beside the startup-config"),
	REFUSED("on", "keys are in files beside the startup-config"),
	CMD_END
};

static const struct cmd ec_options[] = {
	{ "exportable", "Allow the key to be exported", .slot = SLOT_FLAG, .end = true,
	    .sub = ec_options },
	{ "label", "Provide a label", ARG(word, "EC keypair label"), .slot = SLOT_NAME, .end = true,
	    .sub = ec_options },
	CMD_END
};

static const struct cmd ec_sizes[] = {
	{ "256", "256 bit key size", .slot = SLOT_BITS, .give = 256, .end = true, .sub = ec_options },
	{ "384", "384 bit key size", .slot = SLOT_BITS, .give = 384, .end = true, .sub = ec_options },
	{ "521", "521 bit key size", .slot = SLOT_BITS, .give = 521, .end = true, .sub = ec_options },
	CMD_END
};

static const struct cmd ec_keysize[] = {
	{ "keysize", "Key size", .sub = ec_sizes },
	CMD_END
};

static const struct cmd generate[] = {
	{ "ec", "Generate EC keys for ECDSA", .slot = SLOT_CIPHER, .give = CERT_KEY_EC,
	    .sub = ec_keysize },
	{ "ed25519", "Generate an Ed25519 key pair", .slot = SLOT_CIPHER, .give = CERT_KEY_ED25519,
	    .end = true, .sub = ec_options },
	{ "rsa", "Generate RSA keys", .slot = SLOT_CIPHER, .give = CERT_KEY_RSA, .end = true,
	    .sub = rsa_options },
	CMD_END
};

/* --- zeroize --- */

static bool
zeroize_run(struct cmd_call *c)
{
	return begin(c, EFFECT_KEY_ZEROIZE, false);
}

static const struct cmd a_label[] = {
	{ VALUE(word, "keypair label"), .slot = SLOT_NAME },
	CMD_END
};

static const struct cmd zeroize[] = {
	{ "ec", "Remove EC keys", .slot = SLOT_CIPHER, .give = CERT_KEY_EC, .end = true,
	    .sub = a_label },
	{ "ed25519", "Remove Ed25519 keys", .slot = SLOT_CIPHER, .give = CERT_KEY_ED25519,
	    .end = true, .sub = a_label },
	{ "rsa", "Remove RSA keys", .slot = SLOT_CIPHER, .give = CERT_KEY_RSA, .end = true,
	    .sub = a_label },
	CMD_END
};

/* --- import, export --- */

static bool
private_pasted(struct cmd_call *c)
{
	text_put(&c->effect->text, c->pasted, strlen(c->pasted));
	c->effect->kind = EFFECT_KEY_IMPORT;
	return true;
}

static const struct cmd_paste private_paste = {
	PASTE_BASE64, "% Enter PEM-formatted encrypted private General Purpose key.\n" PEM_END,
	private_pasted,
};

/* The private key has the public one in it; what is pasted here is not needed. */
static bool
public_pasted(struct cmd_call *c)
{
	c->paste = &private_paste;
	return true;
}

static const struct cmd_paste public_paste = {
	PASTE_BASE64, "% Enter PEM-formatted public General Purpose key or certificate.\n" PEM_END,
	public_pasted,
};

static bool
import_run(struct cmd_call *c)
{
	const struct cmd_value *file = cmd_value(c, SLOT_NEXT);

	if (!begin(c, file != NULL ? EFFECT_KEY_IMPORT : EFFECT_NONE, true))
		return false;
	if (file == NULL)
		c->paste = &public_paste;
	return file == NULL || cmds_effect_file(c, file->text);
}

static bool
export_run(struct cmd_call *c)
{
	return begin(c, EFFECT_KEY_EXPORT, true);
}

#define PASSPHRASE									\
	{ VALUE(word, "Passphrase used to protect the private key"),			\
	    .max = CONF_PKI_TEXT_MAX - 1, .slot = SLOT_KEY }

static const struct cmd import_options[] = {
	{ "exportable", "Allow the key to be exported", .slot = SLOT_FLAG, .sub = import_options },
	PASSPHRASE,
	CMD_END
};

static const struct cmd import_files[] = {
	{ VALUE(word, "file:/PATH of the private key in PEM"), .max = CONF_PKI_TEXT_MAX - 1,
	    .slot = SLOT_NEXT, .sub = import_options },
	CMD_END
};

static const struct cmd import_from[] = {
	{ "exportable", "Allow the key to be exported", .slot = SLOT_FLAG, .sub = import_from },
	{ "terminal", "Import via the terminal (cut-and-paste)", .sub = import_options },
	{ "url", "Import from a file", .sub = import_files },
	REFUSED("usage-keys", "IKE signs and does not encrypt with RSA: leave it out"),
	CMD_END
};

static const struct cmd import_pem[] = {
	{ "pem", "PEM file", .sub = import_from },
	CMD_END
};

static const struct cmd import_label[] = {
	{ VALUE(word, "keypair label"), .slot = SLOT_NAME, .sub = import_pem },
	CMD_END
};

static const struct cmd passphrase[] = { PASSPHRASE, CMD_END };

#define WEAK_EXPORT "the private key would be protected by DES; use aes"

static const struct cmd export_ciphers[] = {
	{ "aes", "Encrypt private key with AES", .sub = passphrase },
	REFUSED("3des", WEAK_EXPORT), REFUSED("des", WEAK_EXPORT),
	CMD_END
};

static const struct cmd export_to[] = {
	{ "terminal", "Export via the terminal (cut-and-paste)", .sub = export_ciphers },
	REFUSED("url", "export to the terminal"),
	CMD_END
};

static const struct cmd export_pem[] = {
	{ "pem", "PEM file", .sub = export_to },
	CMD_END
};

static const struct cmd export_label[] = {
	{ VALUE(word, "keypair label"), .slot = SLOT_NAME, .sub = export_pem },
	CMD_END
};

#define KEY_KINDS(next)									\
	{ "ec", "EC key pair", .slot = SLOT_CIPHER, .give = CERT_KEY_EC, .sub = (next) },	\
	{ "ed25519", "Ed25519 key pair", .slot = SLOT_CIPHER, .give = CERT_KEY_ED25519,	\
	    .sub = (next) },								\
	{ "rsa", "RSA key pair", .slot = SLOT_CIPHER, .give = CERT_KEY_RSA, .sub = (next) }

static const struct cmd import_kinds[] = { KEY_KINDS(import_label), CMD_END };
static const struct cmd export_kinds[] = { KEY_KINDS(export_label), CMD_END };

const struct cmd cmds_key[] = {
	{ "export", "Export keys", .verbs = CMD_SET, .sub = export_kinds, .run = export_run },
	{ "generate", "Generate new keys", .verbs = CMD_SET, .sub = generate, .run = generate_run },
	{ "import", "Import keys", .verbs = CMD_SET, .sub = import_kinds, .run = import_run },
	{ "zeroize", "Remove keys", .verbs = CMD_SET, .sub = zeroize, .run = zeroize_run },
	REFUSED("pubkey-chain", "peers prove themselves with certificates or pre-shared keys"),
	REFUSED("lock", "keys are in files that only root reads"),
	REFUSED("storage", "keys are in files beside the startup-config"),
	CMD_END
};
