/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "keep.h"
#include "log.h"
#include "payload.h"

enum { KEPT_VERSION = 7, KEPT_SLOTS = 131072 };
enum kept_kind { KEPT_PEER = 1, KEPT_SA, KEPT_SA2, KEPT_CHILD, KEPT_ANSWER };

struct kept_user {		/* in the table's header */
	uint32_t next_ref;
};

struct kept_peer {
	char protection[64];
	uint32_t ref, vrf;
	struct ike_path path;
	struct ident id;
	bool encap, natted, wanted, is_static, demanded, brings_proxies;
	uint8_t version;	/* of IKE */
	struct proxy proxy_local, proxy_remote;
};

struct kept_sa {
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	bool initiator, replaced, natt, nat_local, nat_remote;
	struct ike_path path;
	uint32_t conn_id;
	mono_t created, established_at, dies_at;
	struct p1_transform p1;
	struct keymat1 keys;
	uint8_t last_block[CIPHER_BLOCK_MAX];
	struct ident peer_id;
	char profile[64];
	uint32_t vendors, dpd_out, dpd_in;
};

/*
 * Of version 2.  `asked`: a request of ours, next_out, may have reached the
 * peer and has no answer yet.
 */
struct kept_sa2 {
	uint8_t spi_i[IKE_SPI_LEN], spi_r[IKE_SPI_LEN], state, auth_sign, auth_verify, child_group;
	bool initiator, natt, nat_local, nat_remote, fragments, asked;
	struct ike_path path;
	uint32_t conn_id, session_id, next_out, next_in;
	mono_t created, established_at, dies_at;
	struct prop2 agreed;
	struct keymat2 keys;
	uint64_t iv;
	char profile[64];
	struct ident id, peer_id;
	struct secret peer_token;
	uint32_t token_given;
};

struct kept_child {
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the IKEv2 SA that it belongs to; zero: none */
	uint32_t peer_ref, conn_id, life_s;
	uint64_t life_kb;
	struct ipc_sa sa;
	bool initiator, rekey_due, retiring, replaces, settled, current;
	uint8_t pfs_group;
	mono_t created, dies_at;
};

/* A piece of what an IKEv2 SA answered last; believed if that is its SA's last answer. */
struct kept_answer {
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the SA */
	uint32_t msgid;
	uint16_t len, piece;		/* of the whole; which piece */
	uint8_t b[KEPT_ANSWER_PIECE];
};

struct kept_slot {
	uint32_t kind, sum;	/* sum: of u */
	union {
		struct kept_peer peer;
		struct kept_sa sa;
		struct kept_sa2 sa2;
		struct kept_child child;
		struct kept_answer answer;
	} u;
};

struct kept {
	struct keep *table;
	uint32_t hint;		/* where the search for a free slot begins */
};

struct kept *
kept_open(int fd, bool *warm)
{
	struct kept *k = calloc(1, sizeof(*k));

	*warm = false;
	if (k == NULL)
		return NULL;
	k->table = fd >= 0 ?
	    keep_open(fd, "iked\0\0\0", KEPT_VERSION, sizeof(struct kept_slot), KEPT_SLOTS, warm) :
	    keep_open_private(sizeof(struct kept_slot), KEPT_SLOTS);
	if (k->table == NULL) {
		free(k);
		return NULL;
	}
	return k;
}

void
kept_close(struct kept *k)
{
	if (k == NULL)
		return;
	keep_close(k->table);
	free(k);
}

unsigned int
kept_in_use(const struct kept *k)
{
	unsigned int n = 0;
	uint32_t i;

	for (i = keep_next(k->table, 0); i < keep_slots(k->table); i = keep_next(k->table, i + 1))
		n++;
	return n;
}

uint32_t
kept_next_ref(struct kept *k)
{
	struct kept_user *u = keep_header_user(k->table);

	if (++u->next_ref == 0)
		u->next_ref = 1;
	return u->next_ref;
}

/* --- saving --- */

static struct kept_slot *
slot_begin(struct kept *k, uint32_t *slot, enum kept_kind kind)
{
	struct kept_slot *s;
	uint32_t n = keep_slots(k->table), tried;

	for (tried = 0; *slot == KEEP_NONE && tried < n; tried++, k->hint = (k->hint + 1) % n)
		if (!keep_committed(k->table, k->hint))
			*slot = k->hint;
	if (*slot == KEEP_NONE) {
		log_err("the table of kept state is full: this SA will not survive a restart");
		return NULL;
	}
	keep_begin(k->table, *slot);
	s = keep_slot(k->table, *slot);
	memset(s, 0, sizeof(*s));
	s->kind = kind;
	return s;
}

