/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A culvert-espd in a network namespace of its own, and the other daemons
 * played by the test: control, iked, nhrpd, a shell and the monitor.
 */
#ifndef CULVERT_ESPD_NODE_H
#define CULVERT_ESPD_NODE_H

#include <stdbool.h>
#include <sys/types.h>

#include "ipc.h"

struct node {
	char ns[32], rundir[80];
	pid_t pid;
	unsigned int workers;		/* 0: as many as espd takes of itself */
	int monitor, control, iked, nhrpd, shell;	/* connected descriptors */
	int keep_fd, queue_fd;		/* what the monitor holds; queue: of `queue` */
	char queue[16];
	struct {
		char name[16];
		int fd;
	} cmap[4];			/* queues of crypto maps' devices, which it holds too */
	unsigned int cmaps;
};

/* Runs a command, printf-like; true when it exited with 0. */
bool run(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The namespace, named espd-NAME-PID.  It goes when the program ends, if not before. */
void node_ns_new(struct node *n, const char *name);
/* A directory of that name for it, in TMPDIR; node_ns_new() makes one. */
void node_rundir(struct node *n, const char *name);
void node_start(struct node *n);	/* espd, and all connections to it */
void node_kill(struct node *n);		/* SIGKILL; what the monitor holds stays */
int node_stop(struct node *n);		/* SIGTERM; its exit status */
void node_ns_delete(struct node *n);

/* Sends over one of the descriptors; the test fails when that does. */
void say(int fd, enum ipc_type type, const void *body);
/* Waits for a message of this type, passing over others. NULL when none comes in time. */
struct ipc_msg *hear(int fd, enum ipc_type type, int timeout_ms);
void hear_all(int fd);		/* what has come is passed over */
/* UDP 4500 as far as it is IKE, as espd hands it to iked; the node's.  -1: it did not. */
int ike_socket(struct node *n, bool v6);
/* Whether one has come already. */
bool heard(int fd, enum ipc_type type);
/* The row of SHOW `what` for which `want` says yes; false when there is none. */
bool show_row(struct node *n, enum ipc_show_what what, enum ipc_type row,
    bool (*want)(const union ipc_body *b, const void *arg), const void *arg, union ipc_body *found);

#endif
