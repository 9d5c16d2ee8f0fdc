/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

static int
order_u32(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int
prefix_order(const struct prefix *a, const struct prefix *b)
{
	int order = addr_cmp(&a->addr, &b->addr);

	return order != 0 ? order : (int)a->len - (int)b->len;
}

static int
by_flow(const void *a, const void *b)
{
	const struct ipc_row_flow *x = a, *y = b;
	int order = order_u32(x->peer_ref, y->peer_ref);

	if (order == 0)
		order = name_cmp(x->tunnel, y->tunnel);
	if (order == 0)
		order = prefix_order(&x->ts_remote, &y->ts_remote);
	if (order == 0)
		order = prefix_order(&x->ts_local, &y->ts_local);
	if (order == 0)
		order = (int)y->current - (int)x->current;
	return order != 0 ? order : order_u32(y->conn_id, x->conn_id);
}

void
flows_sort(struct rows *flows)
{
	rows_sort(flows, by_flow);
}

static int
by_ike(const void *a, const void *b)
{
	const struct ipc_row_ike_sa *x = a, *y = b;
	int order = order_u32(x->peer_ref, y->peer_ref);

	if (order == 0)
		order = addr_cmp(&x->remote, &y->remote);
	if (order == 0)
		order = (int)ike_is_up(y) - (int)ike_is_up(x);
	return order != 0 ? order : order_u32(y->conn_id, x->conn_id);
}

static int
by_spi(const void *a, const void *b)
{
	return order_u32(((const struct ipc_row_esp_sa *)a)->spi,
	    ((const struct ipc_row_esp_sa *)b)->spi);
}

static int
by_peer_ref(const void *a, const void *b)
{
	return order_u32(((const struct ipc_row_esp_peer *)a)->peer_ref,
	    ((const struct ipc_row_esp_peer *)b)->peer_ref);
}

static int
by_tunnel_and_remote(const void *a, const void *b)
{
	const struct session *x = a, *y = b;
	int order = name_cmp(x->tunnel, y->tunnel);

	if (order == 0)
		order = addr_cmp(&x->remote, &y->remote);
	return order != 0 ? order : order_u32(x->peer_ref, y->peer_ref);
}

const struct ipc_row_esp_sa *
pair_counters(const struct crypto_view *v, uint32_t spi)
{
	static const struct ipc_row_esp_sa none;
	struct ipc_row_esp_sa key = {.spi = spi};
	const struct ipc_row_esp_sa *found = NULL;

	if (v->pairs.count != 0)
		found = bsearch(&key, v->pairs.at, v->pairs.count, v->pairs.size, by_spi);
	return found != NULL ? found : &none;
}

const struct ipc_row_esp_peer *
peer_counters(const struct crypto_view *v, uint32_t peer_ref)
{
	static const struct ipc_row_esp_peer none;
	struct ipc_row_esp_peer key = {.peer_ref = peer_ref};
	const struct ipc_row_esp_peer *found = NULL;

	if (v->peers.count != 0)
		found = bsearch(&key, v->peers.at, v->peers.count, v->peers.size, by_peer_ref);
	return found != NULL ? found : &none;
}

/* --- IKEv2 SAs among the others --- */

static struct ipc_row_ike_sa
as_ike_sa(const struct ipc_row_ikev2_sa *sa, uint32_t peer_ref, const char *tunnel)
{
	struct ipc_row_ike_sa out = {
	    .conn_id = sa->conn_id, .session_id = sa->session_id, .version = 2, .peer_ref = peer_ref,
	    .local = sa->local, .remote = sa->remote,
	    .local_port = sa->local_port, .remote_port = sa->remote_port,
	    .state = sa->state == IPC_IKEV2_INIT || sa->state == IPC_IKEV2_AUTH ? IKE_MM_NO_STATE : IKE_QM_IDLE,
	    .deleted = sa->state == IPC_IKEV2_REKEYED || sa->state == IPC_IKEV2_DELETING,
	    .initiator = sa->initiator, .cipher = sa->cipher, .key_bits = sa->key_bits,
	    .hash = sa->prf, .group = sa->group,
	    .life_left_s = sa->life_s > sa->active_s ? sa->life_s - sa->active_s : 0,
	    .dpd = sa->dpd_s != 0, .natt = sa->nat_local || sa->nat_remote,
	};

	snprintf(out.identity, sizeof(out.identity), "%s", sa->remote_id);
	snprintf(out.tunnel, sizeof(out.tunnel), "%s", tunnel);
	return out;
}

static bool
has_ike(const struct rows *ikes, uint32_t peer_ref)
{
	const struct ipc_row_ike_sa *sa;

	ROWS_EACH(sa, ikes)
		if (sa->peer_ref == peer_ref)
			return true;
	return false;
}

static bool
same_ends(const struct ipc_row_ikev2_sa *sa, const struct ipc_row_flow *f)
{
	return addr_eq(&sa->local, &f->local) && addr_eq(&sa->remote, &f->remote) &&
	    sa->remote_port == f->remote_port;
}

/* A row for each peer that such an SA is for, or one for none. */
static void
add_ikev2(struct crypto_view *v)
{
	struct rows added = {.type = v->ikes.type, .size = v->ikes.size};
	const struct ipc_row_ikev2_sa *sa;
	const struct ipc_row_flow *f;
	struct ipc_row_ike_sa row, *last;
	bool used;

	ROWS_EACH(sa, &v->ikes2) {
		used = false;
		ROWS_EACH(f, &v->flows) {
			last = added.count == 0 ? NULL : rows_at(&added, added.count - 1);
			if (!same_ends(sa, f) || has_ike(&v->ikes, f->peer_ref) ||
			    (used && last->peer_ref == f->peer_ref))
				continue;
			row = as_ike_sa(sa, f->peer_ref, f->tunnel);
			rows_add(&added, &row);
			used = true;
		}
		row = as_ike_sa(sa, 0, sa->tunnel);
		if (!used)
			rows_add(&added, &row);
	}
	for (size_t i = 0; i < added.count; i++)
		rows_add(&v->ikes, rows_at(&added, i));
	rows_free(&added);
	rows_sort(&v->ikes, by_ike);
}

/* The IKEv2 SA that is first among those of the session. */
static const struct ipc_row_ikev2_sa *
ikev2_of(const struct crypto_view *v, const struct session *s)
{
	const struct ipc_row_ikev2_sa *sa;

	if (s->ike_count == 0 || s->ikes[0].version != 2)
		return NULL;
	ROWS_EACH(sa, &v->ikes2)
		if (sa->conn_id == s->ikes[0].conn_id)
			return sa;
	return NULL;
}

static const char *
ask_all(struct crypto_view *v, struct show_source *src, bool with_counters)
{
	const char *why = rows_ask(&v->ikes, src, IPC_IKED, SHOW_IKE_SA, IPC_MSG_ROW_IKE_SA);

	if (why == NULL)
		why = rows_ask(&v->flows, src, IPC_IKED, SHOW_FLOWS, IPC_MSG_ROW_FLOW);
	if (why == NULL)
		why = rows_ask(&v->ikes2, src, IPC_IKED, SHOW_IKEV2_SA, IPC_MSG_ROW_IKEV2_SA);
	if (why == NULL && with_counters)
		why = rows_ask(&v->pairs, src, IPC_ESPD, SHOW_ESP_SA, IPC_MSG_ROW_ESP_SA);
	if (why == NULL && with_counters)
		why = rows_ask(&v->peers, src, IPC_ESPD, SHOW_ESP_PEERS, IPC_MSG_ROW_ESP_PEER);
	rows_sort(&v->ikes, by_ike);
	flows_sort(&v->flows);
	add_ikev2(v);
	rows_sort(&v->pairs, by_spi);
	rows_sort(&v->peers, by_peer_ref);
	return why;
}

/* The next session of flows from row i on; returns where the one after it begins. */
static size_t
session_of_flows(const struct crypto_view *v, size_t i, struct session *s)
{
	const struct ipc_row_flow *f = rows_at(&v->flows, i), *g;

	*s = (struct session){.tunnel = f->tunnel, .local = f->local, .remote = f->remote,
	    .local_port = f->local_port, .remote_port = f->remote_port, .peer_ref = f->peer_ref,
	    .flows = f};
	while ((g = rows_at(&v->flows, i)) != NULL && g->peer_ref == f->peer_ref &&
	    strcmp(g->tunnel, f->tunnel) == 0)
		i++;
	s->flow_count = (size_t)((const struct ipc_row_flow *)rows_at(&v->flows, i - 1) - f) + 1;
	return i;
}

static size_t
session_of_ikes(const struct crypto_view *v, size_t i, struct session *s)
{
	const struct ipc_row_ike_sa *sa = rows_at(&v->ikes, i), *t;

	*s = (struct session){.tunnel = sa->tunnel, .local = sa->local, .remote = sa->remote,
	    .local_port = sa->local_port, .remote_port = sa->remote_port,
	    .peer_ref = sa->peer_ref, .ikes = sa};
	for (; (t = rows_at(&v->ikes, i)) != NULL && t->peer_ref == sa->peer_ref &&
	    addr_eq(&t->remote, &sa->remote); i++)
		s->ike_count++;
	return i;
}

/* Give the ISAKMP SAs to the session of flows that has their peer_ref. */
static bool
joined(struct session *sessions, size_t count, const struct session *ike)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (sessions[mid].peer_ref < ike->peer_ref)
			low = mid + 1;
		else
			high = mid;
	}
	if (ike->peer_ref == 0 || low == count || sessions[low].peer_ref != ike->peer_ref)
		return false;
	for (; low < count && sessions[low].peer_ref == ike->peer_ref; low++) {
		sessions[low].ikes = ike->ikes;
		sessions[low].ike_count = ike->ike_count;
	}
	return true;
}

