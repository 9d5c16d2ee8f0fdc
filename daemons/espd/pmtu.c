/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pmtu.h"

#include <string.h>

#include "buf.h"

enum { ICMP_UNREACHABLE = 3, ICMP_FRAG_NEEDED = 4, ICMP6_TOO_BIG = 2, MORE_FRAGMENTS = 0x2000 };

static void
put_be16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* RFC 791 3.1: an option whose first bit is set is copied to every fragment. */
static void
blank_uncopied(uint8_t *opt, const uint8_t *end)
{
	size_t n;

	while (opt < end && *opt != 0) {
		n = *opt == 1 || end - opt < 2 || opt[1] < 2 || opt[1] > end - opt ? 1 : opt[1];
		if ((*opt & 0x80) == 0)
			memset(opt, 1, n);
		opt += n;
	}
}

bool
pmtu_fragment(const struct inner *in, uint16_t mtu, segment_room *room, segment_put *put, void *arg)
{
	size_t header = (size_t)(in->p[0] & 0x0f) * 4, at, n, piece;
	uint16_t had;
	uint8_t *to;

	if (in->version != 4 || in->df || mtu < header + 8)
		return false;
	had = (uint16_t)(in->p[6] << 8 | in->p[7]);
	piece = (mtu - header) & ~(size_t)7;
	for (at = 0; at < in->len - header; at += n) {
		n = in->len - header - at < piece ? in->len - header - at : piece;
		to = room(arg, header + n);
		if (to == NULL)
			return true;
		memcpy(to, in->p, header);
		memcpy(to + header, in->p + header + at, n);
		if (at > 0)
			blank_uncopied(to + 20, to + header);
		put_be16(to + 2, header + n);
		put_be16(to + 6, (((had & 0x1fff) + at / 8) |
		    (at + n < in->len - header ? MORE_FRAGMENTS : had & MORE_FRAGMENTS)));
		ipv4_checksum(to, header);
		put(arg, to, header + n);
	}
	return true;
}

static bool
deserves_icmp(const struct inner *in)
{
	uint8_t type = in->len > in->l4 ? in->p[in->l4] : 0;

	if (!in->first || inner_is_multicast(in) || addr_is_any(&in->src) ||
	    addr_is_multicast(&in->src))
		return false;
	if (in->version == 6)
		return in->proto != IPPROTO_ICMPV6 || type >= 128;
	/* Errors: unreachable, source quench, redirect, time exceeded, parameter problem. */
	return in->proto != IPPROTO_ICMP ||
	    !(type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
}

static size_t
icmp4(const struct inner *in, uint16_t mtu, uint8_t *out)
{
	size_t quote = in->len < 548 ? in->len : 548;	/* 576 with our headers */
	struct wbuf w;
	uint16_t sum;

	wbuf_init(&w, out, PMTU_ICMP_MAX);
	wbuf_be16(&w, 0x4500);
	wbuf_be16(&w, (uint16_t)(28 + quote));
	wbuf_be32(&w, 0);
	wbuf_be16(&w, 64 << 8 | IPPROTO_ICMP);
	wbuf_be16(&w, 0);
	wbuf_put(&w, in->dst.b, 4);
	wbuf_put(&w, in->src.b, 4);
	wbuf_be16(&w, ICMP_UNREACHABLE << 8 | ICMP_FRAG_NEEDED);
	wbuf_be16(&w, 0);
	wbuf_be32(&w, mtu);
	wbuf_put(&w, in->p, quote);
	ipv4_checksum(out, 20);
	sum = checksum_fold(checksum_add(0, out + 20, 8 + quote));
	memcpy(out + 22, &sum, 2);
	return wbuf_len(&w);
}

static size_t
icmp6(const struct inner *in, uint16_t mtu, uint8_t *out)
{
	size_t quote = in->len < PMTU_ICMP_MAX - 48 ? in->len : PMTU_ICMP_MAX - 48;
	struct inner reply = {.src = in->dst, .dst = in->src};
	struct wbuf w;
	uint16_t sum;

	wbuf_init(&w, out, PMTU_ICMP_MAX);
	wbuf_be32(&w, 6u << 28);
	wbuf_be16(&w, (uint16_t)(8 + quote));
	wbuf_be16(&w, IPPROTO_ICMPV6 << 8 | 64);
	wbuf_put(&w, in->dst.b, 16);
	wbuf_put(&w, in->src.b, 16);
	wbuf_be32(&w, (uint32_t)ICMP6_TOO_BIG << 24);
	wbuf_be32(&w, mtu);
	wbuf_put(&w, in->p, quote);
	sum = checksum_fold(checksum_add(checksum_pseudo(&reply, IPPROTO_ICMPV6, 8 + quote),
	    out + 40, 8 + quote));
	memcpy(out + 42, &sum, 2);
	return wbuf_len(&w);
}

size_t
pmtu_icmp(const struct inner *in, uint16_t mtu, uint8_t out[PMTU_ICMP_MAX])
{
	if (!deserves_icmp(in))
		return 0;
	return in->version == 4 ? icmp4(in, mtu, out) : icmp6(in, mtu, out);
}
