/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <netinet/udp.h>

#include "log.h"
#include "wire_share.h"

#define ARENA_BYTES (2u << 20)
#define SOCKET_BUFFER (8 << 20)

static const struct {
	int type, proto;
	const char *name, *held_as;
} sockets[WIRE_SOCKETS] = {
	[WIRE_GRE] = {SOCK_RAW, IPPROTO_GRE, "raw GRE", "wire-gre"},
	[WIRE_ESP] = {SOCK_RAW, IPPROTO_ESP, "raw ESP", "wire-esp"},
	[WIRE_UDP] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500", "wire-4500"},
	[WIRE_V6 + WIRE_GRE] = {SOCK_RAW, IPPROTO_GRE, "raw GRE over IPv6", "wire6-gre"},
	[WIRE_V6 + WIRE_ESP] = {SOCK_RAW, IPPROTO_ESP, "raw ESP over IPv6", "wire6-esp"},
	[WIRE_V6 + WIRE_UDP] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500 of IPv6", "wire6-4500"},
};

/* The first worker's have no number: a forwarder with one worker knew no other. */
void
wire_held_as(unsigned int socket, unsigned int worker, char name[16])
{
	if (worker == 0)
		snprintf(name, 16, "%s", sockets[socket].held_as);
	else
		snprintf(name, 16, "%s.%u", sockets[socket].held_as, worker);
}

static unsigned int
socket_of(const struct wire_to *to)
{
	return to->remote.family == ADDR_V6 ? WIRE_V6 + to->kind : to->kind;
}

static bool
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

static void
size_buffers(int fd)
{
	if (!set(fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER))
		set(fd, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER);
	if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER))
		set(fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER);
}

/* IOS sends tunnel packets without DF and lets them be fragmented on their way. */
static bool
prepare_v4(int fd)
{
	return set(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
	    set(fd, IPPROTO_IP, IP_RECVTOS, 1) &&
	    set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
}

static bool
prepare_v6(int fd)
{
	return set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
	    set(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1) &&
	    set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
}

static bool
bind_natt(int fd, bool v6)
{
	struct addr any = {.family = v6 ? ADDR_V6 : ADDR_V4};
	struct sockaddr_storage sa;
	socklen_t len = addr_to_sockaddr(&any, NATT_PORT, &sa);

	return (!v6 || set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
	    bind(fd, (struct sockaddr *)&sa, len) == 0;
}

/* Sockets that share the port would let another daemon's share it too: this one would not. */
static bool
port_is_free(bool v6)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error;
	bool ok = fd >= 0 && bind_natt(fd, v6);

	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return ok;
}

static int
open_socket(unsigned int which, bool first)
{
	bool v6 = which >= WIRE_V6, udp = sockets[which].type == SOCK_DGRAM;
	int fd = socket(v6 ? AF_INET6 : AF_INET, sockets[which].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    sockets[which].proto);

	if (fd < 0)
		return -1;
	size_buffers(fd);
	/* A crypto map may protect GRE, so GRE has no mark. */
	if (!(v6 ? prepare_v6(fd) : prepare_v4(fd)) ||
	    (sockets[which].proto != IPPROTO_GRE && !set(fd, SOL_SOCKET, SO_MARK, (int)WIRE_MARK)) ||
	    (udp && ((first && !port_is_free(v6)) || !set(fd, SOL_SOCKET, SO_REUSEPORT, 1) ||
	        !bind_natt(fd, v6)))) {
		close(fd);
		return -1;
	}
	if (udp)
		set(fd, IPPROTO_UDP, UDP_GRO, 1);	/* an old kernel gives one datagram at a time */
	return fd;
}

const char *
wire_open(struct wire *w, struct counters *c, unsigned int worker, unsigned int workers,
    const int held[WIRE_SOCKETS])
{
	static char why[128];
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->worker = worker;
	w->counters = c;
	w->udp_segment = true;
	for (i = 0; i < WIRE_SOCKETS; i++)
		w->fd[i] = -1;
	for (i = 0; i < WIRE_SOCKETS; i++) {
		w->fd[i] = held[i] >= 0 ? held[i] : open_socket(i, worker == 0);
		if (w->fd[i] < 0 && i >= WIRE_V6 && errno == EAFNOSUPPORT)
			continue;
		if (w->fd[i] < 0 || !wire_share(w->fd[i], i, worker, workers)) {
			snprintf(why, sizeof(why), "%s: %s%s", sockets[i].name, strerror(errno),
			    errno == EADDRINUSE ? "; another IPsec daemon runs here: stop it" : "");
			wire_close(w);
			return why;
		}
	}
	w->arena = aligned_alloc(64, ARENA_BYTES);
	w->rx = aligned_alloc(64, (size_t)WIRE_BATCH * WIRE_ROOM);
	if (w->arena == NULL || w->rx == NULL)
		log_fatal("out of memory");
	return NULL;
}

void
wire_close(struct wire *w)
{
	unsigned int i;

	for (i = 0; i < WIRE_SOCKETS; i++)
		if (w->fd[i] >= 0)
			close(w->fd[i]);
	free(w->arena);
	free(w->rx);
}

/* --- sending --- */

static void flush_queue(struct wire *w, struct wire_queue *q);

uint8_t *
wire_room(struct wire *w, size_t len)
{
	size_t need = (WIRE_HEADROOM + len + WIRE_TAILROOM + 15) & ~(size_t)15;
	uint8_t *p;

	if (w->arena_at + need > ARENA_BYTES) {
		wire_flush(w);
		if (w->arena_at + need > ARENA_BYTES)
			return NULL;
	}
	p = w->arena + w->arena_at + WIRE_HEADROOM;
	w->arena_at += need;
	return p;
}

void
wire_make_room(struct wire *w)
{
	if (w->arena_at > ARENA_BYTES / 2)
		wire_flush(w);
}

void
wire_queue(struct wire *w, const struct wire_packet *p)
{
	struct wire_queue *q = &w->queue[socket_of(&p->to)];

	/* The arena is not empty then: this packet lies in it, and others may. */
	if (q->count == WIRE_BATCH)
		flush_queue(w, q);
	q->packet[q->count++] = *p;
}

struct out_control {
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 2 * CMSG_SPACE(sizeof(int)) +
		    CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr align;
	};
};

