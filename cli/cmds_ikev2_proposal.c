/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 proposal. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "cli/cmds_ikev2.h"

/* --- four lists of words --- */

/* A word's number, with the key's length where it has one. */
#define CIPHER(cipher, bits) ((uint32_t)(cipher) << 16 | (bits))

static const struct cmd encryptions[] = {
	{ "aes-cbc-128", "AES-CBC-128 encryption", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_AES_CBC, 128) },
	{ "aes-cbc-192", "AES-CBC-192 encryption", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_AES_CBC, 192) },
	{ "aes-cbc-256", "AES-CBC-256 encryption", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_AES_CBC, 256) },
	{ "aes-gcm-128", "Combined-mode, 128 bit key", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_AES_GCM, 128) },
	{ "aes-gcm-256", "Combined-mode, 256 bit key", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_AES_GCM, 256) },
	{ "chacha20-poly1305", "Combined-mode ChaCha20-Poly1305", .slot = SLOT_KIND, .end = true,
	    .sub = encryptions, .give = CIPHER(CIPHER_CHACHA20_POLY1305, 0) },
	{ "3des", "3DES encryption (weak)", .slot = SLOT_KIND, .end = true, .sub = encryptions,
	    .give = CIPHER(CIPHER_3DES_CBC, 0) },
	{ "des", "DES encryption (broken)", .slot = SLOT_KIND, .end = true, .sub = encryptions,
	    .give = CIPHER(CIPHER_DES_CBC, 0) },
	CMD_END
};

static const struct cmd integrities[] = {
	{ "sha1", "Secure Hash Standard", .slot = SLOT_KIND, .give = INTEG_HMAC_SHA1_96,
	    .end = true, .sub = integrities },
	{ "sha256", "Secure Hash Standard 2 (256 bit)", .slot = SLOT_KIND,
	    .give = INTEG_HMAC_SHA256_128, .end = true, .sub = integrities },
	{ "sha384", "Secure Hash Standard 2 (384 bit)", .slot = SLOT_KIND,
	    .give = INTEG_HMAC_SHA384_192, .end = true, .sub = integrities },
	{ "sha512", "Secure Hash Standard 2 (512 bit)", .slot = SLOT_KIND,
	    .give = INTEG_HMAC_SHA512_256, .end = true, .sub = integrities },
	{ "md5", "Message Digest 5 (weak)", .slot = SLOT_KIND, .give = INTEG_HMAC_MD5_96,
	    .end = true, .sub = integrities },
	CMD_END
};

static const struct cmd prfs[] = {
	{ "sha1", "Secure Hash Standard", .slot = SLOT_KIND, .give = HASH_SHA1, .end = true,
	    .sub = prfs },
	{ "sha256", "Secure Hash Standard 2 (256 bit)", .slot = SLOT_KIND, .give = HASH_SHA256,
	    .end = true, .sub = prfs },
	{ "sha384", "Secure Hash Standard 2 (384 bit)", .slot = SLOT_KIND, .give = HASH_SHA384,
	    .end = true, .sub = prfs },
	{ "sha512", "Secure Hash Standard 2 (512 bit)", .slot = SLOT_KIND, .give = HASH_SHA512,
	    .end = true, .sub = prfs },
	{ "md5", "Message Digest 5 (weak)", .slot = SLOT_KIND, .give = HASH_MD5, .end = true,
	    .sub = prfs },
	CMD_END
};

