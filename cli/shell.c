/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shell.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/config_help.h"
#include "cli/pager.h"
#include "cli/pipe.h"

#define PROMPT_HOST_MAX 20	/* of the host name, in configuration mode */

static void
print_text(void *arg, const char *text, size_t len)
{
	(void)arg;
	fwrite(text, 1, len, stdout);
	fflush(stdout);
}

void
shell_init(struct shell *sh, bool tty)
{
	memset(sh, 0, sizeof(*sh));
	sh->tty = tty;
	sh->session.fd = -1;
	sh->session.print = print_text;
	snprintf(sh->session.hostname, sizeof(sh->session.hostname), "Router");
}

void
shell_learn_hostname(struct shell *sh)
{
	struct ipc_line_done done;

	session_line(&sh->session, IPC_MSG_EXEC_LINE, "", &done);
}

static void
leave_config(struct shell *sh)
{
	config_session_free(sh->config);
	conf_free(sh->conf);
	sh->config = NULL;
	sh->conf = NULL;
	sh->mode[0] = '\0';
	sh->pasting = false;
}

void
shell_free(struct shell *sh)
{
	leave_config(sh);
	session_close(&sh->session);
}

void
shell_prompt(const struct shell *sh, char *buf, size_t room)
{
	const char *host = sh->session.hostname;

	if (sh->config == NULL) {
		snprintf(buf, room, "%s%c", host, sh->privileged ? '#' : '>');
		return;
	}
	if (sh->pasting) {
		snprintf(buf, room, "%s", sh->question);
		return;
	}
	snprintf(buf, room, "%.*s(%s)#", PROMPT_HOST_MAX, host, sh->mode);
}

/* --- errors --- */

/* `line` is what was typed, `column` where it went wrong; why is what was wanted there, or NULL. */
static void
say_status(struct shell *sh, enum ipc_line_status status, const char *line, unsigned int column,
    const char *why)
{
	char prompt[128];
	size_t len = strlen(line), before = 0;

	if (status == LINE_OK)
		return;
	sh->refused = true;
	while (len > 0 && isspace((unsigned char)line[len - 1]))
		len--;
	if (sh->tty) {
		shell_prompt(sh, prompt, sizeof(prompt));
		before = strlen(prompt);
	} else if (status == LINE_INVALID) {
		printf("%.*s\n", (int)len, line);	/* nobody sees it above the caret else */
	}
	switch (status) {
	case LINE_INVALID:
		printf("%*s^\n%% Invalid input detected at '^' marker.\n", (int)(before + column), "");
		if (why != NULL && why[0] != '\0')
			printf("%% %s\n", why);
		printf("\n");
		break;
	case LINE_INCOMPLETE:
		printf("%% Incomplete command.\n\n");
		break;
	case LINE_AMBIGUOUS:
		printf("%% Ambiguous command:  \"%.*s\"\n\n", (int)len, line);
		break;
	default:
		printf("%s%s\n", islower((unsigned char)why[0]) || why[0] == '`' ? "% " : "", why);
		break;
	}
}

static void
say_lost(struct shell *sh)
{
	sh->lost = true;
	printf("%% The router does not answer (%s/control.sock)\n", sh->session.rundir);
}

/* --- EXEC --- */

/* Of a whole configuration, the lines of one interface, framed as IOS does. */
static void
keep_interface(struct text *all, const char *name)
{
	struct text body = {0};
	const char *at, *end;
	char head[96];
	size_t n = (size_t)snprintf(head, sizeof(head), "\ninterface %s\n", name);

	at = strstr(text_str(all), head);
	if (at != NULL) {
		at++;
		for (end = at + n - 1; *end == ' ';)
			end += strcspn(end, "\n") + 1;
		text_add(&body, "!\n%.*send\n", (int)(end - at), at);
	}
	text_free(all);
	if (body.len == 0)
		text_add(all, "%% Interface %s is not configured\n", name);
	else
		text_add(all, "Building configuration...\n\nCurrent configuration : %zu bytes\n%s\n",
		    body.len, text_str(&body));
	text_free(&body);
}

static void
print_output(struct shell *sh, const struct text *out, const struct pipe *pipe)
{
	struct text filtered = {0};
	const char *why = NULL;

	if (pipe != NULL && pipe_has_file(pipe))
		why = pipe_store(pipe, sh->session.rundir, text_str(out));
	if (why != NULL)
		say_status(sh, LINE_REFUSED, "", 0, why);
	if (pipe != NULL)
		pipe_run(pipe, text_str(out), &filtered);
	pager_print(text_str(pipe != NULL ? &filtered : out), sh->tty ? sh->length : 0, sh->width);
	text_free(&filtered);
}

static void
run_own(struct shell *sh, const struct pipe *pipe)
{
	struct text out = {0};

	sh->own(sh, &out);
	print_output(sh, &out, pipe);
	text_free(&out);
}

