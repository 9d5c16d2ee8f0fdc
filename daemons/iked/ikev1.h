/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv1's exchanges, as the rest of the daemon starts them. */
#ifndef CULVERT_IKEV1_H
#define CULVERT_IKEV1_H

#include "ike_msg.h"
#include "ike_sa.h"

/* Phase 1, main or aggressive mode as the configuration says (phase1.c). */
void ikev1_start(struct ike_engine *e, const struct addr *local, const struct addr *remote);
void ikev1_main_offer(struct ike_engine *e, struct ike_msg *m);	/* MM1 from somebody */
void ikev1_aggr_offer(struct ike_engine *e, struct ike_msg *m);	/* AM1 */

/* Quick mode (ikev1_quick.c) ... */
void ikev1_quick_start(struct ike_sa *sa, struct ike_peer *p);

/* ... and its life (quick.c). */
struct ike_quick *ikev1_quick_new(struct ike_sa *sa, uint32_t msgid, bool initiator);
void ikev1_quick_fail(struct ike_quick *q, const char *why);
void ikev1_quick_end(struct ike_quick *q);	/* unlink, free soon */
void ikev1_quick_free(struct ike_quick *q);	/* the reaper's */
void ikev1_quick_over(struct ike_quick *q);	/* done: lingers to answer repetitions */
void ikev1_quick_reserve_spi(struct ike_quick *q);	/* the step waits; resumed with q->spi */
bool ikev1_quick_running(const struct ike_peer *p);
void ikev1_quick_set_peer(struct ike_quick *q, struct ike_peer *p);	/* NULL: nobody any more */
void ikev1_quick_forget(struct ike_peer *p);	/* the peer goes */
void ikev1_quick_forget_child(struct ike_child *c);

/* Informational (ikev1_info.c): each is one message of its own. */
void ikev1_send_delete_esp(struct ike_sa *sa, uint32_t spi);
void ikev1_send_delete_isakmp(struct ike_sa *sa);
void ikev1_send_notify(struct ike_sa *sa, uint8_t proto, uint16_t type, struct slice spi,
    struct slice data);
/* Before there are keys: in clear, untrusted, at most a few a second. */
void ikev1_send_clear_notify(struct ike_engine *e, const struct ike_msg *m, uint16_t type);

/* HASH(1) of a phase 2 message, which starts with it.  NULL, or a sentence. */
const char *ikev1_verify_hash1(struct ike_exchange *x, struct ike_msg *m);
/* Closes the builder's chain and fills in its first payload, a HASH of the right size. */
void ikev1_sign_hash1(struct ike_exchange *x, struct ike_build *b, struct slice nonce);
void ikev1_begin_hashed(struct ike_exchange *x, struct ike_build *b);

#endif
