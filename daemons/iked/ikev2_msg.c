/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_msg.h"

enum { HEADER_LENGTH_AT = 24 };

/* --- reading --- */

const char *
ikev2_msg_open(struct ikev2_msg *m, const struct ike_path *path, struct slice datagram)
{
	struct rbuf r;
	const char *why;

	m->path = *path;
	m->datagram = datagram;
	m->count = 0;
	m->seen = m->twice = 0;
	m->critical = 0;
	m->fragment = m->fragments = 0;
	m->inner = (struct slice){NULL, 0};
	rbuf_init(&r, datagram.p, datagram.len);
	why = ike_header_read(&r, &m->h);
	if (why != NULL)
		return why;
	if (m->h.length != datagram.len)
		return "the header's length is not the datagram's";
	if (datagram.len > IKEV2_MESSAGE_MAX)
		return "longer than any message of ours";
	return NULL;
}

bool
ikev2_msg_is_encrypted(const struct ikev2_msg *m)
{
	return m->h.next == PAYLOAD2_SK || m->h.next == PAYLOAD2_SKF;
}

bool
ikev2_is_request(const struct ikev2_msg *m)
{
	return (m->h.flags & IKEV2_FLAG_RESPONSE) == 0;
}

/* RFC 7296 2.5: what is not known is skipped, unless it says that it must not be. */
static const char *
payload_add(struct ikev2_msg *m, uint8_t type, uint8_t flags, struct slice body)
{
	uint32_t bit;

	if (type < PAYLOAD2_FIRST || type > PAYLOAD2_LAST) {
		if ((flags & PAYLOAD2_CRITICAL) != 0 && m->critical == 0)
			m->critical = type;
		return NULL;
	}
	if (m->count == IKEV2_PAYLOADS_MAX)
		return "too many payloads";
	m->payload[m->count++] = (struct ikev2_payload){.type = type, .body = body};
	bit = 1u << (type - PAYLOAD2_FIRST);
	m->twice |= m->seen & bit;
	m->seen |= bit;
	return NULL;
}

const char *
ikev2_payloads_read(struct ikev2_msg *m, uint8_t first, struct slice chain)
{
	uint8_t type = first, next, flags;
	const char *why;
	struct rbuf r;
	size_t len;

	m->count = 0;
	m->seen = m->twice = 0;
	rbuf_init(&r, chain.p, chain.len);
	for (; type != PAYLOAD_NONE; type = next) {
		next = rbuf_u8(&r);
		flags = rbuf_u8(&r);
		len = rbuf_be16(&r);
		if (r.bad || len < IKE_PAYLOAD_HEADER_LEN ||
		    len - IKE_PAYLOAD_HEADER_LEN > rbuf_left(&r))
			return "a payload's length is wrong";
		why = payload_add(m, type, flags, rbuf_slice(&r, len - IKE_PAYLOAD_HEADER_LEN));
		if (why != NULL)
			return why;
	}
	return rbuf_done(&r) ? NULL : "bytes follow the last payload";
}

const char *
ikev2_msg_read_clear(struct ikev2_msg *m)
{
	return ikev2_payloads_read(m, m->h.next,
	    slice_of(m->datagram.p + IKE_HEADER_LEN, m->datagram.len - IKE_HEADER_LEN));
}

const char *
ikev2_msg_read_inner(struct ikev2_msg *m)
{
	return ikev2_payloads_read(m, m->inner_first, m->inner);
}

const struct ikev2_payload *
ikev2_msg_find(const struct ikev2_msg *m, uint8_t type, unsigned int nth)
{
	unsigned int i;

	for (i = 0; i < m->count; i++)
		if (m->payload[i].type == type && nth-- == 0)
			return &m->payload[i];
	return NULL;
}

struct slice
ikev2_msg_body(const struct ikev2_msg *m, uint8_t type)
{
	const struct ikev2_payload *p = ikev2_msg_find(m, type, 0);

	return p == NULL ? (struct slice){NULL, 0} : p->body;
}

/* --- writing --- */

void
ikev2_build_begin(struct ikev2_build *b)
{
	wbuf_init(&b->w, b->buf, sizeof(b->buf));
	b->first = PAYLOAD_NONE;
	b->next_at = b->payload_at = 0;
}

static void
payload_close(struct ikev2_build *b)
{
	size_t at = b->payload_at - 1;

	if (b->payload_at != 0 && !b->w.bad)
		wbuf_be16_at(&b->w, at + 2, (uint16_t)(wbuf_len(&b->w) - at));
	b->payload_at = 0;
}

struct wbuf *
ikev2_build_payload(struct ikev2_build *b, uint8_t type)
{
	size_t at;

	payload_close(b);
	at = wbuf_len(&b->w);
	if (b->first == PAYLOAD_NONE)
		b->first = type;
	else
		b->buf[b->next_at] = type;
	b->next_at = at;
	b->payload_at = at + 1;
	wbuf_zero(&b->w, IKE_PAYLOAD_HEADER_LEN);
	return &b->w;
}

void
ikev2_build_put(struct ikev2_build *b, uint8_t type, struct slice body)
{
	wbuf_slice(ikev2_build_payload(b, type), body);
}

struct slice
ikev2_build_chain(struct ikev2_build *b)
{
	payload_close(b);
	return slice_of(b->buf, b->w.bad ? 0 : wbuf_len(&b->w));
}

void
ikev2_header_write(struct wbuf *w, const struct ike_header *h, uint8_t next)
{
	wbuf_put(w, h->cky_i, IKE_SPI_LEN);
	wbuf_put(w, h->cky_r, IKE_SPI_LEN);
	wbuf_u8(w, next);
	wbuf_u8(w, IKE_VERSION_2);
	wbuf_u8(w, h->exchange);
	wbuf_u8(w, h->flags);
	wbuf_be32(w, h->msgid);
	wbuf_be32(w, 0);
}

void
ikev2_header_finish(struct wbuf *w, size_t at)
{
	if (!w->bad)
		wbuf_be32_at(w, at + HEADER_LENGTH_AT, (uint32_t)(wbuf_len(w) - at));
}

bool
ikev2_clear(struct wbuf *w, const struct ike_header *h, struct ikev2_build *b)
{
	struct slice chain = ikev2_build_chain(b);
	size_t at = wbuf_len(w);

	ikev2_header_write(w, h, b->first);
	wbuf_slice(w, chain);
	ikev2_header_finish(w, at);
	return !b->w.bad && !w->bad;
}
