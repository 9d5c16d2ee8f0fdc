/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out.h"

#include <string.h>
#include <unistd.h>

#include "gre.h"
#include "mix.h"
#include "mss.h"
#include "pmtu.h"
#include "protect.h"
#include "run.h"
#include "tun.h"
#include "way.h"

/* A turn ends after so many reads, or so many packets cut from super-packets: what came in waits. */
enum { TCP_SYN = 0x02 };

#define READS 64
#define READ_PACKETS 512
#define ENCAPSULATION_MAX 256	/* more than any headers of ours and ESP come to */
#define BATCH_BYTES (256u << 10)	/* of the arena: what it has besides is for fragments and copies */

/* One packet from the device on its way. */
struct trip {
	struct worker *w;
	struct tunnel *t;
	const struct tunnel_conf *conf;
	struct inner in;
	struct way way;
	enum wire_as as;	/* of the next copy: a packet counts for the tunnel once */
};

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

static void
drop(struct trip *trip, enum drop why)
{
	if (trip->as == WIRE_AS_PACKET)
		worker_drop_out(trip->w, trip->t, why, trip->in.len);
}

/* --- encapsulation --- */

/* Where a packet goes, once that is known. */
struct leg {
	const struct adj_to *to;
	struct peer *peer;		/* NULL: in clear */
	struct path_mtu *path;
	uint16_t protocol;		/* of the payload, as GRE says it */
	bool df;			/* of what encapsulates it */
};

/*
 * The payload at p goes as GRE (or bare, for a VTI), protected if the tunnel
 * is.  It lies in the arena, with room around it.
 */
static enum drop
encapsulate(struct trip *trip, uint8_t *p, size_t len, const struct leg *leg)
{
	const struct tunnel_conf *c = trip->conf;
	struct gre gre = {.protocol = leg->protocol, .has_key = c->set.has_key != 0,
	    .key = c->set.key};
	struct wire_packet out = {.p = p, .len = len, .tunnel = trip->t, .as = trip->as,
		.to = {.kind = WIRE_GRE, .local = c->set.local, .remote = leg->to->nbma,
			.tos = trip->in.tos, .ttl = c->set.ttl, .df = leg->df}};

	if (c->set.kind != TUNNEL_VTI) {
		out.p -= gre_len(gre.has_key);
		out.len += gre_len(gre.has_key);
		gre_write(out.p, &gre);
	}
	if (leg->peer == NULL) {
		wire_queue(&trip->w->wire, &out);
		return DROP_NOT;
	}
	return protect_seal(trip->w, leg->peer, &out, c->set.kind == TUNNEL_VTI ?
	    (leg->protocol == GRE_IPV4 ? ESP_NEXT_IPV4 : ESP_NEXT_IPV6) : ESP_NEXT_GRE);
}

/* --- what is too long for the way --- */

/* How long a packet may be. */
static size_t
room_on(const struct trip *trip, const struct leg *leg)
{
	const struct ipc_tunnel *set = &trip->conf->set;
	size_t mtu = stat_get(&leg->path->mtu), front, room;
	size_t gre = set->kind == TUNNEL_VTI ? 0 : gre_len(set->has_key != 0);

	/* Most packets are short: the SA need not be asked. */
	if (mtu == 0 || trip->in.len + ENCAPSULATION_MAX <= mtu)
		return SIZE_MAX;
	if (leg->peer != NULL)
		room = protect_room(leg->peer, gre == 0 ? ESP_NEXT_IPV4 : ESP_NEXT_GRE, mtu);
	else {
		front = leg->to->nbma.family == ADDR_V6 ? 40 : 20;
		room = mtu > front ? mtu - front : 0;
	}
	return room > gre ? room - gre : 0;
}

static uint8_t *
fragment_room(void *arg, size_t len)
{
	struct trip *trip = arg;

	return wire_room(&trip->w->wire, len);
}

/* A packet that is cut for one way. */
struct cutting {
	struct trip trip;		/* the first member: fragment_room() takes it */
	const struct leg *leg;
	enum drop first;
};

