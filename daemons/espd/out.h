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
void out_nhrp(struct worker *w, const struct ipc_nhrp *n);

#endif
