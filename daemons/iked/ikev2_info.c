/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INFORMATIONAL (RFC 7296 1.4, 2.4).
 *
 *	HDR, SK {[N,] [D,] ...}  -->
 *	                             <--  HDR, SK {[N,] [D,] ...}
 *
 * Empty it asks whether the peer is alive.  A DELETE of an IKE SA is about the
 * one that carries it, and of ESP SAs about pairs that belong to that one: no
 * other can be named.  The answer deletes the other halves (1.4.1).
 */
#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "ikev2_crash.h"
#include "ikev2_nego.h"
#include "ikev2_window_size.h"
#include "log.h"
#include "payload2.h"
#include "peer.h"

enum { DRAIN_S = 3 };		/* packets that were under way when the peer heard of a DELETE */

static struct slice
spi_slice(uint32_t spi, uint8_t b[4])
{
	b[0] = (uint8_t)(spi >> 24);
	b[1] = (uint8_t)(spi >> 16);
	b[2] = (uint8_t)(spi >> 8);
	b[3] = (uint8_t)spi;
	return slice_of(b, 4);
}

/* --- requests of ours --- */

bool
ikev2_begin_delete_ike(struct ikev2_ask *a)
{
	struct ikev2_sa *sa = a->sa;
	struct ikev2_build b;

	ikev2_build_begin(&b);
	delete2_write(&b, PROTO_ISAKMP, (struct slice){NULL, 0});
	if (sa->state != IKEV2_CLOSING)
		ikev2_enter(sa, IKEV2_CLOSING, "sent DELETE");
	return ikev2_request(a, EXCHANGE2_INFO, &b);
}

bool
ikev2_begin_delete_child(struct ikev2_ask *a)
{
	struct ike_child *c = ikev2_child_by_spi(a->sa, a->spi);
	struct ikev2_build b;
	uint8_t bytes[4];

	if (c != NULL)
		c->told = true;
	ikev2_build_begin(&b);
	delete2_write(&b, PROTO_ESP, spi_slice(a->spi, bytes));
	return ikev2_request(a, EXCHANGE2_INFO, &b);
}

bool
ikev2_begin_invalid_spi(struct ikev2_ask *a)
{
	struct ikev2_build b;
	struct slice none = {NULL, 0};
	uint8_t bytes[4];

	ikev2_build_begin(&b);
	notify2_write(&b, 0, N2_INVALID_SPI, none, spi_slice(a->spi, bytes));
	return ikev2_request(a, EXCHANGE2_INFO, &b);
}

bool
ikev2_begin_liveness(struct ikev2_ask *a)
{
	struct ikev2_build b;

	ikev2_build_begin(&b);
	if (!ikev2_request(a, EXCHANGE2_INFO, &b))
		return false;
	retransmit_every(&a->sent, ikev2_dpd_of(a->sa).retry_s);
	return true;
}

/* With the IDs that they had: the peer may have answered what they were, or waits for them. */
void
ikev2_ask_blindly(struct ikev2_sa *sa)
{
	struct ikev2_ask *a;

	DL_FOREACH (sa->window.asks, a)
		if (a->blind && a->exchange == 0)
			(void)ikev2_begin_liveness(a);
}

static enum step_result
take_answer(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	struct ike_child *c;

	if (sa->state == IKEV2_CLOSING && !ikev2_task_is_due(sa, TASK_DELETE_IKE, 0)) {
		ikev2_sa_remove(sa);
		return STEP_DONE;
	}
	window_size_take(sa, m);
	if (sa->asked->kind != TASK_DELETE_CHILD)
		return STEP_DONE;
	c = ikev2_child_by_spi(sa, sa->asked->spi);
	if (c != NULL)
		timer_in(&c->stage_timer, sa->engine->loop, mono_s(DRAIN_S));
	else
		ikev2_drop_idle(sa);
	return STEP_DONE;
}

/* --- requests of the peer --- */

/* The other half goes into the answer, unless we have asked for the same. */
static void
delete_child(struct ikev2_sa *sa, uint32_t peer_spi, struct ikev2_build *b)
{
	struct ike_child *c = ikev2_child_by_peer_spi(sa, peer_spi), *next;
	struct ike_peer *p;
	uint8_t bytes[4];

	if (c == NULL) {
		ikev2_negos_gone(sa, peer_spi);
		return;
	}
	p = c->peer;
	ikev2_debug(sa, "the peer deletes the pair 0x%08X out 0x%08X", c->sa.spi, c->sa.peer_spi);
	if (!c->told)
		delete2_write(b, PROTO_ESP, spi_slice(c->sa.spi, bytes));
	/* Replaced: what the peer sent before it moved on may still be under way. */
	next = p->current == c ? child_newer(c) : p->current;
	if (next != NULL && next != p->current)
		child_current(next);
	if (p->current != NULL && p->current != c) {
		c->told = c->retiring = true;
		timer_in(&c->stage_timer, sa->engine->loop, mono_s(DRAIN_S));
		return;
	}
	child_remove(c, false);
	if (p->current == NULL)
		peer_lost(p);
}

