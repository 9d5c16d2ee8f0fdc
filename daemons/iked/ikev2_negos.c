/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All pairs that are being negotiated on an IKE SA. */
#include <string.h>
#include <utlist.h>

#include "ikev2_nego.h"

unsigned int
ikev2_negos_count(const struct ikev2_sa *sa)
{
	const struct ikev2_nego *n;
	unsigned int count = 0;

	DL_FOREACH (sa->negos, n)
		count++;
	return count;
}

bool
ikev2_negos_asked(const struct ikev2_sa *sa)
{
	const struct ikev2_nego *n;

	DL_FOREACH (sa->negos, n)
		if (n->ask != NULL && n->ask->exchange != 0)
			return true;
	return false;
}

void
ikev2_negos_gone(struct ikev2_sa *sa, uint32_t peer_spi)
{
	struct ikev2_nego *n;

	DL_FOREACH (sa->negos, n) {
		memmove(n->gone + 1, n->gone, sizeof(n->gone) - sizeof(n->gone[0]));
		n->gone[0] = peer_spi;
	}
}

bool
ikev2_negos_for(const struct ikev2_sa *sa, const struct ike_peer *p)
{
	const struct ikev2_nego *n;

	DL_FOREACH (sa->negos, n)
		if (n->peer == p)
			return true;
	return false;
}

void
ikev2_negos_refuse(struct ikev2_sa *sa)
{
	struct ikev2_nego *n, *next;

	DL_FOREACH_SAFE (sa->negos, n, next)
		if (n->reply != NULL) {
			uint32_t msgid = n->reply->msgid;

			ikev2_nego_end(n);
			ikev2_refuse(sa, msgid, EXCHANGE2_CHILD, N2_TEMPORARY_FAILURE,
			    (struct slice){NULL, 0});
		}
}

/* What was asked for may be there when the answer comes, and is deleted then. */
static void
abandon(struct ikev2_nego *n)
{
	struct ikev2_sa *sa = n->sa;
	struct ikev2_ask *a = n->ask;

	if (n->spi != 0)
		ikev2_task_add(sa, TASK_DELETE_CHILD, n->spi);
	ikev2_nego_end(n);
	if (a->exchange == 0)
		window_drop(&sa->window, a);
}

void
ikev2_negos_abandon(struct ikev2_sa *sa, const struct ike_peer *p)
{
	struct ikev2_nego *n, *next;

	DL_FOREACH_SAFE (sa->negos, n, next) {
		if (n->peer != p)
			continue;
		if (n->ask == NULL) {
			ikev2_nego_end(n);
			ikev2_sa_dead(sa, "its protection is gone");
			return;
		}
		abandon(n);
	}
	ikev2_task_next(sa);
}
