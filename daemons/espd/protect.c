/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "protect.h"

#include <string.h>

#include "buf.h"
#include "handover.h"

#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40
#define UDP_HEADER_LEN 8

enum drop
protect_want(struct worker *w, struct peer *peer)
{
	struct ipc_peer_ref want = {.peer_ref = peer->ref};
	struct slice none = {0};

	if (flowlimit_due(&w->no_sa, (uint64_t)peer->ref + 1, w->now, 1) != 0)
		worker_tell(w, IPC_MSG_SA_WANT, &want, sizeof(want), none);
	return DROP_OUT_NO_SA;
}

static void
delivery_v4(struct wire_packet *out, const struct addr *src, const struct addr *dst)
{
	struct wbuf w;

	out->p -= IPV4_HEADER_LEN;
	out->len += IPV4_HEADER_LEN;
	wbuf_init(&w, out->p, IPV4_HEADER_LEN);
	wbuf_be16(&w, (uint16_t)(0x4500 | out->to.tos));
	wbuf_be16(&w, (uint16_t)out->len);
	wbuf_be32(&w, 0);		/* whole, and never a fragment of another's: the id does not matter */
	wbuf_be16(&w, (uint16_t)((out->to.ttl != 0 ? out->to.ttl : 255) << 8 | IPPROTO_GRE));
	wbuf_be16(&w, 0);
	wbuf_put(&w, src->b, 4);
	wbuf_put(&w, dst->b, 4);
	ipv4_checksum(out->p, IPV4_HEADER_LEN);
}

static void
delivery_v6(struct wire_packet *out, const struct addr *src, const struct addr *dst)
{
	struct wbuf w;

	out->p -= IPV6_HEADER_LEN;
	wbuf_init(&w, out->p, IPV6_HEADER_LEN);
	wbuf_be32(&w, 6u << 28 | (uint32_t)out->to.tos << 20);
	wbuf_be16(&w, (uint16_t)out->len);
	wbuf_u8(&w, IPPROTO_GRE);
	wbuf_u8(&w, out->to.ttl != 0 ? out->to.ttl : 255);
	wbuf_put(&w, src->b, 16);
	wbuf_put(&w, dst->b, 16);
	out->len += IPV6_HEADER_LEN;
}

/* The host that was negotiated, or else where the peer is. */
static const struct addr *
host_or(const struct prefix *ts, const struct addr *path)
{
	return addr_is_set(&ts->addr) && ts->len == 8 * addr_bytes(&ts->addr) ? &ts->addr : path;
}

/*
 * Tunnel mode wants an IP header inside: GRE's delivery header, of what was
 * negotiated.  Gives the protocol that ESP says comes next.
 */
static uint8_t
add_delivery_header(struct wire_packet *out, const struct sa *sa, const struct peer_path *path)
{
	const struct addr *src = host_or(&sa->ts_local, &path->local);
	const struct addr *dst = host_or(&sa->ts_remote, &path->remote);

	if (dst->family == ADDR_V6) {
		delivery_v6(out, src, dst);
		return ESP_NEXT_IPV6;
	}
	delivery_v4(out, src, dst);
	return ESP_NEXT_IPV4;
}

size_t
protect_room(const struct peer *peer, uint8_t next_header, size_t mtu)
{
	const struct sa *sa = shared_get(&peer->out);
	const struct peer_path *path = shared_get(&peer->path);
	size_t room, outer;

	if (sa == NULL)
		return SIZE_MAX;
	outer = (path->remote.family == ADDR_V6 ? IPV6_HEADER_LEN : IPV4_HEADER_LEN) +
	    (sa->encap ? UDP_HEADER_LEN : 0u);
	room = mtu > outer ? esp_key_payload_max(sa->out, mtu - outer) : 0;
	if (sa->mode != MODE_TUNNEL || next_header != ESP_NEXT_GRE)
		return room;
	outer = host_or(&sa->ts_remote, &path->remote)->family == ADDR_V6 ? IPV6_HEADER_LEN :
	    IPV4_HEADER_LEN;
	return room > outer ? room - outer : 0;
}

static enum drop
may_send(const struct sa *sa, mono_t now)
{
	uint64_t hard_bytes = stat_get(&sa->hard_bytes);
	int64_t hard_at = stat_get(&sa->hard_at_us);

	if ((hard_bytes != 0 && sa->kept->out_bytes >= hard_bytes) ||
	    (hard_at != 0 && now.us >= hard_at))
		return DROP_OUT_EXPIRED;
	return DROP_NOT;
}

