/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "segment.h"

#include <arpa/inet.h>
#include <string.h>

#include "inner.h"

enum { TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_CWR = 0x80 };

struct cut {
	struct inner in;
	size_t header;		/* of IP and transport */
	size_t size;		/* payload of a piece */
	bool tcp;
};

/* Finishes a checksum that the kernel began: the field holds the pseudo header's sum. */
static bool
complete_checksum(const struct vnet *v, uint8_t *p, size_t len)
{
	uint16_t sum;

	if ((v->flags & VNET_NEEDS_CSUM) == 0)
		return true;
	if (v->csum_start > len || (size_t)v->csum_start + v->csum_offset + 2 > len)
		return false;
	sum = checksum_fold(checksum_add(0, p + v->csum_start, len - v->csum_start));
	if (sum == 0)
		sum = 0xffff;	/* for UDP, 0 would say "none"; for TCP both mean the same */
	memcpy(p + v->csum_start + v->csum_offset, &sum, 2);
	return true;
}

static bool
plan(struct cut *c, const struct vnet *v, uint8_t *p, size_t len)
{
	uint8_t gso = v->gso_type & (uint8_t)~VNET_GSO_ECN;

	if (!inner_read(&c->in, p, len) || c->in.fragment || v->gso_size == 0)
		return false;
	c->tcp = gso == VNET_GSO_TCPV4 || gso == VNET_GSO_TCPV6;
	if (c->in.proto != (c->tcp ? IPPROTO_TCP : IPPROTO_UDP))
		return false;
	if (!c->tcp && gso != VNET_GSO_UDP_L4)
		return false;
	if (c->in.len < c->in.l4 + (c->tcp ? 20 : 8))
		return false;
	c->header = c->in.l4 + (c->tcp ? (size_t)(p[c->in.l4 + 12] >> 4) * 4 : 8);
	c->size = v->gso_size;
	return c->header >= c->in.l4 + (c->tcp ? 20 : 8) && c->header < c->in.len &&
	    (c->in.len - c->header + c->size - 1) / c->size <= SEGMENT_MAX;
}

static void
fix_ip(const struct cut *c, uint8_t *ip, unsigned int nth, size_t len)
{
	uint16_t n;

	if (c->in.version == 6) {
		n = htons((uint16_t)(len - 40));
		memcpy(ip + 4, &n, 2);
		return;
	}
	n = htons((uint16_t)len);
	memcpy(ip + 2, &n, 2);
	memcpy(&n, ip + 4, 2);
	n = htons((uint16_t)(ntohs(n) + nth));
	memcpy(ip + 4, &n, 2);
	ipv4_checksum(ip, c->in.l4);
}

static void
fix_tcp(const struct cut *c, uint8_t *tcp, unsigned int nth, bool last)
{
	uint32_t seq;

	memcpy(&seq, tcp + 4, 4);
	seq = htonl(ntohl(seq) + nth * (uint32_t)c->size);
	memcpy(tcp + 4, &seq, 4);
	if (!last)
		tcp[13] &= (uint8_t)~(TCP_FIN | TCP_PSH);
	if (nth > 0)
		tcp[13] &= (uint8_t)~TCP_CWR;
}

/* `sum` is the payload's. */
static void
fix_l4(const struct cut *c, uint8_t *l4, unsigned int nth, size_t len, uint64_t sum, bool last)
{
	size_t at = c->tcp ? 16 : 6;
	uint16_t n;

	if (c->tcp)
		fix_tcp(c, l4, nth, last);
	else {
		n = htons((uint16_t)len);
		memcpy(l4 + 4, &n, 2);
	}
	memset(l4 + at, 0, 2);
	sum += checksum_pseudo(&c->in, c->in.proto, len);
	n = checksum_fold(checksum_add(sum, l4, c->header - c->in.l4));
	if (n == 0 && !c->tcp)
		n = 0xffff;
	memcpy(l4 + at, &n, 2);
}

static bool
put_whole(const struct vnet *v, uint8_t *p, size_t len, segment_room *room, segment_put *put,
    void *arg)
{
	uint8_t *to;

	if (!complete_checksum(v, p, len))
		return false;
	to = room(arg, len);
	if (to != NULL) {
		memcpy(to, p, len);
		put(arg, to, len);
	}
	return true;
}

bool
segment_cut(const struct vnet *v, uint8_t *p, size_t len, segment_room *room, segment_put *put,
    void *arg)
{
	struct cut c;
	size_t at, n;
	unsigned int nth = 0;
	uint64_t sum;
	uint8_t *to;

	if (v->gso_type == VNET_GSO_NONE)
		return put_whole(v, p, len, room, put, arg);
	if (!plan(&c, v, p, len))
		return false;
	for (at = c.header; at < c.in.len; at += n, nth++) {
		n = c.in.len - at < c.size ? c.in.len - at : c.size;
		to = room(arg, c.header + n);
		if (to == NULL)
			return true;
		memcpy(to, p, c.header);
		sum = checksum_copy(0, to + c.header, p + at, n);
		fix_ip(&c, to, nth, c.header + n);
		fix_l4(&c, to + c.in.l4, nth, c.header - c.in.l4 + n, sum,
		    at + n == c.in.len);
		put(arg, to, c.header + n);
	}
	return true;
}
