/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "keep.h"
#include "log.h"
#include "payload.h"
#include "secret.h"

enum { KEPT_VERSION = 9, KEPT_SLOTS = 65536 };	/* of each table */
enum kept_kind { KEPT_PEER = 1, KEPT_SA, KEPT_SA2, KEPT_CHILD, KEPT_ANSWER };

/*
 * Names and keys, which are short as a rule and may be long, stand behind what is of one
 * size, as long as they are.  So there are tables for smaller and for larger records; a
 * slot's number counts through all of them.
 */
enum { TABLES = 5, LARGEST = 1152 };
static const size_t table_bytes[TABLES] = {192, 256, 320, 512, LARGEST};

struct kept_user {		/* in the first table's header */
	uint32_t next_ref;
};

struct kept_peer {		/* and behind it: protection, id */
	uint32_t ref, vrf;
	struct ike_path path;
	bool encap, natted, wanted, is_static, demanded, brings_proxies;
	uint8_t version;	/* of IKE */
	struct proxy proxy_local, proxy_remote;
};

struct kept_sa {		/* profile, peer_id */
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	bool initiator, replaced, natt, nat_local, nat_remote;
	struct ike_path path;
	uint32_t conn_id;
	mono_t created, established_at, dies_at;
	struct p1_transform p1;
	struct keymat1 keys;
	uint8_t last_block[CIPHER_BLOCK_MAX];
	uint32_t vendors, dpd_out, dpd_in;
};

/*
 * Of version 2; keys, profile, id, peer_id, peer_token.  `asked`: a request of ours, next_out,
 * may have reached the peer and has no answer yet.
 */
struct kept_sa2 {
	uint8_t spi_i[IKE_SPI_LEN], spi_r[IKE_SPI_LEN], state, auth_sign, auth_verify, child_group;
	bool initiator, natt, nat_local, nat_remote, fragments, asked;
	struct ike_path path;
	uint32_t conn_id, session_id, next_out, next_in;
	mono_t created, established_at, dies_at;
	struct prop2 agreed;
	uint64_t iv;
	uint32_t token_given;
};

struct kept_child {		/* the pair as SA_SET says it */
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the IKEv2 SA that it belongs to; zero: none */
	uint32_t peer_ref, conn_id, life_s;
	uint64_t life_kb;
	bool initiator, rekey_due, retiring, replaces, settled, current;
	uint8_t pfs_group;
	mono_t created, dies_at;
};

/* A piece of what an IKEv2 SA answered last; believed if that is its SA's last answer. */
struct kept_answer {		/* the piece */
	uint8_t ike[IKE_SPI_LEN];	/* our SPI of the SA */
	uint32_t msgid;
	uint16_t len, piece;		/* of the whole; which piece */
};

struct kept_slot {
	uint32_t sum, kind;	/* sum: of what follows */
	uint32_t tail_len, spare;
	uint8_t b[LARGEST - 16];	/* as many of them as the table's slots have */
};

static const size_t body_bytes[] = {
	[KEPT_PEER] = sizeof(struct kept_peer),
	[KEPT_SA] = sizeof(struct kept_sa),
	[KEPT_SA2] = sizeof(struct kept_sa2),
	[KEPT_CHILD] = sizeof(struct kept_child),
	[KEPT_ANSWER] = sizeof(struct kept_answer),
};

struct kept {
	struct keep *table[TABLES];
	uint32_t lowest[TABLES];	/* no slot below it is free */
};

#define HEAD_BYTES offsetof(struct kept_slot, b)

static uint32_t
sum_of(const struct kept_slot *s, size_t bytes)
{
	return keep_sum(&s->kind, bytes - offsetof(struct kept_slot, kind));
}

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
	for (i = 0; i < TABLES; i++) {
		k->table[i] = fd < 0 ? keep_open_private(table_bytes[i], KEPT_SLOTS) :
		    keep_open_at(fd, at, "iked\0\0\0", KEPT_VERSION, table_bytes[i], KEPT_SLOTS,
		        &one);
		if (k->table[i] == NULL) {
			kept_close(k);
			return NULL;
		}
		at += keep_bytes(table_bytes[i], KEPT_SLOTS);
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
	for (i = 0; i < TABLES; i++)
		keep_close(k->table[i]);
	free(k);
}