static void
slot_commit(struct kept *k, uint32_t slot)
{
	struct kept_slot *s = keep_slot(k->table, slot);

	s->sum = keep_sum(&s->u, sizeof(s->u));
	keep_commit(k->table, slot);
}

void
kept_save_peer(struct ike_peer *p)
{
	struct kept *k = p->engine->kept;
	struct kept_slot *s = slot_begin(k, &p->keep_slot, KEPT_PEER);

	if (s == NULL)
		return;
	memcpy(s->u.peer.protection, p->protection, sizeof(p->protection));
	s->u.peer.ref = p->ref;
	s->u.peer.vrf = p->vrf;
	s->u.peer.path = p->path;
	s->u.peer.id = p->id;
	s->u.peer.encap = p->encap;
	s->u.peer.natted = p->natted;
	s->u.peer.wanted = p->wanted;
	s->u.peer.is_static = p->is_static;
	s->u.peer.demanded = p->demanded;
	s->u.peer.brings_proxies = p->brings_proxies;
	s->u.peer.proxy_local = p->proxy_local;
	s->u.peer.proxy_remote = p->proxy_remote;
	s->u.peer.version = p->version->number;
	slot_commit(k, p->keep_slot);
}

void
kept_save_sa(struct ike_sa *sa)
{
	struct kept *k = sa->engine->kept;
	struct kept_slot *s;
	struct kept_sa *to;

	if (sa->gone || (s = slot_begin(k, &sa->keep_slot, KEPT_SA)) == NULL)
		return;
	to = &s->u.sa;
	memcpy(to->cky_i, sa->cky_i, IKE_COOKIE_LEN);
	memcpy(to->cky_r, sa->cky_r, IKE_COOKIE_LEN);
	to->initiator = sa->initiator;
	to->replaced = sa->replaced;
	to->natt = sa->natt;
	to->nat_local = sa->nat_local;
	to->nat_remote = sa->nat_remote;
	to->path = sa->path;
	to->conn_id = sa->conn_id;
	to->created = sa->created;
	to->established_at = sa->established_at;
	to->dies_at = sa->dies_at;
	to->p1 = sa->p1;
	to->keys = sa->keys;
	memcpy(to->last_block, sa->last_block, CIPHER_BLOCK_MAX);
	to->peer_id = sa->peer_id;
	memcpy(to->profile, sa->profile, sizeof(to->profile));
	to->vendors = sa->vendors;
	to->dpd_out = sa->dpd.seq_out;
	to->dpd_in = sa->dpd.seq_in;
	slot_commit(k, sa->keep_slot);
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
	struct kept *k = sa->engine->kept;
	struct kept_slot *s;

	if (!is_worth_keeping(sa) || (s = slot_begin(k, &sa->keep_slot, KEPT_SA2)) == NULL)
		return;
	s->u.sa2 = (struct kept_sa2){
	    .state = sa->state, .auth_sign = sa->auth_sign, .auth_verify = sa->auth_verify,
	    .child_group = sa->child_group, .initiator = sa->initiator, .natt = sa->natt,
	    .nat_local = sa->nat_local, .nat_remote = sa->nat_remote, .fragments = sa->fragments,
	    .asked = sa->out_exchange != 0, .path = sa->path, .conn_id = sa->conn_id,
	    .session_id = sa->session_id, .next_out = sa->next_out,
	    .next_in = sa->next_in - sa->in_open,
	    .created = sa->created, .established_at = sa->established_at, .dies_at = sa->dies_at,
	    .agreed = sa->agreed, .keys = sa->keys, .iv = sa->iv, .id = sa->id,
	    .peer_id = sa->peer_id, .peer_token = sa->peer_token, .token_given = sa->token_given,
	};
	memcpy(s->u.sa2.spi_i, sa->spi_i, IKE_SPI_LEN);
	memcpy(s->u.sa2.spi_r, sa->spi_r, IKE_SPI_LEN);
	memcpy(s->u.sa2.profile, sa->profile, sizeof(sa->profile));
	slot_commit(k, sa->keep_slot);
}

static void
save_answer_piece(struct ikev2_sa *sa, unsigned int i)
{
	struct kept_slot *s = slot_begin(sa->engine->kept, &sa->answer_slots[i], KEPT_ANSWER);
	size_t at = (size_t)i * KEPT_ANSWER_PIECE, left = sa->answer.len - at;

	if (s == NULL)
		return;
	memcpy(s->u.answer.ike, sa->ours, IKE_SPI_LEN);
	s->u.answer.msgid = sa->next_in - 1;
	s->u.answer.len = (uint16_t)sa->answer.len;
	s->u.answer.piece = (uint16_t)i;
	memcpy(s->u.answer.b, sa->answer.datagram + at,
	    left < KEPT_ANSWER_PIECE ? left : KEPT_ANSWER_PIECE);
	slot_commit(sa->engine->kept, sa->answer_slots[i]);
}

