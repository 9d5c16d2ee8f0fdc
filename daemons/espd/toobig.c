/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "toobig.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"
#include "mark.h"
#include "wire.h"

static int
listen_for(int proto)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, proto), on = 1, least = 0;
	int mark = (int)WIRE_MARK;	/* the way that marked packets go */

	if (fd < 0 && errno == EAFNOSUPPORT)
		return -1;
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0)
		log_warn("path MTUs of IPv6 are not learned: %s", strerror(errno));
	return fd;
}

void
toobig_open(struct toobig *t)
{
	t->esp = listen_for(IPPROTO_ESP);
	t->gre = listen_for(IPPROTO_GRE);
}

void
toobig_close(struct toobig *t)
{
	if (t->esp >= 0)
		close(t->esp);
	if (t->gre >= 0)
		close(t->gre);
}
