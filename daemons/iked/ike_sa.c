/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ike_sa.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "dpd.h"
#include "ikev1.h"
#include "kept.h"
#include "log.h"
#include "natt.h"
#include "once.h"
#include "peer.h"
#include "spi_recovery.h"

enum {
	LIFE_DEFAULT_S = 86400,
	SAS_OF_PEER_MAX = 64,	/* those that were replaced included */
	REPLACED_S = 60,	/* how long an old SA still answers beside its successor */
	OVERRUN_S = 30, OVERRUNS = 4,
	HALF_OPEN_S = 60,
};

const char *
ikev1_state_name(enum ikev1_state s, bool initiator)
{
	static const char *const names[] = {
		[MM_I_SENT1] = "IKE_I_MM1", [MM_I_SENT3] = "IKE_I_MM3", [MM_I_SENT5] = "IKE_I_MM5",
		[AG_I_SENT1] = "IKE_I_AM1", [AG_R_SENT2] = "IKE_R_AM2",
		[AG_I_DONE] = "IKE_P1_COMPLETE", [AG_R_DONE] = "IKE_P1_COMPLETE",
		[MM_R_SENT2] = "IKE_R_MM2", [MM_R_SENT4] = "IKE_R_MM4", [MM_DONE] = "IKE_P1_COMPLETE",
		[QM_START] = "IKE_QM_READY", [QM_I_SENT1] = "IKE_QM_I_QM1",
		[QM_I_DONE] = "IKE_QM_PHASE2_COMPLETE", [QM_R_SENT2] = "IKE_QM_R_QM2",
		[QM_R_DONE] = "IKE_QM_PHASE2_COMPLETE",
		[INFO_START] = "IKE_INFO", [INFO_DONE] = "IKE_INFO",
	};

	(void)initiator;
	return s == MM_START ? "IKE_READY" : names[s];
}

void
(sa_debug)(const struct ike_sa *sa, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_debug_about(LOG_DEBUG_ISAKMP, &sa->path.remote, "ISAKMP", "(%u):%s", sa->conn_id, text);
}

/* --- birth and death --- */

static void
half_open_over(struct timer *t)
{
	sa_failed(container_of(t, struct ike_sa, life_timer), "it took too long");
}

struct ike_sa *
sa_new(struct ike_engine *e, const struct ike_path *path, uint8_t exchange, bool initiator)
{
	struct ike_sa *sa = calloc(1, sizeof(*sa));

	if (sa == NULL)
		log_fatal("out of memory for an ISAKMP SA");
	sa->engine = e;
	sa->path = *path;
	sa->initiator = initiator;
	sa->conn_id = e->next_conn++;
	sa->created = sa->heard_at = engine_now(e);
	sa->keep_slot = KEEP_NONE;
	sa->profile = name_once("");
	sa->spis_told = (struct ratelimit)RATELIMIT(500, 20);
	exchange_init(&sa->main, sa, exchange, 0, initiator);
	sa->mm = calloc(1, sizeof(*sa->mm));
	if (sa->mm == NULL)
		log_fatal("out of memory for a main mode");
	(*(initiator ? &e->half_open_ours : &e->half_open))++;
	sa->life_timer.run = half_open_over;
	timer_in(&sa->life_timer, e->loop, mono_s(HALF_OPEN_S));
	return sa;
}

void
sa_enter_table(struct ike_sa *sa)
{
	HASH_ADD(hh, sa->engine->sas, ours, IKE_COOKIE_LEN, sa);
	between_put_sa(sa);
	if (sa->initiator || sa->mm == NULL)
		return;
	sa->half_open = true;
	DL_APPEND2(sa->engine->half_open_sas, sa, half_prev, half_next);
}

static void
leave_half_open(struct ike_sa *sa)
{
	if (sa->half_open)
		DL_DELETE2(sa->engine->half_open_sas, sa, half_prev, half_next);
	sa->half_open = false;
}

static void
sa_main_free(struct ike_sa *sa)
{
	if (sa->mm == NULL)
		return;
	leave_half_open(sa);
	dh_free(sa->mm->dh);
	free(sa->mm->sa_i);
	wipe(sa->mm, sizeof(*sa->mm));
	free(sa->mm);
	sa->mm = NULL;
	(*(sa->initiator ? &sa->engine->half_open_ours : &sa->engine->half_open))--;
}

void
sa_remove(struct ike_sa *sa)
{
	struct ike_engine *e = sa->engine;
	struct ike_quick *q, *tmp;

	if (sa->gone)
		return;
	sa->gone = sa->main.gone = true;
	HASH_DEL(e->sas, sa);
	leave_half_open(sa);
	between_leave_sa(sa);
	kept_drop(e->kept, &sa->keep_slot);
	DL_FOREACH_SAFE (sa->quicks, q, tmp)
		if (q->over)
			ikev1_quick_end(q);
		else
			ikev1_quick_fail(q, "its ISAKMP SA is gone");
	dpd_stop(sa);
	timer_stop(&sa->life_timer);
	timer_stop(&sa->keepalive_timer);
	retransmit_stop(&sa->main.out);
	sa->next_dead = e->dead_sas;
	e->dead_sas = sa;
	engine_reap_soon(e);
}

