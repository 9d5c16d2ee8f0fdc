/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "mix.h"
#include "protection.h"

#define PEER_HASH_BITS 16

void
peers_init(struct peers *ps, struct loop *l)
{
	ps->loop = l;
	rtable_init(&ps->by_ref, PEER_HASH_BITS);
	rtable_init(&ps->by_place, PEER_HASH_BITS);
}

void
peers_close(struct peers *ps)
{
	struct peer *p;

	while ((p = peer_next(ps, NULL)) != NULL)
		peer_remove(ps, p);
	shared_drain();
	rtable_close(&ps->by_ref);
	rtable_close(&ps->by_place);
}

uint64_t
peer_hash(uint32_t ref)
{
	return ref;		/* iked counts them up */
}

struct peer *
peer_find(const struct peers *ps, uint32_t ref)
{
	struct rnode *n = rtable_first(&ps->by_ref, peer_hash(ref));
	struct peer *p;

	for (; n != NULL; n = rtable_next(n)) {
		p = container_of(n, struct peer, by_ref);
		if (p->ref == ref)
			return p;
	}
	return NULL;
}

/* Of peers behind one NAT only the port tells them apart. */
static uint64_t
place_hash(const struct addr *remote, uint16_t port)
{
	return mix_two(mix_bytes(remote, sizeof(*remote)), port);
}

static uint16_t
port_of(const struct peer_path *path)
{
	return path->encap ? path->remote_port : 0;
}

struct peer *
peer_at(const struct peers *ps, const struct addr *remote, uint16_t port, const struct peer *before)
{
	struct rnode *n = before == NULL ? rtable_first(&ps->by_place, place_hash(remote, port)) :
	    rtable_next(&shared_get(&before->path)->by_place);
	const struct peer_path *path;

	for (; n != NULL; n = rtable_next(n)) {
		path = container_of(n, struct peer_path, by_place);
		if (port_of(path) == port && addr_eq(&path->remote, remote))
			return path->peer;
	}
	return NULL;
}

/* It leads nowhere any more; a worker may still look at it. */
static void
retire_path(struct peers *ps, struct peer_path *path)
{
	if (path == NULL)
		return;
	rtable_del(&ps->by_place, &path->by_place);
	shared_free_later(ps->loop, free, path);
}

static void
publish_path(struct peers *ps, struct peer *p, const struct peer_path *set)
{
	struct peer_path *path = calloc(1, sizeof(*path));

	if (path == NULL)
		log_fatal("out of memory");
	*path = *set;
	path->peer = p;
	if (p->path != NULL && !addr_eq(&p->path->remote, &path->remote))
		path_mtu_forget(&p->pmtu);
	retire_path(ps, (struct peer_path *)p->path);
	rtable_add(&ps->by_place, &path->by_place,
	    place_hash(&path->remote, port_of(path)));
	shared_set(&p->path, path);
}

struct peer *
peer_set(struct peers *ps, const struct ipc_peer *set)
{
	struct peer_path path = {.local = set->local, .remote = set->remote,
	    .local_port = set->local_port, .remote_port = set->remote_port,
	    .encap = set->encap != 0};
	struct peer *p = peer_find(ps, set->peer_ref);
	bool new = p == NULL;

	if (new) {
		p = calloc(1, sizeof(*p));
		if (p == NULL)
			log_fatal("out of memory");
		p->ref = set->peer_ref;
	}
	p->vrf = set->vrf;
	p->protection = protection_id(set->protection);
	publish_path(ps, p, &path);
	if (new)
		rtable_add(&ps->by_ref, &p->by_ref, peer_hash(p->ref));
	return p;
}

void
peer_fill(const struct peer *p, struct ipc_peer *set)
{
	memset(set, 0, sizeof(*set));
	set->peer_ref = p->ref;
	set->vrf = p->vrf;
	snprintf(set->protection, sizeof(set->protection), "%s", protection_name(p->protection));
	set->local = p->path->local;
	set->remote = p->path->remote;
	set->local_port = p->path->local_port;
	set->remote_port = p->path->remote_port;
	set->encap = p->path->encap;
}

void
peer_move(struct peers *ps, struct peer *p, const struct addr *remote, uint16_t port)
{
	struct peer_path path = *p->path;

	path.remote = *remote;
	path.remote_port = port;
	publish_path(ps, p, &path);
}

void
peer_remove(struct peers *ps, struct peer *p)
{
	rtable_del(&ps->by_ref, &p->by_ref);
	retire_path(ps, (struct peer_path *)p->path);
	shared_free_later(ps->loop, free, p);
}

struct peer *
peer_next(const struct peers *ps, const struct peer *p)
{
	uint32_t i = 0;

	if (p != NULL) {
		if (p->by_ref.next != NULL)
			return container_of(p->by_ref.next, struct peer, by_ref);
		i = (uint32_t)(p->by_ref.hash & ps->by_ref.mask) + 1;
	}
	for (; i <= ps->by_ref.mask; i++)
		if (ps->by_ref.bucket[i] != NULL)
			return container_of(ps->by_ref.bucket[i], struct peer, by_ref);
	return NULL;
}
