/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reload_plan.h"

#include <time.h>

#include "show_util.h"

#define DAY_S 86400

static int64_t
at_us(struct tm tm)
{
	return (int64_t)timegm(&tm) * 1000000;
}

/* February 29 is not in every year. */
static bool
is_day(struct tm tm)
{
	int day = tm.tm_mday;

	return timegm(&tm) != -1 && tm.tm_mday == day;
}

int64_t
reload_plan_due_us(const struct reload_plan *p, int64_t now_us)
{
	time_t now = (time_t)(now_us / 1000000);
	struct tm tm;

	if (!p->by_clock)
		return now_us + (int64_t)p->minutes * 60 * 1000000;
	gmtime_r(&now, &tm);
	tm.tm_hour = (int)p->minutes / 60;
	tm.tm_min = (int)p->minutes % 60;
	tm.tm_sec = 0;
	if (p->month == 0)
		return at_us(tm) + (at_us(tm) <= now_us ? (int64_t)DAY_S * 1000000 : 0);
	tm.tm_mon = p->month - 1;
	tm.tm_mday = p->day;
	while (at_us(tm) <= now_us || !is_day(tm))
		tm.tm_year++;
	return at_us(tm);
}

static void
add_number(struct text *out, unsigned int n, const char *unit)
{
	text_add(out, "%u %s%s", n, unit, n == 1 ? "" : "s");
}

/* The two largest units that count. */
static void
add_duration(struct text *out, int64_t seconds)
{
	unsigned int s = seconds > 0 ? (unsigned int)seconds : 0;
	unsigned int big = s >= 3600 ? s / 3600 : s / 60;
	unsigned int small = s >= 3600 ? s / 60 % 60 : s % 60;

	if (big > 0)
		add_number(out, big, s >= 3600 ? "hour" : "minute");
	if (big > 0 && small > 0)
		text_add(out, " and ");
	if (small > 0 || big == 0)
		add_number(out, small, s >= 3600 ? "minute" : "second");
}

const char *
reload_reason(const char *reason)
{
	return reason[0] != '\0' ? reason : "Reload Command";
}

void
reload_plan_say(struct text *out, int64_t due_us, int64_t now_us, const char *by,
    const char *reason)
{
	char when[WALL_STRLEN];

	text_add(out, "Reload scheduled for %s (in ", wall_str(due_us, false, when));
	add_duration(out, (due_us - now_us + 500000) / 1000000);
	text_add(out, ")%s%s\nReload reason: %s\n", by[0] != '\0' ? " by " : "", by,
	    reload_reason(reason));
}
