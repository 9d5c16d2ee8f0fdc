/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_routes.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "control.h"
#include "kernel_route.h"
#include "log.h"
#include "shell_reply.h"

/* Cursors from here on are nhrpd's: of its shortcuts, which come last. */
#define SHORTCUTS (1ull << 32)

static void
put_interface(const struct control *c, int index, char name[32])
{
	const struct kernel_link *l = kernel_link_at(&c->kernel, index);
	struct iface_id id;

	if (l == NULL)
		name[0] = '\0';
	else if (nics_ios_id(&c->nics, l->name, &id))
		iface_name(&id, name);
	else
		snprintf(name, 32, "%s", l->name);
}

/* All but static routes of ours, which have their words from the configuration. */
static bool
take_kernel(const struct control *c, const struct kernel_route *k, struct ipc_row_route *r)
{
	if ((k->type != RTN_UNICAST && k->type != RTN_BLACKHOLE) || k->linkdown ||
	    addr_is_link_local(&k->prefix.addr) ||
	    (k->protocol == RTPROT_STATIC && owned_has(&c->owned, "route %s", PREFIX_STR(&k->prefix))))
		return false;
	*r = (struct ipc_row_route){.prefix = k->prefix, .gateway = k->gateway, .metric = k->metric,
	    .code = (uint8_t)kernel_route_code(k->protocol)};
	if (r->code != 'K')
		r->distance = (uint8_t)kernel_route_distance(k->protocol);
	if (k->type == RTN_BLACKHOLE)
		snprintf(r->interface, sizeof(r->interface), "Null0");
	else
		put_interface(c, k->index, r->interface);
	return true;
}

static struct ipc_row_route
static_row(const struct conf_route *from)
{
	struct ipc_row_route r = {.prefix = from->prefix, .gateway = from->gateway, .code = 'S',
	    .distance = from->distance == 0 ? 1 : from->distance};

	if (from->null0)
		snprintf(r.interface, sizeof(r.interface), "Null0");
	else if (from->iface.type != IFACE_NONE)
		iface_name(&from->iface, r.interface);
	return r;
}

static bool
take_local(const struct control *c, const struct kernel_addr *a, struct ipc_row_route *r)
{
	const struct kernel_link *l = kernel_link_at(&c->kernel, a->index);

	uint8_t host = (uint8_t)(8 * addr_bytes(&a->prefix.addr));

	if (!kernel_link_usable(l) || (l->flags & IFF_LOOPBACK) || addr_is_link_local(&a->prefix.addr))
		return false;
	*r = (struct ipc_row_route){.prefix = {.addr = a->prefix.addr, .len = host}, .code = 'L'};
	/* The kernel has no connected route for a /32: it is both. */
	if (a->prefix.len == 32 && host == 32)
		r->code = 'C';
	put_interface(c, a->index, r->interface);
	return true;
}

static int
by_prefix(const void *a, const void *b)
{
	const struct ipc_row_route *x = a, *y = b;
	int d = addr_cmp(&x->prefix.addr, &y->prefix.addr);

	return d != 0 ? d : x->prefix.len - y->prefix.len;
}

static struct ipc_row_route *
collect(const struct control *c, size_t *count)
{
	size_t plans, i, h;
	struct conf conf = reverse_conf(c->conf, c->reverse_flows);
	struct kernel_route_want *plan = kernel_route_plan(&c->kernel, &conf, &c->nics, &plans);
	struct ipc_row_route *rows = calloc(c->kernel.routes + c->kernel.addrs +
	    plans * KERNEL_HOPS_MAX + 1, sizeof(*rows));

	if (rows == NULL)
		log_fatal("out of memory for %zu routes", c->kernel.routes);
	*count = 0;
	for (i = 0; i < c->kernel.routes; i++)
		*count += take_kernel(c, &c->kernel.route[i], &rows[*count]);
	for (i = 0; i < plans; i++)
		for (h = 0; h < plan[i].hops || (h == 0 && plan[i].blackhole); h++)
			rows[(*count)++] = static_row(plan[i].hop[h].from);
	for (i = 0; i < c->kernel.addrs; i++)
		*count += take_local(c, &c->kernel.addr[i], &rows[*count]);
	free(plan);
	reverse_conf_free(&conf);
	qsort(rows, *count, sizeof(*rows), by_prefix);
	return rows;
}

static void
end(struct shell *s, uint32_t seq, uint64_t cursor)
{
	struct ipc_show_end m = {.cursor = cursor};

	ipc_send_seq(s->conn, IPC_MSG_SHOW_END, seq, &m);
}

/* --- shortcuts --- */

static void
shortcut_row(void *arg, enum ipc_type type, const union ipc_body *row)
{
	struct shell_wait *w = arg;

	if (w->shell != NULL && type == IPC_MSG_ROW_ROUTE)
		ipc_send_seq(w->shell->conn, type, w->seq, &row->row_route);
}

static void
shortcuts_end(struct shell_wait *w)
{
	end(w->shell, w->seq, w->cursor == 0 ? 0 : SHORTCUTS + w->cursor);
}

static void
ask_shortcuts(struct shell *s, uint32_t seq, uint64_t cursor)
{
	struct shell_wait *w = shell_wait_new(s, seq, shortcuts_end);
	struct link_question q = {.row = shortcut_row, .answer = shell_wait_answer, .arg = w};
	struct ipc_show show = {.what = SHOW_SHORTCUTS, .cursor = cursor};

	w->count = 1;
	/* Without nhrpd there are none. */
	if (link_ask(&s->control->link[LINK_NHRPD], IPC_MSG_SHOW, &show, &q) != NULL)
		shell_wait_answer(w, NULL, 0);
}

void
show_routes(struct shell *s, const struct ipc_msg *m)
{
	uint64_t from = m->body->show.cursor;
	struct ipc_row_route *rows;
	size_t count, i;

	if (from >= SHORTCUTS) {
		ask_shortcuts(s, m->seq, from - SHORTCUTS);
		return;
	}
	rows = collect(s->control, &count);
	for (i = (size_t)from; i < count; i++) {
		if (ipc_queued(s->conn) > IPC_SHOW_BYTES)
			break;
		ipc_send_seq(s->conn, IPC_MSG_ROW_ROUTE, m->seq, &rows[i]);
	}
	free(rows);
	if (i < count)
		end(s, m->seq, i);
	else
		ask_shortcuts(s, m->seq, 0);
}
