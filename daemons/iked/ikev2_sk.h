/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encrypted payloads: SK (RFC 7296 3.14, RFC 5282 for AEADs) and its fragments
 * SKF (RFC 7383).
 */
#ifndef CULVERT_IKEV2_SK_H
#define CULVERT_IKEV2_SK_H

#include <stdbool.h>
#include <stdint.h>

#include "ikev2_msg.h"
#include "keymat2.h"

/* Datagrams one after the other: each one's header says how long it is. */
#define IKEV2_SEALED_MAX (IKEV2_MESSAGE_MAX + 8192)

/*
 * Appends the chain of `b`, encrypted, to w: as one datagram, or as several of
 * at most `most` bytes if it is longer than that (0: never).  `iv` counts up.
 * False when it does not fit.
 */
bool ikev2_seal(struct wbuf *w, const struct keymat2 *k, bool initiator, const struct ike_header *h,
    struct ikev2_build *b, uint64_t *iv, size_t most);

/*
 * Checks and decrypts: m->inner is the chain, or a part of it when m->fragments
 * is not 0.  NULL or a sentence.  `initiator`: it comes from the SA's initiator.
 */
const char *ikev2_unseal(struct ikev2_msg *m, const struct keymat2 *k, bool initiator);

enum { IKEV2_FRAGMENTS_MAX = 64 };

struct ikev2_parts;		/* fragments that are there already, message by message */

/*
 * A fragment that authenticated, of a message that is due: so the windows bound how many
 * messages there are.  True: it is whole, and in m->inner.
 */
bool ikev2_parts_add(struct ikev2_parts **list, struct ikev2_msg *m);
/* The message came, in whatever fragments: what is left of others is of no use. */
void ikev2_parts_drop(struct ikev2_parts **list, const struct ikev2_msg *m);
void ikev2_parts_free(struct ikev2_parts **list);	/* all */

#endif
