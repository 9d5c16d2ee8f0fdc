/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ikev2_sa.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "ikev2_nego.h"
#include "ikev2_sk.h"
#include "kept.h"
#include "log.h"
#include "natt.h"
#include "once.h"
#include "peer.h"

enum { HALF_OPEN_S = 60, FAILED_S = 10 };

void
(ikev2_debug)(const struct ikev2_sa *sa, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_debug_about(LOG_DEBUG_IKEV2, &sa->path.remote, "IKEv2",
	    "(SESSION ID = %u,SA ID = %u):%s", sa->session_id, sa->conn_id, text);
}

/* --- birth and death --- */

static void
half_open_over(struct timer *t)
{
	struct ikev2_sa *sa = container_of(t, struct ikev2_sa, life_timer);

	if (sa->state == IKEV2_FAILED)
		ikev2_sa_remove(sa);
	else
		ikev2_sa_failed(sa, "it took too long");
}

struct ikev2_sa *
ikev2_sa_restore(struct ike_engine *e, const struct ike_path *path, bool initiator,
    const uint8_t ours[IKE_SPI_LEN])
{
	struct ikev2_sa *sa = calloc(1, sizeof(*sa));

	if (sa == NULL || (sa->init = calloc(1, sizeof(*sa->init))) == NULL)
		log_fatal("out of memory for an IKE SA");
	sa->engine = e;
	sa->path = *path;
	sa->initiator = initiator;
	sa->profile = name_once("");
	sa->conn_id = e->next_conn++;
	sa->session_id = e->next_session++;
	sa->created = sa->heard_at = engine_now(e);
	sa->keep_slot = KEEP_NONE;
	window_init(&sa->window, e->loop, e->kept);
	sa->spis_told = (struct ratelimit)RATELIMIT(500, 20);
	sa->hints = (struct ratelimit)RATELIMIT(5000, 2);
	sa->regroups = (struct ratelimit)RATELIMIT(30000, 3);
	memcpy(sa->ours, ours, IKE_SPI_LEN);
	memcpy(initiator ? sa->spi_i : sa->spi_r, sa->ours, IKE_SPI_LEN);
	HASH_ADD(hh, e->sas2, ours, IKE_SPI_LEN, sa);
	between_put_sa2(sa);
	sa->first.remote = path->remote;
	if (initiator) {
		e->half_open2_ours++;
	} else {
		HASH_ADD(hh_first, e->firsts2, first, sizeof(sa->first), sa);
		sa->half_open = true;
		e->half_open2++;
		DL_APPEND2(e->half_open_sas2, sa, half_prev, half_next);
	}
	sa->life_timer.run = half_open_over;
	timer_in(&sa->life_timer, e->loop, mono_s(HALF_OPEN_S));
	return sa;
}

struct ikev2_sa *
ikev2_sa_new(struct ike_engine *e, const struct ike_path *path, bool initiator)
{
	uint8_t ours[IKE_SPI_LEN];

	do
		random_bytes(ours, sizeof(ours));
	while (memcmp(ours, (uint8_t[IKE_SPI_LEN]){0}, IKE_SPI_LEN) == 0);
	return ikev2_sa_restore(e, path, initiator, ours);
}

void
ikev2_sa_set_first(struct ikev2_sa *sa, const uint8_t spi_i[IKE_SPI_LEN])
{
	if (sa->initiator)
		return;
	HASH_DELETE(hh_first, sa->engine->firsts2, sa);
	memcpy(sa->spi_i, spi_i, IKE_SPI_LEN);
	memcpy(sa->first.spi_i, spi_i, IKE_SPI_LEN);
	HASH_ADD(hh_first, sa->engine->firsts2, first, sizeof(sa->first), sa);
}

void
ikev2_init_free(struct ikev2_sa *sa)
{
	struct ikev2_init *init = sa->init;

	if (init == NULL)
		return;
	dh_free(init->dh);
	free(init->request);
	free(init->answer);
	wipe(init, sizeof(*init));
	free(init);
	sa->init = NULL;
	if (sa->initiator)
		sa->engine->half_open2_ours--;
}

