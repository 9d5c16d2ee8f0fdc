/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that open a sub-mode in IOS, whether this router has that mode or not.
 *
 * A configuration text that is not indented says only by such lines where a
 * mode ends: what stands below `router eigrp 1` is not the interface's above it.
 */
#ifndef CULVERT_IOS_MODES_H
#define CULVERT_IOS_MODES_H

#include <stdbool.h>

bool ios_opens_mode(const char *line);

/* An `interface` line of a kind that no router has: nobody's configuration holds it. */
bool ios_mistypes_interface(const char *line);

#endif
