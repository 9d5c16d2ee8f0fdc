/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "static_peer.h"

#include <utlist.h>

#include "peer.h"

bool
static_peer(const struct ike_engine *e, const struct addr *local, const struct addr *source)
{
	const struct conf_protection *prot;
	const struct ike_peer *p, *tmp;

	DL_FOREACH (e->conf.protections, prot)
		if (addr_is_set(&prot->remote) && addr_eq(&prot->remote, source) &&
		    addr_eq(&prot->local, local))
			return true;
	HASH_ITER (hh, e->peers, p, tmp)
		if (p->wanted && p->is_static && addr_eq(&p->path.remote, source) &&
		    addr_eq(&p->path.local, local))
			return true;
	return false;
}
