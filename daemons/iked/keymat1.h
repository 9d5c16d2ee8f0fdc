/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of IKEv1: SKEYID and its children, IVs, and KEYMAT (RFC 2409 5, 5.5, appendix B). */
#ifndef CULVERT_IKE_KEYMAT1_H
#define CULVERT_IKE_KEYMAT1_H

#include <stdint.h>

#include "algs.h"
#include "buf.h"
#include "cipher.h"
#include "crypto.h"
#include "ipc.h"

struct keymat1 {
	uint8_t hash;			/* enum hash: also the PRF */
	uint8_t cipher, key_len;	/* enum cipher, in CBC; bytes */
	uint8_t skeyid[HASH_LEN_MAX];	/* wiped once the peer is authenticated */
	uint8_t d[HASH_LEN_MAX], a[HASH_LEN_MAX], e[HASH_LEN_MAX];
	uint8_t key[32];		/* encryption key */
};

/* From SKEYID (already in k->skeyid, see auth_psk.h) and g^xy. */
void keymat1_derive(struct keymat1 *k, struct slice gxy, const uint8_t cky_i[8],
    const uint8_t cky_r[8], enum cipher cipher, unsigned int key_bits);
void keymat1_wipe(struct keymat1 *k);
struct slice keymat1_key(const struct keymat1 *k);

/* hash(g^xi | g^xr): of the first encrypted message of phase 1. */
void keymat1_first_iv(const struct keymat1 *k, struct slice gxi, struct slice gxr,
    uint8_t iv[CIPHER_BLOCK_MAX]);
/* hash(last block of phase 1 | M-ID), the block as long as the cipher's: of the first message of each later exchange. */
void keymat1_exchange_iv(const struct keymat1 *k, const uint8_t last[CIPHER_BLOCK_MAX],
    uint32_t msgid, uint8_t iv[CIPHER_BLOCK_MAX]);
/* prf(SKEYID_a, parts...). */
void keymat1_auth(const struct keymat1 *k, const struct slice *in, size_t n, uint8_t *out);

/*
 * KEYMAT of one direction: the ESP keys of the SA whose receiver chose `spi`.
 * gxy is empty without PFS.
 */
void keymat1_esp(const struct keymat1 *k, const struct esp_transform *t, struct slice gxy,
    uint32_t spi, struct slice ni, struct slice nr, struct esp_secret *cipher_key,
    struct esp_secret *auth_key);

#endif
