/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show.h"

#include <string.h>

#include "cmap_ctl.h"
#include "esp.h"
#include "log.h"
#include "protect.h"

struct asking {
	struct espd *e;
	struct ipc_conn *c;
	const struct ipc_msg *m;
	const struct ipc_show *q;
};

static bool
full(const struct asking *a)
{
	return ipc_queued(a->c) > IPC_SHOW_BYTES;
}

/* Each of these starts at q->cursor and returns where to go on, 0 at the end. */

static void
row_sa(const struct asking *a, const struct sa *sa)
{
	const struct sa_kept *k = sa->kept;
	struct ipc_row_esp_sa r = {.spi = sa->spi, .peer_spi = sa->peer_spi,
	    .peer_ref = sa->peer->ref, .stage = k->sa.stage, .cipher = k->sa.cipher,
	    .worker = sa->worker, .backend = esp_key_backend(sa->in),
	    .out_packets = stat_get(&k->out_packets), .out_bytes = stat_get(&k->out_bytes),
	    .in_packets = stat_get(&k->in_packets), .in_bytes = stat_get(&k->in_bytes),
	    .in_replay = stat_get(&k->in_replay), .in_bad_tag = stat_get(&k->in_bad_tag),
	    .in_other = stat_get(&k->in_other), .out_errors = stat_get(&k->out_errors),
	    .out_seq = stat_get(&k->out_seq), .in_seq = stat_get(&k->in_seq),
	    .last_in_us = (uint64_t)stat_get(&k->last_in_us),
	    .last_out_us = (uint64_t)stat_get(&k->last_out_us)};

	ipc_reply(a->c, a->m, IPC_MSG_ROW_ESP_SA, &r);
}

static uint64_t
esp_sas(const struct asking *a)
{
	const struct sadb *db = &a->e->tables.sadb;
	uint32_t i;

	for (i = (uint32_t)a->q->cursor; i < SPI_SLOTS; i++) {
		const struct sa *sa = db->slot[i];

		if (sa == NULL || sa->larval || (addr_is_set(&a->q->address) &&
		    !addr_eq(&a->q->address, &sa->peer->path->remote)))
			continue;
		if (full(a))
			return i;
		row_sa(a, sa);
	}
	return 0;
}

static void
row_peer(const struct asking *a, const struct peer *p)
{
	struct ipc_row_esp_peer r = {.peer_ref = p->ref, .local = p->path->local,
	    .remote = p->path->remote, .path_mtu = p->pmtu.mtu, .encaps = stat_get(&p->encaps),
	    .decaps = stat_get(&p->decaps), .in_errors = stat_get(&p->in_errors),
	    .out_errors = stat_get(&p->out_errors), .in_replay = stat_get(&p->in_replay),
	    .in_bad_tag = stat_get(&p->in_bad_tag)};

	if (p->out != NULL && p->pmtu.mtu != 0)
		r.plain_mtu = (uint16_t)protect_room(p, ESP_NEXT_IPV4, p->pmtu.mtu);
	ipc_reply(a->c, a->m, IPC_MSG_ROW_ESP_PEER, &r);
}

static uint64_t
esp_peers(const struct asking *a)
{
	const struct rtable *t = &a->e->tables.peers.by_ref;
	const struct rnode *n;
	const struct peer *p;
	uint32_t i;

	for (i = (uint32_t)a->q->cursor; i <= t->mask; i++) {
		if (t->bucket[i] != NULL && full(a))
			return i;
		for (n = t->bucket[i]; n != NULL; n = n->next) {
			p = container_of(n, struct peer, by_ref);
			if (!addr_is_set(&a->q->address) || addr_eq(&a->q->address, &p->path->remote))
				row_peer(a, p);
		}
	}
	return 0;
}

static void
sum_drops(const struct espd *e, struct counters *sum)
{
	const struct counters *c;
	unsigned int i;
	uint16_t why;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < e->tables.workers; i++) {
		c = &e->tables.worker[i].counters;
		for (why = 0; why < DROP_COUNT; why++) {
			sum->drop[why].packets += stat_get(&c->drop[why].packets);
			sum->drop[why].octets += stat_get(&c->drop[why].octets);
		}
	}
}

static uint64_t
drops(const struct asking *a)
{
	const struct counters *own = &a->e->counters, *was = &a->e->cleared;
	struct counters sum;
	struct ipc_row_drop r;
	uint16_t i;

	sum_drops(a->e, &sum);
	for (i = 0; i < DROP_COUNT; i++) {
		r.drop = i;
		r.packets = sum.drop[i].packets - was->drop[i].packets + own->drop[i].packets;
		r.octets = sum.drop[i].octets - was->drop[i].octets + own->drop[i].octets;
		ipc_reply(a->c, a->m, IPC_MSG_ROW_DROP, &r);
	}
	return 0;
}

/* X(member) for each counter of a tunnel; a row has them by the same names. */
#define TUNNEL_STATS(X)								\
	X(tun_in) X(tun_out) X(gre_in) X(gre_out) X(tun_in_bytes) X(tun_out_bytes)	\
	X(dropped_out) X(dropped_in) X(nhrp_in) X(nhrp_out) X(hairpin)

static struct tunnel_stats
sum_stats(const struct tunnel *t)
{
	struct tunnel_stats sum = {0};
	unsigned int i;

	for (i = 0; i < WORKERS_MAX; i++) {
#define X(member) sum.member += stat_get(&t->stats[i].member);
		TUNNEL_STATS(X)
#undef X
	}
	return sum;
}

