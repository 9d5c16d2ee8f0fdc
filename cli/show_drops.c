/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * show platform hardware qfp active statistics drop: the forwarder's drop
 * counters, summed up under the names that IOS-XE's forwarder has for them.
 */
#include <string.h>

#include "drops.h"
#include "show_util.h"

struct view {
	const char *name;
	uint64_t packets, octets;
};

/* DROP_COUNT views at most; *count of them are in `views`, by name. */
static void
count_in(struct view *views, size_t *count, const struct ipc_row_drop *d)
{
	const char *name = drop_views[d->drop];
	size_t i = 0;

	while (i < *count && strcmp(views[i].name, name) < 0)
		i++;
	if (i == *count || strcmp(views[i].name, name) != 0) {
		memmove(&views[i + 1], &views[i], (*count - i) * sizeof(views[0]));
		views[i] = (struct view){.name = name};
		(*count)++;
	}
	views[i].packets += d->packets;
	views[i].octets += d->octets;
}

const char *
show_drops(struct show_source *src, const struct show_args *a, struct text *out)
{
	static const char rule[] =
	    "-------------------------------------------------------------------------\n";
	struct view views[DROP_COUNT + 1];
	struct rows drops;
	const char *why = rows_ask(&drops, src, IPC_ESPD, SHOW_DROPS, IPC_MSG_ROW_DROP);
	const struct ipc_row_drop *d;
	size_t count = 0;

	(void)a;
	ROWS_EACH(d, &drops)
		if (d->drop < DROP_COUNT && d->packets != 0)
			count_in(views, &count, d);
	rows_free(&drops);
	if (why != NULL)
		return why;
	text_add(out, "%s%-37s %11s %23s  \n%s", rule, "Global Drop Stats", "Packets", "Octets",
	    rule);
	for (size_t i = 0; i < count; i++)
		text_add(out, "%-37s %11llu %23llu  \n", views[i].name,
		    (unsigned long long)views[i].packets, (unsigned long long)views[i].octets);
	return NULL;
}
