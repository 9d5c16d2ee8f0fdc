/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_cmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "conf_acl.h"
#include "conf_cmap.h"
#include "derive_iface.h"
#include "derive_ikev2.h"
#include "derive_ipsec.h"
#include "log.h"

/* A set of packets: what a line matches, or what is left of it. */
struct box {
	uint8_t proto;		/* 0: any */
	struct prefix src, dst;
	uint16_t src_low, src_high, dst_low, dst_high;
};

/* An entry that can be used, in the order in which they are tried. */
struct item {
	const struct conf_cmap_entry *entry;	/* of the static or of the dynamic map */
	uint16_t seq;				/* of the static map */
	const struct conf_acl *acl;		/* NULL: dynamic, any proxy identity */
	bool dynamic;
	char profile[64];
};

struct attached {
	const struct conf *conf;
	const struct conf_iface *iface;
	const struct conf_cmap *map;
	const char *ifname;
	struct addr local;
	struct item *items;
	size_t count;
	struct wishes *out;
	uint32_t rules;
};

/* What the longest map, entries, line and NIC need is 63 characters. */
static void
name_protection(const struct attached *a, const struct item *item, uint32_t line, char name[64])
{
	char dynamic[8] = "";

	if (item->dynamic)
		snprintf(dynamic, sizeof(dynamic), ".%u", item->entry->seq);
	snprintf(name, 64, "%.24s %u%s %u@%s", a->map->name, item->seq, dynamic, line, a->ifname);
}

/* --- sets of packets --- */

static struct prefix
narrower(const struct prefix *a, const struct prefix *b)
{
	return a->len >= b->len ? *a : *b;
}

/* False when they have no packet in common. */
static bool
common(const struct box *a, const struct box *b, struct box *out)
{
	if (!prefix_overlaps(&a->src, &b->src) || !prefix_overlaps(&a->dst, &b->dst) ||
	    (a->proto != 0 && b->proto != 0 && a->proto != b->proto))
		return false;
	*out = (struct box){
	    .proto = a->proto != 0 ? a->proto : b->proto,
	    .src = narrower(&a->src, &b->src), .dst = narrower(&a->dst, &b->dst),
	    .src_low = a->src_low > b->src_low ? a->src_low : b->src_low,
	    .src_high = a->src_high < b->src_high ? a->src_high : b->src_high,
	    .dst_low = a->dst_low > b->dst_low ? a->dst_low : b->dst_low,
	    .dst_high = a->dst_high < b->dst_high ? a->dst_high : b->dst_high,
	};
	return out->src_low <= out->src_high && out->dst_low <= out->dst_high;
}

/* The ranges of ports that a condition means: two for `neq`. How many. */
static unsigned int
port_ranges(const struct acl_port *p, uint16_t low[2], uint16_t high[2])
{
	unsigned int n = 0;

	low[0] = p->op == ACL_GT ? (uint16_t)(p->low + 1) : p->op == ACL_EQ || p->op == ACL_RANGE ?
	    p->low : 0;
	high[0] = p->op == ACL_LT ? (uint16_t)(p->low - 1) : p->op == ACL_EQ ? p->low :
	    p->op == ACL_RANGE ? p->high : UINT16_MAX;
	if ((p->op == ACL_GT && p->low == UINT16_MAX) || (p->op == ACL_LT && p->low == 0))
		return 0;
	if (p->op != ACL_NEQ)
		return 1;
	if (p->low > 0) {
		low[n] = 0;
		high[n++] = (uint16_t)(p->low - 1);
	}
	if (p->low < UINT16_MAX) {
		low[n] = (uint16_t)(p->low + 1);
		high[n++] = UINT16_MAX;
	}
	return n;
}

#define BOXES_MAX 4

static unsigned int
boxes_of(const struct acl_line *l, struct box box[BOXES_MAX])
{
	uint16_t src_low[2], src_high[2], dst_low[2], dst_high[2];
	unsigned int srcs = port_ranges(&l->src.port, src_low, src_high);
	unsigned int dsts = port_ranges(&l->dst.port, dst_low, dst_high), i, k, n = 0;

	for (i = 0; i < srcs; i++)
		for (k = 0; k < dsts; k++)
			box[n++] = (struct box){.proto = l->proto,
			    .src = acl_side_prefix(&l->src), .dst = acl_side_prefix(&l->dst),
			    .src_low = src_low[i], .src_high = src_high[i],
			    .dst_low = dst_low[k], .dst_high = dst_high[k]};
	return n;
}

