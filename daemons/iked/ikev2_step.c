/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking IKEv2's state machine: a message is checked against the row before
 * any function of the row runs: its message ID, that it authenticates, which
 * payloads are there and how often, and the state.
 */
#include <string.h>

#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_nego.h"
#include "ikev2_sk.h"
#include "kept.h"
#include "log.h"

/* What may be there more than once; all else is there once or not at all. */
#define MANY (P2(N) | P2(D) | P2(V) | P2(CERT) | P2(CERTREQ))

static const char *const state_names[] = {
	[IKEV2_START] = "IDLE", [IKEV2_I_INIT] = "I_WAIT_INIT", [IKEV2_I_AUTH] = "I_WAIT_AUTH",
	[IKEV2_R_INIT] = "R_WAIT_AUTH", [IKEV2_R_AUTH] = "R_VERIFY_AUTH", [IKEV2_UP] = "READY",
	[IKEV2_OLD] = "REKEYED", [IKEV2_CLOSING] = "DELETE", [IKEV2_FAILED] = "EXIT",
};

void
ikev2_enter(struct ikev2_sa *sa, enum ikev2_state to, const char *story)
{
	ikev2_debug(sa, "SM Trace-> CurState: %s NewState: %s (%s)", state_names[sa->state],
	    state_names[to], story);
	sa->state = (uint8_t)to;
}

void
ikev2_drop(struct ike_engine *e, const struct ikev2_msg *m, enum ike_counter what, const char *why)
{
	engine_count(e, what);
	diagnose_note(e, why);
	log_debug_about(LOG_DEBUG_IKEV2, &m->path.remote, "IKEv2",
	    "dropped message from %s port %u: %s", ADDR_STR(&m->path.remote), m->path.remote_port, why);
	if (what == IKE_DROP_NO_SA && ratelimit_take(&e->stranger_log, engine_now(e)))
		log_event(LOG_SEV_WARNING, "CRYPTO", "IKMP_NO_SA",
		    "IKE message from %s has no SA and is not an initialization offer",
		    ADDR_STR(&m->path.remote));
}

/* --- tables --- */

static const struct ikev2_step *
table_of(uint8_t exchange)
{
	switch (exchange) {
	case EXCHANGE2_INIT:
		return ikev2_init_steps;
	case EXCHANGE2_AUTH:
		return ikev2_auth_steps;
	case EXCHANGE2_CHILD:
		return ikev2_child_steps;
	case EXCHANGE2_INFO:
		return ikev2_info_steps;
	default:
		return NULL;
	}
}

/* The first that fits; *expected: there is one, but for the payloads. */
static const struct ikev2_step *
find_step(const struct ikev2_sa *sa, const struct ikev2_msg *m, bool *expected)
{
	const struct ikev2_step *s = table_of(m->h.exchange);

	*expected = false;
	for (; s != NULL && s->story != NULL; s++) {
		if (s->request != ikev2_is_request(m) || (s->in >> sa->state & 1) == 0)
			continue;
		*expected = true;
		if ((m->seen & s->must) == s->must && (m->seen & ~(s->must | s->may)) == 0 &&
		    (m->twice & ~MANY) == 0)
			return s;
	}
	return NULL;
}

/* --- before it is read --- */

/* RFC 7296 2.1: the same request again is answered with the same answer again. */
static void
answer_again(struct ikev2_sa *sa, const struct ikev2_msg *m, const struct ikev2_reply *r)
{
	struct slice answer = window_repeat(&sa->window, r);
	struct ike_child *c;

	if (answer.len == 0) {
		ikev2_drop(sa->engine, m, IKE_DROP_DUPLICATE, "seen before");
		return;
	}
	engine_count(sa->engine, IKE_DUPLICATE_ANSWERED);
	ikev2_send(sa, answer);
	c = r->pair == 0 ? NULL : ikev2_child_by_spi(sa, r->pair);
	if (c != NULL)
		child_qm2_again(c);	/* the peer does not have it yet */
}

static void
repetition(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ike_engine *e = sa->engine;
	const char *why = NULL;

	if (m->h.exchange == EXCHANGE2_INIT) {
		if (sa->init == NULL || !slice_eq(m->datagram,
		    slice_of(sa->init->request, sa->init->request_len)))
			why = "another first message with the SPI of one that is answered";
	} else {
		why = ikev2_unseal(m, &sa->keys, !sa->initiator);
	}
	if (why != NULL)
		ikev2_drop(e, m, IKE_DROP_AUTH, why);
	else if (m->fragment > 1)
		ikev2_drop(e, m, IKE_DROP_DUPLICATE, "seen before");
	else
		answer_again(sa, m, window_reply(&sa->window, m->h.msgid));
}

