/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 profile: whom a session is with, and how both sides prove who they are. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_ikev2.h"

enum { DEFAULT_LIFE_S = 86400 };

static struct conf_ikev2_profile *
profile_of(struct cmd_call *c)
{
	return c->obj;
}

/* --- identity local --- */

static bool
identity_run(struct cmd_call *c)
{
	struct conf_ikev2_profile *p = profile_of(c);
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND), *addr = cmd_value(c, SLOT_ADDR);
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	p->id_type = 0;
	memset(p->id, 0, sizeof(p->id));
	if (c->verb != CMD_SET)
		return true;
	p->id_type = (uint8_t)kind->number;
	snprintf(p->id, sizeof(p->id), "%s", addr != NULL ? addr->text :
	    name != NULL ? name->text : "");
	return true;
}

static void
identity_write(struct text *out, const char *before, const void *obj)
{
	static const char *const words[] = {
		[IPC_ID_ADDRESS] = "address", [IPC_ID_FQDN] = "fqdn", [IPC_ID_EMAIL] = "email",
		[IPC_ID_KEY_ID] = "key-id", [IPC_ID_DN] = "dn",
	};
	const struct conf_ikev2_profile *p = obj;

	if (p->id_type != 0)
		text_add(out, "%s local %s%s%s\n", before, words[p->id_type],
		    p->id[0] == '\0' ? "" : " ", p->id);
}

static const struct cmd own_address[] = {
	{ VALUE(addr, "IPv4 address"), .slot = SLOT_ADDR },
	CMD_END
};

#define NAME_OF(text) { VALUE(word, text), .slot = SLOT_NAME, .max = IKEV2_ID_MAX - 1 }

static const struct cmd own_name[] = { NAME_OF("Name as the peer shall see it"), CMD_END };

static const struct cmd identities[] = {
	{ "address", "address", .slot = SLOT_KIND, .give = IPC_ID_ADDRESS, .sub = own_address },
	{ "dn", "Distinguished Name", .slot = SLOT_KIND, .give = IPC_ID_DN },
	{ "email", "Fully qualified email string", .slot = SLOT_KIND, .give = IPC_ID_EMAIL,
	    .sub = own_name },
	{ "fqdn", "Fully qualified domain name string", .slot = SLOT_KIND, .give = IPC_ID_FQDN,
	    .sub = own_name },
	{ "key-id", "key-id opaque string - proprietary types of identification",
	    .slot = SLOT_KIND, .give = IPC_ID_KEY_ID, .sub = own_name },
	CMD_END
};

static const struct cmd identity[] = {
	{ "local", "Specify the local IKE identity to use for the negotiations",
	    .sub = identities, .no_end = true },
	CMD_END
};

/* --- authentication --- */

#define NO_EAP "EAP is not built in; use pre-share or certificates"
#define NO_KEY "keys stand in a keyring: leave out `key` and use `keyring local NAME`"

static const struct cmd pre_share[] = {
	REFUSED("key", NO_KEY),
	CMD_END
};

static const struct cmd methods[] = {
	{ "pre-share", "Pre-Shared Key", .slot = SLOT_KIND, .give = IPC_AUTH_PSK, .end = true,
	    .sub = pre_share },
	{ "rsa-sig", "Rivest-Shamir-Adleman Signature", .slot = SLOT_KIND, .give = IPC_AUTH_RSA },
	{ "ecdsa-sig", "ECDSA Signature", .slot = SLOT_KIND, .give = IPC_AUTH_ECDSA },
	{ "eddsa-sig", "Ed25519 Signature", .slot = SLOT_KIND, .give = IPC_AUTH_EDDSA },
	REFUSED("eap", NO_EAP), REFUSED("anonymous-eap", NO_EAP),
	REFUSED("digital-signature", "`rsa-sig` and `ecdsa-sig` are digital signatures where the peer can"),
	CMD_END
};

enum { LOCAL, REMOTE };

static bool
authentication_run(struct cmd_call *c)
{
	struct conf_ikev2_profile *p = profile_of(c);
	const struct cmd_value *method = cmd_value(c, SLOT_KIND);
	uint8_t bit = method != NULL ? (uint8_t)method->number : 0xff;

	if (cmd_value(c, SLOT_FLAG)->number == LOCAL)
		p->auth_local = c->verb == CMD_SET ? bit : 0;
	else if (c->verb == CMD_SET)
		p->auth_remote |= bit;
	else
		p->auth_remote &= (uint8_t)~bit;
	return true;
}

static void
authentication_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_profile *p = obj;
	const struct cmd *m;

	for (m = methods; !cmd_is_end(m); m++)
		if ((p->auth_remote & m->give) != 0)
			text_add(out, "%s remote %s\n", before, m->word);
	for (m = methods; !cmd_is_end(m); m++)
		if ((p->auth_local & m->give) != 0)
			text_add(out, "%s local %s\n", before, m->word);
}

