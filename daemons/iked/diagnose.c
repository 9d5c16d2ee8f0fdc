/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "engine.h"
#include "log.h"

static void
drop(struct diagnose *d, struct diagnose_entry *entry)
{
	DL_DELETE(d->entries, entry);
	d->count--;
	free(entry);
}

static struct diagnose_entry *
find(const struct diagnose *d, const char *why)
{
	struct diagnose_entry *entry;

	DL_FOREACH(d->entries, entry)
		if (strncmp(entry->text, why, sizeof(entry->text) - 1) == 0)
			return entry;
	return NULL;
}

void
diagnose_note(struct ike_engine *e, const char *why)
{
	struct diagnose *d = &e->diagnose;
	unsigned int max = e->conf.v2.global.diagnose;
	struct diagnose_entry *entry;

	if (max == 0)
		return;
	entry = find(d, why);
	if (entry != NULL) {
		DL_DELETE(d->entries, entry);
	} else {
		entry = calloc(1, sizeof(*entry));
		if (entry == NULL)
			log_fatal("out of memory");
		snprintf(entry->text, sizeof(entry->text), "%s", why);
		d->count++;
	}
	entry->count += entry->count < UINT32_MAX;
	DL_PREPEND(d->entries, entry);
	for (; d->count > max; d->deleted++)
		drop(d, d->entries->prev);	/* the head's prev is the tail */
}

void
diagnose_head(const struct ike_engine *e, struct ipc_row_ikev2_errors *out)
{
	unsigned int max = e->conf.v2.global.diagnose;

	*out = (struct ipc_row_ikev2_errors){.on = max > 0, .entries = (uint16_t)e->diagnose.count,
	    .deleted = e->diagnose.deleted, .max = (uint16_t)(max > 0 ? max : DIAGNOSE_DEFAULT)};
}

void
diagnose_free(struct diagnose *d)
{
	while (d->entries != NULL)
		drop(d, d->entries);
}