static bool
is_answer_due(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct ikev2_ask *a = window_asked(&sa->window, m->h.msgid);

	if (a != NULL && (a->exchange == m->h.exchange || a->blind))
		return true;
	ikev2_drop(sa->engine, m, IKE_DROP_DUPLICATE, "no request waits for this answer");
	return false;
}

static bool
is_due(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	if (!ikev2_is_request(m))
		return is_answer_due(sa, m);
	switch (window_due(&sa->window, m->h.msgid)) {
	case DUE_NOW:
		return true;
	case DUE_AGAIN:
	case DUE_LATER:
		repetition(sa, m);
		return false;
	case DUE_FORGOTTEN:
		ikev2_drop(sa->engine, m, IKE_DROP_DUPLICATE, "seen before");
		return false;
	default:
		ikev2_drop(sa->engine, m, IKE_DROP_WINDOW, "its message ID is not in the window");
		return false;
	}
}

/* True when the chain of payloads is there to be read. */
static bool
opens(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	bool clear = m->h.exchange == EXCHANGE2_INIT;
	const char *why = NULL;

	if (clear && ikev2_msg_is_encrypted(m)) {
		ikev2_drop(sa->engine, m, IKE_DROP_UNEXPECTED, "encrypted before there are keys");
		return false;
	}
	if (clear)
		return true;
	why = ikev2_unseal(m, &sa->keys, !sa->initiator);
	if (why != NULL) {
		ikev2_drop(sa->engine, m, IKE_DROP_AUTH, why);
		return false;
	}
	return m->fragments == 0 || ikev2_parts_add(&sa->parts, m);
}

/* --- what is wrong with it --- */

/* RFC 7296 2.21: whoever holds the keys and still says nonsense is told so, and that is the end. */
static void
refuse_syntax(struct ikev2_sa *sa, struct ikev2_msg *m, const char *why)
{
	bool before = sa->init != NULL;

	ikev2_drop(sa->engine, m, IKE_DROP_PAYLOADS, why);
	if (m->h.exchange == EXCHANGE2_INIT)
		return;			/* anybody may have sent it */
	if (!ikev2_is_request(m)) {
		if (before)
			ikev2_sa_failed(sa, why);
		else
			ikev2_sa_delete(sa, why);
		return;
	}
	window_take(&sa->window, m->h.msgid, before);
	ikev2_refuse(sa, m->h.msgid, m->h.exchange, N2_INVALID_SYNTAX, (struct slice){NULL, 0});
	if (before)
		ikev2_sa_failed(sa, why);
	else
		ikev2_sa_dead(sa, why);
}

static void
refuse_critical(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	static const char why[] = "a payload that is not known must be understood";

	ikev2_drop(sa->engine, m, IKE_DROP_PAYLOADS, why);
	if (m->h.exchange == EXCHANGE2_INIT || !ikev2_is_request(m))
		return;
	ikev2_parts_drop(&sa->parts, m);	/* it may have come in parts, too */
	window_take(&sa->window, m->h.msgid, sa->init != NULL);
	ikev2_refuse(sa, m->h.msgid, m->h.exchange, N2_UNSUPPORTED_CRITICAL_PAYLOAD,
	    slice_of(&m->critical, 1));
	if (sa->init != NULL)
		ikev2_sa_failed(sa, why);
}

/* --- a message arrives --- */

/* Whoever makes this request has some of our answers: the pairs that came with those are there. */
static void
answers_arrived(struct ikev2_sa *sa, uint32_t msgid)
{
	const struct ikev2_reply *r;
	struct ike_child *c;

	DL_FOREACH (sa->window.replies, r) {
		if (r->pair == 0 || !window_has_heard(&sa->window, r, msgid))
			continue;
		c = ikev2_child_by_spi(sa, r->pair);
		if (c != NULL && c->sa.stage == SA_BOTH && !c->retiring && c->peer->current == NULL)
			child_current(c);
	}
}

/*
 * The request of ours that it answers, or NULL.  Anybody can answer IKE_SA_INIT: that one waits
 * until the answer proves to be one.
 */
