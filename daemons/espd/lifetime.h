/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ends of SAs, and silence.  Four times a second every pair is looked at:
 * soft limits of time ask iked to rekey (a worker says at once when bytes pass
 * theirs), hard ones remove the pair (a worker already refuses packets past
 * them); packets that went unanswered for ten seconds are told, which is when
 * on-demand DPD asks.
 */
#ifndef CULVERT_LIFETIME_H
#define CULVERT_LIFETIME_H

#include "espd.h"

void lifetime_start(struct espd *e);
void lifetime_stop(struct espd *e);
/* A pair that iked names and we do not have. */
void lifetime_unknown(struct espd *e, uint32_t spi);

#endif
