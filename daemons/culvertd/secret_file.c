/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret.h"

size_t
secret_file_read(const char *path, char buf[SECRET_FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	buf[0] = '\0';
	if (fd < 0)
		return 0;
	errno = 0;
	n = read(fd, buf, SECRET_FILE_MAX - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

bool
secret_file_write(const char *dir, const char *path, const char *text, size_t len)
{
	char temp[540];
	bool ok;
	int fd;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return false;
	snprintf(temp, sizeof(temp), "%s.XXXXXX", path);
	fd = mkostemp(temp, O_CLOEXEC);		/* mode 0600 */
	if (fd < 0)
		return false;
	ok = write(fd, text, len) == (ssize_t)len && fsync(fd) == 0 && rename(temp, path) == 0;
	close(fd);
	if (!ok)
		unlink(temp);
	return ok;
}

bool
secret_file_remove(const char *path)
{
	static const char zeros[BLOB_MAX];
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0) {
		/* Where the file system overwrites in place, nothing is left. */
		if (write(fd, zeros, sizeof(zeros)) > 0)
			fsync(fd);
		close(fd);
	}
	return unlink(path) == 0 || errno == ENOENT;
}
