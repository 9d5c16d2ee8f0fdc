/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way in: a packet from the wire, to a tunnel's device.
 *
 *	wire -> SPI -> SA -> replay -> open -> what it was negotiated for?
 *	     -> GRE -> tunnel -> device, or NHRP to nhrpd
	     -> crypto map -> its device
 */
#ifndef CULVERT_IN_H
#define CULVERT_IN_H

#include "worker.h"

/* ESP waits for more of it, where it lies, until in_flush() or until a batch is full. */
void in_packet(struct worker *w, struct wire_in *in);
void in_flush(struct worker *w);

/* What the packets of a batch became when they were joined (join.h); `w` is the worker. */
void in_write(void *w, const struct join_out *out);

#endif
