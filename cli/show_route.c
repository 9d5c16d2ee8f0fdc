/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show ip route, in classful order as IOS keeps it.
 *
 * Routes inside a classful network stand under a line about that network:
 * "is subnetted" when all have one mask (which the rows then leave out), "is
 * variably subnetted" otherwise.  A route of exactly a classful network, or
 * wider, stands alone, three columns to the left.  With an address behind it the
 * command tells about the one route that is taken to it.
 */
#include <stdio.h>
#include <string.h>

#include "show_util.h"

typedef struct ipc_row_route route;

static const char legend[] =
    "Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP\n"
    "       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area \n"
    "       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2\n"
    "       E1 - OSPF external type 1, E2 - OSPF external type 2\n"
    "       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2\n"
    "       ia - IS-IS inter area, * - candidate default, U - per-user static route\n"
    "       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP\n"
    "       a - application route\n"
    "       + - replicated route, % - next hop override, p - overrides from PfR\n";

/* Of both versions IPv4 comes first: what is behind that is for show_ipv6.c. */
static void
drop_ipv6(struct rows *rows)
{
	const route *r;
	size_t n = 0;

	ROWS_EACH(r, rows)
		n += r->prefix.addr.family == ADDR_V4;
	rows->count = n;
}

static int
by_prefix(const void *a, const void *b)
{
	const route *x = a, *y = b;
	int order = addr_cmp(&x->prefix.addr, &y->prefix.addr);

	if (order == 0)
		order = (int)x->prefix.len - (int)y->prefix.len;
	if (order == 0)
		order = (int)x->distance - (int)y->distance;
	return order != 0 ? order : addr_cmp(&x->gateway, &y->gateway);
}

/* 8, 16 or 24: classes A, B, C; 0 for what has no class. */
static unsigned int
class_len(const struct addr *a)
{
	uint32_t v = addr_to_v4(a);

	if (v == 0 || a->family != ADDR_V4)
		return 0;
	return v < 0x80000000u ? 8 : v < 0xc0000000u ? 16 : v < 0xe0000000u ? 24 : 0;
}

static bool
is_supernet(const route *r)
{
	unsigned int len = class_len(&r->prefix.addr);

	return len == 0 || r->prefix.len < len;
}

static struct prefix
class_of(const route *r)
{
	struct prefix net = {.addr = r->prefix.addr, .len = (uint8_t)class_len(&r->prefix.addr)};

	return prefix_network(&net);
}

static bool
same_class(const route *a, const route *b)
{
	struct prefix x = class_of(a), y = class_of(b);

	return !is_supernet(a) && !is_supernet(b) && prefix_eq(&x, &y);
}

struct group {		/* consecutive routes of one classful network */
	size_t first, end;
	unsigned int subnets, masks;
	bool indented;
};

static struct group
group_at(const struct rows *rows, size_t first)
{
	const route *head = rows_at(rows, first), *r, *last = NULL;
	struct group g = {.first = first, .end = first};
	uint64_t seen = 0;

	for (; (r = rows_at(rows, g.end)) != NULL && (r == head || same_class(head, r)); g.end++) {
		if (last != NULL && prefix_eq(&last->prefix, &r->prefix))
			continue;
		last = r;
		g.subnets++;
		if ((seen & (1ULL << r->prefix.len)) == 0)
			g.masks++;
		seen |= 1ULL << r->prefix.len;
	}
	g.indented = !is_supernet(head) &&
	    (g.subnets > 1 || head->prefix.len > class_len(&head->prefix.addr));
	return g;
}

static void
add_group_head(struct text *out, const route *head, const struct group *g)
{
	struct prefix net = class_of(head);

	if (g->masks > 1) {
		text_add(out, "      %s is variably subnetted, %u subnets, %u masks\n",
		    PREFIX_STR(&net), g->subnets, g->masks);
		return;
	}
	net.len = head->prefix.len;
	text_add(out, "      %s is subnetted, %u subnets\n", PREFIX_STR(&net), g->subnets);
}

static bool
has_age(uint8_t code)
{
	return code == 'H' || code == 'D' || code == 'O' || code == 'B' || code == 'R';
}

