/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show crypto session [brief | detail]. */
#include <string.h>

#include "show_crypto.h"

typedef unsigned long long ull;

static void
add_capabilities(struct text *out, const struct ipc_row_ike_sa *sa)
{
	bool up = ike_is_up(sa);

	text_add(out, "          Capabilities:%s%s%s connid:%u lifetime:%s\n",
	    sa->dpd ? "D" : "", sa->natt ? "N" : "", sa->dpd || sa->natt ? "" : "(none)",
	    sa->conn_id, up ? hms_str(sa->life_left_s, (char[UPTIME_STRLEN]){0}) : "0");
}

static void
add_profile(struct text *out, const struct session *s)
{
	if (s->ikev2 != NULL && s->ikev2->profile[0] != '\0')
		text_add(out, "Profile: %s\n", s->ikev2->profile);
}

void
add_session_ike(struct text *out, const struct session *s, bool detail)
{
	bool v2 = s->flow_count > 0 && s->flows[0].ike_version == 2;
	struct ipc_row_ike_sa none = {.version = v2 ? 2 : 1, .local = s->local, .remote = s->remote,
	    .local_port = s->local_port, .remote_port = s->remote_port, .deleted = 1};

	for (size_t i = 0; i < s->ike_count || i == 0; i++) {
		const struct ipc_row_ike_sa *sa = s->ike_count == 0 ? &none : &s->ikes[i];

		text_add(out, "  Session ID: %u  \n", sa->session_id);
		text_add(out, "  IKEv%u SA: local %s/%u remote %s/%u %s \n", sa->version,
		    ADDR_STR(&sa->local), sa->local_port, ADDR_STR(&sa->remote), sa->remote_port,
		    ike_is_up(sa) ? "Active" : "Inactive");
		if (detail)
			add_capabilities(out, sa);
	}
}

/* One flow's counters and what is left of the pair in use. */
static void
add_flow_detail(struct text *out, const struct crypto_view *v, const struct ipc_row_flow *f)
{
	const struct ipc_row_esp_peer *peer = peer_counters(v, f->peer_ref);
	const struct ipc_row_esp_sa *pair = pair_counters(v, f->spi_in);
	const struct {
		const char *head;
		uint64_t packets, drops, bytes;
	} ways[] = {
		{"        Inbound:  #pkts dec'ed", peer->decaps, peer->in_errors, pair->in_bytes},
		{"        Outbound: #pkts enc'ed", peer->encaps, peer->out_errors, pair->out_bytes},
	};

	for (size_t i = 0; i < 2; i++) {
		text_add(out, "%s %llu drop %llu life (KB/Sec) ", ways[i].head, (ull)ways[i].packets,
		    (ull)ways[i].drops);
		if (f->spi_in == 0)
			text_add(out, "0/0\n");
		else if (f->life_kb == 0)
			text_add(out, "KB Vol Rekey Disabled/%u\n", f->life_left_s);
		else
			text_add(out, "%llu/%u\n", (ull)kilobytes_left(f, ways[i].bytes),
			    f->life_left_s);
	}
}

/* One side of a flow: a host by its word, a network by its mask. */
static void
add_side(struct text *out, const struct prefix *p, uint16_t port)
{
	if (p->len == 8 * addr_bytes(&p->addr))
		text_add(out, "host %s ", ADDR_STR(&p->addr));
	else
		text_add(out, "%s ", masked_str(p, (char[MASKED_STRLEN]){0}));
	if (port != 0)
		text_add(out, "port %u ", port);
}

static void
add_flow(struct text *out, const struct ipc_row_flow *f)
{
	if (f->ts_proto != 0)
		text_add(out, "  IPSEC FLOW: permit %u ", f->ts_proto);
	else
		text_add(out, "  IPSEC FLOW: permit %s ",
		    f->ts_local.addr.family == ADDR_V6 ? "ipv6" : "ip");
	add_side(out, &f->ts_local, f->ts_local_port);
	add_side(out, &f->ts_remote, f->ts_remote_port);
	text_add(out, "\n");
}

void
add_session_flows(struct text *out, const struct crypto_view *v, const struct session *s,
    bool detail)
{
	for (size_t i = 0, n; i < s->flow_count; i += n) {
		const struct ipc_row_flow *f = &s->flows[i];
		unsigned int sas = 0;

		n = pairs_of_flow(f, s->flow_count - i);
		for (size_t j = 0; j < n; j++)
			sas += f[j].spi_in != 0 ? 2 : 0;
		add_flow(out, f);
		text_add(out, "        Active SAs: %u, origin: crypto map\n", sas);
		if (detail)
			add_flow_detail(out, v, f);
	}
}

