/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What AUTH proves (RFC 7296 2.15): the octets that are signed, and the
 * signature that is a MAC with a pre-shared key.
 */
#ifndef CULVERT_IKE_AUTH2_H
#define CULVERT_IKE_AUTH2_H

#include "crypto.h"
#include "secret.h"

/*
 * Of the side that proves itself: its IKE_SA_INIT message as it was sent, the
 * other side's nonce, and prf(SK_p, its ID payload's body).
 */
struct auth2_octets {
	struct slice message, nonce;
	uint8_t id_mac[HASH_LEN_MAX];
	size_t id_mac_len;
};

void auth2_octets(struct auth2_octets *o, enum hash h, struct slice message, struct slice nonce,
    const uint8_t *sk_p, struct slice id_body);

/* prf(prf(secret, "Key Pad for IKEv2"), octets); out has room for HASH_LEN_MAX. */
bool auth2_psk(enum hash h, const struct secret *psk, const struct auth2_octets *o, uint8_t *out);

#endif
