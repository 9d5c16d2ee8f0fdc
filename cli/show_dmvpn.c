/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show dmvpn [detail]: NHRP's cache by tunnel and NBMA address, and how far the
 * way to each peer is (IKE, IPSEC, NHRP, UP); detail adds the crypto sessions.
 */
#include <stdio.h>
#include <string.h>

#include "algs.h"
#include "show_crypto.h"

static const char legend[] =
    "Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete\n"
    "\tN - NATed, L - Local, X - No Socket\n"
    "\tT1 - Route Installed, T2 - Nexthop-override, B - BGP\n"
    "\tC - CTS Capable, I2 - Temporary\n"
    "\t# Ent --> Number of NHRP entries with same NBMA peer\n"
    "\tNHS Status: E --> Expecting Replies, R --> Responding, W --> Waiting\n"
    "\tUpDn Time --> Up or Down Time for a Tunnel\n"
    "==========================================================================\n";

struct nhrp_view {
	struct rows entries, ifs, nhss;
	struct rows tunnels;		/* control's, for details */
};

static int
by_tunnel_and_nbma(const void *a, const void *b)
{
	const struct ipc_row_nhrp *x = a, *y = b;
	int order = name_cmp(x->name, y->name);

	if (order == 0)
		order = addr_cmp(&x->nbma, &y->nbma);
	if (order == 0)
		order = addr_cmp(&x->address.addr, &y->address.addr);
	return order != 0 ? order : (int)x->address.len - (int)y->address.len;
}

static int
if_by_name(const void *a, const void *b)
{
	return name_cmp(((const struct ipc_row_nhrp_if *)a)->name,
	    ((const struct ipc_row_nhrp_if *)b)->name);
}

/* Of a target network, or of what has this NBMA address. */
static bool
wanted_peer(const struct show_args *a, const struct ipc_row_nhrp *e)
{
	struct prefix net = {.addr = a->addr, .len = a->mask_len};

	return a->has_mask ? prefix_eq(&e->address, &net) : wanted_addr(a, &e->nbma);
}

/* Drop the entries that this command does not list. */
static void
keep_wanted(struct rows *entries, const struct show_args *a, bool detail)
{
	struct ipc_row_nhrp *to = rows_at(entries, 0);
	const struct ipc_row_nhrp *e;
	size_t kept = 0;

	ROWS_EACH(e, entries)
		if (wanted_name(a, e->name) && wanted_peer(a, e) &&
		    (!addr_is_set(&a->local) || addr_eq(&a->local, &e->address.addr)) &&
		    (a->nhrp_type == 0 || a->nhrp_type == e->type) &&
		    (detail || e->type != NHRP_LOCAL))
			to[kept++] = *e;
	entries->count = kept;
}

static const char *
nhrp_view_open(struct nhrp_view *v, struct show_source *src, const struct show_args *a,
    bool detail)
{
	const char *why;

	*v = (struct nhrp_view){0};
	why = rows_ask(&v->entries, src, IPC_NHRPD, SHOW_NHRP, IPC_MSG_ROW_NHRP);
	if (why == NULL)
		why = rows_ask(&v->ifs, src, IPC_NHRPD, SHOW_NHRP_IF, IPC_MSG_ROW_NHRP_IF);
	if (why == NULL)
		why = rows_ask(&v->nhss, src, IPC_NHRPD, SHOW_NHS, IPC_MSG_ROW_NHS);
	if (why == NULL && detail)
		why = rows_ask(&v->tunnels, src, IPC_CONTROL, SHOW_INTERFACES, IPC_MSG_ROW_INTERFACE);
	keep_wanted(&v->entries, a, detail);
	rows_sort(&v->entries, by_tunnel_and_nbma);
	rows_sort(&v->ifs, if_by_name);
	return why;
}

static void
nhrp_view_close(struct nhrp_view *v)
{
	rows_free(&v->entries);
	rows_free(&v->ifs);
	rows_free(&v->nhss);
	rows_free(&v->tunnels);
}

