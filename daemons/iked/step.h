/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking a state machine.
 *
 * The tables in ikev1_*.c are the protocol; the walker checks what arrived
 * against the row before any function of the row runs: the state, encryption,
 * which payloads must and may be there, and that it authenticates.  It is the
 * only place that changes an exchange's state.
 */
#ifndef CULVERT_IKE_STEP_H
#define CULVERT_IKE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "ike_msg.h"
#include "ike_sa.h"

enum step_result {
	STEP_DONE,	/* enter the row's next state */
	STEP_WAIT,	/* something else must come first; step_resume() then runs `resume` */
	STEP_FAIL,	/* the exchange is over; the row's function said why and cleaned up */
};

struct ikev1_step {
	const char *story;		/* for the log */
	uint8_t exchange;		/* enum ike_exchange_type */
	bool initiator;			/* our part in it */
	bool starts;			/* no message: we begin */
	bool encrypted;
	bool or_clear;			/* ... or not */
	uint8_t auth;			/* enum ipc_auth of phase 1; 0: whichever */
	uint8_t from, to;		/* enum ikev1_state */
	uint32_t must, may;		/* P() masks of payloads */
	/* NULL, or why the message is not the peer's: it is dropped, the exchange lives on. */
	const char *(*verify)(struct ike_exchange *x, struct ike_msg *m);
	enum step_result (*run)(struct ike_exchange *x, struct ike_msg *m);
	enum step_result (*resume)(struct ike_exchange *x);	/* NULL: never waits */
};

extern const struct ikev1_step ikev1_main_steps[], ikev1_aggr_steps[], ikev1_quick_steps[],
    ikev1_info_steps[];

/* Begin an exchange of ours. */
enum step_result step_begin(struct ike_exchange *x);
/* A message for an SA that exists. */
void step_receive(struct ike_sa *sa, struct ike_msg *m);
/* What a waiting exchange waited for is there. */
void step_resume(struct ike_exchange *x);

/* Counts, says why (debug; a rate-limited line where IOS has one), and that is all. */
void ike_drop(struct ike_engine *e, const struct ike_msg *m, enum ike_counter what,
    const char *why);

#endif