/*
 * An ISAKMP SA names the peer it was begun for and serves every tunnel between its two ends:
 * the others borrow it.
 */
static void
borrow_ikes(struct session *sessions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct session *s = &sessions[i];

		if (s->ike_count != 0 || s->flows[0].ike_version == 2)
			continue;
		for (size_t j = 0; j < count && s->ike_count == 0; j++) {
			const struct session *lender = &sessions[j];

			if (lender->ike_count == 0 || lender->ikes[0].version != 1 ||
			    !addr_eq(&lender->local, &s->local) || !addr_eq(&lender->remote, &s->remote) ||
			    lender->remote_port != s->remote_port)
				continue;
			s->ikes = lender->ikes;
			s->ike_count = lender->ike_count;
		}
	}
}

const char *
crypto_view_open(struct crypto_view *v, struct show_source *src, bool with_counters)
{
	const char *why;
	struct session ike;
	size_t flows;

	*v = (struct crypto_view){0};
	why = ask_all(v, src, with_counters);
	if (why != NULL)
		return why;
	v->sessions = calloc(v->flows.count + v->ikes.count + 1, sizeof(v->sessions[0]));
	if (v->sessions == NULL)
		log_fatal("out of memory for the sessions of a show command");
	for (size_t i = 0; i < v->flows.count;)
		i = session_of_flows(v, i, &v->sessions[v->count++]);
	flows = v->count;
	for (size_t i = 0; i < v->ikes.count;) {
		i = session_of_ikes(v, i, &ike);
		if (!joined(v->sessions, flows, &ike))
			v->sessions[v->count++] = ike;
	}
	borrow_ikes(v->sessions, flows);
	for (size_t i = 0; i < v->count; i++)
		v->sessions[i].ikev2 = ikev2_of(v, &v->sessions[i]);
	qsort(v->sessions, v->count, sizeof(v->sessions[0]), by_tunnel_and_remote);
	return NULL;
}

