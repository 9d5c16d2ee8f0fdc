/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth_psk.h"

#include "ike_wire.h"

void
auth_psk_skeyid(struct keymat1 *k, const struct secret *psk, struct slice ni, struct slice nr)
{
	prf(k->hash, slice_of(psk->b, psk->len), (struct slice[]){ni, nr}, 2, k->skeyid);
}

/*
 *	HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b)
 *	HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b)
 */
void
auth_hash(const struct keymat1 *k, const struct auth_hash_input *in, uint8_t *out)
{
	struct slice parts[] = {in->gx_own, in->gx_peer, slice_of(in->cky_own, IKE_COOKIE_LEN),
	    slice_of(in->cky_peer, IKE_COOKIE_LEN), in->sa_i, in->id};

	prf(k->hash, slice_of(k->skeyid, hash_len(k->hash)), parts, 6, out);
}
