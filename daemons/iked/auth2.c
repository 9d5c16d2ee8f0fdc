/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth2.h"

#include <string.h>

void
auth2_octets(struct auth2_octets *o, enum hash h, struct slice message, struct slice nonce,
    const uint8_t *sk_p, struct slice id_body)
{
	*o = (struct auth2_octets){.message = message, .nonce = nonce, .id_mac_len = hash_len(h)};
	prf(h, slice_of(sk_p, hash_len(h)), &id_body, 1, o->id_mac);
}

bool
auth2_psk(enum hash h, const struct secret *psk, const struct auth2_octets *o, uint8_t *out)
{
	static const char pad[] = "Key Pad for IKEv2";
	struct slice padding = slice_of(pad, sizeof(pad) - 1);
	struct slice octets[] = {o->message, o->nonce, {o->id_mac, o->id_mac_len}};
	uint8_t key[HASH_LEN_MAX];
	bool good = prf(h, slice_of(psk->b, psk->len), &padding, 1, key) &&
	    prf(h, slice_of(key, hash_len(h)), octets, 3, out);

	wipe(key, sizeof(key));
	return good;
}
