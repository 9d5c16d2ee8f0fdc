/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show crypto ikev2 sa [detailed], session [detailed], stats.
 *
 * A session is what is left when an IKE SA is rekeyed: SAs of one session_id.  Its
 * children are the flows (ROW_FLOW) between the same two ends.
 */
#include <stdio.h>
#include <string.h>

#include "algs.h"
#include "show_ikev2.h"

typedef unsigned long long ull;

static int
by_session(const void *a, const void *b)
{
	const struct ipc_row_ikev2_sa *x = a, *y = b;

	if (x->session_id != y->session_id)
		return x->session_id < y->session_id ? -1 : 1;
	return (x->conn_id > y->conn_id) - (x->conn_id < y->conn_id);
}

static bool
is_negotiating(const struct ipc_row_ikev2_sa *sa)
{
	return sa->state == IPC_IKEV2_INIT || sa->state == IPC_IKEV2_AUTH;
}

static const char *
status_of(const struct ipc_row_ikev2_sa *sa)
{
	return is_negotiating(sa) ? "IN-NEG" : sa->state == IPC_IKEV2_READY ? "READY" : "DELETE";
}

static const char *
description_of(const struct ipc_row_ikev2_sa *sa)
{
	switch (sa->state) {
	case IPC_IKEV2_INIT:
		return sa->initiator ? "Initiator waiting for INIT response" :
		    "Responder waiting for AUTH message";
	case IPC_IKEV2_AUTH:
		return sa->initiator ? "Initiator waiting for AUTH response" :
		    "Responder waiting for AUTH message";
	case IPC_IKEV2_READY:
		return "Negotiation done";
	default:
		return "Deleting IKE SA";
	}
}

static const char *
auth_name(uint8_t auth)
{
	return auth == IPC_AUTH_PSK ? "PSK" : auth == IPC_AUTH_RSA ? "RSA" :
	    auth == IPC_AUTH_ECDSA ? "ECDSA" : auth == IPC_AUTH_EDDSA ? "EDDSA" : "Unknown - 0";
}

/* --- one SA --- */

static void
add_head(struct text *out, const struct ipc_row_ikev2_sa *sa)
{
	char local[ADDR_STRLEN + 8], remote[ADDR_STRLEN + 8];

	snprintf(local, sizeof(local), "%s/%u", ADDR_STR(&sa->local), sa->local_port);
	snprintf(remote, sizeof(remote), "%s/%u", ADDR_STR(&sa->remote), sa->remote_port);
	if (sa->local.family == ADDR_V6) {
		text_add(out, "Tunnel-id    fvrf/ivrf              Status \n");
		text_add(out, "%-11u%-22s%-7s\nLocal  %s\nRemote  %s\n", sa->conn_id, "none/none",
		    status_of(sa), local, remote);
		return;
	}
	text_add(out, "Tunnel-id Local                 Remote                fvrf/ivrf            "
	    "Status \n");
	text_add(out, "%-10u%-22s%-22s%-21s%-7s\n", sa->conn_id, local, remote, "none/none",
	    status_of(sa));
}

static void
add_algorithms(struct text *out, const struct ipc_row_ikev2_sa *sa)
{
	text_add(out, "      Encr: ");
	if (sa->cipher == CIPHER_NONE)
		text_add(out, "Unknown - 0, PRF: Unknown - 0, Hash: None");
	else if (sa->key_bits != 0)
		text_add(out, "%s, keysize: %u, PRF: %s, Hash: %s", ikev2_cipher_name(sa->cipher),
		    sa->key_bits, ikev2_prf_name(sa->prf), ikev2_integ_name(sa->integ));
	else
		text_add(out, "%s, PRF: %s, Hash: %s", ikev2_cipher_name(sa->cipher),
		    ikev2_prf_name(sa->prf), ikev2_integ_name(sa->integ));
	text_add(out, ", DH Grp:%u, Auth sign: %s, Auth verify: %s\n", sa->group,
	    auth_name(sa->auth_sign), auth_name(sa->auth_verify));
	text_add(out, "      Life/Active Time: %u/%u sec\n", sa->life_s, sa->active_s);
}

/* Two columns of numbers: ours and the peer's. */
static void
add_two(struct text *out, const char *what, uint32_t ours, uint32_t theirs)
{
	text_add(out, "      Local %-13s%-15uRemote %-13s%-10u\n", what, ours, what, theirs);
}

