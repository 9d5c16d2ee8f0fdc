/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "log.h"
#include "options.h"

#define SEQ_FIRST 0x40000000u	/* apart from the numbers that a connection gives by itself */

static void
up(struct ipc_conn *conn)
{
	struct link *l = ipc_conn_user(conn);

	l->synced = true;
	l->handlers->up(l);
}

static void
finish(struct link *l, uint32_t seq, const char *failed, uint64_t cursor)
{
	struct link_question *q, *next;

	DL_FOREACH_SAFE(l->questions, q, next) {
		if (q->seq != seq)
			continue;
		DL_DELETE(l->questions, q);
		q->answer(q->arg, failed, cursor);
		free(q);
		return;
	}
}

static void
row(struct link *l, const struct ipc_msg *m)
{
	struct link_question *q;

	DL_FOREACH(l->questions, q)
		if (q->seq == m->seq && q->row != NULL)
			q->row(q->arg, m->type, m->body);
}

static void
message(struct ipc_conn *conn, struct ipc_msg *m)
{
	struct link *l = ipc_conn_user(conn);

	switch (m->type) {
	case IPC_MSG_DONE:
		finish(l, m->seq, m->body->done.failed ? m->body->done.why : NULL, 0);
		break;
	case IPC_MSG_SHOW_END:
		finish(l, m->seq, NULL, m->body->show_end.cursor);
		break;
	default:
		if (!l->handlers->event(l, m))
			row(l, m);
	}
}

static void
fail_questions(struct link *l)
{
	char why[64];

	snprintf(why, sizeof(why), "%s does not answer", l->name);
	while (l->questions != NULL)
		finish(l, l->questions->seq, why, 0);
}

static void
down(struct ipc_conn *conn)
{
	struct link *l = ipc_conn_user(conn);

	l->synced = false;
	fail_questions(l);
}

void
link_start(struct link *l, const struct link_to *to)
{
	static const struct ipc_handlers handlers = {.up = up, .message = message, .down = down};
	char path[PATH_LEN + 32];

	*l = (struct link){.role = to->role, .name = to->name, .handlers = to->handlers,
	    .user = to->user, .next_seq = SEQ_FIRST};
	snprintf(path, sizeof(path), "%s/%s.sock", to->rundir, to->name);
	l->client = ipc_connect(to->loop, path, IPC_CONTROL, to->warm, &handlers, l);
	if (l->client == NULL)
		log_fatal("cannot connect to %s", path);
}

void
link_stop(struct link *l)
{
	ipc_client_close(l->client);
	fail_questions(l);
}

const char *
link_ask(struct link *l, enum ipc_type type, const void *body, const struct link_question *q)
{
	struct ipc_conn *conn = ipc_client_conn(l->client);
	struct link_question *mine;
	static char why[64];

	mine = malloc(sizeof(*mine));
	if (mine == NULL)
		log_fatal("out of memory");
	*mine = *q;
	mine->seq = l->next_seq++;
	if (conn == NULL || !ipc_send_seq(conn, type, mine->seq, body)) {
		free(mine);
		snprintf(why, sizeof(why), "%s does not answer", l->name);
		return why;
	}
	DL_APPEND(l->questions, mine);
	return NULL;
}