static void
piece_put(void *arg, uint8_t *p, size_t len)
{
	struct cutting *cut = arg;
	struct wire *wire = &cut->trip.w->wire;
	size_t floor = wire->arena_floor;
	enum drop why;

	wire->arena_floor = wire->arena_at;
	why = encapsulate(&cut->trip, p, len, cut->leg);
	wire->arena_floor = floor;
	if (why != DROP_NOT && cut->first == DROP_NOT)
		cut->first = why;
	if (why == DROP_NOT)
		cut->trip.as = WIRE_AS_NOTHING;	/* the first piece counts for all */
}

static enum drop
cut_for(const struct trip *trip, const struct leg *leg, size_t room)
{
	struct cutting cut = {.trip = *trip, .leg = leg, .first = DROP_NOT};

	cut.trip.in.df = false;
	if (!pmtu_fragment(&cut.trip.in, (uint16_t)room, fragment_room, piece_put, &cut))
		return DROP_OUT_TOO_BIG;
	/* What left counts for the packet; a piece that did not is lost with it. */
	return cut.trip.as == WIRE_AS_NOTHING || trip->as == WIRE_AS_NOTHING ? DROP_NOT : cut.first;
}

/* To the sender of the packet, by the device; if that fails he will try again, and so shall we. */
static enum drop
tell_sender(const struct trip *trip, size_t room)
{
	uint8_t icmp[VNET_HEADER_LEN + PMTU_ICMP_MAX] = {0};
	size_t n = pmtu_icmp(&trip->in, (uint16_t)room, icmp + VNET_HEADER_LEN);

	if (n > 0 && write(trip->t->fd[trip->w->id], icmp, VNET_HEADER_LEN + n) < 0)
		return DROP_OUT_TOO_BIG;
	return DROP_OUT_TOO_BIG;
}

/* The packet of the trip, at p; `path` is that of a tunnel in clear. */
static enum drop
send_to(struct trip *trip, uint8_t *p, size_t len, uint16_t protocol, const struct adj_to *to,
    struct path_mtu *path)
{
	const struct tunnel_conf *c = trip->conf;
	const struct path_rule rule = {c->set.df, c->set.cut_after, c->set.pmtud};
	struct leg leg = {.to = to, .path = path, .protocol = protocol};
	size_t room;

	if (c->protection != 0) {
		leg.peer = c->set.kind == TUNNEL_MGRE ?
		    peer_find(&trip->w->tables->peers, to->peer_ref) : shared_get(&trip->t->peer);
		if (leg.peer == NULL || leg.peer->protection != c->protection)
			return DROP_OUT_NO_SA;
		leg.path = &leg.peer->pmtu;
	} else if (c->set.kind == TUNNEL_VTI)
		return DROP_OUT_NO_SA;
	if (trip->as == WIRE_AS_NHRP)
		return encapsulate(trip, p, len, &leg);
	room = room_on(trip, &leg);
	switch (path_fit(&rule, leg.path, &trip->in, room, &leg.df)) {
	case PATH_CUT:
		return cut_for(trip, &leg, room);
	case PATH_TELL:
		return tell_sender(trip, trip->in.version == 6 && room < 1280 ? 1280 : room);
	case PATH_WHOLE:
		break;
	}
	return encapsulate(trip, p, len, &leg);
}

static uint16_t
protocol_of(const struct inner *in)
{
	return in->version == 4 ? GRE_IPV4 : GRE_IPV6;
}

/* --- whither --- */

/* A packet that leaves by the NHRP network it came from: its sender could go straight. */
static void
check_redirect(struct trip *trip, const struct addr *dst_next_hop, uint64_t flow)
{
	struct ipc_redirect r = {.src = trip->in.src, .dst = trip->in.dst,
	    .dst_next_hop = *dst_next_hop};
	struct worker *w = trip->w;
	size_t quote = trip->in.len < 256 ? trip->in.len : 256;

	if (!trip->conf->set.nhrp_redirect || fib_is_local(&w->tables->fib, &trip->in.src) ||
	    !fib_lookup(trip->t, &trip->in.src, flow, &r.src_next_hop) ||
	    addr_eq(&r.src_next_hop, dst_next_hop) ||
	    flowlimit_due(&w->redirect, flow, w->now, 1) == 0)
		return;
	memcpy(r.ifname, trip->t->ifname, sizeof(r.ifname));
	worker_tell(w, IPC_MSG_REDIRECT_WANT, &r, sizeof(r), slice_of(trip->in.p, quote));
}

