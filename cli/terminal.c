/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/terminal.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { HISTORY_LINES = 256 };

/* readline's callbacks carry no argument. */
static struct shell *shell;
static bool ctrl_z;		/* configuration ends behind this line */
static bool reading;		/* the prompt is on the screen */
static struct termios tty_was;

static void
take_line(char *line);

/* While a line is typed Ctrl-C is a key; while one runs it is a signal, as is IOS's own
 * escape sequence, Ctrl-Shift-6. */
static void
interrupt_is_key(bool key)
{
	struct termios tty;

	if (tcgetattr(STDIN_FILENO, &tty) < 0)
		return;
	tty.c_cc[VINTR] = key ? _POSIX_VDISABLE : tty_was.c_cc[VINTR];
	tty.c_cc[VQUIT] = key ? _POSIX_VDISABLE : '^' & 0x1f;
	tcsetattr(STDIN_FILENO, TCSANOW, &tty);
}

static void
prompt(void)
{
	char text[128];

	interrupt_is_key(true);
	shell_prompt(shell, text, sizeof(text));
	rl_callback_handler_install(text, take_line);
	reading = true;
}

static void
stop_reading(void)
{
	if (reading)
		rl_callback_handler_remove();
	reading = false;
	interrupt_is_key(false);
}

/* Keys must not linger in the history. */
static bool
holds_key(const char *line)
{
	return shell->pasting || strcasestr(line, "password") != NULL ||
	    strcasestr(line, "secret") != NULL ||
	    (shell->config != NULL && config_session_holds_key(shell->config, line)) ||
	    (strcasestr(line, "key") != NULL &&
	    (strcasestr(line, "add") != NULL || strcasestr(line, "pem") != NULL));
}

static void
list_history(struct text *out)
{
	HIST_ENTRY **line = history_list();

	for (; line != NULL && *line != NULL; line++)
		text_add(out, "  %s\n", (*line)->line);
}

static void
take_line(char *line)
{
	stop_reading();
	if (line == NULL) {		/* Ctrl-D */
		putchar('\n');
		if (shell->config != NULL)
			shell_leave_config(shell);
		else
			shell->quit = true;
		return;
	}
	if (line[strspn(line, " ")] != '\0' && !holds_key(line))
		add_history(line);
	shell_line(shell, line);
	if (ctrl_z)
		shell_leave_config(shell);
	ctrl_z = false;
	explicit_bzero(line, strlen(line));
	free(line);
}

/* --- keys --- */

static char *
before_cursor(void)
{
	char *s = strdup(rl_line_buffer);

	if (s != NULL)
		s[rl_point] = '\0';
	return s;
}

static int
on_question(int count, int key)
{
	struct text out = {0};
	char *line = before_cursor();

	(void)count;
	(void)key;
	if (line == NULL)
		return 0;
	shell_help(shell, line, &out);
	printf("?\n%s\n", text_str(&out));
	text_free(&out);
	free(line);
	rl_on_new_line();
	rl_redisplay();
	return 0;
}

/* How many letters of the choices are the same. */
static size_t
common(const struct cmd_choices *c, const char **word)
{
	size_t len = 0, n;
	unsigned int i;

	*word = NULL;
	for (i = 0; i < c->count; i++) {
		if (c->at[i].value)
			continue;
		if (*word == NULL) {
			*word = c->at[i].word;
			len = strlen(*word);
			continue;
		}
		for (n = 0; n < len && (*word)[n] == c->at[i].word[n]; n++)
			continue;
		len = n;
	}
	return len;
}

static int
on_tab(int count, int key)
{
	struct cmd_choices c;
	char *line = before_cursor(), full[48];
	const char *start, *word;
	size_t typed, len;

	(void)count;
	(void)key;
	if (line == NULL)
		return 0;
	start = strrchr(line, ' ');
	typed = strlen(start != NULL ? start + 1 : line);
	shell_choices(shell, line, &c);
	len = common(&c, &word);
	if (word != NULL && typed > 0 && len >= typed) {
		snprintf(full, sizeof(full), "%.*s%s", (int)len, word, word[len] == '\0' ? " " : "");
		rl_delete_text(rl_point - (int)typed, rl_point);
		rl_point -= (int)typed;
		rl_insert_text(full);
	}
	free(line);
	return 0;
}

/* For what else the line editor completes by: it would be the host's files. */
static char *
no_names(const char *text, int state)
{
	(void)text;
	(void)state;
	return NULL;
}

