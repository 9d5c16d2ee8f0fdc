/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include <string.h>

#include "tun.h"

enum { ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd };

enum frame_is
frame_read(struct frame *f, uint8_t *p, size_t len)
{
	const uint8_t *type = f->front + VNET_HEADER_LEN + 12;
	uint16_t ethertype = (uint16_t)(type[0] << 8 | type[1]);

	vnet_read(&f->vnet, f->front);
	if (ethertype != ETHER_IPV4 && ethertype != ETHER_IPV6)
		return FRAME_OTHER;
	if (!inner_read(&f->in, p, len) || f->in.version != (ethertype == ETHER_IPV4 ? 4 : 6))
		return FRAME_MALFORMED;
	if (f->vnet.flags & VNET_NEEDS_CSUM) {
		/* Whoever classifies it must not find addresses or ports changed by its checksum. */
		if (f->vnet.csum_start < ETHER_LEN ||
		    f->vnet.csum_start - ETHER_LEN + f->vnet.csum_offset < (int)f->in.l4 + 4)
			return FRAME_MALFORMED;
		f->vnet.csum_start = (uint16_t)(f->vnet.csum_start - ETHER_LEN);
	}
	if (f->vnet.hdr_len >= ETHER_LEN)
		f->vnet.hdr_len = (uint16_t)(f->vnet.hdr_len - ETHER_LEN);
	return FRAME_IP;
}

void
frame_front(uint8_t front[FRAME_FRONT], const struct vnet *v, const uint8_t to_mac[6],
    uint8_t first_byte)
{
	static const uint8_t from_mac[6] = {0x02};	/* locally administered, and nobody's */
	uint16_t ethertype = first_byte >> 4 == 4 ? ETHER_IPV4 : ETHER_IPV6;
	struct vnet framed = *v;

	if (v->flags & VNET_NEEDS_CSUM)
		framed.csum_start = (uint16_t)(v->csum_start + ETHER_LEN);
	if (v->hdr_len != 0)
		framed.hdr_len = (uint16_t)(v->hdr_len + ETHER_LEN);
	vnet_write(front, &framed);
	memcpy(front + VNET_HEADER_LEN, to_mac, 6);
	memcpy(front + VNET_HEADER_LEN + 6, from_mac, 6);
	front[VNET_HEADER_LEN + 12] = (uint8_t)(ethertype >> 8);
	front[VNET_HEADER_LEN + 13] = (uint8_t)ethertype;
}
