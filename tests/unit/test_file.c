/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files are there whole or not at all: the disk gets full by a limit of the process's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

#define DISK_BYTES 4096

static char folder[] = "/tmp/culvert-file-XXXXXX";
static char path[sizeof(folder) + 8];
static char much[3 * DISK_BYTES];

static void
disk_has(rlim_t bytes)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void
expect_file(const char *text, mode_t mode)
{
	char buf[100] = "";
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
	assert_int_equal(read(fd, buf, sizeof(buf) - 1), strlen(text));
	assert_string_equal(buf, text);
	close(fd);
}

static size_t
files_in_folder(void)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;		/* . and .. */
}

static void
test_a_file_is_replaced(void **state)
{
	(void)state;
	umask(077);
	assert_true(file_replace(path, 0644, "old", 3));
	expect_file("old", 0644);
	assert_true(file_replace(path, 0600, "newer", 5));
	expect_file("newer", 0600);
	assert_true(file_replace(path, 0600, "", 0));
	expect_file("", 0600);
	assert_int_equal(files_in_folder(), 1);
}

/* The first write takes what there is room for; the second says why no more. */
static void
test_a_full_disk_leaves_the_old_file(void **state)
{
	(void)state;
	assert_true(file_replace(path, 0600, "old", 3));
	disk_has(DISK_BYTES);
	errno = 0;
	assert_false(file_replace(path, 0644, much, sizeof(much)));
	assert_int_equal(errno, EFBIG);
	disk_has(RLIM_INFINITY);
	expect_file("old", 0600);
	assert_int_equal(files_in_folder(), 1);
	assert_true(file_replace(path, 0600, much, sizeof(much)));
}

static void
test_a_name_that_cannot_be_taken(void **state)
{
	char name[sizeof(path) + 8], *longest = malloc(5000);

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(name, sizeof(name), "%s/file", path);
	assert_true(file_create(name, 0600, "x", 1));
	assert_false(file_replace(path, 0600, "x", 1));		/* a folder has it */
	assert_int_equal(errno, EISDIR);
	assert_int_equal(files_in_folder(), 1);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(rmdir(path), 0);
	assert_false(file_replace(name, 0600, "x", 1));		/* no such folder */
	assert_int_equal(errno, ENOENT);
	assert_non_null(longest);
	memset(longest, 'x', 4999);
	longest[4999] = '\0';
	assert_false(file_replace(longest, 0600, "x", 1));
	assert_int_equal(errno, ENAMETOOLONG);
	free(longest);
}

static void
test_a_new_file_replaces_none(void **state)
{
	(void)state;
	assert_true(file_create(path, 0600, "first", 5));
	assert_false(file_create(path, 0600, "second", 6));
	assert_int_equal(errno, EEXIST);
	expect_file("first", 0600);
}

static void
test_a_new_file_is_not_there_in_part(void **state)
{
	(void)state;
	disk_has(DISK_BYTES);
	assert_false(file_create(path, 0600, much, sizeof(much)));
	assert_int_equal(errno, EFBIG);
	disk_has(RLIM_INFINITY);
	assert_int_equal(files_in_folder(), 0);
}

static int
setup(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);	/* or the limit ends us */
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int
remove_file(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_a_file_is_replaced, remove_file),
		cmocka_unit_test_teardown(test_a_full_disk_leaves_the_old_file, remove_file),
		cmocka_unit_test_teardown(test_a_name_that_cannot_be_taken, remove_file),
		cmocka_unit_test_teardown(test_a_new_file_replaces_none, remove_file),
		cmocka_unit_test_teardown(test_a_new_file_is_not_there_in_part, remove_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
