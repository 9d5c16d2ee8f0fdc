/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show ip nhrp [brief | detail], show ip nhrp traffic. */
#include <stdio.h>
#include <string.h>

#include "show_util.h"

typedef unsigned long long ull;

static int
by_tunnel_and_address(const void *a, const void *b)
{
	const struct ipc_row_nhrp *x = a, *y = b;
	int order = name_cmp(x->name, y->name);

	if (order == 0)
		order = addr_cmp(&x->address.addr, &y->address.addr);
	return order != 0 ? order : (int)x->address.len - (int)y->address.len;
}

static const char *
ask_entries(struct rows *rows, struct show_source *src)
{
	const char *why = rows_ask(rows, src, IPC_NHRPD, SHOW_NHRP, IPC_MSG_ROW_NHRP);

	rows_sort(rows, by_tunnel_and_address);
	return why;
}

static bool
wanted(const struct show_args *a, const struct ipc_row_nhrp *e)
{
	uint8_t type = e->type == NHRP_LOCAL ? NHRP_DYNAMIC : e->type;	/* as it is printed */

	return wanted_name(a, e->name) && (a->nhrp_type == 0 || a->nhrp_type == type) &&
	    (!addr_is_set(&a->addr) || prefix_contains(&e->address, &a->addr));
}

static void
add_times(struct show_source *src, struct text *out, const struct ipc_row_nhrp *e)
{
	mono_t left = mono_sub(mono_us((int64_t)e->expires_us), src->now);
	char created[UPTIME_STRLEN], expires[UPTIME_STRLEN];

	text_add(out, "   %s created %s, ", e->name, age_str(src, e->created_us, created));
	if (e->expires_us == 0)
		text_add(out, "never expire \n");
	else
		text_add(out, "expire %s\n", uptime_str(left, expires));
}

static void
add_flags(struct text *out, const struct ipc_row_nhrp *e)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} flags[] = {
#define X(id, bit, text) {NHRP_FLAG_##id, text},
		IPC_NHRP_FLAGS(X)
#undef X
	};

	text_add(out, "   Type: %s, Flags: ", e->type == NHRP_INCOMPLETE ? "incomplete" :
	    e->type == NHRP_STATIC ? "static" : "dynamic");
	if (e->type == NHRP_INCOMPLETE)
		text_add(out, "negative ");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if ((e->flags & flags[i].flag) != 0 && flags[i].flag != NHRP_FLAG_NO_SOCKET)
			text_add(out, "%s ", flags[i].name);
	text_add(out, "\n");
}

static void
add_entry(struct show_source *src, struct text *out, const struct ipc_row_nhrp *e, bool detail)
{
	text_add(out, "%s", PREFIX_STR(&e->address));
	if (e->type != NHRP_INCOMPLETE)
		text_add(out, " via %s",
		    ADDR_STR(addr_is_set(&e->next_hop) ? &e->next_hop : &e->address.addr));
	text_add(out, "\n");
	add_times(src, out, e);
	add_flags(out, e);
	if (addr_is_set(&e->nbma))
		text_add(out, "   NBMA address: %s \n", ADDR_STR(&e->nbma));
	if (addr_is_set(&e->claimed))
		text_add(out, "    (Claimed NBMA address: %s) \n", ADDR_STR(&e->claimed));
	if (detail)
		text_add(out, "   Preference: %u\n", e->preference);
	if ((e->flags & NHRP_FLAG_NO_SOCKET) != 0)
		text_add(out, "    (no-socket) \n");
	if (detail && addr_is_set(&e->requester))
		text_add(out, "  Requester: %s Request ID: %u\n", ADDR_STR(&e->requester),
		    e->request_id);
}

static const char *
show_entries(struct show_source *src, const struct show_args *a, struct text *out, bool detail)
{
	struct rows rows;
	const char *why = ask_entries(&rows, src);
	const struct ipc_row_nhrp *e;

	ROWS_EACH(e, &rows)
		if (wanted(a, e))
			add_entry(src, out, e, detail);
	rows_free(&rows);
	return why;
}

const char *
show_ip_nhrp(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_entries(src, a, out, false);
}

const char *
show_ip_nhrp_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_entries(src, a, out, true);
}

