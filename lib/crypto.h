/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What IKE needs of cryptography: hashes and the PRF.  Ciphers are in cipher.h.
 *
 * The PRF is HMAC over one of IKE's hashes (RFC 2104, RFC 4868 2.7).  What is
 * hashed is given as a list of slices, in the order the RFC writes them:
 *
 *	HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b)
 *	prf(hash, skeyid, (struct slice[]){gxi, gxr, cky_i, cky_r, sa, id}, 6, hash_i);
 *
 * The contexts below are the process's own, made at first use and freed when
 * it exits: one thread may use this file.  The forwarder's workers do not;
 * each of their SAs has its own (daemons/espd/esp.h).
 */
#ifndef CULVERT_CRYPTO_H
#define CULVERT_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"

#define HASH_LEN_MAX 64		/* SHA-512 */

/*
 * `out` takes hash_len(h) bytes and may be one of the inputs.  False only for
 * HASH_NONE and for an algorithm that this machine's OpenSSL is told to refuse
 * (MD5 in FIPS mode); out is zero then.
 */
bool hash_all(enum hash h, const struct slice *in, size_t n, uint8_t *out);
bool prf(enum hash h, struct slice key, const struct slice *in, size_t n, uint8_t *out);
/* With the key that prf() was last given for this hash: what is made of the key is at hand. */
bool prf_again(enum hash h, const struct slice *in, size_t n, uint8_t *out);

/*
 * More key than one PRF block gives (RFC 2409 5.5 and appendix B):
 *
 *	K1 = prf(key, first)    K2 = prf(key, K1 | rest)    K3 = prf(key, K2 | rest) ...
 *
 * KEYMAT has the same `first` and `rest` (protocol | SPI | Ni_b | Nr_b); the
 * stretched encryption key has a zero byte and nothing.
 */
bool prf_stretch(enum hash h, struct slice key, struct slice first, struct slice rest,
    uint8_t *out, size_t len);

#endif
