/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto isakmp ...: what phase 1 is negotiated with (keys: cmds_isakmp_key.c). */
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"

enum { DEFAULT_LIFE_S = 86400 };

/* --- crypto isakmp enable --- */

static bool
enable_run(struct cmd_call *c)
{
	c->conf->isakmp_disabled = c->verb == CMD_NO;
	return true;
}

static void
enable_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->isakmp_disabled)
		text_add(out, "no %s\n", before);
}

/* --- in a policy --- */

static bool
encryption_run(struct cmd_call *c)
{
	struct conf_isakmp_policy *p = c->obj;
	const struct cmd_value *cipher = cmd_value(c, SLOT_CIPHER), *bits = cmd_value(c, SLOT_BITS);

	p->cipher = c->verb == CMD_SET ? (uint8_t)cipher->number : CIPHER_NONE;
	p->key_bits = p->cipher != CIPHER_AES_CBC ? 0 :
	    bits != NULL ? (uint16_t)bits->number : 128;
	if (p->cipher == CIPHER_DES_CBC || p->cipher == CIPHER_3DES_CBC)
		return cmds_weak(c, p->cipher == CIPHER_DES_CBC ? "DES" : "triple DES",
		    "`encryption aes 256`");
	return true;
}

static void
encryption_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_policy *p = obj;

	if (p->cipher == CIPHER_AES_CBC && p->key_bits == 128)
		text_add(out, "%s aes\n", before);
	else if (p->cipher == CIPHER_AES_CBC)
		text_add(out, "%s aes %u\n", before, p->key_bits);
	else if (p->cipher != CIPHER_NONE)
		text_add(out, "%s %s\n", before, p->cipher == CIPHER_DES_CBC ? "des" : "3des");
}

static bool
hash_run(struct cmd_call *c)
{
	struct conf_isakmp_policy *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_KIND);

	/* IOS does not write the default either. */
	p->hash = c->verb != CMD_SET || v->number == HASH_SHA1 ? HASH_NONE : (uint8_t)v->number;
	if (p->hash == HASH_MD5)
		return cmds_weak(c, "MD5", "`hash sha256`");
	return true;
}

static void
hash_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_policy *p = obj;

	if (p->hash != HASH_NONE)
		text_add(out, "%s %s\n", before, hash_name(p->hash));
}

static bool
group_run(struct cmd_call *c)
{
	struct conf_isakmp_policy *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_KIND);

	p->group = c->verb == CMD_SET ? (uint8_t)v->number : 0;
	if (p->group == 1 || p->group == 2 || p->group == 5)
		return cmds_weak(c, "this group", "`group 14` or `group 19`");
	return true;
}

static void
group_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_policy *p = obj;

	if (p->group != 0)
		text_add(out, "%s %u\n", before, p->group);
}

static bool
lifetime_run(struct cmd_call *c)
{
	struct conf_isakmp_policy *p = c->obj;
	const struct cmd_value *v = cmd_value(c, SLOT_NUMBER);

	p->life_s = c->verb != CMD_SET || v->number == DEFAULT_LIFE_S ? 0 : v->number;
	return true;
}

static void
lifetime_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_policy *p = obj;

	if (p->life_s != 0)
		text_add(out, "%s %u\n", before, p->life_s);
}

static const struct cmd aes_bits[] = {
	{ "128", "128 bit keys.", .slot = SLOT_BITS, .give = 128 },
	{ "192", "192 bit keys.", .slot = SLOT_BITS, .give = 192 },
	{ "256", "256 bit keys.", .slot = SLOT_BITS, .give = 256 },
	CMD_END
};

static const struct cmd ciphers[] = {
	{ "3des", "Three key triple DES", .slot = SLOT_CIPHER, .give = CIPHER_3DES_CBC },
	{ "aes", "AES - Advanced Encryption Standard.", .slot = SLOT_CIPHER,
	    .give = CIPHER_AES_CBC, .sub = aes_bits, .end = true },
	{ "des", "DES - Data Encryption Standard (56 bit keys).", .slot = SLOT_CIPHER,
	    .give = CIPHER_DES_CBC },
	CMD_END
};

static const struct cmd hashes[] = {
	{ "md5", "Message Digest 5", .slot = SLOT_KIND, .give = HASH_MD5 },
	{ "sha", "Secure Hash Standard", .slot = SLOT_KIND, .give = HASH_SHA1 },
	{ "sha256", "Secure Hash Standard 2 (256 bit)", .slot = SLOT_KIND, .give = HASH_SHA256 },
	{ "sha384", "Secure Hash Standard 2 (384 bit)", .slot = SLOT_KIND, .give = HASH_SHA384 },
	{ "sha512", "Secure Hash Standard 2 (512 bit)", .slot = SLOT_KIND, .give = HASH_SHA512 },
	CMD_END
};

