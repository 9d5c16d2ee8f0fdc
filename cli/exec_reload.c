/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reload [REASON], reload in [HHH:]MM [REASON], reload at HH:MM [DATE] [REASON], reload cancel */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exec_rows.h"

#define HOURS_MAX 596		/* what IOS takes, some 24 days */

/* "90" or "1:30" where `clock` is false, "23:59" where it is true: minutes. */
static bool
read_time(const char *s, bool clock, uint32_t *minutes)
{
	size_t first = strspn(s, "0123456789"), second = 0;
	unsigned long big, small = 0;

	if (s[first] == ':')
		second = strspn(s + first + 1, "0123456789");
	if (first == 0 || first > 5 || s[first + (s[first] == ':') + second] != '\0' ||
	    (s[first] == ':' && second != 2) || (clock && s[first] != ':'))
		return false;
	big = strtoul(s, NULL, 10);
	if (second != 0)
		small = strtoul(s + first + 1, NULL, 10);
	*minutes = (uint32_t)(second == 0 ? big : big * 60 + small);
	if (clock)
		return big < 24 && small < 60;
	return small < 60 && *minutes > 0 && *minutes <= HOURS_MAX * 60;
}

static unsigned int
delay_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	(void)row;
	v->text = w->word[at];
	return read_time(v->text, false, &v->number) ? 1 : 0;
}

static unsigned int
clock_parse(const struct cmd *row, const struct cmd_words *w, unsigned int at, struct cmd_value *v)
{
	(void)row;
	v->text = w->word[at];
	return read_time(v->text, true, &v->number) ? 1 : 0;
}

static const struct cmd_arg cmd_arg_delay = {.shape = "mmm", .parse = delay_parse};
static const struct cmd_arg cmd_arg_clock = {.shape = "hh:mm", .parse = clock_parse};

static struct exec_command *
command(struct cmd_call *c, enum exec_id id)
{
	struct exec_command *e = c->obj;
	const struct cmd_value *reason = cmd_value(c, SLOT_TEXT);
	size_t len;
	char *at;

	e->id = id;
	if (reason == NULL)
		return e;
	snprintf(e->reload.reason, sizeof(e->reload.reason), "%s", reason->text);
	/* It is logged, and nothing that a terminal would obey gets there. */
	for (at = e->reload.reason; *at != '\0'; at++)
		if (iscntrl((unsigned char)*at))
			*at = ' ';
	for (len = strlen(e->reload.reason); len > 0 && e->reload.reason[len - 1] == ' '; len--)
		e->reload.reason[len - 1] = '\0';
	return e;
}

bool
exec_run_reload(struct cmd_call *c)
{
	command(c, EXEC_RELOAD);
	return true;
}

static bool
in_run(struct cmd_call *c)
{
	command(c, EXEC_RELOAD_LATER)->reload.minutes = cmd_value(c, SLOT_NUMBER)->number;
	return true;
}

static bool
at_run(struct cmd_call *c)
{
	static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const struct cmd_value *month = cmd_value(c, SLOT_KIND), *day = cmd_value(c, SLOT_BITS);
	struct exec_command *e;

	if (month != NULL && day->number > days[month->number - 1])
		return cmd_refuse(c, "%% There is no such day in that month");
	e = command(c, EXEC_RELOAD_LATER);
	e->reload.by_clock = true;
	e->reload.minutes = cmd_value(c, SLOT_NUMBER)->number;
	if (month == NULL)
		return true;
	e->reload.month = (uint8_t)month->number;
	e->reload.day = (uint8_t)day->number;
	return true;
}

static bool
cancel_run(struct cmd_call *c)
{
	command(c, EXEC_RELOAD_CANCEL);
	return true;
}

bool
exec_run_show_reload(struct cmd_call *c)
{
	command(c, EXEC_SHOW_RELOAD);
	return true;
}

#define REASON { VALUE(line, "Reason for reload"), .slot = SLOT_TEXT }

static const struct cmd reason[] = { REASON, CMD_END };

#define MONTH(name, n, ends, then)							\
	{ name, "Month of the year", .slot = SLOT_KIND, .give = (n), .end = (ends), .sub = (then) }
#define MONTHS(ends, then)								\
	MONTH("january", 1, ends, then), MONTH("february", 2, ends, then),		\
	MONTH("march", 3, ends, then), MONTH("april", 4, ends, then),			\
	MONTH("may", 5, ends, then), MONTH("june", 6, ends, then),			\
	MONTH("july", 7, ends, then), MONTH("august", 8, ends, then),			\
	MONTH("september", 9, ends, then), MONTH("october", 10, ends, then),		\
	MONTH("november", 11, ends, then), MONTH("december", 12, ends, then)

static const struct cmd day_of_month[] = {
	{ VALUE_NUM(1, 31, "Day of the month"), .slot = SLOT_BITS, .end = true,
	    .sub = reason },
	CMD_END
};
static const struct cmd month_of_day[] = { MONTHS(true, reason), CMD_END };
static const struct cmd date[] = {
	MONTHS(false, day_of_month),
	{ VALUE_NUM(1, 31, "Day of the month"), .slot = SLOT_BITS, .sub = month_of_day },
	REASON,
	CMD_END
};

const struct cmd exec_reload[] = {
	{ "at", "Reload at a specific time/date", ARG(clock, "Time to reload (hh:mm)"),
	    .slot = SLOT_NUMBER, .end = true, .sub = date, .run = at_run },
	{ "cancel", "Cancel pending reload", .run = cancel_run },
	{ "in", "Reload after a time interval", ARG(delay, "Delay before reload (mmm or hhh:mm)"),
	    .slot = SLOT_NUMBER, .end = true, .sub = reason, .run = in_run },
	REASON,
	CMD_END
};
