/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files that only root reads (mode 0600), in a directory that only root enters (0700). */
#ifndef CULVERT_SECRET_FILE_H
#define CULVERT_SECRET_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define SECRET_FILE_MAX 16384

/* How many bytes it has, with a NUL behind them; the caller wipes them.  0 with errno, 0 when it is empty. */
size_t secret_file_read(const char *path, char buf[SECRET_FILE_MAX]);
/* As file_replace (lib/file.h); makes the directory.  False with errno. */
bool secret_file_write(const char *dir, const char *path, const char *text, size_t len);
/* Overwritten first; one that is not there is removed.  False with errno. */
bool secret_file_remove(const char *path);

#endif
