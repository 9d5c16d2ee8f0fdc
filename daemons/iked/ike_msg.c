/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ike_msg.h"

#include <string.h>

enum { HEADER_FLAGS_AT = 19, HEADER_LENGTH_AT = 24 };

const char *
ike_header_read(struct rbuf *r, struct ike_header *h)
{
	rbuf_copy(r, h->cky_i, sizeof(h->cky_i));
	rbuf_copy(r, h->cky_r, sizeof(h->cky_r));
	h->next = rbuf_u8(r);
	h->version = rbuf_u8(r);
	h->exchange = rbuf_u8(r);
	h->flags = rbuf_u8(r);
	h->msgid = rbuf_be32(r);
	h->length = rbuf_be32(r);
	return r->bad ? "shorter than an ISAKMP header" : NULL;
}

const char *
ike_msg_open(struct ike_msg *m, const struct ike_path *path, struct slice datagram)
{
	struct rbuf r;
	const char *why;

	m->path = *path;
	m->datagram = datagram;
	m->count = 0;
	m->seen = 0;
	rbuf_init(&r, datagram.p, datagram.len);
	why = ike_header_read(&r, &m->h);
	if (why != NULL)
		return why;
	if (datagram.len > IKE_DATAGRAM_MAX)
		return "longer than any message of ours";
	/* Cisco pads encrypted messages behind the length; less than it says is never right. */
	if (m->h.length < IKE_HEADER_LEN || m->h.length > datagram.len)
		return "the header's length is not the datagram's";
	m->datagram.len = m->h.length;
	return NULL;
}

static const char *
payload_add(struct ike_msg *m, uint8_t type, struct slice body)
{
	if (type == PAYLOAD_NAT_D_DRAFT || type == PAYLOAD_NAT_OA_DRAFT)
		type = type == PAYLOAD_NAT_D_DRAFT ? PAYLOAD_NAT_D : PAYLOAD_NAT_OA;
	if (type >= PAYLOAD_PRIVATE)
		return NULL;		/* somebody's own: not ours to refuse (RFC 2408 3.1) */
	if (type > PAYLOAD_KNOWN_MAX)
		return "unknown payload type";
	if (m->count == IKE_PAYLOADS_MAX)
		return "too many payloads";
	m->payload[m->count++] = (struct ike_payload){.type = type, .body = body};
	m->seen |= 1u << type;
	return NULL;
}

const char *
ike_payloads_read(struct ike_msg *m, struct slice chain, bool padded)
{
	struct rbuf r;
	uint8_t type = m->h.next, next;
	const char *why;
	unsigned int i;
	size_t len;

	rbuf_init(&r, chain.p, chain.len);
	for (; type != PAYLOAD_NONE; type = next) {
		next = rbuf_u8(&r);
		rbuf_skip(&r, 1);
		len = rbuf_be16(&r);
		if (r.bad || len < IKE_PAYLOAD_HEADER_LEN ||
		    len - IKE_PAYLOAD_HEADER_LEN > rbuf_left(&r))
			return "a payload's length is wrong";
		why = payload_add(m, type, rbuf_slice(&r, len - IKE_PAYLOAD_HEADER_LEN));
		if (why != NULL)
			return why;
	}
	for (i = 0; i < m->count; i++) {
		const uint8_t *end = m->payload[i].body.p + m->payload[i].body.len;

		m->payload[i].after = slice_of(end, (size_t)(r.at - end));
	}
	return padded || rbuf_done(&r) ? NULL : "bytes follow the last payload";
}

const char *
ike_msg_read_clear(struct ike_msg *m)
{
	return ike_payloads_read(m,
	    slice_of(m->datagram.p + IKE_HEADER_LEN, m->datagram.len - IKE_HEADER_LEN), false);
}

