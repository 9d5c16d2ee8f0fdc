/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `show ... | include REGEX` and its kin: a filter over finished output, or a file for it. */
#ifndef CULVERT_PIPE_H
#define CULVERT_PIPE_H

#include <stdbool.h>

#include "buf.h"
#include "cli/cmd.h"

enum pipe_kind { PIPE_INCLUDE = 1, PIPE_EXCLUDE, PIPE_BEGIN, PIPE_SECTION, PIPE_COUNT,
	PIPE_APPEND, PIPE_REDIRECT, PIPE_TEE, PIPE_TEE_APPEND };

struct pipe {
	enum pipe_kind kind;
	struct pattern *pattern;	/* of a filter */
	char file[128];			/* append, redirect, tee: as flash.h names files */
};

/* What may follow the bar; in user EXEC mode nothing writes a file. */
extern const struct cmd pipe_rows[], pipe_rows_user[];

/*
 * `rows` are one of these, `text` is what follows the bar.  LINE_OK: p is ready, to be
 * freed.  LINE_REFUSED: *why says what is wrong with the expression.  Else *at is the
 * column of the bad word in text.
 */
enum ipc_line_status pipe_parse(struct pipe *p, const struct cmd *rows, const char *text,
    unsigned int *at, const char **why);
void pipe_free(struct pipe *p);
/* What is left to print; a file is written by pipe_store(). */
void pipe_run(const struct pipe *p, const char *in, struct text *out);
bool pipe_has_file(const struct pipe *p);
/* NULL, or why the file could not be written. */
const char *pipe_store(const struct pipe *p, const char *rundir, const char *in);

#endif
