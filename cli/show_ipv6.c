/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show ipv6 interface [brief], show ipv6 route: control knows them.
 *
 * The addresses are those that the kernel has, so also link-local ones that it
 * chose itself.
 */
#include <string.h>

#include "conf_ipv6.h"
#include "show_util.h"

/* --- interfaces --- */

struct view {
	struct rows interfaces, addresses;
};

static int
by_type_and_name(const void *a, const void *b)
{
	const struct ipc_row_interface *x = a, *y = b;

	return x->type != y->type ? (int)x->type - (int)y->type : name_cmp(x->name, y->name);
}

/* Link-local ones first. */
static int
by_scope(const void *a, const void *b)
{
	const struct ipc_row_address *x = a, *y = b;
	bool lx = addr_is_link_local(&x->address.addr), ly = addr_is_link_local(&y->address.addr);

	return lx != ly ? ly - lx : addr_cmp(&x->address.addr, &y->address.addr);
}

static const char *
open_view(struct view *v, struct show_source *src)
{
	const char *why = rows_ask(&v->interfaces, src, IPC_CONTROL, SHOW_INTERFACES,
	    IPC_MSG_ROW_INTERFACE);
	const char *why2 = rows_ask(&v->addresses, src, IPC_CONTROL, SHOW_ADDRESSES,
	    IPC_MSG_ROW_ADDRESS);

	rows_sort(&v->interfaces, by_type_and_name);
	rows_sort(&v->addresses, by_scope);
	return why != NULL ? why : why2;
}

static void
close_view(struct view *v)
{
	rows_free(&v->interfaces);
	rows_free(&v->addresses);
}

static bool
is_of(const struct ipc_row_address *a, const struct ipc_row_interface *i)
{
	return i->ipv6 && strcmp(a->interface, i->name) == 0;
}

static const char *
state_of(const struct ipc_row_address *a)
{
	return a->duplicate ? " [DUP]" : a->tentative ? " [TEN]" : "";
}

static const char *
line_of(const struct ipc_row_interface *i)
{
	return i->line_up ? "up" : "down";
}

const char *
show_ipv6_interface_brief(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_interface *i;
	const struct ipc_row_address *x;
	struct view v;
	const char *why = open_view(&v, src);

	(void)a;
	ROWS_EACH(i, &v.interfaces) {
		bool any = false;

		text_add(out, "%-22s [%s/%s]\n", i->name, !i->admin_up ? "administratively down" :
		    i->line_up || i->type == IFACE_TUNNEL ? "up" : "down", line_of(i));
		ROWS_EACH(x, &v.addresses)
			if (is_of(x, i)) {
				text_add(out, "    %s\n", ADDR_STR(&x->address.addr));
				any = true;
			}
		if (!any)
			text_add(out, "    unassigned\n");
	}
	close_view(&v);
	return why;
}

static void
add_link_local(struct text *out, const struct view *v, const struct ipc_row_interface *i)
{
	const struct ipc_row_address *x;

	ROWS_EACH(x, &v->addresses)
		if (is_of(x, i) && addr_is_link_local(&x->address.addr)) {
			text_add(out, "  IPv6 is enabled, link-local address is %s%s \n",
			    ADDR_STR(&x->address.addr), state_of(x));
			return;
		}
	text_add(out, "  IPv6 is enabled, link-local address is unassigned \n");
}

static void
add_interface(struct text *out, const struct view *v, const struct ipc_row_interface *i)
{
	const struct ipc_row_address *x;
	bool any = false;

	text_add(out, "%s is %s, line protocol is %s\n", i->name, !i->admin_up ? "administratively down" :
	    i->line_up || i->type == IFACE_TUNNEL ? "up" : "down", line_of(i));
	add_link_local(out, v, i);
	ROWS_EACH(x, &v->addresses) {
		struct prefix net = prefix_network(&x->address);

		if (!is_of(x, i) || addr_is_link_local(&x->address.addr))
			continue;
		if (!any)
			text_add(out, "  Global unicast address(es):\n");
		any = true;
		text_add(out, "    %s, subnet is %s%s \n", ADDR_STR(&x->address.addr), PREFIX_STR(&net),
		    state_of(x));
	}
	if (!any)
		text_add(out, "  No global unicast address is configured\n");
	text_add(out, "  MTU is %u bytes\n", i->ip_mtu);
}

const char *
show_ipv6_interface(struct show_source *src, const struct show_args *a, struct text *out)
{
	const struct ipc_row_interface *i;
	struct view v;
	const char *why = open_view(&v, src);

	ROWS_EACH(i, &v.interfaces)
		if (i->ipv6 && wanted_name(a, i->name))
			add_interface(out, &v, i);
	close_view(&v);
	return why;
}

/* --- routes --- */

static const char legend[] =
    "Codes: C - Connected, L - Local, S - Static, U - Per-user Static route\n"
    "       B - BGP, R - RIP, H - NHRP, IA - ISIS interarea, D - EIGRP\n"
    "       O - OSPF Intra, K - set by other programs\n";

static int
by_prefix(const void *a, const void *b)
{
	const struct ipc_row_route *x = a, *y = b;
	int order = addr_cmp(&x->prefix.addr, &y->prefix.addr);

	if (order == 0)
		order = (int)x->prefix.len - (int)y->prefix.len;
	return order != 0 ? order : addr_cmp(&x->gateway, &y->gateway);
}

static void
add_way(struct text *out, const struct ipc_row_route *r)
{
	text_add(out, "     via ");
	if (addr_is_set(&r->gateway))
		text_add(out, "%s%s%s\n", ADDR_STR(&r->gateway), r->interface[0] != '\0' ? ", " : "",
		    r->interface);
	else
		text_add(out, "%s, %s\n", r->interface, r->code == 'L' ? "receive" : "directly connected");
}

const char *
show_ipv6_route(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_CONTROL, SHOW_ROUTES, IPC_MSG_ROW_ROUTE);
	const struct ipc_row_route *r, *last = NULL;
	unsigned int entries = 0;

	(void)a;
	rows_sort(&rows, by_prefix);
	ROWS_EACH(r, &rows)
		if (r->prefix.addr.family == ADDR_V6) {
			entries += last == NULL || !prefix_eq(&last->prefix, &r->prefix);
			last = r;
		}
	if (why == NULL)
		text_add(out, "IPv6 Routing Table - default - %u entries\n%s", entries, legend);
	last = NULL;
	ROWS_EACH(r, &rows) {
		if (r->prefix.addr.family != ADDR_V6)
			continue;
		if (last == NULL || !prefix_eq(&last->prefix, &r->prefix) || last->code != r->code)
			text_add(out, "%-3c %s [%u/%u]\n", r->code, PREFIX_STR(&r->prefix), r->distance,
			    r->code == 'C' || r->code == 'S' ? 0 : r->metric);
		add_way(out, r);
		last = r;
	}
	rows_free(&rows);
	return why;
}
