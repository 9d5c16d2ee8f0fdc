/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connecting side of ipc.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc_conn.h"
#include "ipc_socket.h"
#include "log.h"

#define RETRY_FIRST_MS 20
#define RETRY_LAST_MS 500

struct ipc_client {
	struct ipc_owner owner;
	struct ipc_end end;
	struct timer retry;
	int64_t retry_ms;
	struct ipc_conn *conn;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static void
try_later(struct ipc_client *cl)
{
	cl->conn = NULL;
	timer_in(&cl->retry, cl->end.loop, mono_ms(cl->retry_ms));
	cl->retry_ms = cl->retry_ms * 3 / 2;
	if (cl->retry_ms > RETRY_LAST_MS)
		cl->retry_ms = RETRY_LAST_MS;
}

static void
client_try(struct timer *t)
{
	struct ipc_client *cl = container_of(t, struct ipc_client, retry);
	int fd = ipc_socket_connect(cl->path, SOCK_NONBLOCK);

	if (fd >= 0)
		cl->conn = ipc_conn_new(&cl->end, fd, &cl->owner);
	if (cl->conn != NULL)
		return;
	if (fd >= 0)
		close(fd);
	try_later(cl);
}

static void
client_greeted(struct ipc_owner *o)
{
	container_of(o, struct ipc_client, owner)->retry_ms = RETRY_FIRST_MS;
}

static void
client_lost(struct ipc_owner *o, struct ipc_conn *c)
{
	(void)c;
	try_later(container_of(o, struct ipc_client, owner));
}

struct ipc_client *
ipc_connect(struct loop *l, const char *path, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user)
{
	struct ipc_client *cl = calloc(1, sizeof(*cl));

	if (cl == NULL)
		log_fatal("out of memory for a client");
	cl->owner = (struct ipc_owner){.greeted = client_greeted, .lost = client_lost};
	cl->end = (struct ipc_end){.loop = l, .self = self, .warm = warm, .handlers = h,
	    .user = user};
	cl->retry_ms = RETRY_FIRST_MS;
	cl->retry.run = client_try;
	if (strlen(path) >= sizeof(cl->path))
		log_fatal("socket path %s is too long", path);
	memcpy(cl->path, path, strlen(path) + 1);
	timer_in(&cl->retry, l, mono_ms(0));
	return cl;
}

void
ipc_client_close(struct ipc_client *cl)
{
	if (cl == NULL)
		return;
	if (cl->conn != NULL)
		ipc_conn_close(cl->conn);
	timer_stop(&cl->retry);
	free(cl);
}

struct ipc_conn *
ipc_client_conn(struct ipc_client *cl)
{
	return cl != NULL && cl->conn != NULL && cl->conn->up ? cl->conn : NULL;
}
