/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cron entries: minute, hour, day, month, weekday; each *, N, A-B, with /STEP, several by commas. */
#ifndef CULVERT_CRON_H
#define CULVERT_CRON_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct cron {
	uint64_t minutes, hours, days, months, weekdays;	/* a bit for each value that fits */
	bool any_day, any_weekday;	/* the field was *: the other one decides */
};

bool cron_parse(struct cron *c, const char *entry);	/* also @hourly, @daily, @weekly, @monthly */
bool cron_fits(const struct cron *c, const struct tm *t);	/* in this minute */

#endif
