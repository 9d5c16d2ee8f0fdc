/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of a configuration session, what only the command language itself needs. */
#ifndef CULVERT_CONFIG_HELP_H
#define CULVERT_CONFIG_HELP_H

#include "cli/cmd.h"
#include "cli/config_session.h"

/* What could stand next in a line: `?` and TAB of the shell. */
void config_session_choices(struct config_session *s, const char *line, struct cmd_choices *c);
/* Back to global mode. */
void config_session_leave_mode(struct config_session *s);
/* Whether the line's first word is a global command's, done or refused, and not the mode's. */
bool config_session_only_global_knows(struct config_session *s, const char *line);

#endif
