/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EXEC commands that control carries out: write, copy, erase, reload, clear; and who carries out the others. */
#ifndef CULVERT_EXEC_RUN_H
#define CULVERT_EXEC_RUN_H

#include <stdint.h>

struct shell;

/* Answers with TEXT and LINE_DONE of that sequence number, at once or later. */
void exec_run(struct shell *s, uint32_t seq, const char *line);

#endif
