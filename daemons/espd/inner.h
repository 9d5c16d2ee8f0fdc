/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IP packet inside a tunnel, read once: what forwarding needs to know of it.
 * And the checksums that are of its headers.
 */
#ifndef CULVERT_INNER_H
#define CULVERT_INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "addr.h"
#include "checksum.h"

struct inner {
	uint8_t *p;		/* the IP header */
	size_t len;		/* as the header says; never more than there was */
	uint8_t version;	/* 4 or 6 */
	uint8_t tos;		/* or traffic class */
	uint8_t proto;		/* of the transport header at l4; 6: after extension headers */
	bool df;		/* IPv6: always */
	bool fragment;		/* any but a whole packet */
	bool first;		/* the transport header is there: no fragment, or the first one */
	size_t l4;		/* offset of the transport header */
	struct addr src, dst;
};

/* False when it is not a whole, well-formed IP packet. */
bool inner_read(struct inner *in, uint8_t *p, size_t len);
/* TCP and UDP ports in host order; false when the packet has none. */
bool inner_ports(const struct inner *in, uint16_t *src, uint16_t *dst);

static inline bool
inner_is_multicast(const struct inner *in)	/* or the limited broadcast */
{
	static const uint8_t broadcast[4] = {0xff, 0xff, 0xff, 0xff};

	if (in->version == 6)
		return in->dst.b[0] == 0xff;
	return (in->dst.b[0] & 0xf0) == 0xe0 || memcmp(in->dst.b, broadcast, 4) == 0;
}

/* Of a header without options: 0 when it is folded and was right. */
static inline uint64_t
ipv4_sum(const uint8_t *ip)
{
	uint32_t word[5];

	memcpy(word, ip, sizeof(word));
	return (uint64_t)word[0] + word[1] + word[2] + word[3] + word[4];
}

uint64_t checksum_pseudo(const struct inner *in, uint8_t proto, size_t l4_len);
void ipv4_checksum(uint8_t *ip, size_t header_len);	/* writes the header's own */

#endif
