/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "in_cmap.h"

#include <string.h>
#include <sys/uio.h>

#include "buf.h"
#include "cmap_read.h"
#include "ecn.h"
#include "mix.h"

#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40

/* --- to the kernel --- */

bool
in_cmap_to_kernel(struct worker *w, struct crypto_map *m, uint8_t *p, size_t len)
{
	struct vnet plain = {0};
	uint8_t front[FRAME_FRONT];
	struct iovec iov[2] = {{front, sizeof(front)}, {p, len}};

	frame_front(front, &plain, m->arriving_mac, p[0]);
	stat_add(&w->counters.work.tun_writes, 1);
	stat_add(&w->counters.work.tun_written_segments, 1);
	return writev(m->arriving_fd[w->id], iov, 2) >= 0;
}

void
in_cmap_write(void *w, const struct join_out *out)
{
	struct crypto_map *m = out->to;
	struct worker *worker = w;
	uint8_t front[FRAME_FRONT];
	enum profile_stage was;
	unsigned int i;
	ssize_t written;

	frame_front(front, &out->vnet, m->arriving_mac, *(uint8_t *)out->iov[1].iov_base);
	out->iov[0] = (struct iovec){front, sizeof(front)};
	stat_add(&worker->counters.work.tun_writes, 1);
	stat_add(&worker->counters.work.tun_written_segments, out->packets);
	was = profile_enter(&worker->profile, PROFILE_WRITE);
	written = writev(m->arriving_fd[worker->id], out->iov, (int)out->iovs);
	profile_enter(&worker->profile, was);
	if (written < 0)
		for (i = 0; i < out->packets; i++)
			count_drop(&worker->counters, DROP_TUN_FULL, out->bytes / out->packets);
}

/* --- what ESP carried --- */

/*
 * A NAT changed the addresses that the checksum covers (RFC 3948 3.1.2).  The
 * tag has shown that nothing else has changed.
 */
static void
renew_checksum(struct inner *in)
{
	size_t at = in->proto == IPPROTO_TCP ? 16 : 6, len = in->len - in->l4;
	uint8_t *l4 = in->p + in->l4;
	uint16_t sum;

	if ((in->proto != IPPROTO_TCP && in->proto != IPPROTO_UDP) || len < at + 2)
		return;
	memset(l4 + at, 0, 2);
	if (in->proto == IPPROTO_UDP && in->version == 4)
		return;		/* 0: none */
	sum = checksum_fold(checksum_add(checksum_pseudo(in, in->proto, len), l4, len));
	if (sum == 0)
		sum = 0xffff;
	memcpy(l4 + at, &sum, 2);
}

static void
write_header(struct wbuf *w, const struct esp_in *from, uint8_t tos, uint8_t ttl, size_t payload)
{
	if (from->local.family == ADDR_V4) {
		wbuf_be16(w, (uint16_t)(0x4500 | tos));
		wbuf_be16(w, (uint16_t)(IPV4_HEADER_LEN + payload));
		wbuf_be32(w, 0);
		wbuf_be16(w, (uint16_t)(ttl << 8 | from->transport));
		wbuf_be16(w, 0);
		wbuf_put(w, from->remote.b, 4);
		wbuf_put(w, from->local.b, 4);
		ipv4_checksum(w->start, IPV4_HEADER_LEN);
		return;
	}
	wbuf_be32(w, 6u << 28 | (uint32_t)tos << 20);
	wbuf_be16(w, (uint16_t)payload);
	wbuf_be16(w, (uint16_t)(from->transport << 8 | ttl));
	wbuf_put(w, from->remote.b, 16);
	wbuf_put(w, from->local.b, 16);
}

static bool
rebuild(struct inner *in, uint8_t *at, size_t header, const struct wire_in *wire,
    const struct esp_in *from)
{
	struct wbuf w;

	memmove(at + header, wire->p, wire->len);
	wbuf_init(&w, at, header);
	write_header(&w, from, wire->tos, 64, wire->len);
	if (w.bad || !inner_read(in, at, header + wire->len))
		return false;
	if (wire->kind == WIRE_UDP)
		renew_checksum(in);
	return true;
}

