/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inner.h"

#include <arpa/inet.h>
#include <string.h>

#include "buf.h"

enum { IP6_HOPOPTS = 0, IP6_ROUTING = 43, IP6_FRAGMENT = 44, IP6_DSTOPTS = 60 };

static bool
read_v4(struct inner *in, struct rbuf *r, size_t len)
{
	uint8_t ihl = rbuf_u8(r) & 0x0f;
	uint16_t frag;
	uint8_t b[4];

	in->tos = rbuf_u8(r);
	in->len = rbuf_be16(r);
	rbuf_skip(r, 2);
	frag = rbuf_be16(r);
	rbuf_skip(r, 1);
	in->proto = rbuf_u8(r);
	rbuf_skip(r, 2);
	rbuf_copy(r, b, 4);
	in->src = addr_from_bytes(ADDR_V4, b);
	rbuf_copy(r, b, 4);
	in->dst = addr_from_bytes(ADDR_V4, b);
	in->df = (frag & 0x4000) != 0;
	in->fragment = (frag & 0x3fff) != 0;
	in->first = (frag & 0x1fff) == 0;
	in->l4 = (size_t)ihl * 4;
	return !r->bad && in->l4 >= 20 && in->l4 <= in->len && in->len <= len;
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
read_v6(struct inner *in, struct rbuf *r, size_t len)
{
	uint32_t word = rbuf_be32(r);
	uint8_t b[16];

	in->tos = (uint8_t)(word >> 20);
	in->len = (size_t)rbuf_be16(r) + 40;
	in->proto = rbuf_u8(r);
	rbuf_skip(r, 1);
	rbuf_copy(r, b, 16);
	in->src = addr_from_bytes(ADDR_V6, b);
	rbuf_copy(r, b, 16);
	in->dst = addr_from_bytes(ADDR_V6, b);
	in->df = true;
	in->fragment = false;
	in->first = true;
	in->l4 = 40;
	if (r->bad || in->len > len)
		return false;
	skip_extensions(in, r);
	return !r->bad && in->l4 <= in->len;
}

bool
inner_read(struct inner *in, uint8_t *p, size_t len)
{
	struct rbuf r;

	if (len < 20)
		return false;
	in->p = p;
	in->version = p[0] >> 4;
	rbuf_init(&r, p, len);
	if (in->version == 4)
		return read_v4(in, &r, len);
	return in->version == 6 && read_v6(in, &r, len);
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

bool
inner_is_multicast(const struct inner *in)
{
	return addr_is_multicast(&in->dst) ||
	    (in->version == 4 && addr_to_v4(&in->dst) == INADDR_BROADCAST);
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
