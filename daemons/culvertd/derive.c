/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "derive_cmap.h"
#include "derive_iface.h"
#include "derive_ikev2.h"
#include "derive_ipsec.h"
#include "derive_isakmp.h"
#include "derive_nhs.h"

#define DEFAULT_GROUP 14
#define DEFAULT_KEY_BITS 128
#define DEFAULT_IKE_LIFE_S 86400
#define DEFAULT_REDIRECT_S 8
#define DEFAULT_DPD_RETRY_S 2
#define NHRP_MTU 17916			/* of an IOS GRE tunnel: what NHRP announces */
#define GRE_KEY_LEN 4

static void
note_mismatch(const struct conf_iface *i, struct text *notes)
{
	const struct addr *ends[] = {&i->tunnel.source, &i->tunnel.destination};
	char name[IFACE_NAME_MAX];
	size_t n;

	for (n = 0; n < 2; n++)
		if (addr_is_set(ends[n]) && ends[n]->family != derive_outer_family(i))
			text_add(notes, "%s is down: its mode is over IPv%c, and %s is no such address\n",
			    iface_name(&i->id, name), i->tunnel.over_v6 ? '6' : '4', ADDR_STR(ends[n]));
}

/* --- espd --- */

static void
add_nics(const struct nics *n, struct wishes *out)
{
	static const enum ipc_role to[] = {IPC_ESPD, IPC_IKED};
	size_t i, k;

	for (k = 0; k < 2; k++) {
		for (i = 0; i < n->count; i++) {
			struct ipc_nic *m = wishes_add(out, to[k], IPC_MSG_NIC_SET, IPC_NONE, "%s",
			    n->nic[i].ifname);

			if (m == NULL)
				continue;
			memcpy(m->ifname, n->nic[i].ifname, sizeof(m->ifname));
			iface_name(&n->nic[i].id, m->name);
		}
	}
}

static void
add_tunnel(const struct conf *c, const struct conf_iface *i, struct wishes *out)
{
	const struct conf_tunnel *t = &i->tunnel;
	struct ipc_tunnel *m;
	char ifname[16] = "";

	iface_linux_name(&i->id, ifname);
	m = wishes_add(out, IPC_ESPD, IPC_MSG_TUNNEL_SET, IPC_MSG_TUNNEL_DEL, "%s", ifname);
	if (m == NULL)
		return;
	memcpy(m->ifname, ifname, sizeof(m->ifname));
	iface_name(&i->id, m->name);
	m->kind = (uint8_t)derive_kind(i);
	m->up = !i->shutdown;
	m->local = derive_local(c, i);
	if (m->kind != TUNNEL_MGRE)
		m->remote = derive_remote(i);
	m->has_key = t->has_key;
	m->key = t->key;
	m->mtu = (uint16_t)derive_mtu(c, i);
	m->tcp_mss = i->tcp_mss;
	m->ttl = t->ttl == 0 ? 255 : t->ttl;
	derive_protection(c, i, m->protection);
	m->nhrp_network = i->nhrp.network_id;
	m->nhrp_redirect = i->nhrp.redirect;
	m->hairpin = t->hairpin;
	m->pmtud = derive_pmtud(c, i);
	m->df = t->profile[0] == '\0' ? IPC_DF_COPY : derive_df(c->df);
	m->cut_after = t->profile[0] != '\0' && c->frag == CONF_FRAG_AFTER;
	m->path_min = (uint16_t)derive_path_min(i);
	m->path_age_min = (uint16_t)derive_path_age_min(i);
}

/* --- nhrpd --- */

static void
add_map(struct wishes *out, const char *ifname, const struct prefix *address,
    const struct addr *nbma)
{
	struct ipc_nhrp_map *m = wishes_add(out, IPC_NHRPD, IPC_MSG_NHRP_MAP_SET,
	    IPC_MSG_NHRP_MAP_DEL, "%s %s %s", ifname,
	    address->addr.family == ADDR_NONE ? "multicast" : PREFIX_STR(address), ADDR_STR(nbma));

	if (m == NULL)
		return;
	snprintf(m->ifname, sizeof(m->ifname), "%s", ifname);
	memcpy(&m->address, address, sizeof(m->address));
	m->nbma = *nbma;
}

static void
add_nhrp_lists(const struct conf_iface *i, const char *ifname, struct wishes *out)
{
	static const struct prefix none;
	const struct conf_nhrp_map *map;
	const struct conf_addr *mc;

	DL_FOREACH(i->nhrp.maps, map)
		add_map(out, ifname, &map->address, &map->nbma);
	DL_FOREACH(i->nhrp.multicast_maps, mc)
		add_map(out, ifname, &none, &mc->prefix.addr);
	derive_nhs(i, ifname, out);
}

