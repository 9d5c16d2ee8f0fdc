/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "engine.h"
#include "kept.h"
#include "log.h"
#include "peer.h"

enum {
	LIFE_DEFAULT_S = 3600,
	GRACE_S = 10,		/* behind espd's own hard expiry */
	REKEY_RETRY_S = 10,
	LEFT_ALONE_S = 2,	/* who deleted an ISAKMP SA may be about to begin a new one */
	ANSWERED_S = 2,	/* longer than the initiator waits to repeat itself */
	ANSWER_MS = 20,	/* an answer of ours is with the peer by then */
	STAGE_GRAIN_MS = 100,	/* many begin in one second: their next stages come together */
};

static void stage_due(struct timer *t);
static void life_due(struct timer *t);

void
child_to_ipc(const struct ike_child *c, struct ipc_sa *m)
{
	child_esp_to_ipc(&c->sa, m);
	m->peer_ref = c->peer->ref;
}

static void
child_tell_espd(struct ike_child *c)
{
	struct ike_engine *e = c->peer->engine;
	struct ipc_sa m;

	/* Without keys here it was current once: when the newer one goes, espd returns to it by
	 * itself. */
	if (c->settled)
		return;
	child_to_ipc(c, &m);
	e->ops->espd(e->user, IPC_MSG_SA_SET, &m);
	wipe(&m, sizeof(m));
}

static void
stage_in(struct ike_child *c, unsigned int seconds)
{
	timer_near(&c->stage_timer, c->peer->engine->loop, mono_s(seconds), mono_ms(STAGE_GRAIN_MS));
}

/* --- birth --- */

struct ike_child *
child_restore(struct ike_peer *p)
{
	struct ike_child *c = calloc(1, sizeof(*c));

	if (c == NULL)
		log_fatal("out of memory for a pair of SAs");
	c->peer = p;
	c->keep_slot = KEEP_NONE;
	c->stage_timer.run = stage_due;
	c->life_timer.run = life_due;
	DL_APPEND(p->children, c);
	return c;
}

static uint64_t
percent(uint64_t whole, bool initiator)
{
	return whole / 100 * (initiator ? 85 + random_u32() % 6 : 93 + random_u32() % 4);
}

/*
 * Of the shortest volume, 2560 kB, a few per cent are used up before a renewal is through,
 * when one of the two machines is busy for a tenth of a second.  So what 10 Mbit/s take in
 * four tenths is always left, and in five to who began.
 */
static uint64_t
soft_bytes(uint64_t whole, bool initiator)
{
	uint64_t left = whole - percent(whole, initiator);
	uint64_t least = (initiator ? 640 : 512) * 1024 + random_u32() % (64 * 1024);

	return whole - (left > least ? left : least < whole / 2 ? least : whole / 2);
}

/* Who began rekeys first; jitter keeps a hub's spokes from doing so all at once. */
static void
set_lifetimes(struct ike_child *c)
{
	mono_t now = engine_now(c->peer->engine);
	uint64_t life_us = (uint64_t)c->life_s * 1000000;

	c->created = now;
	if (c->began.us == 0)
		c->began = now;
	c->dies_at = mono_add(now, mono_us((int64_t)life_us));
	c->sa.hard_at_us = (uint64_t)c->dies_at.us;
	c->sa.soft_at_us = (uint64_t)now.us + percent(life_us, c->initiator);
	c->sa.hard_bytes = c->life_kb > UINT64_MAX / 1024 ? 0 : c->life_kb * 1024;
	c->sa.soft_bytes = soft_bytes(c->sa.hard_bytes, c->initiator);
	timer_at(&c->life_timer, c->peer->engine->loop, mono_add(c->dies_at, mono_s(GRACE_S)));
}

struct ike_child *
child_new(struct ike_peer *p, const struct child_spec *s)
{
	struct ike_child *c = child_restore(p);

	c->initiator = s->initiator;
	c->began = s->began;
	c->pfs_group = s->agreed->pfs_group;
	c->life_s = s->agreed->life_s != 0 ? s->agreed->life_s : LIFE_DEFAULT_S;
	c->life_kb = s->agreed->life_kb;
	c->conn_id = p->engine->next_conn;
	p->engine->next_conn += 2;
	c->sa = (struct child_esp){
	    .spi = s->spi, .peer_spi = s->peer_spi,
	    .mode = s->agreed->mode, .encap = s->agreed->encap,
	    .cipher = s->agreed->esp.cipher, .key_bits = s->agreed->esp.key_bits,
	    .integ = s->agreed->esp.integ, .replay_window = s->replay_window,
	    .ts_local = s->ts_local, .ts_remote = s->ts_remote, .ts_proto = s->ts_proto,
	    .ts_local_port = s->ts_local_port, .ts_remote_port = s->ts_remote_port,
	};
	HASH_ADD(hh, p->engine->children, sa.spi, sizeof(c->sa.spi), c);
	set_lifetimes(c);
	log_debug_about(LOG_DEBUG_ENGINE, &p->path.remote, "crypto_engine",
	    "Create IPSec SA, spi 0x%08X", c->sa.spi);
	return c;
}

