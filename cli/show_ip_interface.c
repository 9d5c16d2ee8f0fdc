/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show ip interface [brief].
 *
 * IOS's long form tells of everything that it can do to a packet.  Here are those of its
 * lines that say something true about this router, in its order.
 */
#include <string.h>

#include "show_interface.h"

const char *
show_ip_interface_brief(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char form[] = "%-22s %-15s %-3s %-6s %-21s %-8s\n";
	struct rows rows;
	const char *why = show_ask_interfaces(&rows, src);
	const struct ipc_row_interface *i;

	if (why == NULL)
		text_add(out, "%-22s %-15s %-3s %-6s %-21s %s\n", "Interface", "IP-Address", "OK?",
		    "Method", "Status", "Protocol");
	ROWS_EACH(i, &rows) {
		bool has = addr_is_set(&i->address.addr);

		if (wanted_name(a, i->name))
			text_add(out, form, i->name, has ? ADDR_STR(&i->address.addr) : "unassigned",
			    "YES", !has ? "unset" : i->address_saved ? "NVRAM" : "manual",
			    show_status_of(i), i->line_up ? "up" : "down");
	}
	rows_free(&rows);
	return why;
}

/* --- the long form --- */

static void
add_secondaries(struct text *out, const struct ipc_row_interface *i, const struct rows *addresses)
{
	const struct ipc_row_address *x;

	ROWS_EACH(x, addresses)
		if (strcmp(x->interface, i->name) == 0 && !prefix_eq(&x->address, &i->address))
			text_add(out, "  Secondary address %s\n", PREFIX_STR(&x->address));
}

static void
add_interface(struct text *out, const struct ipc_row_interface *i, const struct rows *addresses)
{
	text_add(out, "%s is %s, line protocol is %s\n", i->name, show_status_of(i),
	    i->line_up ? "up" : "down");
	if (!addr_is_set(&i->address.addr)) {
		text_add(out, "  Internet protocol processing disabled\n");
		return;
	}
	text_add(out, "  Internet address is %s\n", PREFIX_STR(&i->address));
	text_add(out, "  Broadcast address is 255.255.255.255\n");
	text_add(out, "  Address determined by %s\n",
	    i->address_saved ? "non-volatile memory" : "setup command");
	text_add(out, "  MTU is %u bytes\n", i->ip_mtu);
	text_add(out, "  Helper address is not set\n");
	text_add(out, "  Directed broadcast forwarding is disabled\n");
	add_secondaries(out, i, addresses);
	text_add(out, "  Outgoing access list is not set\n");
	text_add(out, "  Inbound  access list is not set\n");
	text_add(out, "  Proxy ARP is %s\n", i->proxy_arp ? "enabled" : "disabled");
	text_add(out, "  ICMP redirects are %s sent\n", i->redirects ? "always" : "never");
	text_add(out, "  ICMP unreachables are always sent\n");
	text_add(out, "  ICMP mask replies are never sent\n");
	if (i->tcp_mss != 0)
		text_add(out, "  TCP MSS of transit packets is adjusted to %u bytes\n", i->tcp_mss);
}

const char *
show_ip_interface(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows, addresses;
	const char *why = show_ask_interfaces(&rows, src);
	const char *why2 = rows_ask(&addresses, src, IPC_CONTROL, SHOW_IPV4_ADDRESSES,
	    IPC_MSG_ROW_ADDRESS);
	const struct ipc_row_interface *i;
	bool found = a->name[0] == '\0';

	ROWS_EACH(i, &rows) {
		if (!wanted_name(a, i->name))
			continue;
		found = true;
		add_interface(out, i, &addresses);
	}
	rows_free(&rows);
	rows_free(&addresses);
	if (why != NULL || why2 != NULL)
		return why != NULL ? why : why2;
	return found ? NULL : SHOW_NO_INTERFACE;
}
