/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tunnels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "control.h"
#include "log.h"

const struct tunnel_line *
tunnels_find(const struct tunnels *t, const char *ifname)
{
	struct tunnel_line *l;

	HASH_FIND_STR(t->all, ifname, l);
	return l;
}

static struct tunnel_line *
get(struct tunnels *t, const char *ifname)
{
	struct tunnel_line *l = (struct tunnel_line *)tunnels_find(t, ifname);

	if (l != NULL)
		return l;
	l = calloc(1, sizeof(*l));
	if (l == NULL)
		log_fatal("out of memory");
	snprintf(l->ifname, sizeof(l->ifname), "%s", ifname);
	HASH_ADD_STR(t->all, ifname, l);
	return l;
}

/* What is down when it is first seen is not a change. */
static void
line_is(struct control *c, struct tunnel_line *l, bool up)
{
	char name[IFACE_NAME_MAX];
	struct iface_id id;
	const struct conf_iface *i;

	if (l->line_up == up || !nics_ios_id(&c->nics, l->ifname, &id)) {
		l->line_up = up;
		return;
	}
	l->line_up = up;
	iface_name(&id, name);
	i = conf_iface_find(c->conf, &id);
	if (i != NULL && i->shutdown && !up)
		log_event(LOG_SEV_NOTICE, "LINK", "CHANGED",
		    "Interface %s, changed state to administratively down", name);
	else
		log_event(LOG_SEV_ERR, "LINK", "UPDOWN", "Interface %s, changed state to %s", name,
		    up ? "up" : "down");
	log_event(LOG_SEV_NOTICE, "LINEPROTO", "UPDOWN",
	    "Line protocol on Interface %s, changed state to %s", name, up ? "up" : "down");
}

void
tunnels_state(struct control *c, const struct ipc_tunnel_state *m)
{
	struct tunnel_line *l = get(&c->tunnels, m->ifname);

	memcpy(l->why, m->why, sizeof(l->why));
	line_is(c, l, m->line_up != 0);
}

void
tunnels_links_changed(struct control *c)
{
	size_t i;

	for (i = 0; i < c->nics.count; i++)
		line_is(c, get(&c->tunnels, c->nics.nic[i].ifname),
		    kernel_link_usable(kernel_link(&c->kernel, c->nics.nic[i].ifname)));
}

void
tunnels_free(struct tunnels *t)
{
	struct tunnel_line *l, *next;

	HASH_ITER(hh, t->all, l, next) {
		HASH_DEL(t->all, l);
		free(l);
	}
}
