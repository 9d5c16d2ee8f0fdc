/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "segment.h"

#include <arpa/inet.h>
#include <string.h>

#include "inner.h"

enum { HEADERS_MAX = 256 };	/* of what is cut in place */
enum { TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_CWR = 0x80 };

struct cut {
	struct inner in;
	size_t header;		/* of IP and transport */
	size_t size;		/* payload of a piece */
	bool tcp;
	uint64_t ip_sum, l4_sum;	/* of what the headers of all pieces have in common */
};

static uint16_t
load16(const uint8_t *p)
{
	uint16_t n;

	memcpy(&n, p, 2);
	return n;
}

static uint32_t
load32(const uint8_t *p)
{
	uint32_t n;

	memcpy(&n, p, 4);
	return n;
}

static void
store16(uint8_t *p, uint16_t n)
{
	memcpy(p, &n, 2);
}

/* A sum without the word, which is in it (RFC 1624). */
static uint64_t
without(uint64_t sum, const uint8_t *word)
{
	return sum + (uint16_t)~load16(word);
}

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

/*
 * The headers are summed once for all pieces, without what differs: to read a header
 * that was just written waits for the writes, and costs more than all else here.
 */
static void
sum_headers(struct cut *c)
{
	const uint8_t *ip = c->in.p, *l4 = ip + c->in.l4;

	if (c->in.version == 4)
		c->ip_sum = without(without(without(checksum_add(0, ip, c->in.l4), ip + 2), ip + 4),
		    ip + 10);
	c->l4_sum = checksum_add(checksum_pseudo(&c->in, c->in.proto, 0), l4, c->header - c->in.l4);
	if (c->tcp)
		c->l4_sum = without(without(without(without(c->l4_sum, l4 + 4), l4 + 6), l4 + 12),
		    l4 + 16);
	else
		c->l4_sum = without(without(c->l4_sum, l4 + 4), l4 + 6);
}

static void
fix_ip(const struct cut *c, uint8_t *ip, unsigned int nth, size_t len)
{
	uint16_t n, id;

	if (c->in.version == 6) {
		store16(ip + 4, htons((uint16_t)(len - 40)));
		return;
	}
	n = htons((uint16_t)len);
	id = htons((uint16_t)(ntohs(load16(c->in.p + 4)) + nth));
	store16(ip + 2, n);
	store16(ip + 4, id);
	store16(ip + 10, checksum_fold(c->ip_sum + n + id));
}

/* `sum` is the payload's; so below. */
static void
fix_tcp(const struct cut *c, uint8_t *tcp, unsigned int nth, size_t len, uint64_t sum, bool last)
{
	const uint8_t *all = c->in.p + c->in.l4;
	uint32_t seq = htonl(ntohl(load32(all + 4)) + nth * (uint32_t)c->size);
	uint8_t flags = all[13];
	uint16_t word;

	if (!last)
		flags &= (uint8_t)~(TCP_FIN | TCP_PSH);
	if (nth > 0)
		flags &= (uint8_t)~TCP_CWR;
	word = htons((uint16_t)(all[12] << 8 | flags));
	memcpy(tcp + 4, &seq, 4);
	store16(tcp + 12, word);
	store16(tcp + 16, checksum_fold(c->l4_sum + sum + seq + word + htons((uint16_t)len)));
}

static void
fix_udp(const struct cut *c, uint8_t *udp, size_t len, uint64_t sum)
{
	uint16_t n = htons((uint16_t)len), check;

	/* The length counts twice: in the header, and in the pseudo header. */
	check = checksum_fold(c->l4_sum + sum + n + n);
	store16(udp + 4, n);
	store16(udp + 6, check == 0 ? 0xffff : check);
}

/* What differs in the headers of a piece, which has n bytes of payload. */
static void
fix_headers(const struct cut *c, uint8_t *to, unsigned int nth, size_t n, uint64_t sum, bool last)
{
	size_t l4_len = c->header - c->in.l4 + n;

	fix_ip(c, to, nth, c->header + n);
	if (c->tcp)
		fix_tcp(c, to + c->in.l4, nth, l4_len, sum, last);
	else
		fix_udp(c, to + c->in.l4, l4_len, sum);
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

size_t
segment_count(const struct vnet *v, uint8_t *p, size_t len)
{
	struct cut c;

	return v->gso_type == VNET_GSO_NONE || !plan(&c, v, p, len) ? 1 :
	    (c.in.len - c.header + c.size - 1) / c.size;
}

size_t
segment_longest(const struct vnet *v, uint8_t *p, size_t len)
{
	struct cut c;

	if (v->gso_type == VNET_GSO_NONE || !plan(&c, v, p, len) || c.header > HEADERS_MAX)
		return 0;
	return c.in.len < c.header + c.size ? c.in.len : c.header + c.size;
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
	sum_headers(&c);
	for (at = c.header; at < c.in.len; at += n, nth++) {
		n = c.in.len - at < c.size ? c.in.len - at : c.size;
		to = room(arg, c.header + n);
		if (to == NULL)
			return true;
		memcpy(to, p, c.header);
		sum = checksum_copy(0, to + c.header, p + at, n);
		fix_headers(&c, to, nth, n, sum, at + n == c.in.len);
		put(arg, to, c.header + n);
	}
	return true;
}

bool
segment_cut_in_place(const struct vnet *v, uint8_t *p, size_t len, segment_put *put, void *arg)
{
	uint8_t headers[HEADERS_MAX], behind[SEGMENT_BEHIND], *to;
	struct cut c;
	size_t at, n;
	unsigned int nth = 0;
	uint64_t sum;

	if (v->gso_type == VNET_GSO_NONE || !plan(&c, v, p, len) || c.header > sizeof(headers))
		return false;
	sum_headers(&c);
	memcpy(headers, p, c.header);
	c.in.p = headers;
	for (at = c.header; at < c.in.len; at += n, nth++) {
		n = c.in.len - at < c.size ? c.in.len - at : c.size;
		sum = checksum_add(0, p + at, n);
		to = p + at - c.header;
		memcpy(to, headers, c.header);
		fix_headers(&c, to, nth, n, sum, at + n == c.in.len);
		memcpy(behind, p + at + n, sizeof(behind));
		put(arg, to, c.header + n);
		memcpy(p + at + n, behind, sizeof(behind));
	}
	return true;
}
