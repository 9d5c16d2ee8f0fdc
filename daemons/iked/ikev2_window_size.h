/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SET_WINDOW_SIZE (RFC 7296 2.3, 3.10.1): how many requests of the other's each side takes at once.
 *
 *	HDR, SK {IDi, AUTH, ..., N(SET_WINDOW_SIZE)}  -->
 *	                    <--  HDR, SK {IDr, AUTH, ..., N(SET_WINDOW_SIZE)}
 *
 * An IKE SA that replaces another begins with one again, so there it is said anew; likewise over
 * SAs that are up when `crypto ikev2 window` becomes more.  A window never becomes less: then the
 * new size is that of the SAs to come.  Who takes one at a time says nothing.
 *
 *	HDR, SK {N(SET_WINDOW_SIZE), ...}  -->
 *	                    <--  HDR, SK {[N(SET_WINDOW_SIZE),] ...}
 */
#ifndef CULVERT_IKEV2_WINDOW_SIZE_H
#define CULVERT_IKEV2_WINDOW_SIZE_H

#include "ikev2_sa.h"

/* Into a message of ours, unless the peer knows; from then on the SA takes as many. */
void window_size_put(struct ikev2_sa *sa, struct ikev2_build *b);
/* m authenticated: if it brings a larger size, that is remembered, and kept. */
void window_size_take(struct ikev2_sa *sa, const struct ikev2_msg *m);
void window_size_later(struct ikev2_sa *sa);	/* it is up: say it, unless the peer knows */
bool ikev2_begin_window(struct ikev2_ask *a);	/* the task */
void window_size_configured(struct ike_engine *e);	/* the configuration may have changed */

#endif
