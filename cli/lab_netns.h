/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Named network namespaces, made as `ip netns add` makes them: a file in
 * /run/netns on which the namespace is mounted, so that `ip netns exec` and
 * culvert-lab can be used side by side.
 */
#ifndef CULVERT_LAB_NETNS_H
#define CULVERT_LAB_NETNS_H

#include <stdbool.h>
#include <sys/types.h>

bool netns_exists(const char *name);
const char *netns_make(const char *name);	/* we stay where we are */
const char *netns_enter(const char *name);	/* this process moves */
int netns_open(const char *name);		/* -1 with errno */
int netns_open_own(void);			/* the one this process is in */
void netns_return(int own);			/* back into it; closes it.  Ends the process if it cannot */
bool netns_is_in(const char *name, pid_t pid);
void netns_ask_to_end(const char *name);	/* SIGTERM to all in there, without waiting */
/* Ends every process in the namespace: asks first, then does not; false if some will not go. */
bool netns_end_processes(const char *name);
/* Takes the name away; the namespace goes when nothing is in it.  Missing is fine. */
const char *netns_delete(const char *name);

#endif
