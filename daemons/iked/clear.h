/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `clear crypto ...`: SAs and sessions go, and whoever waited for another attempt makes it now. */
#ifndef CULVERT_IKE_CLEAR_H
#define CULVERT_IKE_CLEAR_H

#include "engine.h"

/* How many things went. */
unsigned int engine_clear(struct ike_engine *e, const struct ipc_clear *c);

#endif
