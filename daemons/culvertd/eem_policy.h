/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An applet that is registered: what eem.c keeps of it, and eem_show.c tells.
 */
#ifndef CULVERT_EEM_POLICY_H
#define CULVERT_EEM_POLICY_H

#include <sys/types.h>

#include "cron.h"
#include "eem.h"
#include "loop.h"
#include "mono.h"

#define EEM_DEFAULT_MAXRUN_S 20
#define EEM_OCCURS_MAX 32
#define EEM_LINE_BYTES 1400

struct eem_waiting {		/* an event, until the run before it is over */
	struct eem_waiting *prev, *next;
	char line[EEM_LINE_BYTES];
};

struct eem_run {
	pid_t pid;		/* 0: none */
	int fd;
	struct watch watch;
	struct timer maxrun;
	struct eem_history *history;
	unsigned int job;
	mono_t began;
	bool expired;
};

struct eem_policy {
	struct eem *eem;
	char name[EEM_NAME_MAX];
	struct text text;		/* as it was registered, to see a change */
	struct conf_eem_event event;
	struct pattern *pattern;	/* of a syslog event */
	struct cron cron;
	int64_t registered_us;		/* wall clock */
	struct timer timer;
	mono_t last;			/* when it was last set off; 0: never */
	mono_t seen[EEM_OCCURS_MAX];	/* of a syslog event with `occurs`: the last matches */
	unsigned int seen_count;
	unsigned int triggered, suppressed;	/* events; those that made nothing run */
	unsigned int runs;			/* that are over */
	mono_t ran, longest;			/* all runs together, and one */
	struct eem_run run;
	struct eem_waiting *waiting;
	unsigned int waiting_count;
	bool stale;
	struct eem_policy *prev, *next;
};

const char *eem_type_name(const struct conf_eem_event *e);	/* as IOS names the event's type */

#endif
