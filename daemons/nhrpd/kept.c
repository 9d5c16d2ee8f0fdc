/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <assert.h>
#include <string.h>

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
	assert(len <= sizeof(s->record));
	memcpy(s->record, record, len);
	s->sum = keep_sum(s->record, sizeof(s->record));
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
