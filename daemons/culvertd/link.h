/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control's connection to one daemon, and the questions that wait for an answer of it
 * (clear, show).  Whoever starts a link hears when the daemon is there and what it says
 * unasked.
 */
#ifndef CULVERT_LINK_H
#define CULVERT_LINK_H

#include "ipc.h"

enum { LINK_ESPD, LINK_IKED, LINK_NHRPD, LINKS };

/* Somebody's question; the answer's function is called exactly once, with a sentence
 * when the daemon refused or went away. Rows come before it. */
struct link_question {
	uint32_t seq;
	void (*row)(void *arg, enum ipc_type type, const union ipc_body *row);	/* may be NULL */
	void (*answer)(void *arg, const char *failed, uint64_t cursor);
	void *arg;
	struct link_question *prev, *next;
};

struct link;

struct link_handlers {
	/* The daemon is there, perhaps once more, and knows nothing: tell it everything. */
	void (*up)(struct link *l);
	/* False: it is no event, but a row of an answer. */
	bool (*event)(struct link *l, const struct ipc_msg *m);
};

struct link {
	const struct link_handlers *handlers;
	void *user;
	enum ipc_role role;
	const char *name;
	struct ipc_client *client;
	bool synced;			/* it is there, and has been told everything */
	uint32_t next_seq;
	struct link_question *questions;
};

struct link_to {
	enum ipc_role role;
	const char *name;		/* also of its socket in rundir */
	const char *rundir;
	struct loop *loop;
	bool warm;			/* we were here before: the daemon keeps what it has */
	const struct link_handlers *handlers;
	void *user;
};

void link_start(struct link *l, const struct link_to *to);
void link_stop(struct link *l);
/* NULL, or why it cannot be asked; then `answer` is not called. */
const char *link_ask(struct link *l, enum ipc_type type, const void *body,
    const struct link_question *q);

#endif
