/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a quick mode as an object: made, waiting for an SPI, failed, or
 * over and lingering.  What it says is in ikev1_quick.c.
 */
#include <stdlib.h>
#include <utlist.h>

#include "child.h"
#include "ikev1.h"
#include "log.h"
#include "peer.h"
#include "step.h"

enum { TAKES_AT_MOST_S = 60, LINGERS_S = 60 };

static void
quick_timer(struct timer *t)
{
	struct ike_quick *q = container_of(t, struct ike_quick, timer);

	if (q->over)
		ikev1_quick_end(q);
	else
		ikev1_quick_fail(q, "it took too long");
}

struct ike_quick *
ikev1_quick_new(struct ike_sa *sa, uint32_t msgid, bool initiator)
{
	struct ike_quick *q = calloc(1, sizeof(*q));

	if (q != NULL)
		q->work = calloc(1, sizeof(*q->work));
	if (q == NULL || q->work == NULL)
		log_fatal("out of memory for a quick mode");
	exchange_init(&q->x, sa, EXCHANGE_QUICK, msgid, initiator);
	q->started = engine_now(sa->engine);
	q->timer.run = quick_timer;
	timer_in(&q->timer, sa->engine->loop, mono_s(TAKES_AT_MOST_S));
	DL_APPEND(sa->quicks, q);
	if (initiator)
		admission_pair(sa->engine, true);
	return q;
}

void
ikev1_quick_set_peer(struct ike_quick *q, struct ike_peer *p)
{
	if (q->peer != NULL)
		DL_DELETE2(q->peer->quicks, q, peer_prev, peer_next);
	q->peer = p;
	if (p != NULL)
		DL_APPEND2(p->quicks, q, peer_prev, peer_next);
}

void
ikev1_quick_end(struct ike_quick *q)
{
	struct ike_sa *sa = q->x.sa;

	if (q->x.gone)
		return;
	q->x.gone = true;
	spi_wait_stop(sa->engine, &q->wait);
	timer_stop(&q->timer);
	retransmit_stop(&q->x.out);
	DL_DELETE(sa->quicks, q);
	ikev1_quick_set_peer(q, NULL);
	q->next = sa->engine->dead_quicks;
	sa->engine->dead_quicks = q;
	engine_reap_soon(sa->engine);
}

static void
work_free(struct ike_quick *q)
{
	if (q->work == NULL)
		return;
	dh_free(q->work->dh);
	wipe(q->work, sizeof(*q->work));
	free(q->work);
	q->work = NULL;
}

void
ikev1_quick_free(struct ike_quick *q)
{
	work_free(q);
	exchange_free(&q->x);
	wipe(q, sizeof(*q));
	free(q);
}

void
ikev1_quick_fail(struct ike_quick *q, const char *why)
{
	struct ike_sa *sa = q->x.sa;
	struct ike_engine *e = sa->engine;
	struct ike_peer *p = q->peer;
	struct ipc_spi_only release = {.spi = q->spi};

	if (q->x.gone)
		return;
	/* QM3 was lost, but a packet came in on the pair: it is complete without it. */
	if (q->child != NULL && q->child->sa.stage == SA_CURRENT) {
		ikev1_quick_end(q);
		return;
	}
	engine_count(e, IKE_QUICK_FAILED);
	if (q->x.initiator || ratelimit_take(&e->peer_log, engine_now(e)))
		log_event(LOG_SEV_INFO, "CRYPTO", "IKMP_MODE_FAILURE",
		    "Processing of Quick mode failed with peer at %s", ADDR_STR(&sa->path.remote));
	sa_debug(sa, "quick mode %08x failed: %s", q->x.msgid, why);
	if (q->child != NULL)
		child_remove(q->child, true);
	else if (q->spi != 0)
		e->ops->espd(e->user, IPC_MSG_SPI_RELEASE, &release);
	ikev1_quick_end(q);
	if (p != NULL) {
		peer_failed(p);
		peer_update(p);
	}
}

/* Completed: stays a while to answer repetitions of the peer's last message. */
void
ikev1_quick_over(struct ike_quick *q)
{
	engine_count(q->x.sa->engine, IKE_QUICK_DONE);
	q->over = true;
	work_free(q);
	timer_near(&q->timer, q->x.sa->engine->loop, mono_s(LINGERS_S), mono_ms(100));
}

bool
ikev1_quick_running(const struct ike_peer *p)
{
	const struct ike_quick *q;

	DL_FOREACH2 (p->quicks, q, peer_next)
		if (!q->over)
			return true;
	return false;
}

void
ikev1_quick_forget(struct ike_peer *p)
{
	while (p->quicks != NULL) {
		p->quicks->child = NULL;
		ikev1_quick_end(p->quicks);
	}
}

void
ikev1_quick_forget_child(struct ike_child *c)
{
	struct ike_quick *q, *next;

	DL_FOREACH_SAFE2 (c->peer->quicks, q, next, peer_next)
		if (q->child == c) {
			q->child = NULL;
			ikev1_quick_end(q);
		}
}

static void
reserved(struct spi_wait *w, uint32_t spi)
{
	struct ike_quick *q = container_of(w, struct ike_quick, wait);

	q->spi = spi;
	if (spi == 0)
		ikev1_quick_fail(q, "espd has no SPI left");
	else
		step_resume(&q->x);
}

void
ikev1_quick_reserve_spi(struct ike_quick *q)
{
	q->wait.got = reserved;
	q->wait.peer_ref = q->peer->ref;
	spi_wait_start(q->x.sa->engine, &q->wait);
}
