/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control hears of crypto maps: which flows are up, for reverse routes.
 *
 * Told when it changes, and again, all of them, to a control that has just told
 * us everything.
 */
#include "iked.h"

#include <stdio.h>

#include "peer.h"

/* False: the peer is none of a crypto map. */
static bool
fill(const struct iked *k, const struct ike_peer *p, bool up, struct ipc_cmap_flow *m)
{
	const struct conf_protection *prot = conf_protection_find(&k->engine.conf, p->protection);
	struct proxy local, remote;

	if (prot == NULL || prot->kind != TUNNEL_CMAP)
		return false;
	peer_proxies(p, &local, &remote);
	*m = (struct ipc_cmap_flow){.peer_ref = p->ref, .remote = p->path.remote,
	    .net = remote.net, .up = up};
	snprintf(m->protection, sizeof(m->protection), "%s", p->protection);
	return true;
}

static void
send_flow(struct ipc_conn *c, void *arg)
{
	ipc_send(c, IPC_MSG_CMAP_FLOW, arg);
}

void
cmap_link_state(struct iked *k, const struct ipc_peer_state *s)
{
	const struct ike_peer *p = peer_by_ref(&k->engine, s->peer_ref);
	struct ipc_cmap_flow m;

	if (p == NULL || k->d.server == NULL || !fill(k, p, s->state == PEER_UP, &m))
		return;
	/* Packets may come by the route at once. */
	espd_link_flush(k);
	ipc_server_each(k->d.server, IPC_CONTROL, send_flow, &m);
}

void
cmap_link_sync(struct iked *k, struct ipc_conn *c)
{
	const struct ike_peer *p, *tmp;
	struct ipc_cmap_flow m;

	HASH_ITER (hh, k->engine.peers, p, tmp)
		if (p->status == PEER_UP && fill(k, p, true, &m))
			ipc_send(c, IPC_MSG_CMAP_FLOW, &m);
}
