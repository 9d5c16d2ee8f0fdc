/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ...: the root, and what phase 2 is negotiated with (transform sets: cmds_tset.c). */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_crypto.h"
#include "cli/cmds_ikev2.h"
#include "conf_cmap.h"
#include "cli/cmds_pki.h"

enum { DEFAULT_LIFE_S = 3600, DEFAULT_LIFE_KB = 4608000, DEFAULT_WINDOW = 64 };

bool
cmds_weak(struct cmd_call *c, const char *what, const char *better)
{
	snprintf(c->why, sizeof(c->why), "%% Warning: %s is weak; use %s where the peer can", what,
	    better);
	return true;
}

/* --- lifetimes, of all and of a profile --- */

static bool
life_change(struct cmd_call *c, uint32_t *life_s, uint32_t *life_kb, bool *no_volume,
    bool keep_defaults)
{
	const struct cmd_value *what = cmd_value(c, SLOT_KIND), *n = cmd_value(c, SLOT_NUMBER);
	bool kb = what->number == 1;
	uint32_t value = c->verb == CMD_SET && n != NULL ? n->number : 0;

	if (!keep_defaults && value == (kb ? DEFAULT_LIFE_KB : DEFAULT_LIFE_S))
		value = 0;
	if (!kb) {
		*life_s = value;
		return true;
	}
	*life_kb = value;
	*no_volume = c->verb == CMD_SET && n == NULL;
	return true;
}

static void
write_life(struct text *out, const char *before, uint32_t life_s, uint32_t life_kb, bool no_volume)
{
	if (life_s != 0)
		text_add(out, "%s lifetime seconds %u\n", before, life_s);
	if (no_volume)
		text_add(out, "%s lifetime kilobytes disable\n", before);
	else if (life_kb != 0)
		text_add(out, "%s lifetime kilobytes %u\n", before, life_kb);
}

static const struct cmd kilobytes[] = {
	{ VALUE_NUM(2560, 4294967295u, "Security association duration in kilobytes encrypted"),
	    .slot = SLOT_NUMBER },
	{ "disable", "Disable volume-based rekey", .slot = SLOT_FLAG },
	CMD_END
};

static const struct cmd seconds[] = {
	{ VALUE_NUM(120, 2592000, "Security association duration in seconds"), .slot = SLOT_NUMBER },
	CMD_END
};

static const struct cmd lifetimes[] = {
	{ "kilobytes", "Volume-based key duration", .slot = SLOT_KIND, .give = 1, .no_end = true,
	    .sub = kilobytes },
	{ "seconds", "Time-based key duration", .slot = SLOT_KIND, .give = 0, .no_end = true,
	    .sub = seconds },
	REFUSED("days", "give it in `seconds`"),
	CMD_END
};

static bool
global_life_run(struct cmd_call *c)
{
	return life_change(c, &c->conf->ipsec_life_s, &c->conf->ipsec_life_kb,
	    &c->conf->ipsec_no_volume, false);
}

static bool
window_run(struct cmd_call *c)
{
	const struct cmd_value *n = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER) : NULL;

	c->conf->replay_window = n == NULL || n->number == DEFAULT_WINDOW ? 0 : (uint16_t)n->number;
	return true;
}

static bool
replay_disable_run(struct cmd_call *c)
{
	c->conf->replay_disabled = c->verb == CMD_SET;
	return true;
}

static void
association_write(struct text *out, const char *before, const void *obj)
{
	const struct conf *c = obj;

	write_life(out, before, c->ipsec_life_s, c->ipsec_life_kb, c->ipsec_no_volume);
	if (c->replay_window != 0)
		text_add(out, "%s replay window-size %u\n", before, c->replay_window);
	if (c->replay_disabled)
		text_add(out, "%s replay disable\n", before);
}

static const struct cmd windows[] = {
	{ "64", "Window size of 64 (default)", .slot = SLOT_NUMBER, .give = 64 },
	{ "128", "Window size of 128", .slot = SLOT_NUMBER, .give = 128 },
	{ "256", "Window size of 256", .slot = SLOT_NUMBER, .give = 256 },
	{ "512", "Window size of 512", .slot = SLOT_NUMBER, .give = 512 },
	{ "1024", "Window size of 1024", .slot = SLOT_NUMBER, .give = 1024 },
	CMD_END
};