static const struct cmd groups[] = {
	{ "1", "Diffie-Hellman group 1 (768 bit)", .slot = SLOT_KIND, .give = 1 },
	{ "2", "Diffie-Hellman group 2 (1024 bit)", .slot = SLOT_KIND, .give = 2 },
	{ "5", "Diffie-Hellman group 5 (1536 bit)", .slot = SLOT_KIND, .give = 5 },
	{ "14", "Diffie-Hellman group 14 (2048 bit)", .slot = SLOT_KIND, .give = 14 },
	{ "15", "Diffie-Hellman group 15 (3072 bit)", .slot = SLOT_KIND, .give = 15 },
	{ "16", "Diffie-Hellman group 16 (4096 bit)", .slot = SLOT_KIND, .give = 16 },
	{ "19", "Diffie-Hellman group 19 (256 bit ecp)", .slot = SLOT_KIND, .give = 19 },
	{ "20", "Diffie-Hellman group 20 (384 bit ecp)", .slot = SLOT_KIND, .give = 20 },
	{ "21", "Diffie-Hellman group 21 (521 bit ecp)", .slot = SLOT_KIND, .give = 21 },
	{ "24", "Diffie-Hellman group 24 (2048 bit, 256 bit subgroup)", .slot = SLOT_KIND,
	    .give = 24 },
	CMD_END
};

#define RSA_OR_KEY "IKEv1 has RSA signatures and pre-shared keys; use `rsa-sig` or `pre-share`"

static bool
authentication_run(struct cmd_call *c)
{
	((struct conf_isakmp_policy *)c->obj)->pre_share = false;
	return true;
}

static const struct cmd authentications[] = {
	{ "pre-share", "Pre-Shared Key", FIELD(conf_isakmp_policy, pre_share) },
	/* The default, which is not written. */
	{ "rsa-sig", "Rivest-Shamir-Adleman Signature", .run = authentication_run },
	REFUSED("rsa-encr", RSA_OR_KEY),
	REFUSED("ecdsa-sig", RSA_OR_KEY),
	CMD_END
};

static void
authentication_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf_isakmp_policy *)obj)->pre_share)
		text_add(out, "%s pre-share\n", before);
}

static const struct cmd policy_rows[] = {
	{ "encryption", "Set encryption algorithm for protection suite", .sub = ciphers,
	    .no_end = true, .run = encryption_run, .write = encryption_write },
	{ "hash", "Set hash algorithm for protection suite", .sub = hashes, .no_end = true,
	    .run = hash_run, .write = hash_write },
	{ "authentication", "Set authentication method for protection suite",
	    .sub = authentications, .no_end = true, .run = authentication_run,
	    .write = authentication_write },
	{ "group", "Set the Diffie-Hellman group", .sub = groups, .no_end = true,
	    .run = group_run, .write = group_write },
	{ "lifetime", "Set lifetime for ISAKMP security association",
	    ARG_NUM(60, 86400, "lifetime in seconds"), .slot = SLOT_NUMBER, .no_end = true,
	    .run = lifetime_run, .write = lifetime_write },
	CMD_END
};

static void *
policy_find(struct conf *c, const struct cmd_key *key)
{
	return conf_policy_find(c, key->number);
}

static const struct cmd_mode cmd_mode_isakmp = {"config-isakmp", policy_rows, policy_find};

static bool
policy_run(struct cmd_call *c)
{
	unsigned int priority = cmd_value(c, SLOT_NUMBER)->number;
	struct conf_isakmp_policy *p = conf_policy_find(c->conf, priority);

	if (c->verb == CMD_SET) {
		conf_policy_get(c->conf, priority);
		c->key.number = priority;
		c->enter = &cmd_mode_isakmp;
	} else if (p != NULL) {
		conf_policy_del(c->conf, p);
	}
	return true;
}

static void
policy_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_isakmp_policy *p;

	DL_FOREACH(((const struct conf *)obj)->policies, p) {
		text_add(out, "%s %u\n", before, p->priority);
		cmd_write_rows(out, policy_rows, " ", p);
		if (p->next != NULL)
			text_add(out, "!\n");
	}
}

/* --- keepalives --- */

static bool
keepalive_run(struct cmd_call *c)
{
	const struct cmd_value *interval = cmd_value(c, SLOT_NUMBER);
	const struct cmd_value *retry = cmd_value(c, SLOT_MORE);
	const struct cmd_value *periodic = cmd_value(c, SLOT_KIND);

	c->conf->dpd_s = c->verb == CMD_SET ? (uint16_t)interval->number : 0;
	c->conf->dpd_retry_s = 0;
	c->conf->dpd_periodic = c->verb == CMD_SET && periodic != NULL && periodic->number == 1;
	if (c->verb == CMD_SET && retry != NULL && retry->number != 2)
		c->conf->dpd_retry_s = (uint16_t)retry->number;
	return true;
}

static void
keepalive_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	if (c->dpd_s == 0)
		return;
	text_add(out, "%s %u", before, c->dpd_s);
	if (c->dpd_retry_s != 0)
		text_add(out, " %u", c->dpd_retry_s);
	text_add(out, "%s\n", c->dpd_periodic ? " periodic" : "");
}

