/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections of ipc.h: what is gathered, what is flushed, and a reader that does not read. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "ipc.h"
#include "log.h"
#include "mono.h"

enum { WITHIN_ROUNDS = 10000 };

static struct end {
	struct loop *loop;
	struct ipc_conn *conn;
	bool up, down;
	unsigned int heard, close_at;	/* close_at: its connection, after so many messages */
	uint32_t last;
	bool in_order;
} us, them;

static void
end_up(struct ipc_conn *c)
{
	struct end *e = ipc_conn_user(c);

	e->up = true;
}

static void
end_message(struct ipc_conn *c, struct ipc_msg *m)
{
	struct end *e = ipc_conn_user(c);

	if (m->type == IPC_MSG_IKE_IN || m->type == IPC_MSG_SA_FIRST_IN) {
		uint32_t n = m->type == IPC_MSG_IKE_IN ? m->body->ike.remote_port :
		    m->body->spi_only.spi;

		e->in_order = e->in_order && n == e->last + 1;
		e->last = n;
		e->heard++;
	}
	if (e->heard == e->close_at)
		ipc_conn_close(c);
}

static void
end_down(struct ipc_conn *c)
{
	struct end *e = ipc_conn_user(c);

	e->down = true;
	e->conn = NULL;
}

static const struct ipc_handlers handlers = {.up = end_up, .message = end_message, .down = end_down};

/* us is espd, them iked, each with a loop of its own, so that one can be kept from reading. */
static int
setup(void **state)
{
	int fd[2];

	(void)state;
	us = (struct end){.loop = loop_new_test(mono_s(1)), .in_order = true};
	them = (struct end){.loop = loop_new_test(mono_s(1)), .in_order = true};
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fd), 0);
	us.conn = ipc_conn_from_fd(us.loop, fd[0], IPC_ESPD, false, &handlers, &us);
	them.conn = ipc_conn_from_fd(them.loop, fd[1], IPC_IKED, false, &handlers, &them);
	loop_once(us.loop, 0);
	loop_once(them.loop, 0);
	loop_once(us.loop, 0);
	assert_true(us.up && them.up);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	ipc_conn_close(us.conn);
	ipc_conn_close(them.conn);
	loop_free(us.loop);
	loop_free(them.loop);
	return 0;
}

static void
say(unsigned int n)
{
	struct ipc_spi_only spi = {.spi = n};

	assert_true(ipc_send(us.conn, IPC_MSG_SA_FIRST_IN, &spi));
}

static bool
say_droppable(unsigned int n)
{
	static const uint8_t packet[1200];
	struct ipc_ike ike = {.remote_port = (uint16_t)n, .datagram = {packet, sizeof(packet)}};

	return ipc_send_droppable(us.conn, IPC_MSG_IKE_IN, &ike);
}

static void
test_at_once(void **state)
{
	(void)state;
	say(1);
	say(2);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 2);
}

static void
test_gathered(void **state)
{
	unsigned int n;

	(void)state;
	ipc_gather(us.conn);
	for (n = 1; n <= 10; n++)
		say(n);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 0);
	loop_once(us.loop, 0);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 10);
	assert_true(them.in_order);
}

static void
test_flushed(void **state)
{
	(void)state;
	ipc_gather(us.conn);
	say(1);
	say(2);
	ipc_flush(us.conn);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 2);
	say(3);
	ipc_conn_close(us.conn);	/* what waits is said before */
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 3);
	assert_true(them.down);
}

static unsigned int firsts;

static void
before_it_leaves(struct ipc_conn *c)
{
	assert_ptr_equal(c, us.conn);
	firsts++;
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 0);
}

static void
test_behind(void **state)
{
	(void)state;
	firsts = 0;
	ipc_gather_behind(us.conn, before_it_leaves);
	loop_once(us.loop, 0);
	assert_int_equal(firsts, 0);	/* nothing leaves */
	say(1);
	say(2);
	assert_int_equal(firsts, 0);
	loop_once(us.loop, 0);
	assert_int_equal(firsts, 1);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 2);
}

/* More than a datagram's worth, messages of both sizes, in one round. */
static void
test_many(void **state)
{
	unsigned int n;

	(void)state;
	ipc_gather(us.conn);
	for (n = 1; n <= 200; n++)
		if (n % 7 == 0)
			assert_true(say_droppable(n));
		else
			say(n);
	loop_once(us.loop, 0);
	for (n = 0; n < WITHIN_ROUNDS && them.heard < 200; n++)
		loop_once(them.loop, 0);
	assert_int_equal(them.heard, 200);
	assert_true(them.in_order);
}

