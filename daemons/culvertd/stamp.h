/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time in front of a log line, as `service timestamps` wants it. */
#ifndef CULVERT_STAMP_H
#define CULVERT_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

struct stamp_time {
	int64_t wall_us;	/* since 1970 */
	int64_t uptime_us;	/* of the router */
	bool synchronised;	/* else IOS puts a `*` in front */
};

#define STAMP_STRLEN 64

void stamp_now(struct stamp_time *t, int64_t booted_us);	/* booted: CLOCK_BOOTTIME of the boot */
/* "*Mar  1 00:00:01.234: ", "00:01:08: " or "". Unset is what IOS-XE has: datetime msec. */
char *stamp_str(const struct conf_stamp *how, const struct stamp_time *t, char buf[STAMP_STRLEN]);

#endif
