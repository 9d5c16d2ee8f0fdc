/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utlist.h>

#include "ike_wire.h"
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
	    .life_s = p->life_s, .auth = p->auth == IPC_AUTH_RSA ? IPC_AUTH_RSA : IPC_AUTH_PSK,
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

unsigned int
conf_policy_priority(const struct ike_conf *c, const struct p1_transform *like)
{
	const struct conf_policy *it;

	DL_FOREACH (c->policies, it)
		if (it->want.cipher == like->cipher && it->want.key_bits == like->key_bits &&
		    it->want.hash == like->hash && it->want.group == like->group)
			return it->priority;
	return 0;
}

/* --- pre-shared keys --- */

static struct conf_psk *
psk_find(const struct ike_conf *c, const struct ipc_ike_key *k)
{
	struct conf_psk *it;

	DL_FOREACH (c->keys, it)
		if (strcmp(it->keyring, k->keyring) == 0 && prefix_eq(&it->peer, &k->peer) &&
		    strcmp(it->host, k->host) == 0)
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
		snprintf(it->host, sizeof(it->host), "%s", k->host);
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
	return conf_psk_in(c, "", peer);
}

static bool
is_of_ring(const struct conf_psk *it, const char *keyring)
{
	return keyring[0] == '\0' || strcmp(it->keyring, keyring) == 0;
}

const struct secret *
conf_psk_host(const struct ike_conf *c, const char *keyring, const struct ident *id)
{
	const struct conf_psk *it;

	DL_FOREACH (c->keys, it) {
		if (it->host[0] == '\0' || !is_of_ring(it, keyring))
			continue;
		if (id == NULL || ((id->type == ID_FQDN || id->type == ID_USER_FQDN) &&
		    strlen(it->host) == id->len &&
		    strncasecmp(it->host, (const char *)id->b, id->len) == 0))
			return &it->key;
	}
	return NULL;
}

const struct secret *
conf_psk_in(const struct ike_conf *c, const char *keyring, const struct addr *peer)
{
	const struct conf_psk *it, *best = NULL;

	DL_FOREACH (c->keys, it) {
		if (it->host[0] != '\0' || !is_of_ring(it, keyring) ||
		    !prefix_contains(&it->peer, peer))
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

static struct proxy
proxy_of(const struct prefix *net, uint8_t proto, uint16_t port)
{
	return (struct proxy){.net = *net, .proto = proto, .port = port};
}

static bool
is_for_other_traffic(const struct conf_protection *it, const struct ipc_protection *p)
{
	struct proxy local = proxy_of(&p->proxy_local, p->proxy_proto, p->proxy_local_port);
	struct proxy remote = proxy_of(&p->proxy_remote, p->proxy_proto, p->proxy_remote_port);

	return it->dynamic != (p->dynamic != 0) || !proxy_eq(&it->proxy_local, &local) ||
	    !proxy_eq(&it->proxy_remote, &remote);
}

static void
set_map(struct conf_protection *it, const struct ipc_protection *p)
{
	snprintf(it->map, sizeof(it->map), "%s", p->map);
	it->seq = p->seq;
	it->dynamic = p->dynamic != 0;
	it->proxy_local = proxy_of(&p->proxy_local, p->proxy_proto, p->proxy_local_port);
	it->proxy_remote = proxy_of(&p->proxy_remote, p->proxy_proto, p->proxy_remote_port);
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
		    strcmp(it->ikev2_profile, p->ikev2_profile) != 0 || is_for_other_traffic(it, p);
	}
	it->stale = false;
	set_map(it, p);
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

/* --- peers after the first --- */

void
conf_set_protect_peer(struct ike_conf *c, const struct ipc_protect_peer *p)
{
	struct conf_protection *it = conf_protection_find(c, p->protection);

	if (it == NULL || p->position == 0 || p->position >= PROTECT_PEERS_MAX)
		return;
	it->more[p->position] = p->remote;
	it->more_stale &= ~(1u << p->position);
}

void
conf_del_protect_peer(struct ike_conf *c, const struct ipc_protect_peer *p)
{
	struct conf_protection *it = conf_protection_find(c, p->protection);

	if (it != NULL && p->position < PROTECT_PEERS_MAX)
		it->more[p->position] = (struct addr){0};
}

static void
sweep_peers(struct conf_protection *it)
{
	unsigned int i;

	for (i = 1; i < PROTECT_PEERS_MAX; i++)
		if ((it->more_stale & 1u << i) != 0)
			it->more[i] = (struct addr){0};
	it->more_stale = 0;
}

const struct addr *
conf_protection_peer(const struct conf_protection *p, unsigned int position)
{
	const struct addr *a = position == 0 ? &p->remote :
	    position < PROTECT_PEERS_MAX ? &p->more[position] : NULL;

	return a != NULL && addr_is_set(a) ? a : NULL;
}

int
conf_protection_position(const struct conf_protection *p, const struct addr *remote)
{
	const struct addr *a;
	unsigned int i;

	for (i = 0; (a = conf_protection_peer(p, i)) != NULL; i++)
		if (addr_eq(a, remote))
			return (int)i;
	return -1;
}

bool
conf_protection_admits(const struct conf_protection *p, const struct addr *local,
    const struct addr *remote)
{
	return addr_eq(&p->local, local) &&
	    (!addr_is_set(&p->remote) || conf_protection_position(p, remote) >= 0);
}

bool
conf_answers(const struct ike_conf *c, unsigned int version, const struct addr *local,
    const struct addr *remote)
{
	const struct conf_protection *it;

	if (!c->global.enabled)
		return false;
	DL_FOREACH (c->protections, it)
		if ((it->ikev2_profile[0] != '\0') == (version == 2) &&
		    conf_protection_admits(it, local, remote))
			return true;
	return false;
}

const struct conf_protection *
conf_protection_between(const struct ike_conf *c, const struct addr *local,
    const struct addr *remote)
{
	const struct conf_protection *it, *anybody = NULL;

	DL_FOREACH (c->protections, it) {
		if (!addr_eq(&it->local, local))
			continue;
		if (conf_protection_position(it, remote) >= 0)
			return it;
		if (!addr_is_set(&it->remote) && anybody == NULL)
			anybody = it;
	}
	return anybody;
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

	conf1_begin(&c->v1);
	DL_FOREACH (c->policies, pol)
		pol->stale = true;
	DL_FOREACH (c->keys, key)
		key->stale = true;
	DL_FOREACH (c->profiles, prof)
		prof->stale = true;
	DL_FOREACH (c->protections, prot) {
		prot->stale = true;
		prot->more_stale = ~0u;
	}
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

	conf1_sweep(&c->v1);
	DL_FOREACH_SAFE (c->policies, pol, pol2)
		if (pol->stale)
			conf_del_policy(c, pol->priority);
	DL_FOREACH_SAFE (c->keys, key, key2)
		if (key->stale)
			psk_free(c, key);
	DL_FOREACH_SAFE (c->protections, prot, prot2) {
		sweep_peers(prot);
		if (prot->stale) {
			if (gone != NULL)
				gone(prot, arg);
			protection_free(c, prot);
		}
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
