/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 ...: the root, proposals, policies, and what is set for all. */
#include "cli/cmds_crypto.h"
#include "cli/cmds_ikev2.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

/* --- in a proposal: four lists of words --- */

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

const struct cmd_mode cmd_mode_ikev2_proposal = {
	.prompt = "config-ikev2-proposal", .rows = proposal_rows, .find = proposal_find,
};

/* --- in a policy --- */

static bool
policy_local_run(struct cmd_call *c)
{
	struct conf_ikev2_policy *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_ADDR);

	if (c->verb == CMD_SET && addr_is_set(&p->local) && !addr_eq(&p->local, &v->addr))
		return cmd_refuse(c, "a policy matches one local address; make a second policy "
		    "for %s", v->text);
	p->local = c->verb == CMD_SET ? v->addr : (struct addr){0};
	return true;
}

/* There is one routing table, which is what `any` and no line at all mean here. */
static bool
fvrf_run(struct cmd_call *c)
{
	if (c->verb != CMD_SET)
		return true;
	return cmd_refuse(c, "there is one routing table; use `match fvrf any`");
}

static const struct cmd policy_local[] = {
	{ "local", "Local address", ARG(addr, "local address"), .slot = SLOT_ADDR, .no_end = true },
	CMD_END
};

static const struct cmd fvrfs[] = {
	NOTED("any"),
	{ VALUE(word, "Front door VRF"), .run = fvrf_run },
	CMD_END
};

static void
policy_local_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_policy *p = obj;

	if (addr_is_set(&p->local))
		text_add(out, "%s local %s\n", before, ADDR_STR(&p->local));
}

static const struct cmd policy_match[] = {
	{ "address", "Match address", .sub = policy_local, .no_end = true, .run = policy_local_run,
	    .write = policy_local_write },
	{ "fvrf", "fvrf of the profile", .sub = fvrfs },
	CMD_END
};

/* Takes the name out of a list that has no gaps; false when it was not in it. */
static bool
take_out(struct conf_ikev2_policy *p, const char *name)
{
	unsigned int i;

	for (i = 0; i < IKEV2_PROPOSALS_MAX && strcmp(p->proposal[i], name) != 0; i++)
		continue;
	if (i == IKEV2_PROPOSALS_MAX)
		return false;
	memmove(p->proposal[i], p->proposal[i + 1],
	    (IKEV2_PROPOSALS_MAX - 1 - i) * sizeof(p->proposal[0]));
	memset(p->proposal[IKEV2_PROPOSALS_MAX - 1], 0, sizeof(p->proposal[0]));
	return true;
}

static bool
policy_proposal_run(struct cmd_call *c)
{
	struct conf_ikev2_policy *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_NAME);
	unsigned int i;

	if (c->verb != CMD_SET) {
		if (v == NULL)
			memset(p->proposal, 0, sizeof(p->proposal));
		else
			take_out(p, v->text);
		return true;
	}
	if (strcmp(v->text, IKEV2_DEFAULT) != 0 &&
	    conf_ikev2_proposal_find(&c->conf->ikev2, v->text) == NULL)
		return cmd_refuse(c, "ERROR: IKEv2 proposal %s does not exist; create it first with "
		    "`crypto ikev2 proposal %s`", v->text, v->text);
	for (i = 0; i < IKEV2_PROPOSALS_MAX && p->proposal[i][0] != '\0'; i++)
		if (strcmp(p->proposal[i], v->text) == 0)
			return true;
	if (i == IKEV2_PROPOSALS_MAX)
		return cmd_refuse(c, "a policy has at most %d proposals", IKEV2_PROPOSALS_MAX);
	snprintf(p->proposal[i], sizeof(p->proposal[i]), "%s", v->text);
	return true;
}

static void
policy_proposal_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_policy *p = obj;
	unsigned int i;

	for (i = 0; i < IKEV2_PROPOSALS_MAX && p->proposal[i][0] != '\0'; i++)
		text_add(out, "%s %s\n", before, p->proposal[i]);
}

static const struct cmd policy_rows[] = {
	{ "match", "Match values of local fields", .sub = policy_match },
	{ "proposal", "Specify Proposal", ARG(word, "Specify the name of proposal to be attached"),
	    .slot = SLOT_NAME, .no_end = true, .run = policy_proposal_run,
	    .write = policy_proposal_write },
	CMD_END
};

static void *
policy_find(struct conf *c, const struct cmd_key *key)
{
	return conf_ikev2_policy_find(&c->ikev2, key->name);
}

const struct cmd_mode cmd_mode_ikev2_policy = {
	.prompt = "config-ikev2-policy", .rows = policy_rows, .find = policy_find,
};

/* --- the lines that open these modes --- */

/* `default` is there unless `no` says otherwise; what was changed in it goes either way. */
static bool
entry_name(struct cmd_call *c, const char *what, bool *no_default, const char **name)
{
	const struct cmd_value *v = cmd_value(c, SLOT_NAME);

	*name = v != NULL ? v->text : IKEV2_DEFAULT;
	if (v == NULL && c->verb == CMD_NO)
		return cmd_refuse(c, "say which %s", what);
	if (strcmp(*name, IKEV2_DEFAULT) == 0)
		*no_default = c->verb == CMD_NO;
	return true;
}

