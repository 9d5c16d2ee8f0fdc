/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are there whole or not at all, whatever ends us in the middle: a
 * full disk, a signal, the power.  Both calls wait for the disk.
 */
#ifndef CULVERT_FILE_H
#define CULVERT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The file at path has these bytes and this mode (no umask) now, whether there
 * was one or not.  It is written beside it, in the same folder, and takes its
 * name at last.  False with errno: what was there is as it was.
 */
bool file_replace(const char *path, mode_t mode, const void *bytes, size_t len);

/* The same where none may be: errno is EEXIST then.  False with errno: there is none of ours. */
bool file_create(const char *path, mode_t mode, const void *bytes, size_t len);

#endif
