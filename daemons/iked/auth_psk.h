/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authentication with a pre-shared key (RFC 2409 5.4, and 5 for HASH_I and HASH_R). */
#ifndef CULVERT_IKE_AUTH_PSK_H
#define CULVERT_IKE_AUTH_PSK_H

#include "keymat1.h"
#include "secret.h"

/* SKEYID = prf(pre-shared-key, Ni_b | Nr_b) into k->skeyid. */
void auth_psk_skeyid(struct keymat1 *k, const struct secret *psk, struct slice ni, struct slice nr);

struct auth_hash_input {	/* of the one who proves itself first, its peer second */
	struct slice gx_own, gx_peer;
	const uint8_t *cky_own, *cky_peer;
	struct slice sa_i;	/* body of the initiator's SA payload, whoever proves itself */
	struct slice id;	/* body of the prover's ID payload */
};
/* HASH_I or HASH_R; out has room for HASH_LEN_MAX. */
void auth_hash(const struct keymat1 *k, const struct auth_hash_input *in, uint8_t *out);

#endif
