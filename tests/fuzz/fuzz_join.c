/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch of inner packets, each behind its length in two bytes, through
 * joining; what comes out must be cut again into as many packets and bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t whole[1 << 17], cut[1 << 17];
static size_t pieces, bytes, added, came_out;

static uint8_t *
room(void *arg, size_t len)
{
	(void)arg;
	(void)len;
	return cut;
}

static void
put(void *arg, uint8_t *p, size_t len)
{
	(void)arg;
	(void)p;
	pieces++;
	bytes += len;
}

static void
take(void *arg, const struct join_out *out)
{
	size_t len = 0;
	unsigned int i;

	(void)arg;
	for (i = 1; i < out->iovs; i++) {
		memcpy(whole + len, out->iov[i].iov_base, out->iov[i].iov_len);
		len += out->iov[i].iov_len;
	}
	pieces = bytes = 0;
	if (!segment_cut(&out->vnet, whole, len, room, put, NULL) || pieces != out->packets ||
	    bytes != out->bytes)
		abort();
	came_out += pieces;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct join j;
	uint8_t *packet[64];
	unsigned int n = 0, i;
	struct inner in;
	size_t len;

	added = came_out = 0;
	join_init(&j, take, NULL);
	while (size > 2 && n < 64) {
		len = (size_t)(data[0] << 8 | data[1]);
		len = len < size - 2 ? len : size - 2;
		packet[n] = malloc(len + 1);
		memcpy(packet[n], data + 2, len);
		if (inner_read(&in, packet[n], len)) {
			join_add(&j, &j, &in, true);
			added++;
		}
		n++;
		data += 2 + len;
		size -= 2 + len;
	}
	join_flush(&j);
	if (came_out != added)
		abort();
	for (i = 0; i < n; i++)
		free(packet[i]);
	return 0;
}
