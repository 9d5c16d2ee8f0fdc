/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event manager ...: applets and environment variables (Embedded Event Manager). */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds.h"
#include "cron.h"
#include "pattern.h"

static bool
keep_string(struct cmd_call *c, const struct cmd_value *v, char *to)
{
	return cmd_string(v, to, EEM_STRING_MAX) ||
	    cmd_refuse(c, "a string here has at most %d characters", EEM_STRING_MAX - 1);
}

static void
write_string(struct text *out, const char *s)
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
	return keep_string(c, text, e->kind == EEM_EVENT_SYSLOG ? e->pattern : e->cron);
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
		write_string(out, e->pattern);
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
		write_string(out, e->cron);
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

/* --- action ... --- */

/* What stands behind the words of each action: s a string, v a name, n a number, c a comparison. */
static const struct {
	const char *words, *shape;
} actions[EEM_ACTION_KINDS] = {
	[EEM_APPEND] = {"append", "vs"}, [EEM_BREAK] = {"break", ""}, [EEM_CLI] = {"cli command", "s"},
	[EEM_COMMENT] = {"comment", "s"}, [EEM_CONTINUE] = {"continue", ""},
	[EEM_DECREMENT] = {"decrement", "vn"}, [EEM_ELSE] = {"else", ""},
	[EEM_ELSEIF] = {"elseif", "scs"}, [EEM_END] = {"end", ""}, [EEM_EXIT] = {"exit", "n"},
	[EEM_FILE_CLOSE] = {"file close", "v"}, [EEM_FILE_DELETE] = {"file delete", "v"},
	[EEM_FILE_GETS] = {"file gets", "vv"}, [EEM_FILE_OPEN] = {"file open", "vvv"},
	[EEM_FILE_PUTS] = {"file puts", "vs"}, [EEM_FILE_WRITE] = {"file write", "vs"},
	[EEM_IF] = {"if", "scs"}, [EEM_INCREMENT] = {"increment", "vn"}, [EEM_PUTS] = {"puts", "s"},
	[EEM_REGEXP] = {"regexp", "ss"}, [EEM_SET] = {"set", "vs"}, [EEM_SYSLOG] = {"syslog", ""},
	[EEM_WAIT] = {"wait", "n"}, [EEM_WHILE] = {"while", "scs"},
};

static const char *const comparisons[] = {
	[EEM_EQ] = "eq", [EEM_NE] = "ne", [EEM_LT] = "lt", [EEM_LE] = "le", [EEM_GT] = "gt",
	[EEM_GE] = "ge",
};

static const char *const severities[] = {
	"emergencies", "alerts", "critical", "errors", "warnings", "notifications",
	"informational", "debugging",
};

static bool
read_action(struct cmd_call *c, struct conf_eem_action *a)
{
	unsigned int i;

	for (i = 0; i < c->n_values; i++) {
		const struct cmd_value *v = &c->values[i];

		switch (v->slot) {
		case SLOT_KIND:
			a->kind = (uint8_t)v->number;
			break;
		case SLOT_FLAG:
			a->compare = (uint8_t)v->number;
			break;
		case SLOT_LEVEL:
			a->severity = (uint8_t)(v->number + 1);
			break;
		case SLOT_NUMBER:
			a->number = v->number;
			break;
		case SLOT_NAME:
			if (a->args >= EEM_ARGS_MAX)
				return cmd_refuse(c, "at most %d names here", EEM_ARGS_MAX - 2);
			if (!keep_string(c, v, a->arg[a->args]))
				return false;
			a->args++;
			break;
		}
	}
	return true;
}

static bool
check_action(struct cmd_call *c, const struct conf_eem_action *a)
{
	if (a->kind == EEM_FILE_OPEN && strcmp(a->arg[2], "r") != 0 && strcmp(a->arg[2], "w") != 0 &&
	    strcmp(a->arg[2], "a") != 0)
		return cmd_refuse(c, "a file is opened to read (r), to write anew (w) or to append (a)");
	return true;
}

static bool
action_run(struct cmd_call *c)
{
	const char *label = cmd_value(c, SLOT_TEXT)->text;
	struct conf_eem_action a = {0};

	if (c->verb != CMD_SET) {
		conf_eem_action_del(c->obj, label);
		return true;
	}
	snprintf(a.label, sizeof(a.label), "%s", label);
	if (!read_action(c, &a) || !check_action(c, &a))
		return false;
	conf_eem_action_set(c->obj, &a);
	return true;
}

