/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inner.h"

#include <arpa/inet.h>
#include <string.h>

#include "buf.h"

enum { IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40 };
enum { IP6_HOPOPTS = 0, IP6_ROUTING = 43, IP6_FRAGMENT = 44, IP6_DSTOPTS = 60 };

/*
 * Written in place and by the pieces in which they are read again: a copy of what
 * was put together on the stack would wait for it, and every packet passes here.
 */
static inline void
take_addr(struct addr *a, struct rbuf *r, uint8_t family)
{
	memset(a, 0, sizeof(*a));
	a->family = family;
	rbuf_copy(r, a->b, family == ADDR_V4 ? 4 : 16);
}

/* The fixed header is there: the compiler sees that and leaves out the reader's checks. */
static bool
read_v4(struct inner *in, const uint8_t *p, size_t len)
{
	struct rbuf r;
	uint16_t frag;

	rbuf_init(&r, p, IPV4_HEADER_LEN);
	in->l4 = (size_t)(rbuf_u8(&r) & 0x0f) * 4;
	in->tos = rbuf_u8(&r);
	in->len = rbuf_be16(&r);
	rbuf_skip(&r, 2);
	frag = rbuf_be16(&r);
	rbuf_skip(&r, 1);
	in->proto = rbuf_u8(&r);
	rbuf_skip(&r, 2);
	take_addr(&in->src, &r, ADDR_V4);
	take_addr(&in->dst, &r, ADDR_V4);
	in->df = (frag & 0x4000) != 0;
	in->fragment = (frag & 0x3fff) != 0;
	in->first = (frag & 0x1fff) == 0;
	return in->l4 >= IPV4_HEADER_LEN && in->l4 <= in->len && in->len <= len;
}

/* Walks the extension headers that may stand before a transport header. */
static void
skip_extensions(struct inner *in, struct rbuf *r)
{
	uint8_t next;
	size_t n;

	while (in->first) {
		if (in->proto == IP6_FRAGMENT) {
			next = rbuf_u8(r);
			rbuf_skip(r, 1);
			n = rbuf_be16(r);
			in->fragment = (n & 0xfff9) != 0;
			in->first = (n & 0xfff8) == 0;
			rbuf_skip(r, 4);
			n = 8;
		} else if (in->proto == IP6_HOPOPTS || in->proto == IP6_ROUTING ||
		    in->proto == IP6_DSTOPTS) {
			next = rbuf_u8(r);
			n = ((size_t)rbuf_u8(r) + 1) * 8;
			rbuf_skip(r, n - 2);
		} else
			return;
		if (r->bad)
			return;
		in->l4 += n;
		in->proto = next;
	}
}

static bool
read_v6(struct inner *in, const uint8_t *p, size_t len)
{
	struct rbuf r;

	rbuf_init(&r, p, IPV6_HEADER_LEN);
	in->tos = (uint8_t)(rbuf_be32(&r) >> 20);
	in->len = (size_t)rbuf_be16(&r) + IPV6_HEADER_LEN;
	in->proto = rbuf_u8(&r);
	rbuf_skip(&r, 1);
	take_addr(&in->src, &r, ADDR_V6);
	take_addr(&in->dst, &r, ADDR_V6);
	in->df = true;
	in->fragment = false;
	in->first = true;
	in->l4 = IPV6_HEADER_LEN;
	if (in->len > len)
		return false;
	rbuf_init(&r, p + IPV6_HEADER_LEN, len - IPV6_HEADER_LEN);
	skip_extensions(in, &r);
	return !r.bad && in->l4 <= in->len;
}

bool
inner_read(struct inner *in, uint8_t *p, size_t len)
{
	if (len < IPV4_HEADER_LEN)
		return false;
	in->p = p;
	in->version = p[0] >> 4;
	if (in->version == 4)
		return read_v4(in, p, len);
	return in->version == 6 && len >= IPV6_HEADER_LEN && read_v6(in, p, len);
}

bool
inner_ports(const struct inner *in, uint16_t *src, uint16_t *dst)
{
	const uint8_t *l4 = in->p + in->l4;

	if ((in->proto != IPPROTO_TCP && in->proto != IPPROTO_UDP) || !in->first ||
	    in->len < in->l4 + 4)
		return false;
	*src = (uint16_t)(l4[0] << 8 | l4[1]);
	*dst = (uint16_t)(l4[2] << 8 | l4[3]);
	return true;
}

uint64_t
checksum_pseudo(const struct inner *in, uint8_t proto, size_t l4_len)
{
	uint64_t sum = (uint64_t)htons(proto) + htonl((uint32_t)l4_len);
	uint32_t src, dst;

	if (in->src.family == ADDR_V6)
		return checksum_add(checksum_add(sum, in->src.b, 16), in->dst.b, 16);
	memcpy(&src, in->src.b, sizeof(src));
	memcpy(&dst, in->dst.b, sizeof(dst));
	return sum + src + dst;
}

void
ipv4_checksum(uint8_t *ip, size_t header_len)
{
	uint16_t sum;

	memset(ip + 10, 0, 2);
	sum = checksum_fold(checksum_add(0, ip, header_len));
	memcpy(ip + 10, &sum, 2);
}
