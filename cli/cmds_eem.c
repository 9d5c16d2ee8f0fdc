/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event manager ...: applets and environment variables (Embedded Event Manager). */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_eem.h"
#include "cron.h"
#include "pattern.h"

bool
cmds_eem_keep_string(struct cmd_call *c, const struct cmd_value *v, char *to)
{
	return cmd_string(v, to, EEM_STRING_MAX) ||
	    cmd_refuse(c, "a string here has at most %d characters", EEM_STRING_MAX - 1);
}

void
cmds_eem_write_string(struct text *out, const char *s)
{
	text_add(out, " \"");
	for (; *s != '\0'; s++)
		text_add(out, *s == '"' ? "\\\"" : "%c", *s);
	text_add(out, "\"");
}

/* --- event ... --- */

static bool
take_options(struct cmd_call *c, struct conf_eem_event *e)
{
	const struct cmd_value *kind = cmd_value(c, SLOT_KIND), *text = cmd_value(c, SLOT_NAME);
	static const struct { enum cmd_slot slot; size_t at; } numbers[] = {
		{SLOT_NUMBER, offsetof(struct conf_eem_event, occurs)},
		{SLOT_NEXT, offsetof(struct conf_eem_event, period_s)},
		{SLOT_LEVEL, offsetof(struct conf_eem_event, time_s)},
		{SLOT_BITS, offsetof(struct conf_eem_event, maxrun_s)},
		{SLOT_MORE, offsetof(struct conf_eem_event, ratelimit_s)},
	};
	size_t i;

	e->kind = (uint8_t)kind->number;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct cmd_value *v = cmd_value(c, numbers[i].slot);

		if (v != NULL)
			memcpy((char *)e + numbers[i].at, &v->number, sizeof(v->number));
	}
	if (text == NULL)
		return true;
	return cmds_eem_keep_string(c, text, e->kind == EEM_EVENT_SYSLOG ? e->pattern : e->cron);
}

static bool
check_event(struct cmd_call *c, const struct conf_eem_event *e)
{
	struct cron cron;
	char why[PATTERN_WHY_MAX];
	struct pattern *p;

	if (e->kind == EEM_EVENT_SYSLOG) {
		p = pattern_new(e->pattern, why);
		if (p == NULL)
			return cmd_refuse(c, "\"%.60s\" is no regular expression: %s", e->pattern, why);
		pattern_free(p);
	}
	if (e->kind == EEM_EVENT_CRON && !cron_parse(&cron, e->cron))
		return cmd_refuse(c, "\"%.60s\" is no cron entry: it has five fields, minute hour day "
		    "month weekday, or is @hourly, @daily, @weekly or @monthly", e->cron);
	return true;
}

static bool
event_run(struct cmd_call *c)
{
	struct conf_eem_applet *a = c->obj;
	struct conf_eem_event e = {0};

	if (c->verb == CMD_SET && (!take_options(c, &e) || !check_event(c, &e)))
		return false;
	a->event = e;
	return true;
}

static void
event_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_eem_event *e = &((const struct conf_eem_applet *)obj)->event;

	switch (e->kind) {
	case EEM_EVENT_SYSLOG:
		text_add(out, "%s syslog", before);
		if (e->occurs != 0)
			text_add(out, " occurs %u", e->occurs);
		text_add(out, " pattern");
		cmds_eem_write_string(out, e->pattern);
		if (e->period_s != 0)
			text_add(out, " period %u", e->period_s);
		break;
	case EEM_EVENT_WATCHDOG:
	case EEM_EVENT_COUNTDOWN:
		text_add(out, "%s timer %s time %u", before,
		    e->kind == EEM_EVENT_WATCHDOG ? "watchdog" : "countdown", e->time_s);
		break;
	case EEM_EVENT_CRON:
		text_add(out, "%s timer cron cron-entry", before);
		cmds_eem_write_string(out, e->cron);
		break;
	case EEM_EVENT_NONE:
		text_add(out, "%s none", before);
		break;
	default:
		return;
	}
	if (e->maxrun_s != 0)
		text_add(out, " maxrun %u", e->maxrun_s);
	if (e->ratelimit_s != 0)
		text_add(out, " ratelimit %u", e->ratelimit_s);
	text_add(out, "\n");
}

