/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_ikev2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algs.h"
#include "conf_list.h"

/* The three functions of a list whose entries are found by name; OWNED is what an entry owns. */
#define NAMED_LIST(what, type, owner, list, owned)                                                 \
	struct type *conf_ikev2_##what##_find(const struct owner *o, const char *name)             \
	{                                                                                          \
		struct type *e;                                                                    \
                                                                                                   \
		DL_FOREACH (o->list, e)                                                            \
			if (strcmp(e->name, name) == 0)                                            \
				return e;                                                          \
		return NULL;                                                                       \
	}                                                                                          \
                                                                                                   \
	struct type *conf_ikev2_##what##_get(struct owner *o, const char *name)                    \
	{                                                                                          \
		struct type *e = conf_ikev2_##what##_find(o, name);                                \
                                                                                                   \
		if (e == NULL) {                                                                   \
			e = conf_zeroed(sizeof(*e));                                                    \
			snprintf(e->name, sizeof(e->name), "%s", name);                            \
			DL_APPEND(o->list, e);                                                     \
		}                                                                                  \
		return e;                                                                          \
	}                                                                                          \
                                                                                                   \
	void conf_ikev2_##what##_del(struct owner *o, struct type *e)                              \
	{                                                                                          \
		DL_DELETE(o->list, e);                                                             \
		owned(e);                                                                          \
		wipe(e, sizeof(*e));                                                               \
		free(e);                                                                           \
	}

static void
nothing(const void *e)
{
	(void)e;
}

static void
free_matches(struct conf_ikev2_profile *p)
{
	CONF_LIST_FREE(p->matches);
}

static void
free_peers(struct conf_ikev2_keyring *k)
{
	while (k->peers != NULL)
		conf_ikev2_peer_del(k, k->peers);
}

NAMED_LIST(proposal, conf_ikev2_proposal, conf_ikev2, proposals, nothing)
NAMED_LIST(policy, conf_ikev2_policy, conf_ikev2, policies, nothing)
NAMED_LIST(peer, conf_ikev2_peer, conf_ikev2_keyring, peers, nothing)
NAMED_LIST(keyring, conf_ikev2_keyring, conf_ikev2, keyrings, free_peers)
NAMED_LIST(profile, conf_ikev2_profile, conf_ikev2, profiles, free_matches)

/* --- matches of a profile --- */

static struct conf_ikev2_match *
match_find(const struct conf_ikev2_profile *p, const struct conf_ikev2_match *m)
{
	struct conf_ikev2_match *e;

	DL_FOREACH (p->matches, e)
		if (e->kind == m->kind && prefix_eq(&e->address, &m->address) &&
		    iface_cmp(&e->iface, &m->iface) == 0 && strcmp(e->text, m->text) == 0)
			return e;
	return NULL;
}

void
conf_ikev2_match_add(struct conf_ikev2_profile *p, const struct conf_ikev2_match *m)
{
	struct conf_ikev2_match *e;

	if (match_find(p, m) != NULL)
		return;
	e = conf_copied(m, sizeof(*m));
	DL_APPEND(p->matches, e);
}

void
conf_ikev2_match_del(struct conf_ikev2_profile *p, const struct conf_ikev2_match *m)
{
	struct conf_ikev2_match *e = match_find(p, m);

	if (e != NULL) {
		DL_DELETE(p->matches, e);
		free(e);
	}
}

/* --- all of it --- */

void
conf_ikev2_copy(struct conf_ikev2 *to, const struct conf_ikev2 *from)
{
	struct conf_ikev2_keyring *k;
	struct conf_ikev2_profile *p;

	*to = *from;
	CONF_LIST_COPY(to->proposals, from->proposals);
	CONF_LIST_COPY(to->policies, from->policies);
	CONF_LIST_COPY(to->keyrings, from->keyrings);
	DL_FOREACH (to->keyrings, k)
		CONF_LIST_COPY(k->peers, k->peers);
	CONF_LIST_COPY(to->profiles, from->profiles);
	DL_FOREACH (to->profiles, p)
		CONF_LIST_COPY(p->matches, p->matches);
}

void
conf_ikev2_free(struct conf_ikev2 *v)
{
	while (v->proposals != NULL)
		conf_ikev2_proposal_del(v, v->proposals);
	while (v->policies != NULL)
		conf_ikev2_policy_del(v, v->policies);
	while (v->keyrings != NULL)
		conf_ikev2_keyring_del(v, v->keyrings);
	while (v->profiles != NULL)
		conf_ikev2_profile_del(v, v->profiles);
}

struct conf_ikev2_proposal
conf_ikev2_proposal_whole(const struct conf_ikev2_proposal *p)
{
	static const struct conf_ikev2_proposal smart = {
	    .name = IKEV2_DEFAULT,
	    .encr = {{CIPHER_AES_CBC, 256}},
	    .integ = {INTEG_HMAC_SHA512_256, INTEG_HMAC_SHA384_192},
	    .prf = {HASH_SHA512, HASH_SHA384},
	    .group = {19, 14, 21},
	};
	struct conf_ikev2_proposal whole = smart;

	if (p == NULL)
		return whole;
	if (strcmp(p->name, IKEV2_DEFAULT) != 0)
		return *p;
	if (p->encr[0].cipher != CIPHER_NONE)
		memcpy(whole.encr, p->encr, sizeof(whole.encr));
	if (p->integ[0] != INTEG_NONE) {
		memcpy(whole.integ, p->integ, sizeof(whole.integ));
		memset(whole.prf, 0, sizeof(whole.prf));
	}
	if (p->prf[0] != HASH_NONE)
		memcpy(whole.prf, p->prf, sizeof(whole.prf));
	if (p->group[0] != 0)
		memcpy(whole.group, p->group, sizeof(whole.group));
	return whole;
}
