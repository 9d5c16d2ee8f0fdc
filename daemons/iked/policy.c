/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"

static void *
new_record(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		log_fatal("out of memory for configuration");
	return p;
}

void
conf_set_global(struct ike_conf *c, const struct ipc_ike_global *g)
{
	c->global = *g;
}

/* --- policies --- */

static int
by_priority(const struct conf_policy *a, const struct conf_policy *b)
{
	return a->priority - b->priority;
}

void
conf_set_policy(struct ike_conf *c, const struct ipc_ike_policy *p)
{
	struct conf_policy *it;

	DL_FOREACH (c->policies, it)
		if (it->priority == p->priority)
			break;
	if (it == NULL) {
		it = new_record(sizeof(*it));
		it->priority = p->priority;
		DL_INSERT_INORDER(c->policies, it, by_priority);
	}
	it->stale = false;
	it->want = (struct p1_transform){
	    .cipher = p->cipher, .key_bits = p->key_bits, .hash = p->hash, .group = p->group,
	    .life_s = p->life_s,
	};
}

void
conf_del_policy(struct ike_conf *c, uint16_t priority)
{
	struct conf_policy *it, *tmp;

	DL_FOREACH_SAFE (c->policies, it, tmp)
		if (it->priority == priority) {
			DL_DELETE(c->policies, it);
			free(it);
		}
}

unsigned int
conf_policies(const struct ike_conf *c, struct p1_transform list[POLICIES_MAX])
{
	const struct conf_policy *it;
	unsigned int n = 0;

	DL_FOREACH (c->policies, it)
		if (n < POLICIES_MAX)
			list[n++] = it->want;
	return n;
}

/* --- pre-shared keys --- */

static struct conf_psk *
psk_find(const struct ike_conf *c, const struct ipc_ike_key *k)
{
	struct conf_psk *it;

	DL_FOREACH (c->keys, it)
		if (strcmp(it->keyring, k->keyring) == 0 && prefix_eq(&it->peer, &k->peer))
			return it;
	return NULL;
}

static void
psk_free(struct ike_conf *c, struct conf_psk *it)
{
	DL_DELETE(c->keys, it);
	secret_wipe(&it->key);
	free(it);
}

void
conf_set_psk(struct ike_conf *c, const struct ipc_ike_key *k)
{
	struct conf_psk *it = psk_find(c, k);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		snprintf(it->keyring, sizeof(it->keyring), "%s", k->keyring);
		it->peer = k->peer;
		DL_APPEND(c->keys, it);
	}
	it->stale = false;
	it->key = k->secret;
}

void
conf_del_psk(struct ike_conf *c, const struct ipc_ike_key *k)
{
	struct conf_psk *it = psk_find(c, k);

	if (it != NULL)
		psk_free(c, it);
}

const struct secret *
conf_psk_for(const struct ike_conf *c, const struct addr *peer)
{
	const struct conf_psk *it, *best = NULL;

	DL_FOREACH (c->keys, it) {
		if (!prefix_contains(&it->peer, peer))
			continue;
		if (best == NULL || it->peer.len > best->peer.len ||
		    (it->peer.len == best->peer.len && it->keyring[0] == '\0'))
			best = it;
	}
	return best == NULL ? NULL : &best->key;
}

/* --- profiles --- */

struct conf_profile *
conf_profile_by_name(const struct ike_conf *c, const char *name)
{
	struct conf_profile *it;

	DL_FOREACH (c->profiles, it)
		if (strcmp(it->name, name) == 0)
			return it;
	return NULL;
}

void
conf_set_profile(struct ike_conf *c, const struct ipc_ipsec_profile *p)
{
	struct conf_profile *it = conf_profile_by_name(c, p->name);
	const struct p2_transform rows[PROFILE_TRANSFORMS_MAX] = {
#define ROW(n) {.esp = {p->cipher##n, p->bits##n, p->integ##n}, .mode = p->mode##n}
	    ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5),
#undef ROW
	};
	unsigned int i;

	if (it == NULL) {
		it = new_record(sizeof(*it));
		snprintf(it->name, sizeof(it->name), "%s", p->name);
		DL_APPEND(c->profiles, it);
	}
	it->stale = false;
	it->replay_window = p->replay_window;
	it->count = p->transforms < PROFILE_TRANSFORMS_MAX ? p->transforms : PROFILE_TRANSFORMS_MAX;
	for (i = 0; i < it->count; i++) {
		it->want[i] = rows[i];
		it->want[i].pfs_group = p->pfs_group;
		it->want[i].life_s = p->life_s;
		it->want[i].life_kb = p->life_kb;
	}
}

void
conf_del_profile(struct ike_conf *c, const char *name)
{
	struct conf_profile *it = conf_profile_by_name(c, name);

	if (it != NULL) {
		DL_DELETE(c->profiles, it);
		free(it);
	}
}

/* --- protections --- */

struct conf_protection *
conf_protection_find(const struct ike_conf *c, const char *name)
{
	struct conf_protection *it;

	DL_FOREACH (c->protections, it)
		if (strcmp(it->name, name) == 0)
			return it;
	return NULL;
}

