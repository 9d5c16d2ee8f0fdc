/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run directory of a lab's router, by name. */
#ifndef CULVERT_NODE_H
#define CULVERT_NODE_H

#include <stdbool.h>
#include <stddef.h>

/* `name` is NODE or LAB-NODE; labs live in base/LAB/NODE.  False: why says what is wrong. */
bool node_rundir(const char *base, const char *name, char *rundir, size_t room, char why[256]);

#endif
