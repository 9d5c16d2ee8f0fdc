/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ikev2_wire.h"
#include "log.h"
#include "mark.h"

enum { DATAGRAMS_A_ROUND = 64, RECEIVE_BUFFER = 4 * 1024 * 1024 };

union control {
	char b[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct cmsghdr align;
};

/* To which of our addresses it came. */
static struct addr
read_local(struct msghdr *msg)
{
	struct in6_pktinfo info6;
	struct in_pktinfo info;
	struct addr local = {0};
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			local = addr_from_bytes(ADDR_V4, (const uint8_t *)&info.ipi_addr);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			local = addr_from_bytes(ADDR_V6, (const uint8_t *)&info6.ipi6_addr);
		}
	}
	return local;
}

static bool
take_one(struct ike_port *p)
{
	static uint8_t buf[IKEV2_MESSAGE_MAX + 1];	/* one more: what is longer is seen as such */
	union control control;
	struct sockaddr_storage from;
	struct iovec iov = {buf, sizeof(buf)};
	struct msghdr msg = {
	    .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct ike_path path = {.local_port = IKE_PORT};
	ssize_t n = recvmsg(p->fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return errno == EINTR || errno == ECONNREFUSED;
	path.local = read_local(&msg);
	addr_from_sockaddr(&path.remote, &path.remote_port, (struct sockaddr *)&from);
	p->sock->receive(p->sock, &path, slice_of(buf, (size_t)n));
	return true;
}

static void
readable(struct watch *w, unsigned int events)
{
	struct ike_port *p = container_of(w, struct ike_port, watch);
	int i;

	(void)events;
	for (i = 0; i < DATAGRAMS_A_ROUND && take_one(p); i++)
		;
}

static const char *
bind_port(struct ike_port *p)
{
	struct addr any = {.family = p->v6 ? ADDR_V6 : ADDR_V4};
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&any, IKE_PORT, &ss);
	int on = 1, room = RECEIVE_BUFFER, mark = (int)WIRE_MARK;
	static char why[160];

	p->fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->fd < 0 && p->v6 && errno == EAFNOSUPPORT)
		return NULL;
	if (p->fd < 0 || (p->v6 &&
	    setsockopt(p->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0) ||
	    setsockopt(p->fd, p->v6 ? IPPROTO_IPV6 : IPPROTO_IP, p->v6 ? IPV6_RECVPKTINFO : IP_PKTINFO,
	    &on, sizeof(on)) < 0) {
		snprintf(why, sizeof(why), "UDP socket for IKE: %s", strerror(errno));
		return why;
	}
	if (setsockopt(p->fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0)
		log_warn("UDP port 500 has no mark, so a crypto map may catch IKE: %s", strerror(errno));
	/* Many spokes may call at once; root may exceed rmem_max, others get what they get. */
	if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(p->fd, (struct sockaddr *)&ss, len) < 0) {
		snprintf(why, sizeof(why), errno == EADDRINUSE ?
		    "UDP port 500 is taken: another IKE daemon runs here, stop it first" :
		    "UDP port 500: %s", strerror(errno));
		return why;
	}
	return NULL;
}

static const char *
port_open(struct ike_port *p, struct ike_sock *s, struct loop *l, int held)
{
	const char *why;

	p->sock = s;
	p->v6 = p == &s->v6;
	p->fd = held;
	p->watch.run = readable;
	why = held < 0 ? bind_port(p) : NULL;
	if (why != NULL || p->fd < 0)
		return why;
	return watch_start(&p->watch, l, p->fd, LOOP_READ) < 0 ? "UDP port 500 cannot be watched" : NULL;
}

const char *
sock_open(struct ike_sock *s, struct loop *l, int held_v4, int held_v6)
{
	const char *why = port_open(&s->v4, s, l, held_v4);

	return why != NULL ? why : port_open(&s->v6, s, l, held_v6);
}

void
sock_close(struct ike_sock *s)
{
	watch_stop(&s->v4.watch);
	close(s->v4.fd);
	if (s->v6.fd < 0)
		return;
	watch_stop(&s->v6.watch);
	close(s->v6.fd);
}

/* From which of our addresses it leaves. */
static void
write_local(struct msghdr *msg, union control *control, const struct addr *local)
{
	struct cmsghdr *c = &control->align;
	struct in6_pktinfo info6 = {0};
	struct in_pktinfo info = {0};
	bool v6 = local->family == ADDR_V6;
	size_t len = v6 ? sizeof(info6) : sizeof(info);

	memcpy(&info6.ipi6_addr, local->b, sizeof(info6.ipi6_addr));
	memcpy(&info.ipi_spec_dst, local->b, sizeof(info.ipi_spec_dst));
	memset(control, 0, sizeof(*control));
	c->cmsg_level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	c->cmsg_type = v6 ? IPV6_PKTINFO : IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), v6 ? (const void *)&info6 : &info, len);
	msg->msg_control = control;
	msg->msg_controllen = CMSG_SPACE(len);
}

void
sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram)
{
	union control control;
	struct sockaddr_storage to;
	struct iovec iov = {(void *)(uintptr_t)datagram.p, datagram.len};
	struct msghdr msg = {.msg_name = &to, .msg_iov = &iov, .msg_iovlen = 1};

	msg.msg_namelen = addr_to_sockaddr(&path->remote, path->remote_port, &to);
	write_local(&msg, &control, &path->local);
	if (sendmsg(path->remote.family == ADDR_V6 ? s->v6.fd : s->v4.fd, &msg, MSG_DONTWAIT) < 0)
		log_debug_about(LOG_DEBUG_ISAKMP, &path->remote, "ISAKMP-ERROR",
		    "sending from %s to %s: %s", ADDR_STR(&path->local), ADDR_STR(&path->remote), strerror(errno));
}
