/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utlist.h>

#include "log.h"

#define DATAGRAM_MAX (IPC_HEADER_LEN + IPC_BODY_MAX)
#define MESSAGES_A_ROUND 64
#define HELLO_TIMEOUT_S 5
#define CONNECTIONS_MAX 256
#define RETRY_FIRST_MS 20
#define RETRY_LAST_MS 500
#define GATHER_BYTES 8192	/* in one datagram */

struct queued {			/* a datagram */
	struct queued *next;
	size_t len, room;
	int fd;
	uint8_t bytes[];
};

struct ipc_conn {
	struct watch watch;
	struct timer hello_timer, gather_timer;
	struct loop *loop;
	int fd;
	enum ipc_role self;
	unsigned int role, allow;
	bool warm_self, warm;
	bool up, dead, busy;	/* busy: in a callback, freed when that returns */
	bool gathers;		/* what is sent leaves at the end of the loop's round */
	void (*first)(struct ipc_conn *c);	/* and behind what this sends; NULL: nothing */
	bool blocked;		/* the socket took no more: it is asked for room */
	uint32_t pid, next_seq;
	const struct ipc_handlers *h;
	void *user, *data;
	struct queued *queue, *last;
	size_t queued;
	struct ipc_server *server;
	struct ipc_client *client;
	struct ipc_conn *prev, *next;	/* of the server */
};

