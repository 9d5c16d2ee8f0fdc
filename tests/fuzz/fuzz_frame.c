/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A frame that a crypto map's hook caught: read, cut, and classified in both
 * directions, by lines whose numbers are the input's too.
 */
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "frame.h"

#define LINES 4
#define LINE_BYTES 10

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

/* The pieces of a super-packet are one flow: that is why it is looked up once. */
static void
put(void *arg, uint8_t *p, size_t len)
{
	const struct flow *whole = arg;
	struct inner in;
	struct flow f;

	if (!inner_read(&in, p, len))
		abort();
	f = flow_of(&in);
	if (memcmp(&f, whole, sizeof(f)) != 0)
		abort();
}

static struct classify_rule
line(const uint8_t b[LINE_BYTES])
{
	return (struct classify_rule){.permit = b[0] & 1, .proto = b[1],
	    .src = {.addr = {.family = ADDR_V4, .b = {b[2], b[3]}}, .len = b[4] % 33},
	    .dst = {.addr = {.family = ADDR_V4, .b = {b[5], b[6]}}, .len = b[7] % 33},
	    .src_high = UINT16_MAX, .dst_low = b[8], .dst_high = (uint16_t)(b[9] << 8 | 0xff),
	    .protection = 1, .peer_ref = 1};
}

static void
look_up(const struct classify *c, const struct flow *f)
{
	static struct classify_cache cache;
	struct flow back = flow_back(f), again = flow_back(&back);
	struct verdict is = classify(c, f), cached = classify_cached(&cache, c, f);

	if (memcmp(&again, f, sizeof(again)) != 0 || is.as != cached.as ||
	    is.peer_ref != cached.peer_ref)
		abort();
	classify(c, &back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t generation;
	struct classify_rule lines[LINES];
	struct classify *c;
	struct frame f;
	struct flow flow;
	uint8_t *copy;
	size_t i;

	if (size < LINES * LINE_BYTES + FRAME_FRONT || size > 70000)
		return 0;
	for (i = 0; i < LINES; i++)
		lines[i] = line(data + i * LINE_BYTES);
	data += LINES * LINE_BYTES;
	size -= LINES * LINE_BYTES + FRAME_FRONT;
	memcpy(f.front, data, FRAME_FRONT);
	copy = malloc(size + 1);
	memcpy(copy, data + FRAME_FRONT, size);
	if (frame_read(&f, copy, size) == FRAME_IP) {
		flow = flow_of(&f.in);
		c = classify_new(lines, LINES, NULL, 0, ++generation);
		look_up(c, &flow);
		classify_free(c);
		segment_cut(&f.vnet, f.in.p, f.in.len, room, put, &flow);
	}
	free(copy);
	free(piece);
	piece = NULL;
	return 0;
}
