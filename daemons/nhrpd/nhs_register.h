/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client's registration with one next hop server, RFC 2332 5.2.3 and IOS's habits:
 *
 *            go            session up        reply
 *     IDLE -----> WAIT ------------> TRY -----------> UP ---+
 *      ^           ^                  ^                ^    | a third of the hold time
 *      |           |    session       |  3 unanswered  |    v
 *      +--- stop   +--- down          +---------------LATE--+
 *
 * A request is repeated after 1, 2, 4 ... 64 s under the same request ID.
 */
#ifndef CULVERT_NHRP_NHS_REGISTER_H
#define CULVERT_NHRP_NHS_REGISTER_H

#include "nhs.h"

enum nhs_state { NHS_IDLE, NHS_WAIT, NHS_TRY, NHS_UP, NHS_LATE, NHS_STATES };
enum nhs_event { NHS_GO, NHS_SESSION_UP, NHS_SESSION_DOWN, NHS_REPLY, NHS_REFUSED,
	NHS_TIMEOUT, NHS_TIRED, NHS_STOP, NHS_EVENTS };

void nhs_register_init(struct nhrp_nhs *s);
/* Wants a session and registers as soon as it is there; nothing while the interface is not ready. */
void nhs_register_go(struct nhrp_nhs *s);
/* Nobody is told: see purge_registration. */
void nhs_register_stop(struct nhrp_nhs *s);
void nhs_register_session(struct nhrp_nhs *s);	/* came up, or went */
/* The line protocol came up: who waits for an answer asks again now, not in a minute. */
void nhs_register_line_up(struct nhrp_nhs *s);
/* A predecessor's, whose record is there. */
void nhs_register_restore(struct nhrp_nhs *s);

/* A registration reply that is for us. */
void nhs_reply(struct nhrp_rx *rx);
/* An error indication quotes this request of ours. */
void nhs_error(struct nhrp_if *ifp, uint32_t request_id, unsigned int code);

#endif
