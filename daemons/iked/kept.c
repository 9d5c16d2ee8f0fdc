/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "kept_records.h"
#include "log.h"

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
	to->forced = sa->forced;
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
	    .nat_local = sa->nat_local, .nat_remote = sa->nat_remote, .forced = sa->forced,
	    .fragments = sa->fragments,
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

void
kept_save_answer(struct ikev2_sa *sa)
{
	unsigned int i, pieces = kept_answer_pieces(sa);

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
