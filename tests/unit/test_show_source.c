/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The show_source of a running router against a daemon of this test's own. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../cli/show.h"

static char rundir[] = "/tmp/culvert-test-XXXXXX";
static pid_t daemon_pid;

static void
answer_nhss(struct ipc_conn *c, const struct ipc_msg *m)
{
	struct ipc_row_nhs row = {.requests = (uint32_t)m->body->show.cursor};
	struct ipc_show_end end = {.cursor = row.requests < 2 ? row.requests + 1 : 0};

	ipc_reply(c, m, IPC_MSG_ROW_NHS, &row);
	ipc_reply(c, m, IPC_MSG_ROW_NHS, &row);
	ipc_reply(c, m, IPC_MSG_SHOW_END, &end);
}

static void
on_message(struct ipc_conn *c, struct ipc_msg *m)
{
	switch (m->body->show.what) {
	case SHOW_NHS:
		answer_nhss(c, m);
		break;
	case SHOW_NHRP:
		ipc_conn_close(c);
		break;
	default:
		ipc_done(c, m, "nhrpd has no such rows", 0);
	}
}

static void
on_change(struct ipc_conn *c)
{
	(void)c;
}

static void
serve(int ready)
{
	static const struct ipc_handlers handlers = {on_change, on_message, on_change};
	struct loop *l = loop_new();
	char path[64];

	snprintf(path, sizeof(path), "%s/nhrpd.sock", rundir);
	if (l == NULL || ipc_listen(l, path, IPC_NHRPD, false, IPC_SHELL, &handlers, NULL) == NULL ||
	    write(ready, "", 1) != 1)
		_exit(1);
	close(ready);
	_exit(loop_run(l));
}

static int
start(void **state)
{
	int ready[2];
	char byte;

	(void)state;
	if (mkdtemp(rundir) == NULL || pipe(ready) < 0)
		return -1;
	daemon_pid = fork();
	if (daemon_pid == 0)
		serve(ready[1]);
	close(ready[1]);
	if (daemon_pid < 0 || read(ready[0], &byte, 1) != 1)
		return -1;
	return close(ready[0]);
}

static int
end(void **state)
{
	char path[64];

	(void)state;
	kill(daemon_pid, SIGKILL);
	waitpid(daemon_pid, NULL, 0);
	snprintf(path, sizeof(path), "%s/nhrpd.sock", rundir);
	unlink(path);
	return rmdir(rundir);
}

static void
count(void *arg, enum ipc_type type, const union ipc_body *row)
{
	unsigned int *counts = arg;

	assert_int_equal(type, IPC_MSG_ROW_NHS);
	assert_in_range(row->row_nhs.requests, 0, 2);
	counts[row->row_nhs.requests]++;
}

static const char *
ask(struct show_source *s, enum ipc_role server, enum ipc_show_what what, unsigned int counts[3])
{
	struct ipc_show q = {.what = what};

	return s->ask(s, server, &q, count, counts);
}

/* The daemon hands out cursors 1 and 2: three rounds, two rows each. */
static void
test_every_round(void **state)
{
	struct show_source *s = show_source_open(rundir);
	unsigned int counts[3] = {0};

	(void)state;
	assert_null(ask(s, IPC_NHRPD, SHOW_NHS, counts));
	for (int i = 0; i < 3; i++)
		assert_int_equal(counts[i], 2);
	assert_true(s->now.us > 0 && s->wall_us > 0);
	show_source_close(s);
}

static void
test_sentences(void **state)
{
	struct show_source *s = show_source_open(rundir);
	unsigned int counts[3] = {0};

	(void)state;
	assert_string_equal(ask(s, IPC_ESPD, SHOW_DROPS, counts),
	    "% espd does not answer: see show processes");
	assert_string_equal(ask(s, IPC_NHRPD, SHOW_NHRP, counts),
	    "% nhrpd went away: see show processes");
	assert_string_equal(ask(s, IPC_NHRPD, SHOW_DROPS, counts), "% nhrpd has no such rows");
	show_source_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_round),
		cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests(tests, start, end);
}
