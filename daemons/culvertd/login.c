/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login.h"

#include <string.h>

#include "conf_users.h"
#include "secret.h"

static bool
asks(const struct conf_users *u, unsigned int way)
{
	return way == LOGIN_ENABLE ? u->enable[0] != '\0' :
	    u->lines[way == LOGIN_VTY ? CONF_LINE_VTY : CONF_LINE_CON].login_local;
}

void
login_judge(const struct conf_users *u, struct ipc_login *in, struct ipc_login_done *out)
{
	const struct conf_user *user = in->way == LOGIN_ENABLE ? NULL : conf_user_find(u, in->user);
	const char *hash = in->way == LOGIN_ENABLE ? u->enable : user != NULL ? user->secret : "";
	char password[sizeof(in->password.b) + 1];

	*out = (struct ipc_login_done){.verdict = LOGIN_ASK};
	if (!asks(u, in->way)) {
		out->verdict = LOGIN_OPEN;
	} else if (in->password.len > 0) {
		memcpy(password, in->password.b, in->password.len);
		password[in->password.len] = '\0';
		/* One that holds a NUL would be compared up to there. */
		out->verdict = strlen(password) == in->password.len &&
		    user_secret_matches(hash, password) ? LOGIN_ACCEPTED : LOGIN_WRONG;
		wipe(password, sizeof(password));
	}
	if (out->verdict == LOGIN_ACCEPTED)
		out->level = user != NULL ? user->level : USER_LEVEL_PRIVILEGED;
	secret_wipe(&in->password);
}
