/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nhrpd as a client of espd and iked.  Each time one of them is there (again)
 * it is told everything, BEGIN to END; in between, what changes.
 */
#ifndef CULVERT_NHRP_LINKS_H
#define CULVERT_NHRP_LINKS_H

#include "daemon.h"
#include "nhrp.h"

struct links;
struct links *links_new(void);
/* Connects; from now on the engine hears what they say. */
void links_start(struct links *k, struct nhrp *n, const struct daemon *d);
void links_free(struct links *k);	/* NULL is fine */

/* Lost while the other is away: it is told everything when it is back. */
void links_to_espd(struct links *k, enum ipc_type type, const void *body);
void links_to_iked(struct links *k, enum ipc_type type, const void *body);
uint64_t links_refused(const struct links *k);	/* NHRP packets that espd could not take */

#endif