/* An NHS that has not answered yet: its entry is configured, not confirmed. */
static bool
is_silent_nhs(const struct nhrp_view *v, const struct ipc_row_nhrp *e)
{
	const struct ipc_row_nhs *s;

	ROWS_EACH(s, &v->nhss)
		if (strcmp(s->name, e->name) == 0 && addr_eq(&s->nhs, &e->address.addr))
			return s->state != NHS_SHOWN_RESPONDING;
	return false;
}

/* Nobody told where it is: there is nothing that IKE could be asked for. */
static bool
is_unknown(const struct ipc_row_nhrp *e)
{
	return e->type == NHRP_INCOMPLETE && !addr_is_set(&e->nbma);
}

static const char *
state_of(const struct nhrp_view *v, const struct ipc_row_nhrp_if *i, const struct ipc_row_nhrp *e)
{
	if (is_unknown(e))
		return "NHRP";
	if (i->protection[0] != '\0' && e->type != NHRP_LOCAL && e->peer_state <= PEER_IKE)
		return "IKE";
	if (i->protection[0] != '\0' && e->peer_state == PEER_IPSEC)
		return "IPSEC";
	if (e->type == NHRP_INCOMPLETE || is_silent_nhs(v, e))
		return "NHRP";
	return "UP";
}

/* Age of the state; in clear nobody tells when it began but the entry itself. */
static uint64_t
state_since(const struct ipc_row_nhrp *e, const char *state)
{
	return e->peer_since_us == 0 && strcmp(state, "UP") == 0 ? e->created_us :
	    e->peer_since_us;
}

static void
attributes_of(const struct ipc_row_nhrp *e, char buf[12])
{
	static const char types[] = {
		[NHRP_INCOMPLETE] = 'I', [NHRP_STATIC] = 'S', [NHRP_DYNAMIC] = 'D',
		[NHRP_LOCAL] = 'D',
	};
	unsigned int flags = e->flags;

	snprintf(buf, 12, "%c%s%s%s%s", e->type <= NHRP_LOCAL && e->type != 0 ? types[e->type] : 'D',
	    (flags & NHRP_FLAG_NAT) != 0 || addr_is_set(&e->claimed) ? "N" : "",
	    e->type == NHRP_LOCAL || (flags & NHRP_FLAG_LOCAL) != 0 ? "L" : "",
	    (flags & NHRP_FLAG_NO_SOCKET) != 0 || is_unknown(e) ? "X" : "",
	    (flags & NHRP_FLAG_NHO) != 0 ? "T2" : (flags & NHRP_FLAG_RIB) != 0 ? "T1" : "");
}

static const char *
nbma_str(const struct ipc_row_nhrp *e, char buf[ADDR_STRLEN])
{
	return addr_is_set(&e->nbma) ? addr_str(&e->nbma, buf) : "UNKNOWN";
}

static const char *
role_of(const struct ipc_row_nhrp_if *i)
{
	if (i->is_hub && i->is_spoke)
		return "Hub/Spoke";
	return i->is_hub ? "Hub" : i->is_spoke ? "Spoke" : "Unknown";
}

/* Entries of one tunnel: rows [first, end), in `peers` groups of one NBMA address. */
struct table {
	const struct nhrp_view *v;
	const struct ipc_row_nhrp_if *nhrp_if;
	size_t first, end;
	unsigned int peers;
};

static struct table
table_at(const struct nhrp_view *v, const struct ipc_row_nhrp_if *i, size_t first)
{
	struct table t = {.v = v, .nhrp_if = i, .first = first, .end = first};
	const struct ipc_row_nhrp *e, *last = NULL;

	for (; (e = rows_at(&v->entries, t.end)) != NULL && name_cmp(e->name, i->name) <= 0;
	    t.end++) {
		if (name_cmp(e->name, i->name) < 0) {	/* of an interface that is gone */
			t.first = t.end + 1;
			continue;
		}
		if (last == NULL || !addr_eq(&last->nbma, &e->nbma))
			t.peers++;
		last = e;
	}
	return t;
}

