/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy1.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

#include "ike_wire.h"
#include "log.h"
#include "pki.h"

static void *
new_record(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		log_fatal("out of memory for a configuration record");
	return p;
}

/* --- records --- */

static struct conf_profile1 *
profile_find(const struct ike_conf1 *c, const char *name)
{
	struct conf_profile1 *it;

	DL_FOREACH (c->profiles, it)
		if (strcmp(it->set.name, name) == 0)
			return it;
	return NULL;
}

static void
profile_set(struct ike_conf1 *c, const struct ipc_isakmp_profile *p)
{
	struct conf_profile1 *it = profile_find(c, p->name);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		DL_APPEND(c->profiles, it);
	}
	it->set = *p;
	it->stale = false;
}

static void
profile_del(struct ike_conf1 *c, struct conf_profile1 *it)
{
	if (it == NULL)
		return;
	DL_DELETE(c->profiles, it);
	free(it);
}

static struct conf_match1 *
match_find(const struct ike_conf1 *c, const struct ipc_isakmp_match *m)
{
	struct conf_match1 *it;

	DL_FOREACH (c->matches, it)
		if (it->set.position == m->position && strcmp(it->set.profile, m->profile) == 0)
			return it;
	return NULL;
}

static void
match_set(struct ike_conf1 *c, const struct ipc_isakmp_match *m)
{
	struct conf_match1 *it = match_find(c, m);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		DL_APPEND(c->matches, it);
	}
	it->set = *m;
	it->stale = false;
}

static void
match_del(struct ike_conf1 *c, struct conf_match1 *it)
{
	if (it == NULL)
		return;
	DL_DELETE(c->matches, it);
	free(it);
}

static struct conf_peer1 *
peer_find(const struct ike_conf1 *c, const struct addr *peer)
{
	struct conf_peer1 *it;

	DL_FOREACH (c->peers, it)
		if (addr_eq(&it->set.peer, peer))
			return it;
	return NULL;
}

static void
peer_set(struct ike_conf1 *c, const struct ipc_isakmp_peer *p)
{
	struct conf_peer1 *it = peer_find(c, &p->peer);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		DL_APPEND(c->peers, it);
	}
	it->set = *p;
	it->stale = false;
}

static void
peer_del(struct ike_conf1 *c, struct conf_peer1 *it)
{
	if (it == NULL)
		return;
	DL_DELETE(c->peers, it);
	wipe(it, sizeof(*it));
	free(it);
}

bool
conf1_message(struct ike_conf1 *c, enum ipc_type type, const void *body)
{
	switch (type) {
	case IPC_MSG_ISAKMP_GLOBAL:
		c->global = *(const struct ipc_isakmp_global *)body;
		return true;
	case IPC_MSG_ISAKMP_PROFILE_SET:
		profile_set(c, body);
		return true;
	case IPC_MSG_ISAKMP_PROFILE_DEL:
		profile_del(c, profile_find(c, ((const struct ipc_isakmp_profile *)body)->name));
		return true;
	case IPC_MSG_ISAKMP_MATCH_SET:
		match_set(c, body);
		return true;
	case IPC_MSG_ISAKMP_MATCH_DEL:
		match_del(c, match_find(c, body));
		return true;
	case IPC_MSG_ISAKMP_PEER_SET:
		peer_set(c, body);
		return true;
	case IPC_MSG_ISAKMP_PEER_DEL:
		peer_del(c, peer_find(c, &((const struct ipc_isakmp_peer *)body)->peer));
		return true;
	default:
		return false;
	}
}

void
conf1_begin(struct ike_conf1 *c)
{
	struct conf_profile1 *profile;
	struct conf_match1 *match;
	struct conf_peer1 *peer;

	DL_FOREACH (c->profiles, profile)
		profile->stale = true;
	DL_FOREACH (c->matches, match)
		match->stale = true;
	DL_FOREACH (c->peers, peer)
		peer->stale = true;
}

void
conf1_sweep(struct ike_conf1 *c)
{
	struct conf_profile1 *profile, *tmp;
	struct conf_match1 *match, *tmp2;
	struct conf_peer1 *peer, *tmp3;

	DL_FOREACH_SAFE (c->profiles, profile, tmp)
		if (profile->stale)
			profile_del(c, profile);
	DL_FOREACH_SAFE (c->matches, match, tmp2)
		if (match->stale)
			match_del(c, match);
	DL_FOREACH_SAFE (c->peers, peer, tmp3)
		if (peer->stale)
			peer_del(c, peer);
}

