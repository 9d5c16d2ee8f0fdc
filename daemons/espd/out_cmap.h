/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way out through a crypto map: a frame that was about to leave the NIC.
 *
 *	TAP -> classify -> cut to size -> ESP -> wire
 *	               \-> out of the NIC, as it was
 */
#ifndef CULVERT_OUT_CMAP_H
#define CULVERT_OUT_CMAP_H

#include "worker.h"

void out_cmap_read(struct worker *w, struct crypto_map *m);	/* a batch from the device */

#endif
