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

static void
add_server(const struct conf_nhs *s, const char *ifname, struct wishes *out)
{
	struct ipc_nhs *m = wishes_add(out, IPC_NHRPD, IPC_MSG_NHS_SET, IPC_MSG_NHS_DEL, "%s %s",
	    ifname, ADDR_STR(&s->nhs));

	if (m == NULL)
		return;
	snprintf(m->ifname, sizeof(m->ifname), "%s", ifname);
	m->nhs = s->nhs;
	m->nbma = s->nbma;
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
		add_server(s, ifname, out);
}
