/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EXEC commands that ask the network and take their time: ping, traceroute. */
#ifndef CULVERT_EXEC_PROBE_H
#define CULVERT_EXEC_PROBE_H

#include <stdint.h>

struct exec_command;
struct shell;

/* One at a time for each shell; LINE_DONE comes when it is over. */
void exec_run_probe(struct shell *s, uint32_t seq, const struct exec_command *cmd);

#endif
