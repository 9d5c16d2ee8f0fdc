/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tunnels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "log.h"

#define LEARN_S 2

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

/* A control that was started again learns how things are; nothing has changed then. */
static bool
learning(const struct control *c)
{
	return c->warm && mono_before(loop_now(c->loop), mono_add(c->booted, mono_s(LEARN_S)));
}

/* A tunnel is up as long as it is not shut down, whatever its line protocol is. */
static void
say_link(struct tunnel_line *l, const char *name, bool tunnel, bool shut, bool up)
{
	if (shut && !up)
		log_event(LOG_SEV_NOTICE, "LINK", "CHANGED",
		    "Interface %s, changed state to administratively down", name);
	else if (!tunnel || (up && !l->link_up))
		log_event(LOG_SEV_ERR, "LINK", "UPDOWN", "Interface %s, changed state to %s", name,
		    up ? "up" : "down");
	l->link_up = up || (tunnel && !shut);
}

static void
line_is(struct control *c, struct tunnel_line *l, bool up)
{
	char name[IFACE_NAME_MAX];
	struct iface_id id;
	const struct conf_iface *i;

	if (l->line_up == up || learning(c) || !nics_ios_id(&c->nics, l->ifname, &id)) {
		l->link_up = l->link_up || learning(c);
		l->line_up = up;
		return;
	}
	l->line_up = up;
	iface_name(&id, name);
	i = conf_iface_find(c->conf, &id);
	say_link(l, name, id.type == IFACE_TUNNEL, i != NULL && i->shutdown, up);
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

static void
tunnel_row(void *arg, enum ipc_type type, const union ipc_body *row)
{
	struct control *c = arg;
	struct ipc_tunnel_state m = {.line_up = row->row_tunnel.line_up};

	if (type != IPC_MSG_ROW_TUNNEL)
		return;
	memcpy(m.ifname, row->row_tunnel.ifname, sizeof(m.ifname));
	memcpy(m.why, row->row_tunnel.why, sizeof(m.why));
	tunnels_state(c, &m);
}

static void
tunnel_rows_end(void *arg, const char *failed, uint64_t cursor)
{
	if (failed == NULL && cursor != 0)
		tunnels_ask(arg, cursor);
}

void
tunnels_ask(struct control *c, uint64_t cursor)
{
	struct ipc_show show = {.what = SHOW_TUNNELS, .cursor = cursor};
	struct link_question q = {.row = tunnel_row, .answer = tunnel_rows_end, .arg = c};

	link_ask(&c->link[LINK_ESPD], IPC_MSG_SHOW, &show, &q);
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
