/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table that workers search while the control thread changes it
 * (shared.h).  Nodes are members of what they index; buckets do not move.  A
 * node that was removed keeps its `next`, so a worker that stands on it walks
 * on; its owner frees it with shared_free_later().
 */
#ifndef CULVERT_RTABLE_H
#define CULVERT_RTABLE_H

#include <stdint.h>

#include "shared.h"

struct rnode {
	struct rnode *next;
	uint64_t hash;
};

struct rtable {
	struct rnode **bucket;
	uint32_t mask, count;
};

void rtable_init(struct rtable *t, unsigned int bits);	/* 1 << bits buckets */
void rtable_close(struct rtable *t);			/* the nodes are their owners' */
void rtable_add(struct rtable *t, struct rnode *n, uint64_t hash);	/* before equals */
void rtable_del(struct rtable *t, struct rnode *n);

/* Many look-ups at once: the buckets first, then what is first in each. */
static inline void
rtable_prefetch(const struct rtable *t, uint64_t hash)
{
	__builtin_prefetch(&t->bucket[hash & t->mask]);
}

static inline void
rtable_prefetch_first(const struct rtable *t, uint64_t hash)
{
	const char *n = (const char *)shared_get(&t->bucket[hash & t->mask]);

	if (n == NULL)
		return;
	__builtin_prefetch(n);
	__builtin_prefetch(n + 64);
}

static inline struct rnode *
rtable_match(struct rnode *n, uint64_t hash)
{
	while (n != NULL && n->hash != hash)
		n = shared_get(&n->next);
	return n;
}

/* The first node with this hash, then the next: the caller compares keys. */
static inline struct rnode *
rtable_first(const struct rtable *t, uint64_t hash)
{
	return rtable_match(shared_get(&t->bucket[hash & t->mask]), hash);
}

static inline struct rnode *
rtable_next(const struct rnode *n)
{
	return rtable_match(shared_get(&n->next), n->hash);
}

#endif
