/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/session.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOGIN_WAIT_MS = 10000 };

volatile sig_atomic_t session_interrupted;

bool
session_open(struct session *s, const char *rundir)
{
	char path[256];

	s->fd = -1;
	if (rundir != s->rundir)
		snprintf(s->rundir, sizeof(s->rundir), "%s", rundir);
	snprintf(path, sizeof(path), "%s/control.sock", s->rundir);
	s->fd = ipc_call_open(path, IPC_SHELL);
	s->opened++;
	return s->fd >= 0;
}

void
session_close(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* One message.  1: LINE_DONE of the last line sent, in *done; 0: another; -1: gone. */
static int
take(struct session *s, struct ipc_line_done *done)
{
	struct ipc_msg m;

	if (ipc_call_recv(s->fd, &m, 0) < 0) {
		session_close(s);
		return -1;
	}
	if (m.type == IPC_MSG_TEXT)
		s->print(s->arg, (const char *)m.body->text.text.p, m.body->text.text.len);
	if (m.type != IPC_MSG_LINE_DONE || m.seq != s->seq || done == NULL)
		return 0;
	*done = m.body->line_done;
	snprintf(s->hostname, sizeof(s->hostname), "%s", done->hostname);
	return 1;
}

bool
session_line(struct session *s, enum ipc_type type, const char *line, struct ipc_line_done *done)
{
	struct ipc_line body = {.privileged = s->privileged};
	struct pollfd p = {.events = POLLIN};
	bool escaped = false;
	int got = 0;

	memset(done, 0, sizeof(*done));
	body.text = slice_of(line, strlen(line));
	if (s->fd < 0 && !session_open(s, s->rundir))
		return false;
	session_interrupted = 0;
	if (!ipc_call_send(s->fd, type, ++s->seq, &body)) {
		session_close(s);
		return false;
	}
	while (got == 0) {
		p.fd = s->fd;
		if (session_interrupted) {
			session_interrupted = 0;
			/* The second time nobody listens: control sees the connection end. */
			if (escaped || !ipc_call_send(s->fd, IPC_MSG_ESCAPE, s->seq, NULL)) {
				session_close(s);
				return session_open(s, s->rundir);
			}
			escaped = true;
		}
		if (poll(&p, 1, 200) > 0)
			got = take(s, done);
	}
	return got > 0;
}

bool
session_login(struct session *s, const struct ipc_login *in, struct ipc_login_done *done)
{
	struct ipc_msg m;

	if (s->fd < 0 && !session_open(s, s->rundir))
		return false;
	if (!ipc_call_send(s->fd, IPC_MSG_LOGIN, ++s->seq, in)) {
		session_close(s);
		return false;
	}
	do {
		if (ipc_call_recv(s->fd, &m, LOGIN_WAIT_MS) != 1) {
			session_close(s);
			return false;
		}
		if (m.type == IPC_MSG_TEXT)
			s->print(s->arg, (const char *)m.body->text.text.p, m.body->text.text.len);
	} while (m.type != IPC_MSG_LOGIN_DONE || m.seq != s->seq);
	*done = m.body->login_done;
	return true;
}

bool
session_terminal_monitor(struct session *s, bool on)
{
	struct ipc_peer_ref body = {.peer_ref = on};

	if (s->fd < 0 && !session_open(s, s->rundir))
		return false;
	return ipc_call_send(s->fd, IPC_MSG_TERMINAL_MONITOR, ++s->seq, &body);
}

bool
session_read(struct session *s)
{
	return take(s, NULL) >= 0;
}