static void
add_more(struct text *out, const struct ipc_row_ikev2_sa *sa)
{
	text_add(out, "      CE id: 0, Session-id: %u\n", sa->session_id);
	text_add(out, "      Status Description: %s\n", description_of(sa));
	text_add(out, "      Local spi: %016llX       Remote spi: %016llX\n", (ull)sa->local_spi,
	    (ull)sa->remote_spi);
	text_add(out, "      Local id: %s\n      Remote id: %s\n", sa->local_id, sa->remote_id);
	add_two(out, "req msg id:", sa->local_asked, sa->remote_asked);
	add_two(out, "next msg id:", sa->local_msgid, sa->remote_msgid);
	add_two(out, "req queued:", sa->local_msgid + sa->local_queued, sa->remote_msgid);
	add_two(out, "window:", sa->local_window, sa->remote_window);
	text_add(out, "      DPD configured for %u seconds, retry %u\n", sa->dpd_s,
	    sa->dpd_retry_s);
	text_add(out, sa->fragmentation ? "      IETF Std Fragmentation  enabled.\n" :
	    "      Fragmentation not  configured.\n");
	text_add(out, "      Dynamic Route Update: disabled\n"
	    "      Extended Authentication not configured.\n      NAT-T is %s  \n",
	    sa->nat_local ? "detected inside" : sa->nat_remote ? "detected outside" :
	    "not detected");
	text_add(out, "      Cisco Trust Security SGT is disabled\n      Initiator of SA : %s\n",
	    sa->initiator ? "Yes" : "No");
}

static void
add_sa(struct text *out, const struct ipc_row_ikev2_sa *sa, bool detail)
{
	add_head(out, sa);
	add_algorithms(out, sa);
	if (detail)
		add_more(out, sa);
}

static bool
wanted(const struct show_args *a, const struct ipc_row_ikev2_sa *sa, int family)
{
	return sa->local.family == family && wanted_addr(a, &sa->remote) &&
	    (!addr_is_set(&a->local) || addr_eq(&a->local, &sa->local));
}

/* --- show crypto ikev2 sa --- */

static const char *
show_sas(struct show_source *src, const struct show_args *a, struct text *out, bool detail)
{
	static const struct {
		int family;
		const char *title;
	} tables[] = {
		{ADDR_V4, " IPv4 Crypto IKEv2  SA \n\n"}, {ADDR_V6, " IPv6 Crypto IKEv2  SA \n\n"},
	};
	struct rows rows;
	const char *why = rows_ask(&rows, src, IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA);
	const struct ipc_row_ikev2_sa *sa;

	rows_sort(&rows, by_session);
	for (size_t i = 0; why == NULL && i < 2; i++) {
		text_add(out, "%s", tables[i].title);
		ROWS_EACH(sa, &rows)
			if (wanted(a, sa, tables[i].family)) {
				add_sa(out, sa, detail);
				text_add(out, "\n");
			}
	}
	rows_free(&rows);
	return why;
}

const char *
show_crypto_ikev2_sa(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_sas(src, a, out, false);
}

const char *
show_crypto_ikev2_sa_detail(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_sas(src, a, out, true);
}

/* --- show crypto ikev2 session --- */

