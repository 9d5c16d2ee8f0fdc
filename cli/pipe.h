/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `show ... | include REGEX` and its kin: a filter over finished output. */
#ifndef CULVERT_PIPE_H
#define CULVERT_PIPE_H

#include <regex.h>
#include <stdbool.h>

#include "buf.h"
#include "cli/cmd.h"

enum pipe_kind { PIPE_INCLUDE = 1, PIPE_EXCLUDE, PIPE_BEGIN, PIPE_SECTION, PIPE_COUNT };

struct pipe {
	enum pipe_kind kind;
	regex_t regex;
};

extern const struct cmd pipe_rows[];	/* what may follow the bar, for `?` and TAB */

/*
 * `text` is what follows the bar.  LINE_OK: p is ready, to be freed.  LINE_REFUSED: *why says
 * what is wrong with the expression.  Else *at is the column of the bad word in text.
 */
enum ipc_line_status pipe_parse(struct pipe *p, const char *text, unsigned int *at,
    const char **why);
void pipe_free(struct pipe *p);
void pipe_run(const struct pipe *p, const char *in, struct text *out);

#endif