static void
want_next_hop(struct trip *trip, const struct addr *next_hop)
{
	struct ipc_next_hop want = {.next_hop = *next_hop, .dst = trip->in.dst};
	struct worker *w = trip->w;
	struct slice none = {0};

	if (flowlimit_due(&w->no_next_hop,
	    mix_two(trip->t->name_hash, mix_bytes(next_hop, sizeof(*next_hop))), w->now, 1) == 0)
		return;
	memcpy(want.ifname, trip->t->ifname, sizeof(want.ifname));
	worker_tell(w, IPC_MSG_NEXT_HOP_WANT, &want, sizeof(want), none);
}

static enum drop
send_unicast(struct trip *trip)
{
	struct adjs *adjs = &trip->w->tables->adjs;
	struct way *way = &trip->way;
	const struct addr *nhs;
	struct adj *a;

	if (!way->known)
		way_ask(way, trip->t, &trip->in);
	if (!way->routed)
		return DROP_OUT_NO_ROUTE;
	check_redirect(trip, &way->next_hop, way->flow);
	a = way->adj != NULL ? way->adj : adj_find(adjs, trip->t, &way->next_hop);
	if (a == NULL) {
		want_next_hop(trip, &way->next_hop);
		nhs = adj_nhs(adjs, trip->t);
		a = nhs == NULL ? NULL : adj_find(adjs, trip->t, nhs);
	}
	if (a == NULL)
		return DROP_OUT_NO_ADJACENCY;
	adj_count(a, trip->w->id, 1);
	return send_to(trip, trip->in.p, trip->in.len, protocol_of(&trip->in), shared_get(&a->to),
	    &a->pmtu);
}

/* A copy to each receiver; the packet counts as sent when one of them left. */
static enum drop
send_multicast(struct trip *trip)
{
	struct adj *a = adj_mcast_first(&trip->w->tables->adjs, trip->t);
	enum drop first = DROP_OUT_NO_MULTICAST, why;
	bool left = false;
	uint8_t *copy;

	for (; a != NULL; a = adj_mcast_next(a)) {
		copy = wire_room(&trip->w->wire, trip->in.len);
		if (copy == NULL)
			return left ? DROP_NOT : DROP_OUT_SEND;
		memcpy(copy, trip->in.p, trip->in.len);
		why = send_to(trip, copy, trip->in.len, protocol_of(&trip->in), shared_get(&a->to),
		    &a->pmtu);
		if (why == DROP_NOT) {
			adj_count(a, trip->w->id, 1);
			trip->as = WIRE_AS_NOTHING;
			left = true;
		} else
			first = why;
	}
	return left ? DROP_NOT : first;
}

static enum drop
send_p2p(struct trip *trip)
{
	struct adj_to to = {.nbma = trip->conf->set.remote};

	return send_to(trip, trip->in.p, trip->in.len, protocol_of(&trip->in), &to, &trip->t->pmtu);
}

static enum drop
send_sized(struct trip *trip)
{
	if (trip->conf->set.kind != TUNNEL_MGRE)
		return send_p2p(trip);
	return inner_is_multicast(&trip->in) ? send_multicast(trip) : send_unicast(trip);
}

/* --- what is too long for the tunnel --- */

static void
fragment_put(void *arg, uint8_t *p, size_t len)
{
	struct trip *trip = arg, piece = *trip;
	struct wire *wire = &trip->w->wire;
	size_t floor = wire->arena_floor;
	enum drop why;

	if (!inner_read(&piece.in, p, len))
		return;
	wire->arena_floor = wire->arena_at;
	why = send_sized(&piece);
	wire->arena_floor = floor;
	if (why != DROP_NOT)
		drop(trip, why);
	trip->as = WIRE_AS_NOTHING;	/* the first piece counted for all */
}

static enum drop
send_too_big(struct trip *trip)
{
	uint16_t mtu = trip->conf->set.mtu;

	return pmtu_fragment(&trip->in, mtu, fragment_room, fragment_put, trip) ? DROP_NOT :
	    tell_sender(trip, mtu);
}