static const struct cmd replay[] = {
	{ "disable", "Disable replay checking", .run = replay_disable_run },
	{ "window-size", "Set replay window size.", .sub = windows, .no_end = true,
	    .run = window_run },
	CMD_END
};

static const struct cmd association[] = {
	{ "lifetime", "security association lifetime", .sub = lifetimes, .run = global_life_run },
	{ "replay", "Set replay checking.", .sub = replay },
	CMD_END
};

/* --- crypto ipsec profile --- */

bool
cmds_set_tsets_run(struct cmd_call *c)
{
	struct conf_ipsec_profile *p = c->obj;
	char names[CONF_TRANSFORM_SETS_MAX][CONF_NAME_MAX] = {0};
	unsigned int i, n = 0;

	for (i = 0; c->verb == CMD_SET && i < c->n_values; i++) {
		const char *name = c->values[i].text;

		if (conf_tset_known(c->conf, name) == NULL)
			return cmd_refuse(c, "ERROR: transform set with tag \"%s\" does not exist.",
			    name);
		if (n == CONF_TRANSFORM_SETS_MAX)
			return cmd_refuse(c, "a profile has at most %d transform sets",
			    CONF_TRANSFORM_SETS_MAX);
		snprintf(names[n++], CONF_NAME_MAX, "%s", name);
	}
	memcpy(p->transform_sets, names, sizeof(names));
	return true;
}

void
cmds_set_tsets_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ipsec_profile *p = obj;
	unsigned int i;

	if (p->transform_sets[0][0] == '\0')
		return;
	text_add(out, "%s", before);
	for (i = 0; i < CONF_TRANSFORM_SETS_MAX && p->transform_sets[i][0] != '\0'; i++)
		text_add(out, " %s", p->transform_sets[i]);
	text_add(out, "\n");
}

bool
cmds_set_pfs_run(struct cmd_call *c)
{
	struct conf_ipsec_profile *p = c->obj;
	const struct cmd_value *group = cmd_value(c, SLOT_KIND);

	p->pfs_group = c->verb == CMD_SET ? (uint8_t)group->number : 0;
	if (p->pfs_group == 1 || p->pfs_group == 2 || p->pfs_group == 5)
		return cmds_weak(c, "this group", "group14 or group19");
	return true;
}

void
cmds_set_pfs_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ipsec_profile *p = obj;

	if (p->pfs_group != 0)
		text_add(out, "%s group%u\n", before, p->pfs_group);
}

bool
cmds_set_life_run(struct cmd_call *c)
{
	struct conf_ipsec_profile *p = c->obj;

	return life_change(c, &p->life_s, &p->life_kb, &p->no_volume, true);
}

void
cmds_set_life_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ipsec_profile *p = obj;

	write_life(out, before, p->life_s, p->life_kb, p->no_volume);
}

const struct cmd cmds_tset_names[] = {
	{ VALUE(word, "Proposal tag"), .slot = SLOT_NAME, .end = true, .sub = cmds_tset_names },
	CMD_END
};

const struct cmd cmds_pfs_groups[] = {
	{ "group1", "D-H Group1 (768-bit modp)", .slot = SLOT_KIND, .give = 1 },
	{ "group2", "D-H Group2 (1024-bit modp)", .slot = SLOT_KIND, .give = 2 },
	{ "group5", "D-H Group5 (1536-bit modp)", .slot = SLOT_KIND, .give = 5 },
	{ "group14", "D-H Group14 (2048-bit modp)", .slot = SLOT_KIND, .give = 14 },
	{ "group15", "D-H Group15 (3072-bit modp)", .slot = SLOT_KIND, .give = 15 },
	{ "group16", "D-H Group16 (4096-bit modp)", .slot = SLOT_KIND, .give = 16 },
	{ "group19", "D-H Group19 (256-bit ecp)", .slot = SLOT_KIND, .give = 19 },
	{ "group20", "D-H Group20 (384-bit ecp)", .slot = SLOT_KIND, .give = 20 },
	{ "group21", "D-H Group21 (521-bit ecp)", .slot = SLOT_KIND, .give = 21 },
	{ "group24", "D-H Group24 (2048-bit modp, 256 bit subgroup)", .slot = SLOT_KIND, .give = 24 },
	CMD_END
};

