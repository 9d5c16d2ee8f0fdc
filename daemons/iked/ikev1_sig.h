/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Phase 1 with signatures (RFC 2409 5.1): what CERTREQ asks for, our
 * certificates and SIG, and whether the peer's are to be believed.
 *
 * The signature is over HASH_I or HASH_R, which phase1.c makes; auth_cert.h
 * signs, pki.h knows the certificates.  Unlike IKEv2, a CERTREQ names its CA by
 * subject (RFC 2408 3.10), one payload for each.
 */
#ifndef CULVERT_IKE_IKEV1_SIG_H
#define CULVERT_IKE_IKEV1_SIG_H

#include "ike_msg.h"
#include "ike_sa.h"

/*
 * Whether we could sign at all: a policy wants it, and of the trustpoints of the ISAKMP profile
 * (empty: of all) one has a certificate of ours and its RSA key.
 */
bool sig1_ready(const struct ike_conf *conf, const char *profile);

/* CERTREQ payloads of ours; the peer's, kept in sa->mm. */
void sig1_ask(const struct ike_sa *sa, struct ike_build *b);
void sig1_heard(struct ike_sa *sa, const struct ike_msg *m);

/* SKEYID = prf(Ni_b | Nr_b, g^xy) into k->skeyid */
void sig1_skeyid(struct keymat1 *k, struct slice ni, struct slice nr, struct slice gxy);

/* What we say that we are: `id` if our certificate has it, else its subject. */
const char *sig1_ident(const struct ike_sa *sa, struct ident *id);
/* CERT payloads and SIG over our hash.  NULL, or a sentence. */
const char *sig1_prove(const struct ike_sa *sa, struct ike_build *b, struct slice hash);
/* The message's CERT and SIG prove that the peer is sa->mm->peer_id, of whom `hash` is.  NULL, or
 * a sentence. */
const char *sig1_check(struct ike_sa *sa, const struct ike_msg *m, struct slice hash);

#endif
