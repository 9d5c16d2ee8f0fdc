/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a connection of ipc.h is inside: from HELLO to its end, and what comes in between.
 * Of lib/ipc_*.c alone.
 *
 * Who made it, a server or a client, hears of its HELLO and its end through struct
 * ipc_owner.  A connection frees itself after `down`, when no callback stands on it.
 */
#ifndef CULVERT_IPC_CONN_H
#define CULVERT_IPC_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include "ipc.h"
#include "ipc_out.h"
#include "loop.h"

/* This end: who we say that we are, whom we serve, and who handles what is heard. */
struct ipc_end {
	struct loop *loop;
	enum ipc_role self;
	bool warm;
	unsigned int allow;		/* roles of the other end; 0: any */
	const struct ipc_handlers *handlers;
	void *user;
};

struct ipc_owner {
	void (*greeted)(struct ipc_owner *o);	/* before the handlers' `up`; or NULL */
	void (*lost)(struct ipc_owner *o, struct ipc_conn *c);	/* before their `down` */
};

struct ipc_conn {
	struct ipc_end end;
	struct ipc_owner *owner;	/* NULL: made from a descriptor */
	int fd;
	struct watch watch;
	struct timer hello_timer;
	struct ipc_out out;
	void (*first)(struct ipc_conn *c);	/* of ipc_gather_behind() */
	unsigned int role;		/* of the other end, as are the next two */
	bool warm;
	uint32_t pid;
	bool up, dead, busy;		/* busy: in a callback, freed when that returns */
	uint32_t next_seq;
	void *data;
	struct ipc_conn *prev, *next;	/* of the server */
};

/* Takes fd and says HELLO; NULL with errno: fd stays the caller's. */
struct ipc_conn *ipc_conn_new(const struct ipc_end *end, int fd, struct ipc_owner *owner);

#endif
