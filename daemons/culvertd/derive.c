/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive.h"
#include "derive_ikev2.h"
#include "derive_isakmp.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "derive_cmap.h"

#define DEFAULT_GROUP 14
#define DEFAULT_KEY_BITS 128
#define DEFAULT_IKE_LIFE_S 86400
#define DEFAULT_IPSEC_LIFE_S 3600
#define DEFAULT_IPSEC_LIFE_KB 4608000
#define DEFAULT_REPLAY_WINDOW 64
#define DEFAULT_REDIRECT_S 8
#define DEFAULT_DPD_RETRY_S 2
#define NHRP_MTU 17916			/* of an IOS GRE tunnel: what NHRP announces */
#define GRE_KEY_LEN 4
#define PATH_MIN 576			/* RFC 791: what every host takes in one piece */
#define PATH_MIN_V6 1280		/* RFC 8200 5: what every link carries */
#define PATH_AGE_MIN 10			/* as IOS; RFC 1191 6.3 */
#define PROTECTED_GRE_MTU 1400
#define PROTECTED_GRE_MTU_V6 1360

static unsigned int
kind_of(const struct conf_iface *i)
{
	return i->tunnel.kind == 0 ? TUNNEL_GRE : i->tunnel.kind;
}

static uint8_t
outer_family(const struct conf_iface *i)
{
	return i->tunnel.over_v6 ? ADDR_V6 : ADDR_V4;
}

/* Of the version that the tunnel runs over, or none. */
static struct addr
outer(const struct conf_iface *i, const struct addr *a)
{
	return a->family == outer_family(i) ? *a : (struct addr){0};
}

struct addr
derive_local(const struct conf *c, const struct conf_iface *i)
{
	const struct conf_iface *from;

	if (i->tunnel.source_if.type == IFACE_NONE)
		return outer(i, &i->tunnel.source);
	from = conf_iface_find(c, &i->tunnel.source_if);
	if (from == NULL || from->shutdown)
		return (struct addr){0};
	if (!i->tunnel.over_v6)
		return from->address.addr;
	return from->ipv6.addresses == NULL ? (struct addr){0} : from->ipv6.addresses->prefix.addr;
}

struct addr
derive_remote(const struct conf_iface *i)
{
	return outer(i, &i->tunnel.destination);
}

static void
note_mismatch(const struct conf_iface *i, struct text *notes)
{
	const struct addr *ends[] = {&i->tunnel.source, &i->tunnel.destination};
	char name[IFACE_NAME_MAX];
	size_t n;

	for (n = 0; n < 2; n++)
		if (addr_is_set(ends[n]) && ends[n]->family != outer_family(i))
			text_add(notes, "%s is down: its mode is over IPv%c, and %s is no such address\n",
			    iface_name(&i->id, name), i->tunnel.over_v6 ? '6' : '4', ADDR_STR(ends[n]));
}

void
derive_protection(const struct conf *c, const struct conf_iface *i, char name[64])
{
	struct addr local = derive_local(c, i);
	char ifname[16] = "";

	if (i->tunnel.profile[0] == '\0') {
		name[0] = '\0';
	} else if (i->tunnel.shared) {
		/* Cut the profile rather than the address: it is the address that tells two groups apart. */
		snprintf(name, 64, "%.*s@%.39s", local.family == ADDR_V6 ? 23 : 40, i->tunnel.profile,
		    ADDR_STR(&local));
	} else {
		iface_linux_name(&i->id, ifname);
		snprintf(name, 64, "%s", ifname);
	}
}

