/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EXEC tables as the shell has them: what it does itself, and control's rows. */

#include "cli/shell_elsewhere.h"
#include "cli/shell_flash.h"
#include "cli/shell_show.h"

static bool
enable_run(struct cmd_call *c)
{
	struct shell *sh = shell_of(c);

	sh->local = true;
	if (!sh->privileged && !shell_log_in(sh, LOGIN_ENABLE))
		return cmd_refuse(c, "%% Bad secrets\n");
	sh->privileged = true;
	return true;
}

static bool
disable_run(struct cmd_call *c)
{
	shell_of(c)->privileged = false;
	shell_of(c)->local = true;
	return true;
}

static bool
exit_run(struct cmd_call *c)
{
	shell_of(c)->quit = true;
	shell_of(c)->local = true;
	return true;
}

static bool
configure_run(struct cmd_call *c)
{
	shell_of(c)->start_config = true;
	shell_of(c)->local = true;
	return true;
}

static bool
length_run(struct cmd_call *c)
{
	shell_of(c)->length = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER)->number : 24;
	shell_of(c)->local = true;
	return true;
}

static bool
width_run(struct cmd_call *c)
{
	shell_of(c)->width = c->verb == CMD_SET ? cmd_value(c, SLOT_NUMBER)->number : 80;
	shell_of(c)->local = true;
	return true;
}

static bool
monitor_run(struct cmd_call *c)
{
	struct shell *sh = shell_of(c);

	sh->local = true;
	sh->lost = !session_terminal_monitor(&sh->session,
	    c->verb == CMD_SET && cmd_value(c, SLOT_FLAG) == NULL);
	return true;
}

static const struct cmd levels[] = {
	{ VALUE_NUM(15, 15, "Enable level"), },
	CMD_END
};

static const struct cmd configure[] = {
	REFUSED("memory", WHY_PASTE),
	REFUSED("network", WHY_PASTE),
	REFUSED("replace", WHY_PASTE),
	REFUSED("revert", "a change is in force at once; `reload` without saving brings back what was saved"),
	{ "terminal", "Configure from the terminal", .run = configure_run },
	CMD_END
};

static const struct cmd no_monitor[] = {
	{ "monitor", "Copy debug output to the current terminal line", .slot = SLOT_FLAG,
	    .run = monitor_run },
	CMD_END
};

static const struct cmd terminal[] = {
	{ "length", "Set number of lines on a screen",
	    ARG_NUM(0, 512, "Number of lines on screen (0 for no pausing)"), .slot = SLOT_NUMBER,
	    .no_end = true, .run = length_run },
	{ "monitor", "Copy debug output to the current terminal line", .run = monitor_run },
	{ "no", "Negate a command or set its defaults", .sub = no_monitor },
	ELSEWHERE_TERMINAL,
	{ "width", "Set width of the display terminal",
	    ARG_NUM(0, 512, "Number of characters on a screen line"), .slot = SLOT_NUMBER,
	    .no_end = true, .run = width_run },
	CMD_END
};

static const struct cmd write_to[] = {
	EXEC_ROW_WRITE_ERASE,
	EXEC_ROW_WRITE_MEMORY,
	REFUSED("network", "`copy running-config flash:NAME`, and from there the host's scp"),
	{ "terminal", "Write to terminal", .run = show_run_running_config },
	CMD_END
};

#define SHELL_ROWS								\
	{ "disable", "Turn off privileged commands", .verbs = CMD_SET, .run = disable_run },	\
	{ "enable", "Turn on privileged commands", .verbs = CMD_SET, .sub = levels,		\
	    .end = true, .run = enable_run },						\
	{ "exit", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run },		\
	{ "logout", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run },		\
	{ "quit", "Exit from the EXEC", .verbs = CMD_SET, .run = exit_run, .hidden = true },	\
	{ "show", "Show running system information", .verbs = CMD_SET, .sub = shell_show_rows },	\
	{ "terminal", "Set terminal line parameters", .sub = terminal },		\
	{ "systat", "Display information about terminal lines", .verbs = CMD_SET,		\
	    .run = show_run_users, .hidden = true },					\
	{ "who", "Display information about terminal lines", .verbs = CMD_SET,		\
	    .run = show_run_users, .hidden = true },					\
	ELSEWHERE_EXEC

const struct cmd shell_rows_user[] = {
	SHELL_ROWS,
	EXEC_ROW_PING,
	EXEC_ROW_TRACEROUTE,
	CMD_END
};

const struct cmd shell_rows[] = {
	SHELL_ROWS,
	EXEC_ROWS,
	SHELL_FLASH_ROWS,
	EXEC_ROW_WRITE(write_to),
	{ "configure", "Enter configuration mode", .verbs = CMD_SET, .sub = configure, .end = true,
	    .run = configure_run },
	CMD_END
};