struct ipc_server {
	struct watch watch;
	struct loop *loop;
	int fd;
	enum ipc_role self;
	bool warm;
	unsigned int allow, count;
	const struct ipc_handlers *h;
	void *user;
	struct ipc_conn *conns;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

struct ipc_client {
	struct loop *loop;
	struct timer retry;
	int64_t retry_ms;
	enum ipc_role self;
	bool warm;
	const struct ipc_handlers *h;
	void *user;
	struct ipc_conn *conn;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

/* --- one connection --- */

static void
conn_free(struct ipc_conn *c)
{
	struct queued *q;

	while ((q = c->queue) != NULL) {
		c->queue = q->next;
		if (q->fd >= 0)
			close(q->fd);
		explicit_bzero(q->bytes, q->len);
		free(q);
	}
	watch_stop(&c->watch);
	timer_stop(&c->hello_timer);
	timer_stop(&c->gather_timer);
	close(c->fd);
	free(c);
}

static void client_lost(struct ipc_client *cl);
static void flush(struct ipc_conn *c);

/* Tells everybody once; the memory goes when no callback stands on it. */
static void
conn_end(struct ipc_conn *c)
{
	if (!c->dead) {
		bool was_busy = c->busy;

		ipc_flush(c);
		c->dead = true;
		watch_stop(&c->watch);
		timer_stop(&c->hello_timer);
		if (c->server != NULL) {
			DL_DELETE(c->server->conns, c);
			c->server->count--;
		}
		if (c->client != NULL)
			client_lost(c->client);
		c->busy = true;
		/* Who made it from a descriptor holds a pointer to it from the start. */
		if ((c->up || (c->server == NULL && c->client == NULL)) && c->h->down != NULL)
			c->h->down(c);
		c->busy = was_busy;
	}
	if (!c->busy)
		conn_free(c);
}

static bool
transmit(struct ipc_conn *c, const uint8_t *p, size_t len, int fd)
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
	return sendmsg(c->fd, &mh, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len;
}

/* Why that failed: the socket takes no more for now. */
static bool
is_full(void)
{
	return errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS;
}

static void
wait_for_room(struct ipc_conn *c)
{
	c->blocked = true;
	watch_want(&c->watch, LOOP_READ | LOOP_WRITE);
}

/* At the end of the last datagram that waits, where it has room; or as one of its own. */
static bool
enqueue(struct ipc_conn *c, const uint8_t *p, size_t len, int fd)
{
	struct queued *q = c->last;
	size_t room = c->gathers && fd < 0 && len < GATHER_BYTES ? GATHER_BYTES : len;

	if (c->queued + len > IPC_QUEUE_BYTES) {
		log_warn("%s does not read: its connection is closed and it must start over",
		    ipc_role_name(c->role));
		return false;
	}
	if (q == NULL || fd >= 0 || q->room - q->len < len) {
		q = malloc(sizeof(*q) + room);
		if (q == NULL)
			log_fatal("out of memory for a message of %zu bytes", len);
		*q = (struct queued){.room = room, .fd = -1};
		if (fd >= 0 && (q->fd = dup(fd)) < 0) {
			free(q);
			return false;
		}
		if (c->queue == NULL)
			c->queue = q;
		else
			c->last->next = q;
		c->last = q;
	}
	memcpy(q->bytes + q->len, p, len);
	q->len += len;
	c->queued += len;
	return true;
}

/* What waits leaves in full datagrams, and the rest of it when this round of the loop is over. */
static bool
gather(struct ipc_conn *c, const uint8_t *p, size_t len, int fd)
{
	if (c->last != NULL && c->last->room - c->last->len < len)
		ipc_flush(c);
	if (!timer_armed(&c->gather_timer))
		timer_in(&c->gather_timer, c->loop, mono_ms(0));
	return enqueue(c, p, len, fd);
}

static void
gathered(struct timer *t)
{
	ipc_flush(container_of(t, struct ipc_conn, gather_timer));
}

/* Now, or when the socket has room. */
static bool
send_bytes(struct ipc_conn *c, const uint8_t *p, size_t len, int fd)
{
	if (c->queue == NULL) {
		if (transmit(c, p, len, fd))
			return true;
		if (!is_full())
			return false;
		wait_for_room(c);
	}
	return enqueue(c, p, len, fd);
}

static bool
send_message(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body, int fd,
    bool droppable)
{
	uint8_t bytes[DATAGRAM_MAX];
	struct wbuf w;
	bool ok;

	if (c == NULL || c->dead || (droppable && c->blocked))
		return false;
	wbuf_init(&w, bytes, sizeof(bytes));
	if (!ipc_message_write(&w, type, seq, body)) {
		log_err("%s to %s does not fit in a message", ipc_type_name(type),
		    ipc_role_name(c->role));
		return false;
	}
	ok = c->gathers ? gather(c, bytes, wbuf_len(&w), fd) : send_bytes(c, bytes, wbuf_len(&w), fd);
	explicit_bzero(bytes, wbuf_len(&w));
	if (!ok) {
		/* The reader ends it: the caller may be in the middle of a list. */
		shutdown(c->fd, SHUT_RDWR);
	}
	return ok;
}

static void
flush(struct ipc_conn *c)
{
	struct queued *q;

	if (c->queue != NULL && c->first != NULL)
		c->first(c);
	while ((q = c->queue) != NULL) {
		if (!transmit(c, q->bytes, q->len, q->fd)) {
			if (is_full())
				wait_for_room(c);
			else
				shutdown(c->fd, SHUT_RDWR);
			return;
		}
		c->queue = q->next;
		c->last = c->queue == NULL ? NULL : c->last;
		c->queued -= q->len;
		if (q->fd >= 0)
			close(q->fd);
		explicit_bzero(q->bytes, q->len);
		free(q);
	}
	c->blocked = false;
	watch_want(&c->watch, LOOP_READ);
}

void
ipc_flush(struct ipc_conn *c)
{
	if (c != NULL && !c->dead && !c->blocked)
		flush(c);
}

/* Reads one datagram. >0: its length; 0: nothing now; -1: the connection is over. */
static ssize_t
receive(int fd, uint8_t *bytes, int *passed, int flags)
{
	struct iovec iov = {.iov_base = bytes, .iov_len = DATAGRAM_MAX + 1};
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int) * 4)];
	} control;
	struct msghdr mh = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
	    .msg_controllen = sizeof(control.room)};
	struct cmsghdr *cm;
	ssize_t n;

	*passed = -1;
	n = recvmsg(fd, &mh, flags | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	for (cm = CMSG_FIRSTHDR(&mh); cm != NULL; cm = CMSG_NXTHDR(&mh, cm)) {
		size_t count = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int), i;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		for (i = 0; i < count; i++) {
			int got;

			memcpy(&got, CMSG_DATA(cm) + i * sizeof(int), sizeof(got));
			if (*passed < 0)
				*passed = got;
			else
				close(got);
		}
	}
	if (n > 0)
		return n;
	if (*passed >= 0)
		close(*passed);
	*passed = -1;
	return -1;
}

static const char *
take_hello(struct ipc_conn *c, const struct ipc_msg *m)
{
	const struct ipc_hello *hello = &m->body->hello;

	if (m->type != IPC_MSG_HELLO)
		return "spoke before it said who it is";
	if (hello->version != IPC_VERSION)
		return "is of another version: restart culvert as a whole after an upgrade";
	if (hello->role == 0 || (hello->role & (hello->role - 1)) != 0)
		return "says that it is nobody, or several";
	if (c->allow != 0 && (hello->role & c->allow) == 0)
		return "is not served here";
	c->role = hello->role;
	c->warm = hello->warm != 0;
	c->pid = hello->pid;
	c->up = true;
	timer_stop(&c->hello_timer);
	if (c->client != NULL)
		c->client->retry_ms = RETRY_FIRST_MS;
	if (c->h->up != NULL)
		c->h->up(c);
	return NULL;
}

