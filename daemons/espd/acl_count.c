/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "acl_count.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"

struct acl_count *
acl_count_get(struct acl_count **all, const char *acl, uint32_t line)
{
	struct acl_count_key key;
	struct acl_count *n;

	if (acl[0] == '\0')
		return NULL;
	memset(&key, 0, sizeof(key));
	memcpy(key.acl, acl, strnlen(acl, sizeof(key.acl) - 1));
	key.line = line;
	HASH_FIND(hh, *all, &key, sizeof(key), n);
	if (n == NULL) {
		n = aligned_alloc(_Alignof(struct acl_count), sizeof(*n));
		if (n == NULL)
			log_fatal("out of memory");
		memset(n, 0, sizeof(*n));
		n->key = key;
		n->all = all;
		HASH_ADD(hh, *all, key, sizeof(n->key), n);
	}
	n->holders++;
	return n;
}

void
acl_count_hold(struct acl_count *n)
{
	if (n != NULL)
		n->holders++;
}

void
acl_count_let_go(struct acl_count *n)
{
	if (n == NULL || --n->holders != 0)
		return;
	HASH_DEL(*n->all, n);
	free(n);
}

static uint64_t
sum(const struct acl_count *n)
{
	uint64_t packets = 0;
	unsigned int i;

	for (i = 0; i < WORKERS_MAX; i++)
		packets += stat_get(&n->worker[i].packets);
	return packets;
}

uint64_t
acl_count_packets(const struct acl_count *n)
{
	return sum(n) - n->cleared;
}

void
acl_count_clear(struct acl_count *all, const char *acl)
{
	struct acl_count *n, *next;

	HASH_ITER(hh, all, n, next)
		if (acl[0] == '\0' || strcmp(acl, n->key.acl) == 0)
			n->cleared = sum(n);
}
