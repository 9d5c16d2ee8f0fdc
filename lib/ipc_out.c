/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc_out.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ipc_socket.h"
#include "log.h"

#define GATHER_BYTES 8192	/* in one datagram */

struct ipc_waiting {		/* a datagram */
	struct ipc_waiting *next;
	size_t len, room;
	int fd;
	uint8_t bytes[];
};

static void
round_over(struct timer *t)
{
	ipc_out_flush(container_of(t, struct ipc_out, round));
}

void
ipc_out_init(struct ipc_out *o, struct watch *watch)
{
	*o = (struct ipc_out){.watch = watch, .reader = ipc_role_name(0), .round.run = round_over};
}

static void
drop_first(struct ipc_out *o)
{
	struct ipc_waiting *w = o->first;

	o->first = w->next;
	if (o->first == NULL)
		o->last = NULL;
	o->bytes -= w->len;
	if (w->fd >= 0)
		close(w->fd);
	explicit_bzero(w->bytes, w->len);
	free(w);
}

void
ipc_out_free(struct ipc_out *o)
{
	while (o->first != NULL)
		drop_first(o);
	timer_stop(&o->round);
}

static void
wait_for_room(struct ipc_out *o)
{
	o->blocked = true;
	watch_want(o->watch, LOOP_READ | LOOP_WRITE);
}

static void
append(struct ipc_out *o, struct ipc_waiting *w)
{
	if (o->first == NULL)
		o->first = w;
	else
		o->last->next = w;
	o->last = w;
}

/* At the end of the last datagram that waits, where it has room; or as one of its own. */
static bool
enqueue(struct ipc_out *o, const uint8_t *p, size_t len, int fd)
{
	struct ipc_waiting *w = o->last;
	size_t room = o->gathers && fd < 0 && len < GATHER_BYTES ? GATHER_BYTES : len;

	if (o->bytes + len > IPC_QUEUE_BYTES) {
		log_warn("%s does not read: its connection is closed and it must start over",
		    o->reader);
		return false;
	}
	if (w == NULL || fd >= 0 || w->room - w->len < len) {
		w = malloc(sizeof(*w) + room);
		if (w == NULL)
			log_fatal("out of memory for a message of %zu bytes", len);
		*w = (struct ipc_waiting){.room = room, .fd = -1};
		if (fd >= 0 && (w->fd = dup(fd)) < 0) {
			free(w);
			return false;
		}
		append(o, w);
	}
	memcpy(w->bytes + w->len, p, len);
	w->len += len;
	o->bytes += len;
	return true;
}

/* What waits leaves in full datagrams, and the rest of it when this round of the loop is over. */
static bool
gather(struct ipc_out *o, const uint8_t *p, size_t len, int fd)
{
	if (o->last != NULL && o->last->room - o->last->len < len)
		ipc_out_flush(o);
	if (!timer_armed(&o->round))
		timer_in(&o->round, o->watch->loop, mono_ms(0));
	return enqueue(o, p, len, fd);
}

/* Now, or when the socket has room. */
static bool
send_now(struct ipc_out *o, const uint8_t *p, size_t len, int fd)
{
	if (o->first == NULL) {
		if (ipc_socket_send(o->watch->fd, p, len, fd))
			return true;
		if (!ipc_socket_is_full())
			return false;
		wait_for_room(o);
	}
	return enqueue(o, p, len, fd);
}

bool
ipc_out_put(struct ipc_out *o, const uint8_t *p, size_t len, int fd)
{
	bool ok = o->gathers ? gather(o, p, len, fd) : send_now(o, p, len, fd);

	if (!ok)
		shutdown(o->watch->fd, SHUT_RDWR);
	return ok;
}

void
ipc_out_writable(struct ipc_out *o)
{
	if (o->first != NULL && o->before != NULL)
		o->before(o);
	while (o->first != NULL) {
		if (!ipc_socket_send(o->watch->fd, o->first->bytes, o->first->len, o->first->fd)) {
			if (ipc_socket_is_full())
				wait_for_room(o);
			else
				shutdown(o->watch->fd, SHUT_RDWR);
			return;
		}
		drop_first(o);
	}
	o->blocked = false;
	watch_want(o->watch, LOOP_READ);
}

void
ipc_out_flush(struct ipc_out *o)
{
	if (!o->blocked)
		ipc_out_writable(o);
}
