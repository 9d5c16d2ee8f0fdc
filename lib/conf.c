/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_acl.h"
#include "conf_cmap.h"
#include "conf_list.h"

static void
set_name(char to[CONF_NAME_MAX], const char *name)
{
	strncpy(to, name, CONF_NAME_MAX - 1);
	to[CONF_NAME_MAX - 1] = '\0';
}

struct conf *
conf_new(void)
{
	return conf_zeroed(sizeof(struct conf));
}

static void
free_keys(struct conf_key **list)
{
	while (*list != NULL) {
		struct conf_key *k = *list;

		DL_DELETE(*list, k);
		wipe(&k->key, sizeof(k->key));
		free(k);
	}
}

static void
free_iface(struct conf_iface *i)
{
	CONF_LIST_FREE(i->secondaries);
	CONF_LIST_FREE(i->ipv6.addresses);
	CONF_LIST_FREE(i->nhrp.maps);
	CONF_LIST_FREE(i->nhrp.multicast_maps);
	CONF_LIST_FREE(i->nhrp.nhs);
	free(i);
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	while (c->ifaces != NULL)
		conf_iface_del(c, c->ifaces);
	while (c->keyrings != NULL)
		conf_keyring_del(c, c->keyrings);
	free_keys(&c->keys);
	CONF_LIST_FREE(c->routes);
	CONF_LIST_FREE(c->policies);
	CONF_LIST_FREE(c->transform_sets);
	CONF_LIST_FREE(c->profiles);
	conf_pki_free(&c->pki);
	conf_eem_free(&c->eem);
	conf_ikev2_free(&c->ikev2);
	conf_isakmp_free(&c->isakmp);
	conf_cmaps_free(&c->dynamic_maps);
	conf_cmaps_free(&c->cmaps);
	conf_acls_free(&c->acls);
	secret_wipe(&c->type6.master);
	conf_users_free(&c->users);
	free(c);
}

struct conf *
conf_copy(const struct conf *c)
{
	struct conf *to = conf_new();
	struct conf_iface *i;
	struct conf_keyring *k;

	*to = *c;
	CONF_LIST_COPY(to->ifaces, c->ifaces);
	for (i = to->ifaces; i != NULL; i = i->next) {
		CONF_LIST_COPY(i->secondaries, i->secondaries);
		CONF_LIST_COPY(i->ipv6.addresses, i->ipv6.addresses);
		CONF_LIST_COPY(i->nhrp.maps, i->nhrp.maps);
		CONF_LIST_COPY(i->nhrp.multicast_maps, i->nhrp.multicast_maps);
		CONF_LIST_COPY(i->nhrp.nhs, i->nhrp.nhs);
	}
	CONF_LIST_COPY(to->keyrings, c->keyrings);
	for (k = to->keyrings; k != NULL; k = k->next)
		CONF_LIST_COPY(k->keys, k->keys);
	CONF_LIST_COPY(to->keys, c->keys);
	CONF_LIST_COPY(to->routes, c->routes);
	CONF_LIST_COPY(to->policies, c->policies);
	CONF_LIST_COPY(to->transform_sets, c->transform_sets);
	CONF_LIST_COPY(to->profiles, c->profiles);
	conf_pki_copy(&to->pki, &c->pki);
	conf_eem_copy(&to->eem, &c->eem);
	conf_ikev2_copy(&to->ikev2, &c->ikev2);
	conf_isakmp_copy(&to->isakmp, &c->isakmp);
	to->dynamic_maps = conf_cmaps_copy(c->dynamic_maps);
	to->cmaps = conf_cmaps_copy(c->cmaps);
	to->acls = conf_acls_copy(c->acls);
	conf_users_copy(&to->users, &c->users);
	return to;
}

/* --- interfaces --- */

struct conf_iface *
conf_iface_find(const struct conf *c, const struct iface_id *id)
{
	struct conf_iface *i;

	for (i = c->ifaces; i != NULL; i = i->next)
		if (iface_cmp(&i->id, id) == 0 && i->id.has_slot == id->has_slot)
			return i;
	return NULL;
}

