/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Purges, RFC 2332 5.2.5: what we told somebody is no longer true.
 *
 * We send one to each requester of a LOCAL entry when its route goes or moves,
 * and to our NHS when we leave it; repeated a few times until answered.  We
 * heed one about entries whose next hop is who sends it, and no others.
 */
#ifndef CULVERT_NHRP_PURGE_H
#define CULVERT_NHRP_PURGE_H

#include "cache.h"

struct nhrp_nhs;

void purge_entry(struct nhrp_entry *e);		/* tell its requesters; it stays */
void purge_local(struct nhrp_if *ifp);	/* all that we answered for, with the entries */
void purge_routes_changed(struct nhrp *n);	/* the kernel's routes did: look again */
void purge_registration(struct nhrp_if *ifp, const struct nhrp_nhs *s);	/* we leave it */
void purge_request(struct nhrp_rx *rx);
void purge_reply(struct nhrp_rx *rx);
void purge_forget(const struct nhrp_if *ifp);	/* the interface goes: nothing is repeated */

#endif
