/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cisco's fragmentation of IKEv1 messages, for paths that lose fragments of IP
 * (crypto isakmp fragmentation).  Each piece is a message of its own, in clear,
 * with one payload:
 *
 *	HDR | next 0, reserved, length (2) | message id (2) | number (1) | flags (1) | bytes
 *
 * Numbers begin with 1; bit 0 of the flags marks the last.  What comes out is an
 * IKE message like any other, checked as such.  Pieces prove nothing: so only an
 * SA that exists takes them, one message at a time, no longer than any message.
 */
#ifndef CULVERT_IKEV1_FRAG_H
#define CULVERT_IKEV1_FRAG_H

#include <stdbool.h>
#include <stdint.h>

#include "ike_wire.h"
#include "buf.h"

enum { FRAGMENTS_MAX = 16, FRAGMENT_PACKET_MAX = 576 };

struct ike_fragments {		/* one message on its way in; the SA's */
	uint16_t id;
	uint8_t count;		/* of all; 0: the last has not come */
	uint16_t len[FRAGMENTS_MAX];	/* 0: not here yet */
	size_t total;
	uint8_t *piece[FRAGMENTS_MAX];
};

struct ike_header;
struct ike_sa;

/* A payload of type 132.  NULL, or why it is dropped.  *whole is empty while pieces are missing;
 * then it lives in `room`. */
const char *fragment_take(struct ike_fragments *f, struct slice body,
    uint8_t room[IKE_DATAGRAM_MAX], struct slice *whole);
void fragments_free(struct ike_fragments *f);

/* Whether the peer takes pieces, and a datagram of `len` bytes needs it. */
bool fragment_wanted(const struct ike_sa *sa, size_t len);
/* Piece n (from 0) of a datagram as a datagram of its own; empty: there is none any more. */
struct slice fragment_write(const struct ike_sa *sa, struct slice datagram, unsigned int n,
    uint8_t room[FRAGMENT_PACKET_MAX]);

#endif
