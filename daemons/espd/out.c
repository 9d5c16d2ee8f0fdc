/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out.h"

#include <string.h>
#include <unistd.h>

#include "gre.h"
#include "mix.h"
#include "mss.h"
#include "pmtu.h"
#include "protect.h"
#include "trip.h"

#define ENCAPSULATION_MAX 256	/* more than any headers of ours and ESP come to */

void
trip_drop(struct trip *trip, enum drop why)
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

static enum path_fit
fit(const struct trip *trip, struct leg *leg, size_t room)
{
	const struct tunnel_conf *c = trip->conf;
	const struct path_rule rule = {c->set.df, c->set.cut_after, c->set.pmtud};

	return path_fit(&rule, leg->path, &trip->in, room, &leg->df);
}

bool
trip_goes_whole(const struct trip *trip, struct peer *peer, bool *df)
{
	struct leg leg = {.peer = peer, .path = &peer->pmtu};
	bool whole = fit(trip, &leg, room_on(trip, &leg)) == PATH_WHOLE;

	*df = leg.df;
	return whole;
}

/* The packet of the trip, at p; `path` is that of a tunnel in clear. */
static enum drop
send_to(struct trip *trip, uint8_t *p, size_t len, uint16_t protocol, const struct adj_to *to,
    struct path_mtu *path)
{
	const struct tunnel_conf *c = trip->conf;
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
	switch (fit(trip, &leg, room)) {
	case PATH_CUT:
		return cut_for(trip, &leg, room);
	case PATH_TELL:
		return tell_sender(trip, trip->in.version == 6 && room < 1280 ? 1280 : room);
	case PATH_WHOLE:
		break;
	}
	return encapsulate(trip, p, len, &leg);
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
	return send_to(trip, trip->in.p, trip->in.len, trip_protocol(trip), shared_get(&a->to),
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
		why = send_to(trip, copy, trip->in.len, trip_protocol(trip), shared_get(&a->to),
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

	return send_to(trip, trip->in.p, trip->in.len, trip_protocol(trip), &to, &trip->t->pmtu);
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
		trip_drop(trip, why);
	trip->as = WIRE_AS_NOTHING;	/* the first piece counted for all */
}

static enum drop
send_too_big(struct trip *trip)
{
	uint16_t mtu = trip->conf->set.mtu;

	return pmtu_fragment(&trip->in, mtu, fragment_room, fragment_put, trip) ? DROP_NOT :
	    tell_sender(trip, mtu);
}

/* --- all of that --- */

/* Our own outer packets, sent back to us because the way to the peer is this tunnel. */
bool
trip_is_own_outer(const struct trip *trip)
{
	uint16_t src = 0, dst;

	if (!addr_eq(&trip->in.src, &trip->conf->set.local))
		return false;
	return trip->in.proto == IPPROTO_GRE || trip->in.proto == IPPROTO_ESP ||
	    (trip->in.proto == IPPROTO_UDP && inner_ports(&trip->in, &src, &dst) &&
	        src == NATT_PORT);
}

enum drop
trip_forward(struct trip *trip)
{
	const struct ipc_tunnel *set = &trip->conf->set;

	if (!trip->conf->line_up)
		return DROP_TUNNEL_DOWN;
	if (trip_is_own_outer(trip))
		return DROP_OUT_LOOP;
	mss_clamp(&trip->in, set->tcp_mss);
	if (set->mtu != 0 && trip->in.len > set->mtu)
		return send_too_big(trip);
	return send_sized(trip);
}

/* --- from a peer, to another --- */

void
out_turned(struct worker *w, const struct tunnel_conf *c, uint8_t *p, size_t len)
{
	struct trip trip = {.w = w, .t = c->tunnel, .conf = c, .as = WIRE_AS_PACKET, .in.len = len};
	enum drop why = inner_read(&trip.in, p, len) ? send_unicast(&trip) : DROP_OUT_MALFORMED;

	if (why != DROP_NOT)
		trip_drop(&trip, why);
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