static unsigned int
answer_pieces(const struct ikev2_sa *sa)
{
	return (unsigned int)((sa->answer.len + KEPT_ANSWER_PIECE - 1) / KEPT_ANSWER_PIECE);
}

void
kept_save_answer(struct ikev2_sa *sa)
{
	unsigned int i, pieces = answer_pieces(sa);

	if (!is_worth_keeping(sa))
		return;
	if (pieces > KEPT_ANSWER_PIECES)
		pieces = 0;
	for (i = 0; i < pieces; i++)
		save_answer_piece(sa, i);
	for (; i < KEPT_ANSWER_PIECES; i++)
		kept_drop(sa->engine->kept, &sa->answer_slots[i]);
}

void
kept_save_child(struct ike_child *c)
{
	struct kept *k = c->peer->engine->kept;
	struct kept_slot *s = slot_begin(k, &c->keep_slot, KEPT_CHILD);
	struct kept_child *to;

	if (s == NULL)
		return;
	to = &s->u.child;
	if (c->ike != NULL)
		memcpy(to->ike, c->ike->ours, IKE_SPI_LEN);
	to->peer_ref = c->peer->ref;
	to->conn_id = c->conn_id;
	to->life_s = c->life_s;
	to->life_kb = c->life_kb;
	to->sa = c->sa;
	to->initiator = c->initiator;
	to->rekey_due = c->rekey_due;
	to->retiring = c->retiring;
	to->replaces = c->replaces;
	to->settled = c->settled;
	to->current = c->peer->current == c;
	to->pfs_group = c->pfs_group;
	to->created = c->created;
	to->dies_at = c->dies_at;
	slot_commit(k, c->keep_slot);
}

void
kept_drop(struct kept *k, uint32_t *slot)
{
	if (*slot == KEEP_NONE)
		return;
	keep_clear(k->table, *slot);
	*slot = KEEP_NONE;
}

void
kept_drop_sa2(struct ikev2_sa *sa)
{
	unsigned int i;

	kept_drop(sa->engine->kept, &sa->keep_slot);
	for (i = 0; i < KEPT_ANSWER_PIECES; i++)
		kept_drop(sa->engine->kept, &sa->answer_slots[i]);
}

void
kept_leave_sa2(struct ikev2_sa *sa)
{
	unsigned int i;

	sa->keep_slot = KEEP_NONE;
	for (i = 0; i < KEPT_ANSWER_PIECES; i++)
		sa->answer_slots[i] = KEEP_NONE;
}

/* --- restoring --- */

static void
restore_peer(struct ike_engine *e, uint32_t slot, const struct kept_peer *from)
{
	struct ike_peer *p = peer_restore(e, from->ref);

	memcpy(p->protection, from->protection, sizeof(p->protection));
	p->vrf = from->vrf;
	p->path = from->path;
	between_put_peer(p);
	p->id = from->id;
	p->encap = from->encap;
	p->natted = from->natted;
	p->wanted = from->wanted;
	p->is_static = from->is_static;
	p->demanded = from->demanded;
	p->brings_proxies = from->brings_proxies;
	p->proxy_local = from->proxy_local;
	p->proxy_remote = from->proxy_remote;
	p->version = from->version == 2 ? &ikev2_version : &ikev1_version;
	p->keep_slot = slot;
}