/* What a VTI's SA was negotiated for is one IP version: the peer would drop the other. */
static bool
carries(const struct sa *sa, uint8_t next_header)
{
	uint8_t family = sa->ts_remote.addr.family;

	return (next_header != ESP_NEXT_IPV4 || family != ADDR_V6) &&
	    (next_header != ESP_NEXT_IPV6 || family != ADDR_V4);
}

/* The next number, or 0: there is none. */
static uint64_t
take_number(struct sa *sa)
{
	uint64_t seq = sa->kept->out_seq + 1;

	if (seq == 0 || (!sa->esn && seq > UINT32_MAX))
		return 0;
	/*
	 * First the number, then the packet, which may be sealed only when its batch is
	 * sent (wire_send.c): a crash between the two only wastes the number.  A process
	 * that dies has made its stores; there is nothing to fence.
	 */
	stat_set(&sa->kept->out_seq, seq);
	return seq;
}

static enum drop
seal(struct sa *sa, struct wire_packet *out, uint8_t next_header)
{
	struct esp_buf b = {.start = out->p - ESP_HEADROOM, .end = out->p + out->len + ESP_TAILROOM,
	    .at = out->p, .len = out->len};
	uint64_t seq = take_number(sa);
	enum drop why = seq == 0 ? DROP_OUT_SEQUENCE :
	    esp_seal_begin(sa->out, &b, seq, next_header, &out->job);

	out->p = b.at;
	out->len = b.len;
	return why;
}

enum drop
protect_seal_to(struct sa *sa, uint8_t *p, size_t len, uint8_t *to, uint8_t next_header)
{
	uint64_t seq = take_number(sa);

	return seq == 0 ? DROP_OUT_SEQUENCE :
	    esp_seal_to(sa->out, p, len, to, seq, next_header);
}

enum drop
protect_may_send(const struct worker *w, const struct sa *sa, uint8_t next_header)
{
	return carries(sa, next_header) ? may_send(sa, w->now) : DROP_OUT_POLICY;
}

void
protect_count(struct worker *w, struct peer *peer, struct sa *sa, unsigned int packets, size_t bytes)
{
	stat_add(&sa->kept->out_packets, packets);
	stat_add(&sa->kept->out_bytes, bytes);
	worker_tell_volume(w, sa, sa->kept->out_bytes);
	stat_set(&sa->kept->last_out_us, w->now.us);
	stat_add(&peer->encaps, packets);
	if (stat_get(&peer->unanswered_us) == 0)
		stat_set(&peer->unanswered_us, w->now.us);
}

void
protect_count_errors(struct peer *peer, struct sa *sa, unsigned int packets)
{
	stat_add(&sa->kept->out_errors, packets);
	stat_add(&peer->out_errors, packets);
}

enum drop
protect_seal(struct worker *w, struct peer *peer, struct wire_packet *out, uint8_t next_header)
{
	struct sa *sa = shared_get(&peer->out);

	return sa == NULL ? protect_want(w, peer) : protect_seal_by(w, peer, sa, out, next_header);
}

enum drop
protect_seal_by(struct worker *w, struct peer *peer, struct sa *sa, struct wire_packet *out,
    uint8_t next_header)
{
	const struct peer_path *path = shared_get(&peer->path);
	enum drop why;
	size_t plain;

	if (sa->worker != w->id)
		return handover_out(w, sa->worker, peer, out, next_header);
	why = protect_may_send(w, sa, next_header);
	if (why == DROP_NOT) {
		if (sa->mode == MODE_TUNNEL && next_header == ESP_NEXT_GRE)
			next_header = add_delivery_header(out, sa, path);
		plain = out->len;
		why = seal(sa, out, next_header);
	}
	if (why != DROP_NOT) {
		protect_count_errors(peer, sa, 1);
		return why;
	}
	protect_count(w, peer, sa, 1, plain);
	out->to.kind = sa->encap ? WIRE_UDP : WIRE_ESP;
	out->to.local = path->local;
	out->to.remote = path->remote;
	out->to.remote_port = path->remote_port;
	wire_queue(&w->wire, out);
	return DROP_NOT;
}