unsigned int
kept_in_use(const struct kept *k)
{
	unsigned int n = 0;
	uint32_t i, t;

	for (t = 0; t < TABLES; t++)
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

/* --- what stands behind --- */

struct tail {
	struct wbuf w;
	uint8_t b[5 + sizeof(struct keymat2) + 1 + 64 + 2 * (2 + IDENT_MAX) + 1 + SECRET_MAX];
};

_Static_assert(HEAD_BYTES + sizeof(struct kept_sa2) + sizeof(((struct tail *)0)->b) <= LARGEST,
    "any IKE SA fits");

static void
tail_begin(struct tail *n)
{
	wbuf_init(&n->w, n->b, sizeof(n->b));
}

static struct slice
tail_bytes(const struct tail *n)
{
	return slice_of(n->b, wbuf_len(&n->w));
}

static void
put_text(struct tail *n, const char *text)
{
	size_t len = strlen(text);

	wbuf_u8(&n->w, (uint8_t)len);
	wbuf_put(&n->w, text, len);
}

static void
put_ident(struct tail *n, const struct ident *id)
{
	wbuf_u8(&n->w, id->type);
	wbuf_u8(&n->w, id->len);
	wbuf_put(&n->w, id->b, id->len);
}

static void
put_secret(struct tail *n, const struct secret *key)
{
	wbuf_u8(&n->w, (uint8_t)key->len);
	wbuf_put(&n->w, key->b, key->len);
}

static void
get_secret(struct rbuf *r, struct secret *key)
{
	size_t len = rbuf_u8(r);
	struct slice bytes = rbuf_slice(r, len);

	secret_set(key, bytes.p, bytes.len);
}

static void
get_text(struct rbuf *r, char *text, size_t room)
{
	size_t len = rbuf_u8(r);

	if (len < room)
		rbuf_copy(r, (uint8_t *)text, len);
	text[len < room ? len : 0] = '\0';
}

static void
get_ident(struct rbuf *r, struct ident *id)
{
	size_t len;

	id->type = rbuf_u8(r);
	len = rbuf_u8(r);
	id->len = (uint8_t)(len <= IDENT_MAX ? len : 0);
	rbuf_copy(r, id->b, id->len);
}

/* Of each array what the algorithms use. */
static void
put_keys(struct tail *n, const struct keymat2 *k)
{
	size_t h = hash_len(k->prf), a = integ_key_len(k->integ);
	size_t e = cipher_key_len(k->cipher, k->key_bits);

	wbuf_u8(&n->w, k->prf);
	wbuf_u8(&n->w, k->cipher);
	wbuf_be16(&n->w, k->key_bits);
	wbuf_u8(&n->w, k->integ);
	wbuf_put(&n->w, k->d, h);
	wbuf_put(&n->w, k->ai, a);
	wbuf_put(&n->w, k->ar, a);
	wbuf_put(&n->w, k->ei, e);
	wbuf_put(&n->w, k->er, e);
}

static void
get_keys(struct rbuf *r, struct keymat2 *k)
{
	size_t h, a, e;

	k->prf = rbuf_u8(r);
	k->cipher = rbuf_u8(r);
	k->key_bits = rbuf_be16(r);
	k->integ = rbuf_u8(r);
	h = hash_len(k->prf);
	a = integ_key_len(k->integ);
	e = cipher_key_len(k->cipher, k->key_bits);
	rbuf_copy(r, k->d, h);
	rbuf_copy(r, k->ai, a);
	rbuf_copy(r, k->ar, a);
	rbuf_copy(r, k->ei, e);
	rbuf_copy(r, k->er, e);
}

static struct rbuf
tail_of(const struct kept_slot *s)
{
	struct rbuf r;

	rbuf_init(&r, s->b + body_bytes[s->kind], s->tail_len);
	return r;
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

/* Into the slot that it has or a new one, of the first table whose slots are large enough. */
static void
store(struct kept *k, uint32_t *slot, enum kept_kind kind, const void *body, struct slice tail)
{
	size_t body_len = body_bytes[kind], len = HEAD_BYTES + body_len + tail.len;
	struct kept_slot *s;
	uint32_t table = 0;

	while (len > table_bytes[table])
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
	memset(s, 0, table_bytes[table]);
	s->kind = kind;
	s->tail_len = (uint32_t)tail.len;
	memcpy(s->b, body, body_len);
	memcpy(s->b + body_len, tail.p, tail.len);
	s->sum = sum_of(s, table_bytes[table]);
	keep_commit(k->table[table], *slot % KEPT_SLOTS);
}

void
kept_save_peer(struct ike_peer *p)
{
	struct kept_peer body;
	struct tail tail;

	memset(&body, 0, sizeof(body));
	body.ref = p->ref;
	body.vrf = p->vrf;
	body.path = p->path;
	body.encap = p->encap;
	body.natted = p->natted;
	body.wanted = p->wanted;
	body.is_static = p->is_static;
	body.demanded = p->demanded;
	body.brings_proxies = p->brings_proxies;
	body.proxy_local = p->proxy_local;
	body.proxy_remote = p->proxy_remote;
	body.version = p->version->number;
	tail_begin(&tail);
	put_text(&tail, p->protection);
	put_ident(&tail, &p->id);
	store(p->engine->kept, &p->keep_slot, KEPT_PEER, &body, tail_bytes(&tail));
}

void
kept_save_sa(struct ike_sa *sa)
{
	struct kept_sa body;
	struct tail tail;

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
	tail_begin(&tail);
	put_text(&tail, sa->profile);
	put_ident(&tail, &sa->peer_id);
	store(sa->engine->kept, &sa->keep_slot, KEPT_SA, &body, tail_bytes(&tail));
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
	struct kept_sa2 body = {
	    .state = sa->state, .auth_sign = sa->auth_sign, .auth_verify = sa->auth_verify,
	    .child_group = sa->child_group, .initiator = sa->initiator, .natt = sa->natt,
	    .nat_local = sa->nat_local, .nat_remote = sa->nat_remote, .fragments = sa->fragments,
	    .asked = sa->out_exchange != 0, .path = sa->path, .conn_id = sa->conn_id,
	    .session_id = sa->session_id, .next_out = sa->next_out,
	    .next_in = sa->next_in - sa->in_open,
	    .created = sa->created, .established_at = sa->established_at, .dies_at = sa->dies_at,
	    .agreed = sa->agreed, .iv = sa->iv, .token_given = sa->token_given,
	};
	struct tail tail;

	if (!is_worth_keeping(sa))
		return;
	memcpy(body.spi_i, sa->spi_i, IKE_SPI_LEN);
	memcpy(body.spi_r, sa->spi_r, IKE_SPI_LEN);
	tail_begin(&tail);
	put_keys(&tail, &sa->keys);
	put_text(&tail, sa->profile);
	put_ident(&tail, &sa->id);
	put_ident(&tail, &sa->peer_id);
	put_secret(&tail, &sa->peer_token);
	store(sa->engine->kept, &sa->keep_slot, KEPT_SA2, &body, tail_bytes(&tail));
	wipe(&tail, sizeof(tail));
}

static void
save_answer_piece(struct ikev2_sa *sa, unsigned int i)
{
	size_t at = (size_t)i * KEPT_ANSWER_PIECE, left = sa->answer.len - at;
	struct kept_answer body = {
	    .msgid = sa->next_in - 1, .len = (uint16_t)sa->answer.len, .piece = (uint16_t)i,
	};

	memcpy(body.ike, sa->ours, IKE_SPI_LEN);
	store(sa->engine->kept, &sa->answer_slots[i], KEPT_ANSWER, &body,
	    slice_of(sa->answer.datagram + at, left < KEPT_ANSWER_PIECE ? left : KEPT_ANSWER_PIECE));
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
	struct kept_child body;
	struct tail tail;

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
	tail_begin(&tail);
	ipc_encode(&tail.w, IPC_MSG_SA_SET, &c->sa);
	store(c->peer->engine->kept, &c->keep_slot, KEPT_CHILD, &body, tail_bytes(&tail));
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
restore_peer(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_peer *from = (const void *)s->b;
	struct ike_peer *p = peer_restore(e, from->ref);
	struct rbuf tail = tail_of(s);

	get_text(&tail, p->protection, sizeof(p->protection));
	get_ident(&tail, &p->id);
	p->vrf = from->vrf;
	p->path = from->path;
	between_put_peer(p);
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
restore_sa(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_sa *from = (const void *)s->b;
	struct rbuf tail = tail_of(s);
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
	get_text(&tail, sa->profile, sizeof(sa->profile));
	get_ident(&tail, &sa->peer_id);
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
	struct rbuf tail = tail_of(s);
	struct ikev2_sa *sa = ikev2_sa_restore(e, &from->path, from->initiator,
	    from->initiator ? from->spi_i : from->spi_r);

	ikev2_sa_set_first(sa, from->spi_i);
	memcpy(sa->spi_r, from->spi_r, IKE_SPI_LEN);
	get_keys(&tail, &sa->keys);
	get_text(&tail, sa->profile, sizeof(sa->profile));
	get_ident(&tail, &sa->id);
	get_ident(&tail, &sa->peer_id);
	get_secret(&tail, &sa->peer_token);
	sa->token_given = from->token_given;
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
	sa->iv = from->iv + IV_LEAP;
	sa->keep_slot = slot;
	if (e->next_conn <= sa->conn_id)
		e->next_conn = sa->conn_id + 1;
	if (e->next_session <= sa->session_id)
		e->next_session = sa->session_id + 1;
	ikev2_sa_restored(sa, from->state, from->asked);
}

/* Pieces come in any order. */
static void
restore_answer(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_answer *from = (const void *)s->b;
	struct ikev2_sa *sa = ikev2_sa_by_ours(e, from->ike);
	size_t at = (size_t)from->piece * KEPT_ANSWER_PIECE;

	if (sa == NULL || from->msgid + 1 != sa->next_in || from->piece >= KEPT_ANSWER_PIECES ||
	    at + s->tail_len > from->len ||
	    (sa->answer.datagram != NULL && sa->answer.len != from->len)) {
		kept_drop(e->kept, &slot);
		return;
	}
	if (sa->answer.datagram == NULL)
		retransmit_room(&sa->answer, from->len);
	memcpy(sa->answer.datagram + at, s->b + sizeof(*from), s->tail_len);
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
restore_child(struct ike_engine *e, uint32_t slot, const struct kept_slot *s)
{
	const struct kept_child *from = (const void *)s->b;
	struct rbuf tail = tail_of(s);
	union ipc_body body;
	struct ike_peer *p = peer_by_ref(e, from->peer_ref);
	struct ikev2_sa *sa;
	struct ike_child *c;

	if (p == NULL || ipc_decode(&tail, IPC_MSG_SA_SET, &body) != NULL) {
		kept_drop(e->kept, &slot);
		return;
	}
	c = child_restore(p);
	c->sa = body.sa;
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
		p->up_since = c->created;
	}
	if (e->next_conn <= c->conn_id + 1)
		e->next_conn = c->conn_id + 2;
	child_restored(c);
}

static bool
is_damaged(const struct kept_slot *s, size_t bytes)
{
	return s->sum != sum_of(s, bytes) || s->kind < KEPT_PEER ||
	    s->kind > KEPT_ANSWER || HEAD_BYTES + body_bytes[s->kind] + s->tail_len > bytes;
}

/* Records that are not as they were written are forgotten: what they say may be anything. */
static void
drop_damaged(struct kept *k)
{
	unsigned int n = 0;
	uint32_t i, t;

	for (t = 0; t < TABLES; t++)
		for (i = keep_next(k->table[t], 0); i < KEPT_SLOTS; i = keep_next(k->table[t], i + 1))
			if (is_damaged(keep_slot(k->table[t], i), table_bytes[t])) {
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

	for (t = 0; t < TABLES; t++) {
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
