/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_ikev2.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#define DEFAULT_LIFE_S 86400
#define DEFAULT_FRAGMENT_MTU 576	/* RFC 7383 2.5.1 */

static void
add_global(const struct conf_ikev2 *v, struct wishes *out)
{
	struct ipc_ikev2_global *m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_GLOBAL, IPC_NONE,
	    "global");

	if (m == NULL)
		return;
	m->dpd_s = v->dpd.interval_s;
	m->dpd_retry_s = v->dpd.retry_s;
	m->dpd_periodic = v->dpd.periodic;
	m->natt_keepalive_s = v->natt_keepalive_s;
	m->fragmentation = v->fragmentation;
	m->fragment_bytes = v->fragment_mtu != 0 ? v->fragment_mtu : DEFAULT_FRAGMENT_MTU;
	m->cookie_challenge = v->cookie_challenge;
	m->max_negotiating = v->max_negotiating;
	m->max_negotiating_ours = v->max_negotiating_ours;
	m->max_sas = v->max_sas;
	m->window = v->window != 0 ? v->window : CONF_IKEV2_WINDOW;
	m->diagnose = v->diagnose;
}

/* --- proposals --- */

static bool
is_aead(const struct conf_ikev2_proposal *p)
{
	return p->encr[0].cipher == CIPHER_AES_GCM || p->encr[0].cipher == CIPHER_CHACHA20_POLY1305;
}

static const char *
proposal_lacks(const struct conf_ikev2_proposal *p)
{
	if (p->encr[0].cipher == CIPHER_NONE)
		return "encryption";
	if (!is_aead(p) && p->integ[0] == INTEG_NONE)
		return "integrity";
	if (p->integ[0] == INTEG_NONE && p->prf[0] == HASH_NONE)
		return "prf";
	if (p->group[0] == 0)
		return "group";
	return NULL;
}

/* The proposal of that name, whole; false when there is none or something is missing in it. */
static bool
proposal_known(const struct conf_ikev2 *v, const char *name, struct conf_ikev2_proposal *whole)
{
	const struct conf_ikev2_proposal *p = conf_ikev2_proposal_find(v, name);
	bool is_default = strcmp(name, IKEV2_DEFAULT) == 0;

	if (is_default ? v->no_default_proposal : p == NULL)
		return false;
	*whole = conf_ikev2_proposal_whole(p);
	return proposal_lacks(whole) == NULL;
}

static uint8_t
prf_of(uint8_t integ)
{
	static const uint8_t prfs[INTEG_COUNT] = {
		[INTEG_HMAC_SHA1_96] = HASH_SHA1, [INTEG_HMAC_SHA256_128] = HASH_SHA256,
		[INTEG_HMAC_SHA384_192] = HASH_SHA384, [INTEG_HMAC_SHA512_256] = HASH_SHA512,
		[INTEG_HMAC_MD5_96] = HASH_MD5,
	};

	return prfs[integ];
}

/* The lists of the message, whose fields are numbered. */
static void
put_lists(struct ipc_ikev2_proposal *m, const struct conf_ikev2_proposal *p)
{
	uint8_t *encr[] = {&m->encr0, &m->encr1, &m->encr2, &m->encr3, &m->encr4, &m->encr5,
	    &m->encr6, &m->encr7};
	uint16_t *bits[] = {&m->bits0, &m->bits1, &m->bits2, &m->bits3, &m->bits4, &m->bits5,
	    &m->bits6, &m->bits7};
	uint8_t *integ[] = {&m->integ0, &m->integ1, &m->integ2, &m->integ3, &m->integ4, &m->integ5};
	uint8_t *prf[] = {&m->prf0, &m->prf1, &m->prf2, &m->prf3, &m->prf4, &m->prf5};
	uint8_t *group[] = {&m->group0, &m->group1, &m->group2, &m->group3, &m->group4, &m->group5,
	    &m->group6, &m->group7};
	unsigned int i;

	for (i = 0; i < IKEV2_ENCRS_MAX; i++) {
		*encr[i] = p->encr[i].cipher;
		*bits[i] = p->encr[i].key_bits;
	}
	for (i = 0; i < IKEV2_INTEGS_MAX && !is_aead(p); i++)
		*integ[i] = p->integ[i];
	for (i = 0; i < IKEV2_PRFS_MAX; i++)
		*prf[i] = p->prf[0] != HASH_NONE ? p->prf[i] : prf_of(p->integ[i]);
	for (i = 0; i < IKEV2_GROUPS_MAX; i++)
		*group[i] = p->group[i];
}