#define GROUP(n, text)								\
	{ #n, "DH " text, .slot = SLOT_KIND, .give = (n), .end = true, .sub = groups }

static const struct cmd groups[] = {
	GROUP(1, "768 MODP (broken)"), GROUP(2, "1024 MODP (weak)"), GROUP(5, "1536 MODP (weak)"),
	GROUP(14, "2048 MODP"), GROUP(15, "3072 MODP"), GROUP(16, "4096 MODP"),
	GROUP(19, "256 ECP"), GROUP(20, "384 ECP"), GROUP(21, "521 ECP"),
	GROUP(24, "2048 (256 subgroup) MODP"), GROUP(31, "Curve25519"),
	CMD_END
};

/* The numbers of the line's words, each once.  How many; room + 1: too many. */
static unsigned int
numbers(const struct cmd_call *c, uint32_t *list, unsigned int room)
{
	unsigned int i, k, n = 0;

	for (i = 0; c->verb == CMD_SET && i < c->n_values; i++) {
		for (k = 0; k < n && list[k] != c->values[i].number; k++)
			continue;
		if (k < n)
			continue;
		if (n == room)
			return room + 1;
		list[n++] = c->values[i].number;
	}
	return n;
}

static const char *
word_of(const struct cmd *rows, uint32_t number)
{
	for (; !cmd_is_end(rows); rows++)
		if (rows->give == number)
			return rows->word;
	return "";
}

static bool
too_many(struct cmd_call *c, unsigned int room)
{
	return cmd_refuse(c, "a proposal has at most %u of them; make a second proposal", room);
}

static void
warn(struct cmd_call *c, bool weak, const char *what)
{
	if (weak)
		snprintf(c->why, sizeof(c->why), "%%Warning: weaker %s is deprecated", what);
}

static bool
is_aead(uint32_t number)
{
	return number >> 16 == CIPHER_AES_GCM || number >> 16 == CIPHER_CHACHA20_POLY1305;
}

static bool
encryption_run(struct cmd_call *c)
{
	struct conf_ikev2_proposal *p = c->obj;
	uint32_t list[IKEV2_ENCRS_MAX];
	unsigned int i, n = numbers(c, list, IKEV2_ENCRS_MAX);
	bool weak = false;

	if (n > IKEV2_ENCRS_MAX)
		return too_many(c, IKEV2_ENCRS_MAX);
	/* RFC 7296 3.3: what brings its own integrity is a proposal of its own. */
	for (i = 1; i < n; i++)
		if (is_aead(list[i]) != is_aead(list[0]))
			return cmd_refuse(c, "%s and %s cannot be in one proposal; make a second one",
			    word_of(encryptions, list[0]), word_of(encryptions, list[i]));
	memset(p->encr, 0, sizeof(p->encr));
	for (i = 0; i < n; i++) {
		p->encr[i].cipher = (uint8_t)(list[i] >> 16);
		p->encr[i].key_bits = (uint16_t)list[i];
		weak |= p->encr[i].cipher == CIPHER_3DES_CBC || p->encr[i].cipher == CIPHER_DES_CBC;
	}
	warn(c, weak, "encryption algorithm");
	return true;
}

static void
encryption_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_proposal *p = obj;
	unsigned int i;

	if (p->encr[0].cipher == CIPHER_NONE)
		return;
	text_add(out, "%s", before);
	for (i = 0; i < IKEV2_ENCRS_MAX && p->encr[i].cipher != CIPHER_NONE; i++)
		text_add(out, " %s", word_of(encryptions,
		    CIPHER(p->encr[i].cipher, p->encr[i].key_bits)));
	text_add(out, "\n");
}

/* A list of bytes; those that stand in `weaks`, which ends with a 0, are worth a warning. */
static bool
bytes_run(struct cmd_call *c, uint8_t *to, unsigned int room, const char *weaks, const char *what)
{
	uint32_t list[IKEV2_GROUPS_MAX];
	unsigned int i, n = numbers(c, list, room);
	bool weak = false;

	if (n > room)
		return too_many(c, room);
	memset(to, 0, room);
	for (i = 0; i < n; i++) {
		to[i] = (uint8_t)list[i];
		weak |= strchr(weaks, to[i]) != NULL;
	}
	warn(c, weak, what);
	return true;
}

static void
bytes_write(struct text *out, const char *before, const struct cmd *rows, const uint8_t *list,
    unsigned int room)
{
	unsigned int i;

	if (list[0] == 0)
		return;
	text_add(out, "%s", before);
	for (i = 0; i < room && list[i] != 0; i++)
		text_add(out, " %s", word_of(rows, list[i]));
	text_add(out, "\n");
}

static bool
integrity_run(struct cmd_call *c)
{
	static const char weak[] = {INTEG_HMAC_MD5_96, 0};

	return bytes_run(c, ((struct conf_ikev2_proposal *)c->obj)->integ, IKEV2_INTEGS_MAX, weak,
	    "hash algorithm");
}