#define MAXRUN(next) { "maxrun", "Maximum runtime of policy",					\
	ARG_NUM(1, 31536000, "Maximum policy execution time in seconds"), .slot = SLOT_BITS,	\
	.end = true, .sub = (next) }
#define RATELIMIT_ROW(next) { "ratelimit", "Ratelimit event detection",				\
	ARG_NUM(1, 31536000, "Event detection interval in seconds"), .slot = SLOT_MORE,		\
	.end = true, .sub = (next) }

static const struct cmd syslog_options[] = {
	MAXRUN(syslog_options),
	{ "occurs", "Number of occurrences before raising event",
	    ARG_NUM(1, 32, "Number of occurrences"), .slot = SLOT_NUMBER, .end = true,
	    .sub = syslog_options },
	{ "pattern", "Pattern to match", ARG(string, "Regular expression"), .slot = SLOT_NAME,
	    .end = true, .sub = syslog_options },
	{ "period", "Occurrence period", ARG_NUM(1, 4294967, "Seconds"), .slot = SLOT_NEXT,
	    .end = true, .sub = syslog_options },
	RATELIMIT_ROW(syslog_options),
	CMD_END
};

/* The pattern may come behind other words; without one there is no event. */
static const struct cmd syslog_first[] = {
	{ "occurs", "Number of occurrences before raising event",
	    ARG_NUM(1, 32, "Number of occurrences"), .slot = SLOT_NUMBER, .sub = syslog_first },
	{ "maxrun", "Maximum runtime of policy",
	    ARG_NUM(1, 31536000, "Maximum policy execution time in seconds"), .slot = SLOT_BITS,
	    .sub = syslog_first },
	{ "pattern", "Pattern to match", ARG(string, "Regular expression"), .slot = SLOT_NAME,
	    .end = true, .sub = syslog_options },
	{ "period", "Occurrence period", ARG_NUM(1, 4294967, "Seconds"), .slot = SLOT_NEXT,
	    .sub = syslog_first },
	{ "ratelimit", "Ratelimit event detection",
	    ARG_NUM(1, 31536000, "Event detection interval in seconds"), .slot = SLOT_MORE,
	    .sub = syslog_first },
	CMD_END
};

static const struct cmd run_options[] = { MAXRUN(run_options), RATELIMIT_ROW(run_options), CMD_END };

#define ONE_TIMER "an applet has one timer, which needs no name; leave out `name`"

static const struct cmd timer_time[] = {
	REFUSED("name", ONE_TIMER),
	{ "time", "Time interval", ARG_NUM(1, 4294967, "Seconds"), .slot = SLOT_LEVEL, .end = true,
	    .sub = run_options },
	CMD_END
};

static const struct cmd timer_cron[] = {
	REFUSED("name", ONE_TIMER),
	{ "cron-entry", "Cron entry", ARG(string, "Cron entry string"), .slot = SLOT_NAME,
	    .end = true, .sub = run_options },
	CMD_END
};

static const struct cmd timers[] = {
	{ "countdown", "Countdown timer", .slot = SLOT_KIND, .give = EEM_EVENT_COUNTDOWN,
	    .sub = timer_time },
	{ "cron", "Cron timer", .slot = SLOT_KIND, .give = EEM_EVENT_CRON, .sub = timer_cron },
	{ "watchdog", "Watchdog timer", .slot = SLOT_KIND, .give = EEM_EVENT_WATCHDOG,
	    .sub = timer_time },
	CMD_END
};

#define NO_DETECTOR "this event detector is not there; use syslog, timer or none"