static uint64_t
session_since(const struct session *s)
{
	return session_has_sas(s) ? s->flows[0].since_us : 0;
}

/* The flows of all sessions of a group. */
static void
add_group_flows(struct text *out, const struct crypto_view *v, size_t from, size_t to, bool detail)
{
	for (; from < to; from++)
		add_session_flows(out, v, &v->sessions[from], detail);
}

static void
add_session_detail(struct show_source *src, struct text *out, const struct crypto_view *v,
    const struct session *s, size_t from, size_t to)
{
	static const char desc[] = "      Desc: (none)\n";
	bool up = session_has_sas(s);

	text_add(out, "\nInterface: %s\n", s->tunnel);
	add_profile(out, s);
	if (session_since(s) != 0)
		text_add(out, "Uptime: %s\n",
		    age_str(src, session_since(s), (char[UPTIME_STRLEN]){0}));
	text_add(out, "Session status: %-14s\n", session_status(s));
	text_add(out, "Peer: %s port %u fvrf: (none) ivrf: (none)\n", ADDR_STR(&s->remote),
	    s->remote_port);
	text_add(out, "%s      Phase1_id: %s\n%s", up ? "" : desc, session_identity(s),
	    up ? desc : "");
	add_session_ike(out, s, true);
	add_group_flows(out, v, from, to, true);
}

static bool
wanted(const struct show_args *a, const struct session *s)
{
	return wanted_name(a, s->tunnel) && wanted_addr(a, &s->remote) &&
	    (!addr_is_set(&a->local) || addr_eq(&a->local, &s->local)) &&
	    (a->port == 0 || a->port == s->remote_port) &&
	    (a->local_port == 0 || a->local_port == s->local_port);
}

const char *
show_crypto_session(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, false);

	if (why == NULL)
		text_add(out, "Crypto session current status\n");
	for (size_t i = 0, next; i < v.count; i = next) {
		struct session s;

		next = session_group(&v, i, &s);
		if (!wanted(a, &s))
			continue;
		text_add(out, "\nInterface: %s\n", s.tunnel);
		add_profile(out, &s);
		text_add(out, "Session status: %-14s\nPeer: %s port %u \n", session_status(&s),
		    ADDR_STR(&s.remote), s.remote_port);
		add_session_ike(out, &s, false);
		add_group_flows(out, &v, i, next, false);
	}
	crypto_view_close(&v);
	return why;
}

const char *
show_crypto_session_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, true);

	if (why == NULL)
		text_add(out, "Crypto session current status\n\n"
		    "Code: C - IKE Configuration mode, D - Dead Peer Detection     \n"
		    "K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     \n"
		    "X - IKE Extended Authentication, F - IKE Fragmentation\n"
		    "R - IKE Auto Reconnect, U - IKE Dynamic Route Update\n"
		    "S - SIP VPN\n");
	for (size_t i = 0, next; i < v.count; i = next) {
		struct session s;

		next = session_group(&v, i, &s);
		if (wanted(a, &s))
			add_session_detail(src, out, &v, &s, i, next);
	}
	crypto_view_close(&v);
	return why;
}

static const char *
status_letters(const char *status)
{
	static const char *const table[][2] = {
		{"UP-ACTIVE", "UA"}, {"UP-IDLE", "UI"}, {"UP-NO-IKE", "UK"},
		{"DOWN-NEGOTIATING", "DN"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i][0], status) == 0)
			return table[i][1];
	return "D";
}

const char *
show_crypto_session_brief(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char form[] = "%-15s %-12s %-15s %-24s %-8s %s\n";
	struct crypto_view v;
	const char *why = crypto_view_open(&v, src, false);

	if (why == NULL) {
		text_add(out, "Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, "
		    "N - Negotiating \n        K - No IKE\nivrf = (none)\n");
		text_add(out, form, "Peer", "I/F", "Username", "Group/Phase1_id", "Uptime", "Status");
	}
	for (size_t i = 0, next; i < v.count; i = next) {
		char name[IFACE_NAME_MAX], age[UPTIME_STRLEN];
		struct session s;
		uint64_t since;

		next = session_group(&v, i, &s);
		since = session_since(&s);
		if (wanted(a, &s))
			text_add(out, form, ADDR_STR(&s.remote), short_name(s.tunnel, name), "",
			    session_identity(&s), since == 0 ? "" : age_str(src, since, age),
			    status_letters(session_status(&s)));
	}
	crypto_view_close(&v);
	return why;
}
