/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "handover.h"

#include <string.h>

#include "in.h"
#include "protect.h"

#define RECORDS_A_ROUND 256
#define WAITING_MAX 128			/* less than a round */
#define WAIT_US 1000000

enum handed { HANDED_OUT, HANDED_IN };

struct record {
	enum handed what;
	/* HANDED_OUT */
	uint32_t peer_ref, tunnel_slot;
	uint64_t tunnel_hash;		/* of the name; 0: none */
	struct wire_to to;
	enum wire_as as;
	uint8_t next_header;
	/* HANDED_IN; p is set by who takes it */
	struct wire_in in;
	size_t len;
} __attribute__((aligned(16)));

static enum drop
push(struct worker *w, unsigned int owner, const struct record *head, const uint8_t *p)
{
	struct ring *r = &w->tables->worker[owner].from[w->id];
	uint8_t *to = ring_reserve(r, 0, sizeof(*head) + WIRE_HEADROOM + head->len + WIRE_TAILROOM);

	if (to == NULL)
		return DROP_OTHER_WORKER;
	memcpy(to, head, sizeof(*head));
	memcpy(to + sizeof(*head) + WIRE_HEADROOM, p, head->len);
	ring_commit(r);
	stat_add(&w->counters.work.handed_over, 1);
	return DROP_NOT;
}

enum drop
handover_out(struct worker *w, unsigned int owner, const struct peer *peer,
    const struct wire_packet *out, uint8_t next_header)
{
	struct record r = {.what = HANDED_OUT, .peer_ref = peer->ref, .to = out->to,
	    .as = out->as, .next_header = next_header, .len = out->len};

	if (out->tunnel != NULL) {
		r.tunnel_slot = out->tunnel->slot;
		r.tunnel_hash = out->tunnel->name_hash;
	}
	return push(w, owner, &r, out->p);
}

enum drop
handover_in(struct worker *w, unsigned int owner, const struct wire_in *in)
{
	struct record r = {.what = HANDED_IN, .in = *in, .len = in->len};

	return push(w, owner, &r, in->p);
}

bool
handover_wait(struct worker *w, const struct wire_in *in, uint32_t spi)
{
	struct record r = {.what = HANDED_IN, .in = *in, .len = in->len};
	const struct sa *sa;

	if (in->waits_us == 0)
		r.in.waits_us = w->now.us;
	else if (w->now.us - in->waits_us > WAIT_US)
		return false;
	if (w->waiting == WAITING_MAX || push(w, w->id, &r, in->p) != DROP_NOT)
		return false;
	w->waiting++;
	/* The keys may have come between the look and the push, and nobody would wake us. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	sa = sadb_find(&w->tables->sadb, spi);
	if (sa == NULL || !sa->larval)
		ring_again(&w->from[w->id]);
	return true;
}

void
handover_keys_came(struct tables *t)
{
	unsigned int i;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (i = 0; i < t->workers; i++)
		if (ring_has_some(&t->worker[i].from[i]))
			ring_again(&t->worker[i].from[i]);
}

static void
seal(struct worker *w, const struct record *r, uint8_t *p)
{
	struct wire_packet out = {.to = r->to, .p = p, .len = r->len, .as = r->as};
	struct peer *peer = peer_find(&w->tables->peers, r->peer_ref);
	struct tunnel *t = tunnel_at(&w->tables->tunnels, r->tunnel_slot);
	enum drop why;

	if (t != NULL && t->name_hash == r->tunnel_hash)
		out.tunnel = t;
	why = peer == NULL ? DROP_OUT_NO_SA : protect_seal(w, peer, &out, r->next_header);
	if (why == DROP_NOT)
		return;
	if (r->as == WIRE_AS_PACKET)
		worker_drop_out(w, out.tunnel, why, r->len);
	else if (r->as == WIRE_AS_NHRP)
		count_drop(&w->counters, why, r->len);
}

static void
work_on(struct worker *w, uint8_t *rec)
{
	struct record r;
	uint8_t *p = rec + sizeof(r) + WIRE_HEADROOM;

	memcpy(&r, rec, sizeof(r));
	if (r.what == HANDED_OUT) {
		seal(w, &r, p);
		return;
	}
	r.in.p = p;
	if (r.in.waits_us != 0)
		w->waiting--;
	in_packet(w, &r.in);
}

void
handover_take(struct worker *w, struct ring *from)
{
	/* Of what waits here each is looked at once: some will lie down behind the rest again. */
	unsigned int most = from == &w->from[w->id] ? w->waiting : RECORDS_A_ROUND, i;
	uint8_t *rec;
	size_t len;

	ring_rest(from);
	stat_add(&w->counters.work.wakes, 1);
	for (i = 0; i < most && (rec = ring_take(from, &len)) != NULL; i++)
		work_on(w, rec);
	in_flush(w);
	join_flush(&w->join);
	join_flush(&w->cmap_join);
	wire_flush(&w->wire);
	ring_release(from);
	if (i == RECORDS_A_ROUND)
		ring_again(from);
}
