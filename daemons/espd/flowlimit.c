/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flowlimit.h"

#include <string.h>

void
flowlimit_init(struct flowlimit *f, mono_t interval, unsigned int all_per_s)
{
	memset(f, 0, sizeof(*f));
	f->interval = interval;
	f->all.interval = mono_us(1000000 / all_per_s);
	f->all.burst = all_per_s;
}

static struct flowlimit_flow *
find(struct flowlimit *f, uint64_t key)
{
	struct flowlimit_flow *set = f->flow[key % FLOWLIMIT_SETS], *oldest = set;
	unsigned int i;

	for (i = 0; i < FLOWLIMIT_WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].key == 0 || mono_before(set[i].seen, oldest->seen))
			oldest = &set[i];
	}
	*oldest = (struct flowlimit_flow){.key = key};
	return oldest;
}

uint64_t
flowlimit_due_by(struct flowlimit *f, struct ratelimit *bucket, uint64_t key, mono_t now,
    uint64_t least)
{
	struct flowlimit_flow *flow = find(f, key == 0 ? 1 : key);
	uint64_t n;

	flow->seen = now;
	flow->count++;
	if (flow->count < least)
		return 0;
	if (flow->reported.us != 0 && mono_before(now, mono_add(flow->reported, f->interval)))
		return 0;
	if (!ratelimit_take(bucket, now))
		return 0;
	n = flow->count;
	flow->count = 0;
	flow->reported = now;
	return n;
}

uint64_t
flowlimit_due(struct flowlimit *f, uint64_t key, mono_t now, uint64_t least)
{
	return flowlimit_due_by(f, &f->all, key, now, least);
}
