/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two IKE SAs with one peer, because both sides began at once.
 *
 * RFC 7296 2.8 decides about rekeys that cross and leaves this to us.  Neither
 * side begins while an SA is up, and what it began and had no answer to is
 * dropped when the peer's comes up (ikev2_life.c).  So both can only come up when
 * each was begun before the other was done, and then both sides see that.  The
 * SPIs, which both know, say which one is used: pairs of ESP SAs of the other
 * are retired (child.c), and when it has none left it is deleted.
 */
#include <string.h>
#include <utlist.h>

#include "child.h"
#include "ikev2.h"

bool
ikev2_began_before(const struct ikev2_sa *sa, const struct ikev2_sa *other)
{
	return !mono_before(other->established_at, sa->created);
}

bool
ikev2_lost_crossing(const struct ikev2_sa *sa, const struct ikev2_sa *other)
{
	int order;

	if (sa->initiator == other->initiator || sa->init != NULL || other->init != NULL ||
	    !ikev2_same_peer(sa, other) || !ikev2_began_before(sa, other) ||
	    !ikev2_began_before(other, sa))
		return false;
	order = memcmp(sa->spi_i, other->spi_i, IKE_SPI_LEN);
	return order != 0 ? order < 0 : memcmp(sa->spi_r, other->spi_r, IKE_SPI_LEN) < 0;
}

enum { SAME_SA_S = 40 };		/* longer than a request is repeated */

static bool
apart(const struct ike_child *a, const struct ike_child *b)
{
	int64_t us = a->created.us - b->created.us;

	return us > mono_s(SAME_SA_S).us || us < -mono_s(SAME_SA_S).us;
}

/* Of pairs under one IKE SA that replaced the same one the nonces have decided (ikev2_child.c). */
bool
ikev2_child_lost_crossing(const struct ike_child *c, const struct ike_child *other)
{
	if (c->ike == NULL || other->ike == NULL)
		return false;
	if (c->ike != other->ike)
		return ikev2_lost_crossing(c->ike, other->ike);
	return !c->replaces && !other->replaces && !apart(c, other) && child_loses(c, other);
}

/* Of two IKE SAs with one peer the one that has no pair left is of no use. */
void
ikev2_drop_idle(struct ikev2_sa *sa)
{
	struct ikev2_sa *other, *tmp;

	if (!ikev2_sa_is_up(sa) || sa->children != NULL || sa->negos != NULL ||
	    !window_is_idle(&sa->window) || sa->tasks != NULL)
		return;
	DL_FOREACH_SAFE2 (ikev2_sas_beside(sa), other, tmp, at_next)
		if (other != sa && ikev2_sa_is_up(other) && ikev2_same_peer(other, sa) &&
		    other->children != NULL) {
			ikev2_sa_delete(sa, "another one serves this peer");
			return;
		}
}
