/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NAT traversal (RFC 3947, RFC 3948): who is behind a NAT, and keeping the NAT's mapping alive.
 *
 * Who is told to encapsulate in UDP without a NAT says of his own end what is
 * not so, and the other one finds a NAT and encapsulates too; RFC 3947 has no
 * other way, nor has RFC 7296 (2.23).  Our false hash is of the true address and
 * port 0, which nobody has: so another culvert, that sees the address as it was
 * sent, knows that there is none, and does not treat the peer as one that moves.
 * Two culverts do it unasked when the vendor IDs of both say that they like it.
 */
#ifndef CULVERT_IKE_NATT_H
#define CULVERT_IKE_NATT_H

#include "ike_msg.h"
#include "ike_sa.h"

/* Whether to say what is not so; `likes`: the peer is a culvert that likes ESP in UDP. */
bool natt_force(const struct ike_engine *e, bool likes);
/* NAT-D payloads of MM3 or MM4: the peer's end first, then ours (RFC 3947 3.2). */
void natt_write_d(struct ike_sa *sa, struct ike_build *b);
/* Compares the peer's; sets nat_local and nat_remote, and forced when it is the false one. */
void natt_read_d(struct ike_sa *sa, const struct ike_msg *m);
/* Payloads and modes have the numbers of the drafts before RFC 3947, which the peer has not. */
bool natt_is_draft(const struct ike_sa *sa);
bool natt_between(const struct ike_sa *sa);	/* ESP goes in UDP */
void natt_float(struct ike_sa *sa);		/* initiator, before MM5: port 4500 from here on */
/*
 * The responder's side of that: may the peer, who was at the one path, go on by the other?  From
 * another address only where a NAT is, which may have several, and only if that one is answered.
 */
bool natt_may_float(const struct ike_engine *e, unsigned int version, const struct ike_path *from,
    const struct ike_path *to, bool nat_remote);
void natt_keepalive_start(struct ike_sa *sa);	/* when we are the ones behind the NAT */

#endif
