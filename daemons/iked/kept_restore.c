/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a predecessor kept, made anew: peers first, then IKE SAs, pairs, and last answers. */
#include <string.h>

#include "kept_records.h"
#include "log.h"

static void
restore_peer(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_peer *from = (const void *)s->b;
	struct ike_peer *p = peer_restore(e, from->ref);
	struct rbuf tail = kept_tail_of(s);
	struct peer_proxies brings;

	p->protection = kept_get_name(&tail);
	kept_get_ident(&tail, &p->id);
	p->vrf = from->vrf;
	p->path = from->path;
	between_put_peer(p);
	p->encap = from->encap;
	p->natted = from->natted;
	p->wanted = from->wanted;
	p->is_static = from->is_static;
	p->demanded = from->demanded;
	if (from->brings_proxies) {
		rbuf_copy(&tail, (uint8_t *)&brings, sizeof(brings));
		peer_bring_proxies(p, &brings.local, &brings.remote);
	}
	p->version = from->version == 2 ? &ikev2_version : &ikev1_version;
	p->up_since = from->up_since;
	p->keep_slot = slot;
}

static void
restore_sa(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_sa *from = (const void *)s->b;
	struct rbuf tail = kept_tail_of(s);
	struct ike_sa *sa = sa_new(e, &from->path, EXCHANGE_MAIN, from->initiator);

	memcpy(sa->cky_i, from->cky_i, IKE_COOKIE_LEN);
	memcpy(sa->cky_r, from->cky_r, IKE_COOKIE_LEN);
	memcpy(sa->ours, from->initiator ? from->cky_i : from->cky_r, IKE_COOKIE_LEN);
	sa->replaced = from->replaced;
	sa->natt = from->natt;
	sa->nat_local = from->nat_local;
	sa->nat_remote = from->nat_remote;
	sa->forced = from->forced;
	sa->conn_id = from->conn_id;
	sa->created = from->created;
	sa->established_at = from->established_at;
	sa->dies_at = from->dies_at;
	sa->established = true;
	sa->p1 = from->p1;
	sa->keys = from->keys;
	memcpy(sa->last_block, from->last_block, CIPHER_BLOCK_MAX);
	sa->profile = kept_get_name(&tail);
	kept_get_ident(&tail, &sa->peer_id);
	sa->vendors = from->vendors;
	sa->dpd.seq_out = from->dpd_out;
	sa->dpd.seq_in = from->dpd_in;
	sa->keep_slot = slot;
	if (e->next_conn <= sa->conn_id)
		e->next_conn = sa->conn_id + 1;
	sa_enter_table(sa);
	sa_restored(sa);
}

/* A number of messages that nobody can have sent since it was stored. */
enum { IV_LEAP = 1 << 16 };

static void
restore_sa2(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_sa2 *from = (const void *)s->b;
	struct rbuf tail = kept_tail_of(s);
	struct ikev2_sa *sa = ikev2_sa_restore(e, &from->path, from->initiator,
	    from->initiator ? from->spi_i : from->spi_r);

	ikev2_sa_set_first(sa, from->spi_i);
	memcpy(sa->spi_r, from->spi_r, IKE_SPI_LEN);
	kept_get_keys(&tail, &sa->keys);
	sa->profile = kept_get_name(&tail);
	kept_get_ident(&tail, &sa->id);
	kept_get_ident(&tail, &sa->peer_id);
	kept_get_secret(&tail, &sa->peer_token);
	sa->token_given = from->token_given;
	sa->auth_sign = from->auth_sign;
	sa->auth_verify = from->auth_verify;
	sa->child_group = from->child_group;
	sa->natt = from->natt;
	sa->nat_local = from->nat_local;
	sa->nat_remote = from->nat_remote;
	sa->forced = from->forced;
	sa->fragments = from->fragments;
	sa->conn_id = from->conn_id;
	sa->session_id = from->session_id;
	window_restore(&sa->window, &from->window, sa);
	sa->created = from->created;
	sa->established_at = from->established_at;
	sa->dies_at = from->dies_at;
	sa->agreed = from->agreed;
	sa->iv = from->iv + IV_LEAP;
	sa->keep_slot = slot;
	if (e->next_conn <= sa->conn_id)
		e->next_conn = sa->conn_id + 1;
	if (e->next_session <= sa->session_id)
		e->next_session = sa->session_id + 1;
	ikev2_sa_restored(sa, from->state);
}