const struct cmd cmds_set_association[] = {
	{ "lifetime", "security association lifetime", .sub = lifetimes },
	REFUSED("replay", "it is set for all: `crypto ipsec security-association replay`"),
	REFUSED("idle-time", "idle security associations are kept; leave out `idle-time`"),
	REFUSED("dfbit", "`crypto ipsec df-bit` says it, for all or for an interface"),
	REFUSED("ecn", "congestion marks always cross, by RFC 6040; leave out `ecn`"),
	CMD_END
};

#define NO_PROFILE_ROUTES "routes into a tunnel are `ip route`s or NHRP's; leave it out"

static const struct cmd profile_set[] = {
	{ "security-association", "Security association parameters", .sub = cmds_set_association,
	    .run = cmds_set_life_run, .write = cmds_set_life_write },
	{ "transform-set", "Specify list of transform sets in priority order", .sub = cmds_tset_names,
	    .no_end = true, .run = cmds_set_tsets_run, .write = cmds_set_tsets_write },
	{ "pfs", "Specify pfs settings", .sub = cmds_pfs_groups, .no_end = true, .run = cmds_set_pfs_run,
	    .write = cmds_set_pfs_write },
	{ "isakmp-profile", "Specify isakmp Profile", ARG(word, "ISAKMP profile name"),
	    FIELD(conf_ipsec_profile, isakmp_profile) },
	{ "ikev2-profile", "Specify ikev2 Profile", ARG(word, "IKEv2 profile name"),
	    FIELD(conf_ipsec_profile, ikev2_profile) },
	REFUSED("identity", "an IKE profile says which identities a peer may have"),
	REFUSED("mixed-mode", "a VTI carries one IP version: `tunnel mode ipsec` says which"),
	REFUSED("reverse-route", NO_PROFILE_ROUTES),
	CMD_END
};

static const struct cmd profile_rows[] = {
	{ "set", "Set values for encryption/decryption", .sub = profile_set },
	REFUSED("description", "an IPsec profile has no description; leave it out"),
	REFUSED("responder-only", "whoever has traffic begins; leave out `responder-only`"),
	REFUSED("reverse-route", NO_PROFILE_ROUTES),
	CMD_END
};

static void *
profile_find(struct conf *c, const struct cmd_key *key)
{
	return conf_profile_find(c, key->name);
}

static const struct cmd_mode cmd_mode_profile = {"ipsec-profile", profile_rows, profile_find};

static const struct conf_iface *
profile_user(const struct conf *c, const char *name)
{
	const struct conf_iface *i;

	DL_FOREACH(c->ifaces, i)
		if (strcmp(i->tunnel.profile, name) == 0)
			return i;
	return NULL;
}

static bool
profile_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_ipsec_profile *p = conf_profile_find(c->conf, name);
	const struct conf_iface *user = profile_user(c->conf, name);
	char iface[IFACE_NAME_MAX];

	if (c->verb == CMD_SET) {
		conf_profile_get(c->conf, name);
		snprintf(c->key.name, sizeof(c->key.name), "%s", name);
		c->enter = &cmd_mode_profile;
		return true;
	}
	if (user != NULL)
		return cmd_refuse(c, "profile %s protects %s; enter `no tunnel protection` "
		    "there first", name, iface_name(&user->id, iface));
	if (p != NULL)
		conf_profile_del(c->conf, p);
	else if (c->verb == CMD_NO && strcmp(name, CONF_DEFAULT) == 0)
		c->conf->no_default_profile = true;
	if (c->verb == CMD_DEFAULT && strcmp(name, CONF_DEFAULT) == 0)
		c->conf->no_default_profile = false;
	return true;
}

static void
profile_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_ipsec_profile *p;

	if (((const struct conf *)obj)->no_default_profile)
		text_add(out, "no %s %s\n!\n", before, CONF_DEFAULT);
	DL_FOREACH(((const struct conf *)obj)->profiles, p) {
		text_add(out, "%s %s\n", before, p->name);
		cmd_write_rows(out, profile_rows, " ", p);
		text_add(out, "!\n");
	}
}

/* --- the root --- */

/* Neither form is the default: that is to force it between culverts. */
static bool
udp_force_run(struct cmd_call *c)
{
	c->conf->isakmp.udp = c->verb == CMD_SET ? CONF_UDP_FORCE :
	    c->verb == CMD_NO ? CONF_UDP_NAT : 0;
	return true;
}

