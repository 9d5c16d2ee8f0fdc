/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sadb.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "esp.h"
#include "keep.h"
#include "log.h"
#include "secret.h"

#define SKIP_AFTER_RESTART (1u << 16)
#define PROBES 1024

/* Of what does not change with each packet. */
static uint32_t
settings_sum(const struct sa_kept *k)
{
	return keep_sum(&k->since_us, sizeof(*k) - offsetof(struct sa_kept, since_us));
}

static void
commit(struct sadb *db, uint32_t slot)
{
	struct sa_kept *k = keep_slot(db->keep, slot);

	k->sum = settings_sum(k);
	keep_commit(db->keep, slot);
}

static struct sa *
sa_new(struct sadb *db, uint32_t spi)
{
	struct sa *sa = calloc(1, sizeof(*sa));

	if (sa == NULL)
		log_fatal("out of memory");
	sa->spi = spi;
	sa->slot = spi_slot(spi);
	sa->worker = (uint8_t)spi_worker(spi, db->workers);
	sa->kept = keep_slot(db->keep, sa->slot);
	return sa;
}

static void
sa_free(void *p)
{
	struct sa *sa = p;

	esp_key_free(sa->in);
	esp_key_free(sa->out);
	free(sa);
}

static void
publish(struct sadb *db, struct sa *sa)
{
	struct sa *old = db->slot[sa->slot];

	if (old != NULL) {	/* the larva it grew from */
		DL_DELETE(db->all, old);
		db->count--;
		db->larvae--;
		shared_free_later(db->loop, sa_free, old);
	}
	DL_PREPEND(db->all, sa);
	db->count++;
	db->larvae += sa->larval;
	if (db->top <= sa->slot)
		db->top = sa->slot + 1;
	shared_set(&db->slot[sa->slot], sa);
}

/* --- reserving --- */

/*
 * A free slot, SPI_SLOTS if there is none: among the lowest, so that the table and
 * what is kept of it stay in few pages; the rest of the SPI is drawn.  All SAs of a
 * peer go to one worker and peers to the workers in turn, unless that means to look
 * for long.
 */
static uint32_t
free_slot(struct sadb *db, uint32_t peer_ref)
{
	uint32_t any = SPI_SLOTS, i, slot;

	while (db->lowest < SPI_SLOTS && db->slot[db->lowest] != NULL)
		db->lowest++;
	for (i = 0, slot = db->lowest; slot < SPI_SLOTS && (any == SPI_SLOTS || i < PROBES);
	    i++, slot++) {
		if (db->slot[slot] != NULL)
			continue;
		if (spi_worker(slot, db->workers) == peer_ref % db->workers)
			return slot;
		if (any == SPI_SLOTS)
			any = slot;
	}
	return any;
}

uint32_t
sadb_reserve(struct sadb *db, uint32_t peer_ref)
{
	uint32_t slot = free_slot(db, peer_ref), spi;
	struct sa *sa;

	if (slot == SPI_SLOTS)
		return 0;
	while ((spi = spi_make(slot, random_u32())) == 0)
		;
	sa = sa_new(db, spi);
	sa->larval = true;
	memset(sa->kept, 0, sizeof(*sa->kept));
	sa->kept->kind = KEPT_LARVAL;
	sa->kept->since_us = loop_now(db->loop).us;
	sa->kept->sa.spi = spi;
	sa->kept->sa.peer_ref = peer_ref;
	commit(db, slot);
	publish(db, sa);
	return spi;
}

/* --- keys --- */

static struct esp_key *
make_key(const struct ipc_sa *set, enum esp_direction dir, const char **why)
{
	struct esp_transform t = {.cipher = set->cipher, .key_bits = set->key_bits,
	    .integ = set->integ};
	const struct esp_secret *key = dir == ESP_OPEN ? &set->in_key : &set->out_key;
	const struct esp_secret *auth = dir == ESP_OPEN ? &set->in_auth : &set->out_auth;

	return esp_key_new(dir, &t, set->esn != 0, dir == ESP_OPEN ? set->spi : set->peer_spi,
	    slice_of(key->b, key->len), slice_of(auth->b, auth->len), why);
}

static bool
has_out_keys(const struct ipc_sa *set)
{
	return set->peer_spi != 0 && (set->out_key.len > 0 || set->out_auth.len > 0);
}

