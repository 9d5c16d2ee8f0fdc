/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <netinet/udp.h>

#include "log.h"
#include "mark.h"
#include "wire_share.h"

#define SOCKET_BUFFER (8 << 20)
#define HUGE_PAGE ((size_t)2 << 20)

static const struct {
	int type, proto;
	const char *name, *held_as;
} sockets[WIRE_HELD] = {
	[WIRE_GRE] = {SOCK_RAW, IPPROTO_GRE, "raw GRE", "wire-gre"},
	[WIRE_ESP] = {SOCK_RAW, IPPROTO_ESP, "raw ESP", "wire-esp"},
	[WIRE_UDP] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500", "wire-4500"},
	[WIRE_V6 + WIRE_GRE] = {SOCK_RAW, IPPROTO_GRE, "raw GRE over IPv6", "wire6-gre"},
	[WIRE_V6 + WIRE_ESP] = {SOCK_RAW, IPPROTO_ESP, "raw ESP over IPv6", "wire6-esp"},
	[WIRE_V6 + WIRE_UDP] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500 of IPv6", "wire6-4500"},
	[WIRE_IKE] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500", "wire-ike"},
	[WIRE_IKE + 1] = {SOCK_DGRAM, IPPROTO_UDP, "UDP port 4500 of IPv6", "wire6-ike"},
};

static bool
is_v6(unsigned int socket)
{
	return socket < WIRE_IKE ? socket >= WIRE_V6 : socket > WIRE_IKE;
}

/* The first worker's have no number: a forwarder with one worker knew no other. */
void
wire_held_as(unsigned int socket, unsigned int worker, char name[16])
{
	if (worker == 0)
		snprintf(name, 16, "%s", sockets[socket].held_as);
	else
		snprintf(name, 16, "%s.%u", sockets[socket].held_as, worker);
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

/* Without DF packets may be fragmented on their way, and by the kernel before that. */
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
open_socket(unsigned int which)
{
	bool v6 = is_v6(which), udp = sockets[which].type == SOCK_DGRAM;
	int fd = socket(v6 ? AF_INET6 : AF_INET, sockets[which].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    sockets[which].proto);

	if (fd < 0)
		return -1;
	size_buffers(fd);
	/* A crypto map may protect GRE, so GRE has no mark. */
	if (!(v6 ? prepare_v6(fd) : prepare_v4(fd)) ||
	    (sockets[which].proto != IPPROTO_GRE && !set(fd, SOL_SOCKET, SO_MARK, (int)WIRE_MARK)) ||
	    (udp && ((which >= WIRE_IKE && !port_is_free(v6)) ||
	        !set(fd, SOL_SOCKET, SO_REUSEPORT, 1) || !bind_natt(fd, v6)))) {
		close(fd);
		return -1;
	}
	if (udp)
		set(fd, IPPROTO_UDP, UDP_GRO, 1);	/* an old kernel gives one datagram at a time */
	return fd;
}

/* Where the kernel has them; all of a batch is on few pages then. */
static void *
huge_pages(size_t size)
{
	size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	void *p = aligned_alloc(HUGE_PAGE, whole);

	if (p == NULL)
		log_fatal("out of memory");
	(void)madvise(p, whole, MADV_HUGEPAGE);
	return p;
}

/* NULL, or why not. */
static const char *
open_one(struct wire *w, unsigned int which, unsigned int workers, int held)
{
	static char why[128];

	w->fd[which] = held >= 0 ? held : open_socket(which);
	if (w->fd[which] < 0 && is_v6(which) && errno == EAFNOSUPPORT)
		return NULL;
	if (w->fd[which] >= 0 && wire_share(w->fd[which], which, w->worker, workers))
		return NULL;
	snprintf(why, sizeof(why), "%s: %s%s", sockets[which].name, strerror(errno),
	    errno == EADDRINUSE ? "; another IPsec daemon runs here: stop it" : "");
	return why;
}

const char *
wire_open(struct wire *w, struct counters *c, struct profile *p, unsigned int worker,
    unsigned int workers, const int held[WIRE_HELD])
{
	const char *why = NULL;
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->worker = worker;
	w->counters = c;
	w->profile = p;
	w->udp_segment = true;
	for (i = 0; i < WIRE_HELD; i++)
		w->fd[i] = -1;
	for (i = 0; i < WIRE_KINDS; i++)
		w->df_fd[i] = -1;
	/* IKE's are the first of their groups. */
	for (i = WIRE_IKE; worker == 0 && i < WIRE_HELD && why == NULL; i++)
		why = open_one(w, i, workers, held[i]);
	for (i = 0; i < WIRE_SOCKETS && why == NULL; i++)
		why = open_one(w, i, workers, held[i]);
	if (why != NULL) {
		wire_close(w);
		return why;
	}
	w->arena = huge_pages(WIRE_ARENA_BYTES);
	w->rx = huge_pages((size_t)(WIRE_BATCH + WIRE_RUNS) * WIRE_RX_STRIDE);
	for (i = 0; i < WIRE_RUNS; i++)
		w->run[i].bytes = w->rx + (size_t)(WIRE_BATCH + i) * WIRE_RX_STRIDE;
	return NULL;
}

/*
 * Nothing comes in by it.  Yet where the kernel joins datagrams (GRO) it asks any one
 * socket of the port's group whether it takes joined ones: that of UDP says yes as the others.
 * A raw socket would be shown a copy of every packet, and be told of errors that then fail
 * what is sent next: one that is bound to where no packet of a peer goes to is not.
 */
static int
open_df_socket(unsigned int kind)
{
	bool udp = sockets[kind].type == SOCK_DGRAM;
	int fd = socket(AF_INET, sockets[kind].type | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    sockets[kind].proto);
	struct sockaddr_in nowhere = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	if (fd < 0)
		return -1;
	if (!udp)
		bind(fd, (struct sockaddr *)&nowhere, sizeof(nowhere));	/* if not, it only costs */
	size_buffers(fd);
	if (!set(fd, SOL_SOCKET, SO_RCVBUF, 0) ||
	    !set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE) ||
	    (sockets[kind].proto != IPPROTO_GRE && !set(fd, SOL_SOCKET, SO_MARK, (int)WIRE_MARK)) ||
	    (udp && (!set(fd, SOL_SOCKET, SO_REUSEPORT, 1) || !bind_natt(fd, false)))) {
		close(fd);
		return -1;
	}
	if (udp)
		set(fd, IPPROTO_UDP, UDP_GRO, 1);
	return fd;
}

const char *
wire_open_df(struct wire *w)
{
	static char why[128];
	unsigned int i;

	for (i = 0; i < WIRE_KINDS; i++) {
		w->df_fd[i] = open_df_socket(i);
		if (w->df_fd[i] < 0) {
			snprintf(why, sizeof(why), "%s with DF: %s", sockets[i].name, strerror(errno));
			return why;
		}
	}
	return NULL;
}

void
wire_close(struct wire *w)
{
	unsigned int i;

	for (i = 0; i < WIRE_KINDS; i++)
		if (w->df_fd[i] >= 0)
			close(w->df_fd[i]);

	for (i = 0; i < WIRE_HELD; i++)
		if (w->fd[i] >= 0)
			close(w->fd[i]);
	free(w->arena);
	free(w->rx);
}
