/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to SHOW: the engine's state as rows, in pieces with a cursor. */
#ifndef CULVERT_NHRP_SHOW_H
#define CULVERT_NHRP_SHOW_H

#include "nhrp.h"

struct show_extra {		/* counters that are not the engine's */
	uint64_t refused_by_espd;
};

/* Sends rows and SHOW_END. */
void show_answer(const struct nhrp *n, struct ipc_conn *c, const struct ipc_msg *m,
    const struct show_extra *extra);
/* One entry as a row; what tests compare. */
void show_nhrp_row(const struct nhrp_entry *e, struct ipc_row_nhrp *row);

#endif
