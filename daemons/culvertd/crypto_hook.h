/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hooks by which crypto maps catch packets: one nftables table of family
 * netdev, with a chain on each side of each NIC that has a map.
 *
 * What is covered by a map's lines is dropped until espd has said that the
 * map's devices are there, and handed to them then.  The table is replaced as
 * a whole, in one transaction, and belongs to no process: what it catches does
 * not leave in clear, whoever dies.  When the kernel refuses it the old table
 * stays, and the interfaces that have a map stay down.
 */
#ifndef CULVERT_CRYPTO_HOOK_H
#define CULVERT_CRYPTO_HOOK_H

#include "buf.h"
#include "kernel.h"
#include "owned.h"
#include "wish.h"

/* Fills in how many lines each map among the wishes has, and what they sum up to (cmap_lines.h). */
void crypto_hook_sum(struct wishes *w);

/* Says in owned lines which devices a map has; crypto_hook_apply() makes it so. */
void crypto_hook_ready(struct owned *o, const struct ipc_cmap_ready *r);

/* The table that the wishes ask for, as nft(8) reads it; empty when there is no map. */
void crypto_hook_text(const struct wishes *w, const struct owned *o, const struct kernel *k,
    struct text *out);

/* Makes it so, if it is not so already; false when the kernel refuses. */
bool crypto_hook_apply(const struct wishes *w, struct owned *o, const struct kernel *k);
void crypto_hook_remove(struct owned *o);	/* a clean end */

#endif
