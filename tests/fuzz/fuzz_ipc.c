/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ipc_decode of every message type: two bytes choose the type, the rest is the
 * body.  What is taken must encode to the same bytes: there is one way to write
 * a body.
 */
#include <stdlib.h>
#include <string.h>

#include "ipc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t again[IPC_BODY_MAX];
	union ipc_body body;
	enum ipc_type type;
	struct rbuf r;
	struct wbuf w;

	rbuf_init(&r, data, size);
	type = (enum ipc_type)(rbuf_be16(&r) % (IPC_TYPE_COUNT + 1));
	if (size < 2 || size - 2 > IPC_BODY_MAX || ipc_decode(&r, type, &body) != NULL)
		return 0;
	wbuf_init(&w, again, sizeof(again));
	ipc_encode(&w, type, &body);
	if (w.bad || wbuf_len(&w) != size - 2 || memcmp(again, data + 2, size - 2) != 0)
		abort();
	ipc_body_wipe(type, &body);
	return 0;
}
