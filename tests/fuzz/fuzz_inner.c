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

/* What the pieces add up to: cut either way, it is the same. */
struct sum {
	uint64_t pieces, bytes, of_all;
};

static void
add_piece(struct sum *s, const uint8_t *p, size_t len)
{
	s->pieces++;
	s->bytes += len;
	s->of_all = s->of_all * 31 + checksum_add(0, p, len);
}

static void
put_counted(void *arg, uint8_t *p, size_t len)
{
	add_piece(arg, p, len);
}

static void
take(void *arg, uint8_t *p, size_t len)
{
	add_piece(arg, p, len);
	memset(p, 0xee, len + SEGMENT_BEHIND);
}

static void
cut_both_ways(const struct vnet *v, const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len + SEGMENT_BEHIND);
	struct sum copied = {0}, in_place = {0};
	bool may;

	memcpy(copy, p, len);
	may = segment_longest(v, copy, len) != 0;
	if (may != segment_cut_in_place(v, copy, len, take, &in_place))
		abort();
	memcpy(copy, p, len);
	if (may && (!segment_cut(v, copy, len, room, put_counted, &copied) ||
	    memcmp(&copied, &in_place, sizeof(copied)) != 0))
		abort();
	free(copy);
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
	cut_both_ways(&v, copy, size);
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
