/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_if.h"

#include <string.h>

#include "kept.h"

struct nhrp_if *
nhrp_if_find(const struct nhrp *n, const char *ifname)
{
	struct nhrp_if *ifp;

	HASH_FIND_STR(n->ifs, ifname, ifp);
	return ifp;
}

bool
nhrp_if_ready(const struct nhrp_if *ifp)
{
	return ifp->conf.up && ifp->conf.network != 0 && addr_is_set(&ifp->conf.local) &&
	    addr_is_set(&ifp->conf.address.addr);
}

bool
nhrp_if_protected(const struct nhrp_if *ifp)
{
	return ifp->conf.protection[0] != '\0';
}

const struct addr *
nhrp_if_address(const struct nhrp_if *ifp)
{
	return &ifp->conf.address.addr;
}

bool
nhrp_if_is_own_nbma(const struct nhrp_if *ifp, const struct addr *nbma)
{
	return addr_eq(nbma, &ifp->conf.local) ||
	    (addr_is_set(&ifp->public_nbma) && addr_eq(nbma, &ifp->public_nbma));
}

bool
nhrp_if_may_reach(const struct nhrp_if *ifp, const struct addr *nbma)
{
	if (nbma->family != ifp->conf.local.family || addr_is_any(nbma) || addr_is_multicast(nbma))
		return false;
	return nbma->family != ADDR_V4 ||
	    (nbma->b[0] != 0 && nbma->b[0] != 127 && nbma->b[0] < 240);
}

uint64_t
nhrp_if_total(const uint64_t *counters, unsigned int count)
{
	uint64_t total = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		total += counters[i];
	return total;
}

void
nhrp_if_keep(struct nhrp_if *ifp)
{
	struct nhrp_if_record r;

	memset(&r, 0, sizeof(r));
	r.conf = ifp->conf;
	r.public_nbma = ifp->public_nbma;
	memcpy(r.clusters, ifp->clusters.of, sizeof(r.clusters));
	kept_write(ifp->nhrp, ifp->slot, KEPT_IF, &r, sizeof(r));
}
