/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cron.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "5", "1-10", "*", each with "/STEP"; up to a comma.  False when it is none of them. */
static bool
read_range(const char **at, unsigned long lo, unsigned long hi, uint64_t *bits)
{
	unsigned long from = lo, to = hi, step = 1, v;
	const char *p = *at;
	char *end;

	if (*p == '*') {
		p++;
	} else {
		from = to = strtoul(p, &end, 10);
		if (end == p || *p == '-' || *p == '+')
			return false;
		p = end;
		if (*p == '-') {
			to = strtoul(p + 1, &end, 10);
			if (end == p + 1)
				return false;
			p = end;
		}
	}
	if (*p == '/') {
		step = strtoul(p + 1, &end, 10);
		if (end == p + 1 || step == 0)
			return false;
		p = end;
	}
	if (from < lo || to > hi || from > to || step > 60)
		return false;
	for (v = from; v <= to; v += step)
		*bits |= 1ull << v;
	*at = p;
	return true;
}

static bool
read_field(const char *p, unsigned long lo, unsigned long hi, uint64_t *bits)
{
	*bits = 0;
	for (;;) {
		if (!read_range(&p, lo, hi, bits))
			return false;
		if (*p == '\0')
			return true;
		if (*p++ != ',')
			return false;
	}
}

bool
cron_parse(struct cron *c, const char *entry)
{
	static const char *const short_forms[][2] = {
		{"@hourly", "0 * * * *"}, {"@daily", "0 0 * * *"}, {"@midnight", "0 0 * * *"},
		{"@weekly", "0 0 * * 0"}, {"@monthly", "0 0 1 * *"},
	};
	char field[5][64], more[2];
	size_t i;

	for (i = 0; i < sizeof(short_forms) / sizeof(short_forms[0]); i++)
		if (strcmp(entry, short_forms[i][0]) == 0)
			entry = short_forms[i][1];
	if (sscanf(entry, "%63s %63s %63s %63s %63s %1s", field[0], field[1], field[2], field[3], field[4],
	    more) != 5)
		return false;
	c->any_day = strcmp(field[2], "*") == 0;
	c->any_weekday = strcmp(field[4], "*") == 0;
	if (!read_field(field[0], 0, 59, &c->minutes) || !read_field(field[1], 0, 23, &c->hours) ||
	    !read_field(field[2], 1, 31, &c->days) || !read_field(field[3], 1, 12, &c->months) ||
	    !read_field(field[4], 0, 7, &c->weekdays))
		return false;
	if (c->weekdays >> 7 & 1)	/* Sunday is 0 and 7 */
		c->weekdays |= 1;
	return true;
}

bool
cron_fits(const struct cron *c, const struct tm *t)
{
	bool day = c->days >> t->tm_mday & 1, weekday = c->weekdays >> t->tm_wday & 1;

	/* With both fields given, either will do. */
	if (!c->any_day && !c->any_weekday)
		day = day || weekday;
	else
		day = day && weekday;
	return day && (c->minutes >> t->tm_min & 1) && (c->hours >> t->tm_hour & 1) &&
	    (c->months >> (t->tm_mon + 1) & 1);
}
