/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The listening side of ipc.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "ipc_conn.h"
#include "ipc_socket.h"
#include "log.h"

#define CONNECTIONS_MAX 256
#define BACKLOG 64

struct ipc_server {
	struct ipc_owner owner;
	struct ipc_end end;
	struct watch watch;
	int fd;
	unsigned int count;
	struct ipc_conn *conns;
	struct sockaddr_un address;
};

static bool
peer_is_us(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	    (cred.uid == 0 || cred.uid == geteuid());
}

static void
server_lost(struct ipc_owner *o, struct ipc_conn *c)
{
	struct ipc_server *s = container_of(o, struct ipc_server, owner);

	DL_DELETE(s->conns, c);
	s->count--;
}

static void
server_ready(struct watch *w, unsigned int events)
{
	struct ipc_server *s = container_of(w, struct ipc_server, watch);
	struct ipc_conn *c = NULL;
	int fd;

	(void)events;
	fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (s->count < CONNECTIONS_MAX && peer_is_us(fd))
		c = ipc_conn_new(&s->end, fd, &s->owner);
	if (c == NULL) {
		close(fd);
		return;
	}
	s->count++;
	DL_APPEND(s->conns, c);
}

/* A listening descriptor, or -1 with errno.  No moment passes in which others may connect. */
static int
listen_at(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool failed;
	mode_t mask;
	int why;

	if (fd < 0)
		return -1;
	unlink(sun->sun_path);
	mask = umask(0177);
	failed = bind(fd, (const struct sockaddr *)sun, sizeof(*sun)) < 0 || listen(fd, BACKLOG) < 0;
	why = errno;
	umask(mask);
	if (!failed)
		return fd;
	close(fd);
	errno = why;
	return -1;
}

struct ipc_server *
ipc_listen(struct loop *l, const char *path, enum ipc_role self, bool warm, unsigned int allow,
    const struct ipc_handlers *h, void *user)
{
	struct sockaddr_un sun;
	struct ipc_server *s;
	int fd;

	if (!ipc_socket_address(&sun, path))
		return NULL;
	fd = listen_at(&sun);
	if (fd < 0)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		log_fatal("out of memory for a server");
	s->owner.lost = server_lost;
	s->end = (struct ipc_end){.loop = l, .self = self, .warm = warm, .allow = allow,
	    .handlers = h, .user = user};
	s->fd = fd;
	s->address = sun;
	s->watch.run = server_ready;
	if (watch_start(&s->watch, l, fd, LOOP_READ) < 0) {
		close(fd);
		free(s);
		return NULL;
	}
	return s;
}

void
ipc_server_close(struct ipc_server *s)
{
	if (s == NULL)
		return;
	while (s->conns != NULL)
		ipc_conn_close(s->conns);
	watch_stop(&s->watch);
	close(s->fd);
	unlink(s->address.sun_path);
	free(s);
}

void
ipc_server_each(struct ipc_server *s, unsigned int roles, void (*f)(struct ipc_conn *, void *),
    void *arg)
{
	struct ipc_conn *c, *next;

	if (s == NULL)
		return;
	DL_FOREACH_SAFE(s->conns, c, next)
		if (c->up && (c->role & roles) != 0)
			f(c, arg);
}