static unsigned int
entries_of_nbma(const struct table *t, size_t at)
{
	const struct ipc_row_nhrp *e = rows_at(&t->v->entries, at), *f;
	unsigned int n = 0;

	for (; at + n < t->end; n++) {
		f = rows_at(&t->v->entries, at + n);
		if (!addr_eq(&e->nbma, &f->nbma))
			break;
	}
	return n;
}

static void
add_entry(struct show_source *src, struct text *out, const struct table *t,
    const struct ipc_row_nhrp *e, unsigned int ent, bool detail)
{
	const char *state = state_of(t->v, t->nhrp_if, e);
	char count[12] = "", nbma[ADDR_STRLEN], age[UPTIME_STRLEN], attributes[12];
	const char *shown = ent != 0 || detail ? nbma_str(e, nbma) : "";

	if (ent != 0)
		snprintf(count, sizeof(count), "%u", ent);
	text_add(out, "%*s %-15s", detail ? 5 : 6, count, shown);
	if (strlen(shown) > 15)		/* an IPv6 NBMA address has a line of its own */
		text_add(out, "\n%*s %-15s", detail ? 5 : 6, "", "");
	attributes_of(e, attributes);
	text_add(out, " %15s %5s %8s %5s",
	    ADDR_STR(addr_is_set(&e->next_hop) ? &e->next_hop : &e->address.addr), state,
	    age_str(src, state_since(e, state), age), attributes);
	if (detail)
		text_add(out, " %18s", PREFIX_STR(&e->address));
	text_add(out, "\n");
}

static void
add_entries(struct show_source *src, struct text *out, const struct table *t, bool detail)
{
	unsigned int n;

	for (size_t i = t->first; i < t->end; i += n) {
		n = entries_of_nbma(t, i);
		for (size_t j = 0; j < n; j++)
			add_entry(src, out, t, rows_at(&t->v->entries, i + j), j == 0 ? n : 0, detail);
	}
}

const char *
show_dmvpn(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct nhrp_view v;
	const char *why = nhrp_view_open(&v, src, a, false);
	const struct ipc_row_nhrp_if *i;
	struct table t = {0};

	if (why == NULL)
		text_add(out, "%s", legend);
	ROWS_EACH(i, &v.ifs) {
		t = table_at(&v, i, t.end);
		if (t.peers == 0)
			continue;
		text_add(out, "\nInterface: %s, IPv4 NHRP Details \nType:%s, NHRP Peers:%u, \n\n",
		    i->name, role_of(i), t.peers);
		text_add(out, " # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb\n"
		    " ----- --------------- --------------- ----- -------- -----\n");
		add_entries(src, out, &t, false);
	}
	nhrp_view_close(&v);
	return why;
}

static void
add_nhs(struct text *out, const struct nhrp_view *v, const struct ipc_row_nhrp_if *i)
{
	const struct ipc_row_nhs *s;
	bool any = false;

	ROWS_EACH(s, &v->nhss) {
		if (strcmp(s->name, i->name) != 0)
			continue;
		text_add(out, "%s%s %3s priority = %u cluster = %u\n", any ? "" : "\nIPv4 NHS:\n",
		    ADDR_STR(&s->nhs), s->state == NHS_SHOWN_RESPONDING ? "RE" :
		    s->state == NHS_SHOWN_EXPECTING ? "E" : "W", s->priority, s->cluster);
		any = true;
	}
}

static const char *
profile_of(const struct nhrp_view *v, const char *tunnel)
{
	const struct ipc_row_interface *t;

	ROWS_EACH(t, &v->tunnels)
		if (strcmp(t->name, tunnel) == 0)
			return t->profile;
	return "";
}