/*
 * SPI, IV and ICV leave room for an IPv4 header.  For an IPv6 one they do not
 * always; such a packet crosses at once, alone.
 */
static enum drop
transport_packet(struct worker *w, struct slice packet, const struct wire_in *wire,
    const struct esp_in *from)
{
	size_t header = from->local.family == ADDR_V4 ? IPV4_HEADER_LEN : IPV6_HEADER_LEN;
	bool fits = header + wire->len <= packet.len;
	struct inner in;

	if (header + wire->len > WIRE_ROOM ||
	    !rebuild(&in, fits ? (uint8_t *)packet.p : w->tun_buf, header, wire, from))
		return DROP_IN_RUNT;
	if (!fits)
		return in_cmap_to_kernel(w, from->map, in.p, in.len) ? DROP_NOT : DROP_TUN_FULL;
	join_add(&w->cmap_join, from->map, &in, from->map->uso);
	return DROP_NOT;
}

void
in_cmap_opened(struct worker *w, struct slice packet, const struct wire_in *wire,
    struct esp_in *from)
{
	enum drop why = DROP_NOT;

	if (from->is_transport)
		why = transport_packet(w, packet, wire, from);
	else if (!ecn_combine(&from->inner, wire->tos))
		why = DROP_IN_ECN;
	else
		join_add(&w->cmap_join, from->map, &from->inner, from->map->uso);
	if (why != DROP_NOT)
		count_drop(&w->counters, why, wire->len);
}

/* --- what came in clear --- */

static void
tell(struct worker *w, const struct crypto_map *m, const struct flow *f)
{
	struct ipc_not_ipsec n = {.src = f->src, .dst = f->dst, .proto = f->proto};
	uint64_t flow = mix_two(mix_bytes(&f->src, sizeof(f->src)),
	    mix_bytes(&f->dst, sizeof(f->dst)) ^ f->proto);
	struct slice none = {0};

	n.count = flowlimit_due(&w->not_ipsec, flow, w->now, 1);
	if (n.count == 0)
		return;
	memcpy(n.ifname, m->ifname, sizeof(n.ifname));
	worker_tell(w, IPC_MSG_NOT_IPSEC, &n, sizeof(n), none);
}

/* It goes on where it was, only by another device: to us, if it was to us. */
static enum drop
pass_on(const struct worker *w, const struct crypto_map *m, struct frame *f, uint8_t *p,
    size_t len)
{
	uint8_t *to_mac = f->front + VNET_HEADER_LEN;
	struct iovec iov[2] = {{f->front, FRAME_FRONT}, {p, len}};

	if ((to_mac[0] & 1) == 0)
		memcpy(to_mac, m->arriving_mac, 6);
	return writev(m->arriving_fd[w->id], iov, 2) < 0 ? DROP_TUN_FULL : DROP_NOT;
}

static enum drop
from_device(struct worker *w, struct crypto_map *m, struct frame *f, size_t len)
{
	const struct crypto_map_conf *conf = shared_get(&m->conf);
	enum frame_is is = frame_read(f, w->tun_buf, len);
	struct flow flow, back;

	if (is == FRAME_MALFORMED)
		return DROP_IN_RUNT;
	if (is == FRAME_OTHER)
		return pass_on(w, m, f, w->tun_buf, len);
	stat_add(&w->counters.work.tun_read_segments, segment_count(&f->vnet, f->in.p, f->in.len));
	flow = flow_of(&f->in);
	back = flow_back(&flow);
	if (classify_cached(&w->classified, conf->lines, &back).as != CLASSIFY_PERMIT)
		return pass_on(w, m, f, w->tun_buf, len);
	tell(w, m, &flow);
	return DROP_IN_NOT_IPSEC;
}

void
in_cmap_read(struct worker *w, struct crypto_map *m)
{
	cmap_read(w, m, m->arriving_fd[w->id], from_device, DROP_IN_RUNT);
}