/* Nobody reads: what may be lost is refused, the rest waits and comes in its order. */
static void
test_full(void **state)
{
	unsigned int n, said, i;

	(void)state;
	ipc_gather(us.conn);
	for (said = 0; say_droppable(said + 1); said++)
		assert_true(said < 60000);
	n = said;
	for (i = 0; i < 1000; i++)
		say(++n);
	loop_once(us.loop, 0);
	assert_false(say_droppable(n + 1));
	assert_true(ipc_queued(us.conn) > 0);
	for (i = 0; i < WITHIN_ROUNDS && them.heard < n; i++) {
		loop_once(them.loop, 0);
		loop_once(us.loop, 0);
	}
	assert_int_equal(them.heard, n);
	assert_true(them.in_order);
	assert_int_equal(ipc_queued(us.conn), 0);
	assert_true(say_droppable(n + 1));
}

/* Two messages, the second of which says that it is longer than its datagram. */
static void
test_damaged(void **state)
{
	union ipc_body body;
	struct ipc_msg m = {.body = &body};
	struct ipc_spi_only spi = {.spi = 7};
	uint8_t bytes[64];
	struct wbuf w;
	struct rbuf r;

	(void)state;
	wbuf_init(&w, bytes, sizeof(bytes));
	assert_true(ipc_message_write(&w, IPC_MSG_SA_FIRST_IN, 1, &spi));
	assert_true(ipc_message_write(&w, IPC_MSG_SA_FIRST_IN, 2, &spi));
	bytes[wbuf_len(&w) / 2 + 3]++;
	rbuf_init(&r, bytes, wbuf_len(&w));
	assert_null(ipc_message_read(&r, &m));
	assert_int_equal(m.seq, 1);
	assert_int_equal(body.spi_only.spi, 7);
	assert_non_null(ipc_message_read(&r, &m));
}

/* Who ends the connection at the second of three that came together does not hear the third. */
static void
test_closed_within(void **state)
{
	(void)state;
	ipc_gather(us.conn);
	them.close_at = 2;
	say(1);
	say(2);
	say(3);
	loop_once(us.loop, 0);
	loop_once(them.loop, 0);
	assert_int_equal(them.heard, 2);
	assert_true(them.down);
	loop_once(us.loop, 0);
	assert_true(us.down);
}

static unsigned int
open_descriptors(void)
{
	unsigned int n = 0;
	int fd;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* An empty datagram ends a connection; the descriptor that it carries is closed, too. */
static void
test_empty_with_descriptor(void **state)
{
	struct end e = {.loop = us.loop};
	unsigned int before = open_descriptors();
	int fd[2], carried = STDERR_FILENO;
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.h = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
	    .cmsg_len = CMSG_LEN(sizeof(int))}};
	struct msghdr m = {.msg_control = control.room, .msg_controllen = sizeof(control.room)};

	(void)state;
	memcpy(CMSG_DATA(&control.h), &carried, sizeof(carried));
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fd), 0);
	e.conn = ipc_conn_from_fd(us.loop, fd[0], IPC_ESPD, false, &handlers, &e);
	assert_int_equal(sendmsg(fd[1], &m, 0), 0);
	loop_once(us.loop, 0);
	assert_true(e.down);
	close(fd[1]);
	assert_int_equal(open_descriptors(), before);
}

static unsigned int lines;

static void
count_line(void *arg, enum log_severity sev, const char *facility, const char *mnemonic,
    const char *text)
{
	(void)arg;
	(void)sev;
	(void)facility;
	(void)mnemonic;
	(void)text;
	lines++;
}

/* A process that comes again and again with something else does not fill the log. */
static void
test_garbage_again_and_again(void **state)
{
	unsigned int i;

	(void)state;
	log_set_sink(count_line, NULL);
	for (i = 0; i < 200; i++) {
		struct end e = {.loop = us.loop};
		int fd[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0, fd), 0);
		e.conn = ipc_conn_from_fd(us.loop, fd[0], IPC_ESPD, false, &handlers, &e);
		assert_int_equal(send(fd[1], "garbage", 7, 0), 7);
		loop_once(us.loop, 0);
		assert_true(e.down);
		close(fd[1]);
	}
	log_set_sink(NULL, NULL);
	assert_in_range(lines, 1, 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gathered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flushed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_behind, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_closed_within, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_with_descriptor, setup, teardown),
		cmocka_unit_test_setup_teardown(test_garbage_again_and_again, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
