/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl.h"

#include "cache.h"
#include "daemon.h"
#include "links.h"
#include "log.h"
#include "nhrp_conf.h"
#include "nhs.h"
#include "nhs_cluster.h"
#include "show.h"

static void
if_del(struct nhrp *n, const char *ifname)
{
	struct nhrp_if *ifp = nhrp_if_find(n, ifname);

	if (ifp == NULL)
		return;
	nhs_if_leaving(ifp);
	nhrp_if_del(ifp);
}

static void
map_set(struct nhrp *n, const struct ipc_nhrp_map *m, bool set)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);

	if (ifp == NULL && set)
		log_warn("%s: a map for an interface without NHRP", m->ifname);
	else if (ifp == NULL)
		return;		/* it went with its interface */
	else if (set)
		nhrp_map_set(ifp, &m->address, &m->nbma);
	else
		nhrp_map_del(ifp, &m->address, &m->nbma);
}

static void
server_set(struct nhrp *n, const struct ipc_nhs *m, bool set)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);

	if (ifp == NULL && set)
		log_warn("%s: an NHS for an interface without NHRP", m->ifname);
	else if (ifp == NULL)
		return;
	else if (!set)
		nhs_del(ifp, &m->nhs);
	else if (m->cluster < NHS_CLUSTERS)
		nhs_set(ifp, m);
}

static void
cluster_set(struct nhrp *n, const struct ipc_nhs_cluster *m, bool set)
{
	struct nhrp_if *ifp = nhrp_if_find(n, m->ifname);

	if (ifp != NULL && m->cluster < NHS_CLUSTERS)
		nhs_cluster_set(ifp, m->cluster, set, m->max_connections);
}

static void
clear(struct nhrp *n, struct ipc_conn *c, const struct ipc_msg *m)
{
	const struct ipc_clear *q = &m->body->clear;
	struct nhrp_if *ifp, *next;
	unsigned int count = 0;
	size_t i;

	switch (q->what) {
	case CLEAR_NHRP:
	case CLEAR_DMVPN:
		count = cache_clear(n, q);
		break;
	case CLEAR_COUNTERS:
		HASH_ITER(hh, n->ifs, ifp, next) {
			for (i = 0; i < NHRP_TYPE_COUNT; i++)
				ifp->sent[i] = ifp->received[i] = 0;
			for (i = 0; i < NHRP_DROP_COUNT; i++)
				ifp->drops[i] = 0;
			count++;
		}
		break;
	default:
		ipc_done(c, m, "nhrpd has nothing of that kind", 0);
		return;
	}
	ipc_done(c, m, NULL, count);
}

static void
message(struct ipc_conn *c, struct ipc_msg *m)
{
	const struct daemon *d = ipc_conn_user(c);
	struct ctl *ctl = d->user;
	struct nhrp *n = ctl->nhrp;
	struct show_extra extra = {.refused_by_espd = links_refused(ctl->links)};

	switch (m->type) {
	case IPC_MSG_BEGIN:
		nhrp_config_begin(n);
		break;
	case IPC_MSG_END:
		nhrp_config_end(n);
		break;
	case IPC_MSG_NHRP_IF_SET:
		nhrp_if_set(n, &m->body->nhrp_if);
		break;
	case IPC_MSG_NHRP_IF_DEL:
		if_del(n, m->body->ifname.ifname);
		break;
	case IPC_MSG_NHRP_MAP_SET:
	case IPC_MSG_NHRP_MAP_DEL:
		map_set(n, &m->body->nhrp_map, m->type == IPC_MSG_NHRP_MAP_SET);
		break;
	case IPC_MSG_NHS_SET:
	case IPC_MSG_NHS_DEL:
		server_set(n, &m->body->nhs, m->type == IPC_MSG_NHS_SET);
		break;
	case IPC_MSG_NHS_CLUSTER_SET:
	case IPC_MSG_NHS_CLUSTER_DEL:
		cluster_set(n, &m->body->nhs_cluster, m->type == IPC_MSG_NHS_CLUSTER_SET);
		break;
	case IPC_MSG_CLEAR:
		clear(n, c, m);
		break;
	case IPC_MSG_SHOW:
		show_answer(n, c, m, &extra);
		break;
	default:
		break;
	}
}

const struct ipc_handlers ctl_handlers = {.message = message};
