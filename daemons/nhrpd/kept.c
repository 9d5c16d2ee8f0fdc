/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <string.h>

#include "cache.h"
#include "log.h"
#include "mcast.h"
#include "nhs.h"
#include "protect.h"

struct kept_slot {
	uint32_t what;		/* enum kept_what */
	uint32_t sum;		/* of u */
	union {
		struct nhrp_if_record iface;
		struct mcast_record mcast;
		struct nhs_record nhs;
		struct protect_record peer;
		struct cache_record entry;
	} u;
};

size_t
kept_slot_size(void)
{
	return sizeof(struct kept_slot);
}

uint32_t
kept_take(struct nhrp *n, void *owner)
{
	uint32_t slots = keep_slots(n->keep), i;

	for (i = 0; i < slots; i++) {
		uint32_t slot = (n->slot_hint + i) % slots;

		if (n->owner[slot] != NULL)
			continue;
		n->owner[slot] = owner;
		n->slot_hint = (slot + 1) % slots;
		return slot;
	}
	return KEPT_NONE;
}

void
kept_write(struct nhrp *n, uint32_t slot, enum kept_what what, const void *record, size_t len)
{
	struct kept_slot *s = keep_slot(n->keep, slot);

	keep_begin(n->keep, slot);
	s->what = what;
	memcpy(&s->u, record, len);
	s->sum = keep_sum(&s->u, sizeof(s->u));
	keep_commit(n->keep, slot);
}

void
kept_release(struct nhrp *n, uint32_t slot)
{
	if (slot == KEPT_NONE)
		return;
	keep_clear(n->keep, slot);
	n->owner[slot] = NULL;
	if (slot < n->slot_hint)
		n->slot_hint = slot;
}

void *
kept_next(const struct nhrp *n, enum kept_what what, uint32_t *slot)
{
	uint32_t i = keep_next(n->keep, *slot);

	for (; i < keep_slots(n->keep); i = keep_next(n->keep, i + 1)) {
		const struct kept_slot *s = keep_slot(n->keep, i);

		if (s->what != what || n->owner[i] == NULL)
			continue;
		*slot = i;
		return n->owner[i];
	}
	return NULL;
}

static void
restore_slot(struct nhrp *n, uint32_t slot)
{
	struct kept_slot s = *(const struct kept_slot *)keep_slot(n->keep, slot);

	switch (s.what) {
	case KEPT_IF:
		nhrp_if_restore(n, &s.u.iface, slot);
		break;
	case KEPT_PEER:
		protect_restore(n, &s.u.peer, slot);
		break;
	case KEPT_ENTRY:
		cache_restore(n, &s.u.entry, slot);
		break;
	case KEPT_NHS:
		nhs_restore(n, &s.u.nhs, slot);
		break;
	case KEPT_MCAST:
		mcast_restore(n, &s.u.mcast, slot);
		break;
	}
	if (n->owner[slot] == NULL)
		keep_clear(n->keep, slot);
}

/* Records that are not as they were written are forgotten: what they say may be anything. */
static void
drop_damaged(struct keep *t)
{
	unsigned int dropped = 0;
	uint32_t i;

	for (i = keep_next(t, 0); i < keep_slots(t); i = keep_next(t, i + 1)) {
		const struct kept_slot *s = keep_slot(t, i);

		if (s->sum == keep_sum(&s->u, sizeof(s->u)))
			continue;
		keep_clear(t, i);
		dropped++;
	}
	if (dropped > 0)
		log_err("%u damaged records of kept state are forgotten", dropped);
}

void
kept_restore(struct nhrp *n)
{
	/* Interfaces first, then the sessions, then what hangs on both. */
	static const enum kept_what order[] = {KEPT_IF, KEPT_PEER, KEPT_ENTRY, KEPT_NHS,
	    KEPT_MCAST};
	size_t pass;
	uint32_t i;

	drop_damaged(n->keep);
	for (pass = 0; pass < sizeof(order) / sizeof(order[0]); pass++)
		for (i = keep_next(n->keep, 0); i < keep_slots(n->keep);
		     i = keep_next(n->keep, i + 1)) {
			const struct kept_slot *s = keep_slot(n->keep, i);

			if (s->what == (uint32_t)order[pass])
				restore_slot(n, i);
		}
	protect_sweep(n);
}