static struct box
everything(void)
{
	struct prefix any = {.addr = addr_v4(0)};

	return (struct box){.src = any, .dst = any, .src_high = UINT16_MAX,
	    .dst_high = UINT16_MAX};
}

/* --- espd: the lines --- */

/* `line` 0 with permit: no protection at all, so such packets are dropped. */
static void
add_rule(struct attached *a, const struct item *item, uint32_t line, bool dynamic,
    const struct box *b)
{
	struct ipc_cmap_rule *m;

	if (a->rules == CMAP_RULES_MAX)
		return;
	m = wishes_add(a->out, IPC_ESPD, IPC_MSG_CMAP_RULE_SET, IPC_MSG_CMAP_RULE_DEL, "%s %05u",
	    a->ifname, a->rules);
	if (m == NULL)
		return;
	snprintf(m->ifname, sizeof(m->ifname), "%s", a->ifname);
	m->order = a->rules++;
	m->permit = item != NULL;
	m->dynamic = dynamic;
	if (item != NULL && (dynamic || !item->dynamic))
		name_protection(a, item, line, m->protection);
	m->proto = b->proto;
	m->src = b->src;
	m->dst = b->dst;
	m->src_low = b->src_low;
	m->src_high = b->src_high;
	m->dst_low = b->dst_low;
	m->dst_high = b->dst_high;
}

static void add_items(struct attached *a, size_t from, const struct box *within);

/* Of a dynamic entry: what was negotiated goes by its SA, and what could be is dropped until then. */
static void
add_permit(struct attached *a, const struct item *item, const struct acl_line *l,
    const struct box *b)
{
	if (item->dynamic)
		add_rule(a, item, l->seq, true, b);
	add_rule(a, item, l->seq, false, b);
}

static void
add_lines(struct attached *a, size_t at, const struct box *within)
{
	const struct item *item = &a->items[at];
	struct box box[BOXES_MAX], part;
	const struct acl_line *l;
	unsigned int i, n;

	DL_FOREACH(item->acl->lines, l) {
		n = l->remark[0] != '\0' ? 0 : boxes_of(l, box);
		for (i = 0; i < n && a->rules < CMAP_RULES_MAX; i++) {
			if (!common(&box[i], within, &part))
				continue;
			if (l->permit) {
				add_permit(a, item, l, &part);
				continue;
			}
			add_items(a, at + 1, &part);
			add_rule(a, NULL, 0, false, &part);
		}
	}
}

/* What the entries from `from` on do with the packets of a box. */
static void
add_items(struct attached *a, size_t from, const struct box *within)
{
	size_t i;

	for (i = from; i < a->count && a->rules < CMAP_RULES_MAX; i++) {
		if (a->items[i].acl == NULL)
			add_rule(a, &a->items[i], 0, true, within);
		else
			add_lines(a, i, within);
	}
}

/* --- iked: protections --- */

static const char *
isakmp_profile_of(const struct conf_cmap *m, const struct conf_cmap_entry *e)
{
	if (e->sa.ikev2_profile[0] != '\0')
		return "";
	return e->sa.isakmp_profile[0] != '\0' ? e->sa.isakmp_profile : m->isakmp_profile;
}

/* Its lines are there and what they match is dropped, while a profile is missing. */
static bool
has_its_profiles(const struct attached *a, const struct item *item, struct text *notes)
{
	const char *isakmp = isakmp_profile_of(a->map, item->entry);
	const char *ikev2 = item->entry->sa.ikev2_profile;

	if (ikev2[0] != '\0' && !derive_ikev2_usable(a->conf, ikev2)) {
		text_add(notes, "%s drops all packets: there is no IKEv2 profile %s that can be "
		    "used\n", item->profile, ikev2);
		return false;
	}
	if (isakmp[0] != '\0' && conf_isakmp_profile_find(&a->conf->isakmp, isakmp) == NULL) {
		text_add(notes, "%s drops all packets: there is no ISAKMP profile %s\n",
		    item->profile, isakmp);
		return false;
	}
	return true;
}