static void
restore_sa(struct ike_engine *e, uint32_t slot, const struct kept_sa *from)
{
	struct ike_sa *sa = sa_new(e, &from->path, EXCHANGE_MAIN, from->initiator);

	memcpy(sa->cky_i, from->cky_i, IKE_COOKIE_LEN);
	memcpy(sa->cky_r, from->cky_r, IKE_COOKIE_LEN);
	memcpy(sa->ours, from->initiator ? from->cky_i : from->cky_r, IKE_COOKIE_LEN);
	sa->replaced = from->replaced;
	sa->natt = from->natt;
	sa->nat_local = from->nat_local;
	sa->nat_remote = from->nat_remote;
	sa->conn_id = from->conn_id;
	sa->created = from->created;
	sa->established_at = from->established_at;
	sa->dies_at = from->dies_at;
	sa->established = true;
	sa->p1 = from->p1;
	sa->keys = from->keys;
	memcpy(sa->last_block, from->last_block, CIPHER_BLOCK_MAX);
	sa->peer_id = from->peer_id;
	memcpy(sa->profile, from->profile, sizeof(sa->profile));
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
restore_sa2(struct ike_engine *e, uint32_t slot, const struct kept_sa2 *from)
{
	struct ikev2_sa *sa = ikev2_sa_restore(e, &from->path, from->initiator,
	    from->initiator ? from->spi_i : from->spi_r);

	ikev2_sa_set_first(sa, from->spi_i);
	memcpy(sa->spi_r, from->spi_r, IKE_SPI_LEN);
	memcpy(sa->profile, from->profile, sizeof(sa->profile));
	sa->auth_sign = from->auth_sign;
	sa->auth_verify = from->auth_verify;
	sa->child_group = from->child_group;
	sa->natt = from->natt;
	sa->nat_local = from->nat_local;
	sa->nat_remote = from->nat_remote;
	sa->fragments = from->fragments;
	sa->conn_id = from->conn_id;
	sa->session_id = from->session_id;
	sa->next_out = from->next_out;
	sa->next_in = from->next_in;
	sa->created = from->created;
	sa->established_at = from->established_at;
	sa->dies_at = from->dies_at;
	sa->agreed = from->agreed;
	sa->keys = from->keys;
	sa->iv = from->iv + IV_LEAP;
	sa->id = from->id;
	sa->peer_id = from->peer_id;
	sa->peer_token = from->peer_token;
	sa->token_given = from->token_given;
	sa->keep_slot = slot;
	if (e->next_conn <= sa->conn_id)
		e->next_conn = sa->conn_id + 1;
	if (e->next_session <= sa->session_id)
		e->next_session = sa->session_id + 1;
	ikev2_sa_restored(sa, from->state, from->asked);
}

/* Pieces come in the order of their slots. */
static void
restore_answer(struct ike_engine *e, uint32_t slot, const struct kept_answer *from)
{
	struct ikev2_sa *sa = ikev2_sa_by_ours(e, from->ike);
	size_t at = (size_t)from->piece * KEPT_ANSWER_PIECE, left = from->len - at;

	if (sa == NULL || from->msgid + 1 != sa->next_in || from->piece >= KEPT_ANSWER_PIECES ||
	    at >= from->len || (sa->answer.datagram != NULL && sa->answer.len != from->len)) {
		kept_drop(e->kept, &slot);
		return;
	}
	if (sa->answer.datagram == NULL)
		retransmit_room(&sa->answer, from->len);
	memcpy(sa->answer.datagram + at, from->b, left < KEPT_ANSWER_PIECE ? left : KEPT_ANSWER_PIECE);
	sa->answer_slots[from->piece] = slot;
}

/* An answer that lacks a piece is none. */
static void
check_answers(struct ike_engine *e)
{
	struct ikev2_sa *sa, *tmp;
	unsigned int i;

	HASH_ITER (hh, e->sas2, sa, tmp)
		for (i = 0; sa->answer.datagram != NULL && i < answer_pieces(sa); i++)
			if (sa->answer_slots[i] == KEEP_NONE)
				retransmit_free(&sa->answer);
}

static void
restore_child(struct ike_engine *e, uint32_t slot, const struct kept_child *from)
{
	struct ike_peer *p = peer_by_ref(e, from->peer_ref);
	struct ikev2_sa *sa;
	struct ike_child *c;

	if (p == NULL) {
		kept_drop(e->kept, &slot);
		return;
	}
	c = child_restore(p);
	c->sa = from->sa;
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
		p->up_since = c->created;
	}
	if (e->next_conn <= c->conn_id + 1)
		e->next_conn = c->conn_id + 2;
	child_restored(c);
}

/* Records that are not as they were written are forgotten: what they say may be anything. */
static void
drop_damaged(struct keep *t)
{
	unsigned int n = 0;
	uint32_t i;

	for (i = keep_next(t, 0); i < keep_slots(t); i = keep_next(t, i + 1)) {
		const struct kept_slot *s = keep_slot(t, i);

		if (s->sum == keep_sum(&s->u, sizeof(s->u)))
			continue;
		keep_clear(t, i);
		n++;
	}
	if (n > 0)
		log_err("%u damaged records of kept state are forgotten", n);
}

void
kept_restore(struct ike_engine *e)
{
	struct keep *t = e->kept->table;
	enum kept_kind kind;
	uint32_t i;

	drop_damaged(t);
	for (kind = KEPT_PEER; kind <= KEPT_ANSWER; kind++)
		for (i = keep_next(t, 0); i < keep_slots(t); i = keep_next(t, i + 1)) {
			const struct kept_slot *s = keep_slot(t, i);

			if (s->kind != kind)
				continue;
			if (kind == KEPT_PEER)
				restore_peer(e, i, &s->u.peer);
			else if (kind == KEPT_SA)
				restore_sa(e, i, &s->u.sa);
			else if (kind == KEPT_SA2)
				restore_sa2(e, i, &s->u.sa2);
			else if (kind == KEPT_CHILD)
				restore_child(e, i, &s->u.child);
			else
				restore_answer(e, i, &s->u.answer);
		}
	check_answers(e);
}
