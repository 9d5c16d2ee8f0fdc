/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "join.h"

#include <arpa/inet.h>
#include <string.h>

#include "mix.h"

enum { TCP_PSH = 0x08, TCP_ACK = 0x10, UDP_HEADER = 8, TCP_SUM = 16, UDP_SUM = 6 };

/* --- may it be joined at all --- */

/* The transport header's length, or 0: not a plain segment with a payload. */
static size_t
tcp_header(const uint8_t *tcp, size_t len)
{
	size_t header;

	if (len < 20)
		return 0;
	header = (size_t)(tcp[12] >> 4) * 4;
	if (header < 20 || header >= len || (tcp[12] & 0x0f) != 0 || tcp[18] != 0 || tcp[19] != 0)
		return 0;
	return (tcp[13] & ~TCP_PSH) == TCP_ACK ? header : 0;
}

/* A datagram without a checksum would come out with one. */
static size_t
udp_header(const uint8_t *udp, size_t len)
{
	if (len <= UDP_HEADER || (size_t)(udp[4] << 8 | udp[5]) != len ||
	    (udp[UDP_SUM] == 0 && udp[UDP_SUM + 1] == 0))
		return 0;
	return UDP_HEADER;
}

/* The length of all headers, or 0.  Options and extension headers are not for joining. */
static size_t
headers(const struct inner *in, bool uso)
{
	const uint8_t *l4 = in->p + in->l4;
	size_t n = 0;

	if (in->fragment || in->l4 != (in->version == 4 ? 20 : 40) || inner_is_multicast(in))
		return 0;
	if (in->proto == IPPROTO_TCP)
		n = tcp_header(l4, in->len - in->l4);
	else if (in->proto == IPPROTO_UDP && uso)
		n = udp_header(l4, in->len - in->l4);
	return n == 0 ? 0 : in->l4 + n;
}

static bool
checksums_right(const struct inner *in)
{
	size_t len = in->len - in->l4;

	if (in->version == 4 && checksum_fold(ipv4_sum(in->p)) != 0)
		return false;
	return checksum_fold(checksum_add(checksum_pseudo(in, in->proto, len),
	    in->p + in->l4, len)) == 0;
}

/* --- is it the next of this run --- */

static uint32_t
load32(const uint8_t *p)
{
	uint32_t n;

	memcpy(&n, p, 4);
	return n;
}

static uint64_t
flow_of(void *to, const struct inner *in)
{
	return mix_two(mix_two((uintptr_t)to, load32(in->p + in->l4)),
	    mix_two(checksum_pseudo(in, in->proto, 0), in->version));
}

static bool
same_flow(const struct join_run *r, void *to, const struct inner *in)
{
	return r->to == to && r->in.version == in->version && r->in.proto == in->proto &&
	    addr_eq(&r->in.src, &in->src) && addr_eq(&r->in.dst, &in->dst) &&
	    load32(r->in.p + r->in.l4) == load32(in->p + in->l4);
}

static uint16_t
identification(const uint8_t *ip)
{
	return (uint16_t)(ip[4] << 8 | ip[5]);
}

/* Version, TOS or flow label, DF, TTL, next header; and numbers that count where they mean something. */
static bool
same_ip(const struct join_run *r, const struct inner *in)
{
	const uint8_t *a = r->in.p, *b = in->p;

	if (in->version == 6)
		return memcmp(a, b, 4) == 0 && memcmp(a + 6, b + 6, 2) == 0;
	if (memcmp(a, b, 2) != 0 || memcmp(a + 6, b + 6, 4) != 0)
		return false;
	return in->df || identification(b) == (uint16_t)(identification(a) + r->pieces);
}

static uint32_t
sequence(const uint8_t *tcp)
{
	return ntohl(load32(tcp + 4));
}

/* The next number, and the same acknowledgment, window and options (whole words, and few). */
static bool
next_tcp(const struct join_run *r, const struct inner *in)
{
	const uint8_t *a = r->in.p + r->in.l4, *b = in->p + in->l4;
	size_t header = r->header - r->in.l4, at;

	if (sequence(b) != sequence(a) + (uint32_t)(r->len - r->header) ||
	    memcmp(a + 8, b + 8, 5) != 0 || memcmp(a + 14, b + 14, 2) != 0)
		return false;
	for (at = 20; at < header; at += 4)
		if (load32(a + at) != load32(b + at))
			return false;
	return true;
}

static bool
fits(struct join_run *r, const struct inner *in, size_t header)
{
	size_t payload = in->len - header;

	if (header != r->header || payload > r->size || r->len + payload > UINT16_MAX ||
	    !same_ip(r, in) || (in->proto == IPPROTO_TCP && !next_tcp(r, in)))
		return false;
	if (!r->checked && !checksums_right(&r->in))
		return false;
	r->checked = true;
	return checksums_right(in);
}

/* --- putting --- */

