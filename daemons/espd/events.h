/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a worker found, passed on to the daemon that must know. */
#ifndef CULVERT_EVENTS_H
#define CULVERT_EVENTS_H

#include "espd.h"

void events_start(struct espd *e);
void events_stop(struct espd *e);

#endif
