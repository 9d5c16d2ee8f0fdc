/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show arp, show ip arp: the kernel's neighbours and our own addresses, as control reads them. */
#include <stdio.h>

#include "show_util.h"

/* By interface, then by address. */
static int
by_interface(const void *a, const void *b)
{
	const struct ipc_row_arp *x = a, *y = b;
	int order = name_cmp(x->interface, y->interface);

	return order != 0 ? order : addr_cmp(&x->address, &y->address);
}

static void
add_neighbour(struct text *out, const struct ipc_row_arp *r)
{
	char age[16] = "-";

	if (!r->fixed)
		snprintf(age, sizeof(age), "%u", r->mac[0] != '\0' ? r->age_s / 60 : 0);
	if (r->mac[0] == '\0')
		text_add(out, "%-10s%-16s%9s   %-15s ARPA\n", "Internet", ADDR_STR(&r->address), age,
		    "Incomplete");
	else
		text_add(out, "%-10s%-16s%9s   %-15s ARPA   %s\n", "Internet", ADDR_STR(&r->address),
		    age, r->mac, r->interface);
}

const char *
show_arp(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_CONTROL, SHOW_ARP, IPC_MSG_ROW_ARP);
	const struct ipc_row_arp *r;

	rows_sort(&rows, by_interface);
	if (rows.count > 0)
		text_add(out, "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n");
	ROWS_EACH(r, &rows)
		if (wanted_name(a, r->interface) && wanted_addr(a, &r->address))
			add_neighbour(out, r);
	rows_free(&rows);
	return why;
}
