/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

#include "ike_wire.h"
#include "log.h"
#include "pki.h"

/* --- records --- */

/* A record that was not there: appended, so that `first` means first configured. */
#define NEW_RECORD(list, it)                                                                       \
	do {                                                                                       \
		(it) = calloc(1, sizeof(*(it)));                                                   \
		if ((it) == NULL)                                                                  \
			log_fatal("out of memory for configuration");                              \
		DL_APPEND(list, it);                                                               \
	} while (0)

#define SET_RECORD(list, it, body)                                                                 \
	do {                                                                                       \
		if ((it) == NULL)                                                                  \
			NEW_RECORD(list, it);                                                      \
		(it)->set = *(body);                                                               \
		(it)->stale = false;                                                               \
	} while (0)

#define DEL_RECORD(list, it)                                                                       \
	do {                                                                                       \
		if ((it) != NULL) {                                                                \
			DL_DELETE(list, it);                                                       \
			free(it);                                                                  \
		}                                                                                  \
	} while (0)

static struct conf_proposal2 *
proposal_find(const struct ike_conf2 *c, const char *name)
{
	struct conf_proposal2 *it;

	DL_FOREACH (c->proposals, it)
		if (strcmp(it->name, name) == 0)
			return it;
	return NULL;
}

static struct conf_policy2 *
policy_find(const struct ike_conf2 *c, const char *name)
{
	struct conf_policy2 *it;

	DL_FOREACH (c->policies, it)
		if (strcmp(it->set.name, name) == 0)
			return it;
	return NULL;
}

static struct conf_key2 *
key_find(const struct ike_conf2 *c, const struct ipc_ikev2_key *k)
{
	struct conf_key2 *it;

	DL_FOREACH (c->keys, it)
		if (strcmp(it->set.keyring, k->keyring) == 0 && strcmp(it->set.peer, k->peer) == 0)
			return it;
	return NULL;
}

static struct conf_profile2 *
profile_find(const struct ike_conf2 *c, const char *name)
{
	struct conf_profile2 *it;

	DL_FOREACH (c->profiles, it)
		if (strcmp(it->set.name, name) == 0)
			return it;
	return NULL;
}

static struct conf_match2 *
match_find(const struct ike_conf2 *c, const struct ipc_ikev2_match *m)
{
	struct conf_match2 *it;

	DL_FOREACH (c->matches, it)
		if (strcmp(it->set.profile, m->profile) == 0 && it->set.position == m->position)
			return it;
	return NULL;
}

/* Copies a list up to its first 0 and gives its length. */
static unsigned int
copy_list(uint8_t *to, const uint8_t *from, unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max && from[n] != 0; n++)
		to[n] = from[n];
	return n;
}

static void
proposal_set(struct ike_conf2 *c, const struct ipc_ikev2_proposal *p)
{
	const uint8_t encrs[ENCRS_MAX] = {p->encr0, p->encr1, p->encr2, p->encr3, p->encr4,
	    p->encr5, p->encr6, p->encr7};
	const uint16_t bits[ENCRS_MAX] = {p->bits0, p->bits1, p->bits2, p->bits3, p->bits4,
	    p->bits5, p->bits6, p->bits7};
	const uint8_t integs[INTEGS_MAX] = {p->integ0, p->integ1, p->integ2, p->integ3, p->integ4,
	    p->integ5};
	const uint8_t prfs[PRFS_MAX] = {p->prf0, p->prf1, p->prf2, p->prf3, p->prf4, p->prf5};
	const uint8_t groups[GROUPS_MAX] = {p->group0, p->group1, p->group2, p->group3, p->group4,
	    p->group5, p->group6, p->group7};
	struct conf_proposal2 *it = proposal_find(c, p->name);
	unsigned int n;

	if (it == NULL)
		NEW_RECORD(c->proposals, it);
	it->stale = false;
	it->set = *p;
	snprintf(it->name, sizeof(it->name), "%s", p->name);
	for (n = 0; n < ENCRS_MAX && encrs[n] != CIPHER_NONE; n++) {
		it->encr[n].cipher = encrs[n];
		it->encr[n].key_bits = bits[n];
	}
	it->n_encr = n;
	it->n_integ = copy_list(it->integ, integs, INTEGS_MAX);
	it->n_prf = copy_list(it->prf, prfs, PRFS_MAX);
	it->n_group = copy_list(it->group, groups, GROUPS_MAX);
}

