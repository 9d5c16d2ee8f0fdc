/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What peers and pairs want of IKEv2 (version.h). */
#include <utlist.h>

#include "child.h"
#include "ikev2.h"
#include "ikev2_nego.h"
#include "log.h"
#include "peer.h"

static bool
has_sa(const struct ike_peer *p)
{
	return ikev2_sa_for_peer(p) != NULL;
}

static bool
has_task(const struct ikev2_sa *sa, const struct ike_peer *p)
{
	return ikev2_negos_for(sa, p) || ikev2_task_is_due(sa, TASK_NEW_CHILD, p->ref) ||
	    (p->current != NULL && ikev2_task_is_due(sa, TASK_REKEY_CHILD, p->current->sa.spi));
}

/* We answered, and send as soon as the initiator does, or has the answer for sure. */
static bool
awaits_initiator(const struct ike_peer *p)
{
	const struct ike_child *c;

	if (p->current == NULL)
		DL_FOREACH (p->children, c)
			if (child_usable(c))
				return true;
	return false;
}

static bool
negotiates(const struct ike_peer *p)
{
	const struct ikev2_sa *sa = ikev2_sa_for_peer(p);

	return (sa != NULL && has_task(sa, p)) || ikev2_sa_pending(p) != NULL ||
	    awaits_initiator(p);
}

static bool
start(struct ike_peer *p)
{
	const struct conf_protection *prot = conf_protection_find(&p->engine->conf, p->protection);

	if (ikev2_sa_pending(p) != NULL)
		return true;
	return prot != NULL && ikev2_init_start(p->engine, prot->ikev2_profile, &p->path.local,
	    &p->path.remote, p->ref) != NULL;
}

static bool
begin(struct ike_peer *p)
{
	struct ikev2_sa *sa = ikev2_sa_for_peer(p);

	if (sa != NULL) {
		ikev2_task_add(sa, TASK_NEW_CHILD, p->ref);
		return true;
	}
	return p->natted || start(p);	/* behind a NAT it must call us */
}

static void
rekey(struct ike_child *c)
{
	struct ike_peer *p = c->peer;
	struct ikev2_sa *sa = ikev2_sa_for_peer(p);

	if (c->ike != NULL && ikev2_sa_is_up(c->ike))
		ikev2_task_add(c->ike, TASK_REKEY_CHILD, c->sa.spi);
	else if (sa != NULL)
		ikev2_task_add(sa, TASK_NEW_CHILD, p->ref);
	else if (!p->natted)
		(void)start(p);
}

static void
child_gone(struct ike_child *c, bool tell)
{
	struct ikev2_sa *sa = c->ike;

	if (sa == NULL)
		return;
	if (tell && !c->told && ikev2_sa_is_up(sa))
		ikev2_task_add(sa, TASK_DELETE_CHILD, c->sa.spi);
	ikev2_child_release(c);
	ikev2_drop_idle(sa);
}

/* What is being negotiated for it: the answer may come when nobody wants it. */
static void
peer_gone(struct ike_peer *p)
{
	struct ikev2_sa *sa, *tmp;

	HASH_ITER (hh, p->engine->sas2, sa, tmp)
		ikev2_negos_abandon(sa, p);
}

static uint8_t
status(struct ike_peer *p)
{
	const struct ikev2_sa *sa = ikev2_sa_for_peer(p);

	if (sa != NULL)
		return p->children != NULL || has_task(sa, p) ||
		    (peer_is_wanted(p) && p->failures == 0) ? PEER_IPSEC : PEER_DOWN;
	return ikev2_sa_pending(p) != NULL ? PEER_IKE : PEER_DOWN;
}

static void
idle(struct ike_child *c)
{
	if (c->ike == NULL || !ikev2_sa_is_up(c->ike)) {
		if (peer_is_wanted(c->peer))
			child_rekey(c);
	} else if (ikev2_dpd_of(c->ike).interval_s != 0) {
		ikev2_task_add(c->ike, TASK_LIVENESS, 0);
	}
}

static void
moved(struct ike_peer *p, const struct ike_path *path)
{
	if (p->current != NULL && p->current->ike != NULL)
		ikev2_sa_heard(p->current->ike, path, true);
}

const struct ike_version ikev2_version = {
	.number = 2, .negotiates = negotiates, .begin = begin, .rekey = rekey,
	.child_gone = child_gone, .peer_gone = peer_gone, .status = status, .idle = idle,
	.moved = moved, .has_sa = has_sa, .lost_crossing = ikev2_child_lost_crossing,
};
