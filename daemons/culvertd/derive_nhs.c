/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_nhs.h"

#include <stdio.h>
#include <utlist.h>

static void
add_clusters(const struct conf_iface *i, const char *ifname, struct wishes *out)
{
	unsigned int k;

	for (k = 0; k < CONF_NHS_CLUSTERS; k++) {
		const struct conf_nhs_cluster *c = &i->nhrp.nhs_clusters[k];
		struct ipc_nhs_cluster *m = !c->limited ? NULL : wishes_add(out, IPC_NHRPD,
		    IPC_MSG_NHS_CLUSTER_SET, IPC_MSG_NHS_CLUSTER_DEL, "%s %u", ifname, k);

		if (m == NULL)
			continue;
		snprintf(m->ifname, sizeof(m->ifname), "%s", ifname);
		m->cluster = (uint8_t)k;
		m->max_connections = c->max_connections;
	}
}

/* Its own, or that of the map of its address alone. */
static struct addr
nbma_of(const struct conf_iface *i, const struct conf_nhs *s)
{
	const struct prefix host = {.addr = s->nhs, .len = (uint8_t)(8 * addr_bytes(&s->nhs))};
	const struct conf_nhrp_map *map;

	if (!addr_is_set(&s->nbma))
		DL_FOREACH(i->nhrp.maps, map)
			if (prefix_eq(&map->address, &host))
				return map->nbma;
	return s->nbma;
}

static void
add_server(const struct conf_iface *i, const struct conf_nhs *s, const char *ifname,
    struct wishes *out)
{
	struct ipc_nhs *m = wishes_add(out, IPC_NHRPD, IPC_MSG_NHS_SET, IPC_MSG_NHS_DEL, "%s %s",
	    ifname, ADDR_STR(&s->nhs));

	if (m == NULL)
		return;
	snprintf(m->ifname, sizeof(m->ifname), "%s", ifname);
	m->nhs = s->nhs;
	m->nbma = nbma_of(i, s);
	m->multicast = s->multicast;
	m->priority = s->priority;
	m->cluster = s->cluster;
}

/* Clusters first: then no more servers are asked than are to be used. */
void
derive_nhs(const struct conf_iface *i, const char *ifname, struct wishes *out)
{
	const struct conf_nhs *s;

	add_clusters(i, ifname, out);
	DL_FOREACH(i->nhrp.nhs, s)
		add_server(i, s, ifname, out);
}