static int
on_ctrl_z(int count, int key)
{
	(void)count;
	(void)key;
	if (shell->config == NULL)
		return 0;
	fputs("^Z", rl_outstream);
	ctrl_z = true;
	return rl_newline(1, '\n');
}

/* Throws the line away; in configuration it ends that, as IOS has it. */
static int
on_ctrl_c(int count, int key)
{
	(void)count;
	(void)key;
	rl_replace_line("", 0);
	if (shell->config != NULL) {
		fputs("^C", rl_outstream);
		ctrl_z = true;
		return rl_newline(1, '\n');
	}
	putchar('\n');
	rl_on_new_line();
	rl_redisplay();
	return 0;
}

static void
on_sigint(int signo)
{
	(void)signo;
	session_interrupted = 1;
}

/* --- screen --- */

/* A log line on its own row, and then what was being typed again. */
static void
print_between(void *arg, const char *text, size_t len)
{
	(void)arg;
	if (reading)
		fputs("\r\033[K", stdout);
	fwrite(text, 1, len, stdout);
	if (reading && len > 0 && text[len - 1] != '\n')
		putchar('\n');
	fflush(stdout);
	if (reading)
		rl_forced_update_display();
}

/*
 * The terminal gives a line at a time, so nothing that was typed ahead is lost.  Ctrl-C is no
 * answer, whatever else comes with it.
 */
static bool
ask(const char *question, bool shown, char *answer, size_t room)
{
	struct termios was, quiet;
	ssize_t n;

	printf("%s", question);
	fflush(stdout);
	if (tcgetattr(STDIN_FILENO, &was) < 0)
		return false;
	quiet = was;
	if (!shown)
		quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
	session_interrupted = 0;
	n = read(STDIN_FILENO, answer, room - 1);
	tcsetattr(STDIN_FILENO, TCSANOW, &was);
	if (session_interrupted)
		n = 0;
	session_interrupted = 0;
	if (!shown || n <= 0)
		putchar('\n');
	answer[n > 0 ? n : 0] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	return n > 0;
}

static void
set_up(struct shell *sh)
{
	struct sigaction sa = {.sa_handler = on_sigint};
	struct winsize size;
	struct termios tty;

	shell = sh;
	sh->session.print = print_between;
	sh->ask = ask;
	sh->list_history = list_history;
	sh->length = 24;
	sh->width = 80;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
		sh->length = size.ws_row;
		sh->width = size.ws_col;
	}
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGQUIT, &sa, NULL);
	tcgetattr(STDIN_FILENO, &tty_was);
	tty = tty_was;
	tty.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &tty);
	rl_catch_signals = 0;
	rl_initialize();
	/* A pasted configuration is many lines. */
	rl_variable_bind("enable-bracketed-paste", "off");
	rl_completion_entry_function = no_names;
	rl_bind_key('?', on_question);
	rl_bind_key('\t', on_tab);
	rl_bind_key('Z' & 0x1f, on_ctrl_z);
	rl_bind_key('C' & 0x1f, on_ctrl_c);
	stifle_history(HISTORY_LINES);
}

/* Broken off, it ends configuration as Ctrl-C does. */
static void
take_secret(struct shell *sh)
{
	char answer[PASTE_LINE_MAX];

	bool answered = ask(sh->question, false, answer, sizeof(answer));

	shell_line(sh, answered ? answer : "");	/* nothing typed is no key */
	if (!answered)
		shell_leave_config(sh);
	explicit_bzero(answer, sizeof(answer));
}

static void
wait_for_line(struct shell *sh)
{
	struct pollfd p[2];

	if (sh->pasting && sh->secret) {
		take_secret(sh);
		return;
	}
	prompt();
	while (reading) {
		p[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
		p[1] = (struct pollfd){.fd = sh->session.fd, .events = POLLIN};
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents != 0 && sh->session.fd >= 0)
			session_read(&sh->session);
		if (p[0].revents != 0)
			rl_callback_read_char();
	}
}

void
terminal_run(struct shell *sh)
{
	const char *tty = ttyname(STDIN_FILENO);
	bool pseudo = tty != NULL && strncmp(tty, "/dev/pts/", 9) == 0;

	set_up(sh);
	if (!shell_log_in(sh, pseudo ? LOGIN_VTY : LOGIN_CONSOLE))
		sh->quit = true;
	while (!sh->quit)
		wait_for_line(sh);
	tcsetattr(STDIN_FILENO, TCSANOW, &tty_was);
	clear_history();
}