static void
write_action(struct text *out, const char *before, const struct conf_eem_action *a)
{
	const char *shape = actions[a->kind].shape;
	unsigned int n = 0, i;

	text_add(out, "%s %s %s", before, a->label, actions[a->kind].words);
	if (a->kind == EEM_SYSLOG) {
		if (a->severity != 0)
			text_add(out, " priority %s", severities[a->severity - 1]);
		text_add(out, " msg");
		write_string(out, a->arg[0]);
	}
	for (; *shape != '\0'; shape++) {
		if (*shape == 's')
			write_string(out, a->arg[n++]);
		else if (*shape == 'v')
			text_add(out, " %s", a->arg[n++]);
		else if (*shape == 'c')
			text_add(out, " %s", comparisons[a->compare]);
		else if (a->number != 0 || a->kind == EEM_WAIT)
			text_add(out, " %u", a->number);
	}
	if (a->kind == EEM_CLI && a->args > 1) {
		text_add(out, " pattern");
		write_string(out, a->arg[1]);
	}
	for (i = 2; a->kind == EEM_REGEXP && i < a->args; i++)
		text_add(out, " %s", a->arg[i]);
	text_add(out, "\n");
}

static void
actions_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_eem_action *a;

	DL_FOREACH(((const struct conf_eem_applet *)obj)->actions, a)
		write_action(out, before, a);
}

void
cmds_eem_actions_write(struct text *out, const struct conf_eem_applet *a)
{
	actions_write(out, " action", a);
}

#define KIND(word, text, kind) word, text, .slot = SLOT_KIND, .give = (kind)
#define STRING(text) VALUE(string, text), .slot = SLOT_NAME
#define NAME(text) VALUE(word, text), .slot = SLOT_NAME, .max = EEM_NAME_MAX - 1
#define BY(lo) VALUE_NUM(lo, 2147483647, "Number"), .slot = SLOT_NUMBER

static const struct cmd a_string[] = { { STRING("String") }, CMD_END };
static const struct cmd name_and_string[] = { { NAME("Variable or descriptor"), .sub = a_string }, CMD_END };
static const struct cmd a_name[] = { { NAME("Name") }, CMD_END };
static const struct cmd two_names[] = { { NAME("Descriptor"), .sub = a_name }, CMD_END };
static const struct cmd open_mode[] = { { NAME("Access: r, w or a") }, CMD_END };
static const struct cmd open_file[] = { { NAME("File: flash:NAME"), .sub = open_mode }, CMD_END };
static const struct cmd open_fd[] = { { NAME("Descriptor"), .sub = open_file }, CMD_END };
static const struct cmd by[] = { { BY(1) }, CMD_END };
static const struct cmd name_and_by[] = { { NAME("Variable"), .end = true, .sub = by }, CMD_END };
static const struct cmd a_status[] = { { VALUE_NUM(0, 255, "Exit result code"), .slot = SLOT_NUMBER }, CMD_END };

#define COMPARE(word, text, op) { word, text, .slot = SLOT_FLAG, .give = (op), .sub = a_string }
static const struct cmd compare[] = {
	COMPARE("eq", "equal to", EEM_EQ), COMPARE("ge", "greater than or equal to", EEM_GE),
	COMPARE("gt", "greater than", EEM_GT), COMPARE("le", "less than or equal to", EEM_LE),
	COMPARE("lt", "less than", EEM_LT), COMPARE("ne", "not equal to", EEM_NE),
	CMD_END
};
static const struct cmd condition[] = { { STRING("First operand"), .sub = compare }, CMD_END };

static const struct cmd matches[] = { { NAME("Variable for a match"), .end = true, .sub = matches }, CMD_END };
static const struct cmd regexp_input[] = { { STRING("Input string"), .end = true, .sub = matches }, CMD_END };
static const struct cmd regexp[] = { { STRING("Regular expression"), .sub = regexp_input }, CMD_END };

