/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Algorithms by our own small numbers, which the configuration, the IPC and
 * the daemons share.  Numbers on the wire are each protocol's business
 * (daemons/iked/ike_wire.h), and the code is lib/crypto.h and espd's.
 */
#ifndef CULVERT_ALGS_H
#define CULVERT_ALGS_H

#include <stdbool.h>
#include <stdint.h>

enum cipher {		/* 0: none */
	CIPHER_NONE,
	CIPHER_AES_CBC,
	CIPHER_AES_GCM,		/* with a 16-byte tag (RFC 4106, RFC 5282) */
	CIPHER_NULL,
	CIPHER_AES_GCM_8,	/* the same with an 8- or 12-byte tag */
	CIPHER_AES_GCM_12,
	CIPHER_AES_GMAC,	/* authenticates only (RFC 4543) */
	CIPHER_AES_CTR,		/* RFC 3686, RFC 5930 */
	CIPHER_CHACHA20_POLY1305,	/* RFC 7634 */
	CIPHER_3DES_CBC,
	CIPHER_DES_CBC,
	CIPHER_COUNT
};

enum hash {		/* of IKE: PRF and authentication */
	HASH_NONE,
	HASH_MD5,
	HASH_SHA1,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_COUNT
};

enum integ {		/* of ESP, beside a cipher that is no AEAD */
	INTEG_NONE,
	INTEG_HMAC_SHA1_96,
	INTEG_HMAC_SHA256_128,
	INTEG_HMAC_SHA384_192,
	INTEG_HMAC_SHA512_256,
	INTEG_HMAC_MD5_96,
	INTEG_COUNT
};

enum esp_backend {	/* what does the work of an SA */
	ESP_BY_OPENSSL,
	ESP_BY_MB,	/* intel-ipsec-mb, packet by packet */
	ESP_BY_MB_MANY,	/* the same, many packets side by side */
	ESP_BACKENDS
};

enum { ESP_SALT_LEN = 4, ESP_KEY_MAX = 32 + ESP_SALT_LEN, ESP_AUTH_KEY_MAX = 64 };

enum ipsec_mode { MODE_TUNNEL = 1, MODE_TRANSPORT = 2 };
enum tunnel_kind { TUNNEL_GRE = 1, TUNNEL_MGRE = 2, TUNNEL_VTI = 3, TUNNEL_CMAP = 4 };

/* One row of a transform set, as it is configured and negotiated. */
struct esp_transform {
	uint8_t cipher;		/* enum cipher */
	uint16_t key_bits;	/* of the cipher; 0 when its key has one length only */
	uint8_t integ;		/* enum integ */
};

/* What a cipher is made of, in bytes: in ESP as in IKE's own messages. */
struct cipher_shape {
	bool sized;		/* proposals name the length of its key: 128, 192 or 256 bits */
	uint8_t key;		/* else it is this */
	uint8_t salt;		/* behind the key in KEYMAT: an AEAD's salt, the nonce of AES-CTR */
	uint8_t iv;		/* on the wire */
	uint8_t block;		/* of which the text is whole ones; 1: any length */
	uint8_t icv;		/* of an AEAD, which takes no HMAC beside it */
};

const char *hash_name(enum hash h);			/* "sha", "sha256" as IOS types them */
unsigned int hash_len(enum hash h);			/* bytes; 0 for HASH_NONE */
enum hash integ_hash(enum integ i);			/* whose HMAC it is */
unsigned int integ_key_len(enum integ i);
unsigned int integ_icv_len(enum integ i);
/* A row of zeros for CIPHER_NONE and what is no cipher. */
const struct cipher_shape *cipher_shape(enum cipher c);
/* Bytes of KEYMAT for the cipher, salt and all; 0: it has no key of so many bits, or none. */
unsigned int cipher_keymat_len(enum cipher c, unsigned int key_bits);
/* Whether ESP has it: an AEAD alone, every other cipher with an HMAC. */
bool esp_transform_ok(const struct esp_transform *t);
/* "esp-aes 256 esp-sha256-hmac" (config form) or "esp-256-aes esp-sha256-hmac" (show form). */
#define TRANSFORM_STRLEN 64
char *esp_transform_config_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN]);
char *esp_transform_show_str(const struct esp_transform *t, char buf[TRANSFORM_STRLEN]);
/* Bits of a group's field, as IOS prints ("#14 (2048 bit)"); 0: not supported. */
unsigned int dh_group_bits(unsigned int group);

#endif