struct out_batch {
	struct mmsghdr msg[WIRE_BATCH];
	struct iovec iov[WIRE_BATCH];
	struct sockaddr_storage sa[WIRE_BATCH];
	struct out_control control[WIRE_BATCH];
	unsigned int first[WIRE_BATCH];		/* the queue's packet that a message starts with */
	unsigned int count;
};

static struct cmsghdr *
add_control(struct msghdr *m, struct cmsghdr *c, int level, int type, const void *p, size_t len)
{
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), p, len);
	m->msg_controllen += CMSG_SPACE(len);
	return (struct cmsghdr *)((char *)c + CMSG_SPACE(len));
}

static struct cmsghdr *
control_v4(struct msghdr *m, struct cmsghdr *c, const struct wire_to *to)
{
	struct in_pktinfo from = {0};
	int tos = to->tos, ttl = to->ttl;

	memcpy(&from.ipi_spec_dst, to->local.b, sizeof(from.ipi_spec_dst));
	c = add_control(m, c, IPPROTO_IP, IP_PKTINFO, &from, sizeof(from));
	if (tos != 0)	/* else what the socket has */
		c = add_control(m, c, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	if (ttl != 0)
		c = add_control(m, c, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	return c;
}

/* The flow label is the kernel's (RFC 6438 wants one for each flow, and it hashes them). */
static struct cmsghdr *
control_v6(struct msghdr *m, struct cmsghdr *c, const struct wire_to *to)
{
	struct in6_pktinfo from = {0};
	int traffic_class = to->tos, hop_limit = to->ttl;

	memcpy(&from.ipi6_addr, to->local.b, sizeof(from.ipi6_addr));
	c = add_control(m, c, IPPROTO_IPV6, IPV6_PKTINFO, &from, sizeof(from));
	if (traffic_class != 0)
		c = add_control(m, c, IPPROTO_IPV6, IPV6_TCLASS, &traffic_class,
		    sizeof(traffic_class));
	if (hop_limit != 0)
		c = add_control(m, c, IPPROTO_IPV6, IPV6_HOPLIMIT, &hop_limit, sizeof(hop_limit));
	return c;
}

static void
address(struct msghdr *m, struct sockaddr_storage *sa, struct out_control *control,
    const struct wire_to *to, uint16_t segment)
{
	struct cmsghdr *c = &control->align;

	/* A raw socket of IPv6 takes its own protocol, or 0, for a port. */
	m->msg_namelen = addr_to_sockaddr(&to->remote, to->kind == WIRE_UDP ? to->remote_port : 0, sa);
	m->msg_name = sa;
	m->msg_control = control->bytes;
	m->msg_controllen = 0;
	memset(control, 0, sizeof(*control));
	c = to->remote.family == ADDR_V6 ? control_v6(m, c, to) : control_v4(m, c, to);
	if (segment != 0)
		add_control(m, c, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
}

static bool
same_way(const struct wire_to *a, const struct wire_to *b)
{
	return addr_eq(&a->remote, &b->remote) && a->remote_port == b->remote_port &&
	    addr_eq(&a->local, &b->local) && a->tos == b->tos && a->ttl == b->ttl;
}

/* How many packets from `at` on can leave as one: equal sizes, the last may be shorter. */
static unsigned int
run_length(const struct wire *w, const struct wire_queue *q, unsigned int at)
{
	const struct wire_packet *first = &q->packet[at];
	size_t sum = first->len;
	unsigned int n = 1;

	if (first->to.kind != WIRE_UDP || !w->udp_segment)
		return 1;
	while (at + n < q->count && same_way(&first->to, &q->packet[at + n].to) &&
	    q->packet[at + n].len <= first->len && sum + q->packet[at + n].len <= 65000) {
		sum += q->packet[at + n].len;
		n++;
		if (q->packet[at + n - 1].len < first->len)
			break;
	}
	return n;
}

static void
make_batch(const struct wire *w, const struct wire_queue *q, struct out_batch *b)
{
	unsigned int i, n, k;
	struct msghdr *m;

	b->count = 0;
	for (i = 0; i < q->count; i += n) {
		n = run_length(w, q, i);
		for (k = i; k < i + n; k++)
			b->iov[k] = (struct iovec){q->packet[k].p, q->packet[k].len};
		b->first[b->count] = i;
		m = &b->msg[b->count].msg_hdr;
		*m = (struct msghdr){.msg_iov = &b->iov[i], .msg_iovlen = n};
		address(m, &b->sa[b->count], &b->control[b->count], &q->packet[i].to,
		    n > 1 ? (uint16_t)q->packet[i].len : 0);
		b->count++;
	}
}

static void
account(struct wire *w, const struct wire_packet *p, enum drop why)
{
	bool sent = why == DROP_NOT;
	struct tunnel_stats *stats;

	if (!sent)
		count_drop(w->counters, why, p->len);
	if (p->tunnel == NULL || p->as == WIRE_AS_NOTHING)
		return;
	stats = &p->tunnel->stats[w->worker];
	if (p->as == WIRE_AS_NHRP && sent)
		stat_add(&stats->nhrp_out, 1);
	else if (p->as == WIRE_AS_PACKET)
		stat_add(sent ? &stats->gre_out : &stats->dropped_out, 1);
}

/* The kernel refused a run: its packets go one by one. */
static void
send_singly(struct wire *w, const struct wire_packet *p, unsigned int n)
{
	struct out_control control;
	struct sockaddr_storage sa;
	struct iovec iov;
	struct msghdr m;
	unsigned int i;

	for (i = 0; i < n; i++) {
		iov = (struct iovec){p[i].p, p[i].len};
		m = (struct msghdr){.msg_iov = &iov, .msg_iovlen = 1};
		address(&m, &sa, &control, &p[i].to, 0);
		stat_add(&w->counters->work.wire_sends, 1);
		account(w, &p[i], sendmsg(w->fd[socket_of(&p[i].to)], &m, 0) >= 0 ? DROP_NOT :
		    DROP_OUT_SEND);
	}
}

/* The whole batch at once; what the cipher refused leaves the queue. */
static void
seal_queue(struct wire *w, struct wire_queue *q)
{
	struct esp_job *jobs[WIRE_BATCH];
	unsigned int i, n = 0;

	for (i = 0; i < q->count; i++)
		if (q->packet[i].job.crypt != NULL)
			jobs[n++] = &q->packet[i].job;
	if (n == 0)
		return;
	esp_run(jobs, n);
	for (i = n = 0; i < q->count; i++) {
		if (q->packet[i].job.crypt != NULL && !q->packet[i].job.ok) {
			account(w, &q->packet[i], DROP_OUT_CRYPTO);
			continue;
		}
		if (n != i)
			q->packet[n] = q->packet[i];
		n++;
	}
	q->count = n;
}

static void
flush_queue(struct wire *w, struct wire_queue *q)
{
	struct out_batch b;
	unsigned int at = 0, n, k;
	int sent;

	if (q->count == 0)
		return;
	seal_queue(w, q);
	make_batch(w, q, &b);
	stat_add(&w->counters->work.wire_sent_runs, b.count);
	stat_add(&w->counters->work.wire_sent_packets, q->count);
	while (at < b.count) {
		stat_add(&w->counters->work.wire_sends, 1);
		sent = sendmmsg(w->fd[socket_of(&q->packet[0].to)], &b.msg[at], b.count - at, 0);
		for (; sent > 0; sent--, at++)
			for (k = 0; k < b.msg[at].msg_hdr.msg_iovlen; k++)
				account(w, &q->packet[b.first[at] + k], DROP_NOT);
		if (at == b.count || sent == 0)
			continue;
		n = (unsigned int)b.msg[at].msg_hdr.msg_iovlen;
		if (n > 1) {
			if (errno == EIO || errno == ENOPROTOOPT)
				w->udp_segment = false;
			send_singly(w, &q->packet[b.first[at]], n);
		} else
			account(w, &q->packet[b.first[at]], DROP_OUT_SEND);
		at++;
	}
	q->count = 0;
}

void
wire_flush(struct wire *w)
{
	unsigned int i;

	for (i = 0; i < WIRE_SOCKETS; i++)
		flush_queue(w, &w->queue[i]);
	w->arena_at = w->arena_floor;
}

bool
wire_send_ike(struct wire *w, const struct addr *local, const struct addr *remote,
    uint16_t remote_port, struct slice datagram)
{
	static const uint8_t keepalive = 0xff;
	struct wire_to to = {.kind = WIRE_UDP, .local = *local, .remote = *remote,
	    .remote_port = remote_port};
	uint32_t marker = 0;
	struct iovec iov[2] = {{&marker, sizeof(marker)}, {(void *)datagram.p, datagram.len}};
	struct msghdr m = {.msg_iov = iov, .msg_iovlen = 2};
	struct out_control control;
	struct sockaddr_storage sa;

	if (datagram.len == 0) {
		iov[0] = (struct iovec){(void *)&keepalive, 1};
		m.msg_iovlen = 1;
	}
	address(&m, &sa, &control, &to, 0);
	return sendmsg(w->fd[socket_of(&to)], &m, 0) >= 0;
}

/* --- receiving --- */

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
	struct wire_in in = *all;
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
		in = *all;
		in.p += at;
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
	struct wire_in in;
	size_t piece;
	int i, n;

	for (i = 0; i < WIRE_BATCH; i++) {
		b.iov[i] = (struct iovec){w->rx + (size_t)i * WIRE_ROOM, WIRE_ROOM};
		b.msg[i].msg_hdr = (struct msghdr){.msg_name = &b.sa[i],
		    .msg_namelen = sizeof(b.sa[i]), .msg_iov = &b.iov[i], .msg_iovlen = 1,
		    .msg_control = &b.control[i], .msg_controllen = sizeof(b.control[i])};
	}
	n = recvmmsg(w->fd[socket], b.msg, WIRE_BATCH, MSG_DONTWAIT, NULL);
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
