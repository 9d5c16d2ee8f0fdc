/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reverse_route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "conf_acl.h"
#include "conf_cmap.h"
#include "log.h"

/* --- flows --- */

bool
reverse_flow_set(struct reverse_flow **flows, const struct ipc_cmap_flow *m)
{
	struct reverse_flow *f;

	DL_FOREACH(*flows, f)
		if (f->flow.peer_ref == m->peer_ref)
			break;
	if (f == NULL && !m->up)
		return false;
	if (!m->up) {
		DL_DELETE(*flows, f);
		free(f);
		return true;
	}
	if (f == NULL) {
		f = calloc(1, sizeof(*f));
		if (f == NULL)
			log_fatal("out of memory for a reverse route");
		DL_APPEND(*flows, f);
	}
	f->flow = *m;
	return true;
}

void
reverse_flows_free(struct reverse_flow **flows)
{
	while (*flows != NULL) {
		struct reverse_flow *f = *flows;

		DL_DELETE(*flows, f);
		free(f);
	}
}

/* --- routes --- */

static void
add_route(struct conf *c, const struct conf_cmap_entry *e, const struct prefix *net,
    const struct addr *peer)
{
	struct conf_route *r;

	/* Everything by the peer would be the way to the peer, too. */
	if (net->len == 0)
		return;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		log_fatal("out of memory for a reverse route");
	r->prefix = *net;
	r->gateway = addr_is_set(&e->reverse_gateway) ? e->reverse_gateway : *peer;
	r->distance = e->reverse_distance;
	DL_APPEND(c->routes, r);
}

/* The entry that a protection is of: "MAP SEQ LINE@NIC" or "MAP SEQ.ITS-SEQ LINE@NIC". */
static const struct conf_cmap_entry *
entry_of(const struct conf *c, const char *protection)
{
	char name[CMAP_NAME_LEN + 1];
	unsigned int seq, dynamic_seq;
	int n = sscanf(protection, "%24s %u.%u", name, &seq, &dynamic_seq);
	const struct conf_cmap *m = n < 2 ? NULL : conf_cmap_find(c->cmaps, name);
	const struct conf_cmap_entry *e = m == NULL ? NULL : conf_cmap_entry_find(m, seq);

	if (e == NULL || n == 2)
		return e;
	m = conf_cmap_find(c->dynamic_maps, e->dynamic_map);
	return m == NULL ? NULL : conf_cmap_entry_find(m, dynamic_seq);
}

static void
add_static(struct conf *c, const struct conf_cmap_entry *e)
{
	const struct conf_acl *a = conf_acl_find(c, e->acl);
	const struct acl_line *l;
	struct prefix net;

	if (e->reverse_route != RRI_STATIC || e->peers == NULL || a == NULL)
		return;
	DL_FOREACH(a->lines, l) {
		if (l->remark[0] != '\0' || !l->permit)
			continue;
		net = acl_side_prefix(&l->dst);
		add_route(c, e, &net, &e->peers->addr);
	}
}

static void
add_statics(struct conf *c)
{
	const struct conf_iface *i;
	const struct conf_cmap *m;
	const struct conf_cmap_entry *e;

	DL_FOREACH(c->ifaces, i) {
		m = i->shutdown ? NULL : conf_cmap_find(c->cmaps, i->cmap);
		if (m != NULL)
			DL_FOREACH(m->entries, e)
				add_static(c, e);
	}
}

struct conf
reverse_conf(const struct conf *c, const struct reverse_flow *flows)
{
	struct conf with = *c;
	const struct conf_cmap_entry *e;
	const struct reverse_flow *f;
	const struct conf_route *r;

	with.routes = NULL;
	DL_FOREACH(c->routes, r) {
		struct conf_route *copy = malloc(sizeof(*copy));

		if (copy == NULL)
			log_fatal("out of memory for routes");
		*copy = *r;
		DL_APPEND(with.routes, copy);
	}
	add_statics(&with);
	DL_FOREACH(flows, f) {
		e = entry_of(c, f->flow.protection);
		if (e != NULL && e->reverse_route == RRI_DYNAMIC)
			add_route(&with, e, &f->flow.net, &f->flow.remote);
	}
	return with;
}

void
reverse_conf_free(struct conf *c)
{
	while (c->routes != NULL) {
		struct conf_route *r = c->routes;

		DL_DELETE(c->routes, r);
		free(r);
	}
}