static int
by_iface(const struct conf_iface *a, const struct conf_iface *b)
{
	return iface_cmp(&a->id, &b->id);
}

struct conf_iface *
conf_iface_get(struct conf *c, const struct iface_id *id)
{
	struct conf_iface *i = conf_iface_find(c, id);

	if (i == NULL) {
		i = conf_zeroed(sizeof(*i));
		i->id = *id;
		DL_INSERT_INORDER(c->ifaces, i, by_iface);
	}
	return i;
}

void
conf_iface_del(struct conf *c, struct conf_iface *i)
{
	DL_DELETE(c->ifaces, i);
	free_iface(i);
}

/* --- ISAKMP policies --- */

struct conf_isakmp_policy *
conf_policy_find(const struct conf *c, unsigned int priority)
{
	struct conf_isakmp_policy *p;

	for (p = c->policies; p != NULL; p = p->next)
		if (p->priority == priority)
			return p;
	return NULL;
}

static int
by_priority(const struct conf_isakmp_policy *a, const struct conf_isakmp_policy *b)
{
	return (int)a->priority - (int)b->priority;
}

struct conf_isakmp_policy *
conf_policy_get(struct conf *c, unsigned int priority)
{
	struct conf_isakmp_policy *p = conf_policy_find(c, priority);

	if (p == NULL) {
		p = conf_zeroed(sizeof(*p));
		p->priority = (uint16_t)priority;
		DL_INSERT_INORDER(c->policies, p, by_priority);
	}
	return p;
}

void
conf_policy_del(struct conf *c, struct conf_isakmp_policy *p)
{
	DL_DELETE(c->policies, p);
	free(p);
}

/* --- keys --- */

