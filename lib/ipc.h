/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How culvert's processes talk: Unix SOCK_SEQPACKET, one connection an arrow,
 * the messages of ipc_msgs.h (ipc_codec.h) and no others.
 *
 * A descriptor may ride along with a message.  A body is decoded in full and the
 * sender's right to say it is checked before the handler runs; what fails is logged
 * and closes the connection.
 *
 * A datagram has one message or, from a connection that gathers (ipc_gather()),
 * several: what many sessions say in one round of the loop costs one system call and
 * wakes its reader once.
 *
 * Nobody waits: sockets are non-blocking and each connection has a bounded
 * queue.  What may be lost (relayed packets) is refused by ipc_send_droppable()
 * while the socket is full; anything else that does not fit ends the connection, and the
 * client comes back with its whole desired state.
 */
#ifndef CULVERT_IPC_H
#define CULVERT_IPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipc_codec.h"
#include "loop.h"

#define IPC_SHOW_BYTES (256 * 1024)	/* queued: then a show stops and hands out a cursor */

struct ipc_conn;

struct ipc_handlers {
	/* The peer said HELLO; c's role and warmth are known. */
	void (*up)(struct ipc_conn *c);
	void (*message)(struct ipc_conn *c, struct ipc_msg *m);
	/* The connection is gone; c is freed after this returns. */
	void (*down)(struct ipc_conn *c);
};

/*
 * A server listens on PATH (unlinked first, mode 0600, parent must exist) and
 * greets who connects.  Roles outside `allow` are refused; the peer's uid must
 * be root or our own.
 */
struct ipc_server;
struct ipc_server *ipc_listen(struct loop *l, const char *path, enum ipc_role self, bool warm,
    unsigned int allow, const struct ipc_handlers *h, void *user);	/* NULL with errno */
void ipc_server_close(struct ipc_server *s);
/* Call f for every live connection whose role is in `roles`. */
void ipc_server_each(struct ipc_server *s, unsigned int roles,
    void (*f)(struct ipc_conn *c, void *arg), void *arg);

/*
 * A client connects to PATH and keeps trying (20 ms, then slower to 500 ms)
 * after each loss until it is closed; `up` is called each time.
 */
struct ipc_client;
struct ipc_client *ipc_connect(struct loop *l, const char *path, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user);
void ipc_client_close(struct ipc_client *cl);
struct ipc_conn *ipc_client_conn(struct ipc_client *cl);	/* NULL while not up */

/* A connected descriptor (socketpair with the monitor); takes fd. HELLO is sent at once.
 * `down` is called even if it ends before it was up. */
struct ipc_conn *ipc_conn_from_fd(struct loop *l, int fd, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user);

/* Send.  Returns false when the connection is (now) dead.  c may be NULL: false. */
bool ipc_send(struct ipc_conn *c, enum ipc_type type, const void *body);
bool ipc_send_fd(struct ipc_conn *c, enum ipc_type type, const void *body, int fd);	/* fd is dup'ed */
bool ipc_reply(struct ipc_conn *c, const struct ipc_msg *to, enum ipc_type type, const void *body);
/* With an explicit sequence number, for an answer that comes later. */
bool ipc_send_seq(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body);
bool ipc_send_droppable(struct ipc_conn *c, enum ipc_type type, const void *body);
void ipc_done(struct ipc_conn *c, const struct ipc_msg *to, const char *refused_why, uint32_t count);

/*
 * From now on what is sent waits for the end of the loop's round, in its order, and leaves
 * together.  ipc_flush: at once, before something that depends on it leaves another way.
 */
void ipc_gather(struct ipc_conn *c);
/* Likewise, and `first` is called before any of it leaves: it sends what must be heard before. */
void ipc_gather_behind(struct ipc_conn *c, void (*first)(struct ipc_conn *c));
void ipc_flush(struct ipc_conn *c);		/* NULL is nothing */

size_t ipc_queued(const struct ipc_conn *c);	/* bytes waiting; a show pauses above IPC_SHOW_BYTES */
unsigned int ipc_conn_role(const struct ipc_conn *c);	/* of the peer */
bool ipc_conn_warm(const struct ipc_conn *c);
void *ipc_conn_user(const struct ipc_conn *c);		/* `user` of the server or client */
void *ipc_conn_data(const struct ipc_conn *c);		/* the handler's own, per connection */
void ipc_conn_set_data(struct ipc_conn *c, void *data);
void ipc_conn_close(struct ipc_conn *c);		/* `down` is called */

/*
 * Blocking calls for the shell and the lab, which have nothing else to do.
 * Returns a connected descriptor after HELLO both ways, or -1 with errno.
 */
int ipc_call_open(const char *path, enum ipc_role self);
bool ipc_call_send(int fd, enum ipc_type type, uint32_t seq, const void *body);
/* Receives one message within timeout_ms (-1: for ever) into buffers that live until the next
 * call.  1: got one; 0: time is up; -1: gone or not understood. */
int ipc_call_recv(int fd, struct ipc_msg *m, int timeout_ms);

#endif
