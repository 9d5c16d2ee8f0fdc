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