static struct ipc_protection *
add_protection(struct attached *a, const struct item *item, uint32_t line)
{
	char name[64] = "";
	struct ipc_protection *m;

	name_protection(a, item, line, name);
	m = wishes_add(a->out, IPC_IKED, IPC_MSG_PROTECT_SET, IPC_MSG_PROTECT_DEL, "%s", name);
	if (m == NULL)
		return NULL;
	memcpy(m->protection, name, sizeof(m->protection));
	iface_name(&a->iface->id, m->tunnel);
	memcpy(m->profile, item->profile, sizeof(m->profile));
	m->local = a->local;
	m->kind = TUNNEL_CMAP;
	snprintf(m->ikev2_profile, sizeof(m->ikev2_profile), "%s", item->entry->sa.ikev2_profile);
	snprintf(m->isakmp_profile, sizeof(m->isakmp_profile), "%s",
	    isakmp_profile_of(a->map, item->entry));
	snprintf(m->map, sizeof(m->map), "%s", a->map->name);
	m->seq = item->seq;
	m->dynamic = item->dynamic;
	m->proxy_local = m->proxy_remote = everything().src;
	return m;
}

/* The default peer first, then the others as they were typed; the first stands in the protection. */
static void
add_peers(struct attached *a, const struct item *item, struct ipc_protection *p)
{
	const struct conf_cmap_peer *peer, *first = item->entry->peers;
	uint8_t position = 0;

	DL_FOREACH(item->entry->peers, peer)
		if (peer->is_default)
			first = peer;
	if (first == NULL)
		return;
	p->remote = first->addr;
	DL_FOREACH(item->entry->peers, peer) {
		struct ipc_protect_peer *m;

		if (peer == first)
			continue;
		position++;
		m = wishes_add(a->out, IPC_IKED, IPC_MSG_PROTECT_PEER_SET,
		    IPC_MSG_PROTECT_PEER_DEL, "%s %u", p->protection, position);
		if (m == NULL)
			continue;
		memcpy(m->protection, p->protection, sizeof(m->protection));
		m->position = position;
		m->remote = peer->addr;
	}
}

static void
add_protections(struct attached *a, const struct item *item)
{
	const struct acl_line *l;
	struct ipc_protection *m;

	if (item->acl == NULL) {
		m = add_protection(a, item, 0);
		if (m != NULL)
			add_peers(a, item, m);
		return;
	}
	DL_FOREACH(item->acl->lines, l) {
		if (l->remark[0] != '\0' || !l->permit)
			continue;
		m = add_protection(a, item, l->seq);
		if (m == NULL)
			continue;
		m->proxy_proto = l->proto;
		m->proxy_local = acl_side_prefix(&l->src);
		m->proxy_remote = acl_side_prefix(&l->dst);
		m->proxy_local_port = l->src.port.low;
		m->proxy_remote_port = l->dst.port.low;
		add_peers(a, item, m);
	}
}

/* --- which entries can be used --- */

static const char *
what_is_missing(const struct conf *c, const struct conf_cmap_entry *e, bool dynamic)
{
	const struct conf_acl *a = conf_acl_find(c, e->acl);

	if (!dynamic && e->peers == NULL)
		return "it has no peer";
	if (!dynamic && e->acl[0] == '\0')
		return "it has no access list";
	if (e->acl[0] != '\0' && (a == NULL || !conf_acl_has_lines(a)))
		return "its access list is not there or empty";
	return NULL;
}

static void
add_item(struct attached *a, const char *kind, const char *name,
    const struct conf_cmap_entry *e, uint16_t seq, bool dynamic, struct text *notes)
{
	const char *missing = what_is_missing(a->conf, e, dynamic);
	struct conf_ipsec_profile sa = e->sa;
	struct item *item;

	if (missing != NULL) {
		text_add(notes, "%s %s %u is incomplete and not used: %s\n", kind, name, e->seq, missing);
		return;
	}
	item = &a->items[a->count++];
	*item = (struct item){.entry = e, .seq = seq, .acl = conf_acl_find(a->conf, e->acl),
	    .dynamic = dynamic};
	snprintf(item->profile, sizeof(item->profile), "%s %.24s %u", kind, name, e->seq);
	memcpy(sa.name, item->profile, sizeof(sa.name));
	derive_ipsec_profile(a->conf, &sa, a->out, notes);
}

