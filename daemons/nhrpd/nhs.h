/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Next hop servers of a client: registration, RFC 2332 5.2.3 and IOS's habits.
 *
 * Each `ip nhrp nhs` of an interface is one machine:
 *
 *            go            session up        reply
 *     IDLE -----> WAIT ------------> TRY -----------> UP ---+
 *      ^           ^                  ^                ^    | a third of the hold time
 *      |           |    session       |  3 unanswered  |    v
 *      +--- stop   +--- down          +---------------LATE--+
 *
 * A request is repeated after 1, 2, 4 ... 64 s under the same request ID.  The
 * E and R that `show dmvpn` prints: E from TRY on, R in UP and LATE, W in WAIT.
 */
#ifndef CULVERT_NHRP_NHS_H
#define CULVERT_NHRP_NHS_H

#include "nhrp_if.h"

enum nhs_state { NHS_IDLE, NHS_WAIT, NHS_TRY, NHS_UP, NHS_LATE, NHS_STATES };
enum nhs_event { NHS_GO, NHS_SESSION_UP, NHS_SESSION_DOWN, NHS_REPLY, NHS_REFUSED,
	NHS_TIMEOUT, NHS_TIRED, NHS_STOP, NHS_EVENTS };

struct nhs_record {		/* what is kept */
	char ifname[16];
	struct addr nhs, nbma;
	uint8_t multicast;
	uint8_t state;
	uint8_t pad[2];
	uint32_t request_id;
	uint32_t requests, failed, replies;
	int64_t last_reply_us;	/* 0: none */
	int64_t due_us;		/* of the timer; 0: none */
	uint32_t retry_s;	/* the pause before the next repetition */
	uint32_t tries;		/* of this request */
};

struct nhrp_nhs {
	struct nhrp_if *ifp;
	struct nhs_record r;
	uint32_t slot;
	bool stale;
	struct nhrp_peer *peer;
	struct timer timer;
	struct nhrp_nhs *prev, *next;
};

void nhs_set(struct nhrp_if *ifp, const struct ipc_nhs *conf);
/* The client leaves: the server is told, if it can be reached. */
void nhs_del(struct nhrp_if *ifp, const struct addr *nhs);
void nhs_del_all(struct nhrp_if *ifp);
void nhs_restore(struct nhrp *n, const struct nhs_record *r, uint32_t slot);

/* The interface's settings changed: ready or not, other addresses, other timers. */
void nhs_if_changed(struct nhrp_if *ifp);
void nhs_if_leaving(struct nhrp_if *ifp);	/* before its addresses change or it goes */
/* A session came up or went away. */
void nhs_session(struct nhrp_peer *p);
/* The line protocol came up: who waits for an answer asks again now, not in a minute. */
void nhs_line_up(struct nhrp_if *ifp);
/* A registration reply that is for us. */
void nhs_reply(struct nhrp_rx *rx);
/* An error indication quotes this request of ours. */
void nhs_error(struct nhrp_if *ifp, uint32_t request_id, unsigned int code);

/* The first that answers (and is not `except`, which may be NULL); NULL: none. */
struct nhrp_nhs *nhs_responding(const struct nhrp_if *ifp, const struct addr *except);
bool nhs_is_responding(const struct nhrp_nhs *s);

#endif
