/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One IKEv2 message: the header and its chain of payloads (RFC 7296 3.1, 3.2).
 *
 * Reading: a received datagram is borrowed; what was encrypted is decrypted
 * into the message's own room (ikev2_sk.h), fragments are put together there.
 * Payload bodies are slices of either.
 *
 * Writing: a builder holds the chain alone.  ikev2_clear puts a header before
 * it, ikev2_seal (ikev2_sk.h) encrypts it into one datagram or several.
 */
#ifndef CULVERT_IKEV2_MSG_H
#define CULVERT_IKEV2_MSG_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "ike_msg.h"
#include "ikev2_wire.h"
#include "path.h"

#define IKEV2_PAYLOADS_MAX 64

struct ikev2_payload {
	uint8_t type;
	struct slice body;		/* without the generic header */
};

struct ikev2_msg {
	struct ike_path path;		/* how it came */
	struct slice datagram;
	struct ike_header h;		/* cky_i and cky_r are the SPIs */
	unsigned int count;
	uint32_t seen, twice;		/* P2() bits: what is there, and what more than once */
	uint8_t critical;		/* an unknown payload that says it must be understood; 0: none */
	struct ikev2_payload payload[IKEV2_PAYLOADS_MAX];
	struct slice inner;		/* once decrypted: the chain, in `plain` ... */
	uint8_t inner_first;		/* ... the type of its first payload */
	uint16_t fragment, fragments;	/* of an SKF payload, from 1; 0: it was whole */
	uint8_t plain[IKEV2_MESSAGE_MAX];
};

/* All return NULL, or a sentence saying what is wrong. */
const char *ikev2_msg_open(struct ikev2_msg *m, const struct ike_path *path, struct slice datagram);
bool ikev2_msg_is_encrypted(const struct ikev2_msg *m);
const char *ikev2_msg_read_clear(struct ikev2_msg *m);
const char *ikev2_msg_read_inner(struct ikev2_msg *m);
/* The chain alone: what the fuzzer feeds. */
const char *ikev2_payloads_read(struct ikev2_msg *m, uint8_t first, struct slice chain);

bool ikev2_is_request(const struct ikev2_msg *m);
/* The nth (from 0) payload of this type, or NULL. */
const struct ikev2_payload *ikev2_msg_find(const struct ikev2_msg *m, uint8_t type,
    unsigned int nth);
struct slice ikev2_msg_body(const struct ikev2_msg *m, uint8_t type);	/* of the first */

struct ikev2_build {
	struct wbuf w;
	uint8_t first;			/* type of the first payload */
	size_t next_at;			/* where the next payload's type goes; 0: into `first` */
	size_t payload_at;		/* the payload being written, + 1; 0: none */
	uint8_t buf[IKEV2_MESSAGE_MAX];
};

void ikev2_build_begin(struct ikev2_build *b);
struct wbuf *ikev2_build_payload(struct ikev2_build *b, uint8_t type);	/* closes the one before */
void ikev2_build_put(struct ikev2_build *b, uint8_t type, struct slice body);
struct slice ikev2_build_chain(struct ikev2_build *b);	/* closes; empty when it did not fit */

/* The fixed header: of `h` the SPIs, exchange, flags and message ID count. */
void ikev2_header_write(struct wbuf *w, const struct ike_header *h, uint8_t next);
void ikev2_header_finish(struct wbuf *w, size_t at);	/* fills in the length; at: its start */
/* Header and chain into w; false when it did not fit. */
bool ikev2_clear(struct wbuf *w, const struct ike_header *h, struct ikev2_build *b);

#endif
