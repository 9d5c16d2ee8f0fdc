/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One process that the monitor watches: forking, executing, its end.
 *
 * A child may also be adopted: it was started by a monitor that is gone, so it
 * is not ours to wait for, and a pidfd tells its end all the same.  Neither kind dies
 * with the monitor.  What a child writes to standard error passes through us, so
 * that the last line can be given as the reason when it refuses to run.
 */
#ifndef CULVERT_CHILD_H
#define CULVERT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "ipc.h"
#include "loop.h"

#define CHILD_REFUSES 78	/* EX_CONFIG: it will not run here, so it is not started again */

struct child_held {		/* a descriptor kept for this child's successor */
	char name[16];
	int fd;
	struct child_held *next;
};

struct child {
	const char *name;		/* "espd" */
	enum ipc_role role;
	struct loop *loop;
	void (*ended)(struct child *ch);	/* called once for each end; last_exit says how */
	bool echo;			/* copy its standard error to ours */

	pid_t pid;			/* 0: not running */
	bool ours;			/* started by this monitor */
	bool refused;			/* ended with CHILD_REFUSES */
	bool held_told;			/* it has been given what was kept */
	bool adopting;			/* it runs, and has yet to say what it holds */
	struct ipc_conn *conn;
	int keep_fd;			/* its memfd */
	struct child_held *held;
	unsigned int restarts, early;	/* early: ends in a row just after the start */
	mono_t since, backoff;
	struct timer again;		/* to start it, or, while being adopted or ended, to lose patience */
	char last_exit[64];

	/* private */
	int pidfd, err_fd;
	struct watch end_watch, err_watch;
	/* Of standard error: the last whole line (one of the log fits), and the one that comes in. */
	char line[1400], part[1400];
	size_t part_len;
};

/* Starts argv (a NULL-terminated list) with `fd3` as descriptor 3. 0, or -1 with errno. */
int child_spawn(struct child *ch, char *const argv[], int fd3);
/* Watches the process that listens on `path`. A connection to it, or -1. */
int child_find(struct child *ch, const char *path);
void child_signal(struct child *ch, int signo);		/* nothing while it does not run */
void child_hold(struct child *ch, const char *name, int fd);	/* takes fd, replaces one of that name */
void child_unhold(struct child *ch, const char *name);	/* NULL: all */
void child_hand_over(struct child *ch);		/* all that is kept, to the process that was started */
void child_forget(struct child *ch);		/* as if it had never run */

#endif
