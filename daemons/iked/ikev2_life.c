/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an IKE SA does by itself while it is up: liveness, keepalives, its lifetime. */
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "kept.h"
#include "log.h"
#include "peer.h"
#include "spi_recovery.h"

enum { LIFE_DEFAULT_S = 86400, OLD_S = 60, OVERRUN_S = 30, RETRY_DEFAULT_S = 2 };
enum { SAS_OF_PEER_MAX = 64 };	/* more than one peer has, with one for each of many profiles */

/* --- liveness (RFC 7296 2.4) --- */

struct ikev2_dpd
ikev2_dpd_of(const struct ikev2_sa *sa)
{
	const struct ipc_ikev2_global *g = &sa->engine->conf.v2.global;
	const struct conf_profile2 *p = ikev2_profile_of(sa);
	struct ikev2_dpd dpd = {g->dpd_s, g->dpd_retry_s, g->dpd_periodic};

	if (p != NULL && p->set.has_dpd)
		dpd = (struct ikev2_dpd){p->set.dpd_s, p->set.dpd_retry_s, p->set.dpd_periodic};
	if (dpd.retry_s == 0)
		dpd.retry_s = RETRY_DEFAULT_S;
	return dpd;
}

/* A probe only if nothing was heard for a whole interval. */
static void
liveness_due(struct timer *t)
{
	struct ikev2_sa *sa = container_of(t, struct ikev2_sa, liveness_timer);
	struct ike_engine *e = sa->engine;
	struct ikev2_dpd dpd = ikev2_dpd_of(sa);
	mono_t next = mono_add(sa->heard_at, mono_s(dpd.interval_s));

	if (mono_before(engine_now(e), next)) {
		timer_at(t, e->loop, next);
		return;
	}
	timer_in(t, e->loop, mono_s(dpd.interval_s));
	ikev2_task_add(sa, TASK_LIVENESS, 0);
}

void
ikev2_liveness_start(struct ikev2_sa *sa)
{
	struct ikev2_dpd dpd = ikev2_dpd_of(sa);

	sa->liveness_timer.run = liveness_due;
	timer_stop(&sa->liveness_timer);
	if (dpd.interval_s != 0 && dpd.periodic && sa->state == IKEV2_UP)
		timer_in(&sa->liveness_timer, sa->engine->loop, mono_s(dpd.interval_s));
}

/* --- keeping a NAT's mapping alive (RFC 3948 4) --- */

static void
keepalive_due(struct timer *t)
{
	struct ikev2_sa *sa = container_of(t, struct ikev2_sa, keepalive_timer);
	struct ike_engine *e = sa->engine;

	e->ops->send(e->user, &sa->path, (struct slice){NULL, 0});
	ikev2_keepalive_start(sa);
}

void
ikev2_keepalive_start(struct ikev2_sa *sa)
{
	const struct conf_profile2 *p = ikev2_profile_of(sa);
	unsigned int s = sa->engine->conf.v2.global.natt_keepalive_s;

	if (p != NULL && p->set.natt_keepalive_s != 0)
		s = p->set.natt_keepalive_s;
	sa->keepalive_timer.run = keepalive_due;
	if (sa->nat_local && ikev2_natt_between(sa) && sa->state == IKEV2_UP && s != 0)
		timer_in(&sa->keepalive_timer, sa->engine->loop, mono_s(s));
}

/* --- lifetime --- */

static bool
serves_somebody(const struct ikev2_sa *sa)
{
	const struct ike_peer *p, *tmp;

	if (sa->children != NULL)
		return true;
	DL_FOREACH_SAFE2 (peers_between(sa->engine, &sa->path.local, &sa->path.remote), p, tmp, at_next)
		if (p->version == &ikev2_version && peer_is_wanted(p) && ikev2_sa_for_peer(p) == sa)
			return true;
	return false;
}

/* Replaced before its time is over; who began it goes first. */
static void
life_due(struct timer *t)
{
	struct ikev2_sa *sa = container_of(t, struct ikev2_sa, life_timer);
	mono_t now = engine_now(sa->engine), last = mono_add(sa->dies_at, mono_s(4 * OVERRUN_S));

	if (sa->state == IKEV2_OLD) {
		ikev2_sa_delete(sa, "a newer SA took its place");
		return;
	}
	if (!mono_before(now, last) || (!serves_somebody(sa) && !mono_before(now, sa->dies_at))) {
		ikev2_sa_delete(sa, "its lifetime is over");
		return;
	}
	timer_in(t, sa->engine->loop, mono_s(OVERRUN_S));
	if (serves_somebody(sa))
		ikev2_task_add(sa, TASK_REKEY_IKE, 0);
}

