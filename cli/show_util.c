/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/config_session.h"
#include "log.h"

void
rows_add(struct rows *rows, const void *row)
{
	if (rows->count == rows->room) {
		rows->room = rows->room == 0 ? 16 : rows->room * 2;
		rows->at = realloc(rows->at, rows->room * rows->size);
		if (rows->at == NULL)
			log_fatal("out of memory for the rows of a show command");
	}
	memcpy(rows->at + rows->count++ * rows->size, row, rows->size);
}

static void
keep_row(void *arg, enum ipc_type type, const union ipc_body *row)
{
	struct rows *rows = arg;

	if (type == rows->type)
		rows_add(rows, row);
}

const char *
rows_ask(struct rows *rows, struct show_source *src, enum ipc_role server, enum ipc_show_what what,
    enum ipc_type type)
{
	struct ipc_show q = {.what = what};

	const char *why;

	*rows = (struct rows){.type = type, .size = ipc_body_size(type)};
	why = src->ask(src, server, &q, keep_row, rows);
	if (why != NULL)
		rows->count = 0;	/* half an answer is none */
	return why;
}

void
rows_free(struct rows *rows)
{
	free(rows->at);
	*rows = (struct rows){0};
}

void *
rows_at(const struct rows *rows, size_t i)
{
	return i < rows->count ? rows->at + i * rows->size : NULL;
}

void
rows_sort(struct rows *rows, int (*cmp)(const void *a, const void *b))
{
	if (rows->count > 1)
		qsort(rows->at, rows->count, rows->size, cmp);
}

static void
add_piece(void *arg, enum ipc_type type, const union ipc_body *row)
{
	struct text *out = arg;

	if (type == IPC_MSG_TEXT)
		text_put(out, (const char *)row->text.text.p, row->text.text.len);
}

const char *
show_text_of(struct show_source *src, enum ipc_show_what what, struct text *out)
{
	struct ipc_show q = {.what = what};

	return src->ask(src, IPC_CONTROL, &q, add_piece, out);
}

int
name_cmp(const char *a, const char *b)
{
	struct iface_id x, y;

	if (!iface_parse(&x, a) || !iface_parse(&y, b))
		return strcmp(a, b);
	return iface_cmp(&x, &y);
}

char *
short_name(const char *name, char buf[IFACE_NAME_MAX])
{
	struct iface_id id;

	if (iface_parse(&id, name))
		return iface_short_name(&id, buf);
	snprintf(buf, IFACE_NAME_MAX, "%s", name);
	return buf;
}

bool
wanted_name(const struct show_args *a, const char *name)
{
	return a->name[0] == '\0' || strcmp(a->name, name) == 0;
}

bool
wanted_addr(const struct show_args *a, const struct addr *addr)
{
	return !addr_is_set(&a->addr) || addr_eq(&a->addr, addr);
}

char *
age_str(const struct show_source *src, uint64_t since_us, char buf[UPTIME_STRLEN])
{
	if (since_us != 0)
		return uptime_str(mono_sub(src->now, mono_us((int64_t)since_us)), buf);
	snprintf(buf, UPTIME_STRLEN, "never");
	return buf;
}

char *
hms_str(uint64_t seconds, char buf[UPTIME_STRLEN])
{
	snprintf(buf, UPTIME_STRLEN, "%02u:%02u:%02u", (unsigned int)(seconds / 3600),
	    (unsigned int)(seconds % 3600 / 60), (unsigned int)(seconds % 60));
	return buf;
}

char *
masked_str(const struct prefix *p, char buf[MASKED_STRLEN])
{
	int family = addr_is_set(&p->addr) ? p->addr.family : ADDR_V4;
	struct addr mask = prefix_mask(family, p->len);
	struct addr any = addr_v4(0);

	if (family == ADDR_V6) {
		snprintf(buf, MASKED_STRLEN, "%s", PREFIX_STR(p));
		return buf;
	}
	snprintf(buf, MASKED_STRLEN, "%s/%s", ADDR_STR(addr_is_set(&p->addr) ? &p->addr : &any),
	    ADDR_STR(&mask));
	return buf;
}

char *
wall_str(int64_t wall_us, bool msec, char buf[WALL_STRLEN])
{
	time_t s = (time_t)(wall_us / 1000000);
	char clock[16], day[8], ms[8] = "";
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	strftime(day, sizeof(day), "%a %b", &tm);
	if (msec)
		snprintf(ms, sizeof(ms), ".%03u", (unsigned int)(wall_us / 1000 % 1000));
	snprintf(buf, WALL_STRLEN, "%s%s UTC %s %d %d", clock, ms, day, tm.tm_mday,
	    1900 + tm.tm_year);
	return buf;
}

const char *
show_conf_of(struct show_source *src, struct conf **c)
{
	struct text running = {0};
	const char *why = show_text_of(src, SHOW_RUNNING, &running);
	struct config_error *errors = NULL;

	*c = conf_new();
	if (why == NULL)
		config_text_apply(*c, text_str(&running), &errors);
	config_errors_free(errors);
	text_free(&running);
	return why;
}
