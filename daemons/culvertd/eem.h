/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Embedded Event Manager: applets that are registered, what makes them run,
 * their runs, and what became of the last ones.
 *
 * A run is a child process (eem_child.h), which waits and talks to the router
 * as a shell does; it tells control what to log.  An applet runs once at a time;
 * events that come meanwhile wait, a few of them, and are lost beyond that.  A
 * run that takes longer than maxrun is ended.  An applet does not see the log lines
 * that it causes by syslog and puts, so that it cannot keep itself going.
 */
#ifndef CULVERT_EEM_H
#define CULVERT_EEM_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "conf_eem.h"
#include "log.h"

#define EEM_HISTORY 10		/* as IOS keeps by default */

struct eem_policy;

struct eem_history {
	unsigned int job;	/* 0: none */
	char status[16];	/* running, success, abort */
	int64_t wall_us;
	const char *event;	/* as IOS calls its type */
	char name[EEM_NAME_MAX];
};

struct eem {
	struct loop *loop;
	const char *rundir;
	/* A line for the log. */
	void (*log)(void *arg, enum log_severity sev, const char *text);
	void *arg;
	const struct conf_eem *conf;	/* the running configuration's: borrowed */
	struct eem_policy *policies;
	struct eem_history history[EEM_HISTORY];
	unsigned int jobs;		/* so far */
	bool matching;			/* a line is being looked at */
};

/* `e` has its first four members. */
void eem_configure(struct eem *e, const struct conf_eem *conf);	/* after any change; starts timers */
void eem_free(struct eem *e);					/* ends what runs */
/* A line went to the log, as the log has it. */
void eem_syslog(struct eem *e, const char *line);
/* event manager run NAME ARGUMENTS: NULL, or why not. */
const char *eem_run(struct eem *e, const char *name, const char *arguments);
void eem_show_policies(const struct eem *e, struct text *out);
void eem_show_history(const struct eem *e, struct text *out);
void eem_show_statistics(const struct eem *e, struct text *out);

#endif