void
child_restored(struct ike_child *c)
{
	struct ike_engine *e = c->peer->engine;

	HASH_ADD(hh, e->children, sa.spi, sizeof(c->sa.spi), c);
	c->began = c->created;
	if (c->sa.stage >= SA_BOTH)
		c->ready_at = c->created;
	timer_at(&c->life_timer, e->loop, mono_add(c->dies_at, mono_s(GRACE_S)));
	if (c->retiring)
		stage_in(c, CHILD_RETIRE_S);
	else if (c->sa.stage == SA_INBOUND)
		stage_in(c, CHILD_UNFINISHED_S);
	else if (c->sa.stage == SA_BOTH)
		stage_in(c, CHILD_SETTLE_S);
	else if (!c->settled)
		stage_in(c, CHILD_RETIRE_S);
}

/* --- stages --- */

void
child_install(struct ike_child *c, enum ipc_sa_stage stage)
{
	c->sa.stage = (uint8_t)stage;
	if (stage >= SA_BOTH && c->ready_at.us == 0)
		c->ready_at = engine_now(c->peer->engine);
	kept_save_child(c);
	child_tell_espd(c);
	if (stage == SA_INBOUND)
		stage_in(c, CHILD_UNFINISHED_S);
	else if (stage == SA_BOTH)
		stage_in(c, CHILD_SETTLE_S);
}

bool
child_usable(const struct ike_child *c)
{
	return c->sa.stage >= SA_BOTH && !c->retiring;
}

void
child_initiated(struct ike_child *c)
{
	if (c->peer->current == NULL)
		child_current(c);
}

void
child_answered(struct ike_child *c)
{
	if (c->peer->current == NULL)
		stage_in(c, ANSWERED_S);
}

void
child_qm2_again(struct ike_child *c)
{
	if (c->sa.stage == SA_BOTH)
		stage_in(c, CHILD_SETTLE_S);
}

/*
 * Both sides may have begun at once.  Then both pairs are up, and each side
 * must retire the same one: the SPIs, larger first, are the same for both.
 */
