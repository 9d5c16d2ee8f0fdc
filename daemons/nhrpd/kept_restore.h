/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a predecessor left in the kept table becomes interfaces, sessions and what hangs on them. */
#ifndef CULVERT_NHRP_KEPT_RESTORE_H
#define CULVERT_NHRP_KEPT_RESTORE_H

#include "nhrp.h"

/* Records that are damaged, or that nobody takes, are forgotten. */
void kept_restore(struct nhrp *n);

#endif
