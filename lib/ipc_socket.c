/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
ipc_socket_address(struct sockaddr_un *sun, const char *path)
{
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(sun->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(sun->sun_path, path, strlen(path));
	return true;
}

int
ipc_socket_connect(const char *path, int flags)
{
	struct sockaddr_un sun;
	int fd, why;

	if (!ipc_socket_address(&sun, path))
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

bool
ipc_socket_send(int sock, const uint8_t *p, size_t len, int fd)
{
	struct iovec iov = {.iov_base = (void *)(uintptr_t)p, .iov_len = len};
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr mh = {.msg_iov = &iov, .msg_iovlen = 1};

	if (fd >= 0) {
		mh.msg_control = control.room;
		mh.msg_controllen = sizeof(control.room);
		control.h.cmsg_level = SOL_SOCKET;
		control.h.cmsg_type = SCM_RIGHTS;
		control.h.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.h), &fd, sizeof(fd));
	}
	return sendmsg(sock, &mh, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len;
}

bool
ipc_socket_is_full(void)
{
	return errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS;
}

/* The first descriptor that came along, or -1; the others are closed. */
static int
take_descriptor(struct msghdr *mh)
{
	struct cmsghdr *cm;
	int first = -1;

	for (cm = CMSG_FIRSTHDR(mh); cm != NULL; cm = CMSG_NXTHDR(mh, cm)) {
		size_t count = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int), i;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		for (i = 0; i < count; i++) {
			int got;

			memcpy(&got, CMSG_DATA(cm) + i * sizeof(int), sizeof(got));
			if (first < 0)
				first = got;
			else
				close(got);
		}
	}
	return first;
}

ssize_t
ipc_socket_receive(int sock, uint8_t bytes[IPC_DATAGRAM_MAX + 1], int *fd)
{
	struct iovec iov = {.iov_base = bytes, .iov_len = IPC_DATAGRAM_MAX + 1};
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int) * 4)];
	} control;
	struct msghdr mh = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
	    .msg_controllen = sizeof(control.room)};
	ssize_t n;

	*fd = -1;
	n = recvmsg(sock, &mh, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	*fd = take_descriptor(&mh);
	if (n > 0)
		return n;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return -1;
}
