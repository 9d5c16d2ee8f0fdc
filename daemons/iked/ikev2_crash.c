/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_crash.h"

#include <string.h>
#include <utlist.h>

#include "ikev2.h"
#include "ikev2_window_size.h"
#include "log.h"
#include "payload2.h"

static bool
is_on(const struct ike_engine *e)
{
	return e->conf.v2.crash.on;
}

static bool
makes_tokens(const struct ike_engine *e)
{
	return is_on(e) && e->conf.v2.crash.secret.len != 0;
}

void
crash_token(const struct secret *secret, const uint8_t spi_i[IKE_SPI_LEN],
    const uint8_t spi_r[IKE_SPI_LEN], const struct addr *ours, uint8_t token[CRASH_TOKEN_LEN])
{
	struct slice in[] = {{spi_i, IKE_SPI_LEN}, {spi_r, IKE_SPI_LEN},
	    {ours->b, addr_bytes(ours)}};

	prf(HASH_SHA256, slice_of(secret->b, secret->len), in, 3, token);
}

static void
token_write(struct ikev2_build *b, const uint8_t token[CRASH_TOKEN_LEN])
{
	notify2_write(b, PROTO_ISAKMP, N2_QUICK_CRASH_DETECTION, (struct slice){NULL, 0},
	    slice_of(token, CRASH_TOKEN_LEN));
}

static bool
is_token(const struct notify2 *n)
{
	return n->spi.len == 0 && n->data.len >= CRASH_TOKEN_MIN && n->data.len <= CRASH_TOKEN_MAX;
}

/* --- over an IKE SA --- */

/* Enough of a token to see whether it is the one that was given. */
static uint32_t
mark_of(const uint8_t token[CRASH_TOKEN_LEN])
{
	struct rbuf r;

	rbuf_init(&r, token, CRASH_TOKEN_LEN);
	return rbuf_be32(&r);
}

static void
own_token(const struct ikev2_sa *sa, uint8_t token[CRASH_TOKEN_LEN])
{
	crash_token(&sa->engine->conf.v2.crash.secret, sa->spi_i, sa->spi_r, &sa->path.local, token);
}

void
crash_token_put(struct ikev2_sa *about, struct ikev2_build *b)
{
	uint8_t token[CRASH_TOKEN_LEN];

	if (!makes_tokens(about->engine))
		return;
	own_token(about, token);
	token_write(b, token);
	about->token_given = mark_of(token);
	engine_count(about->engine, IKE_CRASH_GIVEN);
	ikev2_debug(about, "gave the peer our crash detection token of this SA");
	wipe(token, sizeof(token));
}

void
crash_token_take(struct ikev2_sa *about, const struct ikev2_msg *m)
{
	struct notify2 n;

	if (!is_on(about->engine) || !notify2_find(m, N2_QUICK_CRASH_DETECTION, 0, &n) ||
	    !is_token(&n))
		return;
	secret_keep(&about->peer_token, n.data.p, n.data.len);
	engine_count(about->engine, IKE_CRASH_TAKEN);
	ikev2_debug(about, "took the peer's crash detection token of this SA");
}

void
crash_token_later(struct ikev2_sa *sa)
{
	if (makes_tokens(sa->engine))
		ikev2_task_add(sa, TASK_TOKEN, 0);
}

bool
ikev2_begin_token(struct ikev2_ask *a)
{
	struct ikev2_build b;

	if (!makes_tokens(a->sa->engine))
		return false;
	ikev2_build_begin(&b);
	crash_token_put(a->sa, &b);
	window_size_put(a->sa, &b);
	return ikev2_request(a, EXCHANGE2_INFO, &b);
}

void
crash_configured(struct ike_engine *e)
{
	struct ikev2_sa *sa, *tmp;
	uint8_t token[CRASH_TOKEN_LEN];

	if (e->crash_changes == e->conf.v2.crash.changes || !makes_tokens(e))
		return;
	e->crash_changes = e->conf.v2.crash.changes;
	HASH_ITER (hh, e->sas2, sa, tmp) {
		own_token(sa, token);
		if (ikev2_sa_is_up(sa) && sa->token_given != mark_of(token))
			ikev2_task_add(sa, TASK_TOKEN, 0);
	}
	wipe(token, sizeof(token));
}

/* --- in clear, as maker --- */

void
crash_answer(struct ike_engine *e, const struct ikev2_msg *m)
{
	uint8_t token[CRASH_TOKEN_LEN];
	struct ikev2_build b;

	if (!makes_tokens(e) || !ikev2_is_request(m) || m->h.exchange <= EXCHANGE2_INIT ||
	    m->h.exchange > EXCHANGE2_INFO ||
	    !conf_answers(&e->conf, 2, &m->path.local, &m->path.remote) ||
	    !ratelimit_take(&e->crash_answers, engine_now(e)))
		return;
	ikev2_build_begin(&b);
	notify2_put(&b, N2_INVALID_IKE_SPI);
	crash_token(&e->conf.v2.crash.secret, m->h.cky_i, m->h.cky_r, &m->path.local, token);
	token_write(&b, token);
	engine_count(e, IKE_CRASH_PROOFS);
	log_debug_about(LOG_DEBUG_IKEV2, &m->path.remote, "IKEv2",
	    "%s port %u asks on an SA that is not here: answered with its crash detection token",
	    ADDR_STR(&m->path.remote), m->path.remote_port);
	ikev2_send_clear(e, m, &b);
}