static void
add_head(struct text *out, const struct nhrp_view *v, const struct ipc_row_nhrp_if *i)
{
	bool mgre = i->kind == TUNNEL_MGRE;

	text_add(out, "\nInterface %s is %s/%s, Addr. is %s, VRF \"\" \n", i->name,
	    i->up ? "up" : "down", i->up ? "up" : "down", ADDR_STR(&i->address.addr));
	text_add(out, "   Tunnel Src./Dest. addr: %s/%s, Tunnel VRF \"\"\n", ADDR_STR(&i->local),
	    mgre ? "Multipoint" : ADDR_STR(&i->remote));
	text_add(out, "   Protocol/Transport: \"%s\", Protect \"%s\" \n",
	    mgre ? "multi-GRE/IP" : "GRE/IP", profile_of(v, i->name));
	text_add(out, "   Interface State Control: Disabled\n   nhrp event-publisher : Disabled\n");
	add_nhs(out, v, i);
}

static void
add_session(struct text *out, const struct crypto_view *v, const struct session *s)
{
	char transform[TRANSFORM_STRLEN];
	struct esp_transform t;

	text_add(out, "\nInterface: %s\nSession: [0x%08X]\n", s->tunnel, s->peer_ref);
	add_session_ike(out, s, true);
	text_add(out, "  Crypto Session Status: %-14s\n  fvrf: (none),\tPhase1_id: %s\n",
	    session_status(s), session_identity(s));
	add_session_flows(out, v, s, true);
	if (!session_has_sas(s))
		return;
	t = (struct esp_transform){s->flows[0].cipher, s->flows[0].key_bits, s->flows[0].integ};
	text_add(out, "   Outbound SPI : 0x%8X, transform : %s \n    Socket State: Open\n",
	    s->flows[0].spi_out, esp_transform_show_str(&t, transform));
}

/* Of all peers, or of those whose entries are listed. */
static bool
is_listed(const struct nhrp_view *v, const struct show_args *a, const struct addr *nbma)
{
	const struct ipc_row_nhrp *e;

	if (!addr_is_set(&a->local) && a->nhrp_type == 0 && !a->has_mask)
		return wanted_addr(a, nbma);
	ROWS_EACH(e, &v->entries)
		if (addr_eq(&e->nbma, nbma))
			return true;
	return false;
}

static void
add_sessions(struct text *out, const struct nhrp_view *v, const struct crypto_view *crypto,
    const struct show_args *a)
{
	const struct ipc_row_nhrp_if *i;

	text_add(out, "\n\nCrypto Session Details: \n----------------------------------------"
	    "----------------------------------------\n");
	ROWS_EACH(i, &v->ifs)
		for (size_t j = 0; wanted_name(a, i->name) && j < crypto->count; j++)
			if (strcmp(crypto->sessions[j].tunnel, i->name) == 0 &&
			    is_listed(v, a, &crypto->sessions[j].remote))
				add_session(out, crypto, &crypto->sessions[j]);
	text_add(out, "\nPending DMVPN Sessions:\n\n");
}

static void
add_detail(struct show_source *src, struct text *out, const struct nhrp_view *v,
    const struct show_args *a)
{
	const struct ipc_row_nhrp_if *i;
	struct table t = {0};

	text_add(out, "%s", legend);
	ROWS_EACH(i, &v->ifs) {
		t = table_at(v, i, t.end);
		if (!wanted_name(a, i->name))
			continue;
		add_head(out, v, i);
		text_add(out, "Type:%s, Total NBMA Peers (v4/v6): %u\n\n", role_of(i), t.peers);
		text_add(out,
		    "# Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb    Target Network\n"
		    "----- --------------- --------------- ----- -------- ----- -----------------\n");
		add_entries(src, out, &t, true);
	}
}

const char *
show_dmvpn_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct crypto_view crypto = {0};
	struct nhrp_view v;
	const char *why = nhrp_view_open(&v, src, a, true);

	if (why == NULL)
		why = crypto_view_open(&crypto, src, true);
	if (why == NULL) {
		add_detail(src, out, &v, a);
		add_sessions(out, &v, &crypto, a);
	}
	crypto_view_close(&crypto);
	nhrp_view_close(&v);
	return why;
}