void
ikev2_half_open_over(struct ikev2_sa *sa)
{
	struct ike_engine *e = sa->engine;

	if (!sa->half_open)
		return;
	sa->half_open = false;
	e->half_open2--;
	DL_DELETE2(e->half_open_sas2, sa, half_prev, half_next);
}

/* No other may lead to it any more. */
static void
unlink_relations(struct ikev2_sa *sa)
{
	struct ikev2_sa *heir = sa->successor;

	if (sa->maker != NULL && sa->maker->successor == sa)
		sa->maker->successor = NULL;
	if (sa->maker != NULL && sa->maker->rival == sa)
		sa->maker->rival = NULL;
	if (sa->rival != NULL)
		sa->rival->maker = NULL;
	sa->successor = sa->rival = sa->maker = NULL;
	if (heir == NULL)
		return;
	heir->maker = NULL;
	if (heir->init != NULL)
		ikev2_sa_remove(heir);		/* it was being made, on this one */
}

/* Nothing runs on it any more. */
static void
stop_all(struct ikev2_sa *sa)
{
	unlink_relations(sa);
	kept_drop_sa2(sa);
	while (sa->negos != NULL)
		ikev2_nego_end(sa->negos);
	while (sa->children != NULL)
		ikev2_child_release(sa->children);
	ikev2_tasks_free(sa);
	timer_stop(&sa->life_timer);
	timer_stop(&sa->keepalive_timer);
	timer_stop(&sa->liveness_timer);
	while (sa->window.asks != NULL)
		window_drop(&sa->window, sa->window.asks);
}

void
ikev2_sa_linger(struct ikev2_sa *sa, const char *why)
{
	stop_all(sa);
	ikev2_enter(sa, IKEV2_FAILED, why);
	sa->life_timer.run = half_open_over;
	timer_in(&sa->life_timer, sa->engine->loop, mono_s(FAILED_S));
}

void
ikev2_sa_remove(struct ikev2_sa *sa)
{
	struct ike_engine *e = sa->engine;

	if (sa->gone)
		return;
	sa->gone = true;
	ikev2_half_open_over(sa);
	if (sa->established_at.us != 0)		/* what never came up has failed */
		engine_count(e, IKE_V2_ENDED);
	HASH_DEL(e->sas2, sa);
	between_leave_sa2(sa);
	if (!sa->initiator)
		HASH_DELETE(hh_first, e->firsts2, sa);
	stop_all(sa);
	sa->next_dead = e->dead_sas2;
	e->dead_sas2 = sa;
	engine_reap_soon(e);
}

void
ikev2_sa_free(struct ikev2_sa *sa)
{
	ikev2_init_free(sa);
	window_clear(&sa->window);
	ikev2_parts_free(&sa->parts);
	keymat2_wipe(&sa->keys);
	secret_free(&sa->peer_token);
	ident_release(&sa->id);
	ident_release(&sa->peer_id);
	free(sa);
}

/* --- finding --- */

struct ikev2_sa *
ikev2_sa_by_ours(struct ike_engine *e, const uint8_t spi[IKE_SPI_LEN])
{
	struct ikev2_sa *sa;

	HASH_FIND(hh, e->sas2, spi, IKE_SPI_LEN, sa);
	return sa;
}

struct ikev2_sa *
ikev2_sa_by_spis(struct ike_engine *e, const struct ike_header *h)
{
	struct ikev2_sa *sa = ikev2_sa_by_ours(e, h->cky_r);

	if (sa != NULL && !sa->initiator && memcmp(sa->spi_i, h->cky_i, IKE_SPI_LEN) == 0)
		return sa;
	sa = ikev2_sa_by_ours(e, h->cky_i);
	if (sa == NULL || !sa->initiator)
		return NULL;
	/* The first answer tells us the responder's SPI; the step that takes it stores it. */
	if (sa->state == IKEV2_I_INIT || memcmp(sa->spi_r, h->cky_r, IKE_SPI_LEN) == 0)
		return sa;
	return NULL;
}

