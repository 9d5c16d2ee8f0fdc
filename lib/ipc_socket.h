/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket of a connection: Unix SOCK_SEQPACKET by its path, and datagrams through it,
 * with the descriptor that may ride along.  For lib/ipc_*.c, and tests that play a daemon;
 * others use ipc.h.
 */
#ifndef CULVERT_IPC_SOCKET_H
#define CULVERT_IPC_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/un.h>

#include "ipc_codec.h"

#define IPC_DATAGRAM_MAX (IPC_HEADER_LEN + IPC_BODY_MAX)	/* bytes */

/* False and ENAMETOOLONG: the path does not fit. */
bool ipc_socket_address(struct sockaddr_un *sun, const char *path);
/* A descriptor connected to path, the caller's; -1 with errno.  flags: of socket(2)'s type. */
int ipc_socket_connect(const char *path, int flags);

/* fd rides along unless it is -1, and stays the caller's.  Never waits; false with errno. */
bool ipc_socket_send(int sock, const uint8_t *p, size_t len, int fd);
/* Why that failed: the socket takes no more for now. */
bool ipc_socket_is_full(void);
/*
 * One datagram, without waiting; a byte more than the maximum fits, so that a longer one is
 * seen as such.  >0: its length; 0: nothing now; -1: the connection is over.
 * *fd: the caller's from now on, or -1; of several the first, the others are closed.
 */
ssize_t ipc_socket_receive(int sock, uint8_t bytes[IPC_DATAGRAM_MAX + 1], int *fd);

#endif
