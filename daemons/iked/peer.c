/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ike_sa.h"
#include "ike_wire.h"
#include "kept.h"
#include "log.h"
#include "natt.h"
#include "once.h"
#include "proxies.h"

enum {
	RETRY_MAX_S = 30, UNWANTED_S = 60, STABLE_S = 10, AGAIN_S = 1,
	COMER_FLOWS_MAX = 256,		/* of one peer of a dynamic crypto map */
};

static void retry_due(struct timer *t);

/* --- birth and death --- */

struct ike_peer *
peer_restore(struct ike_engine *e, uint32_t ref)
{
	struct ike_peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		log_fatal("out of memory for a peer");
	p->engine = e;
	p->version = &ikev1_version;
	p->ref = ref;
	p->protection = name_once("");
	p->keep_slot = KEEP_NONE;
	p->retry_timer.run = retry_due;
	p->recoveries = (struct ratelimit)RATELIMIT(20000, 1);
	HASH_ADD(hh, e->peers, ref, sizeof(p->ref), p);
	return p;
}

static const struct ike_version *
version_of(const struct conf_protection *prot)
{
	return prot != NULL && prot->ikev2_profile[0] != '\0' ? &ikev2_version : &ikev1_version;
}

/* Nobody is told of it yet. */
static struct ike_peer *
make(struct ike_engine *e, const char *protection, const struct ike_path *path)
{
	const struct conf_protection *prot = conf_protection_find(&e->conf, protection);
	struct ike_peer *p = peer_restore(e, kept_next_ref(e->kept));

	p->protection = name_once(protection);
	p->vrf = prot == NULL ? 0 : prot->vrf;
	p->version = version_of(prot);
	p->path = *path;
	between_put_peer(p);
	return p;
}

static void
tell_and_keep(struct ike_peer *p)
{
	kept_save_peer(p);
	peer_tell_espd(p);
}

struct ike_peer *
peer_new(struct ike_engine *e, const char *protection, const struct ike_path *path)
{
	struct ike_peer *p = make(e, protection, path);

	tell_and_keep(p);
	return p;
}

/* As that end is, so that espd hears of it once. */
static struct ike_peer *
new_at_end(struct ike_engine *e, const char *protection, const struct peer_end *end)
{
	struct ike_peer *p = make(e, protection, end->path);

	p->natted = end->natted;
	p->encap = end->encap;
	ident_share(&p->id, end->id);
	return p;
}

void
peer_bring_proxies(struct ike_peer *p, const struct proxy *local, const struct proxy *remote)
{
	p->brings = calloc(1, sizeof(*p->brings));
	if (p->brings == NULL)
		log_fatal("out of memory for the proxy identities of a peer");
	*p->brings = (struct peer_proxies){*local, *remote};
}

void
peer_proxies(const struct ike_peer *p, struct proxy *local, struct proxy *remote)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);

	if (p->brings != NULL) {
		*local = p->brings->local;
		*remote = p->brings->remote;
	} else if (prot == NULL) {
		*local = *remote = (struct proxy){0};
	} else {
		protection_proxies(prot, &p->path, local, remote);
	}
}

void
peer_drop_sas(struct ike_peer *p, bool tell)
{
	struct ike_child *c, *tmp;

	DL_FOREACH_SAFE (p->children, c, tmp)
		child_remove(c, tell);
}

void
peer_take_protection(struct ike_peer *p, const struct conf_protection *prot)
{
	p->vrf = prot->vrf;
	if (p->version == version_of(prot))
		return;
	p->version->peer_gone(p);
	peer_drop_sas(p, true);
	p->version = version_of(prot);
	kept_save_peer(p);
	peer_update(p);
}

void
peer_free(struct ike_peer *p)
{
	ident_release(&p->id);
	free(p->brings);
	free(p);
}