/* --- from the device --- */

/* Our own outer packets, sent back to us because the way to the peer is this tunnel. */
static bool
is_own_outer(const struct trip *trip)
{
	uint16_t src = 0, dst;

	if (!addr_eq(&trip->in.src, &trip->conf->set.local))
		return false;
	return trip->in.proto == IPPROTO_GRE || trip->in.proto == IPPROTO_ESP ||
	    (trip->in.proto == IPPROTO_UDP && inner_ports(&trip->in, &src, &dst) &&
	        src == NATT_PORT);
}

static enum drop
forward(struct trip *trip)
{
	const struct ipc_tunnel *set = &trip->conf->set;

	if (!trip->conf->line_up)
		return DROP_TUNNEL_DOWN;
	if (is_own_outer(trip))
		return DROP_OUT_LOOP;
	mss_clamp(&trip->in, set->tcp_mss);
	if (set->mtu != 0 && trip->in.len > set->mtu)
		return send_too_big(trip);
	return send_sized(trip);
}

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
		why = forward(trip);
		if (why != DROP_NOT)
			drop(trip, why);
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
		drop(trip, DROP_OUT_MALFORMED);
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
	    (set->mtu == 0 || in->len <= set->mtu) && !is_own_outer(trip) &&
	    (in->proto != IPPROTO_TCP || (in->p[in->l4 + 13] & TCP_SYN) == 0);
}

static bool
run_leaves(struct run *r, struct trip *trip, size_t len)
{
	const struct tunnel_conf *c = trip->conf;
	const struct path_rule rule = {c->set.df, c->set.cut_after, c->set.pmtud};
	struct leg leg = {.peer = r->peer};

	if (r->peer == NULL || r->peer->protection != c->protection)
		return false;
	r->sa = shared_get(&r->peer->out);
	if (!run_fits(r, trip->in.version, len))
		return false;
	leg.path = &r->peer->pmtu;
	return path_fit(&rule, leg.path, &trip->in, room_on(trip, &leg), &r->to.df) == PATH_WHOLE;
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
	gre.protocol = protocol_of(&trip.in);
	r.peer = run_peer(&trip, &adj);
	r.to.tos = trip.in.tos;
	r.to.ttl = set->ttl;
	if (!run_leaves(&r, &trip, len))
		return false;
	send_batch(b);		/* it was before this */
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

/* --- from a peer, to another --- */

void
out_turned(struct worker *w, const struct tunnel_conf *c, uint8_t *p, size_t len)
{
	struct trip trip = {.w = w, .t = c->tunnel, .conf = c, .as = WIRE_AS_PACKET, .in.len = len};
	enum drop why = inner_read(&trip.in, p, len) ? send_unicast(&trip) : DROP_OUT_MALFORMED;

	if (why != DROP_NOT)
		drop(&trip, why);
}

/* --- NHRP --- */

void
out_nhrp(struct worker *w, const struct ipc_nhrp *n)
{
	struct adj_to to = {.nbma = n->nbma, .peer_ref = n->peer_ref};
	struct trip trip = {.w = w, .as = WIRE_AS_NHRP, .in.tos = 0xc0, .in.len = n->packet.len};
	enum drop why = DROP_TUNNEL_DOWN;
	uint32_t i;
	uint8_t *p;

	for (i = 0; i < w->tables->tunnels.top; i++) {
		trip.t = tunnel_at(&w->tables->tunnels, i);
		if (trip.t != NULL && strcmp(trip.t->ifname, n->ifname) == 0)
			break;
		trip.t = NULL;
	}
	p = trip.t == NULL ? NULL : wire_room(&w->wire, n->packet.len);
	if (p != NULL) {
		trip.conf = shared_get(&trip.t->conf);
		memcpy(p, n->packet.p, n->packet.len);
		if (trip.conf->line_up && trip.conf->set.kind != TUNNEL_VTI)
			why = send_to(&trip, p, n->packet.len, GRE_NHRP, &to, &trip.t->pmtu);
	}
	if (why != DROP_NOT)
		count_drop(&w->counters, why, n->packet.len);
}