struct ikev2_sa *
ikev2_sa_by_first_message(struct ike_engine *e, const struct ike_header *h,
    const struct ike_path *path)
{
	struct ikev2_first first = {.remote = path->remote};
	struct ikev2_sa *sa;

	memcpy(first.spi_i, h->cky_i, IKE_SPI_LEN);
	HASH_FIND(hh_first, e->firsts2, &first, sizeof(first), sa);
	return sa;
}

struct ikev2_sa *
ikev2_sas_beside(const struct ikev2_sa *sa)
{
	return sas2_between(sa->engine, &sa->path.local, &sa->path.remote);
}

bool
ikev2_sa_is_up(const struct ikev2_sa *sa)
{
	return sa->state == IKEV2_UP && !sa->gone;
}

/* Its protection says which profile; an SA of another one does not serve it. */
static bool
serves(const struct ikev2_sa *sa, const struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);

	return p->version == &ikev2_version && prot != NULL &&
	    strcmp(prot->ikev2_profile, sa->profile) == 0;
}

static bool
is_better(const struct ikev2_sa *sa, const struct ikev2_sa *than)
{
	return ikev2_lost_crossing(than, sa) || (!ikev2_lost_crossing(sa, than) &&
	    mono_before(than->established_at, sa->established_at));
}

struct ikev2_sa *
ikev2_sa_for_peer(const struct ike_peer *p)
{
	struct ikev2_sa *sa, *tmp, *best = NULL;

	if (p->current != NULL && p->current->ike != NULL && ikev2_sa_is_up(p->current->ike))
		return p->current->ike;
	DL_FOREACH_SAFE2 (sas2_between(p->engine, &p->path.local, &p->path.remote), sa, tmp, at_next)
		if (ikev2_sa_is_up(sa) && peer_is_at(p, &sa->path, sa->peer_id) && serves(sa, p) &&
		    (best == NULL || is_better(sa, best)))
			best = sa;
	return best;
}

static bool
is_pending(const struct ikev2_sa *sa)
{
	return sa->state == IKEV2_I_INIT || sa->state == IKEV2_I_AUTH;
}

struct ikev2_sa *
ikev2_sa_pending(const struct ike_peer *p)
{
	struct ikev2_sa *sa, *tmp;

	DL_FOREACH_SAFE2 (sas2_between(p->engine, &p->path.local, &p->path.remote), sa, tmp, at_next)
		if (is_pending(sa) && serves(sa, p))
			return sa;
	return NULL;
}

struct ikev2_sa *
ikev2_sa_pending_at(struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	struct ikev2_sa *sa, *tmp;

	DL_FOREACH_SAFE2 (sas2_between(e, local, remote), sa, tmp, at_next)
		if (is_pending(sa))
			return sa;
	return NULL;
}

unsigned int
ikev2_half_open_with(struct ike_engine *e, const struct addr *remote)
{
	const struct ikev2_sa *sa;
	unsigned int n = 0;

	DL_FOREACH2 (e->half_open_sas2, sa, half_next)
		n += addr_same_source(&sa->path.remote, remote);
	return n;
}

/* By identity and port, never by address alone: two peers may share a NAT's address. */
bool
ikev2_same_peer(const struct ikev2_sa *a, const struct ikev2_sa *b)
{
	return addr_eq(&a->path.local, &b->path.local) &&
	    addr_eq(&a->path.remote, &b->path.remote) && held_ident_eq(a->peer_id, b->peer_id) &&
	    (!a->nat_remote || !b->nat_remote || a->path.remote_port == b->path.remote_port);
}