void
peer_remove(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;
	struct ipc_peer_ref ref = {.peer_ref = p->ref};

	timer_stop(&p->retry_timer);
	p->configured = p->wanted = p->demanded = false;
	p->version->peer_gone(p);
	peer_drop_sas(p, true);
	timer_stop(&p->retry_timer);
	if (p->status != PEER_DOWN) {
		struct ipc_peer_state s;

		p->status = PEER_DOWN;
		peer_state_fill(p, 0, &s);
		e->ops->nhrpd(e->user, &s);
	}
	e->ops->espd(e->user, IPC_MSG_PEER_DEL, &ref);
	kept_drop(e->kept, &p->keep_slot);
	between_leave_peer(p);
	HASH_DEL(e->peers, p);
	peer_free(p);
}

/* --- finding --- */

struct ike_peer *
peer_by_ref(struct ike_engine *e, uint32_t ref)
{
	struct ike_peer *p;

	HASH_FIND(hh, e->peers, &ref, sizeof(ref), p);
	return p;
}

struct ike_peer *
peer_by_addr(struct ike_engine *e, const char *protection, const struct addr *local,
    const struct addr *remote)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_between(e, local, remote), p, tmp, at_next)
		if (!p->natted && strcmp(p->protection, protection) == 0)
			return p;
	return NULL;
}

bool
peer_is_at(const struct ike_peer *p, const struct ike_path *path, const struct held_ident *id)
{
	if (!addr_eq(&p->path.local, &path->local) || !addr_eq(&p->path.remote, &path->remote))
		return false;
	if (p->id != NULL && id != NULL && !held_ident_eq(p->id, id))
		return p->configured && !p->natted;	/* its address is what we were told */
	return !p->natted || p->path.remote_port == path->remote_port;
}

bool
peer_uses_sa(const struct ike_peer *p, const struct ike_sa *sa)
{
	return p->version == &ikev1_version && peer_is_at(p, &sa->path, sa->peer_id);
}

/* The one at that end, with whom all traffic of a tunnel goes. */
static struct ike_peer *
peer_at(struct ike_engine *e, const char *protection, const struct peer_end *end)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH_SAFE2 (peers_between(e, &end->path->local, &end->path->remote), p, tmp, at_next) {
		if (strcmp(p->protection, protection) != 0 || !peer_is_at(p, end->path, end->id))
			continue;
		/* By address alone only who is known by it: nobody else sits behind that NAT. */
		if (p->natted || !end->natted || p->configured || p->id != NULL)
			break;
	}
	if (p == NULL) {
		p = new_at_end(e, protection, end);
		tell_and_keep(p);
	} else if (p->id == NULL)
		peer_take_path(p, end->path, end->id, end->encap);
	return p;
}

struct ike_peer *
peer_of_line(struct ike_engine *e, const char *protection)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if (strcmp(p->protection, protection) == 0)
			return p;
	return NULL;
}

/* Another of the line's addresses spoke to us: it has the line from now on. */
static struct ike_peer *
line_at(struct ike_engine *e, const char *protection, const struct peer_end *end)
{
	struct ike_peer *p = peer_of_line(e, protection);

	if (p == NULL)
		return peer_at(e, protection, end);
	if (!addr_eq(&p->path.remote, &end->path->remote)) {
		p->version->peer_gone(p);
		peer_drop_sas(p, true);
		peer_take_path(p, end->path, end->id, end->encap);
	}
	return p;
}

static struct ike_peer *
comer(struct ike_engine *e, const char *protection, const struct peer_end *end,
    const struct proxy *local, const struct proxy *remote)
{
	struct ike_peer *p, *tmp;
	unsigned int n = 0;

	DL_FOREACH_SAFE2 (peers_between(e, &end->path->local, &end->path->remote), p, tmp, at_next) {
		if (p->brings == NULL || p->version != end->version ||
		    !peer_is_at(p, end->path, end->id))
			continue;
		if (strcmp(p->protection, protection) == 0 && proxy_eq(&p->brings->local, local) &&
		    proxy_eq(&p->brings->remote, remote))
			return p;
		n++;
	}
	if (n >= COMER_FLOWS_MAX)
		return NULL;
	p = new_at_end(e, protection, end);
	peer_bring_proxies(p, local, remote);
	tell_and_keep(p);
	return p;
}

struct ike_peer *
peer_for_proxies(struct ike_engine *e, const struct peer_end *end, const struct conf_protection *prot,
    const struct proxy *local, const struct proxy *remote)
{
	if (prot->kind != TUNNEL_CMAP)
		return peer_at(e, prot->name, end);
	return prot->dynamic ? comer(e, prot->name, end, local, remote) :
	    line_at(e, prot->name, end);
}