static const struct cmd authentication[] = {
	{ "local", "Set local authentication method", .slot = SLOT_FLAG, .give = LOCAL,
	    .no_end = true, .sub = methods },
	{ "remote", "Set remote authentication method", .slot = SLOT_FLAG, .give = REMOTE,
	    .no_end = true, .sub = methods },
	CMD_END
};

/* --- keyring and trustpoints --- */

static bool
keyring_run(struct cmd_call *c)
{
	struct conf_ikev2_profile *p = profile_of(c);
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);

	memset(p->keyring, 0, sizeof(p->keyring));
	if (c->verb == CMD_SET)
		snprintf(p->keyring, sizeof(p->keyring), "%s", name->text);
	return true;
}

static void
keyring_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_profile *p = obj;

	if (p->keyring[0] != '\0')
		text_add(out, "%s local %s\n", before, p->keyring);
}

static const struct cmd keyring[] = {
	{ "local", "Local keyring", ARG(word, "Keyring name"), .slot = SLOT_NAME, .no_end = true },
	REFUSED("aaa", "there is no AAA server here; use `keyring local NAME`"),
	CMD_END
};

static bool
trustpoint_run(struct cmd_call *c)
{
	struct conf_ikev2_profile *p = profile_of(c);
	const char *name = cmd_value(c, SLOT_NAME)->text;
	const struct cmd_value *use = cmd_value(c, SLOT_KIND);
	unsigned int i;

	for (i = 0; i < IKEV2_TRUSTPOINTS_MAX && p->trust[i].trustpoint[0] != '\0'; i++)
		if (strcmp(p->trust[i].trustpoint, name) == 0)
			break;
	if (i == IKEV2_TRUSTPOINTS_MAX)
		return c->verb != CMD_SET ||
		    cmd_refuse(c, "a profile has at most %d trustpoints", IKEV2_TRUSTPOINTS_MAX);
	if (c->verb == CMD_SET) {
		snprintf(p->trust[i].trustpoint, sizeof(p->trust[i].trustpoint), "%s", name);
		p->trust[i].use = use != NULL ? (uint8_t)use->number : 0;
		return true;
	}
	memmove(&p->trust[i], &p->trust[i + 1], (IKEV2_TRUSTPOINTS_MAX - 1 - i) * sizeof(p->trust[0]));
	memset(&p->trust[IKEV2_TRUSTPOINTS_MAX - 1], 0, sizeof(p->trust[0]));
	return true;
}

static void
trustpoint_write(struct text *out, const char *before, const void *obj)
{
	static const char *const uses[] = {
		"", [IPC_TRUST_SIGN] = " sign", [IPC_TRUST_VERIFY] = " verify",
	};
	const struct conf_ikev2_profile *p = obj;
	unsigned int i;

	for (i = 0; i < IKEV2_TRUSTPOINTS_MAX && p->trust[i].trustpoint[0] != '\0'; i++)
		text_add(out, "%s %s%s\n", before, p->trust[i].trustpoint, uses[p->trust[i].use]);
}

static const struct cmd trust_use[] = {
	{ "sign", "Use certificates from this trustpoint to create signature", .slot = SLOT_KIND,
	    .give = IPC_TRUST_SIGN },
	{ "verify", "Use certificates from this trustpoint to validate signature",
	    .slot = SLOT_KIND, .give = IPC_TRUST_VERIFY },
	CMD_END
};

static const struct cmd pki[] = {
	{ "trustpoint", "Specify trustpoint to use", ARG(word, "Trustpoint name"),
	    .slot = SLOT_NAME, .end = true, .sub = trust_use, .run = trustpoint_run,
	    .write = trustpoint_write },
	CMD_END
};

/* --- timers --- */

static bool
lifetime_run(struct cmd_call *c)
{
	const struct cmd_value *v = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER) : NULL;

	profile_of(c)->life_s = v == NULL || v->number == DEFAULT_LIFE_S ? 0 : v->number;
	return true;
}

static void
lifetime_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_profile *p = obj;

	if (p->life_s != 0)
		text_add(out, "%s %u\n", before, p->life_s);
}

static bool
dpd_run(struct cmd_call *c)
{
	cmds_ikev2_dpd_read(c, &profile_of(c)->dpd);
	return true;
}

static void
dpd_write(struct text *out, const char *before, const void *obj)
{
	cmds_ikev2_dpd_write(out, before, &((const struct conf_ikev2_profile *)obj)->dpd);
}

static const struct cmd nat[] = {
	{ "keepalive", "Set NAT keepalive interval",
	    ARG_NUM(5, 3600, "Number of seconds between keep alives"),
	    FIELD(conf_ikev2_profile, natt_keepalive_s) },
	REFUSED("force-encap", "a NAT is found out; leave out `force-encap`"),
	REFUSED("disable", "a NAT is found out; leave out `nat disable`"),
	CMD_END
};

