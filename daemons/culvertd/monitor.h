/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monitor: starts control, espd, iked and nhrpd, watches them, and holds what
 * must outlive them: a memfd for each, and a detached queue of each tunnel
 * device.  It knows nothing of networks, reads no configuration and
 * parses nothing but the few messages of its children.
 *
 * If the monitor is killed, the others go on.  The next one finds them by
 * their sockets, asks for what they hold (ADOPT) and watches them from then on.
 */
#ifndef CULVERT_MONITOR_H
#define CULVERT_MONITOR_H

#include "options.h"

struct outcome;

/* Runs until SIGTERM; the exit status. */
int monitor_run(const struct options *o, struct outcome *outcome);

#endif
