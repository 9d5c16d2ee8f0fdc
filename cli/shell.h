/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interactive language: which line is whose.
 *
 * A line is walked over the EXEC table here; what the shell can do itself
 * (show, terminal, enable ...) it does, the rest goes to control as typed.  In
 * configuration mode every line goes to control; a session over a model of our
 * own follows what it accepted, so that `?`, TAB and the prompt know the mode.
 */
#ifndef CULVERT_SHELL_H
#define CULVERT_SHELL_H

#include "cli/cmd.h"
#include "cli/config_session.h"
#include "cli/exec.h"
#include "cli/session.h"
#include "cli/show.h"

struct shell {
	struct exec_command command;	/* first: what EXEC_ROWS fill in */
	struct session session;
	bool tty;
	bool privileged;
	bool refused;			/* some line was */
	bool lost;			/* the router does not answer */
	bool quit;
	unsigned int length, width;	/* of the terminal; 0: no paging, no wrapping */
	struct conf *conf;		/* follows; NULL in EXEC */
	struct config_session *config;
	unsigned int config_opened;	/* session.opened when configuration began */
	char mode[32];			/* control's; empty: EXEC */
	bool pasting;			/* lines are text for the last command */
	bool secret;			/* and not to be shown while they are typed */
	char question[256];		/* what such a line answers; the prompt then */
	show_renderer *show;		/* answer of a show row */
	void (*own)(const struct shell *sh, struct text *out);	/* the same, by the shell itself */
	struct show_args show_args;
	char file[128];			/* of flash:, that the row's own part is about */
	char instead[160];		/* what control gets in place of the line; empty: the line */
	const char *then;		/* a line for control once it was shown; NULL: none */
	bool show_one_interface;	/* show running-config interface IF */
	bool start_config;		/* answer of configure terminal */
	bool local;			/* answer: done, nothing to send */
	void (*list_history)(struct text *out);			/* NULL: none is kept */
	/* Without an echo unless it is shown; false: nobody answers.  NULL: nothing is asked,
	 * every command is meant as it stands. */
	bool (*ask)(const char *question, bool shown, char *answer, size_t room);
};

extern const struct cmd shell_rows_user[], shell_rows[];	/* shell_cmds.c */

void shell_init(struct shell *sh, bool tty);
/* Asks who it is where that is wanted; false: not let in. */
bool shell_log_in(struct shell *sh, enum ipc_login_way way);
/* Asks what IOS asks before sh->command; false: it is not to be done. */
bool shell_confirms(struct shell *sh);
/* `ping` alone: asks, and adds the line that says the same; false: not to be done (shell_ping.c). */
bool shell_ask_ping(const struct shell *sh, struct text *line);
/* The lines of the text that sh->command names are carried out in configuration (shell_merge.c). */
void shell_merge(struct shell *sh);
/* A question that ends in [confirm]: yes where nobody is asked. */
bool shell_confirm(const struct shell *sh, const char *question);
void shell_learn_hostname(struct shell *sh);			/* by an empty line */
void shell_free(struct shell *sh);
void shell_line(struct shell *sh, const char *line);		/* carries it out */
void shell_leave_config(struct shell *sh);			/* Ctrl-Z: `end` */
/* "R1(config-if)#", without a blank behind it. */
void shell_prompt(const struct shell *sh, char *buf, size_t room);

/* Which rows a line of EXEC is walked over, and what is behind its `|`. */
void shell_walk_exec(const struct shell *sh, struct cmd_walk *k, const struct cmd_words *w);
const struct cmd *shell_rows_behind_bar(const struct shell *sh);
/* The EXEC line behind `do`, in line; NULL: there is no `do`. */
const char *shell_behind_do(const char *line);

/* What could stand at the end of line (shell_help.c). */
void shell_choices(struct shell *sh, const char *line, struct cmd_choices *c);
/* What `?` at the end of line prints. */
void shell_help(struct shell *sh, const char *line, struct text *out);

#endif
