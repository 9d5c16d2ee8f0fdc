/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell_conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "boot.h"
#include "config_session.h"
#include "control.h"
#include "exec_run.h"
#include "log.h"
#include "pki_run.h"
#include "probe.h"
#include "shell_reply.h"
#include "show_rows.h"

#define LINE_MAX 4096

/* --- configuration --- */

static void
leave_configuration(struct shell *s)
{
	if (s->session == NULL)
		return;
	config_session_free(s->session);
	s->session = NULL;
	log_event(LOG_SEV_NOTICE, "SYS", "CONFIG_I", "Configured from console by console");
}

/* What the line asks to be done once; why is for the shell. */
static void
run_effect(struct shell *s, uint32_t seq, struct config_result *r)
{
	struct text out = {0};
	const char *why = pki_run(s->control, config_session_effect(s->session), &out);

	shell_text(s, seq, text_str(&out), out.len);
	text_free(&out);
	if (why != NULL) {
		r->status = LINE_REFUSED;
		snprintf(r->why, sizeof(r->why), "%% %s", why);
	}
	r->changed = true;
}

/* A word that is unknown behind a mode that was refused. */
static void
say_lost(const struct config_session *session, const char *line, struct config_result *r)
{
	const char *in = config_session_lost_in(session);

	line += strspn(line, " \t");
	if (in == NULL || strncmp(in, line, strlen(in)) == 0 ||
	    memchr(line, ' ', strnlen(line, r->caret)) != NULL)
		return;
	r->status = LINE_REFUSED;
	snprintf(r->why, sizeof(r->why), "%% no such command here; `%s`, which it may belong to, was refused",
	    in);
}

static void
config_line(struct shell *s, uint32_t seq, const char *line)
{
	struct config_result r = {0};
	bool was_lost;

	if (s->session == NULL)
		s->session = config_session_new(s->control->conf);
	was_lost = config_session_lost_in(s->session) != NULL;
	if (!config_session_pasting(s->session) && boot_names_no_nic(s->control, line, r.why)) {
		r.status = LINE_REFUSED;
		config_session_refused(s->session, line);
	} else {
		config_session_line(s->session, line, &r);
	}
	if (was_lost && r.status == LINE_INVALID)
		say_lost(s->session, line, &r);
	if (r.effect)
		run_effect(s, seq, &r);
	if (r.changed)
		control_changed(s->control);
	if (r.left)
		leave_configuration(s);
	shell_line_done(s, seq, r.status, r.caret, r.why);
}

/* --- messages --- */

void
shell_up(struct ipc_conn *conn)
{
	struct shell *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_fatal("out of memory for a shell");
	s->control = ipc_conn_user(conn);
	s->conn = conn;
	ipc_conn_set_data(conn, s);
}

static void
take_line(struct shell *s, const struct ipc_msg *m)
{
	const struct ipc_line *in = &m->body->line;
	char line[LINE_MAX];

	if (in->text.len >= sizeof(line) || memchr(in->text.p, '\0', in->text.len) != NULL) {
		shell_line_done(s, m->seq, LINE_REFUSED, 0, "The line is too long");
		return;
	}
	memcpy(line, in->text.p, in->text.len);
	line[in->text.len] = '\0';
	if (!in->privileged)
		shell_line_done(s, m->seq, LINE_INVALID, 0, "");
	else if (m->type == IPC_MSG_CONFIG_LINE)
		config_line(s, m->seq, line);
	else
		exec_run(s, m->seq, line);
	explicit_bzero(line, sizeof(line));	/* it may hold a key */
}

struct vty_search {
	uint64_t taken;		/* bits of the first 64 */
};

static void
note_vty(struct ipc_conn *conn, void *arg)
{
	const struct shell *s = ipc_conn_data(conn);
	struct vty_search *v = arg;

	if (s != NULL && s->user.way == LOGIN_VTY && s->user.vty < 64)
		v->taken |= 1ull << s->user.vty;
}

/* The first word of a shell at a terminal. */
static void
arrive(struct shell *s, const struct ipc_login *in)
{
	struct vty_search v = {0};

	ipc_server_each(s->control->server, IPC_SHELL, note_vty, &v);
	while (s->user.vty < 64 && (v.taken >> s->user.vty & 1) != 0)
		s->user.vty++;
	s->user.way = in->way;
	s->user.source = in->source;
	s->user.pid = in->pid;
	s->user.since = loop_now(s->control->loop);
	memcpy(s->user.tty, in->tty, sizeof(s->user.tty));
}

static void
take_login(struct shell *s, const struct ipc_msg *m)
{
	struct ipc_login *in = &m->body->login;
	struct ipc_login_done done;
	struct stamp_time now;

	if (s->user.way == 0 && in->way != LOGIN_ENABLE)
		arrive(s, in);
	login_judge(&s->control->conf->users, in, &done);
	if (done.verdict == LOGIN_WRONG) {
		stamp_now(&now, s->control->booted.us);
		login_log_wrong(&s->user, in, now.wall_us);
	}
	if (done.verdict == LOGIN_ACCEPTED && in->way != LOGIN_ENABLE)
		memcpy(s->user.name, in->user, sizeof(s->user.name));
	ipc_send_seq(s->conn, IPC_MSG_LOGIN_DONE, m->seq, &done);
}

void
shell_message(struct ipc_conn *conn, struct ipc_msg *m)
{
	struct shell *s = ipc_conn_data(conn);

	switch (m->type) {
	case IPC_MSG_CONFIG_LINE:
	case IPC_MSG_EXEC_LINE:
		take_line(s, m);
		break;
	case IPC_MSG_LOGIN:
		take_login(s, m);
		break;
	case IPC_MSG_ESCAPE:
		if (s->probe != NULL)
			probe_escape(s->probe);
		break;
	case IPC_MSG_TERMINAL_MONITOR:
		s->terminal_monitor = m->body->peer_ref.peer_ref != 0;
		break;
	case IPC_MSG_SHOW:
		show_rows(s, m);
		break;
	default:
		break;
	}
}

void
shell_down(struct ipc_conn *conn)
{
	struct shell *s = ipc_conn_data(conn);
	struct shell_wait *w, *next;

	if (s == NULL)
		return;
	leave_configuration(s);
	if (s->probe != NULL)
		probe_stop(s->probe);
	DL_FOREACH_SAFE(s->waits, w, next) {
		DL_DELETE(s->waits, w);
		w->shell = NULL;
	}
	ipc_conn_set_data(conn, NULL);
	free(s);
}
