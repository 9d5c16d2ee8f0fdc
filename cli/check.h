/* SPDX-License-Identifier: GPL-3.0-or-later */
/* culvert --check: a configuration file without a router. */
#ifndef CULVERT_CHECK_H
#define CULVERT_CHECK_H

#include <stdbool.h>

/* Prints "LINE: reason" for each refused line (all: "LINE: noted" too).
 * 0: all was accepted; 1: a line was refused; 2: the file cannot be read. */
int check_file(const char *path, bool all);

#endif
