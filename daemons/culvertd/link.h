/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control's connection to one daemon: the whole desired state after each connect, then
 * only differences; and the questions that wait for an answer (clear, show).
 */
#ifndef CULVERT_LINK_H
#define CULVERT_LINK_H

#include "ipc.h"

enum { LINK_ESPD, LINK_IKED, LINK_NHRPD, LINKS };

struct control;

/* Somebody's question; the answer's function is called exactly once, with a sentence
 * when the daemon refused or went away. Rows come before it. */
struct link_question {
	uint32_t seq;
	void (*row)(void *arg, enum ipc_type type, const union ipc_body *row);	/* may be NULL */
	void (*answer)(void *arg, const char *failed, uint64_t cursor);
	void *arg;
	struct link_question *prev, *next;
};

struct link {
	struct control *control;
	enum ipc_role role;
	const char *name;
	struct ipc_client *client;
	bool synced;			/* it has been told everything */
	uint32_t next_seq;
	struct link_question *questions;
};

void link_start(struct link *l, struct control *c, enum ipc_role role, const char *name);
void link_stop(struct link *l);
/* NULL, or why it cannot be asked; then `answer` is not called. */
const char *link_ask(struct link *l, enum ipc_type type, const void *body,
    const struct link_question *q);

#endif
