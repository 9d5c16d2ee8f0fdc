/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_iface.h"

#include <stdio.h>

#define PROTECTED_GRE_MTU 1400
#define PROTECTED_GRE_MTU_V6 1360

unsigned int
derive_kind(const struct conf_iface *i)
{
	return i->tunnel.kind == 0 ? TUNNEL_GRE : i->tunnel.kind;
}

uint8_t
derive_outer_family(const struct conf_iface *i)
{
	return i->tunnel.over_v6 ? ADDR_V6 : ADDR_V4;
}

/* Of the version that the tunnel runs over, or none. */
static struct addr
outer(const struct conf_iface *i, const struct addr *a)
{
	return a->family == derive_outer_family(i) ? *a : (struct addr){0};
}

struct addr
derive_local(const struct conf *c, const struct conf_iface *i)
{
	const struct conf_iface *from;

	if (i->tunnel.source_if.type == IFACE_NONE)
		return outer(i, &i->tunnel.source);
	from = conf_iface_find(c, &i->tunnel.source_if);
	if (from == NULL || from->shutdown)
		return (struct addr){0};
	if (!i->tunnel.over_v6)
		return from->address.addr;
	return from->ipv6.addresses == NULL ? (struct addr){0} : from->ipv6.addresses->prefix.addr;
}

struct addr
derive_remote(const struct conf_iface *i)
{
	return outer(i, &i->tunnel.destination);
}

void
derive_protection(const struct conf *c, const struct conf_iface *i, char name[64])
{
	struct addr local = derive_local(c, i);
	char ifname[16] = "";

	if (i->tunnel.profile[0] == '\0') {
		name[0] = '\0';
	} else if (i->tunnel.shared) {
		/* Cut the profile rather than the address: it is the address that tells two groups apart. */
		snprintf(name, 64, "%.*s@%.39s", local.family == ADDR_V6 ? 23 : 40, i->tunnel.profile,
		    ADDR_STR(&local));
	} else {
		iface_linux_name(&i->id, ifname);
		snprintf(name, 64, "%s", ifname);
	}
}

unsigned int
derive_mtu(const struct conf *c, const struct conf_iface *i)
{
	if (i->ip_mtu == 0 && i->tunnel.profile[0] != '\0' && derive_kind(i) != TUNNEL_VTI)
		return i->tunnel.over_v6 ? PROTECTED_GRE_MTU_V6 : PROTECTED_GRE_MTU;
	return conf_iface_ip_mtu(c, i);
}
