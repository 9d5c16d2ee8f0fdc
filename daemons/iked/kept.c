/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "kept_records.h"
#include "log.h"

/* --- opening --- */

struct kept *
kept_open(int fd, bool *warm)
{
	struct kept *k = calloc(1, sizeof(*k));
	bool all = true, one = false;
	size_t at = 0;
	int i;

	*warm = false;
	if (k == NULL)
		return NULL;
	for (i = 0; i < KEPT_TABLES; i++) {
		k->table[i] = fd < 0 ? keep_open_private(kept_table_bytes[i], KEPT_SLOTS) :
		    keep_open_at(fd, at, "iked\0\0\0", KEPT_VERSION, kept_table_bytes[i], KEPT_SLOTS,
		        &one);
		if (k->table[i] == NULL) {
			kept_close(k);
			return NULL;
		}
		at += keep_bytes(kept_table_bytes[i], KEPT_SLOTS);
		all = all && one;
	}
	*warm = all;
	return k;
}

void
kept_close(struct kept *k)
{
	int i;

	if (k == NULL)
		return;
	for (i = 0; i < KEPT_TABLES; i++)
		keep_close(k->table[i]);
	free(k);
}

unsigned int
kept_in_use(const struct kept *k)
{
	unsigned int n = 0;
	uint32_t i, t;

	for (t = 0; t < KEPT_TABLES; t++)
		for (i = keep_next(k->table[t], 0); i < KEPT_SLOTS; i = keep_next(k->table[t], i + 1))
			n++;
	return n;
}

uint32_t
kept_next_ref(struct kept *k)
{
	struct kept_user *u = keep_header_user(k->table[0]);

	if (++u->next_ref == 0)
		u->next_ref = 1;
	return u->next_ref;
}

/* --- saving --- */

/* The lowest free one of that table, which stays in few pages so; KEEP_NONE: it is full. */
static uint32_t
find_free(struct kept *k, uint32_t table)
{
	uint32_t *at = &k->lowest[table];

	while (*at < KEPT_SLOTS && keep_committed(k->table[table], *at))
		(*at)++;
	return *at < KEPT_SLOTS ? table * KEPT_SLOTS + *at : KEEP_NONE;
}

/*
 * Into the slot that it has or a new one, of the first table whose slots are large enough.
 * A body that has padding is filled over a memset, for an initializer leaves that as it is.
 */
static void
store(struct kept *k, uint32_t *slot, enum kept_kind kind, const void *body, struct slice tail)
{
	size_t body_len = kept_body_bytes[kind], len = KEPT_HEAD_BYTES + body_len + tail.len;
	struct kept_slot *s;
	uint32_t table = 0;

	while (len > kept_table_bytes[table])
		table++;
	if (*slot != KEEP_NONE && *slot / KEPT_SLOTS != table)
		kept_drop(k, slot);
	if (*slot == KEEP_NONE)
		*slot = find_free(k, table);
	if (*slot == KEEP_NONE) {
		log_err("the table of kept state is full: this SA will not survive a restart");
		return;
	}
	keep_begin(k->table[table], *slot % KEPT_SLOTS);
	s = keep_slot(k->table[table], *slot % KEPT_SLOTS);
	memset(s, 0, kept_table_bytes[table]);
	s->kind = kind;
	s->tail_len = (uint32_t)tail.len;
	memcpy(s->b, body, body_len);
	memcpy(s->b + body_len, tail.p, tail.len);
	s->sum = kept_sum(s, kept_table_bytes[table]);
	keep_commit(k->table[table], *slot % KEPT_SLOTS);
}

void
kept_save_peer(struct ike_peer *p)
{
	struct kept_peer body;
	struct kept_tail tail;

	memset(&body, 0, sizeof(body));
	body.ref = p->ref;
	body.vrf = p->vrf;
	body.path = p->path;
	body.encap = p->encap;
	body.natted = p->natted;
	body.wanted = p->wanted;
	body.is_static = p->is_static;
	body.demanded = p->demanded;
	body.brings_proxies = p->brings != NULL;
	body.version = p->version->number;
	body.up_since = p->up_since;
	kept_tail_begin(&tail);
	kept_put_text(&tail, p->protection);
	kept_put_ident(&tail, p->id);
	if (p->brings != NULL)
		wbuf_put(&tail.w, p->brings, sizeof(*p->brings));
	store(p->engine->kept, &p->keep_slot, KEPT_PEER, &body, kept_tail_bytes(&tail));
}

void
kept_save_sa(struct ike_sa *sa)
{
	struct kept_sa body;
	struct kept_tail tail;

	if (sa->gone)
		return;
	memset(&body, 0, sizeof(body));
	memcpy(body.cky_i, sa->cky_i, IKE_COOKIE_LEN);
	memcpy(body.cky_r, sa->cky_r, IKE_COOKIE_LEN);
	body.initiator = sa->initiator;
	body.replaced = sa->replaced;
	body.natt = sa->natt;
	body.nat_local = sa->nat_local;
	body.nat_remote = sa->nat_remote;
	body.forced = sa->forced;
	body.path = sa->path;
	body.conn_id = sa->conn_id;
	body.created = sa->created;
	body.established_at = sa->established_at;
	body.dies_at = sa->dies_at;
	body.p1 = sa->p1;
	body.keys = sa->keys;
	memcpy(body.last_block, sa->last_block, CIPHER_BLOCK_MAX);
	body.vendors = sa->vendors;
	body.dpd_out = sa->dpd.seq_out;
	body.dpd_in = sa->dpd.seq_in;
	kept_tail_begin(&tail);
	kept_put_text(&tail, sa->profile);
	kept_put_ident(&tail, sa->peer_id);
	store(sa->engine->kept, &sa->keep_slot, KEPT_SA, &body, kept_tail_bytes(&tail));
	wipe(&body, sizeof(body));
}

