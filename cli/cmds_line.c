/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * line ...: real configurations have these blocks.  `login local` is kept, for all
 * terminals of its kind: the console is what is no pseudo-terminal, vty what is one.  Of the
 * rest nothing is: what a line says is so already at every shell, or it is refused.
 */
#include <stdio.h>

#include "cli/cmds.h"
#include "cli/elsewhere.h"

static const struct cmd synchronous[] = { NOTED("synchronous"), CMD_END };
/* Nobody comes in but over the host's sshd. */
static const struct cmd ways_in[] = {
	NOTED("none"),
	{ "ssh", "", .noted = true, .hidden = true, .sub = ways_in, .end = true },
	REFUSED("all", WHY_SSHD),
	REFUSED("telnet", WHY_SSHD),
	CMD_END
};

/* Nobody goes out from a shell. */
static const struct cmd ways_out[] = {
	NOTED("none"),
	REFUSED("all", "nobody goes out from here; `transport output none`"),
	REFUSED("ssh", "nobody goes out from here; `transport output none`"),
	REFUSED("telnet", "nobody goes out from here; `transport output none`"),
	CMD_END
};

static const struct cmd transport[] = {
	{ "output", "", .sub = ways_out, .hidden = true },
	{ "input", "", .sub = ways_in, .hidden = true },
	{ "preferred", "", .sub = ways_out, .hidden = true },
	CMD_END
};

/* --- exec-timeout --- */

static bool
timeout_run(struct cmd_call *c)
{
	return c->verb != CMD_SET ||
	    cmd_refuse(c, "a shell does not end by itself; use `exec-timeout 0 0`");
}

static const struct cmd no_seconds[] = { NOTED("0"), CMD_END };

static const struct cmd minutes[] = {
	{ "0", "", .verbs = CMD_SET, .noted = true, .hidden = true, .sub = no_seconds, .end = true },
	{ VALUE(line, ""), .hidden = true, .run = timeout_run },
	CMD_END
};

/* --- login --- */

#define NO_PASSWORD "a line has no password of its own; use `login local` and `username`"

static bool
login_run(struct cmd_call *c)
{
	struct conf_line *line = c->obj;

	if (c->verb == CMD_SET && c->n_values == 0)
		return cmd_refuse(c, NO_PASSWORD);
	if (line == &c->conf->users.aux)
		return true;
	line->login_local = c->verb == CMD_SET;
	if (line->login_local && c->conf->users.users == NULL)
		snprintf(c->why, sizeof(c->why), "There is no `username` yet: at such a terminal nobody can log in");
	return true;
}

static void
login_write(struct text *out, const char *before, const void *obj)
{
	if (((const struct conf_line *)obj)->login_local)
		text_add(out, "%s local\n", before);
}

/* No REFUSED row: the word is one of global mode, too. */
static bool
password_run(struct cmd_call *c)
{
	return c->verb != CMD_SET || cmd_refuse(c, NO_PASSWORD);
}

static const struct cmd login[] = {
	{ "local", "Local password checking", .slot = SLOT_FLAG },
	REFUSED("authentication", "there is no AAA here; use `login local`"),
	CMD_END
};

static const struct cmd rows[] = {
	{ "exec-timeout", "", .sub = minutes, .no_end = true, .run = timeout_run, .hidden = true },
	{ "logging", "", .sub = synchronous, .hidden = true },
	{ "login", "Enable password checking", .sub = login, .end = true, .run = login_run,
	    .write = login_write },
	{ "transport", "", .sub = transport, .hidden = true },
	NOTED("stopbits"),	/* of a serial port */
	NOTED("speed"),
	NOTED_NO("modem"),
	ABSENT("authorization", "there is no AAA here; use `login local`"),
	ABSENT("escape-character", "Ctrl-Shift-6 and Ctrl-C end what runs"),
	ABSENT("history", "the last 256 lines are kept"),
	ABSENT("monitor", "each shell that wants it types `terminal monitor`"),
	ABSENT("notify", "nobody goes out from here"),
	ABSENT("privilege", "`username NAME privilege 15` says it for each user"),
	ABSENT("rotary", WHY_SSHD),
	ABSENT("session-timeout", "a shell does not end by itself"),
	ABSENT("width", "each shell asks its terminal; type `terminal width` there"),
	ABSENT("length", "each shell asks its terminal; type `terminal length` there"),
	{ "password", "", ARG(line, ""), .no_end = true, .run = password_run, .hidden = true },
	ABSENT("access-class", WHY_SSHD),
	CMD_END
};

/* --- the lines --- */

enum { AUX = CONF_LINES };

static void *
line_find(struct conf *c, const struct cmd_key *key)
{
	return key->number == AUX ? &c->users.aux : &c->users.lines[key->number];
}

static const struct cmd_mode mode = {"config-line", rows, line_find};

bool
cmds_line_run(struct cmd_call *c)
{
	c->key.number = cmd_value(c, SLOT_KIND)->number;
	c->enter = &mode;
	return true;
}

void
cmds_line_write(struct text *out, const char *before, const void *obj)
{
	static const char *const names[CONF_LINES] = {
		[CONF_LINE_CON] = "con 0", [CONF_LINE_VTY] = "vty 0 4",
	};
	const struct conf_users *u = &((const struct conf *)obj)->users;
	unsigned int i;

	for (i = 0; i < CONF_LINES; i++) {
		if (!u->lines[i].login_local)
			continue;
		text_add(out, "%s %s\n", before, names[i]);
		cmd_write_rows(out, rows, " ", &u->lines[i]);
	}
}

static const struct cmd last[] = { { VALUE_NUM(0, 1869, "Last Line number") }, CMD_END };

static const struct cmd numbers[] = {
	{ VALUE_NUM(0, 1869, "First Line number"), .end = true, .sub = last },
	CMD_END
};

const struct cmd cmds_line[] = {
	{ "aux", "Auxiliary line", .slot = SLOT_KIND, .give = AUX, .sub = numbers },
	{ "console", "Primary terminal line", .slot = SLOT_KIND, .give = CONF_LINE_CON, .sub = numbers },
	{ "vty", "Virtual terminal", .slot = SLOT_KIND, .give = CONF_LINE_VTY, .sub = numbers },
	CMD_END
};