static struct ikev2_ask *
taken(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ikev2_window *w = &sa->window;
	struct ikev2_ask *a = NULL;
	bool newest;

	ikev2_parts_drop(&sa->parts, m);
	if (ikev2_is_request(m)) {
		answers_arrived(sa, m->h.msgid);
		window_take(w, m->h.msgid, sa->init != NULL);
		newest = m->h.msgid + 1 == w->top_in;
	} else if (m->h.exchange != EXCHANGE2_INIT) {
		a = window_asked(w, m->h.msgid);
		newest = window_is_newest(w, a);
		window_leave(w, a);
		kept_save_sa2(sa);
	} else {
		return NULL;
	}
	ikev2_sa_heard(sa, &m->path, newest);
	return a;
}

static void
run(struct ikev2_sa *sa, const struct ikev2_step *s, struct ikev2_msg *m)
{
	struct ikev2_ask *before = sa->asked, *a = taken(sa, m);
	enum step_result result;

	sa->asked = a;
	result = s->run(sa, m);
	if (a != NULL && a->nego != NULL)
		ikev2_nego_end(a->nego);
	window_ask_free(a);
	sa->asked = before;		/* who sends may be answered before he returns */
	if (result == STEP_DONE && s->to != 0 && !sa->gone)
		ikev2_enter(sa, s->to, s->story);
	ikev2_task_next(sa);
}

/* It is as if it came later: the peer repeats it. */
static bool
must_wait(struct ikev2_sa *sa, const struct ikev2_step *s, const struct ikev2_msg *m)
{
	if (s->in_turn == NULL || !s->in_turn(m) || window_is_turn(&sa->window, m->h.msgid))
		return false;
	ikev2_drop(sa->engine, m, IKE_DROP_EARLY, "requests before it are to be answered first");
	return true;
}

static void
sa_receive(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct ikev2_step *s;
	const char *why;
	bool expected;

	if (((m->h.flags & IKEV2_FLAG_INITIATOR) != 0) == sa->initiator) {
		ikev2_drop(sa->engine, m, IKE_DROP_MALFORMED, "the initiator flag is wrong");
		return;
	}
	if (!is_due(sa, m) || !opens(sa, m))
		return;
	why = m->h.exchange == EXCHANGE2_INIT ? ikev2_msg_read_clear(m) : ikev2_msg_read_inner(m);
	if (why != NULL) {
		refuse_syntax(sa, m, why);
		return;
	}
	if (m->critical != 0) {
		refuse_critical(sa, m);
		return;
	}
	s = find_step(sa, m, &expected);
	if (s != NULL && must_wait(sa, s, m))
		return;
	if (s != NULL)
		run(sa, s, m);
	else if (expected)
		refuse_syntax(sa, m, "a payload is missing or out of place");
	else
		ikev2_drop(sa->engine, m, IKE_DROP_UNEXPECTED, "nothing expects this message in this state");
}

static bool
is_offer(const struct ikev2_msg *m)
{
	static const uint8_t zero[IKE_SPI_LEN];

	return m->h.exchange == EXCHANGE2_INIT && ikev2_is_request(m) && m->h.msgid == 0 &&
	    (m->h.flags & IKEV2_FLAG_INITIATOR) != 0 &&
	    memcmp(m->h.cky_r, zero, IKE_SPI_LEN) == 0 && memcmp(m->h.cky_i, zero, IKE_SPI_LEN) != 0;
}

static void
receive(struct ike_engine *e, struct ikev2_msg *m)
{
	struct ikev2_sa *sa;

	if (is_offer(m)) {
		sa = ikev2_sa_by_first_message(e, &m->h, &m->path);
		if (sa != NULL)
			repetition(sa, m);
		else
			ikev2_init_offer(e, m);
		return;
	}
	sa = ikev2_sa_by_spis(e, &m->h);
	if (m->h.exchange != EXCHANGE2_INIT && !ikev2_msg_is_encrypted(m)) {
		crash_heard(e, sa, m);
	} else if (sa != NULL) {
		sa_receive(sa, m);
	} else {
		ikev2_drop(e, m, IKE_DROP_NO_SA, "no SA has these SPIs");
		crash_answer(e, m);
	}
}

void
ikev2_receive(struct ike_engine *e, const struct ike_path *path, struct slice datagram)
{
	static struct ikev2_msg m;	/* 18 KB, and one message is handled at a time */
	const char *why = ikev2_msg_open(&m, path, datagram);

	if (why != NULL)
		ikev2_drop(e, &m, IKE_DROP_MALFORMED, why);
	else
		receive(e, &m);
	wipe(m.plain, m.inner.len);
}
