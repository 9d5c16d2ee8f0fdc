/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show event manager ...: the policies, and what became of their runs. */
#include <stdio.h>
#include <time.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "eem_policy.h"

const char *
eem_type_name(const struct conf_eem_event *e)
{
	static const char *const names[] = {
		[EEM_EVENT_MISSING] = "", [EEM_EVENT_SYSLOG] = "syslog",
		[EEM_EVENT_WATCHDOG] = "timer watchdog", [EEM_EVENT_COUNTDOWN] = "timer countdown",
		[EEM_EVENT_CRON] = "timer cron", [EEM_EVENT_NONE] = "none",
	};

	return names[e->kind];
}

static void
show_event(const struct eem_policy *p, struct text *out)
{
	const struct conf_eem_event *e = &p->event;

	if (e->kind == EEM_EVENT_SYSLOG) {
		text_add(out, " pattern {%s}\n", e->pattern);
		if (e->occurs != 0)
			text_add(out, " occurs %u\n", e->occurs);
		if (e->period_s != 0)
			text_add(out, " period %u.000\n", e->period_s);
	} else if (e->kind == EEM_EVENT_CRON) {
		text_add(out, " cron entry {%s}\n", e->cron);
	} else if (e->kind != EEM_EVENT_NONE) {
		text_add(out, " time %u.000\n", e->time_s);
	}
	if (e->ratelimit_s != 0)
		text_add(out, " ratelimit %u.000\n", e->ratelimit_s);
	text_add(out, " maxrun %u.000\n", e->maxrun_s == 0 ? EEM_DEFAULT_MAXRUN_S : e->maxrun_s);
}

void
eem_show_policies(const struct eem *e, struct text *out)
{
	const struct conf_eem_applet *a;
	const struct eem_policy *p;
	unsigned int n = 0;
	char when[40];
	struct tm tm;
	time_t t;

	text_add(out, "%-5s%-10s%-8s%-20s%-6s%-24s  %s\n", "No.", "Class", "Type", "Event Type", "Trap",
	    "Time Registered", "Name");
	DL_FOREACH(e->policies, p) {
		t = (time_t)(p->registered_us / 1000000);
		strftime(when, sizeof(when), "%a %b %e %H:%M:%S %Y", gmtime_r(&t, &tm));
		text_add(out, "%-5u%-10s%-8s%-20s%-6s%-24s  %s\n", ++n, "applet", "user",
		    eem_type_name(&p->event), "Off", when, p->name);
		show_event(p, out);
		a = conf_eem_applet_find(e->conf, p->name);
		if (a != NULL)
			cmds_eem_actions_write(out, a);
		text_add(out, "\n");
	}
}

void
eem_show_history(const struct eem *e, struct text *out)
{
	unsigned int first = e->jobs > EEM_HISTORY ? e->jobs - EEM_HISTORY : 0, n = 0, i;
	char proc[24], name[EEM_NAME_MAX + 8], when[40];
	struct tm tm;
	time_t t;

	text_add(out, "%-5s%-7s%-14s%-25s%-18s%s\n", "No.", "Job Id", "Proc Status", "Time of Event",
	    "Event Type", "Name");
	for (i = first; i < e->jobs; i++) {
		const struct eem_history *h = &e->history[i % EEM_HISTORY];

		t = (time_t)(h->wall_us / 1000000);
		strftime(when, sizeof(when), "%a %b%e %H:%M:%S %Y", gmtime_r(&t, &tm));
		snprintf(proc, sizeof(proc), "Actv %s", h->status);
		snprintf(name, sizeof(name), "applet: %s", h->name);
		text_add(out, "%-5u%-7u%-14s%-25s%-18s%s\n", ++n, h->job, proc, when, h->event, name);
	}
}

void
eem_show_statistics(const struct eem *e, struct text *out)
{
	const struct eem_policy *p;
	unsigned int n = 0;

	text_add(out, "%-36s%11s%11s\n", "", "Average", "Maximum");
	text_add(out, "%-5s%-9s%10s%12s%11s%11s   %s\n", "No.", "Class", "Triggered", "Suppressed",
	    "Run Time", "Run Time", "Name");
	DL_FOREACH(e->policies, p)
		text_add(out, "%-5u%-9s%10u%12u%11.3f%11.3f   %s\n", ++n, "applet", p->triggered,
		    p->suppressed, p->runs == 0 ? 0.0 : (double)p->ran.us / p->runs / 1e6,
		    (double)p->longest.us / 1e6, p->name);
}
