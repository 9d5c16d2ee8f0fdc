/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line ...: real configurations have these blocks.  Nothing of them is kept: what
 * a line says is so already at every shell, or it is refused.
 */
#include "cli/cmds.h"
#include "cli/elsewhere.h"

static const struct cmd zero[] = { NOTED("0"), CMD_END };
static const struct cmd synchronous[] = { NOTED("synchronous"), CMD_END };
static const struct cmd none[] = { NOTED("none"), CMD_END };

/* Nobody comes in but over the host's sshd. */
static const struct cmd ways_in[] = {
	NOTED("none"),
	{ "ssh", "", .noted = true, .hidden = true, .sub = ways_in, .end = true },
	REFUSED("all", WHY_SSHD),
	REFUSED("telnet", WHY_SSHD),
	CMD_END
};

static const struct cmd transport[] = {
	{ "input", "", .sub = ways_in, .hidden = true },
	{ "preferred", "", .sub = none, .hidden = true },
	CMD_END
};

static const struct cmd rows[] = {
	{ "exec-timeout", "", .sub = zero, .hidden = true },
	{ "logging", "", .sub = synchronous, .hidden = true },
	{ "transport", "", .sub = transport, .hidden = true },
	NOTED_NO("login"),
	NOTED("stopbits"),	/* of a serial port */
	ABSENT("length", "each shell asks its terminal; type `terminal length` there"),
	ABSENT("access-class", WHY_SSHD),
	CMD_END
};

static void *
line_find(struct conf *c, const struct cmd_key *key)
{
	(void)key;
	return c;
}

static const struct cmd_mode mode = {"config-line", rows, line_find};

bool
cmds_line_run(struct cmd_call *c)
{
	c->enter = &mode;
	return true;
}

static const struct cmd last[] = { { VALUE_NUM(0, 1869, "Last Line number") }, CMD_END };

static const struct cmd numbers[] = {
	{ VALUE_NUM(0, 1869, "First Line number"), .end = true, .sub = last },
	CMD_END
};

const struct cmd cmds_line[] = {
	{ "aux", "Auxiliary line", .sub = numbers },
	{ "console", "Primary terminal line", .sub = numbers },
	{ "vty", "Virtual terminal", .sub = numbers },
	CMD_END
};