static void
udp_write(struct text *out, const char *before, const void *obj)
{
	uint8_t udp = ((const struct conf *)obj)->isakmp.udp;

	if (udp != 0)
		text_add(out, "%s%s force\n", udp == CONF_UDP_NAT ? "no " : "", before);
}

/* What it would turn on is on. */
static bool
udp_run(struct cmd_call *c)
{
	return c->verb != CMD_NO || cmd_refuse(c, "a NAT is always looked for; for bare ESP where there "
	    "is none use `no crypto ipsec nat-transparency udp-encapsulation force`");
}

static const struct cmd udp_encapsulation[] = {
	{ "force", "Encapsulate ESP in UDP without a NAT too", .run = udp_force_run },
	CMD_END
};

static const struct cmd nat_transparency[] = {
	{ "udp-encapsulation", "UDP encapsulation of IPsec", .sub = udp_encapsulation, .end = true,
	    .run = udp_run, .write = udp_write, .bang = true },
	CMD_END
};

static const struct cmd logging[] = {
	{ "ikev2", "Log IKEv2 sessions that go up and down", FIELD(conf, isakmp.log_ikev2_sessions) },
	{ "session", "Log sessions of IKEv1 that go up and down", FIELD(conf, isakmp.log_sessions) },
	REFUSED("ezvpn", "there is no EzVPN here; `crypto logging session`"),
	CMD_END
};

static const struct cmd ipsec[] = {
	{ "security-association", "Security association parameters", .sub = association,
	    .write = association_write, .bang = true },
	{ "df-bit", "Handling of encapsulated DF bit.", .sub = cmds_df_bits, .no_end = true,
	    .run = cmds_df_run, .write = cmds_df_write, .bang = true },
	{ "fragmentation", "Handling of fragmentation of near-MTU sized packets",
	    .sub = cmds_fragmentations, .no_end = true, .run = cmds_frag_run,
	    .write = cmds_frag_write, .bang = true },
	{ "nat-transparency", "IPsec NAT transparency model", .sub = nat_transparency },
	{ "transform-set", "Define transform and settings", .sub = cmds_tset,
	    .run = cmds_tset_run, .write = cmds_tset_write, .bang = true },
	{ "profile", "Configure an ipsec policy profile", ARG(word, "Profile name"),
	    .slot = SLOT_NAME, .run = profile_run, .write = profile_write },
	REFUSED("client", NO_EASY_VPN),
	REFUSED("optional", "what a profile protects is always protected"),
	CMD_END
};

const struct cmd cmds_crypto[] = {
	{ "pki", "Public Key components", .sub = cmds_pki },
	{ "keyring", "Key ring commands", ARG(word, "Name of Keyring"), .slot = SLOT_NAME,
	    .end = true, .sub = cmds_keyring_vrf,
	    .run = cmds_keyring_run, .write = cmds_keyring_write },
	{ "logging", "logging messages", .sub = logging, .bang = true },
	{ "call", "Configure Crypto Call Admission Control", .sub = cmds_call_admission, .bang = true },
	{ "ikev2", "Configure IKEv2 Options", .sub = cmds_ikev2 },
	{ "isakmp", "Configure ISAKMP policy", .sub = cmds_isakmp, .bang = true },
	{ "ipsec", "Configure IPSEC policy", .sub = ipsec },
	{ "dynamic-map", "Specify a dynamic crypto map template", .arg = &cmd_arg_word,
	    .max = CMAP_NAME_LEN, .value_help = "Dynamic crypto map template tag",
	    .slot = SLOT_NAME, .no_end = true, .sub = cmds_dynamic_map,
	    .run = cmds_dynamic_map_run, .write = cmds_dynamic_map_write },
	{ "map", "Enter a crypto map", .arg = &cmd_arg_word, .max = CMAP_NAME_LEN,
	    .value_help = "Crypto map tag", .slot = SLOT_NAME, .no_end = true, .sub = cmds_cmap,
	    .run = cmds_cmap_run, .write = cmds_cmap_write, .bang = true },
	{ "key", "Long term key operations", .sub = cmds_key },
	REFUSED("ca", "`crypto pki` is how it is spelled today"),
	REFUSED("engine", "what encrypts is what the machine has: `show crypto engine brief`"),
	REFUSED("gdoi", "GETVPN is not here; a tunnel with an IPsec profile is"),
	REFUSED("xauth", "extended authentication is never asked for; leave it out"),
	CMD_END
};
