/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * EXEC commands about debug lines: which are on, and of which crypto peer.
 * Control keeps both and tells the daemons, who write the lines.
 */
#ifndef CULVERT_EXEC_DEBUG_H
#define CULVERT_EXEC_DEBUG_H

#include <stdint.h>

struct exec_command;
struct shell;

/* debug, undebug, show debugging: answered at once, with LINE_DONE. */
void exec_run_debug(struct shell *s, uint32_t seq, const struct exec_command *cmd);

#endif
