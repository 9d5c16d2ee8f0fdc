/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An engine begins, with what a predecessor left, and ends; and what is dead is freed. */
#ifndef CULVERT_IKE_ENGINE_LIFE_H
#define CULVERT_IKE_ENGINE_LIFE_H

#include "engine.h"

/* `kept` is borrowed and may hold what a predecessor left: it is restored. */
void engine_init(struct ike_engine *e, struct loop *l, const struct ike_ops *ops, void *user,
    struct kept *kept);
void engine_free(struct ike_engine *e);		/* tells nobody: what is up stays up */
void engine_reap(struct ike_engine *e);

#endif