static const struct cmd cli_pattern[] = {
	{ "pattern", "Prompt that the command ends with", ARG(string, "Regular expression"),
	    .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd cli[] = {
	{ "command", "Execute a CLI command", ARG(string, "The command to be executed"),
	    .slot = SLOT_NAME, .end = true, .sub = cli_pattern },
	CMD_END
};

static const struct cmd syslog_msg[] = {
	{ "msg", "Syslog message", ARG(string, "The message"), .slot = SLOT_NAME },
	CMD_END
};
static const struct cmd priorities[] = {
	{ "emergencies", "System is unusable", .slot = SLOT_LEVEL, .give = 0, .sub = syslog_msg },
	{ "alerts", "Immediate action needed", .slot = SLOT_LEVEL, .give = 1, .sub = syslog_msg },
	{ "critical", "Critical conditions", .slot = SLOT_LEVEL, .give = 2, .sub = syslog_msg },
	{ "errors", "Error conditions", .slot = SLOT_LEVEL, .give = 3, .sub = syslog_msg },
	{ "warnings", "Warning conditions", .slot = SLOT_LEVEL, .give = 4, .sub = syslog_msg },
	{ "notifications", "Normal but significant conditions", .slot = SLOT_LEVEL, .give = 5,
	    .sub = syslog_msg },
	{ "informational", "Informational messages", .slot = SLOT_LEVEL, .give = 6, .sub = syslog_msg },
	{ "debugging", "Debugging messages", .slot = SLOT_LEVEL, .give = 7, .sub = syslog_msg },
	{ VALUE_NUM(0, 7, "Severity"), .slot = SLOT_LEVEL, .sub = syslog_msg },
	CMD_END
};
static const struct cmd syslog[] = {
	{ "msg", "Syslog message", ARG(string, "The message"), .slot = SLOT_NAME },
	{ "priority", "Priority of syslog message", .sub = priorities },
	CMD_END
};

static const struct cmd file[] = {
	{ KIND("close", "Close a file", EEM_FILE_CLOSE), .sub = a_name },
	{ KIND("delete", "Delete a file", EEM_FILE_DELETE), .sub = a_name },
	{ KIND("gets", "Read a line of a file", EEM_FILE_GETS), .sub = two_names },
	{ KIND("open", "Open a file", EEM_FILE_OPEN), .sub = open_fd },
	{ KIND("puts", "Write a line to a file", EEM_FILE_PUTS), .sub = name_and_string },
	{ KIND("write", "Write to a file", EEM_FILE_WRITE), .sub = name_and_string },
	CMD_END
};

static const struct cmd seconds[] = {
	{ VALUE_NUM(1, 31536000, "Time to wait in seconds"), .slot = SLOT_NUMBER },
	CMD_END
};

#define NO_ACTION "this action is not there"

static const struct cmd action_kinds[] = {
	{ KIND("append", "Append to a variable", EEM_APPEND), .sub = name_and_string },
	{ KIND("break", "Break out of a conditional loop", EEM_BREAK) },
	{ KIND("cli", "Execute a CLI command", EEM_CLI), .sub = cli },
	{ KIND("comment", "Add comment", EEM_COMMENT), .sub = a_string },
	{ KIND("continue", "Continue to next loop iteration", EEM_CONTINUE) },
	{ KIND("decrement", "Decrement a variable", EEM_DECREMENT), .sub = name_and_by },
	{ KIND("else", "else conditional", EEM_ELSE) },
	{ KIND("elseif", "elseif conditional", EEM_ELSEIF), .sub = condition },
	{ KIND("end", "end conditional block", EEM_END) },
	{ KIND("exit", "exit from applet run", EEM_EXIT), .end = true, .sub = a_status },
	{ "file", "file operations", .sub = file },
	{ KIND("if", "if conditional", EEM_IF), .sub = condition },
	{ KIND("increment", "Increment a variable", EEM_INCREMENT), .sub = name_and_by },
	{ KIND("puts", "print data to the log", EEM_PUTS), .sub = a_string },
	{ KIND("regexp", "regular expression match", EEM_REGEXP), .sub = regexp },
	{ KIND("set", "Set a variable", EEM_SET), .sub = name_and_string },
	{ KIND("syslog", "Log a syslog message", EEM_SYSLOG), .sub = syslog },
	{ KIND("wait", "Wait for a specified amount of time", EEM_WAIT), .sub = seconds },
	{ KIND("while", "while loop", EEM_WHILE), .sub = condition },
	REFUSED("cns-event", NO_ACTION), REFUSED("counter", NO_ACTION), REFUSED("force-switchover", NO_ACTION),
	REFUSED("foreach", NO_ACTION "; use while and regexp"), REFUSED("gets", NO_ACTION),
	REFUSED("info", NO_ACTION), REFUSED("mail", NO_ACTION "; write to a file, or log a message"),
	REFUSED("multiply", NO_ACTION), REFUSED("policy", NO_ACTION), REFUSED("reload", NO_ACTION
	    "; use cli command \"reload\""), REFUSED("snmp-trap", NO_ACTION), REFUSED("string", NO_ACTION),
	REFUSED("track", NO_ACTION),
	CMD_END
};

static const struct cmd action_label[] = {
	{ VALUE(word, "Label"), .slot = SLOT_TEXT, .max = EEM_LABEL_MAX - 1, .no_end = true,
	    .sub = action_kinds },
	CMD_END
};

/* --- the applet --- */

static const struct cmd applet_rows[] = {
	{ "description", "Add or modify an applet description", ARG(line, "description"),
	    FIELD(conf_eem_applet, description) },
	{ "event", "Event criteria", .sub = events, .no_end = true, .run = event_run,
	    .write = event_write },
	{ "action", "Add or modify an action statement", .sub = action_label, .run = action_run,
	    .write = actions_write },
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
