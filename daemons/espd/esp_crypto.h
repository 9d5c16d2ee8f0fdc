/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ciphers under ESP.  A row of esp_ops is one way to do one kind of
 * transform; the row is chosen when an SA is installed: OpenSSL does all,
 * intel-ipsec-mb (esp_mb.c) some faster.
 *
 * A row sees the packet that esp.c has laid out and knows nothing of padding
 * or next headers: only what is authenticated, what is encrypted, and where IV
 * and ICV are.  Packets are opened in place; some rows can seal a text that lies
 * elsewhere, for the others it is brought to its place before.
 */
#ifndef CULVERT_ESP_CRYPTO_H
#define CULVERT_ESP_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algs.h"
#include "buf.h"

#define ESP_HEADER_LEN 8	/* SPI and sequence number */
#define ESP_ALIGN 4		/* what ESP asks of every cipher (RFC 4303 2.4) */

/* Lengths in bytes of a transform's parts. */
struct esp_shape {
	uint8_t iv, block, icv;
	uint8_t key, auth;	/* `key` with the salt or nonce behind it */
};

/* False when there is no such transform: a cipher needs integrity, an AEAD has its own. */
bool esp_shape_of(const struct esp_transform *t, struct esp_shape *s);

/* One packet: header, IV, text and ICV follow each other without gaps. */
struct esp_parts {
	uint8_t *header;	/* SPI and the low half of the sequence number */
	uint8_t *iv;
	uint8_t *text;		/* payload and trailer, whole blocks */
	size_t text_len;
	const uint8_t *plain;	/* sealing: what the text is made of; often `text` itself */
	uint8_t *icv;
	uint64_t seq;		/* with the half that is not sent */
};

struct esp_crypt;

/* A packet to seal or to open, as its crypt does; `ok` is the answer. */
struct esp_job {
	struct esp_crypt *crypt;
	struct esp_parts parts;
	bool ok;
};

#define ESP_JOBS_MAX 64

struct esp_ops {
	bool (*start)(struct esp_crypt *c, struct slice key, struct slice auth);
	void (*stop)(struct esp_crypt *c);	/* wipes, whatever start got done; not the salt and mask */
	bool (*seal)(struct esp_crypt *c, const struct esp_parts *p);	/* fills IV and ICV */
	bool (*open)(struct esp_crypt *c, const struct esp_parts *p);	/* false: not authentic */
	/* Up to ESP_JOBS_MAX at once, of any SAs of this row; NULL: it is no faster. */
	void (*many)(struct esp_job *const *jobs, unsigned int n);
	uint8_t backend;	/* enum esp_backend */
	bool apart;		/* `seal` takes a `plain` that is not `text` */
};

const struct esp_ops *esp_ops_openssl(const struct esp_transform *t);
const struct esp_ops *esp_ops_mb(const struct esp_transform *t);	/* NULL: not on this machine */
const struct esp_ops *esp_ops_mb_hmac(const struct esp_transform *t);	/* the same */
const struct esp_ops *esp_ops_best(const struct esp_transform *t);

/* Contexts of one direction, keys as long as the shape says; NULL when the library refuses them. */
struct esp_crypt *esp_crypt_new(const struct esp_ops *ops, bool sealing,
    const struct esp_transform *t, bool esn, struct slice key, struct slice auth);
void esp_crypt_free(struct esp_crypt *c);	/* wipes; NULL is nothing */
bool esp_crypt_seal(struct esp_crypt *c, const struct esp_parts *p);
bool esp_crypt_open(struct esp_crypt *c, const struct esp_parts *p);
bool esp_crypt_is_sealing(const struct esp_crypt *c);
uint8_t esp_crypt_backend(const struct esp_crypt *c);	/* enum esp_backend */
bool esp_crypt_batches(const struct esp_crypt *c);	/* its row has a `many` */
void esp_crypt_many(struct esp_job *const *jobs, unsigned int n);
void esp_crypt_prefetch(const struct esp_crypt *c);	/* what the next packet needs of it */

#endif
