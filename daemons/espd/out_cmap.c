/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_cmap.h"

#include <linux/virtio_net.h>
#include <sys/uio.h>

#include "cmap_read.h"
#include "in_cmap.h"
#include "pmtu.h"
#include "protect.h"
#include "run.h"
#include "tun.h"

/* One frame from the device on its way. */
struct cmap_trip {
	struct worker *w;
	struct crypto_map *m;
	const struct crypto_map_conf *conf;
	struct peer *peer;
	const struct peer_path *path;
	struct sa *sa;
	struct inner in;
	bool df;			/* of the pieces of a packet that is cut */
};

/* --- not for it --- */

/* Marked, so the hook lets it pass; super-packets and unfinished checksums are the kernel's again. */
static enum drop
send_clear(struct crypto_map *m, const struct frame *f, uint8_t *p, size_t len)
{
	struct vnet v;
	struct virtio_net_hdr header;
	struct iovec iov[3] = {{&header, sizeof(header)},
	    {(uint8_t *)f->front + VNET_HEADER_LEN, ETHER_LEN}, {p, len}};

	vnet_read(&v, f->front);
	header = (struct virtio_net_hdr){.flags = v.flags & VNET_NEEDS_CSUM,
	    .gso_type = v.gso_type, .hdr_len = v.hdr_len, .gso_size = v.gso_size,
	    .csum_start = v.csum_start, .csum_offset = v.csum_offset};
	return writev(m->nic_fd, iov, 3) < 0 ? DROP_OUT_SEND : DROP_NOT;
}

/* --- protecting --- */

/* Is it what the SA was negotiated for, and can the SA carry it (RFC 4301 4.1, 5.1)? */
static bool
sa_carries(const struct cmap_trip *trip)
{
	const struct sa *sa = trip->sa;
	uint16_t src = 0, dst = 0;
	bool ports = inner_ports(&trip->in, &src, &dst);

	if (sa->mode == MODE_TRANSPORT && (trip->in.fragment ||
	    !addr_eq(&trip->in.src, &trip->path->local) ||
	    !addr_eq(&trip->in.dst, &trip->path->remote)))
		return false;
	if ((sa->ts_proto != 0 && sa->ts_proto != trip->in.proto) ||
	    !prefix_contains(&sa->ts_local, &trip->in.src) ||
	    !prefix_contains(&sa->ts_remote, &trip->in.dst))
		return false;
	if (!trip->in.first)
		return true;
	return (sa->ts_local_port == 0 || (ports && src == sa->ts_local_port)) &&
	    (sa->ts_remote_port == 0 || (ports && dst == sa->ts_remote_port));
}

static enum drop
seal(struct cmap_trip *trip, bool df)
{
	const struct inner *in = &trip->in;
	struct wire_packet out = {.p = in->p, .len = in->len, .as = WIRE_AS_PACKET,
	    .to = {.tos = in->tos, .df = df}};

	if (trip->sa->mode != MODE_TRANSPORT)
		return protect_seal_by(trip->w, trip->peer, trip->sa, &out,
		    in->version == 4 ? ESP_NEXT_IPV4 : ESP_NEXT_IPV6);
	/* The wire writes the IP header again. */
	out.p += in->l4;
	out.len -= in->l4;
	out.to.ttl = in->version == 4 ? in->p[8] : in->p[7];
	return protect_seal_by(trip->w, trip->peer, trip->sa, &out, in->proto);
}

/* --- size --- */

static uint8_t *
room(void *arg, size_t len)
{
	struct cmap_trip *trip = arg;

	return wire_room(&trip->w->wire, len);
}

static void
fragment_put(void *arg, uint8_t *p, size_t len)
{
	struct cmap_trip piece = *(struct cmap_trip *)arg;
	struct wire *wire = &piece.w->wire;
	size_t floor = wire->arena_floor;
	enum drop why = DROP_OUT_MALFORMED;

	wire->arena_floor = wire->arena_at;
	if (inner_read(&piece.in, p, len))
		why = seal(&piece, piece.df);
	wire->arena_floor = floor;
	if (why != DROP_NOT)
		count_drop(&piece.w->counters, why, len);
}

/* The longest packet that leaves in one piece. */
static size_t
longest(const struct cmap_trip *trip)
{
	size_t mtu = trip->conf->set.mtu, way = stat_get(&trip->peer->pmtu.mtu), room;

	if (way != 0 && (mtu == 0 || way < mtu))
		mtu = way;
	if (mtu == 0)
		return SIZE_MAX;
	room = protect_room(trip->peer, ESP_NEXT_NONE, mtu);
	/* In transport mode the packet's own header stands outside. */
	return trip->sa->mode == MODE_TRANSPORT && room < SIZE_MAX - trip->in.l4 ?
	    room + trip->in.l4 : room;
}

/* Cut before it is protected, so that who opens it need not put ESP together. */
static enum drop
cut(struct cmap_trip *trip, size_t mtu)
{
	struct inner in = trip->in;

	in.df = false;
	return pmtu_fragment(&in, (uint16_t)mtu, room, fragment_put, trip) ? DROP_NOT :
	    DROP_OUT_TOO_BIG;
}

