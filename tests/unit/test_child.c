/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process of the monitor's: it is watched, or there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

static unsigned int ends;

static void
ended(struct child *ch)
{
	(void)ch;
	ends++;
}

static void
descriptors_up_to(int most)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = most < 0 ? l.rlim_max : (rlim_t)most;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &l), 0);
}

static bool
has_children(void)
{
	return waitpid(-1, NULL, WNOHANG) >= 0 || errno != ECHILD;
}

static void
test_its_end_is_heard(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "echo why >&2; exit 1", NULL};
	struct child ch = {.name = "test", .loop = loop_new(), .ended = ended, .pidfd = -1,
	    .err_fd = -1, .keep_fd = -1};
	int fd3 = dup(STDOUT_FILENO);

	(void)state;
	assert_true(fd3 >= 0);
	assert_int_equal(child_spawn(&ch, argv, fd3), 0);
	while (ends == 0)
		assert_true(loop_once(ch.loop, 5000) >= 0);
	assert_string_equal(ch.last_exit, "why");
	assert_int_equal(ch.pid, 0);
	assert_false(has_children());
	close(fd3);
	loop_free(ch.loop);
}

/* Nobody would hear of its end, nor end it. */
static void
test_none_runs_that_is_not_watched(void **state)
{
	char *argv[] = {"/bin/sleep", "100", NULL};
	struct child ch = {.name = "test", .loop = loop_new(), .ended = ended, .pidfd = -1,
	    .err_fd = -1, .keep_fd = -1};
	int fd3 = dup(STDOUT_FILENO);

	(void)state;
	assert_true(fd3 >= 0);
	descriptors_up_to(fd3 + 3);	/* the pipe of its standard error, and no more */
	assert_int_equal(child_spawn(&ch, argv, fd3), -1);
	assert_int_equal(errno, EMFILE);
	descriptors_up_to(-1);
	assert_int_equal(ch.pid, 0);
	assert_int_equal(ch.pidfd, -1);
	assert_false(has_children());
	close(fd3);
	loop_free(ch.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_its_end_is_heard),
		cmocka_unit_test(test_none_runs_that_is_not_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