const char *
ike_msg_read_encrypted(struct ike_msg *m, enum cipher cipher, struct slice key, const uint8_t *iv)
{
	size_t len = m->datagram.len - IKE_HEADER_LEN, block = cipher_block_len(cipher);
	const uint8_t *in = m->datagram.p + IKE_HEADER_LEN;

	if (len < block || len % block != 0)
		return "the ciphertext is not whole blocks";
	memcpy(m->plain, in, len);
	if (!cipher_crypt(cipher, false, key, slice_of(iv, block), m->plain, len))
		return "the ciphertext cannot be decrypted";
	memset(m->last_block, 0, sizeof(m->last_block));
	memcpy(m->last_block, in + len - block, block);
	m->count = 0;
	m->seen = 0;
	return ike_payloads_read(m, slice_of(m->plain, len), true);
}

const struct ike_payload *
ike_msg_find(const struct ike_msg *m, uint8_t type, unsigned int nth)
{
	unsigned int i;

	for (i = 0; i < m->count; i++)
		if (m->payload[i].type == type && nth-- == 0)
			return &m->payload[i];
	return NULL;
}

struct slice
ike_msg_body(const struct ike_msg *m, uint8_t type)
{
	const struct ike_payload *p = ike_msg_find(m, type, 0);

	return p == NULL ? (struct slice){NULL, 0} : p->body;
}

/* --- writing --- */

void
ike_build_begin(struct ike_build *b, const uint8_t cky_i[8], const uint8_t cky_r[8],
    uint8_t exchange, uint32_t msgid)
{
	wbuf_init(&b->w, b->buf, sizeof(b->buf));
	wbuf_put(&b->w, cky_i, IKE_COOKIE_LEN);
	wbuf_put(&b->w, cky_r, IKE_COOKIE_LEN);
	wbuf_u8(&b->w, PAYLOAD_NONE);
	wbuf_u8(&b->w, IKE_VERSION_1);
	wbuf_u8(&b->w, exchange);
	wbuf_u8(&b->w, 0);
	wbuf_be32(&b->w, msgid);
	wbuf_be32(&b->w, 0);
	b->next_at = IKE_HEADER_NEXT_AT;
	b->payload_at = 0;
}

static void
payload_close(struct ike_build *b)
{
	if (b->payload_at != 0)
		wbuf_be16_at(&b->w, b->payload_at + 2,
		    (uint16_t)(wbuf_len(&b->w) - b->payload_at));
	b->payload_at = 0;
}

struct wbuf *
ike_build_payload(struct ike_build *b, uint8_t type)
{
	payload_close(b);
	b->payload_at = wbuf_len(&b->w);
	b->buf[b->next_at] = type;
	b->next_at = b->payload_at;
	wbuf_zero(&b->w, IKE_PAYLOAD_HEADER_LEN);
	return &b->w;
}

void
ike_build_put(struct ike_build *b, uint8_t type, struct slice body)
{
	wbuf_slice(ike_build_payload(b, type), body);
}

struct slice
ike_build_chain(struct ike_build *b, size_t from)
{
	payload_close(b);
	return slice_of(b->buf + from, wbuf_len(&b->w) - from);
}

bool
ike_build_encrypt(struct ike_build *b, enum cipher cipher, struct slice key,
    uint8_t iv[CIPHER_BLOCK_MAX])
{
	uint8_t *body = b->buf + IKE_HEADER_LEN;
	size_t len = ike_build_chain(b, IKE_HEADER_LEN).len, block = cipher_block_len(cipher);

	wbuf_zero(&b->w, (block - len % block) % block);
	len = wbuf_len(&b->w) - IKE_HEADER_LEN;
	if (b->w.bad || !cipher_crypt(cipher, true, key, slice_of(iv, block), body, len))
		return false;
	b->buf[HEADER_FLAGS_AT] |= IKE_FLAG_ENCRYPTED;
	memcpy(iv, body + len - block, block);
	return true;
}

struct slice
ike_build_end(struct ike_build *b)
{
	payload_close(b);
	if (b->w.bad)
		return (struct slice){NULL, 0};
	wbuf_be32_at(&b->w, HEADER_LENGTH_AT, (uint32_t)wbuf_len(&b->w));
	return slice_of(b->buf, wbuf_len(&b->w));
}