static void
row_tunnel(const struct asking *a, const struct tunnel *t)
{
	const struct path_mtu *way = t->peer != NULL ? &t->peer->pmtu : &t->pmtu;
	struct ipc_row_tunnel r = {.line_up = t->conf->line_up, .path_mtu = way->learned,
	    .path_until_us = (uint64_t)(way->learned == 0 ? 0 : way->until_us)};
	struct tunnel_stats sum = sum_stats(t);

#define X(member) r.member = sum.member - t->cleared.member;
	TUNNEL_STATS(X)
#undef X
	memcpy(r.ifname, t->ifname, sizeof(r.ifname));
	memcpy(r.why, t->why, sizeof(r.why));
	ipc_reply(a->c, a->m, IPC_MSG_ROW_TUNNEL, &r);
}

static uint64_t
tunnels(const struct asking *a)
{
	const struct tunnels *ts = &a->e->tables.tunnels;
	uint32_t i;

	for (i = (uint32_t)a->q->cursor; i < ts->top; i++) {
		const struct tunnel *t = ts->slot[i];

		if (t == NULL || (a->q->name[0] != '\0' && strcmp(a->q->name, t->ifname) != 0))
			continue;
		if (full(a))
			return i;
		row_tunnel(a, t);
	}
	return 0;
}

static void
row_adjacency(const struct asking *a, const struct adj *adj)
{
	struct ipc_row_adjacency r = {.next_hop = adj->next_hop, .nbma = adj->to->nbma,
	    .peer_ref = adj->to->peer_ref, .packets = adj_packets(adj)};

	if (a->q->name[0] != '\0' && strcmp(a->q->name, adj->ifname) != 0)
		return;
	memcpy(r.ifname, adj->ifname, sizeof(r.ifname));
	ipc_reply(a->c, a->m, IPC_MSG_ROW_ADJACENCY, &r);
}

static uint64_t
adjacencies(const struct asking *a)
{
	const struct rtable *t = &a->e->tables.adjs.by_next_hop;
	const struct rnode *n;
	uint32_t i;

	for (i = (uint32_t)a->q->cursor; i <= t->mask; i++) {
		if (t->bucket[i] != NULL && full(a))
			return i;
		for (n = t->bucket[i]; n != NULL; n = n->next)
			row_adjacency(a, container_of(n, struct adj, node));
	}
	return 0;
}

static struct work
sum_work(const struct espd *e)
{
	struct work sum = {0};
	unsigned int i;

	for (i = 0; i < e->tables.workers; i++) {
#define X(member) sum.member += stat_get(&e->tables.worker[i].counters.work.member);
		WORK_COUNTERS(X)
#undef X
	}
	return sum;
}

static void
row_counter(const struct asking *a, const char *name, uint64_t value)
{
	struct ipc_row_counter r = {.scope = "espd", .value = value};

	memcpy(r.name, name, strlen(name) + 1);
	ipc_reply(a->c, a->m, IPC_MSG_ROW_COUNTER, &r);
}

static uint64_t
counters(const struct asking *a)
{
	struct work work = sum_work(a->e);

	row_counter(a, "sas", a->e->tables.sadb.count);
	row_counter(a, "peers", a->e->tables.peers.by_ref.count);
	row_counter(a, "adjacencies", a->e->tables.adjs.by_next_hop.count);
	row_counter(a, "workers", a->e->tables.workers);
#define X(member) row_counter(a, #member, work.member);
	WORK_COUNTERS(X)
#undef X
	return 0;
}

static uint64_t
acl_counts(const struct asking *a)
{
	struct ipc_row_acl_count r = {0};
	const struct acl_count *n;
	uint64_t i = 0;

	for (n = a->e->tables.crypto_maps.counts; n != NULL; n = n->hh.next, i++) {
		if (i < a->q->cursor)
			continue;
		if (full(a))
			return i;
		memcpy(r.acl, n->key.acl, sizeof(r.acl));
		r.line = n->key.line;
		r.packets = acl_count_packets(n);
		ipc_reply(a->c, a->m, IPC_MSG_ROW_ACL_COUNT, &r);
	}
	return 0;
}

static uint64_t (*const shows[])(const struct asking *a) = {
	[SHOW_ESP_SA] = esp_sas,
	[SHOW_ESP_PEERS] = esp_peers,
	[SHOW_DROPS] = drops,
	[SHOW_TUNNELS] = tunnels,
	[SHOW_ADJACENCIES] = adjacencies,
	[SHOW_COUNTERS] = counters,
	[SHOW_ACL_COUNTS] = acl_counts,
};

void
show(struct espd *e, struct ipc_conn *c, struct ipc_msg *m)
{
	struct asking a = {.e = e, .c = c, .m = m, .q = &m->body->show};
	struct ipc_show_end end = {0};
	uint16_t what = m->body->show.what;

	cmap_publish_now(e);
	if (what < sizeof(shows) / sizeof(shows[0]) && shows[what] != NULL)
		end.cursor = shows[what](&a);
	ipc_reply(c, m, IPC_MSG_SHOW_END, &end);
}

/*
 * The workers go on counting: what they had counted so far is remembered and
 * taken off.
 */
void
show_clear_drops(struct espd *e)
{
	sum_drops(e, &e->cleared);
	memset(&e->counters, 0, sizeof(e->counters));
}

/* An SA's totals end it, so they stay. */
void
show_clear_counters(struct espd *e)
{
	struct tunnels *ts = &e->tables.tunnels;
	struct tunnel *t;
	uint32_t i;

	show_clear_drops(e);
	for (i = 0; i < ts->top; i++) {
		t = ts->slot[i];
		if (t != NULL)
			t->cleared = sum_stats(t);
	}
}
