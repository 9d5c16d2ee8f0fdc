/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clear.h"

#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ike_sa.h"
#include "ikev2.h"
#include "peer.h"

static bool
is_about(const struct ipc_clear *c, const struct ike_path *path)
{
	return (!addr_is_set(&c->peer) || addr_eq(&c->peer, &path->remote)) &&
	    (!addr_is_set(&c->local) || addr_eq(&c->local, &path->local)) &&
	    (c->peer_port == 0 || c->peer_port == path->remote_port) &&
	    (c->local_port == 0 || c->local_port == path->local_port);
}

static unsigned int
clear_pairs(struct ike_engine *e, const struct ipc_clear *c)
{
	struct ike_peer *p, *tmp;
	struct ike_child *child, *tmp2;
	unsigned int n = 0;

	HASH_ITER (hh, e->peers, p, tmp) {
		bool had = p->children != NULL;

		if (!is_about(c, &p->path))
			continue;
		DL_FOREACH_SAFE (p->children, child, tmp2)
			if (c->id == 0 || c->id == child->sa.spi) {
				child_remove(child, true);
				n++;
			}
		if (had && p->current == NULL)
			peer_lost(p);
	}
	return n;
}

/*
 * Some peers let their ESP SAs go with the ISAKMP SA that made them, without a
 * word (strongSwan does): what is in use may lead nowhere now, so it is rekeyed.
 */
static void
rekey_about(struct ike_engine *e, const struct ipc_clear *c)
{
	struct ike_peer *p, *tmp;

	HASH_ITER (hh, e->peers, p, tmp)
		if (is_about(c, &p->path) && p->current != NULL && peer_is_wanted(p))
			child_rekey(p->current);
}

static unsigned int
clear_isakmp(struct ike_engine *e, const struct ipc_clear *c, uint32_t id)
{
	struct ike_sa *sa, *tmp;
	unsigned int n = 0;

	HASH_ITER (hh, e->sas, sa, tmp)
		if (is_about(c, &sa->path) && (id == 0 || id == sa->conn_id)) {
			sa_delete(sa, "cleared by the operator");
			n++;
		}
	if (n > 0)
		rekey_about(e, c);
	return n;
}

static unsigned int
clear_ikev2(struct ike_engine *e, const struct ipc_clear *c, uint32_t id)
{
	struct ikev2_sa *sa, *tmp;
	unsigned int n = 0;

	HASH_ITER (hh, e->sas2, sa, tmp)
		if (is_about(c, &sa->path) && (id == 0 || id == sa->conn_id)) {
			ikev2_sa_delete(sa, "cleared by the operator");
			n++;
		}
	return n;
}

static unsigned int
clear_session(struct ike_engine *e, const struct ipc_clear *c)
{
	return clear_pairs(e, c) + clear_isakmp(e, c, 0) + clear_ikev2(e, c, 0);
}

/* Sessions with whom GRE tunnels are protected, all or those of one interface or one peer. */
static unsigned int
clear_dmvpn(struct ike_engine *e, const struct ipc_clear *c)
{
	const struct conf_protection *prot;
	struct ike_peer *p, *tmp;
	unsigned int n = 0;

	HASH_ITER (hh, e->peers, p, tmp) {
		prot = conf_protection_find(&e->conf, p->protection);
		if (prot != NULL && (prot->kind == TUNNEL_GRE || prot->kind == TUNNEL_MGRE) &&
		    is_about(c, &p->path) && (c->name[0] == '\0' || strcmp(prot->tunnel, c->name) == 0))
			n += clear_session(e, &(struct ipc_clear){.peer = p->path.remote});
	}
	return n;
}

static unsigned int
clear_sas(struct ike_engine *e, const struct ipc_clear *c)
{
	struct ipc_clear all = *c;

	switch (c->what) {
	case CLEAR_IKE_SA:
		return clear_isakmp(e, c, c->id);
	case CLEAR_IPSEC_SA:
		return clear_pairs(e, c);
	case CLEAR_IKEV2_SA:
		return clear_ikev2(e, c, c->id);
	case CLEAR_DMVPN:
		return clear_dmvpn(e, c);
	default:
		all.id = 0;
		return clear_session(e, &all);
	}
}

unsigned int
engine_clear(struct ike_engine *e, const struct ipc_clear *c)
{
	struct ike_peer *p, *tmp;
	unsigned int n;

	switch (c->what) {
	case CLEAR_IKE_SA:
	case CLEAR_IPSEC_SA:
	case CLEAR_IKEV2_SA:
	case CLEAR_SESSION:
	case CLEAR_DMVPN:
		n = clear_sas(e, c);
		HASH_ITER (hh, e->peers, p, tmp)
			if (is_about(c, &p->path))
				peer_try_now(p);
		return n;
	case CLEAR_COUNTERS:
		memset(e->counter, 0, sizeof(e->counter));
		admission_clear(e);
		return IKE_COUNTER_COUNT;
	default:
		return 0;
	}
}