bool
conf_set_protection(struct ike_conf *c, const struct ipc_protection *p)
{
	struct conf_protection *it = conf_protection_find(c, p->protection);
	uint8_t inner = addr_is_set(&p->proxy_local.addr) ? p->proxy_local.addr.family : p->local.family;
	bool moved = false;

	if (it == NULL) {
		if (c->protections == NULL)
			log_event(LOG_SEV_INFO, "CRYPTO", "ISAKMP_ON_OFF", "ISAKMP is ON");
		it = new_record(sizeof(*it));
		snprintf(it->name, sizeof(it->name), "%s", p->protection);
		DL_APPEND(c->protections, it);
	} else {
		moved = !addr_eq(&it->local, &p->local) || !addr_eq(&it->remote, &p->remote) ||
		    it->kind != p->kind || it->inner != inner || it->vrf != p->vrf ||
		    strcmp(it->ikev2_profile, p->ikev2_profile) != 0;
	}
	it->stale = false;
	snprintf(it->tunnel, sizeof(it->tunnel), "%s", p->tunnel);
	snprintf(it->profile, sizeof(it->profile), "%s", p->profile);
	snprintf(it->ikev2_profile, sizeof(it->ikev2_profile), "%s", p->ikev2_profile);
	snprintf(it->isakmp_profile, sizeof(it->isakmp_profile), "%s", p->isakmp_profile);
	it->vrf = p->vrf;
	it->local = p->local;
	it->remote = p->remote;
	it->kind = p->kind;
	it->inner = inner;
	return moved;
}

static void
protection_free(struct ike_conf *c, struct conf_protection *it)
{
	DL_DELETE(c->protections, it);
	free(it);
	if (c->protections == NULL)
		log_event(LOG_SEV_INFO, "CRYPTO", "ISAKMP_ON_OFF", "ISAKMP is OFF");
}

void
conf_del_protection(struct ike_conf *c, const char *name)
{
	struct conf_protection *it = conf_protection_find(c, name);

	if (it != NULL)
		protection_free(c, it);
}

bool
conf_answers(const struct ike_conf *c, unsigned int version, const struct addr *local,
    const struct addr *remote)
{
	const struct conf_protection *it;

	if (!c->global.enabled)
		return false;
	DL_FOREACH (c->protections, it)
		if ((it->ikev2_profile[0] != '\0') == (version == 2) && addr_eq(&it->local, local) &&
		    (!addr_is_set(&it->remote) || addr_eq(&it->remote, remote)))
			return true;
	return false;
}

/* --- names of NICs --- */

static struct conf_nic *
nic_find(const struct ike_conf *c, const char *ifname)
{
	struct conf_nic *it;

	DL_FOREACH (c->nics, it)
		if (strcmp(it->ifname, ifname) == 0)
			return it;
	return NULL;
}

void
conf_set_nic(struct ike_conf *c, const struct ipc_nic *n)
{
	struct conf_nic *it = nic_find(c, n->ifname);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		snprintf(it->ifname, sizeof(it->ifname), "%s", n->ifname);
		DL_APPEND(c->nics, it);
	}
	snprintf(it->name, sizeof(it->name), "%s", n->name);
}

const char *
conf_nic_name(const struct ike_conf *c, const char *ifname)
{
	const struct conf_nic *it = nic_find(c, ifname);

	return it == NULL ? ifname : it->name;
}

/* --- all of it --- */

void
conf_begin(struct ike_conf *c)
{
	struct conf_policy *pol;
	struct conf_psk *key;
	struct conf_profile *prof;
	struct conf_protection *prot;

	DL_FOREACH (c->policies, pol)
		pol->stale = true;
	DL_FOREACH (c->keys, key)
		key->stale = true;
	DL_FOREACH (c->profiles, prof)
		prof->stale = true;
	DL_FOREACH (c->protections, prot)
		prot->stale = true;
	conf2_begin(&c->v2);
	pki_begin(&c->pki);
}

void
conf_sweep(struct ike_conf *c, void (*gone)(const struct conf_protection *p, void *arg), void *arg)
{
	struct conf_policy *pol, *pol2;
	struct conf_psk *key, *key2;
	struct conf_profile *prof, *prof2;
	struct conf_protection *prot, *prot2;

	DL_FOREACH_SAFE (c->policies, pol, pol2)
		if (pol->stale)
			conf_del_policy(c, pol->priority);
	DL_FOREACH_SAFE (c->keys, key, key2)
		if (key->stale)
			psk_free(c, key);
	DL_FOREACH_SAFE (c->protections, prot, prot2)
		if (prot->stale) {
			if (gone != NULL)
				gone(prot, arg);
			protection_free(c, prot);
		}
	DL_FOREACH_SAFE (c->profiles, prof, prof2)
		if (prof->stale)
			conf_del_profile(c, prof->name);
	conf2_sweep(&c->v2);
	pki_sweep(&c->pki);
}

void
conf_clear(struct ike_conf *c)
{
	struct conf_nic *it, *next;

	conf_begin(c);
	conf_sweep(c, NULL, NULL);
	DL_FOREACH_SAFE (c->nics, it, next) {
		DL_DELETE(c->nics, it);
		free(it);
	}
}
