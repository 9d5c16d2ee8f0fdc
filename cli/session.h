/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's connection to control: one line out, text and a verdict back. */
#ifndef CULVERT_SESSION_H
#define CULVERT_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "ipc.h"

struct session {
	char rundir[200];
	int fd;			/* -1: not connected */
	uint32_t seq;
	unsigned int opened;	/* how often: control forgets a mode with its connection */
	bool privileged;
	char hostname[64];	/* as last heard */
	/* Text that comes: of the line that was sent, or of the log. */
	void (*print)(void *arg, const char *text, size_t len);
	void *arg;
};

extern volatile sig_atomic_t session_interrupted;	/* set by SIGINT: stop waiting */

/* False with errno. */
bool session_open(struct session *s, const char *rundir);
void session_close(struct session *s);
/* False: the router does not answer; *done is what LINE_DONE said. */
bool session_line(struct session *s, enum ipc_type type, const char *line,
    struct ipc_line_done *done);
/* Asks control whether the user may go on; false: it does not answer. */
bool session_login(struct session *s, const struct ipc_login *in, struct ipc_login_done *done);
bool session_terminal_monitor(struct session *s, bool on);
/* Takes in what has come by itself; to be called when fd is readable.  False: gone. */
bool session_read(struct session *s);

#endif
