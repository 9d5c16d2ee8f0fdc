/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocking side of ipc.h: for programs that have nothing else to do. */
#include "ipc.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc_socket.h"

#define CALL_TIMEOUT_MS 3000

int
ipc_call_open(const char *path, enum ipc_role self)
{
	struct ipc_hello hello = {.version = IPC_VERSION, .role = (uint8_t)self,
	    .pid = (uint32_t)getpid()};
	struct ipc_msg m;
	int fd = ipc_socket_connect(path, 0);

	if (fd < 0)
		return -1;
	if (!ipc_call_send(fd, IPC_MSG_HELLO, 0, &hello) ||
	    ipc_call_recv(fd, &m, CALL_TIMEOUT_MS) != 1 || m.type != IPC_MSG_HELLO ||
	    m.body->hello.version != IPC_VERSION) {
		close(fd);
		errno = EPROTO;
		return -1;
	}
	return fd;
}

bool
ipc_call_send(int fd, enum ipc_type type, uint32_t seq, const void *body)
{
	static uint8_t bytes[IPC_DATAGRAM_MAX];
	struct wbuf w;
	bool ok;

	wbuf_init(&w, bytes, sizeof(bytes));
	ok = ipc_message_write(&w, type, seq, body) &&
	    send(fd, bytes, wbuf_len(&w), MSG_NOSIGNAL) == (ssize_t)wbuf_len(&w);
	explicit_bzero(bytes, wbuf_len(&w));
	return ok;
}

int
ipc_call_recv(int fd, struct ipc_msg *m, int timeout_ms)
{
	static uint8_t bytes[IPC_DATAGRAM_MAX];
	static union ipc_body body;
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	struct rbuf r;
	ssize_t n;
	int ready;

	ready = poll(&pfd, 1, timeout_ms);
	if (ready == 0)
		return 0;
	if (ready < 0)
		return errno == EINTR ? 0 : -1;
	n = recv(fd, bytes, sizeof(bytes), 0);
	if (n <= 0)
		return -1;
	rbuf_init(&r, bytes, (size_t)n);
	m->body = &body;
	m->fd = -1;
	return ipc_message_read(&r, m) == NULL && rbuf_done(&r) ? 1 : -1;
}
