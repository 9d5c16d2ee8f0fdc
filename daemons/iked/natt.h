/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NAT traversal (RFC 3947, RFC 3948): who is behind a NAT, and keeping the NAT's mapping alive. */
#ifndef CULVERT_IKE_NATT_H
#define CULVERT_IKE_NATT_H

#include "ike_msg.h"
#include "ike_sa.h"

/* NAT-D payloads of MM3 or MM4: the peer's end first, then ours (RFC 3947 3.2). */
void natt_write_d(struct ike_sa *sa, struct ike_build *b);
/* Compares the peer's; sets nat_local and nat_remote. */
void natt_read_d(struct ike_sa *sa, const struct ike_msg *m);
/* Payloads and modes have the numbers of the drafts before RFC 3947, which the peer has not. */
bool natt_is_draft(const struct ike_sa *sa);
bool natt_between(const struct ike_sa *sa);	/* ESP goes in UDP */
void natt_float(struct ike_sa *sa);		/* initiator, before MM5: port 4500 from here on */
void natt_keepalive_start(struct ike_sa *sa);	/* when we are the ones behind the NAT */

#endif
