/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proxies.h"

enum { GRE = 47 };

static struct proxy
host(const struct addr *a, uint8_t proto)
{
	return (struct proxy){.net = {.addr = *a, .len = (uint8_t)(8 * addr_bytes(a))},
	    .proto = proto};
}

static bool
proxy_within(const struct proxy *inner, const struct proxy *outer)
{
	return (outer->proto == 0 || outer->proto == inner->proto) &&
	    (outer->port == 0 || outer->port == inner->port) &&
	    inner->net.len >= outer->net.len && prefix_contains(&outer->net, &inner->net.addr);
}

void
protection_proxies(const struct conf_protection *prot, const struct ike_path *path,
    struct proxy *local, struct proxy *remote)
{
	if (prot->kind == TUNNEL_CMAP) {
		*local = prot->proxy_local;
		*remote = prot->proxy_remote;
	} else if (prot->kind == TUNNEL_VTI) {
		*local = *remote = (struct proxy){.net = {.addr = {.family = prot->inner}}};
	} else {
		*local = host(&path->local, GRE);
		*remote = host(&path->remote, GRE);
	}
}

static bool
matches(const struct proxy *got, const struct proxy *want, bool any_host)
{
	return proxy_eq(got, want) || (any_host && got->proto == want->proto &&
	    got->port == want->port && got->net.len == want->net.len);
}

bool
protection_takes_proxies(const struct conf_protection *prot, const struct ike_path *path,
    bool nat_local, bool nat_remote, const struct proxy *local, const struct proxy *remote)
{
	struct proxy want_local, want_remote;
	bool ends = prot->kind == TUNNEL_GRE || prot->kind == TUNNEL_MGRE;

	protection_proxies(prot, path, &want_local, &want_remote);
	if (prot->dynamic)
		return proxy_within(local, &want_local) && proxy_within(remote, &want_remote);
	return matches(local, &want_local, ends && nat_local) &&
	    matches(remote, &want_remote, ends && nat_remote);
}

/* One that names the peer is better than one for anybody; else the earlier entry of a map. */
bool
protection_is_better(const struct conf_protection *p, const struct conf_protection *than)
{
	if (than == NULL || addr_is_set(&p->remote) != addr_is_set(&than->remote))
		return than == NULL || addr_is_set(&p->remote);
	if (p->dynamic != than->dynamic)
		return than->dynamic;
	return p->kind == TUNNEL_CMAP && than->kind == TUNNEL_CMAP && p->seq < than->seq;
}

bool
proxies_allow_transport(const struct conf_protection *prot, const struct ike_path *path,
    const struct proxy *local, const struct proxy *remote)
{
	struct proxy here = host(&path->local, 0), there = host(&path->remote, 0);

	/* What a VTI carries has addresses of its own. */
	if (prot->kind == TUNNEL_VTI)
		return false;
	return prot->kind != TUNNEL_CMAP ||
	    (prefix_eq(&local->net, &here.net) && prefix_eq(&remote->net, &there.net));
}
