/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_sk.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "cipher.h"
#include "log.h"
#include "secret.h"

enum { ICV_MAX = 64, IV_MAX = 16, SKF_NUMBERS = 4 };

static size_t
icv_len(const struct keymat2 *k)
{
	return cipher_is_aead(k->cipher) ? cipher_icv_len(k->cipher) : integ_icv_len(k->integ);
}

/* Of an encrypted part of `plain` bytes: with padding and its length. */
static size_t
padded(const struct keymat2 *k, size_t plain)
{
	size_t block = cipher_block_len(k->cipher);

	return (plain + 1 + block - 1) / block * block;
}

static size_t
overhead(const struct keymat2 *k, bool fragment)
{
	return IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN + (fragment ? SKF_NUMBERS : 0) +
	    cipher_iv_len(k->cipher) + icv_len(k);
}

/* --- encrypting --- */

/*
 *	header | next, 0, length [| number, total] | IV | chain, padding, its length | ICV
 */
struct envelope {
	const struct keymat2 *k;
	bool initiator;
	const struct ike_header *h;
	uint64_t *iv;
};

static bool
protect(const struct envelope *e, struct slice iv, struct slice aad, uint8_t *text, size_t len,
    uint8_t *icv)
{
	const struct keymat2 *k = e->k;
	struct slice key = keymat2_key(k, e->initiator);

	if (cipher_is_aead(k->cipher))
		return aead_seal(k->cipher, key, iv, aad, text, len, icv);
	return cipher_crypt(k->cipher, true, key, iv, text, len) &&
	    integ_sum(k->integ, keymat2_integ_key(k, e->initiator),
	    (struct slice[]){aad, iv, slice_of(text, len)}, 3, icv);
}

static bool
seal_one(struct wbuf *w, const struct envelope *e, uint8_t first, struct slice part, uint16_t number,
    uint16_t total)
{
	const struct keymat2 *k = e->k;
	size_t at = wbuf_len(w), iv_len = cipher_iv_len(k->cipher), icv = icv_len(k);
	size_t text_len = padded(k, part.len), text_at;
	uint8_t iv[IV_MAX];

	ikev2_header_write(w, e->h, total > 0 ? PAYLOAD2_SKF : PAYLOAD2_SK);
	wbuf_u8(w, number <= 1 ? first : PAYLOAD_NONE);
	wbuf_u8(w, 0);
	wbuf_be16(w, (uint16_t)(IKE_PAYLOAD_HEADER_LEN + (total > 0 ? SKF_NUMBERS : 0) + iv_len +
	    text_len + icv));
	if (total > 0) {
		wbuf_be16(w, number);
		wbuf_be16(w, total);
	}
	cipher_iv_next(k->cipher, (*e->iv)++, iv);
	text_at = wbuf_len(w) + iv_len;
	wbuf_put(w, iv, iv_len);
	wbuf_slice(w, part);
	wbuf_zero(w, text_len - part.len - 1);
	wbuf_u8(w, (uint8_t)(text_len - part.len - 1));
	wbuf_zero(w, icv);
	ikev2_header_finish(w, at);
	if (w->bad)
		return false;
	return protect(e, slice_of(iv, iv_len), slice_of(w->start + at, text_at - iv_len - at),
	    w->start + text_at, text_len, w->start + text_at + text_len);
}

bool
ikev2_seal(struct wbuf *w, const struct keymat2 *k, bool initiator, const struct ike_header *h,
    struct ikev2_build *b, uint64_t *iv, size_t most)
{
	struct envelope e = {k, initiator, h, iv};
	struct slice chain = ikev2_build_chain(b);
	size_t block = cipher_block_len(k->cipher), room, i, total;

	if (b->w.bad)
		return false;
	if (most == 0 || overhead(k, false) + padded(k, chain.len) <= most)
		return seal_one(w, &e, b->first, chain, 0, 0);
	if (most < overhead(k, true) + 2 * block)
		return false;
	room = (most - overhead(k, true)) / block * block - 1;
	total = (chain.len + room - 1) / room;
	if (total > IKEV2_FRAGMENTS_MAX)
		return false;
	for (i = 0; i < total; i++) {
		size_t left = chain.len - i * room;

		if (!seal_one(w, &e, b->first, slice_of(chain.p + i * room, left < room ? left : room),
		    (uint16_t)(i + 1), (uint16_t)total))
			return false;
	}
	return true;
}

/* --- decrypting --- */

static const char *
fragment_numbers(struct rbuf *r, struct ikev2_msg *m)
{
	m->fragment = rbuf_be16(r);
	m->fragments = rbuf_be16(r);
	if (r->bad || m->fragment == 0 || m->fragment > m->fragments ||
	    m->fragments > IKEV2_FRAGMENTS_MAX)
		return "a fragment's number is wrong";
	return NULL;
}

