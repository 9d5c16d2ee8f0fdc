/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_window.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "kept.h"
#include "log.h"

enum {
	REPEATS = 4, REPEAT_MS = 1000,	/* beyond one at once of each answer; after which another */
	FORGET_S = 300,
};

static void forget_due(struct timer *t);

void
window_init(struct ikev2_window *w, struct loop *l, struct kept *k)
{
	*w = (struct ikev2_window){.loop = l, .kept = k, .local = 1, .remote = 1,
	    .forget = {.run = forget_due}};
}

static void
drop_slots(struct ikev2_window *w, struct ikev2_reply *r)
{
	for (unsigned int i = 0; i < KEPT_ANSWER_PIECES; i++)
		kept_drop(w->kept, &r->slots[i]);
}

static void
forget(struct ikev2_window *w, struct ikev2_reply *r)
{
	drop_slots(w, r);
	DL_DELETE(w->replies, r);
	free(r->datagrams);
	free(r);
}

/* It came, and that is all that is known of it. */
static void
strip(struct ikev2_window *w, struct ikev2_reply *r)
{
	drop_slots(w, r);
	free(r->datagrams);
	r->datagrams = NULL;
}

/* Those above the lowest that lacks are told from new ones by their replies alone. */
static void
forget_due(struct timer *t)
{
	struct ikev2_window *w = container_of(t, struct ikev2_window, forget);
	mono_t now = loop_now(w->loop), next = mono_us(0), at;
	struct ikev2_reply *r, *tmp;

	DL_FOREACH_SAFE (w->replies, r, tmp) {
		at = mono_add(r->answered_at, mono_s(FORGET_S));
		if (r->datagrams == NULL)
			continue;
		if (mono_before(now, at))
			next = next.us == 0 || mono_before(at, next) ? at : next;
		else if (r->msgid < w->next_in)
			forget(w, r);
		else
			strip(w, r);
	}
	if (next.us != 0)
		timer_at(t, w->loop, next);
}

void
window_clear(struct ikev2_window *w)
{
	timer_stop(&w->forget);
	while (w->asks != NULL)
		window_drop(w, w->asks);
	while (w->replies != NULL)
		forget(w, w->replies);
}

bool
window_grow(uint8_t *size, uint32_t to)
{
	if (to > IKEV2_WINDOW_MAX)
		to = IKEV2_WINDOW_MAX;
	if (to <= *size)
		return false;
	*size = (uint8_t)to;
	return true;
}

/* --- the peer's requests --- */

uint32_t
window_first_in(const struct ikev2_window *w)
{
	const struct ikev2_reply *r;
	uint32_t first = w->next_in;

	DL_FOREACH (w->replies, r)
		if (!r->answered && r->msgid < first)
			first = r->msgid;
	return first;
}

bool
window_is_idle(const struct ikev2_window *w)
{
	const struct ikev2_reply *r;

	DL_FOREACH (w->replies, r)
		if (!r->answered)
			return false;
	return w->asks == NULL;
}

struct ikev2_reply *
window_reply(const struct ikev2_window *w, uint32_t msgid)
{
	struct ikev2_reply *r;

	DL_FOREACH (w->replies, r)
		if (r->msgid == msgid)
			break;
	return r;
}

enum ikev2_due
window_due(const struct ikev2_window *w, uint32_t msgid)
{
	const struct ikev2_reply *r = window_reply(w, msgid);

	if (r != NULL)
		return !r->answered ? DUE_LATER : r->datagrams != NULL ? DUE_AGAIN : DUE_FORGOTTEN;
	if (msgid < w->next_in)
		return DUE_FORGOTTEN;
	return msgid - window_first_in(w) < w->local ? DUE_NOW : DUE_NEVER;
}

bool
window_is_turn(const struct ikev2_window *w, uint32_t msgid)
{
	return window_first_in(w) == msgid;
}

bool
window_has_heard(const struct ikev2_window *w, const struct ikev2_reply *r, uint32_t msgid)
{
	return msgid > r->msgid && (r->initial || msgid - r->msgid >= w->local);
}

static struct ikev2_reply *
reply_new(struct ikev2_window *w, uint32_t msgid)
{
	struct ikev2_reply *r = calloc(1, sizeof(*r));

	if (r == NULL)
		log_fatal("out of memory for an answer");
	r->msgid = msgid;
	for (unsigned int i = 0; i < KEPT_ANSWER_PIECES; i++)
		r->slots[i] = KEEP_NONE;
	DL_APPEND(w->replies, r);
	return r;
}

struct ikev2_reply *
window_take(struct ikev2_window *w, uint32_t msgid, bool initial)
{
	struct ikev2_reply *r = reply_new(w, msgid), *it, *tmp;

	r->initial = initial;
	while (window_reply(w, w->next_in) != NULL)
		w->next_in++;
	if (msgid >= w->top_in)
		w->top_in = msgid + 1;
	DL_FOREACH_SAFE (w->replies, it, tmp)
		if (it->answered && it->msgid < w->next_in && window_has_heard(w, it, msgid))
			forget(w, it);
	return r;
}

static void
make_room(struct ikev2_window *w, struct ikev2_reply *r, size_t len)
{
	r->datagrams = malloc(len);
	if (r->datagrams == NULL)
		log_fatal("out of memory for an answer");
	r->len = len;
	r->answered = true;
	r->answered_at = loop_now(w->loop);
	if (w->forget.loop == NULL)
		timer_in(&w->forget, w->loop, mono_s(FORGET_S));
}

void
window_answer(struct ikev2_window *w, struct ikev2_reply *r, struct slice datagrams)
{
	make_room(w, r, datagrams.len);
	memcpy(r->datagrams, datagrams.p, datagrams.len);
}