static bool
is_worth_keeping(const struct ikev2_sa *sa)
{
	return !sa->gone && (sa->state == IKEV2_UP || sa->state == IKEV2_OLD);
}

/* A request that is not answered yet did not come: its repetition is taken as if it were the first. */
void
kept_save_sa2(struct ikev2_sa *sa)
{
	struct kept_sa2 body;
	struct kept_tail tail;

	if (!is_worth_keeping(sa))
		return;
	memset(&body, 0, sizeof(body));
	memcpy(body.spi_i, sa->spi_i, IKE_SPI_LEN);
	memcpy(body.spi_r, sa->spi_r, IKE_SPI_LEN);
	body.state = sa->state;
	body.auth_sign = sa->auth_sign;
	body.auth_verify = sa->auth_verify;
	body.child_group = sa->child_group;
	body.initiator = sa->initiator;
	body.natt = sa->natt;
	body.nat_local = sa->nat_local;
	body.nat_remote = sa->nat_remote;
	body.forced = sa->forced;
	body.fragments = sa->fragments;
	body.path = sa->path;
	body.conn_id = sa->conn_id;
	body.session_id = sa->session_id;
	body.window = window_keep(&sa->window);
	body.created = sa->created;
	body.established_at = sa->established_at;
	body.dies_at = sa->dies_at;
	body.agreed = sa->agreed;
	body.iv = sa->iv;
	body.token_given = sa->token_given;
	kept_tail_begin(&tail);
	kept_put_keys(&tail, &sa->keys);
	kept_put_text(&tail, sa->profile);
	kept_put_ident(&tail, sa->id);
	kept_put_ident(&tail, sa->peer_id);
	kept_put_secret(&tail, sa->peer_token);
	store(sa->engine->kept, &sa->keep_slot, KEPT_SA2, &body, kept_tail_bytes(&tail));
	wipe(&tail, sizeof(tail));
}

static void
save_answer_piece(struct ikev2_sa *sa, struct ikev2_reply *r, unsigned int i)
{
	size_t at = (size_t)i * KEPT_ANSWER_PIECE, left = r->len - at;
	struct kept_answer body = {
	    .msgid = r->msgid, .pair = r->pair, .len = (uint16_t)r->len, .piece = (uint16_t)i,
	};

	memcpy(body.ike, sa->ours, IKE_SPI_LEN);
	store(sa->engine->kept, &r->slots[i], KEPT_ANSWER, &body,
	    slice_of(r->datagrams + at, left < KEPT_ANSWER_PIECE ? left : KEPT_ANSWER_PIECE));
}

void
kept_save_answer(struct ikev2_sa *sa, struct ikev2_reply *r)
{
	unsigned int i, pieces = window_pieces(r);

	if (!is_worth_keeping(sa) || pieces > KEPT_ANSWER_PIECES)
		return;
	for (i = 0; i < pieces; i++)
		save_answer_piece(sa, r, i);
}

void
kept_save_child(struct ike_child *c)
{
	struct kept_child body;
	struct kept_tail tail;
	struct ipc_sa esp;

	memset(&body, 0, sizeof(body));
	if (c->ike != NULL)
		memcpy(body.ike, c->ike->ours, IKE_SPI_LEN);
	body.peer_ref = c->peer->ref;
	body.conn_id = c->conn_id;
	body.life_s = c->life_s;
	body.life_kb = c->life_kb;
	body.initiator = c->initiator;
	body.rekey_due = c->rekey_due;
	body.retiring = c->retiring;
	body.replaces = c->replaces;
	body.settled = c->settled;
	body.current = c->peer->current == c;
	body.pfs_group = c->pfs_group;
	body.created = c->created;
	body.dies_at = c->dies_at;
	kept_tail_begin(&tail);
	child_to_ipc(c, &esp);
	ipc_encode(&tail.w, IPC_MSG_SA_SET, &esp);
	wipe(&esp, sizeof(esp));
	store(c->peer->engine->kept, &c->keep_slot, KEPT_CHILD, &body, kept_tail_bytes(&tail));
	wipe(&tail, sizeof(tail));
}

void
kept_drop(struct kept *k, uint32_t *slot)
{
	uint32_t table, at;

	if (*slot == KEEP_NONE)
		return;
	table = *slot / KEPT_SLOTS;
	at = *slot % KEPT_SLOTS;
	keep_clear(k->table[table], at);
	if (at < k->lowest[table])
		k->lowest[table] = at;
	*slot = KEEP_NONE;
}

void
kept_drop_sa2(struct ikev2_sa *sa)
{
	struct ikev2_reply *r;
	unsigned int i;

	kept_drop(sa->engine->kept, &sa->keep_slot);
	DL_FOREACH (sa->window.replies, r)
		for (i = 0; i < KEPT_ANSWER_PIECES; i++)
			kept_drop(sa->engine->kept, &r->slots[i]);
}

void
kept_leave_sa2(struct ikev2_sa *sa)
{
	struct ikev2_reply *r;
	unsigned int i;

	sa->keep_slot = KEEP_NONE;
	DL_FOREACH (sa->window.replies, r)
		for (i = 0; i < KEPT_ANSWER_PIECES; i++)
			r->slots[i] = KEEP_NONE;
}
