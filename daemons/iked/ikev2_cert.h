/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates in IKEv2's exchanges (RFC 7296 3.6 and 3.7, RFC 4945, RFC 7427).
 *
 *	IKE_SA_INIT   both say which hashes they verify; the responder which CAs it trusts
 *	IKE_AUTH      the initiator asks for CAs, too; certificates stand before AUTH
 *
 * A certificate map chooses the profile by a certificate that nobody has looked at
 * yet; the profile says which CAs count, and only then is it believed.
 */
#ifndef CULVERT_IKEV2_CERT_H
#define CULVERT_IKEV2_CERT_H

#include "auth2.h"
#include "ikev2_sa.h"

#define IKEV2_MAPS_ROOM 512	/* names of certificate maps, as pki_maps() writes them */

/* In IKE_SA_INIT: adds what we say, and keeps what the peer said (in any message of both). */
void ikev2_cert_offer(struct ikev2_sa *sa, struct ikev2_build *b);
void ikev2_cert_heard(struct ikev2_sa *sa, const struct ikev2_msg *m);

/* Our certificate and key under this profile, for the CAs that the peer asked for. */
bool ikev2_cert_own(const struct ikev2_sa *sa, const struct conf_profile2 *prof,
    struct pki_own *own);
/* An initiator whose profile wants a signature of the peer asks for the CAs that count. */
void ikev2_cert_ask(const struct ikev2_sa *sa, const struct conf_profile2 *prof,
    struct ikev2_build *b);
/* CERT and AUTH.  NULL or a sentence. */
const char *ikev2_cert_prove(const struct ikev2_sa *sa, const struct pki_own *own,
    const struct auth2_octets *o, struct ikev2_build *b);

/* Certificate maps that the first certificate in m satisfies, unseen who made it. */
void ikev2_cert_maps(const struct ikev2_sa *sa, const struct ikev2_msg *m,
    char maps[IKEV2_MAPS_ROOM]);
/* The peer's AUTH is a signature: NULL when it proves that the peer is `id`. */
const char *ikev2_cert_check(struct ikev2_sa *sa, const struct conf_profile2 *prof,
    const struct ikev2_msg *m, const struct ident *id, const struct auth2_octets *o,
    uint8_t method, struct slice signature);

#endif
