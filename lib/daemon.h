/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What iked, nhrpd and espd have in common: options, the monitor's descriptor,
 * kept state, the control socket, logging, debug, leaving.
 *
 *   culvert-espd -r RUNDIR [-f]
 *
 * Descriptor 3, when CULVERT_MONITOR=3 is in the environment, is the monitor's
 * socketpair.  Before the daemon serves anybody it has received HELD (the
 * memfd named "keep", then what else was held) and HELD_END.  Without a
 * monitor (tests) kept state is private memory.
 *
 * Server sockets: RUNDIR/iked.sock, nhrpd.sock, espd.sock, control.sock,
 * monitor.sock.
 */
#ifndef CULVERT_DAEMON_H
#define CULVERT_DAEMON_H

#include <stdbool.h>

#include "ipc.h"

struct daemon_held {		/* a descriptor the monitor held for us */
	char name[16];
	int fd;
	struct daemon_held *next;
};

struct daemon {
	const char *name;		/* "espd" */
	enum ipc_role role;
	char rundir[200];
	struct loop *loop;
	struct ipc_server *server;
	struct ipc_conn *monitor;	/* NULL without one */
	struct ipc_conn *control;	/* whose LOG lines go to; NULL while away */
	int keep_fd;			/* -1 without a monitor */
	struct daemon_held *held;	/* espd's queues; daemon_take_held() removes */
	unsigned int restarts;
	bool warm;			/* set by the daemon once it read what was kept */
	void *user;
};

/* Parses argv, opens the loop, collects what was held.  Exits with a message on bad usage. */
void daemon_start(struct daemon *d, const char *name, enum ipc_role role, int argc, char **argv);
/* Listens on RUNDIR/NAME.sock; the daemon's handlers get all but HELLO, DEBUG, ADOPT, which are done here. */
void daemon_serve(struct daemon *d, unsigned int allow, const struct ipc_handlers *h);
int daemon_take_held(struct daemon *d, const char *name);	/* fd, or -1 */
/* Gives the monitor a duplicate; remembered for ADOPT. */
void daemon_hold(struct daemon *d, const char *name, int fd);
void daemon_unhold(struct daemon *d, const char *name);
/* Path of another server's socket, in a static buffer a caller copies or uses at once. */
const char *daemon_socket(const struct daemon *d, const char *server);
/* Runs the loop until SIGTERM, then calls `leave` and frees everything (leak checkers are on). */
int daemon_run(struct daemon *d, void (*leave)(struct daemon *d));

#endif
