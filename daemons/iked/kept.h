/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What outlives a crash of this daemon: peers, established IKE SAs, pairs of ESP
 * SAs, one each a slot of a table in the monitor's memfd (lib/keep.h), and what
 * each IKEv2 SA answered last: the peer may not have heard it and ask again.  Of
 * requests of ours that have no answer the IDs are kept (ikev2_window.h).
 *
 * Each is stored before the datagram that depends on it leaves, so that a
 * successor never denies what the peer was told.  Negotiations under way are
 * not kept: the peer or we start them again.
 */
#ifndef CULVERT_IKE_KEPT_H
#define CULVERT_IKE_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "ike_sa.h"
#include "ikev2_sa.h"
#include "peer.h"

#define KEEP_NONE UINT32_MAX

struct kept;

/* fd -1: private memory.  *warm: a predecessor left something readable. */
struct kept *kept_open(int fd, bool *warm);
void kept_close(struct kept *k);

unsigned int kept_in_use(const struct kept *k);	/* records */
uint32_t kept_next_ref(struct kept *k);		/* never the same twice, restarts included */

void kept_save_peer(struct ike_peer *p);
void kept_save_sa(struct ike_sa *sa);
void kept_save_sa2(struct ikev2_sa *sa);	/* only one that is up is kept */
void kept_save_answer(struct ikev2_sa *sa, struct ikev2_reply *r);	/* before the SA, whose window vouches for it */
void kept_drop_sa2(struct ikev2_sa *sa);	/* with its answers */
void kept_leave_sa2(struct ikev2_sa *sa);	/* the SA goes, what is kept of it stays */
void kept_save_child(struct ike_child *c);
void kept_drop(struct kept *k, uint32_t *slot);	/* wiped; *slot becomes KEEP_NONE */
void kept_restore(struct ike_engine *e);	/* peers, then SAs and pairs */

#endif
