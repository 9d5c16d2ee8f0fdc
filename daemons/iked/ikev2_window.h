/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The windows of an IKE SA: which requests may be under way at once (RFC 7296 2.1, 2.3).
 *
 * Ours, up to `remote`, as many as the peer said that it takes.  Each is an ask, with its own
 * message ID, repetition and timer.  ID X is used once all up to X - remote are answered; an
 * ask that is not sent yet (it waits for an SPI) has its place already.
 *
 *	   5     6    7    8     9          remote is 4, and the answer to 5 is late:
 *	 asked  ans. ans. ans.  waits       there is no place for 9, though but one is under way
 *
 * The peer's, up to `local`, as many as we said that we take.  They may come in any order.  Each
 * that came is a reply, which is answered now or later and kept to be repeated.  Who uses ID X has
 * our answers to all up to X - local, so those are forgotten then: there are never more than
 * `local`.  They are forgotten after five minutes, too (2.1): nobody asks for so long, and an SA on
 * which little is said keeps nothing.  What came once is never taken again, be its answer there or
 * not.
 *
 * Both sizes are one until the initial exchanges are done and somebody says more (SET_WINDOW_SIZE,
 * ikev2_window_size.h), and they only grow.
 *
 * A window is a part of its IKE SA.  It owns asks and replies, which are allocated while they are
 * needed, and the slots in which replies are kept (kept.h); pairs of ESP SAs that are being
 * negotiated belong to ikev2_nego.h, which ends them first.
 */
#ifndef CULVERT_IKEV2_WINDOW_H
#define CULVERT_IKEV2_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "ratelimit.h"
#include "retransmit.h"

struct ikev2_nego;
struct ikev2_sa;
struct kept;

enum { IKEV2_WINDOW_MAX = 20 };		/* of either: of more we make no use */
/* What is kept of an answer (kept.h): 950 bytes a slot; what is longer is not. */
enum { KEPT_ANSWER_PIECE = 950, KEPT_ANSWER_PIECES = 8 };

enum ikev2_task_kind {		/* what requests of ours are for, most urgent first (ikev2_task.c) */
	TASK_DELETE_IKE,
	TASK_DELETE_CHILD,	/* spi: ours */
	TASK_INVALID_SPI,	/* spi: that nobody here has */
	TASK_TOKEN,		/* our crash detection token */
	TASK_WINDOW,		/* how many requests we take at once */
	TASK_REKEY_IKE,
	TASK_REKEY_CHILD,	/* spi: ours */
	TASK_NEW_CHILD,		/* spi: the peer's reference */
	TASK_LIVENESS,
	TASK_NONE,		/* no task: the initial exchanges, or what a crash left unanswered */
};

struct ikev2_ask {		/* a request of ours that has no answer yet */
	struct ikev2_sa *sa;
	enum ikev2_task_kind kind;	/* what it is for */
	uint32_t spi;
	uint32_t peer;			/* whose pairs it is about: a reference; 0: no peer's */
	struct ikev2_nego *nego;	/* the pair that it asks for; NULL: none */
	uint32_t msgid;
	uint8_t exchange;		/* 0: it is not sent yet */
	bool blind;			/* restored: what was asked with this ID is not known any more */
	struct retransmit sent;
	struct ikev2_ask *prev, *next;
};

struct ikev2_reply {		/* a request of the peer's that came, and our answer */
	uint32_t msgid;
	uint32_t pair;			/* our SPI of the pair that it brings; 0: none */
	bool initial;			/* of the initial exchanges: the window was one for sure */
	bool answered;
	mono_t answered_at;
	uint8_t *datagrams;		/* owned; NULL: not answered yet, or not known any more */
	size_t len;
	uint32_t slots[KEPT_ANSWER_PIECES];	/* KEEP_NONE: not kept */
	struct ikev2_reply *prev, *next;
};

struct ikev2_window {
	struct kept *kept;		/* has the slots */
	struct loop *loop;
	struct timer forget;		/* armed while there are answers */
	uint8_t local, remote;
	uint32_t next_out;		/* ID of our next request */
	uint32_t next_in;		/* the lowest that did not come from the peer */
	uint32_t top_in;		/* one above the highest that came */
	struct ratelimit repeats;	/* of answers */
	struct ikev2_ask *asks;
	struct ikev2_reply *replies;
};