/* --- what it is told and tells --- */

void
peer_tell_espd(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;
	struct ipc_peer m = {
	    .peer_ref = p->ref, .vrf = p->vrf,
	    .local = p->path.local, .remote = p->path.remote,
	    .local_port = p->path.local_port, .remote_port = p->path.remote_port,
	    .encap = p->encap,
	};

	snprintf(m.protection, sizeof(m.protection), "%s", p->protection);
	e->ops->espd(e->user, IPC_MSG_PEER_SET, &m);
}

void
peer_take_path(struct ike_peer *p, const struct ike_path *path, struct held_ident *id, bool encap)
{
	bool moved = !path_eq(&p->path, path) || p->encap != encap;

	if (!moved && held_ident_eq(p->id, id))
		return;
	p->path = *path;
	between_put_peer(p);
	p->encap = encap;
	ident_share(&p->id, id);
	kept_save_peer(p);
	if (moved)
		peer_tell_espd(p);
}

void
peer_set_path(struct ike_peer *p, const struct ike_sa *sa)
{
	peer_take_path(p, &sa->path, sa->peer_id, natt_between(sa));
}

void
peer_state_fill(const struct ike_peer *p, uint32_t txn, struct ipc_peer_state *s)
{
	*s = (struct ipc_peer_state){
	    .txn = txn, .peer_ref = p->ref, .remote = p->path.remote,
	    .remote_port = p->path.remote_port, .state = p->status,
	};
	snprintf(s->protection, sizeof(s->protection), "%s", p->protection);
}

/* crypto logging session, and ikev2: in the words of each. */
static void
say_session(const struct ike_peer *p, bool up)
{
	const struct ipc_isakmp_global *g = &p->engine->conf.v1.global;
	bool v2 = p->version == &ikev2_version;

	if (v2 ? !g->log_ikev2_sessions : !g->log_sessions)
		return;
	log_event(LOG_SEV_NOTICE, "CRYPTO", v2 ? "IKEV2_SESSION_STATUS" : "SESSION_STATUS",
	    "Crypto tunnel %s%s.  Peer %s:%u       Id: %s", v2 ? "v2 is " : "is ",
	    !up ? "DOWN" : v2 ? "UP" : "UP  ", ADDR_STR(&p->path.remote), p->path.remote_port,
	    IDENT_STR(IDENT_OF(p->id)));
}

void
peer_update(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;
	uint8_t status = p->current != NULL ? PEER_UP : p->version->status(p);
	struct ipc_peer_state s;
	bool turns;

	if (status == p->status)
		return;
	turns = status == PEER_UP || p->status == PEER_UP;
	p->status = status;
	if (turns) {
		p->up_since = status == PEER_UP ? engine_now(e) : mono_us(0);
		kept_save_peer(p);
		say_session(p, status == PEER_UP);
	}
	if (status == PEER_UP) {
		p->failures = 0;
		p->not_before = mono_us(0);
	}
	log_debug_about(LOG_DEBUG_ISAKMP, &p->path.remote, "ISAKMP", "peer %s is %s", peer_str(p),
	    status == PEER_UP ? "up" : status == PEER_DOWN ? "down" : "coming up");
	peer_state_fill(p, 0, &s);
	e->ops->nhrpd(e->user, &s);
}

const char *
peer_str(const struct ike_peer *p)
{
	static char buf[160];

	snprintf(buf, sizeof(buf), "%s port %u (%s)", ADDR_STR(&p->path.remote),
	    p->path.remote_port, p->protection);
	return buf;
}

/* --- bringing it up, and again --- */

bool
peer_is_wanted(const struct ike_peer *p)
{
	return p->wanted || (p->on_demand ? p->demanded : p->configured);
}

void
peer_bring_up(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;
	const struct conf_protection *prot = conf_protection_find(&e->conf, p->protection);

	if (!e->conf.global.enabled || prot == NULL || p->current != NULL ||
	    p->version->negotiates(p))
		return;
	timer_stop(&p->retry_timer);
	p->tried_at = engine_now(e);
	if (!p->version->begin(p))
		peer_unreachable(p);
	peer_update(p);
}