/* Workers read these; they do not change while the pair lives, but for the lifetimes. */
static void
copy_settings(struct sa *sa, const struct ipc_sa *set)
{
	sa->mode = set->mode;
	sa->encap = set->encap;
	sa->esn = set->esn;
	sa->ts_proto = set->ts_proto;
	sa->ts_local = set->ts_local;
	sa->ts_remote = set->ts_remote;
	sa->ts_local_port = set->ts_local_port;
	sa->ts_remote_port = set->ts_remote_port;
	stat_set(&sa->soft_bytes, set->soft_bytes);
	stat_set(&sa->hard_bytes, set->hard_bytes);
	stat_set(&sa->hard_at_us, (int64_t)set->hard_at_us);
}

static void
use_for_output(struct sa *sa)
{
	if (sa->out != NULL)
		shared_set(&sa->peer->out, sa);
}

static const char *
add_out_key(struct sa *sa, const struct ipc_sa *set)
{
	const char *why = NULL;
	struct esp_key *out = make_key(set, ESP_SEAL, &why);

	if (out == NULL)
		return why;
	sa->peer_spi = set->peer_spi;
	shared_set(&sa->out, out);
	return NULL;
}

static const char *
build(struct sadb *db, struct peers *peers, const struct ipc_sa *set, struct sa **made)
{
	struct peer *peer = peer_find(peers, set->peer_ref);
	const char *why = NULL;
	struct sa *sa;

	if (peer == NULL)
		return "its peer is not known";
	sa = sa_new(db, set->spi);
	sa->in = make_key(set, ESP_OPEN, &why);
	if (sa->in != NULL && has_out_keys(set))
		why = add_out_key(sa, set);
	if (why != NULL || sa->in == NULL) {
		sa_free(sa);
		return why;
	}
	copy_settings(sa, set);
	sa->peer = peer;
	*made = sa;
	return NULL;
}

static void
install(struct sadb *db, struct sa *sa, uint8_t stage)
{
	DL_PREPEND2(sa->peer->sas, sa, peer_prev, peer_next);
	publish(db, sa);
	if (stage == SA_CURRENT)
		use_for_output(sa);
}

static const char *
set_new(struct sadb *db, struct peers *peers, const struct ipc_sa *set)
{
	struct sa *sa;
	const char *why = build(db, peers, set, &sa);

	if (why != NULL)
		return why;
	keep_begin(db->keep, sa->slot);
	memset(sa->kept, 0, sizeof(*sa->kept));
	sa->kept->kind = KEPT_PAIR;
	sa->kept->since_us = loop_now(db->loop).us;
	sa->kept->sa = *set;
	replay_init(&sa->kept->replay, set->replay_window);
	commit(db, sa->slot);
	sa->named = true;
	install(db, sa, set->stage);
	return NULL;
}

/* The same pair again: stage, lifetimes and the outbound half may be news; numbers never move. */
static const char *
move_on(struct sadb *db, struct sa *sa, const struct ipc_sa *set)
{
	const char *why;

	if (set->in_key.len != sa->kept->sa.in_key.len ||
	    !equal_in_constant_time(set->in_key.b, sa->kept->sa.in_key.b, set->in_key.len) ||
	    set->peer_ref != sa->kept->sa.peer_ref)
		return "another SA has this SPI";
	if (sa->out != NULL && set->peer_spi != 0 && set->peer_spi != sa->peer_spi)
		return "its outbound SPI cannot change";
	if (sa->out == NULL && has_out_keys(set)) {
		why = add_out_key(sa, set);
		if (why != NULL)
			return why;
		sa->kept->sa.out_key = set->out_key;
		sa->kept->sa.out_auth = set->out_auth;
		sa->kept->sa.peer_spi = set->peer_spi;
	}
	if (set->soft_at_us != sa->kept->sa.soft_at_us ||
	    set->soft_bytes != sa->kept->sa.soft_bytes)
		sa->soft_told = false;
	sa->kept->sa.soft_at_us = set->soft_at_us;
	sa->kept->sa.hard_at_us = set->hard_at_us;
	sa->kept->sa.soft_bytes = set->soft_bytes;
	sa->kept->sa.hard_bytes = set->hard_bytes;
	sa->kept->sa.stage = set->stage;
	stat_set(&sa->soft_bytes, set->soft_bytes);
	stat_set(&sa->hard_bytes, set->hard_bytes);
	stat_set(&sa->hard_at_us, (int64_t)set->hard_at_us);
	commit(db, sa->slot);
	sa->named = true;
	if (set->stage == SA_CURRENT)
		use_for_output(sa);
	return NULL;
}