static void
add_brief_entry(struct text *out, const struct ipc_row_nhrp *e)
{
	char flags[16], name[IFACE_NAME_MAX];

	snprintf(flags, sizeof(flags), "%c/%s%s%s%s", e->type == NHRP_STATIC ? 'S' : 'D',
	    (e->flags & NHRP_FLAG_UNIQUE) != 0 ? "u" : "",
	    (e->flags & NHRP_FLAG_REGISTERED) != 0 ? "r" : "", addr_is_set(&e->claimed) ? "c" : "",
	    (e->flags & NHRP_FLAG_RIB) != 0 ? "t" : "");
	text_add(out, "%-8s %-50s %s\n", short_name(e->name, name), ADDR_STR(&e->next_hop),
	    ADDR_STR(&e->nbma));
	text_add(out, "%8s %-43s %-6s\n", "", PREFIX_STR(&e->address), flags);
}

const char *
show_ip_nhrp_brief(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char head[] =
	    "****************************************************************************\n"
	    "    NOTE: Link-Local, No-socket and Incomplete entries are not displayed\n"
	    "****************************************************************************\n"
	    "Legend: Type --> S - Static, D - Dynamic\n"
	    "        Flags --> u - unique, r - registered, e - temporary, c - claimed\n"
	    "        a - authoritative, t - route\n"
	    "============================================================================\n"
	    "\n"
	    "Intf     NextHop Address                                    NBMA Address\n"
	    "         Target Network                              T/Flag\n"
	    "-------- ------------------------------------------- ------ ----------------\n";
	struct rows rows;
	const char *why = ask_entries(&rows, src);
	const struct ipc_row_nhrp *e;

	if (why == NULL)
		text_add(out, "%s", head);
	ROWS_EACH(e, &rows)
		if (wanted(a, e) && e->type != NHRP_INCOMPLETE &&
		    (e->flags & NHRP_FLAG_NO_SOCKET) == 0)
			add_brief_entry(out, e);
	rows_free(&rows);
	return why;
}

/* The kinds of packets, in the order they are printed; nhrpd counts "sent KIND" and "rcvd KIND". */
static const char *const kinds[] = {
	"Resolution Request", "Resolution Reply", "Registration Request", "Registration Reply",
	"Purge Request", "Purge Reply", "Error Indication", "Traffic Indication",
	"Redirect Suppress",
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static uint64_t
counter_of(const struct rows *counters, const char *scope, const char *way, const char *kind)
{
	const struct ipc_row_counter *c;
	char name[64];

	snprintf(name, sizeof(name), "%s %s", way, kind);
	ROWS_EACH(c, counters)
		if (strcmp(c->scope, scope) == 0 && strcmp(c->name, name) == 0)
			return c->value;
	return 0;
}

static void
add_way(struct text *out, const struct rows *counters, const char *scope, const char *way,
    const char *title)
{
	uint64_t values[KINDS], total = 0;

	for (size_t i = 0; i < KINDS; i++)
		total += values[i] = counter_of(counters, scope, way, kinds[i]);
	text_add(out, "   %s: Total %llu\n", title, (ull)total);
	for (size_t i = 0; i < KINDS; i++)
		text_add(out, "%s%llu %s%s", i % 3 == 0 ? "         " : "  ", (ull)values[i], kinds[i],
		    i % 3 == 2 ? "\n" : "");
}

static int
if_by_name(const void *a, const void *b)
{
	return name_cmp(((const struct ipc_row_nhrp_if *)a)->name,
	    ((const struct ipc_row_nhrp_if *)b)->name);
}

const char *
show_ip_nhrp_traffic(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct rows counters = {0}, ifs;
	const char *why = rows_ask(&ifs, src, IPC_NHRPD, SHOW_NHRP_IF, IPC_MSG_ROW_NHRP_IF);
	const struct ipc_row_nhrp_if *i;

	if (why == NULL)
		why = rows_ask(&counters, src, IPC_NHRPD, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER);
	rows_sort(&ifs, if_by_name);
	ROWS_EACH(i, &ifs) {
		if (why != NULL || !wanted_name(a, i->name))
			continue;
		text_add(out, "%s: Max-send limit:10000Pkts/10Sec, Usage:0%%\n", i->name);
		add_way(out, &counters, i->name, "sent", "Sent");
		add_way(out, &counters, i->name, "rcvd", "Rcvd");
	}
	rows_free(&counters);
	rows_free(&ifs);
	return why;
}
