/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process of the monitor's, from its beginning to what is said of its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
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

/* The log goes to the terminal by this way, too: a long line comes whole. */
static void
test_a_long_line_is_whole(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "printf '%01250d\\n' 7 >&2; exit 1", NULL};
	struct child ch = {.name = "test", .loop = loop_new(), .ended = ended, .pidfd = -1,
	    .err_fd = -1, .keep_fd = -1};
	int fd3 = dup(STDOUT_FILENO);

	(void)state;
	ends = 0;
	assert_int_equal(child_spawn(&ch, argv, fd3), 0);
	while (ends == 0)
		assert_true(loop_once(ch.loop, 5000) >= 0);
	assert_int_equal(strlen(ch.line), 1250);
	assert_int_equal(ch.line[1249], '7');
	close(fd3);
	loop_free(ch.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_its_end_is_heard),
		cmocka_unit_test(test_a_long_line_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
