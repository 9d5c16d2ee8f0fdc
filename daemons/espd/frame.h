/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ethernet frames with a virtio-net header, as the TAPs of crypto maps give and
 * take them.  The header's offsets count from the frame's beginning there, and
 * from the IP header's everywhere else.
 */
#ifndef CULVERT_FRAME_H
#define CULVERT_FRAME_H

#include "inner.h"
#include "segment.h"

#define ETHER_LEN 14
#define FRAME_FRONT (VNET_HEADER_LEN + ETHER_LEN)	/* before the IP header */

struct frame {
	uint8_t front[FRAME_FRONT];	/* as it was read */
	struct vnet vnet;		/* for the IP packet alone */
	struct inner in;
};

enum frame_is { FRAME_MALFORMED, FRAME_OTHER, FRAME_IP };

/*
 * Reads f->front and the `len` bytes that follow it at p.  FRAME_OTHER: no IP
 * packet, or one with a VLAN tag, which is none of a map's business.
 */
enum frame_is frame_read(struct frame *f, uint8_t *p, size_t len);

/* The front for the IP packet whose first byte is given; v is for the packet alone. */
void frame_front(uint8_t front[FRAME_FRONT], const struct vnet *v, const uint8_t to_mac[6],
    uint8_t first_byte);

#endif
