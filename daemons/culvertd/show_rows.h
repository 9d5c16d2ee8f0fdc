/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control answers to SHOW: texts (configurations, log), processes, interfaces and
 * routes as rows.  A long answer stops when the shell's queue is full and
 * says with a cursor where to go on.
 */
#ifndef CULVERT_SHOW_ROWS_H
#define CULVERT_SHOW_ROWS_H

#include "ipc.h"

struct shell;

void show_rows(struct shell *s, const struct ipc_msg *m);

#endif