static void
integrity_write(struct text *out, const char *before, const void *obj)
{
	bytes_write(out, before, integrities, ((const struct conf_ikev2_proposal *)obj)->integ,
	    IKEV2_INTEGS_MAX);
}

static bool
prf_run(struct cmd_call *c)
{
	static const char weak[] = {HASH_MD5, 0};

	return bytes_run(c, ((struct conf_ikev2_proposal *)c->obj)->prf, IKEV2_PRFS_MAX, weak,
	    "hash algorithm");
}

static void
prf_write(struct text *out, const char *before, const void *obj)
{
	bytes_write(out, before, prfs, ((const struct conf_ikev2_proposal *)obj)->prf,
	    IKEV2_PRFS_MAX);
}

static bool
group_run(struct cmd_call *c)
{
	static const char weak[] = {1, 2, 5, 0};

	return bytes_run(c, ((struct conf_ikev2_proposal *)c->obj)->group, IKEV2_GROUPS_MAX, weak,
	    "dh-group");
}

static void
group_write(struct text *out, const char *before, const void *obj)
{
	bytes_write(out, before, groups, ((const struct conf_ikev2_proposal *)obj)->group,
	    IKEV2_GROUPS_MAX);
}

#define NO_PQC "post-quantum key exchange is not built in; leave the line out on both sides"

static const struct cmd proposal_rows[] = {
	{ "encryption", "Set encryption algorithm(s) for proposal", .sub = encryptions,
	    .no_end = true, .run = encryption_run, .write = encryption_write },
	{ "integrity", "Set integrity hash algorithm(s) for proposal", .sub = integrities,
	    .no_end = true, .run = integrity_run, .write = integrity_write },
	{ "prf", "Set prf algorithm(s) for proposal", .sub = prfs, .no_end = true, .run = prf_run,
	    .write = prf_write },
	{ "group", "Set the Diffie-Hellman group(s)", .sub = groups, .no_end = true,
	    .run = group_run, .write = group_write },
	REFUSED("pqc", NO_PQC),
	CMD_END
};

static void *
proposal_find(struct conf *c, const struct cmd_key *key)
{
	return conf_ikev2_proposal_find(&c->ikev2, key->name);
}

static const struct cmd_mode cmd_mode_ikev2_proposal = {
	.prompt = "config-ikev2-proposal", .rows = proposal_rows, .find = proposal_find,
};

/* --- the line that opens the mode --- */

static const char *
proposal_user(const struct conf_ikev2 *v, const char *name)
{
	const struct conf_ikev2_policy *p;
	unsigned int i;

	DL_FOREACH(v->policies, p)
		for (i = 0; i < IKEV2_PROPOSALS_MAX; i++)
			if (strcmp(p->proposal[i], name) == 0)
				return p->name;
	return NULL;
}

bool
cmds_ikev2_proposal_run(struct cmd_call *c)
{
	struct conf_ikev2 *v = &c->conf->ikev2;
	struct conf_ikev2_proposal *p;
	const char *name, *user;

	if (!cmds_ikev2_entry_name(c, "proposal", &v->no_default_proposal, &name))
		return false;
	if (c->verb == CMD_SET) {
		conf_ikev2_proposal_get(v, name);
		cmds_ikev2_enter(c, name, &cmd_mode_ikev2_proposal);
		return true;
	}
	user = proposal_user(v, name);
	if (user != NULL && strcmp(name, IKEV2_DEFAULT) != 0)
		return cmd_refuse(c, "proposal %s is in IKEv2 policy %s; take it out there first",
		    name, user);
	p = conf_ikev2_proposal_find(v, name);
	if (p != NULL)
		conf_ikev2_proposal_del(v, p);
	return true;
}

void
cmds_ikev2_proposal_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2 *v = &((const struct conf *)obj)->ikev2;
	const struct conf_ikev2_proposal *p;

	if (v->no_default_proposal)
		text_add(out, "no %s %s\n!\n", before, IKEV2_DEFAULT);
	DL_FOREACH(v->proposals, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, proposal_rows, " ", p);
		text_add(out, "!\n");
	}
}