static void
enter(struct cmd_call *c, const char *name, const struct cmd_mode *mode)
{
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = mode;
}

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

static bool
proposal_run(struct cmd_call *c)
{
	struct conf_ikev2 *v = &c->conf->ikev2;
	struct conf_ikev2_proposal *p;
	const char *name, *user;

	if (!entry_name(c, "proposal", &v->no_default_proposal, &name))
		return false;
	if (c->verb == CMD_SET) {
		conf_ikev2_proposal_get(v, name);
		enter(c, name, &cmd_mode_ikev2_proposal);
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

static void
proposal_write(struct text *out, const char *before, const void *obj)
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

static bool
policy_run(struct cmd_call *c)
{
	struct conf_ikev2 *v = &c->conf->ikev2;
	struct conf_ikev2_policy *p;
	const char *name;

	if (!entry_name(c, "policy", &v->no_default_policy, &name))
		return false;
	if (c->verb == CMD_SET) {
		conf_ikev2_policy_get(v, name);
		enter(c, name, &cmd_mode_ikev2_policy);
		return true;
	}
	p = conf_ikev2_policy_find(v, name);
	if (p != NULL)
		conf_ikev2_policy_del(v, p);
	return true;
}

static void
policy_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2 *v = &((const struct conf *)obj)->ikev2;
	const struct conf_ikev2_policy *p;

	if (v->no_default_policy)
		text_add(out, "no %s %s\n!\n", before, IKEV2_DEFAULT);
	DL_FOREACH(v->policies, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, policy_rows, " ", p);
		text_add(out, "!\n");
	}
}

/* --- what is set for all --- */

void
cmds_ikev2_dpd_read(const struct cmd_call *c, struct conf_ikev2_dpd *d)
{
	*d = (struct conf_ikev2_dpd){0};
	if (c->verb != CMD_SET)
		return;
	d->interval_s = (uint16_t)cmd_value(c, SLOT_NUMBER)->number;
	d->retry_s = (uint16_t)cmd_value(c, SLOT_MORE)->number;
	d->periodic = cmd_value(c, SLOT_KIND)->number == 1;
}

void
cmds_ikev2_dpd_write(struct text *out, const char *before, const struct conf_ikev2_dpd *d)
{
	if (d->interval_s != 0)
		text_add(out, "%s %u %u %s\n", before, d->interval_s, d->retry_s,
		    d->periodic ? "periodic" : "on-demand");
}

static const struct cmd dpd_kind[] = {
	{ "on-demand", "Send keepalives to peer only when needed", .slot = SLOT_KIND, .give = 0 },
	{ "periodic", "Send keepalives to peer on a periodic basis", .slot = SLOT_KIND, .give = 1 },
	CMD_END
};

const struct cmd cmds_ikev2_dpd_retry[] = {
	{ VALUE_NUM(2, 60, "DPD Retry Interval in Seconds"), .slot = SLOT_MORE, .sub = dpd_kind },
	CMD_END
};

static bool
dpd_run(struct cmd_call *c)
{
	cmds_ikev2_dpd_read(c, &c->conf->ikev2.dpd);
	return true;
}

static void
dpd_write(struct text *out, const char *before, const void *obj)
{
	cmds_ikev2_dpd_write(out, before, &((const struct conf *)obj)->ikev2.dpd);
}

static bool
fragmentation_run(struct cmd_call *c)
{
	struct conf_ikev2 *v = &c->conf->ikev2;
	const struct cmd_value *mtu = cmd_value(c, SLOT_NUMBER);

	v->fragmentation = c->verb == CMD_SET;
	v->fragment_mtu = v->fragmentation && mtu != NULL ? (uint16_t)mtu->number : 0;
	return true;
}

static void
fragmentation_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2 *v = &((const struct conf *)obj)->ikev2;

	if (v->fragmentation && v->fragment_mtu != 0)
		text_add(out, "%s mtu %u\n", before, v->fragment_mtu);
	else if (v->fragmentation)
		text_add(out, "%s\n", before);
}

/* On by default, so only its absence is written. */
static bool
crash_detection_run(struct cmd_call *c)
{
	c->conf->ikev2.no_crash_detection = c->verb == CMD_NO;
	return true;
}

static void
crash_detection_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->ikev2.no_crash_detection)
		text_add(out, "no %s\n", before);
}

/* The default is not written. */
static bool
window_run(struct cmd_call *c)
{
	const struct cmd_value *size = cmd_value(c, SLOT_NUMBER);

	c->conf->ikev2.window = c->verb != CMD_SET || size->number == CONF_IKEV2_WINDOW ? 0 :
	    (uint8_t)size->number;
	return true;
}

static void
window_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	if (c->ikev2.window != 0)
		text_add(out, "%s %u\n", before, c->ikev2.window);
}