bool
crash_hint(struct ike_engine *e, const struct ike_path *to, uint32_t spi)
{
	struct ike_header h = {.exchange = EXCHANGE2_INFO, .flags = IKEV2_FLAG_INITIATOR};
	uint8_t bytes[] = {(uint8_t)(spi >> 24), (uint8_t)(spi >> 16), (uint8_t)(spi >> 8),
	    (uint8_t)spi};
	struct ikev2_build b;

	if (!makes_tokens(e) || !conf_answers(&e->conf, 2, &to->local, &to->remote) ||
	    !ratelimit_take(&e->crash_hints, engine_now(e)))
		return false;
	random_bytes(h.cky_i, sizeof(h.cky_i));		/* of no meaning: RFC 7296 1.5 */
	ikev2_build_begin(&b);
	notify2_write(&b, 0, N2_INVALID_SPI, (struct slice){NULL, 0}, slice_of(bytes, sizeof(bytes)));
	engine_count(e, IKE_CRASH_HINTS);
	log_debug_about(LOG_DEBUG_IKEV2, &to->remote, "IKEv2",
	    "told %s port %u in clear that SPI 0x%X is unknown here", ADDR_STR(&to->remote),
	    to->remote_port, spi);
	ikev2_send_stateless(e, to, &h, &b);
	return true;
}

/* --- in clear, as taker --- */

static bool
may_be_lost(const struct ikev2_sa *sa)
{
	return !sa->gone && sa->peer_token != NULL &&
	    (sa->state == IKEV2_UP || sa->state == IKEV2_OLD || sa->state == IKEV2_CLOSING);
}

/* All of them are looked at, as a maker may send those of several secrets (RFC 6290 4.5). */
static bool
is_proof(const struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	const struct secret *mine = sa->peer_token;
	struct notify2 n;
	unsigned int i;
	bool proof = false;

	if (!may_be_lost(sa))
		return false;
	for (i = 0; notify2_find(m, N2_QUICK_CRASH_DETECTION, i, &n); i++)
		proof |= is_token(&n) && n.data.len == mine->len &&
		    equal_in_constant_time(n.data.p, mine->b, mine->len);
	return proof;
}

/* Other SAs with the same peer are gone there, too, most likely. */
static void
ask_others(const struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		if (other != sa && ikev2_sa_is_up(other) && ikev2_same_peer(other, sa))
			ikev2_task_add(other, TASK_LIVENESS, 0);
}

static void
peer_crashed(struct ikev2_sa *sa)
{
	log_info("IKEv2 peer %s (%s) proved that it lost this SA: a crash, or a boot",
	    ADDR_STR(&sa->path.remote), IDENT_STR(IDENT_OF(sa->peer_id)));
	engine_count(sa->engine, IKE_CRASH_PROVEN);
	ask_others(sa);
	ikev2_enter(sa, IKEV2_CLOSING, "the peer lost it, and proved so");
	ikev2_children_drop(sa);
	ikev2_sa_remove(sa);
	ikev2_peers_update(sa);
}

/* The IKE SA of the pair that we send on with this SPI. */
static struct ikev2_sa *
sa_of_spi(struct ike_engine *e, const struct ike_path *path, const struct ikev2_msg *m)
{
	struct ikev2_sa *sa, *tmp;
	struct notify2 n;
	struct rbuf r;
	uint32_t spi;

	if (!notify2_find(m, N2_INVALID_SPI, 0, &n) || n.data.len != sizeof(spi))
		return NULL;
	rbuf_init(&r, n.data.p, n.data.len);
	spi = rbuf_be32(&r);
	DL_FOREACH_SAFE2 (sas2_between(e, &path->local, &path->remote), sa, tmp, at_next)
		if (ikev2_sa_is_up(sa) && ikev2_child_by_peer_spi(sa, spi) != NULL)
			return sa;
	return NULL;
}

/* Anybody may have said so: whether it is true, the peer must tell (RFC 7296 2.4). */
static void
take_hint(struct ikev2_sa *sa, const struct ikev2_msg *m)
{
	if (!ratelimit_take(&sa->hints, engine_now(sa->engine))) {
		ikev2_drop(sa->engine, m, IKE_DROP_NOT_ENCRYPTED, "a hint too soon after another");
		return;
	}
	engine_count(sa->engine, IKE_CRASH_HINTED);
	ikev2_debug(sa, "hint in clear that the peer has not our SPI: is it alive?");
	ikev2_task_add(sa, TASK_LIVENESS, 0);
}

void
crash_heard(struct ike_engine *e, struct ikev2_sa *sa, struct ikev2_msg *m)
{
	const char *why = ikev2_msg_read_clear(m);
	struct ikev2_sa *sender = NULL;

	if (why != NULL) {
		ikev2_drop(e, m, IKE_DROP_MALFORMED, why);
		return;
	}
	if (is_on(e) && sa == NULL)
		sa = sender = sa_of_spi(e, &m->path, m);
	if (sa == NULL)
		ikev2_drop(e, m, IKE_DROP_NO_SA, "no SA has these SPIs");
	else if (is_on(e) && is_proof(sa, m))
		peer_crashed(sa);
	else if (sender != NULL)
		take_hint(sender, m);
	else if (notify2_has(m, N2_QUICK_CRASH_DETECTION))
		ikev2_drop(e, m, IKE_DROP_TOKEN, "its crash detection token is not the peer's");
	else
		ikev2_drop(e, m, IKE_DROP_NOT_ENCRYPTED, "not encrypted");
}