/* What stands behind the prefix. */
static void
add_path(struct show_source *src, struct text *out, const route *r)
{
	if (!addr_is_set(&r->gateway)) {
		text_add(out, "is directly connected, %s\n", r->interface);
		return;
	}
	text_add(out, "[%u/%u] via %s", r->distance, r->metric, ADDR_STR(&r->gateway));
	if (has_age(r->code))
		text_add(out, ", %s", age_str(src, r->since_us, (char[UPTIME_STRLEN]){0}));
	if (r->interface[0] != '\0')
		text_add(out, ", %s", r->interface);
	text_add(out, "\n");
}

static void
add_group(struct show_source *src, struct text *out, const struct rows *rows,
    const struct group *g)
{
	const route *head = rows_at(rows, g->first), *last = NULL;
	char line[96];

	if (g->indented)
		add_group_head(out, head, g);
	for (size_t i = g->first; i < g->end; i++) {
		const route *r = rows_at(rows, i);
		bool bare = g->indented && g->masks == 1;
		int len;

		if (last != NULL && prefix_eq(&last->prefix, &r->prefix) && last->code == r->code) {
			text_add(out, "%*s", (int)strlen(line), "");
		} else {
			len = snprintf(line, sizeof(line), "%c%c", r->code, r->prefix.len == 0 ? '*' : ' ');
			snprintf(line + len, sizeof(line) - (size_t)len, "%*s%s ", g->indented ? 7 : 4, "",
			    bare ? ADDR_STR(&r->prefix.addr) : PREFIX_STR(&r->prefix));
			text_add(out, "%s", line);
		}
		add_path(src, out, r);
		last = r;
	}
}

static void
add_last_resort(struct text *out, const struct rows *rows)
{
	const route *r = rows_at(rows, 0);	/* sorted: 0.0.0.0/0 is the first there can be */
	struct addr any = addr_v4(0);

	if (r == NULL || r->prefix.len != 0)
		text_add(out, "Gateway of last resort is not set\n");
	else
		text_add(out, "Gateway of last resort is %s to network 0.0.0.0\n",
		    ADDR_STR(addr_is_set(&r->gateway) ? &r->gateway : &any));
}

/* Only routes of one of these codes; NULL: all. */
static void
keep_codes(struct rows *rows, const char *codes)
{
	size_t kept = 0;

	for (size_t i = 0; codes != NULL && i < rows->count; i++) {
		const route *r = rows_at(rows, i);

		if (strchr(codes, r->code) != NULL)
			memmove(rows->at + kept++ * rows->size, r, rows->size);
	}
	if (codes != NULL)
		rows->count = kept;
}

/* Only what lies within the network that was asked for; without a mask, the classful one. */
static void
keep_longer(struct rows *rows, const struct show_args *a)
{
	struct prefix net = {.addr = a->addr, .len = a->has_mask ? a->mask_len :
	    (uint8_t)class_len(&a->addr)};
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const route *r = rows_at(rows, i);

		if (r->prefix.len >= net.len && prefix_contains(&net, &r->prefix.addr))
			memmove(rows->at + kept++ * rows->size, r, rows->size);
	}
	rows->count = kept;
}

static void
add_table(struct show_source *src, struct text *out, struct rows *rows, const char *codes,
    const struct show_args *a)
{
	bool foreign = false;
	struct group g;
	const route *r;

	ROWS_EACH(r, rows)
		foreign |= r->code == 'K';
	text_add(out, "%s%s\n", legend, foreign ? "       K - set by other programs\n" : "");
	add_last_resort(out, rows);
	text_add(out, "\n");
	keep_codes(rows, codes);
	if (a->longer)
		keep_longer(rows, a);
	for (size_t i = 0; i < rows->count; i = g.end) {
		g = group_at(rows, i);
		add_group(src, out, rows, &g);
	}
}

/* --- show ip route A.B.C.D [MASK] --- */

enum { ANY_LEN = 128 };

/*
 * The first row of the longest prefix around the address, no longer than len, or NULL.  The
 * default route is an answer to 0.0.0.0 only, as it is in IOS.
 */
