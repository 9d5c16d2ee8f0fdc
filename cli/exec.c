/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exec.h"

#include <string.h>
#include <strings.h>

#include "cli/exec_rows.h"

struct exec_command *
exec_set(struct cmd_call *c, enum exec_id id)
{
	struct exec_command *e = c->obj;
	const struct cmd_value *addr = cmd_value(c, SLOT_ADDR), *n = cmd_value(c, SLOT_NUMBER);
	const struct cmd_value *local = cmd_value(c, SLOT_NEXT);

	e->id = id;
	e->no = c->verb != CMD_SET;
	if (addr != NULL)
		e->addr = addr->addr;
	if (local != NULL)
		e->local = local->addr;
	if (n != NULL)
		e->number = n->number;
	return e;
}

static const struct cmd write_to[] = { EXEC_ROW_WRITE_ERASE, EXEC_ROW_WRITE_MEMORY, CMD_END };
static const struct cmd show_crypto[] = { EXEC_ROW_SHOW_DEBUG_CONDITION, CMD_END };
static const struct cmd show[] = {
	{ "crypto", "Encryption module", .sub = show_crypto },
	EXEC_ROW_SHOW_DEBUGGING,
	EXEC_ROW_SHOW_RELOAD,
	CMD_END
};

static const struct cmd control_rows[] = {
	EXEC_ROWS,
	EXEC_ROW_WRITE(write_to),
	{ "show", "Show running system information", .verbs = CMD_SET, .sub = show },
	CMD_END
};

enum ipc_line_status
exec_parse(const char *line, struct exec_command *out, unsigned int *caret)
{
	struct cmd_words w;
	struct cmd_walk k;
	struct cmd_call call;
	enum cmd_verb verb;

	memset(out, 0, sizeof(*out));
	*caret = 0;
	if (!cmd_words(&w, line))
		return LINE_INVALID;
	if (w.count == 0)
		return LINE_OK;
	verb = strcasecmp(w.word[0], "no") == 0 ? CMD_NO : CMD_SET;
	cmd_walk_start(&k, control_rows, out, verb, &w, verb == CMD_NO ? 1 : 0);
	cmd_walk_line(&k);
	*caret = cmd_walk_caret(&k);
	if (k.status == LINE_OK)
		cmd_walk_run(&k, NULL, out, &call);
	return k.status;
}
