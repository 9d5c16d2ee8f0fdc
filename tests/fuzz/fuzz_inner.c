/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An inner packet with a virtio-net header, through all that reads and cuts one. */
#include <stdlib.h>
#include <string.h>

#include "mss.h"
#include "pmtu.h"
#include "segment.h"
#include "tun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *piece;		/* one at a time, of exactly its size, so that the sanitizer sees its ends */

static uint8_t *
room(void *arg, size_t len)
{
	(void)arg;
	free(piece);
	piece = malloc(len);
	return piece;
}

static void
put(void *arg, uint8_t *p, size_t len)
{
	struct inner in;

	(void)arg;
	if (inner_read(&in, p, len) && in.len > len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t icmp[PMTU_ICMP_MAX], *copy;
	struct inner in;
	struct vnet v;

	if (size < VNET_HEADER_LEN || size > 70000)
		return 0;
	vnet_read(&v, data);
	size -= VNET_HEADER_LEN;
	copy = malloc(size + 1);
	memcpy(copy, data + VNET_HEADER_LEN, size);
	segment_cut(&v, copy, size, room, put, NULL);
	if (inner_read(&in, copy, size)) {
		mss_clamp(&in, 1000);
		pmtu_fragment(&in, v.gso_size, room, put, NULL);
		if (pmtu_icmp(&in, v.gso_size, icmp) > sizeof(icmp))
			abort();
	}
	free(copy);
	free(piece);
	piece = NULL;
	return 0;
}
