/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows for show commands, a piece at a time. */
#ifndef CULVERT_SHOW_H
#define CULVERT_SHOW_H

#include "espd.h"

void show(struct espd *e, struct ipc_conn *c, struct ipc_msg *m);
void show_clear_counters(struct espd *e);
void show_clear_drops(struct espd *e);

#endif