static void
key_free(struct ike_conf2 *c, struct conf_key2 *it)
{
	if (it == NULL)
		return;
	DL_DELETE(c->keys, it);
	wipe(&it->set, sizeof(it->set));
	free(it);
}

/* A SET or DEL of a record that has a name or a key; false when it is neither. */
static bool
record_message(struct ike_conf2 *c, enum ipc_type type, const union ipc_body *b)
{
	struct conf_proposal2 *proposal;
	struct conf_policy2 *policy;
	struct conf_key2 *key;
	struct conf_profile2 *profile;
	struct conf_match2 *match;

	switch (type) {
	case IPC_MSG_IKEV2_PROPOSAL_DEL:
		proposal = proposal_find(c, b->ikev2_proposal.name);
		DEL_RECORD(c->proposals, proposal);
		return true;
	case IPC_MSG_IKEV2_POLICY_SET:
	case IPC_MSG_IKEV2_POLICY_DEL:
		policy = policy_find(c, b->ikev2_policy.name);
		if (type == IPC_MSG_IKEV2_POLICY_SET)
			SET_RECORD(c->policies, policy, &b->ikev2_policy);
		else
			DEL_RECORD(c->policies, policy);
		return true;
	case IPC_MSG_IKEV2_KEY_SET:
	case IPC_MSG_IKEV2_KEY_DEL:
		key = key_find(c, &b->ikev2_key);
		if (type == IPC_MSG_IKEV2_KEY_SET)
			SET_RECORD(c->keys, key, &b->ikev2_key);
		else
			key_free(c, key);
		return true;
	case IPC_MSG_IKEV2_PROFILE_SET:
	case IPC_MSG_IKEV2_PROFILE_DEL:
		profile = profile_find(c, b->ikev2_profile.name);
		if (type == IPC_MSG_IKEV2_PROFILE_SET)
			SET_RECORD(c->profiles, profile, &b->ikev2_profile);
		else
			DEL_RECORD(c->profiles, profile);
		return true;
	case IPC_MSG_IKEV2_MATCH_SET:
	case IPC_MSG_IKEV2_MATCH_DEL:
		match = match_find(c, &b->ikev2_match);
		if (type == IPC_MSG_IKEV2_MATCH_SET)
			SET_RECORD(c->matches, match, &b->ikev2_match);
		else
			DEL_RECORD(c->matches, match);
		return true;
	default:
		return false;
	}
}

static void
crash_set(struct conf_crash *c, const struct secret *s)
{
	c->changes += !c->on || c->secret.len != s->len ||
	    !equal_in_constant_time(c->secret.b, s->b, s->len);
	c->on = true;
	c->stale = false;
	c->secret = *s;
}

static void
crash_off(struct conf_crash *c)
{
	secret_wipe(&c->secret);
	c->on = c->stale = false;
}

bool
conf2_message(struct ike_conf2 *c, enum ipc_type type, const void *body)
{
	const union ipc_body *b = body;

	switch (type) {
	case IPC_MSG_IKEV2_GLOBAL:
		c->global = b->ikev2_global;
		return true;
	case IPC_MSG_IKEV2_CRASH_SET:
		crash_set(&c->crash, &b->ikev2_crash.secret);
		return true;
	case IPC_MSG_IKEV2_CRASH_DEL:
		crash_off(&c->crash);
		return true;
	case IPC_MSG_IKEV2_PROPOSAL_SET:
		proposal_set(c, &b->ikev2_proposal);
		return true;
	default:
		return record_message(c, type, b);
	}
}

void
conf2_begin(struct ike_conf2 *c)
{
	struct conf_proposal2 *proposal;
	struct conf_policy2 *policy;
	struct conf_key2 *key;
	struct conf_profile2 *profile;
	struct conf_match2 *match;

	c->crash.stale = true;
	DL_FOREACH (c->proposals, proposal)
		proposal->stale = true;
	DL_FOREACH (c->policies, policy)
		policy->stale = true;
	DL_FOREACH (c->keys, key)
		key->stale = true;
	DL_FOREACH (c->profiles, profile)
		profile->stale = true;
	DL_FOREACH (c->matches, match)
		match->stale = true;
}

#define SWEEP(list, it, next)                                                                      \
	DL_FOREACH_SAFE (list, it, next)                                                           \
		if ((it)->stale)                                                                   \
			DEL_RECORD(list, it)