static void
send_exec(struct shell *sh, const char *line, unsigned int column)
{
	struct ipc_line_done done;

	/* The table was the judge: what the user EXEC has, control does for anybody. */
	sh->session.privileged = true;
	if (!shell_confirms(sh))
		return;
	if (sh->instead[0] != '\0')
		line = sh->instead;
	if (!session_line(&sh->session, IPC_MSG_EXEC_LINE, line, &done))
		say_lost(sh);
	else
		say_status(sh, done.status, line, column + done.caret, done.why);
	if (done.status == LINE_OK && done.why[0] != '\0')
		printf("%s\n", done.why);
}

static void
run_show(struct shell *sh, const struct pipe *pipe)
{
	struct show_source *src = show_source_open(sh->session.rundir);
	struct text out = {0};
	const char *why = "the router does not answer";

	if (src != NULL) {
		src->hostname = sh->session.hostname;
		why = sh->show(src, &sh->show_args, &out);
	}
	if (why == NULL && sh->show_one_interface)
		keep_interface(&out, sh->show_args.name);
	print_output(sh, &out, pipe);
	if (why != NULL)
		say_status(sh, LINE_REFUSED, "", 0, why);
	else if (sh->then != NULL)
		send_exec(sh, sh->then, 0);
	text_free(&out);
	if (src != NULL)
		show_source_close(src);
}

static void
start_config(struct shell *sh)
{
	if (sh->session.fd < 0 && !session_open(&sh->session, sh->session.rundir)) {
		say_lost(sh);
		return;
	}
	sh->config_opened = sh->session.opened;
	sh->conf = conf_new();
	sh->config = config_session_new(sh->conf);
	snprintf(sh->mode, sizeof(sh->mode), "%s", config_session_mode(sh->config));
	if (sh->tty)
		printf("Enter configuration commands, one per line.  End with CNTL/Z.\n");
}

void
shell_walk_exec(const struct shell *sh, struct cmd_walk *k, const struct cmd_words *w)
{
	bool no = w->count > 0 && strcasecmp(w->word[0], "no") == 0;

	cmd_walk_start(k, sh->privileged ? shell_rows : shell_rows_user, sh, no ? CMD_NO : CMD_SET, w,
	    no ? 1 : 0);
}

/* What the walk over the EXEC table came to is carried out. */
static void
act(struct shell *sh, const char *line, unsigned int column, const struct pipe *pipe)
{
	if (sh->show != NULL)
		run_show(sh, pipe);
	else if (sh->own != NULL)
		run_own(sh, pipe);
	else if (sh->start_config && sh->config == NULL)
		start_config(sh);
	else if (sh->command.id == EXEC_MERGE && shell_confirms(sh))
		shell_merge(sh);
	else if (!sh->local && sh->command.id != EXEC_NONE && sh->command.id != EXEC_MERGE)
		send_exec(sh, line, column);
	if (sh->lost && sh->local)
		say_lost(sh);
}

static void
forget_answers(struct shell *sh)
{
	memset(&sh->command, 0, sizeof(sh->command));
	memset(&sh->show_args, 0, sizeof(sh->show_args));
	sh->show = NULL;
	sh->then = NULL;
	sh->instead[0] = '\0';
	sh->own = NULL;
	sh->show_one_interface = sh->start_config = sh->local = false;
}

static void exec_words(struct shell *sh, const char *line, const char *typed, unsigned int column,
    const struct pipe *pipe);

static void
ping_by_questions(struct shell *sh)
{
	struct text line = {0};

	if (shell_ask_ping(sh, &line))
		exec_words(sh, text_str(&line), text_str(&line), 0, NULL);
	text_free(&line);
}

/* One EXEC line without its pipe; `typed` and `column` are for the caret. */
static void
exec_words(struct shell *sh, const char *line, const char *typed, unsigned int column,
    const struct pipe *pipe)
{
	struct cmd_words w;
	struct cmd_walk k;
	struct cmd_call call;

	if (!cmd_words(&w, line)) {
		say_status(sh, LINE_REFUSED, typed, 0, "% the line is too long");
		return;
	}
	if (w.count == 0 || line[0] == '!')
		return;
	forget_answers(sh);
	shell_walk_exec(sh, &k, &w);
	cmd_walk_line(&k);
	if (k.status == LINE_INCOMPLETE && w.count == 1 && strcmp(k.last->word, "show") == 0) {
		say_status(sh, LINE_REFUSED, typed, 0, "% Type \"show ?\" for a list of subcommands");
		return;
	}
	if (k.status == LINE_INCOMPLETE && w.count == 1 && strcmp(k.last->word, "ping") == 0 &&
	    sh->ask != NULL) {
		ping_by_questions(sh);
		return;
	}
	if (k.status != LINE_OK) {
		say_status(sh, k.status, typed, column + cmd_walk_caret(&k), k.why);
		return;
	}
	if (cmd_walk_run(&k, NULL, sh, &call))
		act(sh, line, column, pipe);
	else
		say_status(sh, LINE_REFUSED, typed, 0, call.why);
}

