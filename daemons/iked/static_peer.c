/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "static_peer.h"

#include "between.h"
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

/* By any entry of a static crypto map: peers are many, entries are what was configured. */
static bool
is_named(const struct ike_engine *e, const struct addr *local, const struct addr *source)
{
	const struct conf_protection *prot;

	DL_FOREACH (e->conf.protections, prot)
		if (prot->kind == TUNNEL_CMAP && !prot->dynamic && addr_is_set(&prot->remote) &&
		    conf_protection_admits(prot, local, source))
			return true;
	return false;
}

struct ike_peer *
static_peer(const struct ike_engine *e, const struct addr *local, const struct addr *source)
{
	struct ike_peer *p, *tmp;

	DL_FOREACH2 (peers_between(e, local, source), p, at_next)
		if (p->configured || (p->wanted && p->is_static))
			return p;
	if (!is_named(e, local, source))
		return NULL;
	HASH_ITER (hh, e->peers, p, tmp)
		if (names(e, p, local, source))
			return p;
	return NULL;
}
