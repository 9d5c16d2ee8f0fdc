/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lifetime.h"

#define TICK_MS 250
#define TURNS 4		/* each tick looks at as many-th of them: all are looked at once a second */
#define IDLE_US 10000000
#define LARVAL_US 120000000
/* Without ESN there are 2^32 numbers: ask for new keys while an eighth is left. */
#define SEQUENCE_SOFT 0xe0000000u

static void
tell_expiry(struct espd *e, uint32_t spi, bool hard, enum ipc_expiry why)
{
	struct ipc_sa_expire x = {.spi = spi, .hard = hard, .why = (uint8_t)why};

	espd_tell(e, IPC_IKED, IPC_MSG_SA_EXPIRE, &x);
}

void
lifetime_unknown(struct espd *e, uint32_t spi)
{
	tell_expiry(e, spi, true, EXPIRE_UNKNOWN);
}

static uint64_t
bytes_of(const struct sa *sa)
{
	uint64_t in = stat_get(&sa->kept->in_bytes), out = stat_get(&sa->kept->out_bytes);

	return in > out ? in : out;
}

static enum ipc_expiry
hard_limit(const struct sa *sa, mono_t now)
{
	const struct ipc_sa *set = &sa->kept->sa;

	if (set->hard_at_us != 0 && now.us >= (int64_t)set->hard_at_us)
		return EXPIRE_TIME;
	if (set->hard_bytes != 0 && bytes_of(sa) >= set->hard_bytes)
		return EXPIRE_BYTES;
	return !sa->esn && stat_get(&sa->kept->out_seq) >= UINT32_MAX ? EXPIRE_SEQUENCE : 0;
}

/* Bytes are not looked at here: between two ticks a fast flow goes from soft to hard. */
static enum ipc_expiry
soft_limit(const struct sa *sa, mono_t now)
{
	const struct ipc_sa *set = &sa->kept->sa;

	if (set->soft_at_us != 0 && now.us >= (int64_t)set->soft_at_us)
		return EXPIRE_TIME;
	return !sa->esn && stat_get(&sa->kept->out_seq) >= SEQUENCE_SOFT ? EXPIRE_SEQUENCE : 0;
}

/* `out` carries the traffic to its peer. */
static void
listen_for(struct espd *e, const struct sa *out, mono_t now)
{
	struct peer *p = out->peer;
	struct ipc_spi_only idle = {.spi = out->spi};
	int64_t since = stat_get(&p->unanswered_us);

	if (since == 0 || now.us - since < IDLE_US ||
	    (p->idle_told_us >= since && now.us - p->idle_told_us < IDLE_US) ||
	    stat_get(&out->kept->last_out_us) < p->idle_told_us)
		return;
	p->idle_told_us = now.us;
	espd_tell(e, IPC_IKED, IPC_MSG_SA_IDLE, &idle);
}

static void
look_at(struct espd *e, struct sa *sa, mono_t now)
{
	struct sadb *db = &e->tables.sadb;
	enum ipc_expiry why;

	if (sa->larval) {
		if (now.us - sa->kept->since_us > LARVAL_US)
			sadb_remove(db, sa);
		return;
	}
	why = hard_limit(sa, now);
	if (why != 0) {
		tell_expiry(e, sa->spi, true, why);
		sadb_remove(db, sa);
		return;
	}
	why = sa->soft_told ? 0 : soft_limit(sa, now);
	if (why != 0) {
		sa->soft_told = true;
		tell_expiry(e, sa->spi, false, why);
	}
	if (sa->peer->out == sa)
		listen_for(e, sa, now);
}

static void
tick(struct timer *t)
{
	struct espd *e = container_of(t, struct espd, tick);
	struct sadb *db = &e->tables.sadb;
	mono_t now = loop_now(e->d.loop);
	uint32_t i;

	for (i = e->turn; i < db->top; i += TURNS)
		if (db->slot[i] != NULL)
			look_at(e, db->slot[i], now);
	e->turn = (e->turn + 1) % TURNS;
	timer_in(t, e->d.loop, mono_ms(TICK_MS));
}

void
lifetime_start(struct espd *e)
{
	e->tick.run = tick;
	timer_in(&e->tick, e->d.loop, mono_ms(TICK_MS));
}

void
lifetime_stop(struct espd *e)
{
	timer_stop(&e->tick);
}
