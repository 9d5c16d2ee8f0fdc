/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ciphers and integrity algorithms as IKE's own messages need them, by one
 * set of functions for what is an AEAD (RFC 5282) and what is not.  ESP has its
 * own (daemons/espd/esp.h), made for many packets with one key.
 *
 * Keys are as long as the algorithm's KEYMAT: the salt of an AEAD and the
 * nonce of AES-CTR stand behind the key.  One thread may use this file; its
 * contexts are kept, as in crypto.h.
 */
#ifndef CULVERT_CIPHER_H
#define CULVERT_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"

#define CIPHER_BLOCK_MAX 16	/* AES */

/*
 * 0 for what is not supported.  `key_bits` is what a proposal's key length
 * says: 0 for the ciphers that have one length only (DES, 3DES, ChaCha20).
 */
size_t cipher_key_len(enum cipher c, unsigned int key_bits);	/* with salt or nonce */
size_t cipher_salt_len(enum cipher c);
size_t cipher_iv_len(enum cipher c);		/* on the wire */
size_t cipher_block_len(enum cipher c);		/* what the plaintext is padded to; 1: nothing */
size_t cipher_icv_len(enum cipher c);		/* of an AEAD; 0: it is none */
bool cipher_is_aead(enum cipher c);

/*
 * Encrypts or decrypts len bytes at p in place, for a cipher that is no AEAD.
 * `iv` is what travels in the message.  False when a length does not fit.
 */
bool cipher_crypt(enum cipher c, bool encrypt, struct slice key, struct slice iv, uint8_t *p,
    size_t len);

/*
 * An AEAD: the ICV is written to, or checked at, icv (cipher_icv_len bytes).
 * False: forged, and what is at p then is not to be looked at; or a length
 * does not fit.
 */
bool aead_seal(enum cipher c, struct slice key, struct slice iv, struct slice aad, uint8_t *p,
    size_t len, uint8_t *icv);
bool aead_open(enum cipher c, struct slice key, struct slice iv, struct slice aad, uint8_t *p,
    size_t len, const uint8_t *icv);

/* HMAC, cut to integ_icv_len(i) bytes, over n slices one after the other. */
bool integ_sum(enum integ i, struct slice key, const struct slice *in, size_t n, uint8_t *out);

/* A fresh IV for the next message: random for CBC, `counter` (never used twice with a key) else. */
void cipher_iv_next(enum cipher c, uint64_t counter, uint8_t *iv);

#endif
