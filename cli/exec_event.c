/* SPDX-License-Identifier: GPL-3.0-or-later */
/* event manager run: daemons/culvertd/eem.c does it. */
#include <stdio.h>

#include "cli/exec_rows.h"

static bool
eem_run(struct cmd_call *c)
{
	struct exec_command *e = exec_set(c, EXEC_EEM_RUN);
	const struct cmd_value *arguments = cmd_value(c, SLOT_MORE);

	snprintf(e->name, sizeof(e->name), "%s", cmd_value(c, SLOT_NAME)->text);
	if (arguments != NULL)
		snprintf(e->text, sizeof(e->text), "%s", arguments->text);
	return true;
}

static const struct cmd eem_arguments[] = {
	{ VALUE(line, "Arguments, as $_none_arg"), .slot = SLOT_MORE },
	CMD_END
};

static const struct cmd eem_manager[] = {
	{ "run", "Run a policy of `event none`", ARG(word, "Name of the applet"), .slot = SLOT_NAME,
	    .end = true, .sub = eem_arguments, .run = eem_run },
	CMD_END
};

const struct cmd exec_event[] = {
	{ "manager", "Event Manager commands", .sub = eem_manager },
	CMD_END
};