const struct cmd *
shell_rows_behind_bar(const struct shell *sh)
{
	return sh->privileged ? pipe_rows : pipe_rows_user;
}

/* `line` is a part of `typed` (behind `do`). */
static void
exec_line(struct shell *sh, const char *line, const char *typed)
{
	unsigned int at, column = (unsigned int)(line - typed);
	const char *bar = strchr(line, '|'), *why;
	char before[CMD_LINE_MAX];
	struct pipe pipe;
	enum ipc_line_status status;

	if (bar == NULL) {
		exec_words(sh, line, typed, column, NULL);
		return;
	}
	status = pipe_parse(&pipe, shell_rows_behind_bar(sh), bar + 1, &at, &why);
	if (status != LINE_OK) {
		say_status(sh, status, typed, (unsigned int)(bar + 1 - typed) + at, why);
		return;
	}
	snprintf(before, sizeof(before), "%.*s", (int)(bar - line), line);
	exec_words(sh, before, typed, column, &pipe);
	pipe_free(&pipe);
}

/* --- configuration --- */

const char *
shell_behind_do(const char *line)
{
	line += strspn(line, " \t");
	if (strncasecmp(line, "do", 2) != 0 ||
	    (line[2] != ' ' && line[2] != '\t' && line[2] != '\0'))
		return NULL;
	line += 2;
	return line + strspn(line, " \t");
}

/* Our own session goes where control's went. */
static void
follow(struct shell *sh, const char *line, const struct ipc_line_done *done)
{
	struct config_result r;

	if (done->mode[0] == '\0') {
		leave_config(sh);
		return;
	}
	if (!sh->pasting)
		config_session_line(sh->config, line, &r);
	sh->pasting = false;
	snprintf(sh->mode, sizeof(sh->mode), "%s", done->mode);
}

/* A refused line may have left the mode. */
static void
follow_refused(struct shell *sh, const struct ipc_line_done *done)
{
	if (done->mode[0] == '\0' || strcmp(done->mode, sh->mode) == 0)
		return;
	config_session_leave_mode(sh->config);
	snprintf(sh->mode, sizeof(sh->mode), "%s", done->mode);
}

/* What is to be said before text is taken; without a newline at its end it is a question. */
static void
ask_for_text(struct shell *sh, const char *say, bool secret)
{
	const char *last = strrchr(say, '\n');

	last = last == NULL ? say : last + 1;
	sh->pasting = true;
	sh->secret = secret;
	snprintf(sh->question, sizeof(sh->question), "%s", last);
	printf("%.*s", (int)(last - say), say);
	if (!sh->tty && last[0] != '\0')
		printf("%s\n", last);
}

static void
config_line(struct shell *sh, const char *line)
{
	struct ipc_line_done done;
	const char *exec = sh->pasting ? NULL : shell_behind_do(line);

	if (exec != NULL) {
		if (*exec != '\0')
			exec_line(sh, exec, line);
		else
			say_status(sh, LINE_INCOMPLETE, line, 0, "");
		return;
	}
	if (line[strspn(line, " \t")] == '\0' && !sh->pasting)
		return;
	if (sh->session.fd < 0 || sh->session.opened != sh->config_opened) {
		say_status(sh, LINE_REFUSED, line, 0,
		    "% The connection was lost; enter `configure terminal` again");
		leave_config(sh);
		return;
	}
	sh->session.privileged = true;
	if (!session_line(&sh->session, IPC_MSG_CONFIG_LINE, line, &done)) {
		say_lost(sh);
		leave_config(sh);
		return;
	}
	if (done.status == LINE_TEXT || done.status == LINE_SECRET) {
		ask_for_text(sh, done.why, done.status == LINE_SECRET);
		return;
	}
	if (done.status != LINE_OK) {
		sh->pasting = false;
		follow_refused(sh, &done);
	}
	say_status(sh, done.status, line, done.caret, done.why);
	if (done.status == LINE_OK) {
		if (done.why[0] != '\0')
			printf("%s\n", done.why);
		follow(sh, line, &done);
	}
}

void
shell_line(struct shell *sh, const char *line)
{
	line += strspn(line, " \t");
	sh->lost = false;
	if (strlen(line) >= (sh->pasting ? PASTE_LINE_MAX : CMD_LINE_MAX))
		say_status(sh, LINE_REFUSED, "", 0, "% the line is too long");
	else if (sh->config != NULL)
		config_line(sh, line);
	else
		exec_line(sh, line, line);
	fflush(stdout);
}

void
shell_leave_config(struct shell *sh)
{
	if (sh->config != NULL)
		config_line(sh, "end");
}
