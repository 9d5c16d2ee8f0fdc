/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reload that is due later: `reload in`, `reload at`, `reload cancel`, `show reload`.
 *
 * There is one at a time; another takes its place.  It is part of what outlives control
 * (running.h), so a control that is started again still has it, and one that was away when
 * it was due does it at once.  `in` counts by the clock that cannot be set, `at` goes by
 * the wall clock, wherever that is set to meanwhile.
 */
#ifndef CULVERT_RELOAD_H
#define CULVERT_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "loop.h"
#include "reload_plan.h"

struct control;
struct login_user;

struct reload {
	bool is_due;			/* there is one */
	bool by_clock;
	mono_t due;			/* unless by_clock */
	int64_t due_wall_us;		/* by_clock */
	char by[128];			/* who asked, as IOS writes it */
	char reason[RELOAD_REASON_MAX];
	unsigned int warned_s;		/* the last warning said so many seconds */
	struct timer timer;
};

/* Now.  NULL, or why not. */
const char *reload_now(struct control *c, const struct login_user *who, const char *reason);
void reload_later(struct control *c, const struct login_user *who, const struct reload_plan *p);
bool reload_cancel(struct control *c);		/* false: there was none */
void reload_show(const struct control *c, struct text *out);

/* For running.h: what is to be kept, and what the control before had. */
void reload_write(const struct reload *r, struct text *out);
void reload_read(struct control *c, const char *text);

#endif
