/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept_restore.h"

#include <string.h>

#include "cache.h"
#include "kept.h"
#include "log.h"
#include "mcast.h"
#include "nhrp_conf.h"
#include "nhs.h"
#include "protect.h"

union record {
	struct nhrp_if_record iface;
	struct mcast_record mcast;
	struct nhs_record nhs;
	struct protect_record peer;
	struct cache_record entry;
};
_Static_assert(sizeof(union record) <= KEPT_RECORD_MAX, "a slot holds any of them");

static void
restore_slot(struct nhrp *n, uint32_t slot)
{
	const struct kept_slot *s = keep_slot(n->keep, slot);
	union record r;

	/* Whoever takes it writes its slot again. */
	memcpy(&r, s->record, sizeof(r));
	switch (s->what) {
	case KEPT_IF:
		nhrp_if_restore(n, &r.iface, slot);
		break;
	case KEPT_PEER:
		protect_restore(n, &r.peer, slot);
		break;
	case KEPT_ENTRY:
		cache_restore(n, &r.entry, slot);
		break;
	case KEPT_NHS:
		nhs_restore(n, &r.nhs, slot);
		break;
	case KEPT_MCAST:
		mcast_restore(n, &r.mcast, slot);
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

		if (s->sum == keep_sum(s->record, sizeof(s->record)))
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