unsigned int
derive_mtu(const struct conf *c, const struct conf_iface *i)
{
	if (i->ip_mtu == 0 && i->tunnel.profile[0] != '\0' && kind_of(i) != TUNNEL_VTI)
		return i->tunnel.over_v6 ? PROTECTED_GRE_MTU_V6 : PROTECTED_GRE_MTU;
	return conf_iface_ip_mtu(c, i);
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

/*
 * IPsec looks for the path MTU and a VTI is nothing but that; of GRE it has to
 * be asked for, or of what protects it that outer packets have DF.
 */
bool
derive_pmtud(const struct conf *c, const struct conf_iface *i)
{
	return kind_of(i) == TUNNEL_VTI || i->tunnel.pmtud.on ||
	    (c->df == CONF_DF_SET && i->tunnel.profile[0] != '\0');
}

unsigned int
derive_path_min(const struct conf_iface *i)
{
	unsigned int least = i->tunnel.pmtud.least;

	if (i->tunnel.over_v6)
		return least > PATH_MIN_V6 ? least : PATH_MIN_V6;
	return least != 0 ? least : PATH_MIN;
}

unsigned int
derive_path_age_min(const struct conf_iface *i)
{
	return i->tunnel.pmtud.forever ? 0 :
	    i->tunnel.pmtud.age_min != 0 ? i->tunnel.pmtud.age_min : PATH_AGE_MIN;
}

uint8_t
derive_df(uint8_t df)
{
	return df == CONF_DF_CLEAR ? IPC_DF_CLEAR : df == CONF_DF_SET ? IPC_DF_SET : IPC_DF_COPY;
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
	m->kind = (uint8_t)kind_of(i);
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
	const struct conf_nhs *nhs;

	DL_FOREACH(i->nhrp.maps, map)
		add_map(out, ifname, &map->address, &map->nbma);
	DL_FOREACH(i->nhrp.multicast_maps, mc)
		add_map(out, ifname, &none, &mc->prefix.addr);
	DL_FOREACH(i->nhrp.nhs, nhs) {
		struct ipc_nhs *m = wishes_add(out, IPC_NHRPD, IPC_MSG_NHS_SET, IPC_MSG_NHS_DEL, "%s %s",
		    ifname, ADDR_STR(&nhs->nhs));

		if (m == NULL)
			continue;
		snprintf(m->ifname, sizeof(m->ifname), "%s", ifname);
		m->nhs = nhs->nhs;
		m->nbma = nhs->nbma;
		m->multicast = nhs->multicast;
	}
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
	m->kind = (uint8_t)kind_of(i);
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

static void
add_policies(const struct conf *c, struct wishes *out, struct text *notes)
{
	const struct conf_isakmp_policy *p;

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
		secret_set(&m->secret, k->key.b, k->key.len);
	}
}

/* The i-th transform of the message, whose fields are numbered. */
static void
put_transform(struct ipc_ipsec_profile *m, unsigned int i, const struct conf_transform_set *t)
{
	uint8_t *cipher[] = {&m->cipher0, &m->cipher1, &m->cipher2, &m->cipher3, &m->cipher4, &m->cipher5};
	uint16_t *bits[] = {&m->bits0, &m->bits1, &m->bits2, &m->bits3, &m->bits4, &m->bits5};
	uint8_t *integ[] = {&m->integ0, &m->integ1, &m->integ2, &m->integ3, &m->integ4, &m->integ5};
	uint8_t *mode[] = {&m->mode0, &m->mode1, &m->mode2, &m->mode3, &m->mode4, &m->mode5};

	*cipher[i] = t->transform.cipher;
	*bits[i] = t->transform.key_bits;
	*integ[i] = t->transform.integ;
	*mode[i] = t->mode == 0 ? MODE_TUNNEL : t->mode;
}

/* The i-th name in it; without any it is `default`.  NULL: no more. */
static const char *
set_name(const struct conf_ipsec_profile *p, unsigned int i)
{
	if (i == 0 && p->transform_sets[0][0] == '\0')
		return CONF_DEFAULT;
	return i < CONF_TRANSFORM_SETS_MAX && p->transform_sets[i][0] != '\0' ?
	    p->transform_sets[i] : NULL;
}

/* NULL when every transform set of p is there, else the name of the one that is not. */
static const char *
missing_set(const struct conf *c, const struct conf_ipsec_profile *p)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = set_name(p, i)) != NULL; i++)
		if (conf_tset_known(c, name) == NULL)
			return name;
	return NULL;
}

static uint64_t
volume_kb(const struct conf *c, const struct conf_ipsec_profile *p)
{
	if (p->no_volume || (p->life_kb == 0 && c->ipsec_no_volume))
		return 0;
	return p->life_kb != 0 ? p->life_kb : c->ipsec_life_kb != 0 ? c->ipsec_life_kb :
	    DEFAULT_IPSEC_LIFE_KB;
}

void
derive_ipsec_profile(const struct conf *c, const struct conf_ipsec_profile *p,
    struct wishes *out, struct text *notes)
{
	const char *missing = missing_set(c, p), *name;
	struct ipc_ipsec_profile *m;
	unsigned int i;

	if (missing != NULL) {
		text_add(notes, "IPsec profile %s is not used: there is no transform set %s\n", p->name,
		    missing);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_PROFILE_SET, IPC_MSG_PROFILE_DEL, "%s", p->name);
	if (m == NULL)
		return;
	snprintf(m->name, sizeof(m->name), "%s", p->name);
	for (i = 0; (name = set_name(p, i)) != NULL; i++)
		put_transform(m, i, conf_tset_known(c, name));
	m->transforms = (uint8_t)i;
	m->pfs_group = p->pfs_group;
	m->life_s = p->life_s != 0 ? p->life_s : c->ipsec_life_s != 0 ? c->ipsec_life_s :
	    DEFAULT_IPSEC_LIFE_S;
	m->life_kb = volume_kb(c, p);
	m->replay_window = c->replay_disabled ? 0 :
	    c->replay_window == 0 ? DEFAULT_REPLAY_WINDOW : c->replay_window;
}

/* A group that has one mGRE tunnel meets peers that nobody configured. */
static bool
group_is_multipoint(const struct conf *c, const char *protection)
{
	const struct conf_iface *i;
	char other[64];

	DL_FOREACH(c->ifaces, i) {
		if (i->id.type != IFACE_TUNNEL || kind_of(i) != TUNNEL_MGRE)
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
	if (p == NULL || missing_set(c, p) != NULL || !addr_is_set(&local))
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
	m->kind = group_is_multipoint(c, name) ? TUNNEL_MGRE : (uint8_t)kind_of(i);
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
	if (p != NULL && missing_set(c, p) == NULL)
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