static void
add_proposal(const struct conf_ikev2 *v, const char *name, struct wishes *out, struct text *notes)
{
	struct ipc_ikev2_proposal *m;
	struct conf_ikev2_proposal p = {0};

	if (!proposal_known(v, name, &p)) {
		if (p.name[0] != '\0')
			text_add(notes, "IKEv2 proposal %s is not used: it has no %s\n", name,
			    proposal_lacks(&p));
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_PROPOSAL_SET, IPC_MSG_IKEV2_PROPOSAL_DEL, "%s",
	    name);
	if (m == NULL)
		return;
	snprintf(m->name, sizeof(m->name), "%s", name);
	put_lists(m, &p);
}

/* --- policies --- */

static void
add_policy(const struct conf_ikev2 *v, const struct conf_ikev2_policy *p, struct wishes *out,
    struct text *notes)
{
	struct ipc_ikev2_policy set = {0}, *m;
	char *names[] = {set.proposal0, set.proposal1, set.proposal2, set.proposal3, set.proposal4,
	    set.proposal5, set.proposal6, set.proposal7};
	struct conf_ikev2_proposal whole;
	unsigned int i, n = 0;

	for (i = 0; i < IKEV2_PROPOSALS_MAX && p->proposal[i][0] != '\0'; i++)
		if (proposal_known(v, p->proposal[i], &whole))
			snprintf(names[n++], sizeof(set.proposal0), "%s", p->proposal[i]);
	if (n == 0) {
		text_add(notes, "IKEv2 policy %s is not used: it has no proposal that can be used\n",
		    p->name);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_POLICY_SET, IPC_MSG_IKEV2_POLICY_DEL, "%s",
	    p->name);
	if (m == NULL)
		return;
	snprintf(set.name, sizeof(set.name), "%s", p->name);
	set.local = p->local;
	memcpy(m, &set, sizeof(*m));
}

static void
add_default_policy(const struct conf_ikev2 *v, struct wishes *out, struct text *notes)
{
	static const struct conf_ikev2_policy smart = {
	    .name = IKEV2_DEFAULT, .proposal = {IKEV2_DEFAULT},
	};
	struct conf_ikev2_policy p = smart;
	const struct conf_ikev2_policy *changed = conf_ikev2_policy_find(v, IKEV2_DEFAULT);

	if (v->no_default_policy || (changed == NULL && v->no_default_proposal))
		return;
	if (changed != NULL) {
		p = *changed;
		if (p.proposal[0][0] == '\0')
			memcpy(p.proposal, smart.proposal, sizeof(p.proposal));
	}
	add_policy(v, &p, out, notes);
}

/* --- keyrings --- */

static void
add_key(const struct conf_ikev2_keyring *k, const struct conf_ikev2_peer *p, struct wishes *out,
    struct text *notes)
{
	struct ipc_ikev2_key *m;

	if (p->address.addr.family == ADDR_NONE && p->id_kind == 0) {
		text_add(notes, "peer %s of keyring %s is not used: it has neither address nor identity\n",
		    p->name, k->name);
		return;
	}
	if (p->local.key.len == 0 && p->remote.key.len == 0) {
		text_add(notes, "peer %s of keyring %s is not used: it has no pre-shared-key\n", p->name,
		    k->name);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_KEY_SET, IPC_MSG_IKEV2_KEY_DEL, "%s %s", k->name,
	    p->name);
	if (m == NULL)
		return;
	snprintf(m->keyring, sizeof(m->keyring), "%s", k->name);
	snprintf(m->peer, sizeof(m->peer), "%s", p->name);
	memcpy(&m->address, &p->address, sizeof(m->address));
	m->id_kind = p->id_kind;
	snprintf(m->id, sizeof(m->id), "%s", p->id);
	secret_set(&m->local, p->local.key.b, p->local.key.len);
	secret_set(&m->remote, p->remote.key.b, p->remote.key.len);
}

/* --- profiles --- */

/* NULL, or why no session can be made by this profile. */
static const char *
profile_trouble(const struct conf_ikev2 *v, const struct conf_ikev2_profile *p)
{
	const struct conf_ikev2_match *m;
	bool psk = ((p->auth_local | p->auth_remote) & IPC_AUTH_PSK) != 0;

	if (p->shutdown)
		return "it is shut down";
	DL_FOREACH(p->matches, m)
		if (m->kind != IPC_MATCH_LOCAL_ADDRESS)
			break;
	if (m == NULL)
		return "it has no `match identity remote` and no `match certificate`";
	if (p->auth_local == 0)
		return "it has no `authentication local`";
	if (p->auth_remote == 0)
		return "it has no `authentication remote`";
	if (psk && p->keyring[0] == '\0')
		return "it has no `keyring local` for its pre-shared keys";
	if (psk && conf_ikev2_keyring_find(v, p->keyring) == NULL)
		return "there is no such keyring";
	return NULL;
}

bool
derive_ikev2_usable(const struct conf *c, const char *profile)
{
	const struct conf_ikev2_profile *p = conf_ikev2_profile_find(&c->ikev2, profile);

	return p != NULL && profile_trouble(&c->ikev2, p) == NULL;
}

