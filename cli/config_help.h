/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could stand next in a configuration line: `?` and TAB of the shell. */
#ifndef CULVERT_CONFIG_HELP_H
#define CULVERT_CONFIG_HELP_H

#include "cli/cmd.h"
#include "cli/config_session.h"

void config_session_choices(struct config_session *s, const char *line, struct cmd_choices *c);

#endif
