/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is at the terminal: the questions of `login local` and `enable secret`, as IOS asks them. */
#include <stdio.h>
#include <string.h>

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
	verdict = ask_control(sh, &in, &done);
	if (verdict == LOGIN_ASK && way != LOGIN_ENABLE)
		printf("\nUser Access Verification\n\n");
	for (i = 0; i < TRIES && (verdict == LOGIN_ASK || verdict == LOGIN_WRONG) && !sh->lost; i++) {
		if (!read_answers(sh, &in))
			break;
		/* Nothing typed is no password, and control would take it for the first question. */
		verdict = in.password.len == 0 ? LOGIN_WRONG : ask_control(sh, &in, &done);
		secret_wipe(&in.password);
		if (verdict == LOGIN_WRONG && way != LOGIN_ENABLE)
			printf("%% Login invalid\n\n");
	}
	if (verdict == LOGIN_ACCEPTED && done.level == USER_LEVEL_PRIVILEGED)
		sh->privileged = true;
	return verdict == LOGIN_OPEN || verdict == LOGIN_ACCEPTED;
}
