/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IKEv2's exchanges, as the rest of the daemon and they themselves start them.
 *
 *	ikev2_init.c	IKE_SA_INIT, with cookies and INVALID_KE_PAYLOAD
 *	ikev2_auth.c	IKE_AUTH: identities, AUTH, the first pair of ESP SAs
 *	ikev2_child.c	CREATE_CHILD_SA: another pair, or one that replaces one
 *	ikev2_rekey.c	CREATE_CHILD_SA: an IKE SA that replaces this one
 *	ikev2_info.c	INFORMATIONAL: DELETE, liveness, notifications
 */
#ifndef CULVERT_IKEV2_H
#define CULVERT_IKEV2_H

#include "ikev2_sa.h"
#include "step.h"

/* A datagram whose header says version 2. */
void ikev2_receive(struct ike_engine *e, const struct ike_path *path, struct slice datagram);

/* ikev2_init.c.  NULL: it cannot even begin. */
struct ikev2_sa *ikev2_init_start(struct ike_engine *e, const char *profile, const struct addr *local,
    const struct addr *remote, uint32_t peer_ref);
void ikev2_init_offer(struct ike_engine *e, struct ikev2_msg *m);	/* a first message */
/* NAT detection (RFC 7296 2.23). */
void ikev2_nat_write(struct ikev2_sa *sa, struct ikev2_build *b);
void ikev2_nat_read(struct ikev2_sa *sa, const struct ikev2_msg *m);

/* ikev2_auth.c: IKE_SA_INIT is done, as initiator. */
enum step_result ikev2_auth_start(struct ikev2_sa *sa);

/* Tasks begin, as requests; false: there is nothing to be done. */
bool ikev2_begin_new_child(struct ikev2_ask *a);
bool ikev2_begin_rekey_child(struct ikev2_ask *a);
bool ikev2_begin_rekey_ike(struct ikev2_ask *a);
bool ikev2_begin_delete_child(struct ikev2_ask *a);
bool ikev2_begin_delete_ike(struct ikev2_ask *a);
bool ikev2_begin_invalid_spi(struct ikev2_ask *a);
bool ikev2_begin_liveness(struct ikev2_ask *a);

/* Restored, and somebody listens now: what was asked is asked blindly. */
void ikev2_ask_blindly(struct ikev2_sa *sa);

/* ikev2_rekey.c: CREATE_CHILD_SA for an IKE SA, either way. */
enum step_result ikev2_rekey_take_request(struct ikev2_sa *sa, struct ikev2_msg *m);
enum step_result ikev2_rekey_take_answer(struct ikev2_sa *sa, struct ikev2_msg *m);
/* The peer closes sa while we rekey it: what it began in its place wins. */
void ikev2_rekey_closed(struct ikev2_sa *sa);

/* Rows: which message may come in which state, and what it must and may have. */
struct ikev2_step {
	const char *story;		/* for the log */
	uint8_t exchange;		/* enum ikev2_exchange_type */
	bool request;			/* else the answer to one of ours */
	uint32_t in;			/* IN() bits: states that it may come in */
	uint32_t must, may;		/* P2() masks of payloads */
	/* Such a request must neither overtake others nor be overtaken; NULL: none must. */
	bool (*in_turn)(const struct ikev2_msg *m);
	enum step_result (*run)(struct ikev2_sa *sa, struct ikev2_msg *m);
	uint8_t to;			/* 0: the state stays */
};

#define IN(state) (1u << IKEV2_##state)

extern const struct ikev2_step ikev2_init_steps[], ikev2_auth_steps[], ikev2_child_steps[],
    ikev2_info_steps[];

/* Counted once and said in debug; a message without an SA also in the log, seldom. */
void ikev2_drop(struct ike_engine *e, const struct ikev2_msg *m, enum ike_counter what,
    const char *why);
void ikev2_enter(struct ikev2_sa *sa, enum ikev2_state to, const char *story);

#endif