static bool
check_and_decrypt(const struct keymat2 *k, bool initiator, struct slice aad, struct slice iv,
    uint8_t *text, size_t len, const uint8_t *icv)
{
	struct slice key = keymat2_key(k, initiator);
	uint8_t want[ICV_MAX];

	if (cipher_is_aead(k->cipher))
		return aead_open(k->cipher, key, iv, aad, text, len, icv);
	if (!integ_sum(k->integ, keymat2_integ_key(k, initiator),
	    (struct slice[]){aad, iv, slice_of(text, len)}, 3, want) ||
	    !equal_in_constant_time(want, icv, integ_icv_len(k->integ)))
		return false;
	return cipher_crypt(k->cipher, false, key, iv, text, len);
}

const char *
ikev2_unseal(struct ikev2_msg *m, const struct keymat2 *k, bool initiator)
{
	size_t iv_len = cipher_iv_len(k->cipher), icv = icv_len(k), len;
	struct slice iv, aad;
	const uint8_t *text;
	const char *why;
	struct rbuf r;

	rbuf_init(&r, m->datagram.p + IKE_HEADER_LEN, m->datagram.len - IKE_HEADER_LEN);
	m->inner_first = rbuf_u8(&r);
	rbuf_skip(&r, 1);
	if (rbuf_be16(&r) != m->datagram.len - IKE_HEADER_LEN)
		return "the encrypted payload is not the last";
	why = m->h.next == PAYLOAD2_SKF ? fragment_numbers(&r, m) : NULL;
	if (why != NULL)
		return why;
	aad = slice_of(m->datagram.p, (size_t)(r.at - m->datagram.p));
	iv = rbuf_slice(&r, iv_len);
	if (r.bad || rbuf_left(&r) < icv + 1 || (rbuf_left(&r) - icv) % cipher_block_len(k->cipher) != 0)
		return "the encrypted payload has a wrong length";
	len = rbuf_left(&r) - icv;
	text = rbuf_take(&r, len);
	memcpy(m->plain, text, len);
	if (!check_and_decrypt(k, initiator, aad, iv, m->plain, len, text + len))
		return "its integrity check failed";
	if (m->plain[len - 1] > len - 1)
		return "its padding is longer than itself";
	m->inner = slice_of(m->plain, len - 1 - m->plain[len - 1]);
	return NULL;
}

/* --- putting together --- */

struct ikev2_parts {
	uint32_t msgid;
	bool request;
	uint16_t total, have;
	uint8_t first;		/* type of the first payload, from the first part */
	size_t bytes;
	struct {
		uint8_t *p;
		size_t len;
	} part[IKEV2_FRAGMENTS_MAX];
	struct ikev2_parts *prev, *next;
};

static void
parts_free(struct ikev2_parts **list, struct ikev2_parts *p)
{
	unsigned int i;

	for (i = 0; i < IKEV2_FRAGMENTS_MAX; i++)
		if (p->part[i].p != NULL) {
			wipe(p->part[i].p, p->part[i].len);
			free(p->part[i].p);
		}
	DL_DELETE(*list, p);
	free(p);
}

void
ikev2_parts_free(struct ikev2_parts **list)
{
	while (*list != NULL)
		parts_free(list, *list);
}

static struct ikev2_parts *
parts_of(struct ikev2_parts *list, const struct ikev2_msg *m)
{
	struct ikev2_parts *p;

	DL_FOREACH (list, p)
		if (p->msgid == m->h.msgid && p->request == ikev2_is_request(m))
			break;
	return p;
}

void
ikev2_parts_drop(struct ikev2_parts **list, const struct ikev2_msg *m)
{
	struct ikev2_parts *p = parts_of(*list, m);

	if (p != NULL)
		parts_free(list, p);
}

/* RFC 7383 2.6: a larger total is a sender that tries again with smaller fragments. */
static struct ikev2_parts *
parts_for(struct ikev2_parts **list, const struct ikev2_msg *m)
{
	struct ikev2_parts *p = parts_of(*list, m);

	if (p != NULL && p->total < m->fragments) {
		parts_free(list, p);
		p = NULL;
	}
	if (p == NULL) {
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			log_fatal("out of memory for a fragmented message");
		p->msgid = m->h.msgid;
		p->request = ikev2_is_request(m);
		p->total = m->fragments;
		DL_APPEND(*list, p);
	}
	return p->total == m->fragments ? p : NULL;
}

static void
join(struct ikev2_parts *p, struct ikev2_msg *m)
{
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < p->total; i++) {
		memcpy(m->plain + at, p->part[i].p, p->part[i].len);
		at += p->part[i].len;
	}
	m->inner = slice_of(m->plain, at);
	m->inner_first = p->first;
}

bool
ikev2_parts_add(struct ikev2_parts **list, struct ikev2_msg *m)
{
	struct ikev2_parts *p = parts_for(list, m);
	unsigned int at = m->fragment - 1u;

	if (p == NULL || p->part[at].p != NULL || m->inner.len == 0 ||
	    p->bytes + m->inner.len > IKEV2_MESSAGE_MAX)
		return false;
	p->part[at].p = malloc(m->inner.len);
	if (p->part[at].p == NULL)
		log_fatal("out of memory for a fragment");
	memcpy(p->part[at].p, m->inner.p, m->inner.len);
	p->part[at].len = m->inner.len;
	p->bytes += m->inner.len;
	if (at == 0)
		p->first = m->inner_first;
	if (++p->have < p->total)
		return false;
	join(p, m);
	parts_free(list, p);
	return true;
}