/* Pieces come in any order. */
static void
restore_answer(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_answer *from = (const void *)s->b;
	struct ikev2_sa *sa = ikev2_sa_by_ours(e, from->ike);
	size_t at = (size_t)from->piece * KEPT_ANSWER_PIECE;
	struct ikev2_reply *r = NULL;

	if (sa != NULL && from->piece < KEPT_ANSWER_PIECES && at + s->tail_len <= from->len)
		r = window_restore_reply(&sa->window, from->msgid, from->len);
	if (r == NULL) {
		kept_drop(e->kept, &slot);
		return;
	}
	memcpy(r->datagrams + at, s->b + sizeof(*from), s->tail_len);
	r->pair = from->pair;
	r->slots[from->piece] = slot;
}

static void
check_answers(struct ike_engine *e)
{
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, e->sas2, sa, tmp)
		window_check_replies(&sa->window);
}

static void
restore_child(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_child *from = (const void *)s->b;
	struct rbuf tail = kept_tail_of(s);
	union ipc_body body;
	struct ike_peer *p = peer_by_ref(e, from->peer_ref);
	struct ikev2_sa *sa;
	struct ike_child *c;

	if (p == NULL || ipc_decode(&tail, IPC_MSG_SA_SET, &body) != NULL) {
		kept_drop(e->kept, &slot);
		return;
	}
	c = child_restore(p);
	child_esp_from_ipc(&c->sa, &body.sa);
	ipc_body_wipe(IPC_MSG_SA_SET, &body);
	c->conn_id = from->conn_id;
	c->life_s = from->life_s;
	c->life_kb = from->life_kb;
	c->initiator = from->initiator;
	c->rekey_due = from->rekey_due;
	c->retiring = from->retiring;
	c->replaces = from->replaces;
	c->settled = from->settled;
	c->pfs_group = from->pfs_group;
	c->created = from->created;
	c->dies_at = from->dies_at;
	c->keep_slot = slot;
	sa = ikev2_sa_by_ours(e, from->ike);
	if (sa != NULL)
		ikev2_child_adopt(sa, c);
	if (from->current) {
		p->current = c;
		p->status = PEER_UP;
	}
	if (e->next_conn <= c->conn_id + 1)
		e->next_conn = c->conn_id + 2;
	child_restored(c);
}

static bool
is_damaged(const struct kept_slot *s, size_t bytes)
{
	return s->sum != kept_sum(s, bytes) || s->kind < KEPT_PEER ||
	    s->kind > KEPT_ANSWER || KEPT_HEAD_BYTES + kept_body_bytes[s->kind] + s->tail_len > bytes;
}

/* Records that are not as they were written are forgotten: what they say may be anything. */
static void
drop_damaged(struct kept *k)
{
	unsigned int n = 0;
	uint32_t i, t;

	for (t = 0; t < KEPT_TABLES; t++)
		for (i = keep_next(k->table[t], 0); i < KEPT_SLOTS; i = keep_next(k->table[t], i + 1))
			if (is_damaged(keep_slot(k->table[t], i), kept_table_bytes[t])) {
				keep_clear(k->table[t], i);
				n++;
			}
	if (n > 0)
		log_err("%u damaged records of kept state are forgotten", n);
}

static void (*const restorers[])(struct ike_engine *, uint32_t, const struct kept_slot *) = {
	[KEPT_PEER] = restore_peer,
	[KEPT_SA] = restore_sa,
	[KEPT_SA2] = restore_sa2,
	[KEPT_CHILD] = restore_child,
	[KEPT_ANSWER] = restore_answer,
};

static void
restore_kind(struct ike_engine *e, uint32_t kind)
{
	uint32_t i, t;

	for (t = 0; t < KEPT_TABLES; t++) {
		struct keep *table = e->kept->table[t];

		for (i = keep_next(table, 0); i < KEPT_SLOTS; i = keep_next(table, i + 1)) {
			const struct kept_slot *s = keep_slot(table, i);

			if (s->kind == kind)
				restorers[kind](e, t * KEPT_SLOTS + i, s);
		}
	}
}

/* Peers before the SAs with them, and those before their children and answers. */
void
kept_restore(struct ike_engine *e)
{
	uint32_t kind;

	drop_damaged(e->kept);
	for (kind = KEPT_PEER; kind <= KEPT_ANSWER; kind++)
		restore_kind(e, kind);
	check_answers(e);
}
