/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "static_peer.h"

#include "peer.h"

/* Any of the addresses that an entry of a static crypto map names, not only the one in use. */
static bool
names(const struct ike_engine *e, const struct ike_peer *p, const struct addr *local,
    const struct addr *source)
{
	const struct conf_protection *prot = p->on_demand ?
	    conf_protection_find(&e->conf, p->protection) : NULL;

	return prot != NULL && conf_protection_admits(prot, local, source);
}

struct ike_peer *
static_peer(const struct ike_engine *e, const struct addr *local, const struct addr *source)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if (((p->configured || (p->wanted && p->is_static)) &&
		    addr_eq(&p->path.remote, source) && addr_eq(&p->path.local, local)) ||
		    names(e, p, local, source))
			return p;
	return NULL;
}
