/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quick crash detection (RFC 6290), both roles.  A router that lost an IKE SA
 * proves it to the peer that still has it, who then needs not wait for dead peer
 * detection, and may be one whose address nobody configured.
 *
 *	HDR, SK {IDi, AUTH, N(QCD_TOKEN), ...}  -->
 *	                     <--  HDR, SK {IDr, AUTH, N(QCD_TOKEN), ...}
 *
 *	... the one on the right crashes ...
 *
 *	HDR, SK {...}  -->
 *	                     <--  HDR, N(INVALID_IKE_SPI), N(QCD_TOKEN)
 *
 * Maker: the token is not kept.  It is made again whenever it is needed, of the SA's two SPIs,
 * our address and a secret that survives crash and boot (control keeps it):
 *
 *	token = HMAC-SHA256(secret, SPIi | SPIr | our address)
 *
 * So it tells whoever asks only about SPIs that no SA of ours has; who has an SA has its
 * token, over that SA.  Our address is in it for routers that share a secret, as copies of one
 * disk do: none of them makes a token of another's SA.
 *
 * After a crash ESP comes sooner than IKE.  When nothing else can be done about it, its sender
 * is told in clear that its SPI is unknown (RFC 7296 1.5).  That proves nothing; it makes him
 * ask whether his IKE SA lives, and the answer to that has the proof.
 *
 * Taker: the peer's token is kept with the IKE SA.  A token that is right ends the IKE SA with
 * all its pairs, without a word; nothing else that came in clear does more than make us ask.
 */
#ifndef CULVERT_IKEV2_CRASH_H
#define CULVERT_IKEV2_CRASH_H

#include "ikev2_sa.h"

enum {
	CRASH_TOKEN_LEN = 32,
	CRASH_TOKEN_MIN = 16, CRASH_TOKEN_MAX = 128,	/* that RFC 6290 4.1 allows */
};

void crash_token(const struct secret *secret, const uint8_t spi_i[IKE_SPI_LEN],
    const uint8_t spi_r[IKE_SPI_LEN], const struct addr *ours, uint8_t token[CRASH_TOKEN_LEN]);

/* --- over an IKE SA --- */

/* The notification with our token of `about`, if we make any; `about` knows that it was given. */
void crash_token_put(struct ikev2_sa *about, struct ikev2_build *b);
/* If m, which authenticated, brings the peer's token of `about`, that is remembered. */
void crash_token_take(struct ikev2_sa *about, const struct ikev2_msg *m);
/* We began the SA that replaces another: its token goes over it (RFC 6290 4.3). */
void crash_token_later(struct ikev2_sa *sa);
bool ikev2_begin_token(struct ikev2_ask *a);	/* the task */
/* The configuration changed: SAs without our present token are given it (RFC 6290 4.4). */
void crash_configured(struct ike_engine *e);

/* --- in clear --- */

/* A protected message whose SPIs no SA has: a request may be answered with its token. */
void crash_answer(struct ike_engine *e, const struct ikev2_msg *m);
/* ESP came with this SPI and there is no IKE SA with its sender.  False: nothing was said. */
bool crash_hint(struct ike_engine *e, const struct ike_path *to, uint32_t spi);
/* A message in clear that is no IKE_SA_INIT.  sa: the one with its SPIs; NULL: none. */
void crash_heard(struct ike_engine *e, struct ikev2_sa *sa, struct ikev2_msg *m);

#endif
