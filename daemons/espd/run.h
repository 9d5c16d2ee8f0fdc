/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The short way of a super-packet to a peer by UDP 4500.
 *
 * What it is cut into goes to one peer by one SA, so what is asked of a packet is asked
 * once for all of them.  They are not copied: each is made in the device's buffer, over the
 * end of the one before it, and the cipher writes it to where it will be sent from.  A run of
 * them is one UDP_SEGMENT send (struct wire_run), and what comes of the next super-packet may
 * join it.
 *
 * Everything else goes the long way: one packet, a cipher that gains by batches, raw ESP,
 * another worker's SA, an SA near its end.
 */
#ifndef CULVERT_RUN_H
#define CULVERT_RUN_H

#include "gre.h"
#include "segment.h"
#include "worker.h"

struct run {
	struct worker *w;
	struct peer *peer;
	struct sa *sa;			/* that the peer is sent to by */
	struct tunnel *tunnel;		/* that counts it; NULL: none */
	const struct gre *gre;		/* in front of each piece; NULL: nothing */
	struct wire_to to;		/* its tos, ttl and df; the rest is run_send's */
	/* what became of it */
	unsigned int count;		/* pieces that leave */
	size_t bytes;			/* of them, as they were cut */
	unsigned int lost;		/* others, counted as dropped */
	/* run.c's own */
	uint8_t next_header;
	size_t gre_len;
};

/* Whether the peer's SA takes this super-packet of `len` bytes, which is IPv4 or IPv6. */
bool run_fits(struct run *r, uint8_t version, size_t len);
/*
 * If it does: sends it.  What is at p is lost; there are GRE_HEADER_MAX bytes in front of it if
 * it goes by GRE, and SEGMENT_BEHIND behind it.  False when it is malformed; nothing was sent then.
 */
bool run_send(struct run *r, const struct vnet *v, uint8_t *p, size_t len);

#endif