static void
put_trust(struct ipc_ikev2_profile *m, const struct conf_ikev2_profile *p)
{
	char *names[] = {m->trustpoint0, m->trustpoint1, m->trustpoint2, m->trustpoint3};
	uint8_t *uses[] = {&m->use0, &m->use1, &m->use2, &m->use3};
	unsigned int i;

	for (i = 0; i < IKEV2_TRUSTPOINTS_MAX; i++) {
		snprintf(names[i], sizeof(m->trustpoint0), "%s", p->trust[i].trustpoint);
		*uses[i] = p->trust[i].use;
	}
}

static void
add_match(const struct conf *c, const struct conf_ikev2_profile *p, unsigned int position,
    const struct conf_ikev2_match *rule, struct wishes *out)
{
	struct ipc_ikev2_match *m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_MATCH_SET,
	    IPC_MSG_IKEV2_MATCH_DEL, "%s %u", p->name, position);
	const struct conf_iface *i;

	if (m == NULL)
		return;
	snprintf(m->profile, sizeof(m->profile), "%s", p->name);
	m->position = (uint16_t)position;
	m->kind = rule->kind;
	memcpy(&m->address, &rule->address, sizeof(m->address));
	snprintf(m->text, sizeof(m->text), "%s", rule->text);
	/* An interface without an address is nobody's. */
	i = rule->iface.type == IFACE_NONE ? NULL : conf_iface_find(c, &rule->iface);
	if (i != NULL && !i->shutdown)
		m->address.addr = i->address.addr;
}

static void
add_profile(const struct conf *c, const struct conf_ikev2_profile *p, struct wishes *out,
    struct text *notes)
{
	const char *trouble = profile_trouble(&c->ikev2, p);
	const struct conf_ikev2_match *rule;
	struct ipc_ikev2_profile *m;
	unsigned int position = 0;

	if (trouble != NULL) {
		text_add(notes, "IKEv2 profile %s is not used: %s\n", p->name, trouble);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_PROFILE_SET, IPC_MSG_IKEV2_PROFILE_DEL, "%s",
	    p->name);
	if (m == NULL)
		return;
	snprintf(m->name, sizeof(m->name), "%s", p->name);
	m->auth_local = p->auth_local;
	m->auth_remote = p->auth_remote;
	m->id_type = p->id_type;
	snprintf(m->id, sizeof(m->id), "%s", p->id);
	snprintf(m->keyring, sizeof(m->keyring), "%s", p->keyring);
	put_trust(m, p);
	m->life_s = p->life_s != 0 ? p->life_s : DEFAULT_LIFE_S;
	m->has_dpd = p->dpd.interval_s != 0;
	m->dpd_s = p->dpd.interval_s;
	m->dpd_retry_s = p->dpd.retry_s;
	m->dpd_periodic = p->dpd.periodic;
	m->natt_keepalive_s = p->natt_keepalive_s;
	m->initial_contact = p->initial_contact;
	DL_FOREACH(p->matches, rule)
		add_match(c, p, position++, rule, out);
}

void
derive_ikev2(const struct conf *c, struct wishes *out, struct text *notes)
{
	const struct conf_ikev2 *v = &c->ikev2;
	const struct conf_ikev2_proposal *proposal;
	const struct conf_ikev2_policy *policy;
	const struct conf_ikev2_keyring *ring;
	const struct conf_ikev2_profile *profile;
	const struct conf_ikev2_peer *peer;

	add_global(v, out);
	DL_FOREACH(v->proposals, proposal)
		if (strcmp(proposal->name, IKEV2_DEFAULT) != 0)
			add_proposal(v, proposal->name, out, notes);
	add_proposal(v, IKEV2_DEFAULT, out, notes);
	DL_FOREACH(v->policies, policy)
		if (strcmp(policy->name, IKEV2_DEFAULT) != 0)
			add_policy(v, policy, out, notes);
	add_default_policy(v, out, notes);
	DL_FOREACH(v->keyrings, ring)
		DL_FOREACH(ring->peers, peer)
			add_key(ring, peer, out, notes);
	DL_FOREACH(v->profiles, profile)
		add_profile(c, profile, out, notes);
}

void
derive_crash_detection(const struct conf_ikev2 *v, struct key_store *keys, struct wishes *out,
    struct text *notes)
{
	const struct secret *secret;
	struct ipc_ikev2_crash *m;
	const char *why;

	if (v->no_crash_detection || v->profiles == NULL)
		return;
	m = wishes_add(out, IPC_IKED, IPC_MSG_IKEV2_CRASH_SET, IPC_MSG_IKEV2_CRASH_DEL,
	    "crash detection");
	if (m == NULL)
		return;
	why = key_store_crash_secret(keys, &secret);
	if (why != NULL)
		text_add(notes, "IKEv2 peers get no crash detection tokens of ours: %s\n", why);
	secret_set(&m->secret, secret->b, secret->len);
}