void
conf2_sweep(struct ike_conf2 *c)
{
	struct conf_proposal2 *proposal, *proposal2;
	struct conf_policy2 *policy, *policy2;
	struct conf_key2 *key, *key2;
	struct conf_profile2 *profile, *profile2;
	struct conf_match2 *match, *match2;

	if (c->crash.stale)
		crash_off(&c->crash);
	SWEEP(c->proposals, proposal, proposal2);
	SWEEP(c->policies, policy, policy2);
	SWEEP(c->profiles, profile, profile2);
	SWEEP(c->matches, match, match2);
	DL_FOREACH_SAFE (c->keys, key, key2)
		if (key->stale)
			key_free(c, key);
}

void
conf2_clear(struct ike_conf2 *c)
{
	conf2_begin(c);
	conf2_sweep(c);
	c->global = (struct ipc_ikev2_global){0};
}

/* --- what is offered --- */

/* The policy for this address: the name `default` comes after every other. */
static const struct conf_policy2 *
policy_for(const struct ike_conf2 *c, const struct addr *local)
{
	const struct conf_policy2 *it, *any = NULL, *last = NULL;

	DL_FOREACH (c->policies, it) {
		if (it->set.proposal0[0] == '\0')
			continue;
		if (strcmp(it->set.name, "default") == 0)
			last = it;
		else if (!addr_is_set(&it->set.local))
			any = any == NULL ? it : any;
		else if (addr_eq(&it->set.local, local))
			return it;
	}
	return any != NULL ? any : last;
}

unsigned int
conf2_proposals(const struct ike_conf2 *c, const struct addr *local,
    const struct conf_proposal2 *list[PROPOSALS2_MAX])
{
	const struct conf_policy2 *p = policy_for(c, local);
	unsigned int i, n = 0;

	if (p == NULL)
		return 0;
	const char *const names[PROPOSALS2_MAX] = {p->set.proposal0, p->set.proposal1,
	    p->set.proposal2, p->set.proposal3, p->set.proposal4, p->set.proposal5,
	    p->set.proposal6, p->set.proposal7};

	for (i = 0; i < PROPOSALS2_MAX && names[i][0] != '\0'; i++) {
		list[n] = proposal_find(c, names[i]);
		if (list[n] != NULL)
			n++;
	}
	return n;
}

/* --- who a peer is --- */

static bool
text_is(const struct ident *id, uint8_t type, const char *text)
{
	size_t len = strlen(text);

	return id->type == type && id->len == len && len > 0 &&
	    strncasecmp((const char *)id->b, text, len) == 0;
}

/* Something, then `before`, then this text. */
static bool
text_ends(const struct ident *id, uint8_t type, char before, const char *text)
{
	size_t len = strlen(text);

	return id->type == type && len > 0 && id->len > len + 1 &&
	    id->b[id->len - len - 1] == (uint8_t)before &&
	    strncasecmp((const char *)id->b + id->len - len, text, len) == 0;
}

static bool
ident_address(const struct ident *id, struct addr *a)
{
	if (id->type != ID_IPV4_ADDR && id->type != ID_IPV6_ADDR)
		return false;
	*a = addr_from_bytes(id->type == ID_IPV4_ADDR ? ADDR_V4 : ADDR_V6, id->b);
	return true;
}

/* Names are compared as DNS does; a key id is bytes. */
static bool
name_matches(uint8_t kind, const char *text, const struct ident *id)
{
	switch (kind) {
	case IPC_MATCH_FQDN:
		return text_is(id, ID_FQDN, text);
	case IPC_MATCH_FQDN_DOMAIN:
		return text_is(id, ID_FQDN, text) || text_ends(id, ID_FQDN, '.', text);
	case IPC_MATCH_EMAIL:
		return text_is(id, ID_USER_FQDN, text);
	case IPC_MATCH_EMAIL_DOMAIN:
		return text_ends(id, ID_USER_FQDN, '@', text);
	case IPC_MATCH_KEY_ID:
		return id->type == ID_KEY_ID && id->len == strlen(text) &&
		    memcmp(id->b, text, id->len) == 0;
	default:
		return false;
	}
}

static bool
rule_matches(const struct ipc_ikev2_match *m, const struct ident *peer, const char *cert_maps)
{
	struct addr a;

	switch (m->kind) {
	case IPC_MATCH_ANY:
		return true;
	case IPC_MATCH_ADDRESS:
		return ident_address(peer, &a) && prefix_contains(&m->address, &a);
	case IPC_MATCH_CERT_MAP:
		return pki_map_in(cert_maps, m->text);
	default:
		return name_matches(m->kind, m->text, peer);
	}
}