static const struct cmd events[] = {
	{ "none", "Manually run policy event", .slot = SLOT_KIND, .give = EEM_EVENT_NONE,
	    .end = true, .sub = run_options },
	{ "syslog", "Syslog event", .slot = SLOT_KIND, .give = EEM_EVENT_SYSLOG,
	    .sub = syslog_first },
	{ "timer", "Timer event", .sub = timers },
	REFUSED("cli", NO_DETECTOR), REFUSED("counter", NO_DETECTOR), REFUSED("interface", NO_DETECTOR),
	REFUSED("ioswdsysmon", NO_DETECTOR), REFUSED("ipsla", NO_DETECTOR), REFUSED("oir", NO_DETECTOR),
	REFUSED("routing", NO_DETECTOR), REFUSED("rpc", NO_DETECTOR), REFUSED("snmp", NO_DETECTOR),
	REFUSED("tag", "one event makes an applet run here; make an applet for each event"),
	REFUSED("track", NO_DETECTOR),
	CMD_END
};

/* --- the applet --- */

static const struct cmd applet_rows[] = {
	{ "description", "Add or modify an applet description", ARG(line, "description"),
	    FIELD(conf_eem_applet, description) },
	{ "event", "Event criteria", .sub = events, .no_end = true, .run = event_run,
	    .write = event_write },
	{ "action", "Add or modify an action statement", .sub = cmds_eem_action,
	    .run = cmds_eem_action_run, .write = cmds_eem_action_write },
	CMD_END
};

static void *
applet_find(struct conf *c, const struct cmd_key *key)
{
	return conf_eem_applet_find(&c->eem, key->name);
}

static const struct cmd_mode applet_mode = {"config-applet", applet_rows, applet_find};

static bool
applet_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct conf_eem_applet *a = conf_eem_applet_find(&c->conf->eem, name);

	if (c->verb != CMD_SET) {
		if (a != NULL)
			conf_eem_applet_del(&c->conf->eem, a);
		return true;
	}
	conf_eem_applet_get(&c->conf->eem, name);
	snprintf(c->key.name, sizeof(c->key.name), "%s", name);
	c->enter = &applet_mode;
	return true;
}

void
cmds_eem_applet_write(struct text *out, const struct conf_eem_applet *a)
{
	text_add(out, "event manager applet %s\n", a->name);
	cmd_write_rows(out, applet_rows, " ", a);
}

static void
applets_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_eem_applet *a;

	(void)before;
	DL_FOREACH(((const struct conf *)obj)->eem.applets, a)
		cmds_eem_applet_write(out, a);
}

/* --- environment --- */

static bool
environment_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME), *value = cmd_value(c, SLOT_MORE);
	char text[EEM_STRING_MAX];

	if (c->verb != CMD_SET) {
		conf_eem_variable_set(&c->conf->eem, name->text, NULL);
		return true;
	}
	if (strlen(value->text) >= sizeof(text))
		return cmd_refuse(c, "a value has at most %d characters", EEM_STRING_MAX - 1);
	snprintf(text, sizeof(text), "%s", value->text);
	conf_eem_variable_set(&c->conf->eem, name->text, text);
	return true;
}

static void
environment_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_eem_variable *v;

	DL_FOREACH(((const struct conf *)obj)->eem.variables, v)
		text_add(out, "%s %s %s\n", before, v->name, v->value);
}

static const struct cmd environment_value[] = {
	{ VALUE(line, "Value of the variable"), .slot = SLOT_MORE },
	CMD_END
};

static const struct cmd environment[] = {
	{ VALUE(word, "Name of the variable"), .slot = SLOT_NAME, .max = EEM_NAME_MAX - 1,
	    .no_end = true, .sub = environment_value },
	CMD_END
};

static const struct cmd manager[] = {
	{ "environment", "Set an environment variable", .sub = environment, .run = environment_run,
	    .write = environment_write },
	{ "applet", "Register an Event Manager applet", ARG(word, "Name of the applet"),
	    .slot = SLOT_NAME, .run = applet_run, .write = applets_write },
	REFUSED("directory", "policies in Tcl are not run; write an applet"),
	REFUSED("policy", "policies in Tcl are not run; write an applet"),
	REFUSED("session", "applets run with all rights here; leave the line out"),
	CMD_END
};

const struct cmd cmds_event[] = {
	{ "manager", "Event Manager configuration", .sub = manager },
	CMD_END
};
