/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "way.h"

#include "mix.h"
#include "worker.h"

enum { LINE = 64 };

void
way_ask(struct way *way, const struct tunnel *t, const struct inner *in)
{
	way->known = true;
	way->flow = mix_two(mix_bytes(&in->src, sizeof(in->src)),
	    mix_bytes(&in->dst, sizeof(in->dst)));
	way->routed = fib_lookup(t, &in->dst, way->flow, &way->next_hop);
}

static void
fetch_adjacencies(const struct adjs *adjs, const struct tunnel *t, struct way *const *ways,
    unsigned int n)
{
	uint64_t hash[WIRE_BATCH];
	unsigned int i;

	for (i = 0; i < n; i++) {
		hash[i] = adj_hash(t, &ways[i]->next_hop);
		rtable_prefetch(&adjs->by_next_hop, hash[i]);
	}
	for (i = 0; i < n; i++)
		rtable_prefetch_first(&adjs->by_next_hop, hash[i]);
	for (i = 0; i < n; i++) {
		ways[i]->adj = adj_find(adjs, t, &ways[i]->next_hop);
		if (ways[i]->adj != NULL)
			__builtin_prefetch(shared_get(&ways[i]->adj->to));
	}
}

/* Gives the peers that the ways lead to, NULL where there is none. */
static void
fetch_peers(const struct peers *peers, struct way *const *ways, unsigned int n, struct peer **peer)
{
	uint64_t hash[WIRE_BATCH];
	unsigned int i;

	for (i = 0; i < n; i++)
		if (ways[i]->adj != NULL) {
			hash[i] = peer_hash(shared_get(&ways[i]->adj->to)->peer_ref);
			rtable_prefetch(&peers->by_ref, hash[i]);
		}
	for (i = 0; i < n; i++)
		if (ways[i]->adj != NULL)
			rtable_prefetch_first(&peers->by_ref, hash[i]);
	for (i = 0; i < n; i++) {
		peer[i] = ways[i]->adj == NULL ? NULL :
		    peer_find(peers, shared_get(&ways[i]->adj->to)->peer_ref);
		if (peer[i] != NULL)
			__builtin_prefetch((char *)peer[i] + LINE);
	}
}

static void
fetch_sas(struct peer *const *peer, unsigned int n)
{
	struct sa *sa[WIRE_BATCH];
	struct esp_key *out;
	unsigned int i;

	for (i = 0; i < n; i++) {
		sa[i] = peer[i] == NULL ? NULL : shared_get(&peer[i]->out);
		if (sa[i] == NULL)
			continue;
		sadb_prefetch(sa[i]);
		__builtin_prefetch(shared_get(&peer[i]->path));
	}
	for (i = 0; i < n; i++) {
		if (sa[i] == NULL)
			continue;
		__builtin_prefetch(shared_get(&sa[i]->out));
		__builtin_prefetch(&sa[i]->kept->out_seq, 1);
	}
	for (i = 0; i < n; i++) {
		out = sa[i] == NULL ? NULL : shared_get(&sa[i]->out);
		if (out != NULL)
			esp_key_prefetch(out);
	}
}

void
ways_fetch(const struct tables *tables, const struct tunnel *t, struct way *const *ways,
    unsigned int n)
{
	struct peer *peer[WIRE_BATCH];

	fetch_adjacencies(&tables->adjs, t, ways, n);
	fetch_peers(&tables->peers, ways, n, peer);
	fetch_sas(peer, n);
}
