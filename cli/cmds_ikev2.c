/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crypto ikev2 ...: the root, policies, and what is set for all (proposals: cmds_ikev2_proposal.c). */
#include "cli/cmds_crypto.h"
#include "cli/cmds_ikev2.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

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

static const struct cmd_mode cmd_mode_ikev2_policy = {
	.prompt = "config-ikev2-policy", .rows = policy_rows, .find = policy_find,
};

/* --- the lines that open these modes --- */

bool
cmds_ikev2_entry_name(struct cmd_call *c, const char *what, bool *no_default, const char **name)
{
	const struct cmd_value *v = cmd_value(c, SLOT_NAME);

	*name = v != NULL ? v->text : IKEV2_DEFAULT;
	if (v == NULL && c->verb == CMD_NO)
		return cmd_refuse(c, "say which %s", what);
	if (strcmp(*name, IKEV2_DEFAULT) == 0)
		*no_default = c->verb == CMD_NO;
	return true;
}

void
cmds_ikev2_enter(struct cmd_call *c, const char *name, const struct cmd_mode *mode)
{
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = mode;
}

static bool
policy_run(struct cmd_call *c)
{
	struct conf_ikev2 *v = &c->conf->ikev2;
	struct conf_ikev2_policy *p;
	const char *name;

	if (!cmds_ikev2_entry_name(c, "policy", &v->no_default_policy, &name))
		return false;
	if (c->verb == CMD_SET) {
		conf_ikev2_policy_get(v, name);
		cmds_ikev2_enter(c, name, &cmd_mode_ikev2_policy);
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
	    .run = cmds_ikev2_proposal_run, .write = cmds_ikev2_proposal_write },
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
	{ "limit", "Limit the number of maximum and negotiating sa", .sub = cmds_ikev2_limits,
	    .bang = true },
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