struct ike_child *
ikev2_child_by_spi(const struct ikev2_sa *sa, uint32_t spi)
{
	struct ike_child *c;

	DL_FOREACH2 (sa->children, c, ike_next)
		if (c->sa.spi == spi)
			return c;
	return NULL;
}

struct ike_child *
ikev2_child_by_peer_spi(const struct ikev2_sa *sa, uint32_t peer_spi)
{
	struct ike_child *c;

	DL_FOREACH2 (sa->children, c, ike_next)
		if (c->sa.peer_spi == peer_spi)
			return c;
	/* Both sides replace one SA: the peer may have moved its pairs already, and we have not. */
	return sa->maker != NULL && sa->maker->rival == sa ?
	    ikev2_child_by_peer_spi(sa->maker, peer_spi) : NULL;
}

const struct conf_profile2 *
ikev2_profile_of(const struct ikev2_sa *sa)
{
	return conf2_profile(&sa->engine->conf.v2, sa->profile);
}

/* --- its pairs --- */

void
ikev2_child_adopt(struct ikev2_sa *sa, struct ike_child *c)
{
	ikev2_child_release(c);
	c->ike = sa;
	DL_APPEND2(sa->children, c, ike_prev, ike_next);
}

void
ikev2_child_release(struct ike_child *c)
{
	if (c->ike != NULL)
		DL_DELETE2(c->ike->children, c, ike_prev, ike_next);
	c->ike = NULL;
}

void
ikev2_children_move(struct ikev2_sa *from, struct ikev2_sa *to)
{
	while (from->children != NULL) {
		struct ike_child *c = from->children;

		ikev2_child_adopt(to, c);
		kept_save_child(c);
	}
}

/* Who is on demand goes back to its first address when it is lost, on to the next if `silent`. */
static void
drop_children(struct ikev2_sa *sa, bool silent)
{
	while (sa->children != NULL) {
		struct ike_child *c = sa->children;
		struct ike_peer *p = c->peer;

		child_remove(c, false);
		if (p->current == NULL && !(silent && p->on_demand))
			peer_lost(p);
	}
}

void
ikev2_children_drop(struct ikev2_sa *sa)
{
	drop_children(sa, false);
}

/* --- its ends --- */

/*
 * Those that it served: who wants another begins it.  `silent`: who it was with
 * does not answer, or not as it should, so a peer with other addresses tries them.
 */
static void
update_peers(const struct ikev2_sa *sa, bool silent)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_between(sa->engine, &sa->path.local, &sa->path.remote), p, tmp,
	    at_next) {
		if (p->version != &ikev2_version || !peer_is_at(p, &sa->path, sa->peer_id))
			continue;
		if (ikev2_sa_for_peer(p) == NULL) {
			if (silent)
				peer_unreachable(p);
			else
				peer_failed(p);
		}
		peer_update(p);
	}
}

void
ikev2_peers_update(const struct ikev2_sa *sa)
{
	update_peers(sa, false);
}

void
ikev2_log_aborted(struct ike_engine *e, const struct addr *peer, bool ours, const char *why)
{
	if (ours || ratelimit_take(&e->stranger_log, engine_now(e)))
		log_event(LOG_SEV_ERR, "IKEV2", "NEG_ABORT",
		    "Negotiation aborted due to ERROR: %s (%s)", why, ADDR_STR(peer));
}

void
ikev2_no_pair(const struct ikev2_sa *sa, const struct ike_peer *p, const char *why)
{
	char text[200];

	if (p != NULL)
		snprintf(text, sizeof(text), "no pair of ESP SAs for %s: %s", p->protection, why);
	else
		snprintf(text, sizeof(text), "no pair of ESP SAs for the peer: %s", why);
	ikev2_debug(sa, "%s", text);
	ikev2_log_aborted(sa->engine, &sa->path.remote, p != NULL, text);
}