static void
add_nhrp(const struct conf *c, const struct conf_iface *i, struct wishes *out)
{
	const struct conf_nhrp *n = &i->nhrp;
	struct ipc_nhrp_if *m;
	char ifname[16] = "";

	if (n->network_id == 0)
		return;
	iface_linux_name(&i->id, ifname);
	m = wishes_add(out, IPC_NHRPD, IPC_MSG_NHRP_IF_SET, IPC_MSG_NHRP_IF_DEL, "%s", ifname);
	if (m == NULL)
		return;
	memcpy(m->ifname, ifname, sizeof(m->ifname));
	iface_name(&i->id, m->name);
	m->up = !i->shutdown;
	m->kind = (uint8_t)derive_kind(i);
	memcpy(&m->address, &i->address, sizeof(m->address));
	m->local = derive_local(c, i);
	if (m->kind != TUNNEL_MGRE)
		m->remote = derive_remote(i);
	m->mtu = i->tunnel.has_key ? NHRP_MTU - GRE_KEY_LEN : NHRP_MTU;
	derive_protection(c, i, m->protection);
	m->network = n->network_id;
	snprintf(m->auth, sizeof(m->auth), "%s", n->auth);
	m->holdtime_s = conf_nhrp_holdtime_s(n);
	m->redirect = n->redirect;
	m->redirect_interval_s = n->redirect_timeout_s == 0 ? DEFAULT_REDIRECT_S : n->redirect_timeout_s;
	m->shortcut = n->shortcut;
	m->unique = !n->no_unique;
	m->register_s = n->registration_s;
	m->multicast_dynamic = n->multicast_dynamic;
	m->nhs_fallback_s = n->nhs_fallback_s;
	add_nhrp_lists(i, ifname, out);
}

/* --- iked --- */

static void
add_ike_global(const struct conf *c, struct wishes *out)
{
	struct ipc_ike_global *m = wishes_add(out, IPC_IKED, IPC_MSG_IKE_GLOBAL, IPC_NONE, "global");

	if (m == NULL)
		return;
	m->enabled = !c->isakmp_disabled;
	m->dpd_s = c->dpd_s;
	m->dpd_retry_s = c->dpd_retry_s == 0 ? DEFAULT_DPD_RETRY_S : c->dpd_retry_s;
	m->dpd_periodic = c->dpd_periodic;
	m->natt_keepalive_s = c->natt_keepalive_s;
	m->recovery = c->recovery;
	m->spi_recvd = c->logging.spi_recvd;
	m->spi_log_interface = c->logging.spi_interface;
}

/* IOS's number and order: RSA signatures before pre-shared keys.  With group 14, not its 5. */
static void
add_default_policies(const struct conf *c, struct wishes *out)
{
	unsigned int i;

	for (i = c->pki.trustpoints == NULL ? 1 : 0; i < 2; i++) {
		struct ipc_ike_policy *m = wishes_add(out, IPC_IKED, IPC_MSG_IKE_POLICY,
		    IPC_MSG_IKE_POLICY_DEL, "%05u", ISAKMP_DEFAULT_POLICY + i);

		if (m == NULL)
			continue;
		m->priority = (uint16_t)(ISAKMP_DEFAULT_POLICY + i);
		m->cipher = CIPHER_AES_CBC;
		m->key_bits = DEFAULT_KEY_BITS;
		m->hash = HASH_SHA1;
		m->group = DEFAULT_GROUP;
		m->life_s = DEFAULT_IKE_LIFE_S;
		m->auth = i == 0 ? IPC_AUTH_RSA : IPC_AUTH_PSK;
	}
}

static void
add_policies(const struct conf *c, struct wishes *out, struct text *notes)
{
	const struct conf_isakmp_policy *p;

	if (c->policies == NULL && !c->isakmp.no_default_policy)
		add_default_policies(c, out);
	DL_FOREACH(c->policies, p) {
		struct ipc_ike_policy *m = wishes_add(out, IPC_IKED, IPC_MSG_IKE_POLICY,
		    IPC_MSG_IKE_POLICY_DEL, "%05u", p->priority);

		if (m == NULL)
			continue;
		m->priority = p->priority;
		m->cipher = p->cipher == CIPHER_NONE ? CIPHER_AES_CBC : p->cipher;
		m->key_bits = p->cipher == CIPHER_NONE ? DEFAULT_KEY_BITS : p->key_bits;
		m->hash = p->hash == HASH_NONE ? HASH_SHA1 : p->hash;
		m->group = p->group == 0 ? DEFAULT_GROUP : p->group;
		m->life_s = p->life_s == 0 ? DEFAULT_IKE_LIFE_S : p->life_s;
		m->auth = p->pre_share ? IPC_AUTH_PSK : IPC_AUTH_RSA;
		if (!p->pre_share && c->pki.trustpoints == NULL)
			text_add(notes, "ISAKMP policy %u is not used: its authentication is RSA signatures, "
			    "and there is no `crypto pki trustpoint`\n", p->priority);
	}
}

