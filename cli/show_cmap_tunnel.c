/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto map, of tunnels: IOS makes a crypto map of each `tunnel protection`, or one of
 * all tunnels that share their SAs.  Its first entry has what the IPsec profile says; a
 * further one stands for each flow with a peer.
 */
#include <string.h>

#include "show_crypto.h"

enum { HEAD_SEQ = 65536 };

struct tunnel_map {
	const struct conf *conf;
	const struct rows *tunnels, *flows;
	const struct ipc_row_interface *head;	/* the first tunnel that uses it */
	const struct conf_iface *iface;		/* the same in the configuration */
	const struct conf_ipsec_profile *profile;
	char name[MAP_STRLEN];
	struct text *out;
};

static bool
uses_map(const struct tunnel_map *m, const struct ipc_row_interface *i)
{
	if (!m->head->shared || !i->shared)
		return i == m->head;
	return strcmp(i->profile, m->head->profile) == 0 && addr_eq(&i->source, &m->head->source);
}

/* Of several tunnels that share SAs, iked names one. */
static bool
is_flow_of(const struct tunnel_map *m, const struct ipc_row_flow *f)
{
	if (!m->head->shared)
		return strcmp(f->tunnel, m->head->name) == 0;
	return flow_is_shared(f) && strcmp(f->profile, m->head->profile) == 0 &&
	    addr_eq(&f->local, &m->head->source);
}

static bool
is_on(const struct tunnel_map *m, const char *interface)
{
	const struct ipc_row_interface *i;

	ROWS_EACH(i, m->tunnels)
		if (uses_map(m, i) && strcmp(i->name, interface) == 0)
			return true;
	return interface[0] == '\0';
}

static void
add_profiles(const struct tunnel_map *m)
{
	const char *ikev2 = conf_tunnel_ikev2_profile(m->conf, &m->iface->tunnel);
	const char *isakmp = conf_tunnel_isakmp_profile(m->conf, &m->iface->tunnel);

	if (ikev2[0] != '\0')
		text_add(m->out, "\tIKEv2 Profile: %s\n", ikev2);
	else if (isakmp[0] != '\0')
		text_add(m->out, "\tISAKMP Profile: %s\n", isakmp);
}

/* What stands above all entries, where there is something to say about all. */
static void
add_head(const struct tunnel_map *m)
{
	const char *ikev2 = conf_tunnel_ikev2_profile(m->conf, &m->iface->tunnel);
	const char *isakmp = conf_tunnel_isakmp_profile(m->conf, &m->iface->tunnel);

	if (m->head->shared)
		text_add(m->out, "Crypto Map: \"%s\" idb: %s local address: %s\n\n", m->name,
		    m->head->source_if[0] != '\0' ? m->head->source_if : m->head->name,
		    ADDR_STR(&m->head->source));
	if (ikev2[0] != '\0')
		text_add(m->out, "Crypto Map: \"%s\" IKEv2 profile: %s\n\n", m->name, ikev2);
	else if (isakmp[0] != '\0')
		text_add(m->out, "Crypto Map: \"%s\" isakmp profile: %s\n\n", m->name, isakmp);
}

static void
add_title(const struct tunnel_map *m, unsigned int entry)
{
	text_add(m->out, "Crypto Map IPv%u \"%s\" %u ipsec-isakmp\n", m->head->over_v6 ? 6 : 4, m->name,
	    HEAD_SEQ + entry);
}

static void
add_side(struct text *out, const struct prefix *p)
{
	struct addr mask = prefix_mask(p->addr.family, p->len), wildcard = addr_v4(~addr_to_v4(&mask));

	if (p->len == 0)
		text_add(out, " any");
	else if (p->len == 8 * addr_bytes(&p->addr))
		text_add(out, " host %s", ADDR_STR(&p->addr));
	else if (p->addr.family == ADDR_V6)
		text_add(out, " %s", PREFIX_STR(p));
	else
		text_add(out, " %s %s", ADDR_STR(&p->addr), ADDR_STR(&wildcard));
}

static void
add_flow_list(struct text *out, const struct ipc_row_flow *f)
{
	const char *version = f->ts_local.addr.family == ADDR_V6 ? "ipv6" : "ip";

	text_add(out, "\tExtended IP access list \n\t    access-list  permit %s",
	    f->ts_proto == 47 ? "gre" : version);
	add_side(out, &f->ts_local);
	add_side(out, &f->ts_remote);
	text_add(out, "\n");
}

static void
add_instance(const struct tunnel_map *m, unsigned int entry, const struct ipc_row_flow *f)
{
	add_title(m, entry);
	text_add(m->out, "\tMap is a PROFILE INSTANCE.\n\tPeer = %s\n", ADDR_STR(&f->remote));
	add_profiles(m);
	add_flow_list(m->out, f);
	text_add(m->out, "\tCurrent peer: %s\n", ADDR_STR(&f->remote));
	show_add_sa_policy(m->out, m->conf, m->profile);
	if (m->head->kind == TUNNEL_VTI)
		text_add(m->out, "\tAlways create SAs\n");
}

static void
add_interfaces(const struct tunnel_map *m)
{
	const struct ipc_row_interface *i;

	text_add(m->out, "\tInterfaces using crypto map %s:\n", m->name);
	ROWS_EACH(i, m->tunnels)
		if (uses_map(m, i))
			text_add(m->out, "\t\t%s\n", i->name);
	text_add(m->out, "\n");
}

/* Flows are sorted: the pairs of one stand together. */
static void
add_map(const struct tunnel_map *m)
{
	const struct ipc_row_flow *f;
	unsigned int entry = 0;

	add_head(m);
	add_title(m, entry++);
	add_profiles(m);
	text_add(m->out, "\tProfile name: %s\n", m->profile->name);
	show_add_sa_policy(m->out, m->conf, m->profile);
	for (size_t i = 0, n; (f = rows_at(m->flows, i)) != NULL; i += n) {
		n = pairs_of_flow(f, m->flows->count - i);
		if (!is_flow_of(m, f))
			continue;
		text_add(m->out, "\n");
		add_instance(m, entry++, f);
	}
	add_interfaces(m);
}

/* An earlier tunnel had it. */
static bool
was_listed(const struct tunnel_map *m)
{
	const struct ipc_row_interface *i;

	ROWS_EACH(i, m->tunnels)
		if (uses_map(m, i))
			return i != m->head;
	return false;
}

static const struct conf_iface *
tunnel_of(const struct conf *c, const char *name)
{
	struct iface_id id;

	return iface_parse(&id, name) ? conf_iface_find(c, &id) : NULL;
}

const char *
show_add_tunnel_maps(struct show_source *src, const struct show_args *a, const struct conf *c,
    const struct rows *flows, struct text *out)
{
	struct rows tunnels;
	const char *why = rows_ask(&tunnels, src, IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE);
	struct tunnel_map m = {.conf = c, .tunnels = &tunnels, .flows = flows, .out = out};

	ROWS_EACH(m.head, &tunnels) {
		m.iface = tunnel_of(c, m.head->name);
		m.profile = conf_profile_known(c, m.head->profile);
		if (m.iface == NULL || m.head->profile[0] == '\0' || m.profile == NULL || was_listed(&m))
			continue;
		tunnel_map_name(m.head->name, m.head->shared ? m.head->profile : "", m.name);
		if (is_on(&m, a->name) && (a->tag[0] == '\0' || strcmp(a->tag, m.name) == 0))
			add_map(&m);
	}
	rows_free(&tunnels);
	return why;
}
