/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto map and show crypto dynamic-map: what is configured, and which of an
 * entry's peers it has at the moment.  Those of tunnels follow (show_cmap_tunnel.c).
 */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/acl_text.h"
#include "conf_cmap.h"
#include "show_crypto.h"

struct view {
	const struct conf *conf;
	struct rows flows;		/* of iked; empty while it is away */
	struct text *out;
};

static void
add_acl(const struct view *v, const char *name)
{
	const struct conf_acl *a = conf_acl_find(v->conf, name);
	const struct acl_line *l;

	if (name[0] == '\0') {
		text_add(v->out, "\tNo matching address list set.\n");
		return;
	}
	text_add(v->out, "\tExtended IP access list %s\n", name);
	if (a == NULL)
		return;
	DL_FOREACH(a->lines, l) {
		if (l->remark[0] != '\0')
			continue;
		text_add(v->out, "\t    access-list %s ", name);
		acl_text_show_line(v->out, a, l);
		text_add(v->out, "\n");
	}
}

static void
add_policy(const struct view *v, const struct conf_cmap_entry *e)
{
	const char *profile = e->sa.isakmp_profile;

	show_add_sa_policy(v->out, v->conf, &e->sa);
	if (profile[0] != '\0')
		text_add(v->out, "\tISAKMP Profile: %s\n", profile);
	if (e->sa.ikev2_profile[0] != '\0')
		text_add(v->out, "\tIKEv2 Profile: %s\n", e->sa.ikev2_profile);
	if (e->reverse_route != RRI_NONE)
		text_add(v->out, "\tReverse Route Injection Enabled\n");
}

/* Some flow of the entry is with this peer now. */
static void
add_current_peer(const struct view *v, const char *map, unsigned int seq)
{
	const struct ipc_row_flow *f;
	char prefix[CONF_NAME_MAX + 16];

	snprintf(prefix, sizeof(prefix), "%s %u ", map, seq);
	ROWS_EACH(f, &v->flows)
		if (strncmp(f->protection, prefix, strlen(prefix)) == 0) {
			text_add(v->out, "\tCurrent peer: %s\n", ADDR_STR(&f->remote));
			return;
		}
}

static void
add_interfaces(const struct view *v, const struct conf_cmap *m)
{
	const struct conf_iface *i;
	char name[IFACE_NAME_MAX];

	text_add(v->out, "\tInterfaces using crypto map %s:\n", m->name);
	DL_FOREACH(v->conf->ifaces, i)
		if (strcmp(i->cmap, m->name) == 0)
			text_add(v->out, "\t\t%s\n", iface_name(&i->id, name));
	text_add(v->out, "\n");
}

static bool
is_incomplete(const struct view *v, const struct conf_cmap_entry *e)
{
	const struct conf_acl *a = conf_acl_find(v->conf, e->acl);

	return e->peers == NULL || a == NULL || !conf_acl_has_lines(a);
}

static void
add_entry(const struct view *v, const struct conf_cmap *m, const struct conf_cmap_entry *e)
{
	const struct conf_cmap_peer *p;

	text_add(v->out, "Crypto Map IPv4 \"%s\" %u ipsec-isakmp\n", m->name, e->seq);
	if (e->dynamic_map[0] != '\0') {
		text_add(v->out, "\tDynamic map template tag: %s\n", e->dynamic_map);
		add_interfaces(v, m);
		return;
	}
	if (is_incomplete(v, e))
		text_add(v->out, "\tWARNING: This crypto map is in an incomplete state!\n"
		    "\t\t(missing peer or access-list definitions)\n");
	if (e->description[0] != '\0')
		text_add(v->out, "\tDescription: %s\n", e->description);
	DL_FOREACH(e->peers, p)
		text_add(v->out, "\tPeer = %s%s\n", ADDR_STR(&p->addr),
		    p->is_default ? " <default>" : "");
	add_acl(v, e->acl);
	add_current_peer(v, m->name, e->seq);
	add_policy(v, e);
	add_interfaces(v, m);
}

/* On that interface, where one was asked for. */
static bool
is_on(const struct conf *c, const struct conf_cmap *m, const char *interface)
{
	const struct conf_iface *i;
	char name[IFACE_NAME_MAX];

	DL_FOREACH(c->ifaces, i)
		if (strcmp(i->cmap, m->name) == 0 &&
		    strcmp(iface_name(&i->id, name), interface) == 0)
			return true;
	return interface[0] == '\0';
}

const char *
show_crypto_map(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct view v = {.out = out};
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	v.conf = c;
	if (why == NULL) {
		rows_ask(&v.flows, src, IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW);
		flows_sort(&v.flows);
		DL_FOREACH(c->cmaps, m)
			if (is_on(c, m, a->name) && (a->tag[0] == '\0' || strcmp(a->tag, m->name) == 0))
				DL_FOREACH(m->entries, e)
					add_entry(&v, m, e);
		why = show_add_tunnel_maps(src, a, c, &v.flows, out);
	}
	rows_free(&v.flows);
	conf_free(c);
	return why;
}

const char *
show_crypto_dynamic_map(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct view v = {.out = out};
	struct conf *c;
	const char *why = show_conf_of(src, &c);
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	v.conf = c;
	if (why == NULL)
		DL_FOREACH(c->dynamic_maps, m) {
			if (a->tag[0] != '\0' && strcmp(a->tag, m->name) != 0)
				continue;
			DL_FOREACH(m->entries, e) {
				text_add(out, "Crypto Map Template\"%s\" %u\n", m->name, e->seq);
				if (e->description[0] != '\0')
					text_add(out, "\tDescription: %s\n", e->description);
				add_acl(&v, e->acl);
				add_policy(&v, e);
				text_add(out, "\n");
			}
		}
	conf_free(c);
	return why;
}
