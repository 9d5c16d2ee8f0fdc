/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tunnel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algs.h"
#include "log.h"
#include "mix.h"
#include "protection.h"
#include "tun.h"

void
tunnels_init(struct tunnels *ts, struct loop *l)
{
	memset(ts, 0, sizeof(*ts));
	ts->loop = l;
	rtable_init(&ts->by_key, 12);
}

void
tunnels_close(struct tunnels *ts)
{
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL)
			tunnel_remove(ts, ts->slot[i]);
	shared_drain();
	rtable_close(&ts->by_key);
}

struct tunnel *
tunnel_at(struct tunnels *ts, uint32_t slot)
{
	return slot < TUNNELS_MAX ? shared_get(&ts->slot[slot]) : NULL;
}

static const struct tunnel_conf *
find_exact(struct tunnels *ts, const struct tunnel_key *id)
{
	struct rnode *n = rtable_first(&ts->by_key, mix_bytes(id, sizeof(*id)));
	struct tunnel_conf *c;

	for (; n != NULL; n = rtable_next(n)) {
		c = container_of(n, struct tunnel_conf, by_key);
		if (memcmp(&c->id, id, sizeof(*id)) == 0)
			return c;
	}
	return NULL;
}

const struct tunnel_conf *
tunnel_find(struct tunnels *ts, const struct addr *local, const struct addr *remote, bool has_key,
    uint32_t key)
{
	struct tunnel_key id = {.local = *local, .remote = *remote, .key = key, .has_key = has_key};
	const struct tunnel_conf *c = find_exact(ts, &id);

	if (c != NULL)
		return c;
	memset(&id.remote, 0, sizeof(id.remote));
	return find_exact(ts, &id);
}

const struct tunnel_conf *
tunnel_find_vti(struct tunnels *ts, uint16_t protection, const struct addr *local,
    const struct addr *remote)
{
	struct tunnel_key id = {.local = *local, .remote = *remote, .vti = 1,
	    .protection = protection};

	return find_exact(ts, &id);
}

struct tunnel *
tunnel_by_name(struct tunnels *ts, const char *ifname)
{
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL && strcmp(ts->slot[i]->ifname, ifname) == 0)
			return ts->slot[i];
	return NULL;
}

struct tunnel *
tunnel_by_ifindex(struct tunnels *ts, int ifindex)
{
	uint32_t i;

	for (i = 0; i < ts->top; i++)
		if (ts->slot[i] != NULL && ts->slot[i]->ifindex == ifindex)
			return ts->slot[i];
	return NULL;
}

struct tunnel *
tunnel_add(struct tunnels *ts, const char *ifname, const int *fd, unsigned int workers)
{
	struct tunnel *t = aligned_alloc(64, sizeof(*t));	/* the size of which its stats align */
	uint32_t i;

	if (t == NULL)
		log_fatal("out of memory");
	memset(t, 0, sizeof(*t));
	for (i = 0; i < TUNNELS_MAX && ts->slot[i] != NULL; i++)
		;
	if (i == TUNNELS_MAX) {
		free(t);
		return NULL;
	}
	memcpy(t->ifname, ifname, strnlen(ifname, sizeof(t->ifname) - 1));
	t->name_hash = mix_bytes(t->ifname, sizeof(t->ifname));
	t->slot = i;
	if (i >= ts->top)
		ts->top = i + 1;
	for (i = 0; i < WORKERS_MAX; i++)
		t->fd[i] = i < workers ? fd[i] : -1;
	t->uso = tun_takes_uso(fd[0]);
	t->ifindex = tun_ifindex(ifname);
	trie_init(&t->fib4, 32);
	trie_init(&t->fib6, 128);
	return t;
}

static void
set_key(struct tunnel_key *id, const struct tunnel_conf *c)
{
	memset(id, 0, sizeof(*id));
	id->local = c->set.local;
	if (c->set.kind != TUNNEL_MGRE)
		id->remote = c->set.remote;
	if (c->set.kind == TUNNEL_VTI) {
		id->vti = 1;
		id->protection = c->protection;
		return;
	}
	id->has_key = c->set.has_key != 0;
	id->key = c->set.has_key ? c->set.key : 0;
}

/* A tunnel without its addresses has no key that a packet could have. */
static bool
findable(const struct tunnel_conf *c)
{
	return addr_is_set(&c->set.local) &&
	    (c->set.kind == TUNNEL_MGRE || addr_is_set(&c->set.remote));
}

static void
retire_conf(struct tunnels *ts, const struct tunnel_conf *old)
{
	struct tunnel_conf *c = (struct tunnel_conf *)old;

	if (c == NULL)
		return;
	if (findable(c))
		rtable_del(&ts->by_key, &c->by_key);
	shared_free_later(ts->loop, free, c);
}

void
tunnel_configure(struct tunnels *ts, struct tunnel *t, const struct ipc_tunnel *set, bool line_up)
{
	const struct tunnel_conf *old = t->conf;
	struct tunnel_conf *c = calloc(1, sizeof(*c));

	if (c == NULL)
		log_fatal("out of memory");
	c->tunnel = t;
	c->set = *set;
	c->protection = protection_id(set->protection);
	c->line_up = line_up;
	set_key(&c->id, c);
	if (old != NULL && !addr_eq(&old->set.remote, &set->remote))
		path_mtu_forget(&t->pmtu);
	shared_set(&t->conf, c);
	if (findable(c))
		rtable_add(&ts->by_key, &c->by_key, mix_bytes(&c->id, sizeof(c->id)));
	retire_conf(ts, old);
	shared_set(&ts->slot[t->slot], t);
}

void
tunnel_remove(struct tunnels *ts, struct tunnel *t)
{
	unsigned int i;

	shared_set(&ts->slot[t->slot], NULL);
	retire_conf(ts, t->conf);
	shared_drain();
	shared_wait();
	for (i = 0; i < WORKERS_MAX && t->fd[i] >= 0; i++)
		close(t->fd[i]);
	trie_close(&t->fib4);
	trie_close(&t->fib6);
	free(t);
}
