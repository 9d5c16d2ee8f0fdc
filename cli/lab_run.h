/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs, run in a namespace or in ours, with what they print.
 */
#ifndef CULVERT_LAB_RUN_H
#define CULVERT_LAB_RUN_H

#include <stddef.h>

/*
 * Runs argv (the first is a path, or is looked for in PATH and the system's
 * sbin) in a namespace (NULL: ours), with no input.  What it prints, on either
 * output, goes to out, cut to size.  Returns its exit status, 127 when it
 * could not be started, 128 + N when signal N ended it.
 */
int run_capture(const char *netns, const char *const argv[], char *out, size_t size);

/* In a child: argv becomes this process; returns only when that fails. */
void run_exec(const char *const argv[]);

#endif