void
ikev2_sa_failed(struct ikev2_sa *sa, const char *why)
{
	struct ike_engine *e = sa->engine;

	if (sa->gone || sa->state == IKEV2_FAILED)
		return;
	engine_count(e, IKE_V2_FAILED);
	diagnose_note(e, why);
	ikev2_log_aborted(e, &sa->path.remote, sa->initiator, why);
	if (sa->initiator) {
		ikev2_sa_remove(sa);
		update_peers(sa, true);
		return;
	}
	/* Who was refused may not have heard it. */
	ikev2_sa_linger(sa, why);
	ikev2_init_free(sa);
}

void
ikev2_sa_dead(struct ikev2_sa *sa, const char *why)
{
	log_info("IKEv2 peer %s (%s): %s", ADDR_STR(&sa->path.remote), IDENT_STR(IDENT_OF(sa->peer_id)), why);
	engine_count(sa->engine, IKE_PEER_DEAD);
	ikev2_enter(sa, IKEV2_CLOSING, why);
	drop_children(sa, true);
	ikev2_sa_remove(sa);
	update_peers(sa, true);
}

void
ikev2_sa_delete(struct ikev2_sa *sa, const char *why)
{
	if (sa->init != NULL) {
		ikev2_sa_failed(sa, why);
		return;
	}
	if (sa->gone || sa->state == IKEV2_CLOSING)
		return;
	ikev2_enter(sa, IKEV2_CLOSING, why);
	ikev2_negos_refuse(sa);
	kept_drop_sa2(sa);
	timer_stop(&sa->life_timer);
	timer_stop(&sa->liveness_timer);
	ikev2_children_drop(sa);
	ikev2_task_add(sa, TASK_DELETE_IKE, 0);
	update_peers(sa, false);
}

/*
 * Something new from the peer authenticated.  Only a peer behind a NAT moves,
 * and only to another port or address of the NAT (RFC 7296 2.23); a message that
 * others have overtaken says where it was.
 */
void
ikev2_sa_heard(struct ikev2_sa *sa, const struct ike_path *path, bool newest)
{
	struct ike_child *c;

	sa->heard_at = engine_now(sa->engine);
	/* IKE_AUTH comes from port 4500 when there is a NAT; who sends it is not known yet. */
	if (sa->init != NULL && !sa->initiator) {
		if (natt_may_float(sa->engine, 2, &sa->path, path, sa->nat_remote)) {
			sa->path = *path;
			between_put_sa2(sa);
		}
		return;
	}
	if (!newest || !sa->nat_remote || path->local_port != IKE_NATT_PORT ||
	    !addr_eq(&path->local, &sa->path.local) ||
	    (path->remote_port == sa->path.remote_port && addr_eq(&path->remote, &sa->path.remote)))
		return;
	if (ratelimit_take(&sa->engine->peer_log, engine_now(sa->engine)))
		log_info("peer %s port %u (%s) moved to %s port %u", ADDR_STR(&sa->path.remote),
		    sa->path.remote_port, IDENT_STR(IDENT_OF(sa->peer_id)), ADDR_STR(&path->remote),
		    path->remote_port);
	sa->path = *path;
	between_put_sa2(sa);
	DL_FOREACH2 (sa->children, c, ike_next)
		peer_take_path(c->peer, path, sa->peer_id, true);
	kept_save_sa2(sa);
}

bool
ikev2_natt_between(const struct ikev2_sa *sa)
{
	return sa->natt && (sa->nat_local || sa->nat_remote || sa->forced);
}

uint8_t
ikev2_ipc_state(const struct ikev2_sa *sa)
{
	switch (sa->state) {
	case IKEV2_START:
	case IKEV2_I_INIT:
		return IPC_IKEV2_INIT;
	case IKEV2_UP:
		return IPC_IKEV2_READY;
	case IKEV2_OLD:
		return IPC_IKEV2_REKEYED;
	case IKEV2_CLOSING:
	case IKEV2_FAILED:
		return IPC_IKEV2_DELETING;
	default:
		return IPC_IKEV2_AUTH;
	}
}
