/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One IKE message: the header and its chain of payloads (RFC 2408 3.1, 3.2).
 *
 * Reading: a received datagram is borrowed; the chain of an encrypted one is
 * decrypted into the message's own room.  Payload bodies are slices of either,
 * and cannot see past their own length.
 *
 * Writing: payloads are appended to a builder, which fills in the lengths and
 * each "next payload" behind itself.
 */
#ifndef CULVERT_IKE_MSG_H
#define CULVERT_IKE_MSG_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "cipher.h"
#include "ike_wire.h"
#include "path.h"

#define IKE_PAYLOADS_MAX 40

struct ike_header {
	uint8_t cky_i[IKE_COOKIE_LEN], cky_r[IKE_COOKIE_LEN];
	uint8_t next, version, exchange, flags;
	uint32_t msgid, length;
};

struct ike_payload {
	uint8_t type;
	struct slice body;		/* without the generic header */
	struct slice after;		/* from the next payload to the end of the last one */
};

struct ike_msg {
	struct ike_path path;		/* how it came */
	struct slice datagram;
	struct ike_header h;
	unsigned int count;
	uint32_t seen;			/* P() bits */
	struct ike_payload payload[IKE_PAYLOADS_MAX];
	uint8_t last_block[CIPHER_BLOCK_MAX];	/* of the ciphertext: the next IV */
	uint8_t plain[IKE_DATAGRAM_MAX];
};

/* All return NULL, or a sentence saying what is wrong. */
const char *ike_header_read(struct rbuf *r, struct ike_header *h);
const char *ike_msg_open(struct ike_msg *m, const struct ike_path *path, struct slice datagram);
const char *ike_msg_read_clear(struct ike_msg *m);
const char *ike_msg_read_encrypted(struct ike_msg *m, enum cipher cipher, struct slice key,
    const uint8_t *iv);
/* The chain alone: what the fuzzer feeds. `padded`: bytes may follow the last payload. */
const char *ike_payloads_read(struct ike_msg *m, struct slice chain, bool padded);

/* The nth (from 0) payload of this type, or NULL. */
const struct ike_payload *ike_msg_find(const struct ike_msg *m, uint8_t type, unsigned int nth);
struct slice ike_msg_body(const struct ike_msg *m, uint8_t type);	/* of the first; empty if none */

struct ike_build {
	struct wbuf w;
	size_t next_at;			/* where the next payload's type goes */
	size_t payload_at;		/* the payload being written; 0: none */
	uint8_t buf[IKE_DATAGRAM_MAX];
};

void ike_build_begin(struct ike_build *b, const uint8_t cky_i[8], const uint8_t cky_r[8],
    uint8_t exchange, uint32_t msgid);
struct wbuf *ike_build_payload(struct ike_build *b, uint8_t type);	/* closes the one before */
void ike_build_put(struct ike_build *b, uint8_t type, struct slice body);
struct slice ike_build_chain(struct ike_build *b, size_t from);	/* closes; bytes from offset */
/* Closes, pads and encrypts; iv becomes the last block.  False when the message did not fit. */
bool ike_build_encrypt(struct ike_build *b, enum cipher cipher, struct slice key,
    uint8_t iv[CIPHER_BLOCK_MAX]);
struct slice ike_build_end(struct ike_build *b);	/* the datagram; empty when it did not fit */

#endif