static size_t
count_entries(const struct conf *c, const struct conf_cmap *m)
{
	const struct conf_cmap *dynamic;
	const struct conf_cmap_entry *e, *d;
	size_t n = 0;

	DL_FOREACH(m->entries, e) {
		dynamic = conf_cmap_find(c->dynamic_maps, e->dynamic_map);
		n++;
		if (dynamic != NULL)
			DL_FOREACH(dynamic->entries, d)
				n++;
	}
	return n;
}

static void
add_dynamic_items(struct attached *a, const struct conf_cmap_entry *e, struct text *notes)
{
	const struct conf_cmap *m = conf_cmap_find(a->conf->dynamic_maps, e->dynamic_map);
	const struct conf_cmap_entry *d;

	if (m == NULL) {
		text_add(notes, "crypto map %s %u is not used: there is no dynamic map %s\n",
		    a->map->name, e->seq, e->dynamic_map);
		return;
	}
	DL_FOREACH(m->entries, d)
		add_item(a, "dynamic-map", m->name, d, e->seq, true, notes);
}

static void
add_map(struct attached *a)
{
	struct ipc_cmap *m = wishes_add(a->out, IPC_ESPD, IPC_MSG_CMAP_SET, IPC_MSG_CMAP_DEL, "%s",
	    a->ifname);

	if (m == NULL)
		return;
	snprintf(m->ifname, sizeof(m->ifname), "%s", a->ifname);
	iface_name(&a->iface->id, m->name);
	snprintf(m->map, sizeof(m->map), "%s", a->map->name);
	m->local = a->local;
	m->mtu = (uint16_t)derive_mtu(a->conf, a->iface);
	m->df = (a->iface->df != 0 ? a->iface->df : a->conf->df) == CONF_DF_CLEAR ? IPC_DF_CLEAR :
	    IPC_DF_COPY;
}

static struct addr
local_address(const struct conf *c, const struct conf_iface *i, const struct conf_cmap *m)
{
	const struct conf_iface *from = m->local_if.type == IFACE_NONE ? i :
	    conf_iface_find(c, &m->local_if);

	return from == NULL || from->shutdown ? (struct addr){0} : from->address.addr;
}

static void
derive_interface(struct attached *a, struct text *notes)
{
	const struct conf_cmap_entry *e;
	struct box all = everything();
	size_t i;

	add_map(a);
	DL_FOREACH(a->map->entries, e) {
		if (e->dynamic_map[0] != '\0')
			add_dynamic_items(a, e, notes);
		else
			add_item(a, "crypto map", a->map->name, e, e->seq, false, notes);
	}
	add_items(a, 0, &all);
	if (a->rules == CMAP_RULES_MAX)
		text_add(notes, "crypto map %s has too many lines: only the first %d are used\n",
		    a->map->name, CMAP_RULES_MAX);
	for (i = 0; i < a->count && addr_is_set(&a->local); i++)
		if (has_its_profiles(a, &a->items[i], notes))
			add_protections(a, &a->items[i]);
}

void
derive_cmaps(const struct conf *c, const struct nics *n, struct wishes *out, struct text *notes)
{
	const struct conf_iface *i;
	char ifname[16];

	DL_FOREACH(c->ifaces, i) {
		struct attached a = {.conf = c, .iface = i, .ifname = ifname, .out = out,
		    .map = conf_cmap_find(c->cmaps, i->cmap)};

		if (a.map == NULL || !nics_linux_name(n, &i->id, ifname))
			continue;
		a.local = local_address(c, i, a.map);
		a.items = calloc(count_entries(c, a.map) + 1, sizeof(*a.items));
		if (a.items == NULL)
			log_fatal("out of memory for crypto map %s", a.map->name);
		derive_interface(&a, notes);
		free(a.items);
	}
}