const char *
sadb_set(struct sadb *db, struct peers *peers, const struct ipc_sa *set)
{
	struct sa *sa = db->slot[spi_slot(set->spi)];

	if (set->spi <= SPI_RESERVED_MAX)
		return "no SPI of ours";
	if (sa != NULL && sa->spi != set->spi)
		return "its slot belongs to another SPI";
	if (sa != NULL && !sa->larval)
		return move_on(db, sa, set);
	return set_new(db, peers, set);
}

void
sadb_first_in(struct sadb *db, uint32_t spi)
{
	struct sa *sa = sadb_find(db, spi);

	if (sa != NULL && !sa->larval && sa->peer->out == NULL)
		use_for_output(sa);
}

/* --- removing --- */

/* Another pair that can send takes over, if there is one: the newest. */
static void
choose_output(struct peer *p)
{
	struct sa *sa;

	DL_FOREACH2(p->sas, sa, peer_next)
		if (sa->out != NULL && sa->kept->sa.stage >= SA_BOTH)
			break;
	shared_set(&p->out, sa);
}

static void
forget(struct sadb *db, struct sa *sa)
{
	shared_set(&db->slot[sa->slot], NULL);
	if (sa->slot < db->lowest)
		db->lowest = sa->slot;
	DL_DELETE(db->all, sa);
	db->count--;
	db->larvae -= sa->larval;
	if (sa->peer != NULL) {
		DL_DELETE2(sa->peer->sas, sa, peer_prev, peer_next);
		if (sa->peer->out == sa)
			choose_output(sa->peer);
	}
}

void
sadb_remove(struct sadb *db, struct sa *sa)
{
	forget(db, sa);
	keep_begin(db->keep, sa->slot);
	/* The worker may be writing into the slot: it is wiped when it cannot be any more. */
	shared_wait();
	keep_clear(db->keep, sa->slot);
	shared_free_later(db->loop, sa_free, sa);
}

void
sadb_remove_peer(struct sadb *db, struct peers *peers, struct peer *p)
{
	struct sa *sa, *next;

	for (sa = db->larvae > 0 ? db->all : NULL; sa != NULL; sa = next) {
		next = sa->next;
		if (sa->larval && sa->kept->sa.peer_ref == p->ref)
			sadb_remove(db, sa);
	}
	while (p->sas != NULL)
		sadb_remove(db, p->sas);
	if (p->kept != 0) {
		keep_clear(db->keep_peers, p->kept - 1);
		if (p->kept - 1 < db->lowest_peer)
			db->lowest_peer = p->kept - 1;
	}
	peer_remove(peers, p);
}

/* --- peers are kept behind the SAs --- */

static uint32_t
peer_sum(const struct peer_kept *k)
{
	return keep_sum(&k->peer, sizeof(k->peer));
}

void
sadb_keep_peer(struct sadb *db, struct peer *p)
{
	uint32_t *free = &db->lowest_peer;
	struct peer_kept *k;

	if (p->kept == 0) {
		while (*free < PEERS_KEPT_MAX && keep_committed(db->keep_peers, *free))
			(*free)++;
		if (*free == PEERS_KEPT_MAX)
			return;		/* it works, but iked must name it after a restart */
		p->kept = *free + 1;
	}
	keep_begin(db->keep_peers, p->kept - 1);
	k = keep_slot(db->keep_peers, p->kept - 1);
	peer_fill(p, &k->peer);
	k->sum = peer_sum(k);
	keep_commit(db->keep_peers, p->kept - 1);
}

/* --- opening and closing --- */

/* What was damaged by who crashed is forgotten: what it says may be anything. */
static void
drop_damaged(struct sadb *db)
{
	const struct peer_kept *p;
	const struct sa_kept *k;
	unsigned int n = 0;
	uint32_t i;

	for (i = keep_next(db->keep, 0); i < SPI_SLOTS; i = keep_next(db->keep, i + 1)) {
		k = keep_slot(db->keep, i);
		if (k->sum == settings_sum(k) && k->replay.window <= REPLAY_WINDOW_MAX)
			continue;
		keep_clear(db->keep, i);
		n++;
	}
	for (i = keep_next(db->keep_peers, 0); i < PEERS_KEPT_MAX;
	     i = keep_next(db->keep_peers, i + 1)) {
		p = keep_slot(db->keep_peers, i);
		if (p->sum == peer_sum(p))
			continue;
		keep_clear(db->keep_peers, i);
		n++;
	}
	if (n > 0)
		log_err("%u damaged records of kept SAs are forgotten", n);
}