/* "10.1.0.0/0 - 10.1.255.255/65535": addresses and ports of a traffic selector. */
static void
add_range(struct text *out, const struct prefix *p, uint16_t port)
{
	struct prefix net = prefix_network(p);
	struct addr last = net.addr;
	unsigned int bit;

	for (bit = net.len; bit < 8 * addr_bytes(&last); bit++)
		last.b[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	text_add(out, "%s/%u - %s/%u", ADDR_STR(&net.addr), port, ADDR_STR(&last),
	    port == 0 ? 65535u : port);
}

static void
add_child(struct text *out, const struct ipc_row_flow *f, bool detail)
{
	text_add(out, "Child sa:\n          local selector       ->      remote selector\n          ");
	add_range(out, &f->ts_local, f->ts_local_port);
	text_add(out, "    ->    ");
	add_range(out, &f->ts_remote, f->ts_remote_port);
	text_add(out, "\n          ESP spi in/out: 0x%X/0x%X  \n", f->spi_in, f->spi_out);
	if (!detail)
		return;
	text_add(out, "          AH spi in/out: 0x0/0x0  \n          CPI in/out: 0x0/0x0  \n");
	text_add(out, "          Encr: %s, keysize: %u, esp_hmac: %s\n", ikev2_cipher_name(f->cipher),
	    f->key_bits, ikev2_integ_name(f->integ));
	text_add(out, "          ah_hmac: None, comp: IPCOMP_NONE, mode %s\n",
	    f->mode == MODE_TRANSPORT ? "transport" : "tunnel");
}

static bool
is_child(const struct ipc_row_ikev2_sa *sa, const struct ipc_row_flow *f)
{
	return f->spi_in != 0 && sa->children != 0 && addr_eq(&f->local, &sa->local) &&
	    addr_eq(&f->remote, &sa->remote) && f->remote_port == sa->remote_port;
}

/* The SAs of one session, from row i on; returns where the next begins. */
static size_t
add_session(struct text *out, const struct rows *sas, size_t i, const struct rows *flows,
    bool detail)
{
	const struct ipc_row_ikev2_sa *first = rows_at(sas, i), *sa;
	const struct ipc_row_flow *f;
	unsigned int children = 0;
	bool up = false;
	size_t end, k;

	for (end = i; (sa = rows_at(sas, end)) != NULL && sa->session_id == first->session_id; end++) {
		children += sa->children;
		up = up || sa->state == IPC_IKEV2_READY;
	}
	text_add(out, "Session-id:%u, Status:%s, IKE count:%zu, CHILD count:%u\n\n",
	    first->session_id, !up ? "DOWN-NEGOTIATING" : children != 0 ? "UP-ACTIVE" : "UP-IDLE",
	    end - i, children);
	for (k = i; k < end; k++) {
		sa = rows_at(sas, k);
		add_sa(out, sa, detail);
		ROWS_EACH(f, flows)
			if (is_child(sa, f))
				add_child(out, f, detail);
		text_add(out, "\n");
	}
	return end;
}

static const char *
show_sessions(struct show_source *src, const struct show_args *a, struct text *out, bool detail)
{
	static const struct {
		int family;
		const char *title;
	} tables[] = {
		{ADDR_V4, " IPv4 Crypto IKEv2 Session \n\n"},
		{ADDR_V6, " IPv6 Crypto IKEv2 Session \n\n"},
	};
	struct rows sas, flows = {0};
	const char *why = rows_ask(&sas, src, IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA);
	const struct ipc_row_ikev2_sa *sa;

	if (why == NULL)
		why = rows_ask(&flows, src, IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW);
	rows_sort(&sas, by_session);
	for (size_t t = 0; why == NULL && t < 2; t++) {
		text_add(out, "%s", tables[t].title);
		for (size_t i = 0; (sa = rows_at(&sas, i)) != NULL;)
			if (wanted(a, sa, tables[t].family))
				i = add_session(out, &sas, i, &flows, detail);
			else
				i++;
	}
	rows_free(&sas);
	rows_free(&flows);
	return why;
}

const char *
show_crypto_ikev2_session(struct show_source *src, const struct show_args *a, struct text *out)
{
	return show_sessions(src, a, out, false);
}

const char *
show_crypto_ikev2_session_detail(struct show_source *src, const struct show_args *a,
    struct text *out)
{
	return show_sessions(src, a, out, true);
}

/* --- show crypto ikev2 stats --- */

struct tally {
	unsigned int active, negotiating;
};

static void
add_tally(struct text *out, const char *way, const struct tally *t)
{
	text_add(out, "Total %s IKEv2 SA Count:    %-8u active:        %-8u negotiating: %-6u\n", way,
	    t->active + t->negotiating, t->active, t->negotiating);
}

/* Of what IOS counts, what iked knows; then what iked counts of IKEv2 besides. */
const char *
show_crypto_ikev2_stats(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char line[] = "--------------------------------------------------------------"
	    "------------------\n";
	struct rows sas, conf = {0}, counters = {0};
	const char *why = rows_ask(&sas, src, IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA);
	const struct ipc_ikev2_global *g;
	const struct ipc_row_ikev2_sa *sa;
	const struct ipc_row_counter *c;
	struct tally tally[2] = {{0}};

	(void)a;
	if (why == NULL)
		why = rows_ask(&conf, src, IPC_IKED, SHOW_IKEV2_CONF, IPC_MSG_ROW_IKEV2_GLOBAL);
	if (why == NULL)
		why = rows_ask(&counters, src, IPC_IKED, SHOW_COUNTERS, IPC_MSG_ROW_COUNTER);
	g = rows_at(&conf, 0);
	if (why == NULL && g != NULL) {
		text_add(out, "%s                          Crypto IKEv2 SA Statistics\n%s", line, line);
		text_add(out, "System Resource Limit:   0        Max IKEv2 SAs: %-8u "
		    "Max in nego(in/out): %u/%u\n", g->max_sas, g->max_negotiating,
		    g->max_negotiating_ours);
		ROWS_EACH(sa, &sas) {
			tally[sa->initiator != 0].active += !is_negotiating(sa);
			tally[sa->initiator != 0].negotiating += is_negotiating(sa);
		}
		add_tally(out, "incoming", &tally[0]);
		add_tally(out, "outgoing", &tally[1]);
		ROWS_EACH(c, &counters)
			if (strstr(c->name, "IKEv2") != NULL || strstr(c->name, "IKE_SA_INIT") != NULL)
				text_add(out, "%s: %llu\n", c->name, (ull)c->value);
	}
	rows_free(&sas);
	rows_free(&conf);
	rows_free(&counters);
	return why;
}
