/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Proxy identities: which traffic the SAs of a protection are for.
 *
 * A tunnel with GRE protects GRE between its ends, a VTI everything, a line of a
 * static crypto map what it says.  Of a dynamic one each peer brings its own, and
 * they need only lie within what the entry allows.  A peer's "local" is our side.
 */
#ifndef CULVERT_IKE_PROXIES_H
#define CULVERT_IKE_PROXIES_H

#include "ident.h"
#include "path.h"
#include "policy.h"

/* Those of a protection between these addresses; of a dynamic one what it allows. */
void protection_proxies(const struct conf_protection *prot, const struct ike_path *path,
    struct proxy *local, struct proxy *remote);
/*
 * Whether a peer may have these.  Behind a NAT a host names its own, private
 * address where it means itself: the wire's is what counts then.
 */
bool protection_takes_proxies(const struct conf_protection *prot, const struct ike_path *path,
    bool nat_local, bool nat_remote, const struct proxy *local, const struct proxy *remote);
/* Of two that take the same: which one is used.  NULL `than`: there is no other. */
bool protection_is_better(const struct conf_protection *p, const struct conf_protection *than);
/* Transport mode carries what goes between the ends on the wire, and nothing else. */
bool proxies_allow_transport(const struct conf_protection *prot, const struct ike_path *path,
    const struct proxy *local, const struct proxy *remote);

#endif
