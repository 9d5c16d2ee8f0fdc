/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Super-packets: what the kernel hands over in one read of a TUN with offloads
 * is cut here into packets as they go on the wire, checksums complete.
 */
#ifndef CULVERT_SEGMENT_H
#define CULVERT_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pieces of one super-packet: a full one with a payload of 64 bytes in each. */
#define SEGMENT_MAX 1024
#define VNET_HEADER_LEN 12

/* The virtio-net header in front of each packet of the TUN, in host order. */
struct vnet {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
};

enum {
	VNET_NEEDS_CSUM = 1,
	VNET_GSO_NONE = 0, VNET_GSO_TCPV4 = 1, VNET_GSO_TCPV6 = 4, VNET_GSO_UDP_L4 = 5,
	VNET_GSO_ECN = 0x80,
};

/* Where a piece goes: memory for a packet of `len` bytes, or NULL to stop. */
typedef uint8_t *segment_room(void *arg, size_t len);
typedef void segment_put(void *arg, uint8_t *p, size_t len);

/* How many pieces a packet is, one when it is whole or malformed. */
size_t segment_count(const struct vnet *v, uint8_t *p, size_t len);

/* How long the longest of them is; 0 when it is whole, malformed, or its headers are very long. */
size_t segment_longest(const struct vnet *v, uint8_t *p, size_t len);

/* Bytes behind a piece that `put` may write over while it has it. */
#define SEGMENT_BEHIND 32

/*
 * Cut the packet at p, which may be altered, and `put` each piece.  Returns
 * false when the header and the packet do not go together; nothing was put then.
 */
bool segment_cut(const struct vnet *v, uint8_t *p, size_t len, segment_room *room,
    segment_put *put, void *arg);

/*
 * The same without a copy, for who takes each piece away before `put` returns: it is made where
 * its payload lies, its headers over the end of the piece before it.  He may write over
 * anything in front of it, and over SEGMENT_BEHIND bytes behind it, which are as they were
 * afterwards; so there are that many behind the packet.  False too when the packet is whole or
 * its headers are longer than any that segment_longest() knows.
 */
bool segment_cut_in_place(const struct vnet *v, uint8_t *p, size_t len, segment_put *put,
    void *arg);

#endif
