/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new monitor takes over while the dying one's sockets are still open (its lock went
 * first), and gets what the old one held for the daemon, though the daemon has not
 * asked for it yet.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "keep.h"

enum { ROUNDS = 200, ROUND_MS = 50 };

static pid_t pid;

static struct {
	bool up, done, down;
	char held[64];		/* "keep Tunnel0 ", as they came */
} heard;

static void
up(struct ipc_conn *c)
{
	(void)c;
	heard.up = true;
}

static void
message(struct ipc_conn *c, struct ipc_msg *m)
{
	size_t at = strlen(heard.held);

	(void)c;
	if (m->type == IPC_MSG_HOLD && m->fd >= 0)
		snprintf(heard.held + at, sizeof(heard.held) - at, "%s ", m->body->held.name);
	heard.done |= m->type == IPC_MSG_DONE;
}

static void
down(struct ipc_conn *c)
{
	(void)c;
	heard.down = true;
}

static const struct ipc_handlers monitor = {.up = up, .message = message, .down = down};

static void
await(struct loop *l, const bool *what)
{
	int i;

	for (i = 0; i < ROUNDS && !*what; i++)
		loop_once(l, ROUND_MS);
	assert_true(*what);
}

/* The daemon takes nothing of what it is given: control has not told it of a tunnel. */
static void
start(char *rundir, const int pair[2])
{
	char *argv[] = {"culvert-nhrpd", "-r", rundir, "-f", NULL};
	static const struct ipc_handlers nothing;
	struct daemon d = {0};

	pid = fork();
	if (pid != 0)
		return;
	dup2(pair[1], 3);
	close(pair[0]);
	close(pair[1]);
	setenv("CULVERT_MONITOR", "3", 1);
	daemon_start(&d, "nhrpd", IPC_NHRPD, 4, argv);
	daemon_serve(&d, IPC_CONTROL, &nothing);
	_exit(daemon_run(&d, NULL));
}

static void
hand_over(struct ipc_conn *c)
{
	struct ipc_held keep = {.name = "keep"}, tunnel = {.name = "Tunnel0"};
	struct ipc_hold_end end = {.restarts = 1};
	int fd = keep_memfd("test");

	assert_true(ipc_send_fd(c, IPC_MSG_HELD, &keep, fd));
	assert_true(ipc_send_fd(c, IPC_MSG_HELD, &tunnel, fd));
	assert_true(ipc_send(c, IPC_MSG_HELD_END, &end));
	close(fd);
}

static void
test_a_monitor_takes_over(void **state)
{
	char rundir[] = "/tmp/culvert-daemon.XXXXXX", path[64];
	struct loop *l = loop_new();
	struct ipc_client *next;
	struct ipc_conn *first;
	int pair[2], status;

	(void)state;
	assert_non_null(mkdtemp(rundir));
	snprintf(path, sizeof(path), "%s/nhrpd.sock", rundir);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	start(rundir, pair);
	close(pair[1]);
	first = ipc_conn_from_fd(l, pair[0], IPC_MONITOR, true, &monitor, NULL);
	await(l, &heard.up);
	hand_over(first);
	heard.up = false;

	next = ipc_connect(l, path, IPC_MONITOR, true, &monitor, NULL);
	await(l, &heard.up);
	assert_true(ipc_send(ipc_client_conn(next), IPC_MSG_ADOPT, NULL));
	await(l, &heard.done);
	assert_string_equal(heard.held, "keep Tunnel0 ");
	await(l, &heard.down);
	assert_non_null(ipc_client_conn(next));

	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	pid = 0;
	assert_int_equal(status, 0);
	ipc_client_close(next);
	loop_free(l);
	unlink(path);
	assert_int_equal(rmdir(rundir), 0);
}

static int
end_daemon(void **state)
{
	(void)state;
	if (pid > 0)
		kill(pid, SIGKILL);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_a_monitor_takes_over, end_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
