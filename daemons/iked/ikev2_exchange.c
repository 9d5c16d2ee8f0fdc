/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests and answers of an IKE SA: encrypted, kept, sent, repeated. */
#include <string.h>

#include "ikev2_sk.h"
#include "kept.h"
#include "log.h"
#include "payload2.h"

enum {
	TRIES = 5,			/* after the first: half a minute */
	IPV4_AND_UDP = 28, IPV6_AND_UDP = 48, NON_ESP_MARKER = 4,
	FRAGMENT_DEFAULT = 1280,	/* what any IPv6 path can (RFC 7383 2.5.1) */
};

struct ike_header
ikev2_header(const struct ikev2_sa *sa, uint8_t exchange, bool request, uint32_t msgid)
{
	struct ike_header h = {.exchange = exchange, .msgid = msgid};

	memcpy(h.cky_i, sa->spi_i, IKE_SPI_LEN);
	memcpy(h.cky_r, sa->spi_r, IKE_SPI_LEN);
	h.flags = (uint8_t)((sa->initiator ? IKEV2_FLAG_INITIATOR : 0) |
	    (request ? 0 : IKEV2_FLAG_RESPONSE));
	return h;
}

/* The longest datagram that is sent whole; 0: any. */
static size_t
fragment_bytes(const struct ikev2_sa *sa)
{
	size_t packet = sa->engine->conf.v2.global.fragment_bytes;

	if (!sa->fragments)
		return 0;
	packet = packet != 0 ? packet : FRAGMENT_DEFAULT;
	return packet - (sa->path.local.family == ADDR_V6 ? IPV6_AND_UDP : IPV4_AND_UDP) -
	    NON_ESP_MARKER;
}

/* --- on the wire --- */

void
ikev2_send(struct ikev2_sa *sa, struct slice datagrams)
{
	struct ike_engine *e = sa->engine;
	struct ike_header h;
	struct rbuf r, at;

	rbuf_init(&r, datagrams.p, datagrams.len);
	for (at = r; rbuf_left(&r) > 0 && ike_header_read(&at, &h) == NULL; at = r) {
		struct slice one = rbuf_slice(&r, h.length);

		engine_count(e, IKE_SENT);
		ikev2_debug(sa, "Sending Packet [To %s:%u/From %s:%u] Exchange type: %u, Message id: %u",
		    ADDR_STR(&sa->path.remote), sa->path.remote_port, ADDR_STR(&sa->path.local),
		    sa->path.local_port, h.exchange, h.msgid);
		e->ops->send(e->user, &sa->path, one);
	}
}

static void
request_again(struct retransmit *r)
{
	struct ikev2_sa *sa = container_of(r, struct ikev2_ask, sent)->sa;

	engine_count(sa->engine, IKE_RETRANSMITTED);
	ikev2_send(sa, slice_of(r->datagram, r->len));
}

static void
request_given_up(struct retransmit *r)
{
	struct ikev2_sa *sa = container_of(r, struct ikev2_ask, sent)->sa;

	if (sa->state == IKEV2_CLOSING || sa->state == IKEV2_OLD)
		ikev2_sa_remove(sa);
	else if (ikev2_sa_is_up(sa))
		ikev2_sa_dead(sa, "it does not answer");
	else if (sa->init != NULL && sa->init->refusal != 0)
		ikev2_sa_failed(sa, notify2_name(sa->init->refusal));
	else
		ikev2_sa_failed(sa, "no answer");
}

static bool
make(struct ikev2_sa *sa, struct wbuf *w, const struct ike_header *h, struct ikev2_build *b)
{
	if (h->exchange == EXCHANGE2_INIT)
		return ikev2_clear(w, h, b);
	return ikev2_seal(w, &sa->keys, sa->initiator, h, b, &sa->iv, fragment_bytes(sa));
}

bool
ikev2_request(struct ikev2_ask *a, uint8_t exchange, struct ikev2_build *b)
{
	struct ikev2_sa *sa = a->sa;
	struct ike_header h = ikev2_header(sa, exchange, true, window_number(&sa->window, a));
	uint8_t out[IKEV2_SEALED_MAX];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	if (!make(sa, &w, &h, b))
		return false;
	window_sent(&sa->window, a, exchange);
	a->sent.send = request_again;
	a->sent.give_up = request_given_up;
	retransmit_store(&a->sent, slice_of(out, wbuf_len(&w)));
	retransmit_start(&a->sent, sa->engine->loop, TRIES);
	kept_save_sa2(sa);
	ikev2_send(sa, slice_of(out, wbuf_len(&w)));
	return true;
}

bool
ikev2_answer(struct ikev2_sa *sa, uint32_t msgid, uint8_t exchange, struct ikev2_build *b)
{
	struct ike_header h = ikev2_header(sa, exchange, false, msgid);
	struct ikev2_reply *r = window_reply(&sa->window, msgid);
	uint8_t out[IKEV2_SEALED_MAX];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	if (r == NULL || r->answered || !make(sa, &w, &h, b))
		return false;
	window_answer(&sa->window, r, slice_of(out, wbuf_len(&w)));
	kept_save_answer(sa, r);
	kept_save_sa2(sa);
	ikev2_send(sa, slice_of(out, wbuf_len(&w)));
	return true;
}

void
ikev2_refuse(struct ikev2_sa *sa, uint32_t msgid, uint8_t exchange, uint16_t notify,
    struct slice data)
{
	struct ikev2_build b;

	ikev2_debug(sa, "Sending error: %s", notify2_name(notify));
	ikev2_build_begin(&b);
	notify2_write(&b, 0, notify, (struct slice){NULL, 0}, data);
	ikev2_answer(sa, msgid, exchange, &b);
}

void
ikev2_send_stateless(struct ike_engine *e, const struct ike_path *path,
    const struct ike_header *h, struct ikev2_build *b)
{
	uint8_t out[IKE_HEADER_LEN + 128];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	if (!ikev2_clear(&w, h, b))
		return;
	engine_count(e, IKE_SENT);
	e->ops->send(e->user, path, slice_of(out, wbuf_len(&w)));
}

/* Whoever of the two began the SA has the initiator's flag, so it is the other one's here. */
void
ikev2_send_clear(struct ike_engine *e, const struct ikev2_msg *m, struct ikev2_build *b)
{
	struct ike_header h = m->h;

	h.flags = (uint8_t)(IKEV2_FLAG_RESPONSE | (~m->h.flags & IKEV2_FLAG_INITIATOR));
	ikev2_send_stateless(e, &m->path, &h, b);
}
