/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmap_lines.h"

void
cmap_lines_add(struct ipc_cmap *c, const struct ipc_cmap_rule *line)
{
	uint64_t h = 0xcbf29ce484222325ull;	/* FNV-1a */
	uint8_t bytes[512];
	struct wbuf w;
	size_t i;

	wbuf_init(&w, bytes, sizeof(bytes));
	ipc_encode(&w, IPC_MSG_CMAP_RULE_SET, line);
	for (i = 0; i < wbuf_len(&w); i++)
		h = (h ^ bytes[i]) * 0x100000001b3ull;
	c->lines++;
	c->sum += h;
}