static const route *
best_for(const struct rows *rows, const struct addr *a, unsigned int len)
{
	const route *r, *best = NULL;

	ROWS_EACH(r, rows)
		if (r->prefix.len <= len && prefix_contains(&r->prefix, a) &&
		    (r->prefix.len > 0 || addr_is_any(a)) &&
		    (best == NULL || r->prefix.len > best->prefix.len))
			best = r;
	return best;
}

static const char *
known_via(uint8_t code)
{
	switch (code) {
	case 'C':
	case 'L':
		return "connected";
	case 'S':
		return "static";
	case 'H':
		return "nhrp";
	case 'K':
		return "other programs";
	case 'D':
		return "eigrp";
	case 'O':
		return "ospf";
	case 'R':
		return "rip";
	default:
		return "bgp";
	}
}

static void
add_block(struct show_source *src, struct text *out, const route *r, bool first)
{
	char age[UPTIME_STRLEN];

	text_add(out, "  %c ", first ? '*' : ' ');
	if (!addr_is_set(&r->gateway))
		text_add(out, "directly connected, via %s\n", r->interface);
	else if (has_age(r->code))
		text_add(out, "%s, from %s, %s ago, via %s\n", ADDR_STR(&r->gateway),
		    ADDR_STR(&r->gateway), age_str(src, r->since_us, age), r->interface);
	else
		text_add(out, "%s%s%s\n", ADDR_STR(&r->gateway),
		    r->interface[0] != '\0' ? ", via " : "", r->interface);
	text_add(out, "      Route metric is %u, traffic share count is 1\n", r->metric);
}

static void
add_entry(struct show_source *src, struct text *out, const struct rows *rows, const struct addr *a,
    unsigned int len)
{
	const route *best = best_for(rows, a, len), *r;
	char age[UPTIME_STRLEN];

	if (best == NULL || (len <= 32 && best->prefix.len != len)) {
		text_add(out, "%% %s not in table\n", len <= 32 ? "Subnet" : "Network");
		return;
	}
	text_add(out, "Routing entry for %s%s\n", PREFIX_STR(&best->prefix),
	    is_supernet(best) ? ", supernet" : "");
	text_add(out, "  Known via \"%s\", distance %u, metric %u%s%s\n", known_via(best->code),
	    best->distance, best->metric, best->prefix.len == 0 ? ", candidate default path" : "",
	    best->code == 'C' || best->code == 'L' ? " (connected, via interface)" : "");
	if (has_age(best->code) && addr_is_set(&best->gateway))
		text_add(out, "  Last update from %s on %s, %s ago\n", ADDR_STR(&best->gateway),
		    best->interface, age_str(src, best->since_us, age));
	text_add(out, "  Routing Descriptor Blocks:\n");
	ROWS_EACH(r, rows)
		if (prefix_eq(&r->prefix, &best->prefix) && r->code == best->code)
			add_block(src, out, r, r == best);
}

/* The table, of these codes only (NULL: all), or what it says about the address in `a`. */
static const char *
show_routes(struct show_source *src, const struct show_args *a, const char *codes, struct text *out)
{
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_CONTROL, SHOW_ROUTES, IPC_MSG_ROW_ROUTE);

	rows_sort(&rows, by_prefix);
	drop_ipv6(&rows);
	if (why == NULL && addr_is_set(&a->addr) && !a->longer)
		add_entry(src, out, &rows, &a->addr, a->has_mask ? a->mask_len : ANY_LEN);
	else if (why == NULL)
		add_table(src, out, &rows, codes, a);
	rows_free(&rows);
	return why;
}

const char *
show_ip_route(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, NULL, out);
}

const char *
show_ip_route_connected(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "CL", out);
}

const char *
show_ip_route_static(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "S", out);
}

const char *
show_ip_route_nhrp(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "H", out);
}

/* Of routing protocols that others run. */
const char *
show_ip_route_bgp(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "B", out);
}

const char *
show_ip_route_eigrp(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "D", out);
}

const char *
show_ip_route_ospf(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "O", out);
}

const char *
show_ip_route_rip(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_routes(src, a, "R", out);
}