void
crypto_view_close(struct crypto_view *v)
{
	rows_free(&v->flows);
	rows_free(&v->ikes);
	rows_free(&v->ikes2);
	rows_free(&v->pairs);
	rows_free(&v->peers);
	free(v->sessions);
	*v = (struct crypto_view){0};
}

bool
flow_is_of_map(const struct ipc_row_flow *f)
{
	return f != NULL && strchr(f->protection, ' ') != NULL;	/* "MAP SEQ LINE@NIC" */
}

bool
flow_is_shared(const struct ipc_row_flow *f)
{
	return !flow_is_of_map(f) && strchr(f->protection, '@') != NULL;	/* "PROFILE@ADDRESS" */
}

char *
tunnel_map_name(const char *tunnel, const char *shared_profile, char buf[MAP_STRLEN])
{
	if (shared_profile[0] != '\0')
		snprintf(buf, MAP_STRLEN, "%.48s-head-1", shared_profile);
	else
		snprintf(buf, MAP_STRLEN, "%.32s-head-0", tunnel);
	return buf;
}

char *
flow_map(const struct ipc_row_flow *f, char buf[MAP_STRLEN])
{
	if (!flow_is_of_map(f))
		return tunnel_map_name(f->tunnel, flow_is_shared(f) ? f->profile : "", buf);
	snprintf(buf, MAP_STRLEN, "%.*s", (int)strcspn(f->protection, " "), f->protection);
	return buf;
}

