/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A shell at control's socket, as those see it who answer it: its state, text
 * and the end of a line, and the wait for daemons.  Other daemons' answers may
 * come after the shell has left.
 */
#ifndef CULVERT_SHELL_REPLY_H
#define CULVERT_SHELL_REPLY_H

#include "ipc.h"
#include "login.h"

struct control;
struct config_session;
struct probe;

struct shell {
	struct control *control;
	struct ipc_conn *conn;
	struct config_session *session;	/* NULL outside of configuration */
	struct login_user user;
	bool terminal_monitor;
	struct probe *probe;		/* running, for the line probe_seq */
	uint32_t probe_seq;
	struct shell_wait *waits;	/* answers of daemons that are to come */
};

/* An EXEC line or a show that waits for `count` answers of daemons. */
struct shell_wait {
	struct shell *shell;		/* NULL: it has left */
	uint32_t seq;
	unsigned int count;
	char failed[128];
	uint64_t cursor;		/* of the last answer */
	void (*finish)(struct shell_wait *w);	/* all answers are there and the shell too */
	struct shell_wait *prev, *next;
};

/* Text before the line's end.  Sent in as many messages as it takes. */
void shell_text(struct shell *s, uint32_t seq, const char *p, size_t len);
void shell_say(struct shell *s, uint32_t seq, const char *text);
void shell_line_done(struct shell *s, uint32_t seq, enum ipc_line_status status,
    unsigned int caret, const char *why);
struct shell_wait *shell_wait_new(struct shell *s, uint32_t seq,
    void (*finish)(struct shell_wait *w));
/* As link_question's answer; arg is the wait. Calls finish after the last one. */
void shell_wait_answer(void *arg, const char *failed, uint64_t cursor);
/* A log line, to the shells with terminal monitor. */
void shell_log(struct control *c, const char *line);

#endif
