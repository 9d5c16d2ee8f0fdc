/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "eem_child.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/shell.h"
#include "eem_script.h"
#include "eem_vars.h"
#include "flash.h"

#define CHANNEL 0		/* control listens at its other end */
#define OUTPUT_MAX (EEM_VALUE_MAX - 256)

struct child {
	struct shell shell;
	int output;		/* a file in memory, where the shell prints */
};

/* What the shell printed since the last time. */
static void
take_output(struct child *c, struct text *out)
{
	char buf[8192];
	off_t at = 0;
	ssize_t n;

	fflush(stdout);
	while (at < OUTPUT_MAX && (n = pread(c->output, buf, sizeof(buf), at)) > 0) {
		text_put(out, buf, (size_t)n);
		at += n;
	}
	if (ftruncate(c->output, 0) == 0)
		lseek(c->output, 0, SEEK_SET);
}

static bool
run_command(void *arg, const char *command, struct text *output)
{
	struct child *c = arg;
	char prompt[128];

	shell_line(&c->shell, command);
	take_output(c, output);
	shell_prompt(&c->shell, prompt, sizeof(prompt));
	text_put(output, prompt, strlen(prompt));
	return !c->shell.lost;
}

static void
say(void *arg, enum log_severity sev, const char *text)
{
	char message[1 + EEM_MESSAGE_MAX];
	size_t len = strlen(text);

	(void)arg;
	if (len > EEM_MESSAGE_MAX)
		len = EEM_MESSAGE_MAX;
	message[0] = (char)sev;
	memcpy(message + 1, text, len);
	send(CHANNEL, message, len + 1, MSG_NOSIGNAL);
}

static void
wait_seconds(void *arg, unsigned int seconds)
{
	(void)arg;
	while (seconds > 0)
		seconds = sleep(seconds);
}

static const char *
find_file(void *arg, const char *url, char *path, size_t room)
{
	const struct child *c = arg;

	return flash_path(c->shell.session.rundir, url, path, room);
}

static const struct eem_script_ops ops = {
	.cli = run_command, .log = say, .wait = wait_seconds, .file_path = find_file,
};

static void
forget_the_parent(int out)
{
	sigset_t none;

	dup2(out, CHANNEL);
	close_range(1, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
}

void
eem_child(const struct conf_eem_applet *applet, const struct conf_eem_variable *env,
    const struct eem_fact *facts, const char *rundir, int out)
{
	static struct child c;
	struct eem_script *s;
	int status;

	forget_the_parent(out);
	c.output = memfd_create("output", 0);	/* descriptor 1: where printf goes */
	if (c.output != STDOUT_FILENO)
		_exit(1);
	shell_init(&c.shell, false);
	snprintf(c.shell.session.rundir, sizeof(c.shell.session.rundir), "%s", rundir);
	shell_learn_hostname(&c.shell);
	s = eem_script_new(applet, env, &ops, &c);
	eem_script_set(s, "_exit_status", "0");
	eem_script_set(s, "_cli_result", "");
	for (; facts->value != NULL; facts++)
		eem_script_set(s, facts->name, facts->value);
	status = eem_script_run(s);
	eem_script_free(s);
	shell_free(&c.shell);
	_exit(status < 0 ? 255 : status);
}
