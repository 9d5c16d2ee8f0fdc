/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reload for later, as `reload in` and `reload at` say it: when that is, and IOS's words
 * about it.  The shell asks with them before control has it; the clock is UTC, as `show clock`.
 */
#ifndef CULVERT_RELOAD_PLAN_H
#define CULVERT_RELOAD_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define RELOAD_REASON_MAX 128

struct reload_plan {
	bool by_clock;			/* reload at; else reload in */
	uint32_t minutes;		/* from now, or of the day */
	uint8_t month, day;		/* 1..; 0: the next time that the clock says so */
	char reason[RELOAD_REASON_MAX];	/* empty: none was given */
};

/* Wall clock; a date of this year that is over is one of the next. */
int64_t reload_plan_due_us(const struct reload_plan *p, int64_t now_us);
/* "Reload scheduled for ... (in 5 minutes)" and the reason; `by` may be empty. */
void reload_plan_say(struct text *out, int64_t due_us, int64_t now_us, const char *by,
    const char *reason);
const char *reload_reason(const char *reason);	/* what IOS says where none was given */

#endif