static const char *
deliver(struct ipc_conn *c, struct ipc_msg *m)
{
	if (!c->up)
		return take_hello(c, m);
	if (m->type == IPC_MSG_HELLO || !ipc_may_send(m->type, c->role, c->self))
		return "sent a message that it may not send";
	c->h->message(c, m);
	return NULL;
}

/* One message of r; false: the connection is over. */
static bool
take_message(struct ipc_conn *c, struct rbuf *r, struct ipc_msg *m)
{
	const char *why = ipc_message_read(r, m);

	if (why == NULL)
		why = deliver(c, m);
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
	ipc_body_wipe(m->type, m->body);
	if (why != NULL && !c->dead) {
		log_warn("%s (pid %u), message %s: %s: connection closed",
		    ipc_role_name(c->role), c->pid, ipc_type_name(m->type), why);
		conn_end(c);
	}
	return !c->dead;
}

/* A datagram; how many messages it had, 0: there is none, or the connection is over. */
static int
take_datagram(struct ipc_conn *c, union ipc_body *body)
{
	static uint8_t bytes[DATAGRAM_MAX + 1];
	struct ipc_msg m = {.body = body};
	ssize_t n = receive(c->fd, bytes, &m.fd, MSG_DONTWAIT);
	struct rbuf r;
	int count = 0;

	if (n < 0)
		conn_end(c);
	if (n <= 0)
		return 0;
	rbuf_init(&r, bytes, (size_t)n);
	do
		count++;
	while (take_message(c, &r, &m) && rbuf_left(&r) > 0);
	explicit_bzero(bytes, (size_t)n);	/* keys may have been in it */
	return count;
}

static void
conn_ready(struct watch *w, unsigned int events)
{
	struct ipc_conn *c = container_of(w, struct ipc_conn, watch);
	union ipc_body *body;
	int i, count = 1;

	c->busy = true;
	if (events & LOOP_WRITE)
		flush(c);
	body = malloc(sizeof(*body));
	if (body == NULL)
		log_fatal("out of memory for a message");
	if (events & (LOOP_READ | LOOP_HANGUP))
		for (i = 0; i < MESSAGES_A_ROUND && count > 0 && !c->dead; i += count)
			count = take_datagram(c, body);
	free(body);
	c->busy = false;
	if (c->dead)
		conn_free(c);
}

static void
hello_late(struct timer *t)
{
	struct ipc_conn *c = container_of(t, struct ipc_conn, hello_timer);

	log_warn("a process connected and did not say who it is: connection closed");
	conn_end(c);
}

static struct ipc_conn *
conn_new(struct loop *l, int fd, enum ipc_role self, bool warm, const struct ipc_handlers *h,
    void *user)
{
	struct ipc_conn *c = calloc(1, sizeof(*c));
	struct ipc_hello hello = {.version = IPC_VERSION, .role = (uint8_t)self, .warm = warm,
	    .pid = (uint32_t)getpid()};
	int room = 1024 * 1024;

	if (c == NULL)
		log_fatal("out of memory for a connection");
	c->fd = fd;
	c->loop = l;
	c->self = self;
	c->warm_self = warm;
	c->h = h;
	c->user = user;
	c->watch.run = conn_ready;
	c->hello_timer.run = hello_late;
	c->gather_timer.run = gathered;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (watch_start(&c->watch, l, fd, LOOP_READ) < 0) {
		free(c);
		return NULL;
	}
	timer_in(&c->hello_timer, l, mono_s(HELLO_TIMEOUT_S));
	send_message(c, IPC_MSG_HELLO, 0, &hello, -1, false);
	return c;
}

struct ipc_conn *
ipc_conn_from_fd(struct loop *l, int fd, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user)
{
	return conn_new(l, fd, self, warm, h, user);
}

/* --- server --- */

static bool
peer_is_us(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	    (cred.uid == 0 || cred.uid == geteuid());
}

static void
server_ready(struct watch *w, unsigned int events)
{
	struct ipc_server *s = container_of(w, struct ipc_server, watch);
	struct ipc_conn *c;
	int fd;

	(void)events;
	fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (s->count >= CONNECTIONS_MAX || !peer_is_us(fd)) {
		close(fd);
		return;
	}
	c = conn_new(s->loop, fd, s->self, s->warm, s->h, s->user);
	if (c == NULL) {
		close(fd);
		return;
	}
	c->server = s;
	c->allow = s->allow;
	s->count++;
	DL_APPEND(s->conns, c);
}

