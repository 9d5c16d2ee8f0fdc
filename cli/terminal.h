/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person at a keyboard: readline, `?`, TAB, Ctrl-Z, and log lines in between. */
#ifndef CULVERT_TERMINAL_H
#define CULVERT_TERMINAL_H

#include "cli/shell.h"

void terminal_run(struct shell *sh);	/* until exit */

#endif
