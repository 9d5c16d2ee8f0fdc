/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path_icmp.h"

#include "inner.h"

enum {
	UNREACHABLE = 3, FRAG_NEEDED = 4, TOO_BIG = 2, IPV6_FRAGMENT = 44, GRE_KEY = 0x2000,
	LEAST_V6 = 1280,	/* RFC 8201 4: what says less is discarded */
};

/* RFC 1191 7.1: what links there are, for routers older than it that say no MTU. */
static uint16_t
plateau_below(uint16_t len)
{
	static const uint16_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296};
	unsigned int i;

	for (i = 0; i < sizeof(plateaus) / sizeof(plateaus[0]); i++)
		if (plateaus[i] < len)
			return plateaus[i];
	return 68;
}

static struct addr
read_addr(struct rbuf *r, uint8_t family)
{
	struct addr a = {.family = family};

	rbuf_copy(r, a.b, addr_bytes(&a));
	return a;
}

static bool
read_gre(struct path_icmp *says, struct rbuf *r)
{
	uint16_t flags = rbuf_be16(r);

	rbuf_skip(r, 2);
	says->has_key = (flags & GRE_KEY) != 0;
	if (says->has_key)
		says->key = rbuf_be32(r);
	return !r->bad && (flags & ~GRE_KEY) == 0;
}

static bool
read_transport(struct path_icmp *says, struct rbuf *r)
{
	switch (says->proto) {
	case IPPROTO_GRE:
		return read_gre(says, r);
	case IPPROTO_UDP:
		says->local_port = rbuf_be16(r);
		says->remote_port = rbuf_be16(r);
		rbuf_skip(r, 4);
		/* FALLTHROUGH */
	case IPPROTO_ESP:
		/* RFC 1812 4.3.2.3 has routers quote that much and more. */
		says->spi = rbuf_be32(r);
		return !r->bad;
	}
	return false;
}

static bool
read_v4(struct path_icmp *says, struct rbuf *r)
{
	uint8_t first = rbuf_u8(r);
	uint16_t len, fragment;

	rbuf_skip(r, 1);
	len = rbuf_be16(r);
	rbuf_skip(r, 2);
	fragment = rbuf_be16(r);
	rbuf_skip(r, 1);
	says->proto = rbuf_u8(r);
	rbuf_skip(r, 2);
	says->local = read_addr(r, ADDR_V4);
	says->remote = read_addr(r, ADDR_V4);
	if (r->bad || first >> 4 != 4 || (first & 0x0f) < 5 || (fragment & 0x1fff) != 0)
		return false;
	rbuf_skip(r, (size_t)(first & 0x0f) * 4 - 20);
	if (says->mtu == 0)
		says->mtu = plateau_below(len);
	return says->mtu < len && read_transport(says, r);
}

static bool
read_v6(struct path_icmp *says, struct rbuf *r)
{
	uint8_t first = rbuf_u8(r);

	rbuf_skip(r, 5);
	says->proto = rbuf_u8(r);
	rbuf_skip(r, 1);
	says->local = read_addr(r, ADDR_V6);
	says->remote = read_addr(r, ADDR_V6);
	if (r->bad || first >> 4 != 6)
		return false;
	if (says->proto == IPV6_FRAGMENT) {
		says->proto = rbuf_u8(r);
		rbuf_skip(r, 1);
		if ((rbuf_be16(r) & 0xfff8) != 0)
			return false;
		rbuf_skip(r, 4);
	}
	return read_transport(says, r);
}

bool
path_icmp_read(struct path_icmp *says, struct slice message, bool v6)
{
	size_t header = v6 || message.len == 0 ? 0 : (size_t)(message.p[0] & 0x0f) * 4;
	struct rbuf r;
	uint32_t mtu;
	uint8_t type, code;

	*says = (struct path_icmp){0};
	rbuf_init(&r, message.p, message.len);
	rbuf_skip(&r, header);
	if (r.bad || (!v6 && (header < 20 ||
	    checksum_fold(checksum_add(0, r.at, rbuf_left(&r))) != 0)))
		return false;
	type = rbuf_u8(&r);
	code = rbuf_u8(&r);
	rbuf_skip(&r, 2);
	mtu = rbuf_be32(&r);
	if (r.bad || type != (v6 ? TOO_BIG : UNREACHABLE) || (!v6 && code != FRAG_NEEDED))
		return false;
	if (v6 && mtu < LEAST_V6)
		return false;
	if (!v6)
		mtu &= UINT16_MAX;
	says->mtu = mtu > UINT16_MAX ? UINT16_MAX : (uint16_t)mtu;
	return v6 ? read_v6(says, &r) : read_v4(says, &r);
}
