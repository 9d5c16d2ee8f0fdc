/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ike_wire.h"
#include "ikev2_wire.h"
#include "log.h"
#include "mark.h"

enum { DATAGRAMS_A_ROUND = 64, RECEIVE_BUFFER = 4 * 1024 * 1024, MARKER_LEN = 4 };

union control {		/* of port 4500 there are the traffic class and UDP_GRO, too */
	char b[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 2 * CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

/* To which of our addresses it came; *piece: the length of each datagram in it, 0: it is one. */
static struct addr
read_control(struct msghdr *msg, size_t *piece)
{
	struct in6_pktinfo info6;
	struct in_pktinfo info;
	struct addr local = {0};
	struct cmsghdr *c;
	int n;

	*piece = 0;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			local = addr_from_bytes(ADDR_V4, (const uint8_t *)&info.ipi_addr);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			local = addr_from_bytes(ADDR_V6, (const uint8_t *)&info6.ipi6_addr);
		} else if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
			memcpy(&n, CMSG_DATA(c), sizeof(n));
			*piece = n > 0 ? (size_t)n : 0;
		}
	}
	return local;
}

/*
 * Behind the non-ESP marker (RFC 3948 2.2).  What has none is ESP that the kernel joined to IKE:
 * nothing of it is read, and the engine counts it.
 */
static struct slice
without_marker(const uint8_t *p, size_t len)
{
	static const uint8_t marker[MARKER_LEN];

	if (len < MARKER_LEN || memcmp(p, marker, MARKER_LEN) != 0)
		return (struct slice){NULL, 0};
	return slice_of(p + MARKER_LEN, len - MARKER_LEN);
}

static void
deliver_natt(struct ike_port *p, const struct ike_path *path, const uint8_t *b, size_t len,
    size_t piece)
{
	size_t take;

	if (piece == 0)
		piece = len;
	for (; len > 0; len -= take, b += take) {
		take = len < piece ? len : piece;
		p->sock->receive(p->sock, path, without_marker(b, take));
	}
}

static bool
take_one(struct ike_port *p)
{
	/* One more: what is longer is seen as such. */
	static uint8_t buf[MARKER_LEN + IKEV2_MESSAGE_MAX + 1];
	union control control;
	struct sockaddr_storage from;
	struct iovec iov = {buf, sizeof(buf)};
	struct msghdr msg = {
	    .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct ike_path path = {.local_port = p->natt ? IKE_NATT_PORT : IKE_PORT};
	ssize_t n = recvmsg(p->fd, &msg, MSG_DONTWAIT);
	size_t piece;

	if (n < 0)
		return errno == EINTR || errno == ECONNREFUSED;
	path.local = read_control(&msg, &piece);
	addr_from_sockaddr(&path.remote, &path.remote_port, (struct sockaddr *)&from);
	if (p->natt)
		deliver_natt(p, &path, buf, (size_t)n, piece);
	else
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

	s->natt_v4.fd = s->natt_v6.fd = -1;

	return why != NULL ? why : port_open(&s->v6, s, l, held_v6);
}

static void
port_close(struct ike_port *p)
{
	watch_stop(&p->watch);
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

void
sock_take_natt(struct ike_sock *s, struct loop *l, bool v6, int fd)
{
	struct ike_port *p = v6 ? &s->natt_v6 : &s->natt_v4;

	port_close(p);
	*p = (struct ike_port){.sock = s, .v6 = v6, .natt = true, .fd = fd};
	p->watch.run = readable;
	if (watch_start(&p->watch, l, fd, LOOP_READ) < 0)
		log_err("UDP port 4500 cannot be watched: %s", strerror(errno));
}

void
sock_close(struct ike_sock *s)
{
	port_close(&s->v4);
	port_close(&s->v6);
	port_close(&s->natt_v4);
	port_close(&s->natt_v6);
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

static const struct ike_port *
port_for(const struct ike_sock *s, const struct ike_path *path)
{
	if (path->local_port == IKE_NATT_PORT)
		return path->remote.family == ADDR_V6 ? &s->natt_v6 : &s->natt_v4;
	return path->remote.family == ADDR_V6 ? &s->v6 : &s->v4;
}

void
sock_send(struct ike_sock *s, const struct ike_path *path, struct slice datagram)
{
	static const uint8_t marker[MARKER_LEN], keepalive = 0xff;
	const struct ike_port *p = port_for(s, path);
	union control control;
	struct sockaddr_storage to;
	struct iovec iov[] = {{(void *)(uintptr_t)marker, sizeof(marker)},
	    {(void *)(uintptr_t)datagram.p, datagram.len}};
	struct msghdr msg = {.msg_name = &to, .msg_iov = p->natt ? iov : iov + 1,
	    .msg_iovlen = p->natt ? 2 : 1};

	if (p->natt && datagram.len == 0) {
		iov[0] = (struct iovec){(void *)(uintptr_t)&keepalive, 1};
		msg.msg_iovlen = 1;
	}
	msg.msg_namelen = addr_to_sockaddr(&path->remote, path->remote_port, &to);
	write_local(&msg, &control, &path->local);
	if (sendmsg(p->fd, &msg, MSG_DONTWAIT) < 0)
		log_debug_about(LOG_DEBUG_ISAKMP, &path->remote, "ISAKMP-ERROR",
		    "sending from %s to %s: %s", ADDR_STR(&path->local), ADDR_STR(&path->remote), strerror(errno));
}