void
ikev2_life_start(struct ikev2_sa *sa)
{
	int64_t life = sa->dies_at.us - sa->established_at.us;
	int64_t percent = sa->initiator ? 85 + random_u32() % 6 : 93 + random_u32() % 4;

	sa->life_timer.run = life_due;
	if (sa->state == IKEV2_OLD)
		timer_in(&sa->life_timer, sa->engine->loop, mono_s(OLD_S));
	else
		timer_at(&sa->life_timer, sa->engine->loop,
		    mono_add(sa->established_at, mono_us(life / 100 * percent)));
}

void
ikev2_sa_up(struct ikev2_sa *sa)
{
	const struct conf_profile2 *p = ikev2_profile_of(sa);

	ikev2_init_free(sa);
	ikev2_half_open_over(sa);
	sa->established_at = engine_now(sa->engine);
	sa->dies_at = mono_add(sa->established_at,
	    mono_s(p != NULL && p->set.life_s != 0 ? p->set.life_s : LIFE_DEFAULT_S));
	ikev2_enter(sa, IKEV2_UP, "both sides are authenticated");
	engine_count(sa->engine, IKE_V2_DONE);
	ikev2_life_start(sa);
	kept_save_sa2(sa);
}

/*
 * The peer's own attempt is up, and what we began with it has no answer: it is not
 * needed any more.  (Had it one, the peer might have finished it meanwhile.)
 */
static void
drop_unanswered(const struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		if (other->state == IKEV2_I_INIT && strcmp(other->profile, sa->profile) == 0) {
			ikev2_debug(other, "the peer's own SA is up");
			ikev2_sa_remove(other);
		}
}

bool
ikev2_peer_has_many(const struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;
	unsigned int n = 0;

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		n += other->init == NULL && ikev2_same_peer(other, sa);
	return n > SAS_OF_PEER_MAX;
}

/*
 * A peer that begins ever new SAs and ends none: the oldest goes.  One that does not
 * answer that either is not waited for.
 */
static void
drop_surplus(struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;

	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next) {
		if (!ikev2_peer_has_many(sa))
			return;
		if (other == sa || other->init != NULL || !ikev2_same_peer(other, sa))
			continue;
		engine_count(sa->engine, IKE_V2_SURPLUS);
		ikev2_sa_delete(other, "its peer has too many");
		ikev2_sa_remove(other);
	}
}

void
ikev2_sa_announce(struct ikev2_sa *sa)
{
	struct ike_engine *e = sa->engine;
	struct ike_peer *p, *tmp;

	if (!sa->initiator) {
		drop_unanswered(sa);
		drop_surplus(sa);
	}
	spi_recovery_established2(sa);
	ikev2_liveness_start(sa);
	ikev2_keepalive_start(sa);
	DL_FOREACH_SAFE2 (peers_between(e, &sa->path.local, &sa->path.remote), p, tmp, at_next) {
		if (p->version != &ikev2_version || !peer_is_at(p, &sa->path, sa->peer_id) ||
		    ikev2_sa_for_peer(p) != sa)
			continue;
		if (p->current != NULL && p->current->rekey_due)
			child_rekey(p->current);
		else if (p->current == NULL && peer_is_wanted(p) && sa->initiator)
			peer_bring_up(p);
		else if (p->current == NULL && peer_is_wanted(p) && !p->on_demand)
			timer_in(&p->retry_timer, e->loop, mono_s(2));
		peer_update(p);
	}
}

static void
ask_again(struct timer *t)
{
	struct ikev2_sa *sa = container_of(t, struct ikev2_sa, liveness_timer);

	ikev2_liveness_start(sa);
	ikev2_ask_blindly(sa);
}

void
ikev2_sa_restored(struct ikev2_sa *sa, enum ikev2_state state)
{
	ikev2_init_free(sa);
	ikev2_half_open_over(sa);
	ikev2_enter(sa, state, "restored");
	ikev2_life_start(sa);
	ikev2_liveness_start(sa);
	ikev2_keepalive_start(sa);
	if (sa->window.asks != NULL) {
		/* Once somebody listens to what is sent. */
		sa->liveness_timer.run = ask_again;
		timer_in(&sa->liveness_timer, sa->engine->loop, mono_s(1));
	}
}
