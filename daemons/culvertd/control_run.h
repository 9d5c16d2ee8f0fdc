/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control's process from its beginning to its end: it takes over what the
 * monitor holds, boots, and joins what comes in (shells, daemons, the monitor,
 * the kernel) to what is done about it.
 */
#ifndef CULVERT_CONTROL_RUN_H
#define CULVERT_CONTROL_RUN_H

struct options;

int control_run(const struct options *o);	/* the exit status of the process */

#endif