void
sa_free(struct ike_sa *sa)
{
	sa_main_free(sa);
	fragments_free(&sa->fragments);
	exchange_free(&sa->main);
	keymat1_wipe(&sa->keys);
	ident_release(&sa->peer_id);
	free(sa);
}

/* --- finding --- */

struct ike_peer *
peers_of(const struct ike_sa *sa)
{
	return peers_between(sa->engine, &sa->path.local, &sa->path.remote);
}

struct ike_sa *
sas_beside(const struct ike_sa *sa)
{
	return sas_between(sa->engine, &sa->path.local, &sa->path.remote);
}

static struct ike_sa *
sa_by_ours(struct ike_engine *e, const uint8_t cookie[IKE_COOKIE_LEN])
{
	struct ike_sa *sa;

	HASH_FIND(hh, e->sas, cookie, IKE_COOKIE_LEN, sa);
	return sa;
}

static bool
cookie_is_zero(const uint8_t c[IKE_COOKIE_LEN])
{
	static const uint8_t zero[IKE_COOKIE_LEN];

	return memcmp(c, zero, IKE_COOKIE_LEN) == 0;
}

/* A repeated first message has no cookie of ours in it. */
static struct ike_sa *
sa_by_first_message(struct ike_engine *e, const struct ike_header *h, const struct ike_path *path)
{
	struct ike_sa *sa, *tmp;

	DL_FOREACH_SAFE2 (sas_between(e, &path->local, &path->remote), sa, tmp, at_next)
		if (!sa->initiator && sa->mm != NULL &&
		    memcmp(sa->cky_i, h->cky_i, IKE_COOKIE_LEN) == 0)
			return sa;
	return NULL;
}

struct ike_sa *
sa_by_cookies(struct ike_engine *e, const struct ike_header *h, const struct ike_path *path)
{
	struct ike_sa *sa;

	if (cookie_is_zero(h->cky_r))
		return sa_by_first_message(e, h, path);
	sa = sa_by_ours(e, h->cky_r);
	if (sa != NULL && !sa->initiator && memcmp(sa->cky_i, h->cky_i, IKE_COOKIE_LEN) == 0)
		return sa;
	sa = sa_by_ours(e, h->cky_i);
	if (sa == NULL || !sa->initiator)
		return NULL;
	/* The first answer tells us the responder's cookie; the step that takes it stores it. */
	if (sa->main.state == MM_I_SENT1 || sa->main.state == AG_I_SENT1 ||
	    memcmp(sa->cky_r, h->cky_r, IKE_COOKIE_LEN) == 0)
		return sa;
	return NULL;
}

struct ike_sa *
sa_for_peer(struct ike_engine *e, const struct ike_peer *p)
{
	struct ike_sa *sa, *tmp, *best = NULL;

	DL_FOREACH_SAFE2 (sas_between(e, &p->path.local, &p->path.remote), sa, tmp, at_next)
		if (sa->established && !sa->replaced && peer_uses_sa(p, sa) &&
		    (best == NULL || mono_before(best->established_at, sa->established_at)))
			best = sa;
	return best;
}

struct ike_sa *
sa_pending(struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	struct ike_sa *sa, *tmp;

	DL_FOREACH_SAFE2 (sas_between(e, local, remote), sa, tmp, at_next)
		if (!sa->established && sa->initiator)
			return sa;
	return NULL;
}

unsigned int
sa_half_open_with(struct ike_engine *e, const struct addr *remote)
{
	const struct ike_sa *sa;
	unsigned int n = 0;

	DL_FOREACH2 (e->half_open_sas, sa, half_next)
		n += addr_same_source(&sa->path.remote, remote);
	return n;
}

/* By identity and port, never by address alone: two peers may share a NAT's address. */
bool
sa_same_peer(const struct ike_sa *a, const struct ike_sa *b)
{
	return addr_eq(&a->path.local, &b->path.local) &&
	    addr_eq(&a->path.remote, &b->path.remote) && held_ident_eq(a->peer_id, b->peer_id) &&
	    (!a->nat_remote || !b->nat_remote || a->path.remote_port == b->path.remote_port);
}

/* --- its life --- */

static bool
serves_somebody(struct ike_sa *sa)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		if (peer_uses_sa(p, sa) && (peer_is_wanted(p) || p->children != NULL))
			return true;
	return false;
}