/* One table without the other is of no use, and must be of none to who comes after us. */
static void
forget_kept(struct keep *t)
{
	uint32_t i;

	for (i = keep_next(t, 0); i < keep_slots(t); i = keep_next(t, i + 1))
		keep_clear(t, i);
}

static void
restore_peers(struct sadb *db, struct peers *peers)
{
	const struct peer_kept *k;
	uint32_t i;

	for (i = keep_next(db->keep_peers, 0); i < PEERS_KEPT_MAX;
	     i = keep_next(db->keep_peers, i + 1)) {
		k = keep_slot(db->keep_peers, i);
		peer_set(peers, &k->peer)->kept = i + 1;
	}
}

static bool
restore(struct sadb *db, struct peers *peers, uint32_t i)
{
	struct sa_kept *k = keep_slot(db->keep, i);
	struct sa *sa;

	if (spi_slot(k->sa.spi) != i)
		return false;
	if (k->kind == KEPT_LARVAL) {
		sa = sa_new(db, k->sa.spi);
		sa->larval = true;
		publish(db, sa);
		return true;
	}
	if (k->kind != KEPT_PAIR || build(db, peers, &k->sa, &sa) != NULL)
		return false;
	/* The last numbers may have left without being seen here: skip well past them. */
	k->out_seq += SKIP_AFTER_RESTART;
	install(db, sa, k->sa.stage);
	return true;
}

/* Which of a peer's pairs was current is the newest of those that were. */
static void
restore_outputs(struct sadb *db)
{
	struct sa *sa;

	DL_FOREACH(db->all, sa) {
		if (sa->larval || sa->out == NULL || sa->kept->sa.stage != SA_CURRENT)
			continue;
		if (sa->peer->out == NULL || sa->peer->out->kept->since_us < sa->kept->since_us)
			shared_set(&sa->peer->out, sa);
	}
}

bool
sadb_open(struct sadb *db, struct peers *peers, struct loop *l, int keep_fd, unsigned int workers)
{
	bool warm = false, warm_peers = false;
	uint32_t i;

	memset(db, 0, sizeof(*db));
	db->loop = l;
	db->workers = workers;
	db->slot = calloc(SPI_SLOTS, sizeof(struct sa *));
	if (keep_fd < 0) {
		db->keep = keep_open_private(sizeof(struct sa_kept), SPI_SLOTS);
		db->keep_peers = keep_open_private(sizeof(struct peer_kept), PEERS_KEPT_MAX);
	} else {
		db->keep = keep_open(keep_fd, "espd-sa", SADB_KEPT_VERSION, sizeof(struct sa_kept),
		    SPI_SLOTS, &warm);
		db->keep_peers = keep_open_at(keep_fd, keep_bytes(sizeof(struct sa_kept), SPI_SLOTS),
		    "espd-pr", SADB_KEPT_VERSION, sizeof(struct peer_kept), PEERS_KEPT_MAX,
		    &warm_peers);
	}
	if (db->slot == NULL || db->keep == NULL || db->keep_peers == NULL)
		log_fatal("cannot map the SA table");
	if (!warm || !warm_peers) {
		forget_kept(db->keep);
		forget_kept(db->keep_peers);
		return false;
	}
	drop_damaged(db);
	restore_peers(db, peers);
	for (i = keep_next(db->keep, 0); i < SPI_SLOTS; i = keep_next(db->keep, i + 1))
		if (!restore(db, peers, i))
			keep_clear(db->keep, i);
	restore_outputs(db);
	return true;
}

void
sadb_close(struct sadb *db, struct peers *peers)
{
	struct sa *sa, *next;

	DL_FOREACH_SAFE(db->all, sa, next) {
		forget(db, sa);
		shared_free_later(db->loop, sa_free, sa);
	}
	peers_close(peers);
	keep_close(db->keep);
	keep_close(db->keep_peers);
	free(db->slot);
}
