/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pair of ESP SAs while it is negotiated, in IKE_AUTH or CREATE_CHILD_SA:
 *
 *	SAi2, [Ni, KEi,] TSi, TSr [, N(USE_TRANSPORT_MODE)]  -->
 *	             <--  SAr2, [Nr, KEr,] TSi, TSr [, N(USE_TRANSPORT_MODE)]
 *
 * The exchanges own what stands around it.  Each waits here once, for an SPI
 * from espd.
 */
#ifndef CULVERT_IKEV2_NEGO_H
#define CULVERT_IKEV2_NEGO_H

#include "ikev2.h"
#include "peer.h"
#include "ts.h"

struct ikev2_nego {
	struct ikev2_sa *sa;
	struct ikev2_ask *ask;		/* that asks for it; NULL: we are asked ... */
	struct ikev2_reply *reply;	/* ... and this is to be answered */
	struct spi_wait wait;
	void (*ready)(struct ikev2_nego *n);	/* n->spi is there; 0: espd has none */
	bool initiator;
	bool with_ke;			/* CREATE_CHILD_SA: nonces, and KE with PFS */
	struct ike_peer *peer;
	uint32_t old;			/* our SPI of the pair that it replaces; 0: none */
	uint32_t spi, peer_spi;
	unsigned int wants;
	struct p2_transform want[PROFILE_TRANSFORMS_MAX];
	struct prop2 agreed;
	uint8_t mode;			/* enum ipsec_mode, as agreed */
	struct ts local, remote;	/* as they are said on the wire */
	uint8_t group;			/* of our KE; 0: none */
	struct dh *dh;
	struct dh_secret gxy;
	struct ike_nonce ni, nr;
	struct {			/* the peer replaces the same pair at the same time */
		uint32_t spi;		/* ours, of its pair; 0: it does not */
		struct ike_nonce lowest;
	} rival;
	uint32_t gone[4];		/* pairs that the peer deleted, and we do not know: this one? */
	struct ikev2_nego *prev, *next;	/* on the same IKE SA */
};

struct ikev2_nego *ikev2_nego_ask(struct ikev2_ask *a);
struct ikev2_nego *ikev2_nego_reply(struct ikev2_sa *sa, uint32_t msgid);	/* a request that was taken */
void ikev2_nego_end(struct ikev2_nego *n);	/* frees it; an SPI that no pair took is released */
void ikev2_nego_reserve(struct ikev2_nego *n, void (*ready)(struct ikev2_nego *n));

/* As initiator.  False: the protection has nothing to offer. */
bool ikev2_nego_want(struct ikev2_nego *n, struct ike_peer *p);
bool ikev2_nego_offer(struct ikev2_nego *n, struct ikev2_build *b);
/* NULL, or why the answer is none. */
const char *ikev2_nego_take_answer(struct ikev2_nego *n, const struct ikev2_msg *m);

/* As responder: 0 and n->peer, or the notification to refuse it with. */
uint16_t ikev2_nego_take_offer(struct ikev2_nego *n, const struct ikev2_msg *m);
void ikev2_nego_answer(struct ikev2_nego *n, struct ikev2_build *b);

/* Both sides: the pair with its keys, not installed yet; the SPI is its own now.  NULL: no keys. */
struct ike_child *ikev2_nego_child(struct ikev2_nego *n, struct slice ni, struct slice nr);

/* All on an IKE SA (ikev2_negos.c). */
unsigned int ikev2_negos_count(const struct ikev2_sa *sa);
bool ikev2_negos_asked(const struct ikev2_sa *sa);	/* an answer may bring us a pair */
bool ikev2_negos_for(const struct ikev2_sa *sa, const struct ike_peer *p);
/* The peer deletes a pair that is not here: perhaps the answer that brings it was overtaken. */
void ikev2_negos_gone(struct ikev2_sa *sa, uint32_t peer_spi);
void ikev2_negos_refuse(struct ikev2_sa *sa);	/* those that the peer asks for */
void ikev2_negos_abandon(struct ikev2_sa *sa, const struct ike_peer *p);	/* nobody wants them any more */

/* The lower of the two nonces of one exchange, and which of two is lower (RFC 7296 2.8.1). */
struct slice ikev2_lowest(const struct ike_nonce *ni, const struct ike_nonce *nr);
bool ikev2_is_lower(struct slice a, struct slice b);

#endif
