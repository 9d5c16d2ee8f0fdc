/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc_conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc_socket.h"
#include "log.h"
#include "ratelimit.h"

#define MESSAGES_A_ROUND 64
#define HELLO_TIMEOUT_S 5
#define SEND_BUFFER_BYTES (1024 * 1024)

/* Lines about who says what it must not; it may connect again at once. */
static struct ratelimit complaints = RATELIMIT(5000, 10);

/* --- its end --- */

static void
conn_free(struct ipc_conn *c)
{
	ipc_out_free(&c->out);
	watch_stop(&c->watch);
	timer_stop(&c->hello_timer);
	close(c->fd);
	free(c);
}

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
		if (c->owner != NULL)
			c->owner->lost(c->owner, c);
		c->busy = true;
		/* Who made it from a descriptor holds a pointer to it from the start. */
		if ((c->up || c->owner == NULL) && c->end.handlers->down != NULL)
			c->end.handlers->down(c);
		c->busy = was_busy;
	}
	if (!c->busy)
		conn_free(c);
}

void
ipc_conn_close(struct ipc_conn *c)
{
	if (c != NULL)
		conn_end(c);
}

/* --- what comes in --- */

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
	if (c->end.allow != 0 && (hello->role & c->end.allow) == 0)
		return "is not served here";
	c->role = hello->role;
	c->warm = hello->warm != 0;
	c->pid = hello->pid;
	c->up = true;
	c->out.reader = ipc_role_name(c->role);
	timer_stop(&c->hello_timer);
	if (c->owner != NULL && c->owner->greeted != NULL)
		c->owner->greeted(c->owner);
	if (c->end.handlers->up != NULL)
		c->end.handlers->up(c);
	return NULL;
}

static const char *
deliver(struct ipc_conn *c, struct ipc_msg *m)
{
	if (!c->up)
		return take_hello(c, m);
	if (m->type == IPC_MSG_HELLO || !ipc_may_send(m->type, c->role, c->end.self))
		return "sent a message that it may not send";
	c->end.handlers->message(c, m);
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
		if (ratelimit_take(&complaints, loop_now(c->end.loop)))
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
	static uint8_t bytes[IPC_DATAGRAM_MAX + 1];
	struct ipc_msg m = {.body = body};
	ssize_t n = ipc_socket_receive(c->fd, bytes, &m.fd);
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
		ipc_out_writable(&c->out);
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

/* --- its beginning --- */

static void
hello_late(struct timer *t)
{
	struct ipc_conn *c = container_of(t, struct ipc_conn, hello_timer);

	if (ratelimit_take(&complaints, loop_now(c->end.loop)))
		log_warn("a process connected and did not say who it is: connection closed");
	conn_end(c);
}

struct ipc_conn *
ipc_conn_new(const struct ipc_end *end, int fd, struct ipc_owner *owner)
{
	struct ipc_conn *c = calloc(1, sizeof(*c));
	struct ipc_hello hello = {.version = IPC_VERSION, .role = (uint8_t)end->self,
	    .warm = end->warm, .pid = (uint32_t)getpid()};
	int room = SEND_BUFFER_BYTES;

	if (c == NULL)
		log_fatal("out of memory for a connection");
	c->end = *end;
	c->owner = owner;
	c->fd = fd;
	c->watch.run = conn_ready;
	c->hello_timer.run = hello_late;
	ipc_out_init(&c->out, &c->watch);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (watch_start(&c->watch, end->loop, fd, LOOP_READ) < 0) {
		free(c);
		return NULL;
	}
	timer_in(&c->hello_timer, end->loop, mono_s(HELLO_TIMEOUT_S));
	ipc_send_seq(c, IPC_MSG_HELLO, 0, &hello);
	return c;
}

struct ipc_conn *
ipc_conn_from_fd(struct loop *l, int fd, enum ipc_role self, bool warm,
    const struct ipc_handlers *h, void *user)
{
	struct ipc_end end = {.loop = l, .self = self, .warm = warm, .handlers = h, .user = user};

	return ipc_conn_new(&end, fd, NULL);
}

/* --- sending --- */

static bool
send_message(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body, int fd)
{
	uint8_t bytes[IPC_DATAGRAM_MAX];
	struct wbuf w;
	bool ok;

	if (c == NULL || c->dead)
		return false;
	wbuf_init(&w, bytes, sizeof(bytes));
	if (!ipc_message_write(&w, type, seq, body)) {
		log_err("%s to %s does not fit in a message", ipc_type_name(type),
		    ipc_role_name(c->role));
		return false;
	}
	ok = ipc_out_put(&c->out, bytes, wbuf_len(&w), fd);
	explicit_bzero(bytes, wbuf_len(&w));
	return ok;
}

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
	return send_message(c, type, ++c->next_seq, body, fd);
}

bool
ipc_reply(struct ipc_conn *c, const struct ipc_msg *to, enum ipc_type type, const void *body)
{
	return send_message(c, type, to->seq, body, -1);
}

bool
ipc_send_seq(struct ipc_conn *c, enum ipc_type type, uint32_t seq, const void *body)
{
	return send_message(c, type, seq, body, -1);
}

bool
ipc_send_droppable(struct ipc_conn *c, enum ipc_type type, const void *body)
{
	return c != NULL && !c->out.blocked && ipc_send(c, type, body);
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
	c->out.gathers = true;
}

static void
before(struct ipc_out *o)
{
	struct ipc_conn *c = container_of(o, struct ipc_conn, out);

	c->first(c);
}

void
ipc_gather_behind(struct ipc_conn *c, void (*first)(struct ipc_conn *c))
{
	c->first = first;
	c->out.before = before;
	ipc_gather(c);
}

void
ipc_flush(struct ipc_conn *c)
{
	if (c != NULL && !c->dead)
		ipc_out_flush(&c->out);
}

size_t
ipc_queued(const struct ipc_conn *c)
{
	return c->out.bytes;
}

/* --- who it is --- */

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
	return c->end.user;
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