void
peer_try_now(struct ike_peer *p)
{
	p->not_before = mono_us(0);
	p->failures = 0;
	if (p->current != NULL || !timer_armed(&p->retry_timer) || !peer_is_wanted(p))
		return;
	timer_stop(&p->retry_timer);
	timer_in(&p->retry_timer, p->engine->loop, mono_ms(10));
}

void
peer_demand(struct ike_peer *p)
{
	if (mono_before(engine_now(p->engine), p->not_before))
		return;
	p->demanded = true;
	peer_bring_up(p);
}

static void
go_to(struct ike_peer *p, const struct addr *remote)
{
	if (addr_eq(&p->path.remote, remote))
		return;
	p->path.remote = *remote;
	between_put_peer(p);
	p->path.local_port = p->path.remote_port = IKE_PORT;
	p->encap = false;
	ident_release(&p->id);
	kept_save_peer(p);
	peer_tell_espd(p);
}

/* After 1, 2, 4 ... seconds, longer with each attempt that came to nothing. */
static mono_t
retry_delay(const struct ike_peer *p)
{
	return mono_s(p->failures < 5 ? 1u << p->failures : RETRY_MAX_S);
}

/* The packets of the line wait no longer; a later one begins with the first address. */
static void
give_up(struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);
	const struct addr *first = prot == NULL ? NULL : conf_protection_peer(prot, 0);

	timer_stop(&p->retry_timer);
	p->demanded = false;
	if (first != NULL)
		go_to(p, first);
}

/* Likewise, and not with each packet that comes. */
static void
give_up_for_a_while(struct ike_peer *p)
{
	p->not_before = mono_add(engine_now(p->engine), retry_delay(p));
	p->failures++;
	give_up(p);
}

/* False when the one that was tried is the last. */
static bool
go_to_next(struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);
	int at = prot == NULL ? -1 : conf_protection_position(prot, &p->path.remote);
	const struct addr *next = at < 0 ? NULL : conf_protection_peer(prot, (unsigned int)at + 1);

	if (next == NULL)
		return false;
	log_debug_about(LOG_DEBUG_ISAKMP, &p->path.remote, "ISAKMP",
	    "%s does not answer, trying its next peer %s", peer_str(p), ADDR_STR(next));
	go_to(p, next);
	return true;
}

void
peer_unreachable(struct ike_peer *p)
{
	if (!p->on_demand)
		peer_failed(p);
	else if (p->current == NULL && !go_to_next(p))
		give_up_for_a_while(p);
	else if (p->current == NULL && p->demanded)
		timer_in(&p->retry_timer, p->engine->loop, mono_ms(10));
}

static void
retry_due(struct timer *t)
{
	struct ike_peer *p = container_of(t, struct ike_peer, retry_timer);

	if (peer_is_wanted(p))
		peer_bring_up(p);
	else if (!p->configured && p->children == NULL && !p->version->negotiates(p))
		peer_remove(p);
}

void
peer_failed(struct ike_peer *p)
{
	if (p->current != NULL || timer_armed(&p->retry_timer))
		return;
	if (p->on_demand) {
		/* Nothing was under way that could have failed: its next packet may begin. */
		if (p->demanded)
			give_up_for_a_while(p);
		return;
	}
	timer_in(&p->retry_timer, p->engine->loop,
	    peer_is_wanted(p) ? retry_delay(p) : mono_s(UNWANTED_S));
	p->failures++;
}

void
peer_lost(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;

	peer_update(p);
	timer_stop(&p->retry_timer);
	if (p->on_demand) {
		p->not_before = mono_add(p->tried_at, mono_s(AGAIN_S));
		give_up(p);
	} else if (!peer_is_wanted(p))
		timer_in(&p->retry_timer, e->loop, mono_s(UNWANTED_S));
	else if (mono_before(mono_add(p->tried_at, mono_s(STABLE_S)), engine_now(e)))
		timer_in(&p->retry_timer, e->loop, mono_ms(10));
	else
		peer_failed(p);
}
