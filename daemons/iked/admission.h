/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether another IKE SA may begin: asked by both versions before anything is
 * allocated for it.
 *
 * `crypto call admission limit ike` is over both versions together.  It holds
 * for new peers only: where an SA between the same addresses is up already,
 * its successor is always admitted, so that a full router keeps what it has.
 * Beneath it each version has room for so many half-open SAs, and one address
 * for a small share of them, of each version.
 *
 * What strangers begin never stands in the way of what we begin ourselves: our
 * requests are measured against SAs that are up or our own.
 */
#ifndef CULVERT_IKE_ADMISSION_H
#define CULVERT_IKE_ADMISSION_H

#include <stdbool.h>

#include "ipc.h"
#include "path.h"

struct ike_engine;

enum admission {
	ADMITTED,
	ADMISSION_SAS,		/* so many SAs may be */
	ADMISSION_HALF_OPEN,	/* so many may be half open */
	ADMISSION_SHARE,	/* that address has its share of them */
};

struct admission_state {	/* a member of struct ike_engine */
	struct ipc_admission limit;
	uint64_t in_accepted, in_rejected, out_accepted, out_rejected;
	uint64_t by_sas, by_negotiating;
	uint64_t pairs_in, pairs_in_rejected, pairs_out;
};

/* Only asks: a caller may make room and ask again.  `version` of IKE is 1 or 2. */
enum admission admission_of_offer(struct ike_engine *e, unsigned int version,
    const struct ike_path *path);
/* What came of the peer's request, to be counted; false: refused. */
bool admission_answer(struct ike_engine *e, enum admission a);
/* Asks and counts; a refusal is logged. */
bool admission_begin(struct ike_engine *e, unsigned int version, const struct addr *local,
    const struct addr *remote);

const char *admission_why(enum admission a);

/* A pair of ESP SAs is asked for. */
void admission_pair(struct ike_engine *e, bool initiator);

void admission_row(struct ike_engine *e, struct ipc_row_admission *out);
void admission_clear(struct ike_engine *e);	/* its counters */

#endif
