/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exec_debug.h"

#include <stdio.h>

#include "commit.h"
#include "control.h"
#include "exec.h"
#include "log.h"
#include "shell_reply.h"

static const char *const names[LOG_DEBUG_COUNT] = {
#define X(id, words, on) [LOG_DEBUG_##id] = on,
	LOG_DEBUGS(X)
#undef X
};

static void
say_is(struct shell *s, uint32_t seq, size_t line, const char *state)
{
	char text[120];

	snprintf(text, sizeof(text), "%s is %s\n", names[line], state);
	shell_say(s, seq, text);
}

static void
set_lines(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	struct control *c = s->control;
	size_t i;

	if (cmd->id == EXEC_DEBUG_ALL) {
		c->debug_mask = (1ull << LOG_DEBUG_COUNT) - 1;
		shell_say(s, seq, "All possible debugging has been turned on\n");
	}
	if (cmd->id == EXEC_UNDEBUG_ALL) {
		c->debug_mask = 0;
		shell_say(s, seq, "All possible debugging has been turned off\n");
	}
	for (i = 0; i < LOG_DEBUG_COUNT && cmd->id == EXEC_DEBUG; i++)
		if (cmd->debug_mask >> i & 1)
			say_is(s, seq, i, cmd->no ? "off" : "on");
	if (cmd->id == EXEC_DEBUG)
		c->debug_mask = cmd->no ? c->debug_mask & ~cmd->debug_mask :
		    c->debug_mask | cmd->debug_mask;
	commit_debug(c);
}

/* One peer at a time: another takes its place. */
static void
set_condition(struct shell *s, const struct exec_command *cmd)
{
	struct log_condition *d = &s->control->debug_condition;

	if (cmd->debug_mask != 0)
		d->unmatched = cmd->no ? d->unmatched & ~cmd->debug_mask : d->unmatched | cmd->debug_mask;
	else if (!addr_is_set(&cmd->addr))
		*d = (struct log_condition){0};
	else if (!cmd->no)
		d->peer = cmd->addr;
	else if (addr_eq(&d->peer, &cmd->addr))
		d->peer = (struct addr){0};
	commit_debug(s->control);
}

static void
show_condition(struct shell *s, uint32_t seq)
{
	const struct log_condition *d = &s->control->debug_condition;
	char line[200];

	snprintf(line, sizeof(line), "Crypto conditional debug currently is turned %s\n"
	    "IKE debug context unmatched flag: %s\nIPsec debug context unmatched flag: %s\n",
	    addr_is_set(&d->peer) ? "ON" : "OFF",
	    (d->unmatched & (1u << LOG_DEBUG_ISAKMP | 1u << LOG_DEBUG_IKEV2)) != 0 ? "ON" : "OFF",
	    (d->unmatched & 1u << LOG_DEBUG_IPSEC) != 0 ? "ON" : "OFF");
	shell_say(s, seq, line);
	if (addr_is_set(&d->peer)) {
		snprintf(line, sizeof(line), "\nIKE peer IP address filters:\n%s\n", ADDR_STR(&d->peer));
		shell_say(s, seq, line);
	}
}

static void
show_debugging(struct shell *s, uint32_t seq)
{
	size_t i;

	for (i = 0; i < LOG_DEBUG_COUNT; i++)
		if (s->control->debug_mask >> i & 1)
			say_is(s, seq, i, "on");
}

void
exec_run_debug(struct shell *s, uint32_t seq, const struct exec_command *cmd)
{
	if (cmd->id == EXEC_DEBUG_CONDITION)
		set_condition(s, cmd);
	else if (cmd->id == EXEC_SHOW_DEBUG_CONDITION)
		show_condition(s, seq);
	else if (cmd->id == EXEC_SHOW_DEBUGGING)
		show_debugging(s, seq);
	else
		set_lines(s, seq, cmd);
	shell_line_done(s, seq, LINE_OK, 0, NULL);
}
