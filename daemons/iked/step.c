/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "step.h"

#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev1.h"
#include "log.h"

/* With one peer, the completed that linger a minute included: each is an SPI and a pair. */
enum { QUICKS_MAX = 128 };

void
ike_drop(struct ike_engine *e, const struct ike_msg *m, enum ike_counter what, const char *why)
{
	const char *from = ADDR_STR(&m->path.remote);

	engine_count(e, what);
	log_debug_about(LOG_DEBUG_ISAKMP, &m->path.remote, "ISAKMP",
	    "dropped message from %s port %u: %s", from, m->path.remote_port, why);
	if (what != IKE_DROP_NO_SA && what != IKE_DROP_AUTH && what != IKE_DROP_NOT_ENCRYPTED)
		return;
	if (!ratelimit_take(&e->stranger_log, engine_now(e)))
		return;
	if (what == IKE_DROP_NO_SA)
		log_event(LOG_SEV_WARNING, "CRYPTO", "IKMP_NO_SA",
		    "IKE message from %s has no SA and is not an initialization offer", from);
	else if (what == IKE_DROP_AUTH)
		log_event(LOG_SEV_WARNING, "CRYPTO", "IKMP_BAD_MESSAGE",
		    "IKE message from %s failed its sanity check or is malformed", from);
	else
		log_event(LOG_SEV_INFO, "CRYPTO", "IKMP_NOT_ENCRYPTED",
		    "IKE packet from %s was not encrypted and it should've been.", from);
}

/* --- tables --- */

static const struct ikev1_step *
table_of(uint8_t exchange)
{
	return exchange == EXCHANGE_MAIN ? ikev1_main_steps :
	    exchange == EXCHANGE_AGGRESSIVE ? ikev1_aggr_steps :
	    exchange == EXCHANGE_QUICK ? ikev1_quick_steps :
	    exchange == EXCHANGE_INFO ? ikev1_info_steps : NULL;
}

static const struct ikev1_step *
find_step(const struct ike_exchange *x, bool starts)
{
	const struct ikev1_step *s = table_of(x->type);

	for (; s != NULL && s->story != NULL; s++)
		if (s->from == x->state && s->initiator == x->initiator && s->starts == starts &&
		    (s->auth == 0 || s->auth == x->sa->p1.auth))
			return s;
	return NULL;
}

/* IOS has states between hearing a message and having answered it; here they are only names. */
static const char *
name_when_heard(const struct ike_exchange *x)
{
	static const char *const names[] = {
		[MM_START] = "IKE_R_MM1", [MM_R_SENT2] = "IKE_R_MM3", [MM_R_SENT4] = "IKE_R_MM5",
		[MM_I_SENT1] = "IKE_I_MM2", [MM_I_SENT3] = "IKE_I_MM4", [MM_I_SENT5] = "IKE_I_MM6",
		[AG_I_SENT1] = "IKE_I_AM2", [QM_START] = "IKE_QM_SPI_STARVE",
	};
	bool aggressive = x->type == EXCHANGE_AGGRESSIVE && x->state == MM_START;

	if (aggressive || x->state >= sizeof(names) / sizeof(names[0]))
		return NULL;
	return names[x->state];
}

static void
log_states(const struct ike_exchange *x, const char *from, const char *to)
{
	sa_debug(x->sa, "Old State = %s  New State = %s", from, to);
}

/* A message is taken: what it makes of the exchange comes next. */
static void
heard(const struct ike_exchange *x)
{
	const char *name = name_when_heard(x);

	if (name != NULL && x->type != EXCHANGE_INFO)
		log_states(x, ikev1_state_name(x->state, x->initiator), name);
}

static void
enter(struct ike_exchange *x, const struct ikev1_step *s)
{
	const char *from = s->starts ? NULL : name_when_heard(x);

	if (from == NULL)
		from = ikev1_state_name(x->state, x->initiator);
	if (x->type != EXCHANGE_INFO)
		log_states(x, from, ikev1_state_name(s->to, x->initiator));
	x->state = s->to;
}

static enum step_result
finish(struct ike_exchange *x, const struct ikev1_step *s, enum step_result result)
{
	x->waiting = result == STEP_WAIT ? s : NULL;
	if (result == STEP_DONE && !x->gone)
		enter(x, s);
	return result;
}

enum step_result
step_begin(struct ike_exchange *x)
{
	const struct ikev1_step *s = find_step(x, true);

	return finish(x, s, s->run(x, NULL));
}

void
step_resume(struct ike_exchange *x)
{
	const struct ikev1_step *s = x->waiting;

	if (s != NULL && !x->gone)
		finish(x, s, s->resume(x));
}

/* --- a message arrives --- */

static void
digest_of(const struct ike_msg *m, uint8_t out[32])
{
	hash_all(HASH_SHA256, &m->datagram, 1, out);
}

/*
 * The peer repeats its last message: our answer was lost, or is on its way.
 * An initiator answers repetitions only once it is done (QM2 after QM3, AM2
 * after AM3); before that its own timer repeats.
 */
static bool
is_repetition(struct ike_exchange *x, const struct ike_msg *m, const uint8_t digest[32])
{
	struct ike_engine *e = x->sa->engine;
	bool answers = !x->initiator || x->state == QM_I_DONE || x->state == AG_I_DONE;

	if (!x->has_last_in || memcmp(digest, x->last_in, sizeof(x->last_in)) != 0)
		return false;
	if (x->waiting == NULL && answers && retransmit_repeat(&x->out, engine_now(e))) {
		engine_count(e, IKE_DUPLICATE_ANSWERED);
		if (x->state == QM_I_DONE) {
			struct ike_quick *q = container_of(x, struct ike_quick, x);

			if (q->child != NULL)
				child_qm2_again(q->child);
		}
	} else {
		ike_drop(e, m, IKE_DROP_DUPLICATE, "seen before");
	}
	return true;
}

