/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stamp.h"

#include <stdio.h>
#include <sys/timex.h>
#include <time.h>

#include "mono.h"

void
stamp_now(struct stamp_time *t, int64_t booted_us)
{
	struct timespec ts;
	struct timex tx = {0};

	clock_gettime(CLOCK_REALTIME, &ts);
	t->wall_us = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
	t->uptime_us = mono_clock().us - booted_us;
	t->synchronised = adjtimex(&tx) >= 0 && !(tx.status & STA_UNSYNC);
}

static void
uptime(int64_t us, char buf[STAMP_STRLEN])
{
	int64_t s = us / 1000000;

	if (s < 24 * 3600)
		snprintf(buf, STAMP_STRLEN, "%02d:%02d:%02d: ", (int)(s / 3600), (int)(s / 60 % 60),
		    (int)(s % 60));
	else if (s < 7 * 24 * 3600)
		snprintf(buf, STAMP_STRLEN, "%dd%02dh: ", (int)(s / 86400), (int)(s / 3600 % 24));
	else
		snprintf(buf, STAMP_STRLEN, "%dw%dd: ", (int)(s / 604800), (int)(s / 86400 % 7));
}

static void
datetime(const struct conf_stamp *how, bool msec, const struct stamp_time *t,
    char buf[STAMP_STRLEN])
{
	time_t s = (time_t)(t->wall_us / 1000000);
	char day[24], year[8] = "", ms[8] = "", zone[12] = "";
	struct tm tm;

	if (how->localtime)
		localtime_r(&s, &tm);
	else
		gmtime_r(&s, &tm);
	strftime(day, sizeof(day), "%b %e", &tm);
	if (how->year)
		strftime(year, sizeof(year), " %Y", &tm);
	if (msec)
		snprintf(ms, sizeof(ms), ".%03d", (int)(t->wall_us / 1000 % 1000));
	if (how->show_timezone)
		strftime(zone, sizeof(zone), how->localtime ? " %Z" : " UTC", &tm);
	snprintf(buf, STAMP_STRLEN, "%s%s%s %02d:%02d:%02d%s%s: ", t->synchronised ? "" : "*", day, year,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, ms, zone);
}

char *
stamp_str(const struct conf_stamp *how, const struct stamp_time *t, char buf[STAMP_STRLEN])
{
	switch (how->kind) {
	case STAMP_NONE:
		buf[0] = '\0';
		break;
	case STAMP_UPTIME:
		uptime(t->uptime_us, buf);
		break;
	case STAMP_DEFAULT:
		datetime(how, true, t, buf);
		break;
	case STAMP_DATETIME:
		datetime(how, how->msec, t, buf);
		break;
	}
	return buf;
}
