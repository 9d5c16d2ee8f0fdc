/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets for another worker's SA.
 *
 * A sequence counter and a replay window have one owner, or the peer's window
 * would see numbers far out of order.  So the worker that meets a packet for
 * an SA of another copies it, with room around it for ESP, into the ring that
 * leads from it to the owner.  There it is worked on where it lies; the ring's
 * room is free again once the owner has flushed the batch.  What does not fit
 * into a full ring is dropped and counted, as a NIC's queue would do.
 *
 * Peers and tunnels cross by their numbers: by the time they are looked up
 * they may be gone.
 */
#ifndef CULVERT_HANDOVER_H
#define CULVERT_HANDOVER_H

#include "worker.h"

#define HANDOVER_BYTES (4u << 20)	/* of each ring */
#define HANDOVER_WAITING_BYTES (256u << 10)

/* To seal for the peer and to send; DROP_OTHER_WORKER when the ring is full. */
enum drop handover_out(struct worker *w, unsigned int owner, const struct peer *peer,
    const struct wire_packet *out, uint8_t next_header);
/* ESP as it came. */
enum drop handover_in(struct worker *w, unsigned int owner, const struct wire_in *in);

/*
 * ESP whose SPI is reserved, but whose keys are still on their way from iked: the peer, who
 * has them, was faster.  Some such packets wait, a second at most, in the ring that leads
 * from the worker to itself.  False: too many or for too long.
 */
bool handover_wait(struct worker *w, const struct wire_in *in, uint32_t spi);
void handover_keys_came(struct tables *t);	/* control thread, after an SA was published */
/* Works on what the others handed over; some may be left, and then this worker wakes again. */
void handover_take(struct worker *w, struct ring *from);

#endif