static const struct cmd initial_contact[] = {
	{ "force", "Delete the older sessions of a peer that comes back",
	    FIELD(conf_ikev2_profile, initial_contact) },
	CMD_END
};

/* --- the mode --- */

#define NO_FLEXVPN "configuration payloads and FlexVPN are not built in; use routes and tunnels"

/* No REFUSED row: the word is one of global mode, too. */
static bool
aaa_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%s", NO_FLEXVPN);
}

static const struct cmd profile_rows[] = {
	{ "description", "Specify a description of this profile", ARG(line, "Profile description"),
	    FIELD(conf_ikev2_profile, description) },
	{ "match", "Match values of peer", .sub = cmds_ikev2_match, .run = cmds_ikev2_match_run,
	    .write = cmds_ikev2_match_write },
	{ "identity", "Specify IKE identity to use", .sub = identity, .run = identity_run,
	    .write = identity_write },
	{ "authentication", "Set authentication method", .sub = authentication,
	    .run = authentication_run, .write = authentication_write },
	{ "keyring", "Specify keyring to use", .sub = keyring, .no_end = true, .run = keyring_run,
	    .write = keyring_write },
	{ "pki", "Specify certificate authorities to trust", .sub = pki },
	{ "lifetime", "Set lifetime for ISAKMP security association",
	    ARG_NUM(120, 86400, "lifetime in seconds"), .slot = SLOT_NUMBER, .no_end = true,
	    .run = lifetime_run, .write = lifetime_write },
	{ "dpd", "Enable IKE liveness check for peers", IKEV2_DPD_ARG, .slot = SLOT_NUMBER,
	    .no_end = true, .sub = cmds_ikev2_dpd_retry, .run = dpd_run, .write = dpd_write },
	{ "nat", "NAT-transparency", .sub = nat },
	{ "initial-contact", "initial-contact processing", .sub = initial_contact },
	{ "shutdown", "shutdown the IKEv2 profile", FIELD(conf_ikev2_profile, shutdown) },
	REFUSED("ivrf", "there is one routing table; leave out `ivrf`"),
	{ "aaa", "", ARG(line, ""), .run = aaa_run, .hidden = true },
	REFUSED("virtual-template", "each peer has a tunnel of its own, or is met over DMVPN; "
	    "leave out `virtual-template`"),
	REFUSED("config-exchange", NO_FLEXVPN),
	REFUSED("config-mode", NO_FLEXVPN),
	REFUSED("anyconnect", NO_FLEXVPN),
	REFUSED("reconnect", NO_FLEXVPN),
	REFUSED("redirect", "redirection is not built in; name each hub in a tunnel"),
	REFUSED("reroute", NO_FLEXVPN),
	REFUSED("ppk", "post-quantum keys are not built in; leave the line out on both sides"),
	CMD_END
};

static void *
profile_find(struct conf *c, const struct cmd_key *key)
{
	return conf_ikev2_profile_find(&c->ikev2, key->name);
}

static const struct cmd_mode cmd_mode_ikev2_profile = {
	.prompt = "config-ikev2-profile", .rows = profile_rows, .find = profile_find,
};

/* What would be left without its profile; empty: nothing. */
static void
profile_user(const struct conf *c, const char *name, char user[IKEV2_NAME_MAX + 32])
{
	const struct conf_ipsec_profile *p;
	const struct conf_iface *i;
	char iface[IFACE_NAME_MAX];

	user[0] = '\0';
	DL_FOREACH(c->profiles, p)
		if (strcmp(p->ikev2_profile, name) == 0)
			snprintf(user, IKEV2_NAME_MAX + 32, "IPsec profile %s", p->name);
	DL_FOREACH(c->ifaces, i)
		if (strcmp(i->tunnel.ikev2_profile, name) == 0)
			snprintf(user, IKEV2_NAME_MAX + 32, "%s", iface_name(&i->id, iface));
}

bool
cmds_ikev2_profile_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_ikev2_profile *p = conf_ikev2_profile_find(&c->conf->ikev2, name);
	char user[IKEV2_NAME_MAX + 32];

	if (c->verb == CMD_SET) {
		conf_ikev2_profile_get(&c->conf->ikev2, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_ikev2_profile;
		return true;
	}
	if (p == NULL)
		return true;
	profile_user(c->conf, name, user);
	if (user[0] != '\0')
		return cmd_refuse(c, "IKEv2 profile %s is used by %s; take it out there first", name,
		    user);
	conf_ikev2_profile_del(&c->conf->ikev2, p);
	return true;
}

void
cmds_ikev2_profile_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ikev2_profile *p;

	DL_FOREACH(((const struct conf *)obj)->ikev2.profiles, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, profile_rows, " ", p);
		text_add(out, "!\n");
	}
}
