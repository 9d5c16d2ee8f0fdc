/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

bool
worker_tell(struct worker *w, uint32_t kind, const void *body, size_t len, struct slice tail)
{
	return ring_push(&w->up, kind, body, len, tail.p, tail.len);
}

/*
 * Once to have the pair renewed, and again a quarter of the way from there to the
 * end: a new pair may wait for its first packet from a peer that only listens, and a
 * busy machine takes its time until it is used.
 */
void
worker_tell_volume(struct worker *w, struct sa *sa, uint64_t bytes)
{
	uint64_t soft = stat_get(&sa->soft_bytes), hard = stat_get(&sa->hard_bytes);
	uint64_t due = sa->soft_bytes_told == 0 || hard < soft ? soft : soft + (hard - soft) / 4;
	struct ipc_sa_expire x = {.spi = sa->spi, .why = EXPIRE_BYTES};
	struct slice none = {0};

	if (soft != 0 && bytes >= due && sa->soft_bytes_told < 2 &&
	    worker_tell(w, IPC_MSG_SA_EXPIRE, &x, sizeof(x), none))
		sa->soft_bytes_told++;
}

void
worker_drop_in(struct worker *w, struct tunnel *t, enum drop why, size_t len)
{
	count_drop(&w->counters, why, len);
	if (t != NULL)
		stat_add(&worker_stats(w, t)->dropped_in, 1);
}

void
worker_drop_out(struct worker *w, struct tunnel *t, enum drop why, size_t len)
{
	count_drop(&w->counters, why, len);
	if (t != NULL)
		stat_add(&worker_stats(w, t)->dropped_out, 1);
}