size_t
session_group(const struct crypto_view *v, size_t i, struct session *head)
{
	const struct session *s = &v->sessions[i++];

	*head = *s;
	for (; i < v->count && flow_is_of_map(head->flows) && flow_is_of_map(v->sessions[i].flows); i++) {
		s = &v->sessions[i];
		if (strcmp(s->tunnel, head->tunnel) != 0 || !addr_eq(&s->remote, &head->remote) ||
		    s->remote_port != head->remote_port)
			break;
		if (head->ike_count == 0) {
			head->ikes = s->ikes;
			head->ike_count = s->ike_count;
		}
		if (!session_has_sas(head)) {
			head->flows = s->flows;
			head->flow_count = s->flow_count;
		}
	}
	return i;
}

size_t
pairs_of_flow(const struct ipc_row_flow *f, size_t left)
{
	size_t n = 1;

	while (n < left && f[n].peer_ref == f->peer_ref && prefix_eq(&f[n].ts_local, &f->ts_local) &&
	    prefix_eq(&f[n].ts_remote, &f->ts_remote) && f[n].ts_proto == f->ts_proto)
		n++;
	return n;
}

uint64_t
kilobytes_left(const struct ipc_row_flow *f, uint64_t bytes)
{
	return f->life_kb > bytes / 1024 ? f->life_kb - bytes / 1024 : 0;
}

bool
ike_is_up(const struct ipc_row_ike_sa *sa)
{
	return sa->state == IKE_QM_IDLE && !sa->deleted;
}

bool
session_has_sas(const struct session *s)
{
	for (size_t i = 0; i < s->flow_count; i++)
		if (s->flows[i].spi_in != 0)
			return true;
	return false;
}

static bool
session_is_negotiating(const struct session *s)
{
	for (size_t i = 0; i < s->ike_count; i++)
		if (!s->ikes[i].deleted)
			return true;
	for (size_t i = 0; i < s->flow_count; i++)
		if (s->flows[i].state == PEER_IKE || s->flows[i].state == PEER_IPSEC)
			return true;
	return false;
}

const char *
session_status(const struct session *s)
{
	bool ike = s->ike_count != 0 && ike_is_up(&s->ikes[0]);

	if (session_has_sas(s))
		return ike ? "UP-ACTIVE" : "UP-NO-IKE";
	if (ike)
		return "UP-IDLE";
	return session_is_negotiating(s) ? "DOWN-NEGOTIATING" : "DOWN";
}

const char *
session_identity(const struct session *s)
{
	for (size_t i = 0; i < s->ike_count; i++)
		if (s->ikes[i].identity[0] != '\0')
			return s->ikes[i].identity;
	return "(none)";
}
