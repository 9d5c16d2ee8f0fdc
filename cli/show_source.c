/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The show_source of a running router: one connection a question, to the
 * daemon's socket in the run directory.  A daemon that is silent for longer
 * than PATIENCE_MS is not waited for: the operator gets a sentence instead,
 * and the prompt.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "show.h"

enum { PATIENCE_MS = 2000 };

struct live_source {
	struct show_source source;	/* first: the renderers hold a pointer to it */
	char rundir[200];
	char hostname[64];
	char why[320];			/* the sentence of the last failed question */
};

static const char *
says(struct live_source *live, enum ipc_role server, const char *what)
{
	snprintf(live->why, sizeof(live->why), "%% %s %s: see show processes",
	    ipc_role_name(server), what);
	return live->why;
}

/* Rows up to SHOW_END, whose cursor is left in *cursor. */
static const char *
one_round(struct live_source *live, int fd, enum ipc_role server, uint64_t *cursor, show_row *row,
    void *arg)
{
	struct ipc_msg m;

	for (;;) {
		int got = ipc_call_recv(fd, &m, PATIENCE_MS);

		if (got <= 0)
			return says(live, server, got == 0 ? "does not answer" : "went away");
		if (m.fd >= 0)
			close(m.fd);
		switch (m.type) {
		case IPC_MSG_SHOW_END:
			*cursor = m.body->show_end.cursor;
			return NULL;
		case IPC_MSG_DONE:
			*cursor = 0;
			if (!m.body->done.failed)
				return NULL;
			snprintf(live->why, sizeof(live->why), "%% %s", m.body->done.why);
			return live->why;
		default:
			row(arg, m.type, m.body);
		}
	}
}

static const char *
live_ask(struct show_source *s, enum ipc_role server, const struct ipc_show *q, show_row *row,
    void *arg)
{
	struct live_source *live = container_of(s, struct live_source, source);
	struct ipc_show ask = *q;
	const char *why = NULL;
	char path[256];
	uint32_t seq = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/%s.sock", live->rundir, ipc_role_name(server));
	fd = ipc_call_open(path, IPC_SHELL);
	if (fd < 0)
		return says(live, server, "does not answer");
	ask.cursor = 0;
	do {
		if (!ipc_call_send(fd, IPC_MSG_SHOW, ++seq, &ask))
			why = says(live, server, "went away");
		else
			why = one_round(live, fd, server, &ask.cursor, row, arg);
	} while (why == NULL && ask.cursor != 0);
	close(fd);
	return why;
}

struct show_source *
show_source_open(const char *rundir)
{
	struct live_source *live = calloc(1, sizeof(*live));
	struct timespec wall;

	if (live == NULL)
		log_fatal("out of memory for a show command");
	snprintf(live->rundir, sizeof(live->rundir), "%s", rundir);
	if (gethostname(live->hostname, sizeof(live->hostname) - 1) != 0)
		snprintf(live->hostname, sizeof(live->hostname), "Router");
	clock_gettime(CLOCK_REALTIME, &wall);
	live->source = (struct show_source){
		.ask = live_ask,
		.now = mono_clock(),
		.wall_us = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000,
		.hostname = live->hostname,
		.pid = (uint32_t)getpid(),
	};
	return &live->source;
}

void
show_source_close(struct show_source *s)
{
	if (s != NULL)
		free(container_of(s, struct live_source, source));
}
