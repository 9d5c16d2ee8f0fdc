/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way out: a packet that the kernel gave to a tunnel's device, to the wire.
 *
 *	device -> cut to size -> next hop -> adjacency -> GRE -> ESP -> wire
 *
 * Nothing leaves a protected tunnel in clear: without an SA the packet ends
 * here, and iked hears who is wanted.
 */
#ifndef CULVERT_OUT_H
#define CULVERT_OUT_H

#include "worker.h"

void out_read(struct worker *w, struct tunnel *t);	/* a batch from the device */
/* Back out by the tunnel that brought it; it lies in the wire's arena (hairpin.h). */
void out_turned(struct worker *w, const struct tunnel_conf *c, uint8_t *p, size_t len);
void out_nhrp(struct worker *w, const struct ipc_nhrp *n);

#endif
