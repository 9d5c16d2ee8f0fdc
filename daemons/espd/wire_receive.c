/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in, a batch at a time; runs that UDP_GRO made are cut again. */
#include <string.h>
#include <netinet/udp.h>

#include "wire.h"

struct in_batch {
	struct mmsghdr msg[WIRE_BATCH];
	struct iovec iov[WIRE_BATCH];
	struct sockaddr_storage sa[WIRE_BATCH];
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
		    2 * CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control[WIRE_BATCH];
};

/* Where it came to and by what; returns the size of a UDP_GRO run's pieces, or 0. */
static size_t
read_control(struct wire_in *in, struct msghdr *m)
{
	struct in6_pktinfo info6;
	struct in_pktinfo info;
	struct cmsghdr *c;
	size_t piece = 0;
	int n;

	for (c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			in->dst = addr_from_bytes(ADDR_V4, (const uint8_t *)&info.ipi_addr);
			in->ifindex = info.ipi_ifindex;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			in->dst = addr_from_bytes(ADDR_V6, (const uint8_t *)&info6.ipi6_addr);
			in->ifindex = (int)info6.ipi6_ifindex;
		} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) {
			in->tos = *CMSG_DATA(c);
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS) {
			memcpy(&n, CMSG_DATA(c), sizeof(n));
			in->tos = (uint8_t)n;
		} else if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
			memcpy(&n, CMSG_DATA(c), sizeof(n));
			piece = n > 0 ? (size_t)n : 0;
		}
	}
	return piece;
}

/* A raw socket of IPv4 hands over the IP header too; the kernel has checked and reassembled. */
static bool
strip_ip(struct wire_in *in)
{
	size_t header = in->len > 0 ? (size_t)(in->p[0] & 0x0f) * 4 : 0;

	if (in->src.family == ADDR_V6)
		return true;
	if (header < 20 || in->len < header)
		return false;
	in->p += header;
	in->len -= header;
	return true;
}

static void
deliver(struct wire *w, const struct wire_in *all, size_t piece,
    void (*f)(void *arg, struct wire_in *in), void *arg)
{
	struct work *work = &w->counters->work;
	struct wire_in in = *all;	/* one for all pieces: f only reads it */
	size_t at;

	if (in.kind != WIRE_UDP) {
		stat_add(&work->wire_received_packets, 1);
		if (strip_ip(&in))
			f(arg, &in);
		else
			count_drop(w->counters, DROP_IN_RUNT, in.len);
		return;
	}
	if (piece == 0)
		piece = all->len;
	for (at = 0; at == 0 || at < all->len; at += piece) {
		stat_add(&work->wire_received_packets, 1);
		in.p = all->p + at;
		__builtin_prefetch(in.p + 2 * piece);	/* where a header is, or nothing */
		in.len = all->len - at < piece ? all->len - at : piece;
		f(arg, &in);	/* it writes within its own bytes only */
		if (piece == 0)
			break;
	}
}

unsigned int
wire_receive(struct wire *w, unsigned int socket, void (*f)(void *arg, struct wire_in *in),
    void *arg)
{
	struct in_batch b;
	enum profile_stage was;
	struct wire_in in;
	size_t piece;
	int i, n;

	for (i = 0; i < WIRE_BATCH; i++) {
		b.iov[i] = (struct iovec){w->rx + (size_t)i * WIRE_RX_STRIDE, WIRE_ROOM};
		b.msg[i].msg_hdr = (struct msghdr){.msg_name = &b.sa[i],
		    .msg_namelen = sizeof(b.sa[i]), .msg_iov = &b.iov[i], .msg_iovlen = 1,
		    .msg_control = &b.control[i], .msg_controllen = sizeof(b.control[i])};
	}
	was = profile_enter(w->profile, PROFILE_RECEIVE);
	n = recvmmsg(w->fd[socket], b.msg, WIRE_BATCH, MSG_DONTWAIT, NULL);
	profile_enter(w->profile, was);
	stat_add(&w->counters->work.wire_receives, 1);
	for (i = 0; i < n; i++) {
		stat_add(&w->counters->work.wire_received_runs, 1);
		memset(&in, 0, sizeof(in));
		in.kind = (enum wire_kind)(socket % WIRE_KINDS);
		in.p = b.iov[i].iov_base;
		in.len = b.msg[i].msg_len;
		addr_from_sockaddr(&in.src, &in.src_port, (struct sockaddr *)&b.sa[i]);
		piece = read_control(&in, &b.msg[i].msg_hdr);
		deliver(w, &in, piece, f, arg);
	}
	return n > 0 ? (unsigned int)n : 0;
}
