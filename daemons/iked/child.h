/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs of ESP SAs, as IKE sees them: negotiated, installed in espd, moved on,
 * rekeyed, retired.  `sa.spi`, our inbound SPI, names the pair.
 *
 * Stages (enum ipc_sa_stage).  A responder receives before QM2 leaves and sends
 * after QM3; in IKEv2, where nothing follows its answer, when the first packet came in, or
 * after two seconds.  An initiator receives before QM3 leaves; its first pair sends right
 * after that, a later one when the first packet came in on it, or 5 s after the last
 * QM2: by then the responder has QM3.  The pair before it still receives for
 * 30 s and is then deleted, aloud.
 *
 * The keys stay here only while the pair may have to be installed again;
 * half a minute after it became current they are wiped and freed.
 */
#ifndef CULVERT_IKE_CHILD_H
#define CULVERT_IKE_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "child_esp.h"
#include "ipc.h"
#include "loop.h"
#include "proposal.h"

struct ike_engine;
struct ike_peer;

enum { CHILD_SETTLE_S = 5, CHILD_RETIRE_S = 30, CHILD_UNFINISHED_S = 60 };

struct ike_child {
	struct ike_peer *peer;
	struct ikev2_sa *ike;		/* that it belongs to; NULL with IKEv1 */
	struct child_esp sa;		/* as espd has it */
	bool initiator;
	bool rekey_due;			/* soft lifetime passed and nothing replaces it yet */
	bool retiring;
	bool left_alone;		/* the peer deleted the ISAKMP SA; no other is seen yet */
	bool replaces;			/* IKEv2: it was made in the place of another */
	bool told;			/* the peer has heard that it goes */
	bool settled;			/* the keys are wiped here */
	uint8_t pfs_group;
	uint32_t life_s;
	uint64_t life_kb;
	uint32_t conn_id;		/* of the inbound SA; the outbound one has the next */
	mono_t began, created, dies_at;	/* `began`: its negotiation, as far as it is known */
	mono_t ready_at;		/* both directions; 0: not yet */
	struct timer stage_timer;	/* go current; or give up; or settle; or retire */
	struct timer life_timer;	/* backstop behind espd's hard expiry; rekey retries */
	uint32_t keep_slot;
	struct ike_child *prev, *next;
	struct ike_child *ike_prev, *ike_next;	/* of the same IKE SA */
	UT_hash_handle hh;		/* by sa.spi */
};

struct child_spec {
	uint32_t spi, peer_spi;
	const struct p2_transform *agreed;
	bool initiator;
	uint16_t replay_window;
	struct prefix ts_local, ts_remote;
	uint8_t ts_proto;
	uint16_t ts_local_port, ts_remote_port;	/* 0: any */
	mono_t began;			/* its negotiation; 0: now */
};

/* Not installed yet: the caller sets the keys (child_esp.h), then says child_install(). */
struct ike_child *child_new(struct ike_peer *p, const struct child_spec *s);
struct ike_child *child_restore(struct ike_peer *p);	/* the caller fills it in, then child_restored */
void child_restored(struct ike_child *c);
void child_install(struct ike_child *c, enum ipc_sa_stage stage);
void child_to_ipc(const struct ike_child *c, struct ipc_sa *m);	/* the caller wipes it */
void child_initiated(struct ike_child *c);	/* initiator, when QM3 has left */
void child_answered(struct ike_child *c);	/* IKEv2 responder, when its answer has left */
void child_qm2_again(struct ike_child *c);	/* QM3 or the answer was lost: wait longer */
void child_current(struct ike_child *c);	/* use it from now on, retire the others */
void child_remove(struct ike_child *c, bool tell);	/* tell: DELETE to the peer */
void child_free(struct ike_child *c);		/* when nothing leads to it any more */
struct ike_child *child_newer(const struct ike_child *c);
void child_runs_out(struct ike_child *c);	/* its end is near */
void child_rekey(struct ike_child *c);
/* The peer deleted the ISAKMP SA: a new pair is made, over a new one, unless the peer has begun. */
void child_left_alone(struct ike_child *c);
struct ike_child *child_by_spi(struct ike_engine *e, uint32_t spi);
struct ike_child *child_by_peer_spi(struct ike_peer *p, uint32_t peer_spi);
/* Of two pairs, one begun by each side, c is the one that goes if they crossed. */
bool child_loses(const struct ike_child *c, const struct ike_child *other);
bool child_usable(const struct ike_child *c);	/* both directions, not retiring */

#endif
