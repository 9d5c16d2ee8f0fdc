/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `event manager ...` share. */
#ifndef CULVERT_CMDS_EEM_H
#define CULVERT_CMDS_EEM_H

#include "cli/cmds.h"

extern const struct cmd cmds_eem_action[];	/* in an applet: action ... */
cmd_run cmds_eem_action_run;
cmd_write cmds_eem_action_write;

/* A string of EEM_STRING_MAX bytes, quoted or not; false: too long, and refused. */
bool cmds_eem_keep_string(struct cmd_call *c, const struct cmd_value *v, char *to);
void cmds_eem_write_string(struct text *out, const char *s);	/* in quotes, behind a blank */

#endif
