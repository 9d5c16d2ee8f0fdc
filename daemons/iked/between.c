/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "between.h"

#include <stdlib.h>

#include "engine.h"
#include "ike_sa.h"
#include "ikev2_sa.h"
#include "log.h"
#include "peer.h"

static struct between *
find(const struct ike_engine *e, const struct addr *local, const struct addr *remote)
{
	struct between_ends ends = {*local, *remote};
	struct between *b;

	HASH_FIND(hh, e->betweens, &ends, sizeof(ends), b);
	return b;
}

static struct between *
find_or_make(struct ike_engine *e, const struct ike_path *path)
{
	struct between *b = find(e, &path->local, &path->remote);

	if (b != NULL)
		return b;
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		log_fatal("out of memory for a pair of addresses");
	b->ends = (struct between_ends){path->local, path->remote};
	HASH_ADD(hh, e->betweens, ends, sizeof(b->ends), b);
	return b;
}

static void
free_if_empty(struct ike_engine *e, struct between *b)
{
	if (b->peers != NULL || b->sas != NULL || b->sas2 != NULL)
		return;
	HASH_DEL(e->betweens, b);
	free(b);
}

/* The same for each of the three kinds. */
#define MEMBERS(name, type, list)								\
	struct type *										\
	list##_between(const struct ike_engine *e, const struct addr *local,			\
	    const struct addr *remote)								\
	{											\
		const struct between *b = find(e, local, remote);				\
												\
		return b == NULL ? NULL : b->list;						\
	}											\
												\
	void											\
	between_leave_##name(struct type *x)							\
	{											\
		struct between *b = x->at;							\
												\
		if (b == NULL)									\
			return;									\
		DL_DELETE2(b->list, x, at_prev, at_next);					\
		x->at = NULL;									\
		free_if_empty(x->engine, b);							\
	}											\
												\
	void											\
	between_put_##name(struct type *x)							\
	{											\
		struct between *b = find_or_make(x->engine, &x->path);				\
												\
		if (x->at == b)									\
			return;									\
		between_leave_##name(x);							\
		x->at = b;									\
		DL_APPEND2(b->list, x, at_prev, at_next);					\
	}

MEMBERS(peer, ike_peer, peers)
MEMBERS(sa, ike_sa, sas)
MEMBERS(sa2, ikev2_sa, sas2)