static bool
sun_path(struct sockaddr_un *sun, const char *path)
{
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(sun->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(sun->sun_path, path, strlen(path));
	return true;
}

struct ipc_server *
ipc_listen(struct loop *l, const char *path, enum ipc_role self, bool warm, unsigned int allow,
    const struct ipc_handlers *h, void *user)
{
	struct ipc_server *s;
	struct sockaddr_un sun;
	mode_t mask;
	int fd, failed;

	if (!sun_path(&sun, path))
		return NULL;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	unlink(path);
	mask = umask(0177);
	failed = bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 || listen(fd, 64) < 0;
	umask(mask);
	s = failed ? NULL : calloc(1, sizeof(*s));
	if (s == NULL) {
		close(fd);
		return NULL;
	}
	s->loop = l;
	s->fd = fd;
	s->self = self;
	s->warm = warm;
	s->allow = allow;
	s->h = h;
	s->user = user;
	memcpy(s->path, sun.sun_path, sizeof(s->path));
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
		conn_end(s->conns);
	watch_stop(&s->watch);
	close(s->fd);
	unlink(s->path);
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

/* --- client --- */

static void
client_try(struct timer *t)
{
	struct ipc_client *cl = container_of(t, struct ipc_client, retry);
	struct sockaddr_un sun;
	int fd;

	if (!sun_path(&sun, cl->path))
		return;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0) {
		if (fd >= 0)
			close(fd);
		client_lost(cl);
		return;
	}
	cl->conn = conn_new(cl->loop, fd, cl->self, cl->warm, cl->h, cl->user);
	if (cl->conn == NULL) {
		close(fd);
		client_lost(cl);
		return;
	}
	cl->conn->client = cl;
}

static void
client_lost(struct ipc_client *cl)
{
	cl->conn = NULL;
	timer_in(&cl->retry, cl->loop, mono_ms(cl->retry_ms));
	cl->retry_ms = cl->retry_ms * 3 / 2;
	if (cl->retry_ms > RETRY_LAST_MS)
		cl->retry_ms = RETRY_LAST_MS;
}

struct ipc_client *
ipc_connect(struct loop *l, const char *path, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user)
{
	struct ipc_client *cl = calloc(1, sizeof(*cl));

	if (cl == NULL)
		log_fatal("out of memory for a client");
	cl->loop = l;
	cl->self = self;
	cl->warm = warm;
	cl->h = h;
	cl->user = user;
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
		conn_end(cl->conn);
	timer_stop(&cl->retry);
	free(cl);
}

struct ipc_conn *
ipc_client_conn(struct ipc_client *cl)
{
	return cl != NULL && cl->conn != NULL && cl->conn->up ? cl->conn : NULL;
}

/* --- sending --- */

bool
ipc_send(struct ipc_conn *c, enum ipc_type type, const void *body)
{
	return ipc_send_fd(c, type, body, -1);
}

bool
ipc_send_fd(struct ipc_conn *c, enum ipc_type type, const void *body, int fd)
{
	if (c == NULL)
		return false;
	return send_message(c, type, ++c->next_seq, body, fd, false);
}

bool
ipc_reply(struct ipc_conn *c, const struct ipc_msg *to, enum ipc_type type, const void *body)
{
	return send_message(c, type, to->seq, body, -1, false);
}

bool
ipc_send_seq(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body)
{
	return send_message(c, type, seq, body, -1, false);
}

bool
ipc_send_droppable(struct ipc_conn *c, enum ipc_type type, const void *body)
{
	if (c == NULL)
		return false;
	return send_message(c, type, ++c->next_seq, body, -1, true);
}

void
ipc_done(struct ipc_conn *c, const struct ipc_msg *to, const char *refused_why, uint32_t count)
{
	struct ipc_done done = {.failed = refused_why != NULL, .count = count};

	if (refused_why != NULL)
		strncpy(done.why, refused_why, sizeof(done.why) - 1);
	ipc_reply(c, to, IPC_MSG_DONE, &done);
}

void
ipc_gather(struct ipc_conn *c)
{
	c->gathers = true;
}

void
ipc_gather_behind(struct ipc_conn *c, void (*first)(struct ipc_conn *c))
{
	c->first = first;
	ipc_gather(c);
}

size_t
ipc_queued(const struct ipc_conn *c)
{
	return c->queued;
}

unsigned int
ipc_conn_role(const struct ipc_conn *c)
{
	return c->role;
}

bool
ipc_conn_warm(const struct ipc_conn *c)
{
	return c->warm;
}

void *
ipc_conn_user(const struct ipc_conn *c)
{
	return c->user;
}

void *
ipc_conn_data(const struct ipc_conn *c)
{
	return c->data;
}

void
ipc_conn_set_data(struct ipc_conn *c, void *data)
{
	c->data = data;
}

void
ipc_conn_close(struct ipc_conn *c)
{
	if (c != NULL)
		conn_end(c);
}
