/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
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
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return false;
	return file_replace(path, 0600, text, len);
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
