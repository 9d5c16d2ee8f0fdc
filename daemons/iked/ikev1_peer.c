/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What peers and pairs want of IKEv1 (version.h). */
#include "child.h"
#include "dpd.h"
#include "ike_sa.h"
#include "ikev1.h"
#include "peer.h"

static bool
has_sa(const struct ike_peer *p)
{
	return sa_for_peer(p->engine, p) != NULL;
}

static bool
begin(struct ike_peer *p)
{
	struct ike_engine *e = p->engine;
	struct ike_sa *sa = sa_for_peer(e, p);

	if (sa != NULL) {
		ikev1_quick_start(sa, p);
		return true;
	}
	if (p->natted)
		return true;		/* behind a NAT it must call us */
	if (sa_pending(e, &p->path.local, &p->path.remote) == NULL)
		ikev1_start(e, &p->path.local, &p->path.remote);
	return sa_pending(e, &p->path.local, &p->path.remote) != NULL;
}

static void
rekey(struct ike_child *c)
{
	struct ike_peer *p = c->peer;
	struct ike_engine *e = p->engine;
	struct ike_sa *sa = sa_for_peer(e, p);

	if (sa != NULL)
		ikev1_quick_start(sa, p);
	else if (!p->natted && sa_pending(e, &p->path.local, &p->path.remote) == NULL)
		ikev1_start(e, &p->path.local, &p->path.remote);
}

static void
child_gone(struct ike_child *c, bool tell)
{
	struct ike_sa *sa = tell ? sa_for_peer(c->peer->engine, c->peer) : NULL;

	ikev1_quick_forget_child(c);
	if (sa != NULL)
		ikev1_send_delete_esp(sa, c->sa.spi);
}

static void
peer_gone(struct ike_peer *p)
{
	ikev1_quick_forget(p);
}

static uint8_t
status(struct ike_peer *p)
{
	/* Who answered in phase 1 lets the peer go first with phase 2: that is no failure. */
	if (has_sa(p))
		return ikev1_quick_running(p) || (peer_is_wanted(p) && p->failures == 0) ?
		    PEER_IPSEC : PEER_DOWN;
	return sa_pending(p->engine, &p->path.local, &p->path.remote) != NULL ? PEER_IKE : PEER_DOWN;
}

static void
idle(struct ike_child *c)
{
	struct ike_engine *e = c->peer->engine;
	struct ike_sa *sa = sa_for_peer(e, c->peer);

	if (dpd_settings(e, sa).interval_s == 0)
		return;
	if (sa != NULL)
		dpd_probe(sa);
	else if (peer_is_wanted(c->peer))
		child_rekey(c);
}

static void
moved(struct ike_peer *p, const struct ike_path *path)
{
	struct ike_sa *sa = sa_for_peer(p->engine, p);

	if (sa != NULL)
		sa_moved(sa, path);
}

enum { REPEATED_MS = 1200 };	/* a first message that was lost has come again by then */

static bool
began_after(const struct ike_child *c, const struct ike_child *ready, mono_t slack)
{
	return ready->ready_at.us != 0 && mono_before(mono_add(ready->ready_at, slack), c->began);
}

/*
 * Two quick modes crossed when each side began its own before it had the other's pair.  Who
 * began one knows that of himself; of the other he sees when its first message came.
 */
static bool
lost_crossing(const struct ike_child *c, const struct ike_child *other)
{
	const struct ike_child *ours = c->initiator ? c : other, *theirs = c->initiator ? other : c;

	return !began_after(ours, theirs, mono_us(0)) &&
	    !began_after(theirs, ours, mono_ms(REPEATED_MS)) && child_loses(c, other);
}

const struct ike_version ikev1_version = {
	.number = 1, .negotiates = ikev1_quick_running, .begin = begin, .rekey = rekey,
	.child_gone = child_gone, .peer_gone = peer_gone, .status = status,
	.idle = idle, .moved = moved, .has_sa = has_sa,
	.lost_crossing = lost_crossing,
};