static void
add_keys(const struct conf_key *keys, const char *keyring, struct wishes *out)
{
	const struct conf_key *k;

	DL_FOREACH(keys, k) {
		struct ipc_ike_key *m = wishes_add(out, IPC_IKED, IPC_MSG_IKE_KEY, IPC_MSG_IKE_KEY_DEL,
		    "%s %s%s", keyring, PREFIX_STR(&k->peer), k->host);

		if (m == NULL)
			continue;
		snprintf(m->keyring, sizeof(m->keyring), "%s", keyring);
		memcpy(&m->peer, &k->peer, sizeof(m->peer));
		snprintf(m->host, sizeof(m->host), "%s", k->host);
		secret_set(&m->secret, k->key.key.b, k->key.key.len);
	}
}

/* A group that has one mGRE tunnel meets peers that nobody configured. */
static bool
group_is_multipoint(const struct conf *c, const char *protection)
{
	const struct conf_iface *i;
	char other[64];

	DL_FOREACH(c->ifaces, i) {
		if (i->id.type != IFACE_TUNNEL || derive_kind(i) != TUNNEL_MGRE)
			continue;
		derive_protection(c, i, other);
		if (strcmp(other, protection) == 0)
			return true;
	}
	return false;
}

static void
add_protection(const struct conf *c, const struct conf_iface *i, struct wishes *out,
    struct text *notes)
{
	const struct conf_ipsec_profile *p = conf_profile_known(c, i->tunnel.profile);
	const char *ikev2 = conf_tunnel_ikev2_profile(c, &i->tunnel);
	const char *isakmp = conf_tunnel_isakmp_profile(c, &i->tunnel);
	struct addr local = derive_local(c, i), remote = derive_remote(i);
	char name[64] = "", tunnel[IFACE_NAME_MAX];
	struct ipc_protection *m;

	if (i->tunnel.profile[0] == '\0' || i->shutdown)
		return;
	if (p == NULL)
		text_add(notes, "%s drops all packets: there is no IPsec profile %s\n",
		    iface_name(&i->id, tunnel), i->tunnel.profile);
	if (p == NULL || !derive_ipsec_usable(c, p) || !addr_is_set(&local))
		return;
	if (ikev2[0] != '\0' && !derive_ikev2_usable(c, ikev2)) {
		text_add(notes, "%s drops all packets: there is no IKEv2 profile %s that can be used\n",
		    iface_name(&i->id, tunnel), ikev2);
		return;
	}
	if (isakmp[0] != '\0' && conf_isakmp_profile_find(&c->isakmp, isakmp) == NULL) {
		text_add(notes, "%s drops all packets: there is no ISAKMP profile %s\n",
		    iface_name(&i->id, tunnel), isakmp);
		return;
	}
	if (addr_is_set(&i->tunnel.destination) && !addr_is_set(&remote))
		return;
	derive_protection(c, i, name);
	m = wishes_add(out, IPC_IKED, IPC_MSG_PROTECT_SET, IPC_MSG_PROTECT_DEL, "%s", name);
	if (m == NULL)
		return;
	memcpy(m->protection, name, sizeof(m->protection));
	iface_name(&i->id, m->tunnel);
	snprintf(m->profile, sizeof(m->profile), "%s", p->name);
	snprintf(m->ikev2_profile, sizeof(m->ikev2_profile), "%s", ikev2);
	snprintf(m->isakmp_profile, sizeof(m->isakmp_profile), "%s", isakmp);
	m->local = local;
	m->kind = group_is_multipoint(c, name) ? TUNNEL_MGRE : (uint8_t)derive_kind(i);
	if (m->kind != TUNNEL_MGRE)
		m->remote = remote;
	if (m->kind == TUNNEL_VTI) {
		m->proxy_local.addr.family = i->tunnel.over_v6 != i->tunnel.overlay ? ADDR_V6 : ADDR_V4;
		m->proxy_remote = m->proxy_local;
	}
}

void
derive(const struct conf *c, const struct nics *n, struct wishes *out, struct text *notes)
{
	const struct conf_ipsec_profile *p;
	const struct conf_keyring *ring;
	const struct conf_iface *i;

	add_nics(n, out);
	add_ike_global(c, out);
	add_policies(c, out, notes);
	add_keys(c->keys, "", out);
	DL_FOREACH(c->keyrings, ring)
		add_keys(ring->keys, ring->name, out);
	derive_isakmp(c, out, notes);
	derive_ikev2(c, out, notes);
	DL_FOREACH(c->profiles, p)
		derive_ipsec_profile(c, p, out, notes);
	p = conf_profile_known(c, CONF_DEFAULT);
	if (p != NULL && derive_ipsec_usable(c, p))
		derive_ipsec_profile(c, p, out, notes);
	DL_FOREACH(c->ifaces, i) {
		if (i->id.type != IFACE_TUNNEL)
			continue;
		note_mismatch(i, notes);
		add_tunnel(c, i, out);
		add_protection(c, i, out, notes);
		add_nhrp(c, i, out);
	}
	derive_cmaps(c, n, out, notes);
}
