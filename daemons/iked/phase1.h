/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What main mode (ikev1_main.c) and aggressive mode (ikev1_aggr.c) have in
 * common: who the peer is by configuration, keys, the parts of their messages,
 * and the proof of identities (RFC 2409 5).  All of it works on the half open
 * SA's struct ike_main.
 */
#ifndef CULVERT_IKE_PHASE1_H
#define CULVERT_IKE_PHASE1_H

#include "ike_msg.h"
#include "ike_sa.h"
#include "secret.h"
#include "step.h"

/* --- configuration --- */

/* Of the SA's ISAKMP profile; NULL: it has none. */
const struct conf_profile1 *phase1_profile(const struct ike_sa *sa);
/*
 * What keys are made of where that was agreed: *psk is the pre-shared key, NULL
 * where both sign.  NULL, or a sentence.
 */
const char *phase1_secret(const struct ike_sa *sa, const struct ident *peer_id,
    const struct secret **psk);
/* The policies that this SA can be agreed by: there is a key, or a certificate of ours. */
unsigned int phase1_policies(const struct ike_sa *sa, struct p1_transform want[POLICIES_MAX]);

/* --- beginning --- */

/*
 * A first message from somebody: the SA is made and the message walked.  Bounded: a
 * stranger's newest pushes out strangers' oldest.
 */
void phase1_offered(struct ike_engine *e, struct ike_msg *m);

/* --- parts of messages --- */

void phase1_begin(struct ike_sa *sa, struct ike_build *b);
/*
 * Vendor IDs as IOS says them: what we can do at once; Unity, DPD and XAUTH with the
 * key exchange.  A responder names the way of NAT traversal that it chose.
 */
void phase1_vendors_write(const struct ike_sa *sa, struct ike_build *b);
void phase1_vendors_write_late(struct ike_build *b);
void phase1_vendors_take(struct ike_sa *sa, const struct ike_msg *m);
/* Our proposal: `count` transforms; its body is kept for the hashes. */
void phase1_offer_write(struct ike_sa *sa, struct ike_build *b, const struct p1_transform *want,
    unsigned int count);
/* Chooses of what was offered, and keeps the offer; NULL: nothing is acceptable, answered so. */
const struct offer *phase1_choose(struct ike_sa *sa, struct ike_msg *m, struct offers *offers);
/* The answer must repeat one of ours; NULL, or a sentence. */
const char *phase1_take_choice(struct ike_sa *sa, struct ike_msg *m);
/* KE and NONCE of ours, made if they are not yet.  False: the group is not supported. */
bool phase1_ke_write(struct ike_sa *sa, struct ike_build *b);
/* The peer's NONCE is kept, its KE borrowed from m. */
const char *phase1_ke_take(struct ike_sa *sa, struct ike_msg *m, struct slice *ke);
/* g^xy, SKEYID and what follows from them; psk NULL: of signatures. */
const char *phase1_derive(struct ike_sa *sa, const struct secret *psk, struct slice ke);

/* --- identities and proof --- */

/* Our ID payload; its body is in *body, in the builder.  NULL, or a sentence. */
const char *phase1_id_write(struct ike_sa *sa, struct ike_build *b, struct slice *body);
/* HASH_I or HASH_R, whichever is ours, over that body; or CERT and SIG over it. */
const char *phase1_prove(struct ike_sa *sa, struct ike_build *b, struct slice id_body);
/* The same of the peer in m, which says that it is mm->peer_id; NULL, or a sentence. */
const char *phase1_verify(struct ike_sa *sa, const struct ike_msg *m, struct slice id_body);
/* As responder: the ISAKMP profile of whom the peer says that it is, mm->peer_id. */
void phase1_find_profile(struct ike_sa *sa);
/*
 * The peer is authenticated as mm->peer_id: takes that over, and as responder
 * finds the profile; the keyring of which must have the key that was used.
 * NULL, or a sentence.
 */
const char *phase1_accept(struct ike_sa *sa);
/* The responder's lifetime is shorter than what was offered: it says so, and we obey. */
void phase1_lifetime_write(struct ike_sa *sa, struct ike_build *b);
void phase1_lifetime_take(struct ike_sa *sa, const struct ike_msg *m);
void phase1_initial_contact_write(struct ike_sa *sa, struct ike_build *b);
/* The peer says that it knew nothing of us: what was before this exchange goes. */
void phase1_initial_contact_take(struct ike_sa *sa, const struct ike_msg *m);

enum step_result phase1_fail(struct ike_sa *sa, const char *why);

enum { PHASE1_TRIES = 5 };
#define PHASE1_OPTIONAL (P(VENDOR) | P(NOTIFY) | P(CERT_REQUEST))

#endif