static void
set_be16(uint8_t *p, size_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

/* The first packet's headers become the super-packet's; the checksum is begun for the kernel to finish. */
static void
make_super(struct join_run *r, struct vnet *v)
{
	bool tcp = r->in.proto == IPPROTO_TCP;
	uint8_t *ip = r->in.p, *l4 = ip + r->in.l4;
	size_t l4_len = r->len - r->in.l4, at = tcp ? TCP_SUM : UDP_SUM;
	uint16_t sum = (uint16_t)~checksum_fold(checksum_pseudo(&r->in, r->in.proto, l4_len));

	memcpy(l4 + at, &sum, 2);
	if (!tcp)
		set_be16(l4 + 4, l4_len);
	else if (r->push)
		l4[13] |= TCP_PSH;
	if (r->in.version == 4) {
		set_be16(ip + 2, r->len);
		ipv4_checksum(ip, r->in.l4);
	} else
		set_be16(ip + 4, r->len - 40);
	*v = (struct vnet){.flags = VNET_NEEDS_CSUM, .hdr_len = (uint16_t)r->header,
	    .gso_size = (uint16_t)r->size, .csum_start = (uint16_t)r->in.l4,
	    .csum_offset = (uint16_t)at,
	    .gso_type = !tcp ? VNET_GSO_UDP_L4 : r->in.version == 4 ? VNET_GSO_TCPV4 : VNET_GSO_TCPV6};
}

static void
put_run(struct join *j, struct join_run *r)
{
	struct join_out out = {.to = r->to, .iov = r->iov, .iovs = r->pieces + 1,
	    .packets = r->pieces, .bytes = r->bytes};

	if (r->pieces > 1)
		make_super(r, &out.vnet);
	r->pieces = 0;
	j->put(j->arg, &out);
}

static void
put_alone(struct join *j, void *to, const struct inner *in)
{
	struct iovec iov[2] = {{NULL, 0}, {in->p, in->len}};
	struct join_out out = {.to = to, .iov = iov, .iovs = 2, .packets = 1, .bytes = in->len};

	j->put(j->arg, &out);
}

/* --- runs --- */

/* *hash: of its flow, if nothing was found. */
static struct join_run *
find(struct join *j, void *to, const struct inner *in, uint64_t *hash)
{
	struct join_run *r = j->recent;
	uint64_t flow;
	unsigned int i;

	if (r->pieces > 0 && same_flow(r, to, in))
		return r;
	*hash = flow = flow_of(to, in);
	for (i = 0; i < JOIN_RUNS; i++)
		if (j->flow[i] == flow && j->run[i].pieces > 0 && same_flow(&j->run[i], to, in))
			return &j->run[i];
	return NULL;
}

/* What goes between the same two hosts outside of any run must not overtake one. */
static void
put_all_between(struct join *j, void *to, const struct inner *in)
{
	struct join_run *r;

	for (r = j->run; r < j->run + JOIN_RUNS; r++)
		if (r->pieces > 0 && r->to == to && addr_eq(&r->in.src, &in->src) &&
		    addr_eq(&r->in.dst, &in->dst))
			put_run(j, r);
}

static struct join_run *
free_run(struct join *j, uint64_t flow)
{
	struct join_run *r;
	unsigned int i;

	for (i = 0; i < JOIN_RUNS && j->run[i].pieces > 0; i++)
		;
	if (i == JOIN_RUNS)
		i = j->oldest++ % JOIN_RUNS;
	r = &j->run[i];
	if (r->pieces > 0)
		put_run(j, r);
	j->flow[i] = flow;
	return r;
}

static bool
pushes(const struct inner *in)
{
	return in->proto == IPPROTO_TCP && (in->p[in->l4 + 13] & TCP_PSH) != 0;
}

static void
start(struct join_run *r, void *to, const struct inner *in, size_t header)
{
	r->to = to;
	r->in = *in;
	r->header = header;
	r->size = in->len - header;
	r->len = r->bytes = in->len;
	r->pieces = 1;
	r->push = r->checked = false;
	r->iov[1] = (struct iovec){in->p, in->len};
}

/* A short one or a pushed one is the last of its run, as it would be when cut again. */
static void
append(struct join *j, struct join_run *r, const struct inner *in)
{
	size_t payload = in->len - r->header;

	r->pieces++;
	r->iov[r->pieces] = (struct iovec){in->p + r->header, payload};
	r->len += payload;
	r->bytes += in->len;
	r->push = pushes(in);
	if (r->push || payload < r->size || r->pieces == JOIN_PIECES)
		put_run(j, r);
}

void
join_init(struct join *j, join_put *put, void *arg)
{
	memset(j, 0, sizeof(*j));
	j->put = put;
	j->arg = arg;
	j->recent = j->run;
}

void
join_add(struct join *j, void *to, const struct inner *in, bool uso)
{
	size_t header = headers(in, uso);
	struct join_run *r;
	uint64_t flow = 0;

	if (header == 0) {
		put_all_between(j, to, in);
		put_alone(j, to, in);
		return;
	}
	r = find(j, to, in, &flow);
	if (r != NULL && fits(r, in, header)) {
		j->recent = r;
		append(j, r, in);
		return;
	}
	if (r != NULL)
		put_run(j, r);
	if (pushes(in)) {
		put_alone(j, to, in);
		return;
	}
	if (r == NULL)
		r = free_run(j, flow);
	j->recent = r;
	start(r, to, in, header);
}

void
join_flush(struct join *j)
{
	struct join_run *r;

	for (r = j->run; r < j->run + JOIN_RUNS; r++)
		if (r->pieces > 0)
			put_run(j, r);
}
