/* SPDX-License-Identifier: GPL-3.0-or-later */
/* action LABEL ...: what an applet does. */
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cli/cmds_eem.h"

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
			if (!cmds_eem_keep_string(c, v, a->arg[a->args]))
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

bool
cmds_eem_action_run(struct cmd_call *c)
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
		cmds_eem_write_string(out, a->arg[0]);
	}
	for (; *shape != '\0'; shape++) {
		if (*shape == 's')
			cmds_eem_write_string(out, a->arg[n++]);
		else if (*shape == 'v')
			text_add(out, " %s", a->arg[n++]);
		else if (*shape == 'c')
			text_add(out, " %s", comparisons[a->compare]);
		else if (a->number != 0 || a->kind == EEM_WAIT)
			text_add(out, " %u", a->number);
	}
	if (a->kind == EEM_CLI && a->args > 1) {
		text_add(out, " pattern");
		cmds_eem_write_string(out, a->arg[1]);
	}
	for (i = 2; a->kind == EEM_REGEXP && i < a->args; i++)
		text_add(out, " %s", a->arg[i]);
	text_add(out, "\n");
}

void
cmds_eem_action_write(struct text *out, const char *before, const void *obj)
{
	const struct conf_eem_action *a;

	DL_FOREACH(((const struct conf_eem_applet *)obj)->actions, a)
		write_action(out, before, a);
}

void
cmds_eem_actions_write(struct text *out, const struct conf_eem_applet *a)
{
	cmds_eem_action_write(out, " action", a);
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

const struct cmd cmds_eem_action[] = {
	{ VALUE(word, "Label"), .slot = SLOT_TEXT, .max = EEM_LABEL_MAX - 1, .no_end = true,
	    .sub = action_kinds },
	CMD_END
};
