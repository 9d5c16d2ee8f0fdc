/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the rows of esp_ops alone: one direction's contexts, and what GCM and its like share. */
#ifndef CULVERT_ESP_OPS_H
#define CULVERT_ESP_OPS_H

#include <openssl/types.h>
#include <string.h>

#include "esp.h"
#include "esp_crypto.h"

enum { CBC_IV_LEN = 16, GCM_IV_LEN = 8, GCM_ICV_LEN = 16, GCM_NONCE_LEN = 12, GCM_AAD_MAX = 12 };

struct esp_crypt {
	const struct esp_ops *ops;
	struct esp_shape shape;
	struct esp_transform transform;
	bool sealing, esn;
	EVP_CIPHER_CTX *cipher;
	EVP_MAC_CTX *mac;
	struct gcm_key_data *mb_key;	/* esp_mb.c's */
	struct mb_hmac_key *mb_hmac;	/* esp_mb_hmac.c's */
	uint8_t salt[ESP_SALT_LEN];	/* of an AEAD; the nonce of AES-CTR */
	uint8_t mask[CBC_IV_LEN];	/* of the CBC IVs that we make, see cbc_seal() */
};

static inline void
put_be32(uint8_t *to, uint32_t v)
{
	to[0] = (uint8_t)(v >> 24);
	to[1] = (uint8_t)(v >> 16);
	to[2] = (uint8_t)(v >> 8);
	to[3] = (uint8_t)v;
}

/* The IV that we make is the sequence number, which never repeats. */
static inline void
gcm_make_iv(const struct esp_parts *p)
{
	put_be32(p->iv, (uint32_t)(p->seq >> 32));
	put_be32(p->iv + 4, (uint32_t)p->seq);
}

/* RFC 4106 4 */
static inline void
gcm_nonce(const struct esp_crypt *c, const struct esp_parts *p, uint8_t nonce[GCM_NONCE_LEN])
{
	memcpy(nonce, c->salt, ESP_SALT_LEN);
	memcpy(nonce + ESP_SALT_LEN, p->iv, GCM_IV_LEN);
}

/* RFC 4106 5: with ESN the whole number is in it. */
static inline size_t
gcm_aad(const struct esp_crypt *c, const struct esp_parts *p, uint8_t aad[GCM_AAD_MAX])
{
	memcpy(aad, p->header, ESP_HEADER_LEN);
	if (!c->esn)
		return ESP_HEADER_LEN;
	put_be32(aad + 4, (uint32_t)(p->seq >> 32));
	memcpy(aad + 8, p->header + 4, 4);
	return 12;
}

#endif