static bool
has_successor(const struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;

	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next)
		if (other != sa && other->established && !other->replaced &&
		    sa_same_peer(other, sa) &&
		    mono_before(sa->established_at, other->established_at))
			return true;
	return false;
}

/*
 * At 90 % of its life (the responder later) the SA is replaced by a new main
 * mode.  One that is still needed is not deleted before its successor is up:
 * if that takes too long, it overruns a little.
 */
static void
sa_life_due(struct timer *t)
{
	struct ike_sa *sa = container_of(t, struct ike_sa, life_timer);
	struct ike_engine *e = sa->engine;
	mono_t now = engine_now(e);

	if (sa->replaced || has_successor(sa)) {
		sa_delete(sa, "a newer SA took its place");
		return;
	}
	if (serves_somebody(sa) && sa->life_overruns < OVERRUNS) {
		if (sa_pending(e, &sa->path.local, &sa->path.remote) == NULL)
			ikev1_start(e, &sa->path.local, &sa->path.remote);
		if (mono_before(now, sa->dies_at)) {
			timer_at(t, e->loop, sa->dies_at);
		} else {
			sa->life_overruns++;
			timer_in(t, e->loop, mono_s(OVERRUN_S));
		}
		return;
	}
	if (mono_before(now, sa->dies_at))
		timer_at(t, e->loop, sa->dies_at);
	else
		sa_delete(sa, "its lifetime is over");
}

static void
sa_life_start(struct ike_sa *sa)
{
	int64_t life = sa->dies_at.us - sa->established_at.us;
	int64_t percent = sa->initiator ? 85 + random_u32() % 6 : 93 + random_u32() % 4;

	sa->life_timer.run = sa_life_due;
	timer_at(&sa->life_timer, sa->engine->loop,
	    mono_add(sa->established_at, mono_us(life / 100 * percent)));
}

/* The older SAs with the same peer answer for a while, then go. */
static void
replace_older(struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;

	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next) {
		if (other == sa || !other->established || other->replaced || !sa_same_peer(other, sa))
			continue;
		/* Both sides began at once: both SAs are young and stay; each works. */
		if (!mono_before(other->established_at, sa->created))
			continue;
		other->replaced = true;
		kept_save_sa(other);
		dpd_stop(other);
		timer_in(&other->life_timer, sa->engine->loop, mono_s(REPLACED_S));
	}
}

/* A peer that begins ever new SAs: the oldest go at once. */
static void
drop_surplus(struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;
	unsigned int n = 0;

	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next)
		n += other->established && sa_same_peer(other, sa);
	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next) {
		if (n <= SAS_OF_PEER_MAX)
			return;
		if (other == sa || !other->established || !sa_same_peer(other, sa))
			continue;
		n--;
		engine_count(sa->engine, IKE_SURPLUS);
		sa_delete(other, "its peer has too many");
	}
}

/* Whether only one peer can be at the other end, though it came through a NAT. */
static bool
is_configured_peer(const struct ike_sa *sa)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		if (p->configured)
			return true;
	return false;
}

/*
 * The peer was first: what we began and it did not answer yet is not needed.
 * (What it answered goes on; dropping it could leave each side with an SA that
 * the other dropped.)
 */
static void
drop_unanswered(struct ike_sa *sa)
{
	struct ike_sa *other, *tmp;

	if (sa->initiator || (sa->nat_remote && !is_configured_peer(sa)))
		return;
	DL_FOREACH_SAFE2 (sas_beside(sa), other, tmp, at_next)
		if (other->initiator &&
		    (other->main.state == MM_I_SENT1 || other->main.state == AG_I_SENT1))
			sa_remove(other);
}

void
sa_established(struct ike_sa *sa)
{
	struct ike_engine *e = sa->engine;

	sa_main_free(sa);
	wipe(sa->keys.skeyid, sizeof(sa->keys.skeyid));
	sa->established = true;
	sa->established_at = engine_now(e);
	sa->dies_at = mono_add(sa->established_at,
	    mono_s(sa->p1.life_s != 0 ? sa->p1.life_s : LIFE_DEFAULT_S));
	memcpy(sa->last_block, sa->main.iv, CIPHER_BLOCK_MAX);
	engine_count(e, IKE_MAIN_DONE);
	sa_life_start(sa);
	kept_save_sa(sa);
	sa_debug(sa, "SA has been authenticated with %s, identity %s", ADDR_STR(&sa->path.remote),
	    IDENT_STR(IDENT_OF(sa->peer_id)));
}

void
sa_restored(struct ike_sa *sa)
{
	sa_main_free(sa);
	sa->main.state = MM_DONE;
	if (sa->replaced) {
		sa->life_timer.run = sa_life_due;
		timer_in(&sa->life_timer, sa->engine->loop, mono_s(REPLACED_S));
	} else {
		sa_life_start(sa);
		dpd_start(sa);
		natt_keepalive_start(sa);
	}
}