/* What is kept of it; bits beyond those of the largest window are none. */
struct ikev2_window_kept {
	uint32_t next_out;
	uint32_t asked;			/* bit i: next_out - 1 - i has no answer yet */
	uint32_t first_in;		/* the lowest ID that is not answered */
	uint32_t answered;		/* bit i: first_in + 1 + i is */
	uint8_t local, remote;
	uint8_t pad[2];			/* named, so that what is stored has a value */
};

void window_init(struct ikev2_window *w, struct loop *l, struct kept *k);
void window_clear(struct ikev2_window *w);	/* no ask and no reply is left */
bool window_is_idle(const struct ikev2_window *w);	/* nothing is asked, nothing waits for our answer */
bool window_grow(uint8_t *size, uint32_t to);	/* to what somebody said; false: it is no more than before */

/* --- the peer's requests --- */

enum ikev2_due {
	DUE_NOW,		/* it is new */
	DUE_LATER,		/* it came, and is being answered */
	DUE_AGAIN,		/* it was answered: the same answer once more */
	DUE_FORGOTTEN,		/* it was answered: the answer is not there any more */
	DUE_NEVER,		/* outside of the window */
};

/* The lowest that did not come, or is not answered yet: the window begins there. */
uint32_t window_first_in(const struct ikev2_window *w);
enum ikev2_due window_due(const struct ikev2_window *w, uint32_t msgid);
/* All before it are answered: what must not overtake, or be overtaken, may run. */
bool window_is_turn(const struct ikev2_window *w, uint32_t msgid);
/* Who uses this ID has this answer. */
bool window_has_heard(const struct ikev2_window *w, const struct ikev2_reply *r, uint32_t msgid);
/* A request that is due is taken: its reply, and what the peer has heard is forgotten. */
struct ikev2_reply *window_take(struct ikev2_window *w, uint32_t msgid, bool initial);
struct ikev2_reply *window_reply(const struct ikev2_window *w, uint32_t msgid);	/* NULL: none */
void window_answer(struct ikev2_window *w, struct ikev2_reply *r, struct slice datagrams);	/* a copy */
/* The answer to be sent once more, or empty: the peer asks too often. */
struct slice window_repeat(struct ikev2_window *w, const struct ikev2_reply *r);

/* --- ours --- */

uint32_t window_oldest(const struct ikev2_window *w);	/* that is not answered; or our next */
bool window_has_place(const struct ikev2_window *w);	/* for another ask */
struct ikev2_ask *window_ask(struct ikev2_window *w, struct ikev2_sa *sa,
    enum ikev2_task_kind kind, uint32_t spi);		/* not sent yet */
uint32_t window_number(const struct ikev2_window *w, const struct ikev2_ask *a);	/* its message ID */
void window_sent(struct ikev2_window *w, struct ikev2_ask *a, uint8_t exchange);
struct ikev2_ask *window_asked(const struct ikev2_window *w, uint32_t msgid);	/* sent; or NULL */
bool window_is_newest(const struct ikev2_window *w, const struct ikev2_ask *a);
void window_leave(struct ikev2_window *w, struct ikev2_ask *a);	/* it is answered; the caller's now */
void window_drop(struct ikev2_window *w, struct ikev2_ask *a);	/* leaves and is freed */
void window_ask_free(struct ikev2_ask *a);		/* one that has left */

/* --- over a crash --- */

struct ikev2_window_kept window_keep(const struct ikev2_window *w);
/* Into a new one.  What was asked and has no answer is there again, as blind asks. */
void window_restore(struct ikev2_window *w, const struct ikev2_window_kept *k, struct ikev2_sa *sa);
/* Room for the answer to this request, of `len` bytes; NULL: it is not one that the peer may miss. */
struct ikev2_reply *window_restore_reply(struct ikev2_window *w, uint32_t msgid, size_t len);
void window_check_replies(struct ikev2_window *w);	/* those that lack a piece are none */

unsigned int window_pieces(const struct ikev2_reply *r);	/* in how many it is kept */

#endif