static bool
take_delete(struct ikev2_sa *sa, struct slice body, struct ikev2_build *b)
{
	struct delete2 d;
	struct rbuf r;
	unsigned int i;

	if (delete2_read(body, &d) != NULL)
		return false;
	if (d.proto == PROTO_ISAKMP)
		return true;
	rbuf_init(&r, d.spis.p, d.spis.len);
	for (i = 0; d.proto == PROTO_ESP && d.spi_len == 4 && i < d.count; i++)
		delete_child(sa, rbuf_be32(&r), b);
	return false;
}

/* Of all IKE SAs with who authenticated himself here, and of nobody else's. */
static struct ike_child *
child_of_peer(struct ikev2_sa *sa, uint32_t peer_spi)
{
	struct ikev2_sa *other, *tmp;
	struct ike_child *c = ikev2_child_by_peer_spi(sa, peer_spi);

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		if (c == NULL && other != sa && ikev2_same_peer(other, sa))
			c = ikev2_child_by_peer_spi(other, peer_spi);
	return c;
}

/* The peer has not the pair that we send on: it goes, and another is made. */
static void
take_invalid_spi(struct ikev2_sa *sa, const struct notify2 *n)
{
	struct ike_child *c;
	struct ike_peer *p;
	struct rbuf r;

	rbuf_init(&r, n->data.p, n->data.len);
	c = n->data.len == 4 ? child_of_peer(sa, rbuf_be32(&r)) : NULL;
	if (c == NULL)
		return;
	p = c->peer;
	log_info("peer %s has no SA with SPI 0x%X, that we send on", peer_str(p), c->sa.peer_spi);
	child_remove(c, true);
	if (p->current == NULL)
		peer_lost(p);
}

/* The peer closes this SA: its pairs go too, except to an SA that replaced it. */
static enum step_result
closed_by_peer(struct ikev2_sa *sa, uint32_t msgid, struct ikev2_build *b)
{
	ikev2_debug(sa, "the peer deletes this SA");
	ikev2_answer(sa, msgid, EXCHANGE2_INFO, b);
	ikev2_rekey_closed(sa);
	ikev2_enter(sa, IKEV2_CLOSING, "deleted by the peer");
	ikev2_children_drop(sa);
	ikev2_sa_linger(sa, "deleted by the peer");
	ikev2_peers_update(sa);
	return STEP_FAIL;
}

static enum step_result
take_request(struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const struct ikev2_payload *p;
	struct ikev2_build b;
	struct notify2 n;
	bool closed = false;
	unsigned int i;

	ikev2_build_begin(&b);
	for (i = 0; (p = ikev2_msg_find(m, PAYLOAD2_D, i)) != NULL; i++)
		closed = take_delete(sa, p->body, &b) || closed;
	if (closed || notify2_has(m, N2_AUTHENTICATION_FAILED))
		return closed_by_peer(sa, m->h.msgid, &b);
	crash_token_take(sa, m);
	window_size_take(sa, m);
	if (ikev2_sa_is_up(sa))
		window_size_put(sa, &b);
	ikev2_answer(sa, m->h.msgid, EXCHANGE2_INFO, &b);
	for (i = 0; notify2_find(m, N2_INVALID_SPI, i, &n); i++)
		take_invalid_spi(sa, &n);
	return STEP_DONE;
}

#define INFO_MAY (P2(N) | P2(D) | P2(V) | P2(CP))
#define INFO_IN (IN(UP) | IN(OLD) | IN(CLOSING))

const struct ikev2_step ikev2_info_steps[] = {
	/* HDR, SK {[N,] [D,] ...}  --> */
	{ .story = "took INFORMATIONAL", .exchange = EXCHANGE2_INFO, .request = true, .in = INFO_IN,
	  .may = INFO_MAY, .run = take_request },
	/* <--  HDR, SK {[N,] [D,] ...} */
	{ .story = "was answered", .exchange = EXCHANGE2_INFO, .in = INFO_IN, .may = INFO_MAY,
	  .run = take_answer },
	{ .story = NULL },
};
