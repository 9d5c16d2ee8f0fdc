/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the terminal: the questions of `login local` and `enable secret`, as IOS asks them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/shell.h"
#include "secret.h"
#include "conf_users.h"

enum { TRIES = 3 };

/* One question to control.  No answer is no leave. */
static unsigned int
ask_control(struct shell *sh, const struct ipc_login *in, struct ipc_login_done *done)
{
	if (session_login(&sh->session, in, done))
		return done->verdict;
	sh->lost = true;
	return LOGIN_WRONG;
}

/* Where the user sits: the terminal, and what sshd says of the connection
 * (SSH_CONNECTION: address and port of the client, then ours). */
static void
say_where(struct ipc_login *in)
{
	const char *tty = ttyname(STDIN_FILENO), *ssh = getenv("SSH_CONNECTION");
	char from[64], to[64];
	unsigned int port;

	in->pid = (uint32_t)getpid();
	snprintf(in->tty, sizeof(in->tty), "%s", tty != NULL ? tty : "");
	if (ssh != NULL && sscanf(ssh, "%63s %*u %63s %u", from, to, &port) == 3 && port <= UINT16_MAX &&
	    addr_parse(&in->source, from))
		in->local_port = (uint16_t)port;
}

/* False: the terminal is gone, or the question was broken off. */
static bool
read_answers(const struct shell *sh, struct ipc_login *in)
{
	char password[USER_PASSWORD_MAX + 2];
	bool ok;

	if (in->way != LOGIN_ENABLE &&
	    !sh->ask("Username: ", true, in->user, sizeof(in->user)))
		return false;
	ok = sh->ask("Password: ", false, password, sizeof(password));
	in->answered = true;
	secret_set(&in->password, password, strlen(password));
	wipe(password, sizeof(password));
	return ok;
}

bool
shell_log_in(struct shell *sh, enum ipc_login_way way)
{
	struct ipc_login in = {.way = (uint8_t)way};
	struct ipc_login_done done = {0};
	unsigned int verdict, i;

	if (sh->ask == NULL)
		return true;
	say_where(&in);
	verdict = ask_control(sh, &in, &done);
	if (verdict == LOGIN_ASK && way != LOGIN_ENABLE)
		printf("\nUser Access Verification\n\n");
	for (i = 0; i < TRIES && (verdict == LOGIN_ASK || verdict == LOGIN_WRONG) && !sh->lost; i++) {
		if (!read_answers(sh, &in))
			break;
		verdict = ask_control(sh, &in, &done);
		secret_wipe(&in.password);
		if (verdict == LOGIN_WRONG && way != LOGIN_ENABLE)
			printf("%% Login invalid\n\n");
	}
	if (verdict == LOGIN_ACCEPTED && done.level == USER_LEVEL_PRIVILEGED)
		sh->privileged = true;
	return verdict == LOGIN_OPEN || verdict == LOGIN_ACCEPTED;
}