static enum drop
tell_sender(const struct cmap_trip *trip, size_t mtu)
{
	uint8_t icmp[PMTU_ICMP_MAX];
	size_t n = pmtu_icmp(&trip->in, (uint16_t)mtu, icmp);

	if (n > 0)
		in_cmap_to_kernel(trip->w, trip->m, icmp, n);	/* if not, the sender will try again, and so shall we */
	return DROP_OUT_TOO_BIG;
}

/* --- from the device --- */

static enum drop
protect(struct cmap_trip *trip)
{
	const struct ipc_cmap *set = &trip->conf->set;
	const struct path_rule rule = {set->df, set->cut_after, true};
	enum path_fit fit;
	size_t mtu;

	if (trip->sa == NULL)
		return protect_want(trip->w, trip->peer);
	if (!sa_carries(trip))
		return DROP_OUT_POLICY;
	mtu = longest(trip);
	fit = path_fit(&rule, &trip->peer->pmtu, &trip->in, mtu, &trip->df);
	/* Transport mode cannot carry fragments, so a smaller MTU would not help who hears of
	 * it: ESP is fragmented then. */
	if (trip->sa->mode == MODE_TRANSPORT && trip->in.len > mtu) {
		fit = PATH_WHOLE;
		trip->df = false;
	}
	switch (fit) {
	case PATH_CUT:
		return cut(trip, mtu);
	case PATH_TELL:
		return tell_sender(trip, mtu);
	case PATH_WHOLE:
		break;
	}
	return seal(trip, trip->df);
}

static void
segment_done(void *arg, uint8_t *p, size_t len)
{
	struct cmap_trip *trip = arg;
	struct wire *wire = &trip->w->wire;
	size_t floor = wire->arena_floor;
	enum drop why = DROP_OUT_MALFORMED;

	wire->arena_floor = wire->arena_at;	/* fragments must not overwrite it */
	if (inner_read(&trip->in, p, len))
		why = protect(trip);
	wire->arena_floor = floor;
	if (why != DROP_NOT)
		count_drop(&trip->w->counters, why, len);
}

/* By the short way, if it can: then all pieces are as the longest one, which is asked for. */
static bool
super_packet(struct cmap_trip *trip, const struct frame *f)
{
	const struct path_rule rule = {trip->conf->set.df, trip->conf->set.cut_after, true};
	struct run r = {.w = trip->w, .peer = trip->peer, .sa = trip->sa, .to.tos = f->in.tos};
	size_t piece = segment_longest(&f->vnet, f->in.p, f->in.len);

	if (piece == 0 || !run_fits(&r, f->in.version, f->in.len) || r.sa->mode == MODE_TRANSPORT)
		return false;
	trip->in = f->in;
	trip->in.len = piece;
	if (!sa_carries(trip) || path_fit(&rule, &trip->peer->pmtu, &trip->in, longest(trip),
	    &r.to.df) != PATH_WHOLE)
		return false;
	return run_send(&r, &f->vnet, f->in.p, f->in.len);
}

static enum drop
permitted(struct cmap_trip *trip, const struct frame *f, const struct verdict *v)
{
	if (addr_is_set(&trip->conf->set.local))
		trip->peer = peer_find(&trip->w->tables->peers, v->peer_ref);
	if (trip->peer == NULL || trip->peer->protection != v->protection)
		return DROP_OUT_NO_SA;
	trip->path = shared_get(&trip->peer->path);
	trip->sa = shared_get(&trip->peer->out);
	if (super_packet(trip, f))
		return DROP_NOT;
	return segment_cut(&f->vnet, f->in.p, f->in.len, room, segment_done, trip) ? DROP_NOT :
	    DROP_OUT_MALFORMED;
}

/* The pieces of a super-packet are one flow, so it is looked up once. */
static enum drop
from_device(struct worker *w, struct crypto_map *m, struct frame *f, size_t len)
{
	struct cmap_trip trip = {.w = w, .m = m, .conf = shared_get(&m->conf)};
	enum frame_is is = frame_read(f, w->tun_buf, len);
	struct verdict v;
	struct flow flow;
	size_t segments;

	if (is == FRAME_MALFORMED)
		return DROP_OUT_MALFORMED;
	if (is == FRAME_OTHER)
		return send_clear(m, f, w->tun_buf, len);
	flow = flow_of(&f->in);
	v = classify_cached(&w->classified, trip.conf->lines, &flow);
	segments = segment_count(&f->vnet, f->in.p, f->in.len);
	stat_add(&w->counters.work.tun_read_segments, segments);
	acl_count_add(v.count, w->id, segments);
	return v.as == CLASSIFY_PERMIT ? permitted(&trip, f, &v) :
	    send_clear(m, f, w->tun_buf, len);
}

void
out_cmap_read(struct worker *w, struct crypto_map *m)
{
	cmap_read(w, m, m->leaving_fd[w->id], from_device, DROP_OUT_MALFORMED);
}