struct slice
window_repeat(struct ikev2_window *w, const struct ikev2_reply *r)
{
	w->repeats.burst = REPEATS + w->local;
	w->repeats.interval = mono_ms(REPEAT_MS / w->local);
	if (r == NULL || r->datagrams == NULL || !ratelimit_take(&w->repeats, loop_now(w->loop)))
		return (struct slice){NULL, 0};
	return slice_of(r->datagrams, r->len);
}

unsigned int
window_pieces(const struct ikev2_reply *r)
{
	return (unsigned int)((r->len + KEPT_ANSWER_PIECE - 1) / KEPT_ANSWER_PIECE);
}

/* --- ours --- */

static bool
has_number(const struct ikev2_ask *a)
{
	return a->exchange != 0 || a->blind;
}

uint32_t
window_oldest(const struct ikev2_window *w)
{
	const struct ikev2_ask *a;
	uint32_t oldest = w->next_out;

	DL_FOREACH (w->asks, a)
		if (has_number(a) && a->msgid < oldest)
			oldest = a->msgid;
	return oldest;
}

bool
window_has_place(const struct ikev2_window *w)
{
	const struct ikev2_ask *a;
	uint32_t next = w->next_out;

	DL_FOREACH (w->asks, a)
		next += !has_number(a);
	return next - window_oldest(w) < w->remote;
}

struct ikev2_ask *
window_ask(struct ikev2_window *w, struct ikev2_sa *sa, enum ikev2_task_kind kind, uint32_t spi)
{
	struct ikev2_ask *a = calloc(1, sizeof(*a));

	if (a == NULL)
		log_fatal("out of memory for a request");
	a->sa = sa;
	a->kind = kind;
	a->spi = spi;
	DL_APPEND(w->asks, a);
	return a;
}

uint32_t
window_number(const struct ikev2_window *w, const struct ikev2_ask *a)
{
	return has_number(a) ? a->msgid : w->next_out;
}

void
window_sent(struct ikev2_window *w, struct ikev2_ask *a, uint8_t exchange)
{
	a->msgid = window_number(w, a);
	a->exchange = exchange;
	if (a->msgid == w->next_out)
		w->next_out++;
}

struct ikev2_ask *
window_asked(const struct ikev2_window *w, uint32_t msgid)
{
	struct ikev2_ask *a;

	DL_FOREACH (w->asks, a)
		if (a->exchange != 0 && a->msgid == msgid)
			break;
	return a;
}

bool
window_is_newest(const struct ikev2_window *w, const struct ikev2_ask *a)
{
	return a->msgid + 1 == w->next_out;
}

void
window_leave(struct ikev2_window *w, struct ikev2_ask *a)
{
	DL_DELETE(w->asks, a);
	retransmit_free(&a->sent);
}

void
window_ask_free(struct ikev2_ask *a)
{
	free(a);
}

void
window_drop(struct ikev2_window *w, struct ikev2_ask *a)
{
	window_leave(w, a);
	window_ask_free(a);
}

/* --- over a crash --- */

struct ikev2_window_kept
window_keep(const struct ikev2_window *w)
{
	struct ikev2_window_kept k = {.next_out = w->next_out, .first_in = window_first_in(w),
	    .local = w->local, .remote = w->remote};
	const struct ikev2_ask *a;
	const struct ikev2_reply *r;

	DL_FOREACH (w->asks, a)
		if (has_number(a))
			k.asked |= 1u << (w->next_out - 1 - a->msgid);
	DL_FOREACH (w->replies, r)
		if (r->answered && r->msgid > k.first_in)
			k.answered |= 1u << (r->msgid - k.first_in - 1);
	return k;
}

void
window_restore(struct ikev2_window *w, const struct ikev2_window_kept *k, struct ikev2_sa *sa)
{
	w->local = w->remote = 1;
	window_grow(&w->local, k->local);
	window_grow(&w->remote, k->remote);
	w->next_out = k->next_out;
	w->next_in = w->top_in = k->first_in;
	for (unsigned int i = 0; i < IKEV2_WINDOW_MAX; i++) {
		if ((k->answered >> i & 1) != 0) {
			reply_new(w, k->first_in + 1 + i)->answered = true;
			w->top_in = k->first_in + 2 + i;
		}
		if ((k->asked >> i & 1) != 0 && i < k->next_out) {
			struct ikev2_ask *a = window_ask(w, sa, TASK_NONE, 0);

			a->msgid = k->next_out - 1 - i;
			a->blind = true;
		}
	}
}

/* Every ID below next_in is answered, and the peer may miss the last `local` of all. */
struct ikev2_reply *
window_restore_reply(struct ikev2_window *w, uint32_t msgid, size_t len)
{
	struct ikev2_reply *r = window_reply(w, msgid);

	if (r == NULL && msgid < w->next_in && w->top_in - msgid <= w->local) {
		r = reply_new(w, msgid);
		r->answered = true;
	}
	if (r == NULL || !r->answered || len == 0 || (r->datagrams != NULL && r->len != len))
		return NULL;
	if (r->datagrams == NULL)
		make_room(w, r, len);
	return r;
}

static bool
lacks_a_piece(const struct ikev2_reply *r)
{
	for (unsigned int i = 0; r->datagrams != NULL && i < window_pieces(r); i++)
		if (r->slots[i] == KEEP_NONE)
			return true;
	return false;
}

void
window_check_replies(struct ikev2_window *w)
{
	struct ikev2_reply *r;

	DL_FOREACH (w->replies, r)
		if (lacks_a_piece(r))
			strip(w, r);
}
