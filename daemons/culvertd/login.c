/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "login.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <utlist.h>

#include "conf_users.h"
#include "control.h"
#include "log.h"
#include "ratelimit.h"
#include "secret.h"
#include "shell_reply.h"
#include "show_util.h"

static bool
asks(const struct conf_users *u, unsigned int way)
{
	return way == LOGIN_ENABLE ? u->enable[0] != '\0' :
	    u->lines[way == LOGIN_VTY ? CONF_LINE_VTY : CONF_LINE_CON].login_local;
}

/* The types of secrets that users have, but for that of this hash. */
static unsigned int
other_types(const struct conf_users *u, const char *hash)
{
	const struct conf_user *user;
	unsigned int types = 0;

	DL_FOREACH(u->users, user)
		types |= 1u << user_secret_type(user->secret);
	return types & ~(1u << user_secret_type(hash)) & ~1u;
}

static bool
matches(const struct conf_users *u, unsigned int way, const char *hash, const char *password)
{
	unsigned int types = way == LOGIN_ENABLE ? 0 : other_types(u, hash), type;
	bool ok = user_secret_matches(hash, password);

	for (type = 1; types >> type != 0; type++)
		if (types >> type & 1)
			user_secret_spend(type, password);
	return ok;
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
	} else if (in->answered) {
		memcpy(password, in->password.b, in->password.len);
		password[in->password.len] = '\0';
		/* One that holds a NUL would be compared up to there. */
		out->verdict = matches(u, in->way, hash, password) &&
		    strlen(password) == in->password.len ? LOGIN_ACCEPTED : LOGIN_WRONG;
		wipe(password, sizeof(password));
	}
	if (out->verdict == LOGIN_ACCEPTED)
		out->level = user != NULL ? user->level : USER_LEVEL_PRIVILEGED;
	secret_wipe(&in->password);
}

/* --- the log --- */

/* What was typed as a name, where it can neither end the line nor look like another field. */
static void
plain_name(char *to, size_t room, const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i + 1 < room; i++)
		to[i] = name[i] <= ' ' || name[i] > '~' || name[i] == '[' || name[i] == ']' ? '?' :
		    name[i];
	to[i] = '\0';
}

static void
log_enable(const struct login_user *who)
{
	char name[sizeof(who->name)], line[16] = "console", from[ADDR_STRLEN + 4] = "";

	plain_name(name, sizeof(name), who->name[0] != '\0' ? who->name : "unknown");
	if (who->way == LOGIN_VTY)
		snprintf(line, sizeof(line), "vty%u", who->vty);
	if (addr_is_set(&who->source))
		snprintf(from, sizeof(from), " (%s)", ADDR_STR(&who->source));
	log_event(LOG_SEV_NOTICE, "SYS", "PRIV_AUTH_FAIL",
	    "Authentication to Privilege level %d failed by %s on %s%s", USER_LEVEL_PRIVILEGED, name,
	    line, from);
}

void
login_log_wrong(const struct login_user *who, const struct ipc_login *in, int64_t wall_us)
{
	static struct ratelimit limit = RATELIMIT(5000, 12);
	char name[sizeof(in->user)], when[WALL_STRLEN];

	if (!ratelimit_take(&limit, mono_clock()))
		return;
	if (limit.refused > 0)
		log_event(LOG_SEV_WARNING, "SEC_LOGIN", "LOGIN_FAILED",
		    "%llu more failed logins were not logged", (unsigned long long)limit.refused);
	limit.refused = 0;
	if (in->way == LOGIN_ENABLE) {
		log_enable(who);
		return;
	}
	plain_name(name, sizeof(name), in->user);
	log_event(LOG_SEV_WARNING, "SEC_LOGIN", "LOGIN_FAILED", "Login failed [user: %s] [Source: %s] "
	    "[localport: %u] [Reason: Login Authentication Failed] at %s", name,
	    addr_is_set(&in->source) ? ADDR_STR(&in->source) : "LOCAL", in->local_port,
	    wall_str(wall_us, false, when));
}

/* --- who is there --- */

struct users_view {
	struct ipc_conn *to;
	uint32_t seq;
	mono_t now;
};

/* The terminal knows when something was typed; where it is not ours to see, since the login. */
static uint32_t
idle_s(const struct login_user *who, mono_t now)
{
	struct stat st;
	time_t wall = time(NULL);

	if (who->tty[0] == '/' && stat(who->tty, &st) == 0)
		return st.st_atime < wall ? (uint32_t)(wall - st.st_atime) : 0;
	return (uint32_t)(mono_sub(now, who->since).us / 1000000);
}

static void
send_user(struct ipc_conn *conn, void *arg)
{
	const struct users_view *v = arg;
	const struct shell *s = ipc_conn_data(conn);
	struct ipc_row_user r = {0};

	if (s == NULL || s->user.way == 0)
		return;
	r = (struct ipc_row_user){.way = s->user.way, .vty = s->user.vty, .pid = s->user.pid,
	    .idle_s = idle_s(&s->user, v->now), .source = s->user.source};
	memcpy(r.user, s->user.name, sizeof(r.user));
	ipc_send_seq(v->to, IPC_MSG_ROW_USER, v->seq, &r);
}

void
login_show_users(struct control *c, struct ipc_conn *to, uint32_t seq)
{
	struct users_view v = {.to = to, .seq = seq, .now = loop_now(c->loop)};

	ipc_server_each(c->server, IPC_SHELL, send_user, &v);
}