void
conf1_clear(struct ike_conf1 *c)
{
	conf1_begin(c);
	conf1_sweep(c);
}

/* --- questions --- */

const struct conf_profile1 *
conf1_profile(const struct ike_conf1 *c, const char *name)
{
	return profile_find(c, name);
}

const struct conf_peer1 *
conf1_peer(const struct ike_conf1 *c, const struct addr *remote)
{
	return peer_find(c, remote);
}

static bool
is_name(const struct ident *id, const char *text)
{
	return strlen(text) == id->len && strncasecmp((const char *)id->b, text, id->len) == 0;
}

/* What stands behind the last `separator`: host.example.org is in example.org. */
static bool
is_in_domain(const struct ident *id, char separator, const char *domain)
{
	size_t len = strlen(domain);

	return len > 0 && id->len > len + 1 && id->b[id->len - len - 1] == (uint8_t)separator &&
	    strncasecmp((const char *)id->b + id->len - len, domain, len) == 0;
}

/* 0: it does not match; else the more the closer. */
static unsigned int
closeness(const struct ipc_isakmp_match *m, const struct ident *id, const char *maps)
{
	struct addr a = {.family = id->type == ID_IPV6_ADDR ? ADDR_V6 : ADDR_V4};

	switch (m->kind) {
	case IPC_MATCH_CERT_MAP:
		return pki_map_in(maps, m->text) ? 250 : 0;
	case IPC_MATCH_ADDRESS:
		if (id->type != ID_IPV4_ADDR && id->type != ID_IPV6_ADDR)
			return 0;
		memcpy(a.b, id->b, id->len);
		return prefix_contains(&m->address, &a) ? 2u + m->address.len : 0;
	case IPC_MATCH_FQDN:
		return id->type == ID_FQDN && is_name(id, m->text) ? 200 : 0;
	case IPC_MATCH_FQDN_DOMAIN:
		return id->type == ID_FQDN && is_in_domain(id, '.', m->text) ? 1 : 0;
	case IPC_MATCH_EMAIL:
		return id->type == ID_USER_FQDN && is_name(id, m->text) ? 200 : 0;
	case IPC_MATCH_EMAIL_DOMAIN:
		return id->type == ID_USER_FQDN && is_in_domain(id, '@', m->text) ? 1 : 0;
	default:
		return 0;
	}
}

const struct conf_profile1 *
conf1_profile_for(const struct ike_conf1 *c, const struct ident *peer, const char *maps,
    const struct addr *local)
{
	const struct conf_profile1 *best = NULL, *profile;
	const struct conf_match1 *it;
	unsigned int n, most = 0;

	DL_FOREACH (c->matches, it) {
		n = closeness(&it->set, peer, maps);
		if (n <= most)
			continue;
		profile = profile_find(c, it->set.profile);
		if (profile == NULL ||
		    (addr_is_set(&profile->set.local) && !addr_eq(&profile->set.local, local)))
			continue;
		best = profile;
		most = n;
	}
	return best;
}

bool
conf1_has_match(const struct ike_conf1 *c, const struct conf_profile1 *profile)
{
	const struct conf_match1 *it;

	DL_FOREACH (c->matches, it)
		if (strcmp(it->set.profile, profile->set.name) == 0)
			return true;
	return false;
}

/* False when there is nothing to say. */
static bool
ident_from_text(struct ident *id, uint8_t type, const char *text)
{
	size_t len = strlen(text);

	if ((type != IPC_ID_FQDN && type != IPC_ID_EMAIL) || len == 0 || len > IDENT_MAX)
		return false;
	*id = (struct ident){.type = type == IPC_ID_FQDN ? ID_FQDN : ID_USER_FQDN,
	    .len = (uint8_t)len};
	memcpy(id->b, text, len);
	return true;
}

void
conf1_ident_local(const struct ike_conf1 *c, const struct conf_profile1 *profile,
    const struct conf_peer1 *peer, const struct addr *local, struct ident *id)
{
	if (peer != NULL && peer->set.id_type != 0 &&
	    ident_from_text(id, peer->set.id_type, peer->set.id))
		return;
	if (profile != NULL && profile->set.id_type != 0) {
		if (!ident_from_text(id, profile->set.id_type, profile->set.id))
			ident_from_addr(id, local);
		return;
	}
	if (c->global.id_type == IPC_ID_DN)
		*id = (struct ident){.type = ID_DER_DN};
	else if (!ident_from_text(id, c->global.id_type, c->global.id))
		ident_from_addr(id, local);
}
