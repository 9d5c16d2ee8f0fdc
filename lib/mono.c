/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mono.h"

#include <stdio.h>
#include <time.h>

mono_t
mono_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return mono_us((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000);
}

char *
uptime_str(mono_t age, char buf[UPTIME_STRLEN])
{
	enum { MINUTE = 60, HOUR = 3600, DAY = 86400, WEEK = 7 * DAY, YEAR = 365 * DAY };
	int64_t s = mono_in_s(age) < 0 ? 0 : mono_in_s(age);

	if (s < DAY)
		snprintf(buf, UPTIME_STRLEN, "%02d:%02d:%02d", (int)(s / HOUR),
		    (int)(s % HOUR / MINUTE), (int)(s % MINUTE));
	else if (s < WEEK)
		snprintf(buf, UPTIME_STRLEN, "%dd%02dh", (int)(s / DAY), (int)(s % DAY / HOUR));
	else if (s < YEAR)
		snprintf(buf, UPTIME_STRLEN, "%dw%dd", (int)(s / WEEK), (int)(s % WEEK / DAY));
	else
		snprintf(buf, UPTIME_STRLEN, "%lldy%dw", (long long)(s / YEAR),
		    (int)(s % YEAR / WEEK));
	return buf;
}