static uint64_t
rank(const struct ike_child *c)
{
	uint32_t a = c->sa.spi, b = c->sa.peer_spi;

	return a > b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

bool
child_loses(const struct ike_child *c, const struct ike_child *other)
{
	return c->initiator != other->initiator && rank(c) < rank(other);
}

static bool
crossed_and_loses(const struct ike_child *c, const struct ike_child *other)
{
	return c->peer->version->lost_crossing(c, other);
}

static void
retire(struct ike_child *c)
{
	c->retiring = true;
	c->rekey_due = false;
	kept_save_child(c);
	stage_in(c, CHILD_RETIRE_S);
}

void
child_current(struct ike_child *c)
{
	struct ike_peer *p = c->peer;
	struct ike_child *other;

	if (p->current != NULL && p->current != c && crossed_and_loses(c, p->current)) {
		child_install(c, SA_BOTH);
		retire(c);
		return;
	}
	DL_FOREACH (p->children, other)
		if (other != c && child_usable(other) && !crossed_and_loses(c, other))
			retire(other);
	p->current = c;
	c->retiring = false;
	child_install(c, SA_CURRENT);
	stage_in(c, CHILD_RETIRE_S);
	log_debug_about(LOG_DEBUG_IPSEC, &p->path.remote, "IPSEC",
	    "(%s) spi 0x%08X out 0x%08X is current", peer_str(p), c->sa.spi, c->sa.peer_spi);
	peer_update(p);
}

static void
stage_due(struct timer *t)
{
	struct ike_child *c = container_of(t, struct ike_child, stage_timer);
	struct ike_peer *p = c->peer;

	if (c->retiring) {
		child_remove(c, true);
	} else if (c->sa.stage == SA_INBOUND) {
		log_debug_about(LOG_DEBUG_IPSEC, &p->path.remote, "IPSEC",
		    "spi 0x%08X was never completed", c->sa.spi);
		child_remove(c, true);
		peer_update(p);
	} else if (c->sa.stage == SA_BOTH) {
		child_current(c);
	} else {
		c->settled = true;
		child_esp_drop_keys(&c->sa);
		kept_save_child(c);
	}
}

/* --- death --- */

/*
 * What is in use after `gone`: a pair that was just made; or a newer one that
 * lost the crossing against it, which is all that the peer has left.
 */
static struct ike_child *
successor(const struct ike_peer *p, const struct ike_child *gone)
{
	struct ike_child *c;

	DL_FOREACH (p->children, c)
		if (child_usable(c))
			return c;
	DL_FOREACH (p->children, c)
		if (c->sa.stage >= SA_BOTH && !c->told && !mono_before(c->created, gone->created))
			return c;
	return NULL;
}

void
child_free(struct ike_child *c)
{
	child_esp_drop_keys(&c->sa);
	free(c);
}

void
child_remove(struct ike_child *c, bool tell)
{
	struct ike_peer *p = c->peer;
	struct ike_engine *e = p->engine;
	struct ipc_spi_only spi = {.spi = c->sa.spi};

	timer_stop(&c->stage_timer);
	timer_stop(&c->life_timer);
	DL_DELETE(p->children, c);
	HASH_DEL(e->children, c);
	kept_drop(e->kept, &c->keep_slot);
	if (p->current == c) {
		p->current = successor(p, c);
		if (p->current != NULL)
			child_current(p->current);
	}
	e->ops->espd(e->user, IPC_MSG_SA_REMOVE, &spi);
	p->version->child_gone(c, tell);
	log_debug_about(LOG_DEBUG_ENGINE, &p->path.remote, "crypto_engine",
	    "Delete IPSec SA, spi 0x%08X", c->sa.spi);
	log_debug_about(LOG_DEBUG_IPSEC, &p->path.remote, "IPSEC",
	    "(%s) deleted spi 0x%08X out 0x%08X", peer_str(p), c->sa.spi, c->sa.peer_spi);
	child_free(c);
}

void
child_rekey(struct ike_child *c)
{
	struct ike_peer *p = c->peer;

	if (c->retiring || p->version->negotiates(p))
		return;
	c->rekey_due = true;
	timer_in(&c->life_timer, p->engine->loop, mono_s(REKEY_RETRY_S));
	p->version->rekey(c);
}

/*
 * With the ISAKMP SA went the way to hear that the pair goes, or to ask whether it is
 * still there; and some peers end their pairs with it, without a word.
 */
void
child_left_alone(struct ike_child *c)
{
	c->left_alone = true;
	timer_in(&c->life_timer, c->peer->engine->loop, mono_s(LEFT_ALONE_S));
}

/* One that can take its place. */
struct ike_child *
child_newer(const struct ike_child *c)
{
	struct ike_child *other;

	DL_FOREACH (c->peer->children, other)
		if (other != c && child_usable(other) && !mono_before(other->created, c->created))
			return other;
	return NULL;
}

/*
 * A new pair waits for its first packet, but a peer that only listens sends none:
 * it is used before the old one is used up, though not before our answer can
 * have reached the peer.
 */
void
child_runs_out(struct ike_child *c)
{
	struct ike_child *next = child_newer(c);

	if (next == NULL) {
		/* Who is not wanted from here is kept alive from there, or not at all. */
		if (peer_is_wanted(c->peer))
			child_rekey(c);
	} else if (next->initiator || mono_before(mono_add(next->created, mono_ms(ANSWER_MS)),
	    engine_now(c->peer->engine))) {
		child_current(next);
	}
}

static void
life_due(struct timer *t)
{
	struct ike_child *c = container_of(t, struct ike_child, life_timer);
	struct ike_peer *p = c->peer;
	struct ike_engine *e = p->engine;
	mono_t end = mono_add(c->dies_at, mono_s(GRACE_S));

	if (mono_before(engine_now(e), end)) {
		timer_at(t, e->loop, end);
		if (c->rekey_due || (c->left_alone && !p->version->has_sa(p)))
			child_rekey(c);
		c->left_alone = false;
		return;
	}
	child_remove(c, true);
	if (p->current == NULL)
		peer_lost(p);
}

/* --- finding --- */

struct ike_child *
child_by_spi(struct ike_engine *e, uint32_t spi)
{
	struct ike_child *c;

	HASH_FIND(hh, e->children, &spi, sizeof(spi), c);
	return c;
}

struct ike_child *
child_by_peer_spi(struct ike_peer *p, uint32_t peer_spi)
{
	struct ike_child *c;

	DL_FOREACH (p->children, c)
		if (c->sa.peer_spi == peer_spi)
			return c;
	return NULL;
}
