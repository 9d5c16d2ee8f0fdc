/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "static_peer.h"

#include "peer.h"

struct ike_peer *
static_peer(const struct ike_engine *e, const struct addr *local, const struct addr *source)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if ((p->configured || (p->wanted && p->is_static)) &&
		    addr_eq(&p->path.remote, source) && addr_eq(&p->path.local, local))
			return p;
	return NULL;
}