bool
conf2_matches(const struct ike_conf2 *c, const struct conf_profile2 *p, const struct ident *peer,
    const struct addr *local, const char *cert_maps)
{
	bool known = false, ours = false, any_local = true;
	const struct conf_match2 *it;

	DL_FOREACH (c->matches, it) {
		if (strcmp(it->set.profile, p->set.name) != 0)
			continue;
		if (it->set.kind == IPC_MATCH_LOCAL_ADDRESS) {
			any_local = false;
			ours |= addr_eq(&it->set.address.addr, local);
		} else {
			known |= rule_matches(&it->set, peer, cert_maps);
		}
	}
	return known && (any_local || ours);
}

const struct conf_profile2 *
conf2_profile(const struct ike_conf2 *c, const char *name)
{
	return profile_find(c, name);
}

const struct conf_profile2 *
conf2_profile_for(const struct ike_conf2 *c, const struct ident *peer, const struct addr *local,
    const char *cert_maps)
{
	const struct conf_profile2 *it;

	DL_FOREACH (c->profiles, it)
		if (it->set.auth_local != 0 && it->set.auth_remote != 0 &&
		    conf2_matches(c, it, peer, local, cert_maps))
			return it;
	return NULL;
}

/* --- keys --- */

static bool
key_identifies(const struct ipc_ikev2_key *k, const struct ident *peer)
{
	struct addr a, want;

	if (k->id_kind == IPC_MATCH_ADDRESS)
		return ident_address(peer, &a) && addr_parse(&want, k->id) && addr_eq(&a, &want);
	return name_matches(k->id_kind, k->id, peer);
}

static const struct conf_key2 *
key_for(const struct ike_conf2 *c, const struct conf_profile2 *p, const struct addr *remote,
    const struct ident *peer)
{
	const struct conf_key2 *it, *best = NULL;

	if (p->set.keyring[0] == '\0')
		return NULL;
	DL_FOREACH (c->keys, it)
		if (strcmp(it->set.keyring, p->set.keyring) == 0 && ident_is_set(peer) &&
		    key_identifies(&it->set, peer))
			return it;
	DL_FOREACH (c->keys, it)
		if (strcmp(it->set.keyring, p->set.keyring) == 0 &&
		    it->set.address.addr.family != ADDR_NONE &&
		    prefix_contains(&it->set.address, remote) &&
		    (best == NULL || it->set.address.len > best->set.address.len))
			best = it;
	return best;
}

const struct secret *
conf2_psk_local(const struct ike_conf2 *c, const struct conf_profile2 *p,
    const struct addr *remote, const struct ident *peer)
{
	const struct conf_key2 *k = key_for(c, p, remote, peer);

	return k == NULL || k->set.local.len == 0 ? NULL : &k->set.local;
}

const struct secret *
conf2_psk_remote(const struct ike_conf2 *c, const struct conf_profile2 *p,
    const struct addr *remote, const struct ident *peer)
{
	const struct conf_key2 *k = key_for(c, p, remote, peer);

	return k == NULL || k->set.remote.len == 0 ? NULL : &k->set.remote;
}

/* --- who we are --- */

static void
ident_from_text(struct ident *id, uint8_t type, const char *text)
{
	size_t len = strlen(text);

	*id = (struct ident){.type = type, .len = (uint8_t)(len < IDENT_MAX ? len : IDENT_MAX)};
	memcpy(id->b, text, id->len);
}

void
conf2_ident_local(const struct conf_profile2 *p, const struct addr *local, struct ident *id)
{
	bool signs = (p->set.auth_local & ~IPC_AUTH_PSK) != 0;
	struct addr a;

	switch (p->set.id_type) {
	case IPC_ID_ADDRESS:
		ident_from_addr(id, addr_parse(&a, p->set.id) ? &a : local);
		break;
	case IPC_ID_FQDN:
		ident_from_text(id, ID_FQDN, p->set.id);
		break;
	case IPC_ID_EMAIL:
		ident_from_text(id, ID_USER_FQDN, p->set.id);
		break;
	case IPC_ID_KEY_ID:
		ident_from_text(id, ID_KEY_ID, p->set.id);
		break;
	case IPC_ID_DN:
		ident_from_text(id, ID_DER_DN, "");
		break;
	default:
		if (signs)
			ident_from_text(id, ID_DER_DN, "");
		else
			ident_from_addr(id, local);
		break;
	}
}
