/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "config_session.h"
#include "control.h"

#define TEXT_PIECE 16000

void
shell_text(struct shell *s, uint32_t seq, const char *p, size_t len)
{
	size_t n;

	for (; len > 0; p += n, len -= n) {
		struct ipc_text m;

		n = len < TEXT_PIECE ? len : TEXT_PIECE;
		m.text = slice_of(p, n);
		ipc_send_seq(s->conn, IPC_MSG_TEXT, seq, &m);
	}
}

void
shell_say(struct shell *s, uint32_t seq, const char *text)
{
	shell_text(s, seq, text, strlen(text));
}

void
shell_line_done(struct shell *s, uint32_t seq, enum ipc_line_status status, unsigned int caret,
    const char *why)
{
	struct ipc_line_done m = {.status = (uint8_t)status, .caret = (uint16_t)caret};

	if (s->session != NULL)
		snprintf(m.mode, sizeof(m.mode), "%s", config_session_mode(s->session));
	snprintf(m.hostname, sizeof(m.hostname), "%s", control_hostname(s->control));
	snprintf(m.why, sizeof(m.why), "%s", why == NULL ? "" : why);
	ipc_send_seq(s->conn, IPC_MSG_LINE_DONE, seq, &m);
}

/* --- waiting for daemons --- */

struct shell_wait *
shell_wait_new(struct shell *s, uint32_t seq, void (*finish)(struct shell_wait *w))
{
	struct shell_wait *w = calloc(1, sizeof(*w));

	if (w == NULL)
		log_fatal("out of memory");
	w->shell = s;
	w->seq = seq;
	w->finish = finish;
	DL_APPEND(s->waits, w);
	return w;
}

void
shell_wait_answer(void *arg, const char *failed, uint64_t cursor)
{
	struct shell_wait *w = arg;

	w->cursor = cursor;
	if (failed != NULL)
		snprintf(w->failed, sizeof(w->failed), "%s", failed);
	if (--w->count > 0)
		return;
	if (w->shell != NULL) {
		w->finish(w);
		DL_DELETE(w->shell->waits, w);
	}
	free(w);
}

/* --- the log --- */

static void
to_one_shell(struct ipc_conn *conn, void *arg)
{
	struct shell *s = ipc_conn_data(conn);
	const char *line = arg;
	struct ipc_text m = {.text = slice_of(line, strlen(line))};

	if (s != NULL && s->terminal_monitor)
		ipc_send_droppable(conn, IPC_MSG_TEXT, &m);
}

void
shell_log(struct control *c, const char *line)
{
	char text[1400];

	snprintf(text, sizeof(text), "%s\n", line);
	if (c->server != NULL)
		ipc_server_each(c->server, IPC_SHELL, to_one_shell, text);
}
