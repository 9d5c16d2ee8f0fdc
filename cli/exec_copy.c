/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write, copy, erase: where configurations go to and come from. */
#include <stdio.h>
#include <string.h>

#include "cli/exec_rows.h"
#include "flash.h"

bool
exec_run_write(struct cmd_call *c)
{
	exec_set(c, EXEC_WRITE_MEMORY);
	return true;
}

bool
exec_run_erase(struct cmd_call *c)
{
	exec_set(c, EXEC_ERASE_STARTUP);
	return true;
}

static bool
copy_run(struct cmd_call *c)
{
	exec_set(c, EXEC_WRITE_MEMORY)->asks_name = true;
	return true;
}

/* A file is named with its place, so that a misspelled startup-config does not become one. */
static bool
copy_file_run(struct cmd_call *c)
{
	const char *name = cmd_value(c, SLOT_NAME)->text;
	struct exec_command *e = c->obj;

	if (!flash_is_place(name))
		return cmd_refuse(c, "%% A configuration is copied to startup-config or flash:NAME, "
		    "and from there by the host's scp");
	if ((size_t)snprintf(e->name, sizeof(e->name), "%s%s", name,
	    flash_name(name)[0] == '\0' ? "running-config" : "") >= sizeof(e->name))
		return cmd_refuse(c, "%% The file's name is too long");
	exec_set(c, EXEC_COPY_TO_FILE)->asks_name = true;
	return true;
}

static const struct cmd copy_to[] = {
	{ "startup-config", "Copy to startup configuration", .run = copy_run },
	{ "nvram:startup-config", "Copy to startup configuration", .run = copy_run, .hidden = true },
	{ VALUE(word, "File: flash:NAME"), .slot = SLOT_NAME, .run = copy_file_run },
	CMD_END
};

static bool
copy_from_run(struct cmd_call *c)
{
	return cmd_refuse(c, "%% Only the running-config is copied to other places; the host's cp "
	    "has the rest");
}

static bool
merge_run(struct cmd_call *c)
{
	const struct cmd_value *name = cmd_value(c, SLOT_NAME);
	struct exec_command *e = c->obj;

	if (name != NULL && (!flash_is_place(name->text) || flash_name(name->text)[0] == '\0'))
		return cmd_refuse(c, "%% A configuration comes from flash:NAME; the host's scp brings it there");
	if (name != NULL && strlen(name->text) >= sizeof(e->name))
		return cmd_refuse(c, "%% The file's name is too long");
	exec_set(c, EXEC_MERGE)->asks_name = true;
	if (name != NULL)
		snprintf(e->name, sizeof(e->name), "%s", name->text);
	return true;
}

static const struct cmd to_running[] = {
	{ "running-config", "Update (merge with) current system configuration", .run = merge_run },
	{ VALUE(line, ""), .run = copy_from_run, .hidden = true },
	CMD_END
};

const struct cmd exec_copy[] = {
	{ "running-config", "Copy from current system configuration", .sub = copy_to },
	{ "startup-config", "Copy from startup configuration", .sub = to_running },
	{ "nvram:startup-config", "Copy from startup configuration", .sub = to_running, .hidden = true },
	{ VALUE(word, "File: flash:NAME"), .slot = SLOT_NAME, .sub = to_running },
	CMD_END
};

const struct cmd exec_erase[] = {
	{ "nvram:", "Filesystem to be erased", .run = exec_run_erase },
	{ "nvram:startup-config", "Erase contents of configuration memory", .run = exec_run_erase,
	    .hidden = true },
	{ "startup-config", "Erase contents of configuration memory", .run = exec_run_erase },
	CMD_END
};
