/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes out of one connection: at once, at the end of the loop's round, or when the
 * socket has room again.  Nobody waits: what does not leave is queued, up to
 * IPC_QUEUE_BYTES.  Of lib/ipc_*.c alone.
 *
 * It is a member of its connection, whose watch it borrows; bytes are copied, descriptors
 * dup'ed, and both wiped or closed when they have left.
 */
#ifndef CULVERT_IPC_OUT_H
#define CULVERT_IPC_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

#define IPC_QUEUE_BYTES (8 * 1024 * 1024)	/* then the connection is over */

struct ipc_out {
	struct watch *watch;		/* of the socket, and started */
	const char *reader;		/* for the log: who is at the other end */
	bool gathers;			/* what is sent leaves at the end of the loop's round */
	void (*before)(struct ipc_out *o);	/* called before what waits leaves; NULL: nothing is */
	bool blocked;			/* the socket took no more */
	struct timer round;		/* its end */
	struct ipc_waiting *first, *last;
	size_t bytes;			/* that wait */
};

void ipc_out_init(struct ipc_out *o, struct watch *watch);
void ipc_out_free(struct ipc_out *o);		/* what waits is lost */

/* One message; fd: -1, or a descriptor to ride along.  False: the connection is over. */
bool ipc_out_put(struct ipc_out *o, const uint8_t *p, size_t len, int fd);
/*
 * Sends what waits, as far as the socket takes it.  A socket that fails is shut down: its
 * reader ends the connection, because the caller may be in the middle of a list.
 */
void ipc_out_flush(struct ipc_out *o);		/* nothing while blocked */
void ipc_out_writable(struct ipc_out *o);	/* the watch says that there is room */

#endif
