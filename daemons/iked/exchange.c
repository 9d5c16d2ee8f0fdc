/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all exchanges of an ISAKMP SA do alike: keep an IV, send, repeat. */
#include <string.h>

#include "ike_sa.h"
#include "ikev1.h"
#include "log.h"

static void
exchange_again(struct retransmit *r)
{
	struct ike_exchange *x = container_of(r, struct ike_exchange, out);
	struct retransmit *last = &x->sa->main.out;

	/* Who has not got the last message of aggressive mode cannot answer this one. */
	if (x->sa->unconfirmed && x != &x->sa->main && last->datagram != NULL)
		sa_send(x->sa, slice_of(last->datagram, last->len));
	engine_count(x->sa->engine, IKE_RETRANSMITTED);
	sa_debug(x->sa, "retransmitting to %s (%u)", ADDR_STR(&x->sa->path.remote), r->tries);
	sa_send(x->sa, slice_of(r->datagram, r->len));
}

static void
exchange_given_up(struct retransmit *r)
{
	struct ike_exchange *x = container_of(r, struct ike_exchange, out);
	struct ike_sa *sa = x->sa;
	struct ike_quick *q;
	bool silent;

	if (exchange_is_phase1(x->type)) {
		sa_failed(sa, "no answer");
		return;
	}
	q = container_of(x, struct ike_quick, x);
	/* Silence to a first message: most likely the peer forgot the ISAKMP SA. */
	silent = x->initiator && mono_before(sa->heard_at, q->started);
	ikev1_quick_fail(q, "no answer");
	if (silent)
		sa_dead(sa, "it does not answer quick mode");
}

bool
exchange_is_phase1(uint8_t type)
{
	return type == EXCHANGE_MAIN || type == EXCHANGE_AGGRESSIVE;
}

void
exchange_init(struct ike_exchange *x, struct ike_sa *sa, uint8_t type, uint32_t msgid,
    bool initiator)
{
	x->sa = sa;
	x->type = type;
	x->msgid = msgid;
	x->initiator = initiator;
	x->state = exchange_is_phase1(type) ? MM_START : type == EXCHANGE_QUICK ? QM_START : INFO_START;
	x->out.send = exchange_again;
	x->out.give_up = exchange_given_up;
	x->out.repeats = (struct ratelimit)RATELIMIT(1000, 5);
	if (!exchange_is_phase1(type))
		keymat1_exchange_iv(&sa->keys, sa->last_block, msgid, x->iv);
}

void
exchange_free(struct ike_exchange *x)
{
	retransmit_free(&x->out);
}

bool
exchange_send(struct ike_exchange *x, struct ike_build *b, bool encrypt, unsigned int tries)
{
	struct ike_sa *sa = x->sa;
	struct slice datagram;

	if (encrypt && !ike_build_encrypt(b, sa->keys.cipher, keymat1_key(&sa->keys), x->iv))
		return false;
	datagram = ike_build_end(b);
	if (datagram.len == 0)
		return false;
	retransmit_store(&x->out, datagram);
	if (tries > 0)
		retransmit_start(&x->out, sa->engine->loop, tries);
	sa_send(sa, datagram);
	return true;
}

static void
send_in_pieces(struct ike_sa *sa, struct slice datagram)
{
	uint8_t room[FRAGMENT_PACKET_MAX];
	struct slice piece;
	unsigned int n;

	sa->fragment_id++;
	for (n = 0; (piece = fragment_write(sa, datagram, n, room)).len > 0; n++)
		sa->engine->ops->send(sa->engine->user, &sa->path, piece);
}

void
sa_send(struct ike_sa *sa, struct slice datagram)
{
	struct ike_engine *e = sa->engine;

	engine_count(e, IKE_SENT);
	log_debug_about(LOG_DEBUG_ISAKMP, &sa->path.remote, "ISAKMP-PAK",
	    "(%u):sending packet to %s my_port %u peer_port %u (%c)", sa->conn_id,
	    ADDR_STR(&sa->path.remote), sa->path.local_port, sa->path.remote_port,
	    sa->initiator ? 'I' : 'R');
	if (fragment_wanted(sa, datagram.len))
		send_in_pieces(sa, datagram);
	else
		e->ops->send(e->user, &sa->path, datagram);
}

struct slice
nonce_slice(const struct ike_nonce *n)
{
	return slice_of(n->b, n->len);
}

void
nonce_new(struct ike_nonce *n)
{
	n->len = IKE_NONCE_LEN;
	random_bytes(n->b, n->len);
}

void
nonce_set(struct ike_nonce *n, struct slice s)
{
	n->len = s.len;
	memcpy(n->b, s.p, s.len);
}
