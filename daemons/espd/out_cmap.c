/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_cmap.h"

#include <linux/virtio_net.h>
#include <sys/uio.h>

#include "frame.h"
#include "in_cmap.h"
#include "pmtu.h"
#include "protect.h"
#include "tun.h"

#define READS 64

/* One frame from the device on its way. */
struct cmap_trip {
	struct worker *w;
	struct crypto_map *m;
	const struct crypto_map_conf *conf;
	struct peer *peer;
	const struct peer_path *path;
	struct sa *sa;
	struct inner in;
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
seal(struct cmap_trip *trip)
{
	const struct inner *in = &trip->in;
	struct wire_packet out = {.p = in->p, .len = in->len, .as = WIRE_AS_PACKET,
	    .to.tos = in->tos};

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
		why = seal(&piece);
	wire->arena_floor = floor;
	if (why != DROP_NOT)
		count_drop(&piece.w->counters, why, len);
}

/* The longest packet that leaves in one piece, in tunnel mode. */
static size_t
longest(const struct cmap_trip *trip)
{
	const struct ipc_sa *s = &trip->sa->kept->sa;
	struct esp_transform t = {s->cipher, s->key_bits, s->integ};
	size_t outer = (trip->path->remote.family == ADDR_V6 ? 40 : 20) + (s->encap ? 8 : 0);
	size_t mtu = trip->conf->set.mtu;

	if (mtu <= outer)
		return mtu == 0 ? SIZE_MAX : 0;
	return esp_payload_max(&t, mtu - outer);
}

/* Cut before it is protected, so that who opens it need not put ESP together. */
static enum drop
send_too_big(struct cmap_trip *trip, size_t mtu)
{
	struct inner in = trip->in;
	uint8_t icmp[PMTU_ICMP_MAX];
	size_t n;

	if (trip->conf->set.df == IPC_DF_CLEAR && in.version == 4)
		in.df = false;
	if (pmtu_fragment(&in, (uint16_t)mtu, room, fragment_put, trip))
		return DROP_NOT;
	n = pmtu_icmp(&in, (uint16_t)mtu, icmp);
	if (n > 0)
		in_cmap_to_kernel(trip->w, trip->m, icmp, n);	/* if not, the sender will try again, and so shall we */
	return DROP_OUT_TOO_BIG;
}

/* --- from the device --- */

static enum drop
protect(struct cmap_trip *trip)
{
	size_t mtu;

	if (trip->sa == NULL)
		return protect_want(trip->w, trip->peer);
	if (!sa_carries(trip))
		return DROP_OUT_POLICY;
	/* Transport mode cannot carry fragments, so a smaller MTU would not help who hears of
	 * it: the wire fragments ESP. */
	mtu = trip->sa->mode == MODE_TRANSPORT ? SIZE_MAX : longest(trip);
	return trip->in.len > mtu ? send_too_big(trip, mtu) : seal(trip);
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

static enum drop
permitted(struct cmap_trip *trip, const struct frame *f, const struct verdict *v)
{
	if (addr_is_set(&trip->conf->set.local))
		trip->peer = peer_find(&trip->w->tables->peers, v->peer_ref);
	if (trip->peer == NULL || trip->peer->protection != v->protection)
		return DROP_OUT_NO_SA;
	trip->path = shared_get(&trip->peer->path);
	trip->sa = shared_get(&trip->peer->out);
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

	if (is == FRAME_MALFORMED)
		return DROP_OUT_MALFORMED;
	if (is == FRAME_OTHER)
		return send_clear(m, f, w->tun_buf, len);
	flow = flow_of(&f->in);
	v = classify_cached(&w->classified, trip.conf->lines, &flow);
	acl_count_add(v.count, w->id, segment_count(&f->vnet, f->in.p, f->in.len));
	return v.as == CLASSIFY_PERMIT ? permitted(&trip, f, &v) :
	    send_clear(m, f, w->tun_buf, len);
}

void
out_cmap_read(struct worker *w, struct crypto_map *m)
{
	struct frame f;
	struct iovec iov[2] = {{f.front, FRAME_FRONT}, {w->tun_buf, WIRE_ROOM}};
	unsigned int i;
	enum drop why;
	ssize_t n;

	for (i = 0; i < READS; i++) {
		n = readv(m->leaving_fd[w->id], iov, 2);
		if (n <= 0)
			return;
		why = n < FRAME_FRONT ? DROP_OUT_MALFORMED :
		    from_device(w, m, &f, (size_t)n - FRAME_FRONT);
		if (why != DROP_NOT)
			count_drop(&w->counters, why, n < FRAME_FRONT ? 0 : (size_t)n - FRAME_FRONT);
	}
}