/*
 * What waited for phase 1.  The side that began goes first with phase 2, too.  But
 * one that began only to say that an SPI is not its own has no need of phase 2: the
 * next packet brings up what is on demand, without waiting for that side.
 */
void
sa_established_announce(struct ike_sa *sa)
{
	struct ike_engine *e = sa->engine;
	struct ike_peer *p, *tmp;

	replace_older(sa);
	drop_surplus(sa);
	drop_unanswered(sa);
	spi_recovery_established(sa);
	dpd_start(sa);
	natt_keepalive_start(sa);
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next) {
		if (sa->gone || !peer_uses_sa(p, sa))
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

void
peers_update_on(struct ike_sa *sa)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		peer_update(p);
}

void
peers_left_alone_on(struct ike_sa *sa)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		if (p->version == &ikev1_version && p->current != NULL && peer_is_wanted(p) &&
		    !p->version->has_sa(p))
			child_left_alone(p->current);
}

void
sa_failed(struct ike_sa *sa, const char *why)
{
	struct ike_engine *e = sa->engine;
	struct ike_peer *p, *tmp;

	engine_count(e, IKE_MAIN_FAILED);
	if (sa->initiator || ratelimit_take(&e->stranger_log, engine_now(e))) {
		log_event(LOG_SEV_INFO, "CRYPTO", "IKMP_MODE_FAILURE",
		    "Processing of %s mode failed with peer at %s",
		    sa->main.type == EXCHANGE_MAIN ? "Main" : "Aggressive",
		    ADDR_STR(&sa->path.remote));
		sa_debug(sa, "phase 1 failed: %s", why);
	}
	sa_remove(sa);
	if (!sa->initiator)
		return;
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next) {
		if (sa_for_peer(e, p) == NULL)
			peer_unreachable(p);
		peer_update(p);
	}
}

void
sa_dead(struct ike_sa *sa, const char *why)
{
	struct ike_engine *e = sa->engine;
	struct ike_peer *p, *tmp;

	engine_count(e, IKE_PEER_DEAD);
	log_info("peer %s (%s) is dead: %s", ADDR_STR(&sa->path.remote), IDENT_STR(IDENT_OF(sa->peer_id)), why);
	sa_remove(sa);
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		if (peer_uses_sa(p, sa)) {
			peer_drop_sas(p, false);
			if (p->on_demand)
				peer_unreachable(p);
			else
				peer_lost(p);
			peer_update(p);
		}
}

void
sa_delete(struct ike_sa *sa, const char *why)
{
	sa_debug(sa, "deleting SA with %s: %s", ADDR_STR(&sa->path.remote), why);
	if (sa->established)
		ikev1_send_delete_isakmp(sa);
	sa_remove(sa);
	peers_update_on(sa);
}

/*
 * Only a peer behind a NAT moves, and only to another port or address of the
 * NAT: the packet that said so was authenticated.
 */
void
sa_moved(struct ike_sa *sa, const struct ike_path *path)
{
	struct ike_peer *p, *tmp;

	if (!sa->nat_remote || path->local_port != IKE_NATT_PORT ||
	    !addr_eq(&path->local, &sa->path.local) ||
	    (path->remote_port == sa->path.remote_port && addr_eq(&path->remote, &sa->path.remote)))
		return;
	if (ratelimit_take(&sa->engine->peer_log, engine_now(sa->engine)))
		log_info("peer %s port %u (%s) moved to %s port %u", ADDR_STR(&sa->path.remote),
		    sa->path.remote_port, IDENT_STR(IDENT_OF(sa->peer_id)), ADDR_STR(&path->remote),
		    path->remote_port);
	DL_FOREACH_SAFE2 (peers_of(sa), p, tmp, at_next)
		if (peer_uses_sa(p, sa) && p->path.remote_port == sa->path.remote_port) {
			p->path = *path;
			between_put_peer(p);
			peer_tell_espd(p);
			kept_save_peer(p);
		}
	sa->path = *path;
	between_put_sa(sa);
	if (sa->established)
		kept_save_sa(sa);
}

uint8_t
sa_ipc_state(const struct ike_sa *sa)
{
	if (sa->established)
		return IKE_QM_IDLE;
	switch (sa->main.state) {
	case MM_R_SENT2:
	case MM_I_SENT3:
		return IKE_MM_SA_SETUP;
	case MM_R_SENT4:
	case MM_I_SENT5:
		return IKE_MM_KEY_EXCH;
	case AG_R_SENT2:
		return IKE_AG_INIT_EXCH;
	default:
		return sa->main.type == EXCHANGE_MAIN ? IKE_MM_NO_STATE : IKE_AG_NO_STATE;
	}
}
