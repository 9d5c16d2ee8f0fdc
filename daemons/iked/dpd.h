/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dead peer detection (RFC 3706).
 *
 * On demand: espd says that packets go out and none come in.  Periodic: a
 * probe each interval.  A probe without an answer is repeated every retry
 * interval; after five the peer is dead and its SAs go.
 */
#ifndef CULVERT_IKE_DPD_H
#define CULVERT_IKE_DPD_H

#include "ike_sa.h"

enum { DPD_TRIES = 5 };

struct dpd_settings {
	unsigned int interval_s;	/* 0: off */
	unsigned int retry_s;		/* 0: the default */
	bool periodic;
};
/* Of the SA's ISAKMP profile, else those for all; sa may be NULL. */
struct dpd_settings dpd_settings(const struct ike_engine *e, const struct ike_sa *sa);

void dpd_start(struct ike_sa *sa);	/* periodic probing, if configured */
void dpd_stop(struct ike_sa *sa);
void dpd_probe(struct ike_sa *sa);	/* is it there? */
/* R-U-THERE or its ACK came, authenticated, from `path`; with a number that proves that it is no
 * replay, that is where the peer is now. */
void dpd_asked(struct ike_sa *sa, const struct ike_path *path, uint32_t seq);
void dpd_answered(struct ike_sa *sa, const struct ike_path *path, uint32_t seq);

#endif
