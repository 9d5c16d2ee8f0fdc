/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the daemons should have: a set of messages, each under a key of its own.
 *
 * derive.c makes the set anew from the whole configuration whenever something
 * changed; commit.c compares it with the set that was sent and sends the difference.
 * So there is one way to say a thing, whether at boot, after a daemon's
 * restart or after one changed line.
 */
#ifndef CULVERT_WISH_H
#define CULVERT_WISH_H

#include <uthash.h>

#include "ipc.h"

struct wish {
	char key[176];
	enum ipc_role to;
	enum ipc_type set, del;		/* del: IPC_NONE when it cannot be taken back */
	void *body;			/* of `set`; no byte in it is left unset, so bodies compare as memory */
	UT_hash_handle hh;
};

struct wishes {
	struct wish *all;		/* in the order they were made */
};

/* A zeroed body to fill in. A key that is there already gives NULL: the first one counts. */
void *wishes_add(struct wishes *w, enum ipc_role to, enum ipc_type set, enum ipc_type del,
    const char *key_fmt, ...) __attribute__((format(printf, 5, 6)));
void wishes_free(struct wishes *w);		/* wipes keys */

typedef void wish_send(void *arg, enum ipc_type type, const void *body);
/* What `to` must hear to come from `have` to `want`: deletions first. How many messages. */
unsigned int wishes_diff(const struct wishes *have, const struct wishes *want, enum ipc_role to,
    wish_send *send, void *arg);
/* All that `to` should have. */
void wishes_all(const struct wishes *want, enum ipc_role to, wish_send *send, void *arg);

#endif
