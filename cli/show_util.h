/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the renderers of `show` share: rows of an answer kept in a table, so
 * that answers of several daemons can be joined and ordered before anything is
 * printed, and IOS's ways to write ages, names and SPIs.
 *
 * A table is freed by who filled it.  Rows are asked for without a filter and
 * narrowed here: what a name or an address means is then the same everywhere.
 */
#ifndef CULVERT_SHOW_UTIL_H
#define CULVERT_SHOW_UTIL_H

#include "conf.h"
#include "names.h"
#include "show.h"

struct rows {
	enum ipc_type type;
	size_t size, count, room;	/* size of one row */
	uint8_t *at;
};

/* All rows of `type` that `server` has for `what`.  NULL, or the sentence to print. */
const char *rows_ask(struct rows *rows, struct show_source *src, enum ipc_role server,
    enum ipc_show_what what, enum ipc_type type);
void rows_free(struct rows *rows);
void rows_add(struct rows *rows, const void *row);	/* copies it */
void *rows_at(const struct rows *rows, size_t i);
void rows_sort(struct rows *rows, int (*cmp)(const void *a, const void *b));

#define ROWS_EACH(r, rows)                                                                         \
	for ((r) = rows_at((rows), 0); (r) != NULL && (size_t)((uint8_t *)(r) - (rows)->at) <      \
	    (rows)->count * (rows)->size; (r)++)

/* Text that control sends in pieces, added to `out` as it comes. */
const char *show_text_of(struct show_source *src, enum ipc_show_what what, struct text *out);

/* The running-config, parsed.  *c is to be freed either way. */
const char *show_conf_of(struct show_source *src, struct conf **c);

int name_cmp(const char *a, const char *b);		/* interfaces in running-config order */
char *short_name(const char *name, char buf[IFACE_NAME_MAX]);	/* Tu0 */
bool wanted_name(const struct show_args *a, const char *name);
bool wanted_addr(const struct show_args *a, const struct addr *addr);

/* Age of something that began at `since_us`; "never" when that is 0. */
char *age_str(const struct show_source *src, uint64_t since_us, char buf[UPTIME_STRLEN]);
char *hms_str(uint64_t seconds, char buf[UPTIME_STRLEN]);	/* 23:59:12 */
/* "10.1.0.0/255.255.0.0", as proxy identities print it. */
#define MASKED_STRLEN (2 * ADDR_STRLEN)
char *masked_str(const struct prefix *p, char buf[MASKED_STRLEN]);
/* "18:56:04.554 UTC Mon Oct 17 2016"; without milliseconds where msec is false. */
#define WALL_STRLEN 48
char *wall_str(int64_t wall_us, bool msec, char buf[WALL_STRLEN]);

#endif