static const struct cmd fragment_mtu[] = {
	{ "mtu", "Set fragmentation mtu", ARG_NUM(96, 1500, "MTU in bytes"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd nat[] = {
	{ "keepalive", "Set NAT keepalive interval",
	    ARG_NUM(5, 3600, "Number of seconds between keep alives"),
	    FIELD(conf, ikev2.natt_keepalive_s) },
	CMD_END
};

static void
write_nothing(struct text *out, const char *before, const void *obj)
{
	(void)out;
	(void)before;
	(void)obj;
}

static const struct cmd limits[] = {
	/* IOS spells it so; people do not.  It is written once. */
	{ "max-in-negotation-sa", "Limit the maximum incoming in-negotiation SAs",
	    ARG_NUM(1, 60000, "Number of IKEv2 SAs"), FIELD(conf, ikev2.max_negotiating) },
	{ "max-in-negotiation-sa", "", ARG_NUM(1, 60000, "Number of IKEv2 SAs"),
	    FIELD(conf, ikev2.max_negotiating), .hidden = true, .write = write_nothing },
	{ "max-sa", "Limit the maximum SAs", ARG_NUM(1, 60000, "Number of IKEv2 SAs"),
	    FIELD(conf, ikev2.max_sas) },
	REFUSED("queue", "requests do not wait in a queue; leave it out"),
	CMD_END
};

/* --- diagnose error --- */

enum { DIAGNOSE_DEFAULT = 50 };

static bool
diagnose_run(struct cmd_call *c)
{
	const struct cmd_value *max = cmd_value(c, SLOT_NUMBER);

	c->conf->ikev2.diagnose = c->verb != CMD_SET ? 0 : max != NULL ? (uint16_t)max->number :
	    DIAGNOSE_DEFAULT;
	return true;
}

static void
diagnose_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	if (c->ikev2.diagnose != 0)
		text_add(out, "%s %u\n", before, c->ikev2.diagnose);
}

static const struct cmd diagnose_max[] = {
	{ VALUE_NUM(1, 1000, "Maximum number of errors that are kept"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd diagnoses[] = {
	{ "error", "Keep the errors that are met", .sub = diagnose_max, .end = true,
	    .run = diagnose_run, .write = diagnose_write },
	CMD_END
};

#define NO_FLEXVPN "configuration payloads and FlexVPN are not built in; use routes and tunnels"
#define NAMED(text) ARG(word, text), .slot = SLOT_NAME

const struct cmd cmds_ikev2[] = {
	{ "proposal", "Define IKEV2 proposals", NAMED("Name of IKEv2 Proposal"), .no_end = true,
	    .run = proposal_run, .write = proposal_write },
	{ "policy", "Define IKEV2 policies", NAMED("Name of IKEv2 policy"), .no_end = true,
	    .run = policy_run, .write = policy_write },
	{ "keyring", "Define IKEv2 Keyring", NAMED("Name of IKEv2 Keyring"),
	    .run = cmds_ikev2_keyring_run, .write = cmds_ikev2_keyring_write },
	{ "profile", "Define IKEv2 Profiles", NAMED("Name of IKEv2 Profile"),
	    .run = cmds_ikev2_profile_run, .write = cmds_ikev2_profile_write },
	{ "nat", "NAT-transparency", .sub = nat, .bang = true },
	{ "dpd", "Enable IKE liveness check for peers", IKEV2_DPD_ARG, .slot = SLOT_NUMBER,
	    .no_end = true, .sub = cmds_ikev2_dpd_retry, .run = dpd_run, .write = dpd_write,
	    .bang = true },
	{ "cookie-challenge", "Set Cookie-challenge watermark",
	    ARG_NUM(1, 1000, "Maximum half-open SAs before a cookie is asked for"),
	    FIELD(conf, ikev2.cookie_challenge), .bang = true },
	{ "limit", "Limit the number of maximum and negotiating sa", .sub = limits, .bang = true },
	{ "fragmentation", "Enable fragmentation of ikev2 packets", .end = true,
	    .sub = fragment_mtu, .run = fragmentation_run, .write = fragmentation_write,
	    .bang = true },
	{ "diagnose", "IKEV2 diagnose", .sub = diagnoses, .bang = true },
	{ "window", "IKEV2 window size", ARG_NUM(1, 20, "Requests of a peer's that are taken at once"),
	    .slot = SLOT_NUMBER, .no_end = true, .run = window_run, .write = window_write,
	    .bang = true },
	{ "crash-detection", "Quick crash detection: give and take tokens (RFC 6290)",
	    .run = crash_detection_run, .write = crash_detection_write, .bang = true },
	REFUSED("authorization", NO_FLEXVPN),
	REFUSED("client", NO_FLEXVPN),
	REFUSED("name-mangler", NO_FLEXVPN),
	REFUSED("redirect", "redirection is not built in; name each hub in a tunnel"),
	REFUSED("reconnect", "reconnecting clients are not built in"),
	REFUSED("cluster", "clusters are not built in; name each hub in a tunnel"),
	REFUSED("cts", "security group tags are not built in"),
	REFUSED("http-url", "certificates travel in the message; leave out `http-url`"),
	REFUSED("disconnect-revoked-peers", REVOKED_PEERS),
	REFUSED("certificate-cache", "certificates are not kept between sessions"),
	CMD_END
};