static bool
reads(struct ike_exchange *x, const struct ikev1_step *s, struct ike_msg *m)
{
	struct ike_engine *e = x->sa->engine;
	bool encrypted = (m->h.flags & IKE_FLAG_ENCRYPTED) != 0;
	const char *why;

	if (encrypted != s->encrypted && !(s->or_clear && !encrypted)) {
		ike_drop(e, m, encrypted ? IKE_DROP_UNEXPECTED : IKE_DROP_NOT_ENCRYPTED,
		    encrypted ? "encrypted before there are keys" : "not encrypted");
		return false;
	}
	why = !encrypted ? ike_msg_read_clear(m) :
	    ike_msg_read_encrypted(m, x->sa->keys.cipher, keymat1_key(&x->sa->keys), x->iv);
	if (why != NULL) {
		ike_drop(e, m, encrypted ? IKE_DROP_AUTH : IKE_DROP_MALFORMED, why);
		return false;
	}
	if ((m->seen & s->must) != s->must || (m->seen & ~(s->must | s->may)) != 0) {
		ike_drop(e, m, IKE_DROP_PAYLOADS, "a payload is missing or out of place");
		return false;
	}
	why = s->verify == NULL ? NULL : s->verify(x, m);
	if (why != NULL)
		ike_drop(e, m, IKE_DROP_AUTH, why);
	return why == NULL;
}

static void
exchange_receive(struct ike_exchange *x, struct ike_msg *m)
{
	const struct ikev1_step *s;
	uint8_t digest[32];

	digest_of(m, digest);
	if (is_repetition(x, m, digest))
		return;
	s = x->waiting != NULL ? NULL : find_step(x, false);
	if (s == NULL) {
		ike_drop(x->sa->engine, m, IKE_DROP_UNEXPECTED,
		    "nothing expects this message in this state");
		return;
	}
	if (!reads(x, s, m))
		return;
	memcpy(x->last_in, digest, sizeof(digest));
	x->has_last_in = true;
	x->sa->heard_at = engine_now(x->sa->engine);
	if (!exchange_is_phase1(x->type))
		x->sa->unconfirmed = false;
	if ((m->h.flags & IKE_FLAG_ENCRYPTED) != 0) {
		memcpy(x->iv, m->last_block, CIPHER_BLOCK_MAX);
		/* Only what hashes a nonce of this exchange is no replay from somewhere else. */
		if (x->type == EXCHANGE_QUICK && s->from != QM_START)
			sa_moved(x->sa, &m->path);
	}
	retransmit_stop(&x->out);
	heard(x);
	finish(x, s, s->run(x, m));
}

static bool
msgid_used(const struct ike_sa *sa, uint32_t msgid)
{
	unsigned int i;

	for (i = 0; i < SA_MSGIDS; i++)
		if (sa->msgids[i] == msgid)
			return true;
	return false;
}

static unsigned int
quick_count(const struct ike_sa *sa)
{
	const struct ike_quick *q;
	unsigned int n = 0;

	DL_FOREACH (sa->quicks, q)
		n++;
	return n;
}

/* A quick mode that the peer starts exists only once its first message authenticated. */
static void
quick_receive(struct ike_sa *sa, struct ike_msg *m)
{
	struct ike_quick *q;

	DL_FOREACH (sa->quicks, q)
		if (q->x.msgid == m->h.msgid) {
			exchange_receive(&q->x, m);
			return;
		}
	if (msgid_used(sa, m->h.msgid)) {
		ike_drop(sa->engine, m, IKE_DROP_DUPLICATE, "its message id was used before");
		return;
	}
	if (quick_count(sa) >= QUICKS_MAX) {
		sa->engine->admission.pairs_in_rejected++;
		ike_drop(sa->engine, m, IKE_DROP_REFUSED, "too many quick modes at once");
		return;
	}
	q = ikev1_quick_new(sa, m->h.msgid, false);
	exchange_receive(&q->x, m);
	if (!q->x.has_last_in) {
		ikev1_quick_end(q);
		return;
	}
	admission_pair(sa->engine, false);
	if (!sa->gone)
		sa->msgids[sa->msgids_at++ % SA_MSGIDS] = m->h.msgid;
}

static void
info_receive(struct ike_sa *sa, struct ike_msg *m)
{
	struct ike_exchange x = {0};

	exchange_init(&x, sa, EXCHANGE_INFO, m->h.msgid, false);
	exchange_receive(&x, m);
	exchange_free(&x);
}

void
step_receive(struct ike_sa *sa, struct ike_msg *m)
{
	if (m->h.exchange == sa->main.type) {
		exchange_receive(&sa->main, m);
	} else if (m->h.msgid == 0) {
		ike_drop(sa->engine, m, IKE_DROP_MALFORMED, "message id 0 outside of phase 1");
	} else if (m->h.exchange == EXCHANGE_INFO && !sa->established) {
		/* RFC 2409 5.7: in clear it proves nothing; it may help who reads the log. */
		ike_drop(sa->engine, m, IKE_DROP_UNEXPECTED, "informational before phase 1 is done");
	} else if (!sa->established) {
		ike_drop(sa->engine, m, IKE_DROP_UNEXPECTED, "phase 2 before phase 1 is done");
	} else if (m->h.exchange == EXCHANGE_QUICK) {
		quick_receive(sa, m);
	} else if (m->h.exchange == EXCHANGE_INFO) {
		info_receive(sa, m);
	} else {
		ike_drop(sa->engine, m, IKE_DROP_UNEXPECTED, "unknown exchange type");
	}
}
