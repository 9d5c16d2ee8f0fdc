/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A disk that gets full takes a part first, and says why with the next write. */
static bool
write_whole(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* Closes fd in any case. */
static bool
fill(int fd, mode_t mode, const void *bytes, size_t len)
{
	bool ok = fchmod(fd, mode) == 0 && write_whole(fd, bytes, len) && fsync(fd) == 0;
	int why = errno;

	close(fd);
	errno = why;
	return ok;
}

static void
remove_failed(const char *path)
{
	int why = errno;

	unlink(path);
	errno = why;
}

/*
 * The name, too, outlives the power.  Where a file system cannot promise that, the file is
 * whole all the same.
 */
static void
sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	int fd;

	if (slash == NULL)
		snprintf(folder, sizeof(folder), ".");
	else
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

bool
file_replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
	char temp[PATH_MAX];
	int fd;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= sizeof(temp)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!fill(fd, mode, bytes, len) || rename(temp, path) != 0) {
		remove_failed(temp);
		return false;
	}
	sync_folder_of(path);
	return true;
}

bool
file_create(const char *path, mode_t mode, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	if (!fill(fd, mode, bytes, len)) {
		remove_failed(path);
		return false;
	}
	sync_folder_of(path);
	return true;
}
