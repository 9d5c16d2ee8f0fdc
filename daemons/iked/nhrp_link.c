/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nhrpd's connections: it asks for sessions with NBMA addresses and hears of
 * every peer whatever becomes of it, also of those that came by themselves.
 *
 * A disconnect takes nothing back.  nhrpd names its wishes again between BEGIN
 * and END; what it does not name any more is no longer wanted.
 */
#include "iked.h"

#include <string.h>

#include "ike_wire.h"
#include "kept.h"
#include "peer.h"

void
nhrp_link_up(struct iked *k, struct ipc_conn *c)
{
	struct ipc_peer_state s;
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, k->engine.peers, p, tmp) {
		peer_state_fill(p, 0, &s);
		ipc_send(c, IPC_MSG_PEER_STATE, &s);
	}
}

static void
send_state(struct ipc_conn *c, void *arg)
{
	ipc_send(c, IPC_MSG_PEER_STATE, arg);
}

void
nhrp_link_state(struct iked *k, const struct ipc_peer_state *s)
{
	struct ipc_peer_state copy = *s;

	if (k->d.server != NULL)
		ipc_server_each(k->d.server, IPC_NHRPD, send_state, &copy);
}

static void
want(struct iked *k, struct ipc_conn *c, const struct ipc_peer_want *w)
{
	struct ike_engine *e = &k->engine;
	struct ike_path path = {w->local, w->remote, IKE_PORT, IKE_PORT};
	struct ipc_peer_state s = {.txn = w->txn, .remote = w->remote, .state = PEER_DOWN};
	struct ike_peer *p;

	if (conf_protection_find(&e->conf, w->protection) == NULL && !k->config_open &&
	    peer_by_addr(e, w->protection, &w->local, &w->remote) == NULL) {
		memcpy(s.protection, w->protection, sizeof(s.protection));
		ipc_send(c, IPC_MSG_PEER_STATE, &s);
		return;
	}
	p = peer_by_addr(e, w->protection, &w->local, &w->remote);
	if (p == NULL)
		p = peer_new(e, w->protection, &path);
	p->wanted = true;
	p->want_stale = false;
	p->is_static = w->is_static;
	kept_save_peer(p);
	if (!timer_armed(&p->retry_timer) || p->failures == 0)
		peer_bring_up(p);
	peer_state_fill(p, w->txn, &s);
	ipc_send(c, IPC_MSG_PEER_STATE, &s);
}

static void
unwant(struct ike_peer *p)
{
	if (!p->wanted)
		return;
	p->wanted = p->is_static = p->want_stale = false;
	kept_save_peer(p);
	/* What is up stays until its lifetime is over; a peer without SAs goes. */
	if (!p->configured && p->children == NULL)
		peer_failed(p);
}

static void
mark_all(struct ike_engine *e)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		p->want_stale = p->wanted;
}

static void
sweep(struct ike_engine *e)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if (p->want_stale)
			unwant(p);
}

void
nhrp_link_message(struct iked *k, struct ipc_conn *c, struct ipc_msg *m)
{
	struct ike_peer *p;

	switch (m->type) {
	case IPC_MSG_BEGIN:
		mark_all(&k->engine);
		break;
	case IPC_MSG_END:
		/* What a restarted nhrpd learned before lives on in the peers' own lifetimes. */
		if (ipc_conn_warm(c))
			sweep(&k->engine);
		break;
	case IPC_MSG_PEER_WANT:
		want(k, c, &m->body->peer_want);
		break;
	case IPC_MSG_PEER_UNWANT:
		p = peer_by_ref(&k->engine, m->body->peer_ref.peer_ref);
		if (p != NULL)
			unwant(p);
		break;
	default:
		break;
	}
}
