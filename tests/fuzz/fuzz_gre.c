/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "gre.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice payload;
	struct gre g;

	if (gre_read(&g, slice_of(data, size), &payload) != NULL)
		return 0;
	if (payload.p + payload.len != data + size)
		abort();	/* the payload is the rest of the packet */
	return 0;
}
