/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ike_wire.h"
#include "log.h"

enum { DATAGRAMS_A_ROUND = 64, RECEIVE_BUFFER = 4 * 1024 * 1024 };

static bool
take_one(struct ike_sock *s)
{
	static uint8_t buf[IKE_DATAGRAM_MAX + 1];	/* one more: what is longer is seen as such */
	union {
		char b[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control;
	struct sockaddr_in from;
	struct iovec iov = {buf, sizeof(buf)};
	struct msghdr msg = {
	    .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct ike_path path = {.local_port = IKE_PORT};
	struct in_pktinfo info;
	struct cmsghdr *c;
	ssize_t n = recvmsg(s->fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return errno == EINTR || errno == ECONNREFUSED;
	for (c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			path.local = addr_v4(ntohl(info.ipi_addr.s_addr));
		}
	addr_from_sockaddr(&path.remote, &path.remote_port, (struct sockaddr *)&from);
	s->receive(s, &path, slice_of(buf, (size_t)n));
	return true;
}

static void
readable(struct watch *w, unsigned int events)
{
	struct ike_sock *s = container_of(w, struct ike_sock, watch);
	int i;

	(void)events;
	for (i = 0; i < DATAGRAMS_A_ROUND && take_one(s); i++)
		;
}

static const char *
bind_port(struct ike_sock *s)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(IKE_PORT)};
	int on = 1, room = RECEIVE_BUFFER;
	static char why[160];

	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0 || setsockopt(s->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0) {
		snprintf(why, sizeof(why), "UDP socket for IKE: %s", strerror(errno));
		return why;
	}
	/* Many spokes may call at once; root may exceed rmem_max, others get what they get. */
	if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(s->fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		snprintf(why, sizeof(why), errno == EADDRINUSE ?
		    "UDP port 500 is taken: another IKE daemon runs here, stop it first" :
		    "UDP port 500: %s", strerror(errno));
		return why;
	}
	return NULL;
}

const char *
sock_open(struct ike_sock *s, struct loop *l, int held)
{
	const char *why;

	s->fd = held;
	why = held < 0 ? bind_port(s) : NULL;
	if (why != NULL)
		return why;
	s->watch.run = readable;
	return watch_start(&s->watch, l, s->fd, LOOP_READ) < 0 ? "UDP port 500 cannot be watched" : NULL;
}

void
sock_close(struct ike_sock *s)
{
	watch_stop(&s->watch);
	close(s->fd);
}

void
sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram)
{
	union {
		char b[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control;
	struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(addr_to_v4(&path->local))};
	struct sockaddr_storage to;
	struct iovec iov = {(void *)(uintptr_t)datagram.p, datagram.len};
	struct msghdr msg = {
	    .msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control),
	};

	memset(&control, 0, sizeof(control));
	msg.msg_namelen = addr_to_sockaddr(&path->remote, path->remote_port, &to);
	control.align.cmsg_level = IPPROTO_IP;
	control.align.cmsg_type = IP_PKTINFO;
	control.align.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.align), &info, sizeof(info));
	if (sendmsg(s->fd, &msg, MSG_DONTWAIT) < 0)
		log_debug(LOG_DEBUG_ISAKMP, "ISAKMP-ERROR", "sending from %s to %s: %s",
		    ADDR_STR(&path->local), ADDR_STR(&path->remote), strerror(errno));
}
