/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diffie-Hellman as IKE has it: groups by their IANA number, public values and
 * shared secrets as fixed-length byte strings.
 *
 *	group		what			public value	shared secret
 *	1, 2		MODP (RFC 2409)		96, 128		as long
 *	5, 14, 15, 16	MODP (RFC 3526)		192 ... 512	as long
 *	19, 20, 21	ECP (RFC 5903)		64, 96, 132: x | y	32, 48, 66: x only
 *	24		MODP, a subgroup of 256 bits (RFC 5114)	256	256
 *	31		Curve25519 (RFC 8031)	32		32
 *
 * A peer's value is checked before use as RFC 6989 asks: 1 < y < p - 1 for
 * MODP, and membership of the subgroup for group 24; a point on the curve for
 * ECP.  Curve25519 takes every string, but a shared secret of zeros is refused
 * (RFC 7748 6.1).  Everything is padded on the left with zeros to its full
 * length, except that Curve25519's strings are as RFC 7748 has them.
 *
 * Generators of key pairs are kept for the next one: one thread may use this
 * file, as with crypto.h.
 */
#ifndef CULVERT_DH_H
#define CULVERT_DH_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define DH_SECRET_MAX 512	/* a 4096-bit MODP group */
#define DH_PUBLIC_MAX 512

struct dh;			/* one key pair */

/* g^xy; the caller wipes it when the keys are derived. */
struct dh_secret {
	uint16_t len;
	uint8_t b[DH_SECRET_MAX];
};

size_t dh_public_len(unsigned int group);	/* bytes in a KE payload; 0: not supported */

/* A fresh key pair; NULL when the group is not supported. */
struct dh *dh_new(unsigned int group);
void dh_free(struct dh *d);			/* wipes; NULL is nothing */
unsigned int dh_group(const struct dh *d);
struct slice dh_public(const struct dh *d);	/* lives as long as d */

/* NULL and the secret, or a sentence and an empty secret. */
const char *dh_shared(const struct dh *d, struct slice peer, struct dh_secret *out);
void dh_secret_wipe(struct dh_secret *s);

/* For the vectors of the RFCs: this key pair, as long as the group has it; NULL if it is none. */
struct dh *dh_new_test(unsigned int group, struct slice private_value, struct slice public_value);

#endif
