/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rtable.h"

#include <stdlib.h>

#include "log.h"

void
rtable_init(struct rtable *t, unsigned int bits)
{
	t->mask = (1u << bits) - 1;
	t->count = 0;
	t->bucket = calloc((size_t)t->mask + 1, sizeof(*t->bucket));
	if (t->bucket == NULL)
		log_fatal("out of memory");
}

void
rtable_close(struct rtable *t)
{
	free(t->bucket);
	t->bucket = NULL;
}

void
rtable_add(struct rtable *t, struct rnode *n, uint64_t hash)
{
	struct rnode **head = &t->bucket[hash & t->mask];

	n->hash = hash;
	n->next = *head;
	shared_set(head, n);
	t->count++;
}

void
rtable_del(struct rtable *t, struct rnode *n)
{
	struct rnode **pp = &t->bucket[n->hash & t->mask];

	while (*pp != n)
		pp = &(*pp)->next;
	shared_set(pp, n->next);
	t->count--;
}