struct conf_keyring *
conf_keyring_find(const struct conf *c, const char *name)
{
	struct conf_keyring *k;

	for (k = c->keyrings; k != NULL; k = k->next)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

struct conf_keyring *
conf_keyring_get(struct conf *c, const char *name)
{
	struct conf_keyring *k = conf_keyring_find(c, name);

	if (k == NULL) {
		k = conf_zeroed(sizeof(*k));
		set_name(k->name, name);
		DL_APPEND(c->keyrings, k);
	}
	return k;
}

void
conf_keyring_del(struct conf *c, struct conf_keyring *k)
{
	DL_DELETE(c->keyrings, k);
	free_keys(&k->keys);
	free(k);
}

struct conf_key *
conf_key_set(struct conf_key **list, const struct prefix *peer, const char *host,
    const struct key_text *key)
{
	struct conf_key *k;

	for (k = *list; k != NULL; k = k->next)
		if (prefix_eq(&k->peer, peer) && strcmp(k->host, host) == 0)
			break;
	if (key == NULL) {
		if (k != NULL) {
			DL_DELETE(*list, k);
			wipe(&k->key, sizeof(k->key));
			free(k);
		}
		return NULL;
	}
	if (k == NULL) {
		k = conf_zeroed(sizeof(*k));
		k->peer = *peer;
		snprintf(k->host, sizeof(k->host), "%s", host);
		DL_APPEND(*list, k);
	}
	k->key = *key;
	return k;
}

/* --- transform sets and profiles --- */

struct conf_transform_set *
conf_tset_find(const struct conf *c, const char *name)
{
	struct conf_transform_set *t;

	for (t = c->transform_sets; t != NULL; t = t->next)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}

struct conf_transform_set *
conf_tset_get(struct conf *c, const char *name)
{
	struct conf_transform_set *t = conf_tset_find(c, name);

	if (t == NULL) {
		t = conf_zeroed(sizeof(*t));
		set_name(t->name, name);
		DL_APPEND(c->transform_sets, t);
	}
	return t;
}

void
conf_tset_del(struct conf *c, struct conf_transform_set *t)
{
	DL_DELETE(c->transform_sets, t);
	free(t);
}

struct conf_ipsec_profile *
conf_profile_find(const struct conf *c, const char *name)
{
	struct conf_ipsec_profile *p;

	for (p = c->profiles; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

struct conf_ipsec_profile *
conf_profile_get(struct conf *c, const char *name)
{
	struct conf_ipsec_profile *p = conf_profile_find(c, name);

	if (p == NULL) {
		p = conf_zeroed(sizeof(*p));
		set_name(p->name, name);
		DL_APPEND(c->profiles, p);
	}
	return p;
}

void
conf_profile_del(struct conf *c, struct conf_ipsec_profile *p)
{
	DL_DELETE(c->profiles, p);
	free(p);
}

/* --- what is there without being configured --- */

const struct conf_transform_set *
conf_tset_known(const struct conf *c, const char *name)
{
	static const struct conf_transform_set smart = {
	    .name = CONF_DEFAULT, .mode = MODE_TRANSPORT,
	    .transform = {CIPHER_AES_CBC, 128, INTEG_HMAC_SHA1_96},
	};
	const struct conf_transform_set *t = conf_tset_find(c, name);

	return t == NULL && strcmp(name, smart.name) == 0 && !c->no_default_tset ? &smart : t;
}

const struct conf_ipsec_profile *
conf_profile_known(const struct conf *c, const char *name)
{
	static const struct conf_ipsec_profile smart = {.name = CONF_DEFAULT},
	    smart2 = {.name = CONF_DEFAULT, .ikev2_profile = IKEV2_DEFAULT};
	const struct conf_ipsec_profile *p = conf_profile_find(c, name);

	if (p != NULL || strcmp(name, smart.name) != 0 || c->no_default_profile)
		return p;
	return conf_ikev2_profile_find(&c->ikev2, IKEV2_DEFAULT) != NULL ? &smart2 : &smart;
}

const char *
conf_tunnel_ikev2_profile(const struct conf *c, const struct conf_tunnel *t)
{
	const struct conf_ipsec_profile *p = conf_profile_known(c, t->profile);

	if (t->ikev2_profile[0] != '\0')
		return t->ikev2_profile;
	return p == NULL ? "" : p->ikev2_profile;
}

const char *
conf_tunnel_isakmp_profile(const struct conf *c, const struct conf_tunnel *t)
{
	const struct conf_ipsec_profile *p = conf_profile_known(c, t->profile);

	if (conf_tunnel_ikev2_profile(c, t)[0] != '\0')
		return "";
	if (t->isakmp_profile[0] != '\0')
		return t->isakmp_profile;
	return p == NULL ? "" : p->isakmp_profile;
}

/* --- defaults --- */

enum {
	ETHERNET_MTU = 1500,
	GRE_OVERHEAD = 24,	/* IPv4 and GRE */
	GRE_KEY_LEN = 4,
	VTI_OVERHEAD = 62,	/* IPv4 and ESP with AES-CBC and HMAC-SHA-1, as IOS counts */
	OVER_IPV6 = 20,		/* its header is so much longer */
};

unsigned int
conf_iface_ip_mtu(const struct conf *c, const struct conf_iface *i)
{
	unsigned int outside = ETHERNET_MTU - (i->tunnel.over_v6 ? OVER_IPV6 : 0);

	(void)c;
	if (i->ip_mtu != 0)
		return i->ip_mtu;
	if (i->id.type != IFACE_TUNNEL)
		return ETHERNET_MTU;
	if (i->tunnel.kind == TUNNEL_VTI)
		return outside - VTI_OVERHEAD;
	return outside - GRE_OVERHEAD - (i->tunnel.has_key ? GRE_KEY_LEN : 0);
}

unsigned int
conf_iface_bandwidth_kbps(const struct conf_iface *i)
{
	if (i->bandwidth_kbps != 0)
		return i->bandwidth_kbps;
	return i->id.type == IFACE_TUNNEL ? 100 : i->id.type == IFACE_LOOPBACK ? 8000000 : 1000000;
}

unsigned int
conf_iface_delay_us(const struct conf_iface *i)
{
	if (i->delay_10us != 0)
		return i->delay_10us * 10;
	return i->id.type == IFACE_TUNNEL ? 50000 : i->id.type == IFACE_LOOPBACK ? 5000 : 10;
}

unsigned int
conf_nhrp_holdtime_s(const struct conf_nhrp *n)
{
	return n->holdtime_s != 0 ? n->holdtime_s : 600;
}
