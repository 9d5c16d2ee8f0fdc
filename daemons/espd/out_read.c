/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a tunnel's device: a batch at a time, or a super-packet as a whole. */
#include "out.h"

#include <unistd.h>

#include "run.h"
#include "trip.h"
#include "tun.h"

/* A turn ends after so many reads, or so many packets cut from super-packets: what came in waits. */
#define READS 64
#define READ_PACKETS 512
#define BATCH_BYTES (256u << 10)	/* of the arena: what it has besides is for fragments and copies */

enum { TCP_SYN = 0x02 };

/* What one device gave, cut and read, and not yet on its way: it lies below the arena's floor. */
struct batch {
	struct worker *w;
	struct tunnel *t;
	const struct tunnel_conf *conf;
	size_t floor;		/* of the arena, when this is empty */
	size_t bytes;
	unsigned int count;
	struct trip trip[WIRE_BATCH];
};

/* The route of a packet is that of the one before it when both go between the same hosts. */
static bool
goes_with(const struct trip *trip, const struct trip *before)
{
	return addr_eq(&trip->in.dst, &before->in.dst) && addr_eq(&trip->in.src, &before->in.src);
}

static void
look_up(struct batch *b)
{
	struct way *ways[WIRE_BATCH];
	struct trip *trip, *end = b->trip + b->count;
	unsigned int n = 0;

	for (trip = b->trip; trip < end; trip++) {
		if (inner_is_multicast(&trip->in) || (trip > b->trip && goes_with(trip, trip - 1)))
			continue;
		way_ask(&trip->way, b->t, &trip->in);
		if (trip->way.routed)
			ways[n++] = &trip->way;
	}
	ways_fetch(b->w->tables, b->t, ways, n);
	for (trip = b->trip + 1; trip < end; trip++)
		if (!trip->way.known && goes_with(trip, trip - 1))
			trip->way = trip[-1].way;
}

static void
send_batch(struct batch *b)
{
	struct trip *trip;
	enum drop why;

	if (b->count > 0 && b->conf->set.kind == TUNNEL_MGRE)
		look_up(b);
	for (trip = b->trip; trip < b->trip + b->count; trip++) {
		why = trip_forward(trip);
		if (why != DROP_NOT)
			trip_drop(trip, why);
	}
	b->w->wire.arena_floor = b->floor;
	b->count = 0;
	b->bytes = 0;
}

static uint8_t *
segment_room_of(void *arg, size_t len)
{
	struct batch *b = arg;

	if (b->count == WIRE_BATCH || b->bytes + len > BATCH_BYTES)
		send_batch(b);
	if (b->count == 0)
		wire_make_room(&b->w->wire);
	return wire_room(&b->w->wire, len);
}

static void
segment_done(void *arg, uint8_t *p, size_t len)
{
	struct batch *b = arg;
	struct trip *trip = &b->trip[b->count];
	struct tunnel_stats *stats = worker_stats(b->w, b->t);

	stat_add(&stats->tun_in, 1);
	stat_add(&stats->tun_in_bytes, len);
	stat_add(&b->w->counters.work.tun_read_segments, 1);
	trip->w = b->w;
	trip->t = b->t;
	trip->conf = b->conf;
	trip->as = WIRE_AS_PACKET;
	trip->way.known = false;
	trip->way.adj = NULL;
	if (!inner_read(&trip->in, p, len)) {
		trip->in.len = len;
		trip_drop(trip, DROP_OUT_MALFORMED);
		return;
	}
	b->count++;
	b->bytes += len;
	b->w->wire.arena_floor = b->w->wire.arena_at;	/* nothing may overwrite it */
}

/* --- a super-packet, as a whole --- */

/* The peer that a unicast packet goes to when nothing needs to be asked or told first. */
static struct peer *
run_peer(struct trip *trip, struct adj **adj)
{
	const struct ipc_tunnel *set = &trip->conf->set;
	struct tables *t = trip->w->tables;

	*adj = NULL;
	if (set->kind != TUNNEL_MGRE)
		return shared_get(&trip->t->peer);
	if (inner_is_multicast(&trip->in) ||
	    (set->nhrp_redirect && !fib_is_local(&t->fib, &trip->in.src)))
		return NULL;
	way_ask(&trip->way, trip->t, &trip->in);
	*adj = trip->way.routed ? adj_find(&t->adjs, trip->t, &trip->way.next_hop) : NULL;
	return *adj == NULL ? NULL : peer_find(&t->peers, shared_get(&(*adj)->to)->peer_ref);
}

