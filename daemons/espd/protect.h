/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ESP around a packet on its way to a peer: which SA, which addresses, which numbers. */
#ifndef CULVERT_PROTECT_H
#define CULVERT_PROTECT_H

#include "worker.h"

/*
 * Seal out's payload, whose protocol is `next_header` (ESP_NEXT_*), with the
 * peer's current SA and queue it.  Without one, iked hears of it.
 */
enum drop protect_seal(struct worker *w, struct peer *peer, struct wire_packet *out,
    uint8_t next_header);

/*
 * How long a payload may be for the peer, of that protocol (ESP_NEXT_GRE or
 * another), so that what protects it has at most `mtu` bytes; SIZE_MAX: there
 * is no SA to say.
 */
size_t protect_room(const struct peer *peer, uint8_t next_header, size_t mtu);

/*
 * Seal with an SA that the caller has looked at: its mode decides what out
 * must hold.  And what there is to do without one.
 */
enum drop protect_seal_by(struct worker *w, struct peer *peer, struct sa *sa,
    struct wire_packet *out, uint8_t next_header);
enum drop protect_want(struct worker *w, struct peer *peer);	/* DROP_OUT_NO_SA */

/*
 * The parts of that for who asks once for many packets (run.h): whether the SA may
 * carry such payloads now; one sealed at once, as esp_seal_to() does it; and what is
 * counted once they are queued, or were not.
 */
enum drop protect_may_send(const struct worker *w, const struct sa *sa, uint8_t next_header);
enum drop protect_seal_to(struct sa *sa, uint8_t *p, size_t len, uint8_t *to, uint8_t next_header);
void protect_count(struct worker *w, struct peer *peer, struct sa *sa, unsigned int packets,
    size_t bytes);
void protect_count_errors(struct peer *peer, struct sa *sa, unsigned int packets);

#endif