#define DPD_KINDS									\
	{ "on-demand", "Send keepalives to peer only when needed (default)",		\
	    .slot = SLOT_KIND, .give = 0 },						\
	{ "periodic", "Send keepalives to peer on a periodic basis",			\
	    .slot = SLOT_KIND, .give = 1 }

static const struct cmd dpd_kind[] = { DPD_KINDS, CMD_END };

static const struct cmd dpd_retry[] = {
	DPD_KINDS,
	{ VALUE_NUM(2, 60, "Number of seconds between keep alive retries"), .slot = SLOT_MORE,
	    .end = true, .sub = dpd_kind },
	CMD_END
};

static const struct cmd nat_rows[] = {
	{ "keepalive", "Set NAT keepalive interval",
	    ARG_NUM(5, 3600, "Number of seconds between keep alives"),
	    FIELD(conf, natt_keepalive_s) },
	CMD_END
};

static bool
identity_run(struct cmd_call *c)
{
	unsigned int kind = c->verb == CMD_SET ? cmd_value(c, SLOT_KIND)->number : IPC_ID_ADDRESS;

	c->conf->isakmp.identity = kind == IPC_ID_ADDRESS ? 0 : (uint8_t)kind;
	return true;
}

static void
identity_write(struct text *out, const char *before, const void *obj)
{
	unsigned int kind = ((const struct conf *)obj)->isakmp.identity;

	if (kind != 0)
		text_add(out, "%s %s\n", before, kind == IPC_ID_DN ? "dn" : "hostname");
}

static const struct cmd identities[] = {
	{ "address", "Use the IP address of the interface for the identity", .slot = SLOT_KIND,
	    .give = IPC_ID_ADDRESS },
	{ "hostname", "Use the hostname of the router for the identity", .slot = SLOT_KIND,
	    .give = IPC_ID_FQDN },
	REFUSED("key-id", "in IKEv1 we are an address, a host name or a subject name"),
	{ "dn", "Use the distinguished name of the router cert for the identity",
	    .slot = SLOT_KIND, .give = IPC_ID_DN },
	CMD_END
};

static const struct cmd aggressive_modes[] = {
	{ "disable", "Disable ISAKMP aggressive mode", FIELD(conf, isakmp.aggressive_disabled) },
	CMD_END
};

/* --- crypto isakmp default policy --- */

static bool
default_policy_run(struct cmd_call *c)
{
	c->conf->isakmp.no_default_policy = c->verb == CMD_NO;
	return true;
}

static void
default_policy_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf *)obj)->isakmp.no_default_policy)
		text_add(out, "no %s\n", before);
}

static const struct cmd defaults[] = {
	{ "policy", "Use the default policies where none is configured", .run = default_policy_run,
	    .write = default_policy_write },
	CMD_END
};

const struct cmd cmds_isakmp[] = {
	{ "enable", "Enable ISAKMP", .run = enable_run, .write = enable_write },
	{ "invalid-spi-recovery", "Initiate IKE and send Invalid SPI Notify",
	    FIELD(conf, recovery) },
	{ "policy", "Set policy for an ISAKMP protection suite",
	    ARG_NUM(1, 10000, "Priority of protection suite"), .slot = SLOT_NUMBER,
	    .run = policy_run, .write = policy_write },
	{ "key", "Set pre-shared key for remote peer", .sub = cmds_isakmp_key,
	    .run = cmds_isakmp_key_run, .write = cmds_isakmp_key_write },
	{ "keepalive", "Set a keepalive interval for use with IOS peers",
	    ARG_NUM(10, 3600, "Number of seconds between keep alives"), .slot = SLOT_NUMBER,
	    .end = true, .no_end = true, .sub = dpd_retry, .run = keepalive_run,
	    .write = keepalive_write },
	{ "nat", "Set a nat  keepalive interval for use with IOS peers", .sub = nat_rows },
	{ "identity", "Set the identity which ISAKMP will use", .sub = identities, .no_end = true,
	    .run = identity_run, .write = identity_write },
	{ "fragmentation", "IKE Fragmentation enabled if required",
	    FIELD(conf, isakmp.fragmentation) },
	{ "aggressive-mode", "Disable ISAKMP aggressive mode", .sub = aggressive_modes },
	{ "default", "Default policies", .sub = defaults },
	{ "peer", "Set Peer Policy", .sub = cmds_isakmp_peer, .run = cmds_isakmp_peer_run,
	    .write = cmds_isakmp_peer_write, .bang = true },
	{ "profile", "Define ISAKMP Profiles", ARG(word, "Name of ISAKMP Profile"),
	    .slot = SLOT_NAME, .run = cmds_isakmp_profile_run, .write = cmds_isakmp_profile_write },
	REFUSED("client", NO_EASY_VPN), REFUSED("xauth", NO_EASY_VPN),
	REFUSED("diagnose", "errors are not kept: `debug crypto isakmp` tells of them"),
	REFUSED("disconnect-revoked-peers", REVOKED_PEERS),
	CMD_END
};