/* What goes the long way for its own sake, before any peer is asked. */
static bool
is_plain(const struct trip *trip)
{
	const struct ipc_tunnel *set = &trip->conf->set;
	const struct inner *in = &trip->in;

	return trip->conf->line_up && trip->conf->protection != 0 &&
	    (set->mtu == 0 || in->len <= set->mtu) && !trip_is_own_outer(trip) &&
	    (in->proto != IPPROTO_TCP || (in->p[in->l4 + 13] & TCP_SYN) == 0);
}

static bool
run_leaves(struct run *r, const struct trip *trip, size_t len)
{
	if (r->peer == NULL || r->peer->protection != trip->conf->protection)
		return false;
	r->sa = shared_get(&r->peer->out);
	return run_fits(r, trip->in.version, len) && trip_goes_whole(trip, r->peer, &r->to.df);
}

/* By the short way, if it can: then all pieces are as the longest one, which is asked for. */
static bool
super_packet(struct batch *b, const struct vnet *v, uint8_t *p, size_t len)
{
	struct trip trip = {.w = b->w, .t = b->t, .conf = b->conf};
	const struct ipc_tunnel *set = &b->conf->set;
	struct gre gre = {.has_key = set->has_key != 0, .key = set->key};
	struct run r = {.w = b->w, .tunnel = b->t, .gre = set->kind == TUNNEL_VTI ? NULL : &gre};
	size_t longest = segment_longest(v, p, len);
	struct adj *adj;

	if (longest == 0 || !inner_read(&trip.in, p, len))
		return false;
	trip.in.len = longest;
	if (!is_plain(&trip))
		return false;
	gre.protocol = trip_protocol(&trip);
	r.peer = run_peer(&trip, &adj);
	r.to.tos = trip.in.tos;
	r.to.ttl = set->ttl;
	if (!run_leaves(&r, &trip, len))
		return false;
	send_batch(b);		/* it was before this */
	_Static_assert(VNET_HEADER_LEN >= GRE_HEADER_MAX, "what was in front of a packet makes room");
	run_send(&r, v, p, len);
	stat_add(&worker_stats(b->w, b->t)->tun_in, r.count + r.lost);
	stat_add(&worker_stats(b->w, b->t)->tun_in_bytes, r.bytes);
	stat_add(&worker_stats(b->w, b->t)->dropped_out, r.lost);
	stat_add(&b->w->counters.work.tun_read_segments, r.count + r.lost);
	if (adj != NULL)
		adj_count(adj, b->w->id, r.count);
	return true;
}

static void
from_device(struct batch *b, uint8_t *p, size_t len)
{
	struct vnet v;

	if (len > VNET_HEADER_LEN) {
		vnet_read(&v, p);
		if (v.gso_type != VNET_GSO_NONE &&
		    super_packet(b, &v, p + VNET_HEADER_LEN, len - VNET_HEADER_LEN))
			return;
		if (segment_cut(&v, p + VNET_HEADER_LEN, len - VNET_HEADER_LEN, segment_room_of,
		    segment_done, b))
			return;
	}
	stat_add(&worker_stats(b->w, b->t)->tun_in, 1);
	stat_add(&worker_stats(b->w, b->t)->tun_in_bytes, len);
	worker_drop_out(b->w, b->t, DROP_OUT_MALFORMED, len);
}

void
out_read(struct worker *w, struct tunnel *t)
{
	const uint64_t *packets = &w->counters.work.tun_read_segments;
	uint64_t enough = *packets + READ_PACKETS;
	enum profile_stage was;
	struct batch b;
	unsigned int i;
	ssize_t n;

	b.w = w;
	b.t = t;
	b.conf = shared_get(&t->conf);
	b.floor = w->wire.arena_floor;
	b.bytes = b.count = 0;
	for (i = 0; i < READS && *packets < enough; i++) {
		was = profile_enter(&w->profile, PROFILE_READ);
		n = read(t->fd[w->id], w->tun_buf, VNET_HEADER_LEN + WIRE_ROOM);
		profile_enter(&w->profile, was);
		stat_add(&w->counters.work.tun_reads, 1);
		if (n <= 0)
			break;
		stat_add(&w->counters.work.tun_read_packets, 1);
		from_device(&b, w->tun_buf, (size_t)n);
	}
	send_batch(&b);
}
