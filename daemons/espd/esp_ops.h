/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the rows of esp_ops alone: one direction's contexts, and what GCM and its like share. */
#ifndef CULVERT_ESP_OPS_H
#define CULVERT_ESP_OPS_H

#include <endian.h>
#include <openssl/types.h>
#include <string.h>

#include "esp_crypto.h"

enum { ESP_TABLE_BYTES = 1024 };
enum { CBC_IV_LEN = 16, GCM_IV_LEN = 8, GCM_ICV_LEN = 16, GCM_NONCE_LEN = 12, GCM_AAD_MAX = 12 };

struct esp_crypt {
	const struct esp_ops *ops;
	struct esp_shape shape;
	struct esp_transform transform;
	bool sealing, esn;
	bool has_table;
	EVP_CIPHER_CTX *cipher;
	EVP_MAC_CTX *mac;
	uint8_t salt[ESP_SALT_LEN];	/* of an AEAD; the nonce of AES-CTR */
	uint8_t mask[CBC_IV_LEN];	/* of the CBC IVs that we make, see cbc_seal() */
	/* What ipsec-mb makes of the key, next to the rest, which is known where to fetch then. */
	uint8_t table[ESP_TABLE_BYTES] __attribute__((aligned(64)));
};

static inline void
put_be32(uint8_t *to, uint32_t v)
{
	to[0] = (uint8_t)(v >> 24);
	to[1] = (uint8_t)(v >> 16);
	to[2] = (uint8_t)(v >> 8);
	to[3] = (uint8_t)v;
}

/* One store: what is read again as a whole must not wait for its halves. */
static inline void
put_be64(uint8_t *to, uint64_t v)
{
	v = htobe64(v);
	memcpy(to, &v, sizeof(v));
}

/* The IV that we make is the sequence number, which never repeats. */
static inline void
gcm_make_iv(const struct esp_parts *p)
{
	put_be64(p->iv, p->seq);
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
