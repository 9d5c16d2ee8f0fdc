/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way in through a crypto map: what ESP carried, to the kernel; and frames
 * that came to the NIC in clear, which must not be what a line protects.
 *
 *	opened ESP -> (transport mode: the IP header again) -> TAP
 *	TAP -> classify backwards -> dropped and told, or the TAP as it was
 */
#ifndef CULVERT_IN_CMAP_H
#define CULVERT_IN_CMAP_H

#include "in_esp.h"

void in_cmap_read(struct worker *w, struct crypto_map *m);	/* a batch of clear frames */

/*
 * What an SA of the map's carried.  `packet` is the ESP packet as it came, and
 * the memory that may be written; `in` what in_esp() made of it.
 */
void in_cmap_opened(struct worker *w, struct slice packet, const struct wire_in *in,
    struct esp_in *from);

/* What opened packets became when they were joined (join.h); `w` is the worker. */
void in_cmap_write(void *w, const struct join_out *out);

/* An IP packet of our own making. */
bool in_cmap_to_kernel(struct worker *w, struct crypto_map *m, uint8_t *p, size_t len);

#endif
