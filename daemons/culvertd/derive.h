/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the configuration to what each daemon should have.  Pure: no socket, no
 * kernel, the same input gives the same set.
 *
 * A tunnel is always told to espd with the name of its protection, even
 * when its profile cannot be used: then it drops, it never sends in clear.
 */
#ifndef CULVERT_DERIVE_H
#define CULVERT_DERIVE_H

#include "buf.h"
#include "conf.h"
#include "nics.h"
#include "wish.h"

/* Adds to `out`; says in `notes`, a line each, what is configured and cannot be used. */
void derive(const struct conf *c, const struct nics *n, struct wishes *out, struct text *notes);

#endif
