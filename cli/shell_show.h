/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of `show` in the shell: which words ask which renderer (show.h), or the shell itself.
 * Each renderer has its cmd_run, show_run_NAME; the tables of crypto and of the platform are in
 * files of their own.
 */
#ifndef CULVERT_SHELL_SHOW_H
#define CULVERT_SHELL_SHOW_H

#include "cli/exec_rows.h"
#include "cli/shell.h"

extern const struct cmd shell_show_rows[], shell_show_crypto[], shell_show_platform[];

#define X(name) cmd_run show_run_##name;
SHOW_RENDERERS(X)
#undef X

/* For a `run`: that renderer is to be asked, with the values of the sentence. */
bool shell_show(struct cmd_call *c, show_renderer *renderer);
/* For a `when`. */
bool shell_is_privileged(const void *obj);

static inline struct shell *
shell_of(struct cmd_call *c)
{
	return c->obj;
}

#define DETAIL(name) { "detail", "Show detail", .run = show_run_##name }

#endif
