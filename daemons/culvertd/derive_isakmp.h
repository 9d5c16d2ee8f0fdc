/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of derive.h that is IKEv1's profiles and peers, and how it says who we are. */
#ifndef CULVERT_DERIVE_ISAKMP_H
#define CULVERT_DERIVE_ISAKMP_H

#include "buf.h"
#include "conf.h"
#include "wish.h"

void derive_isakmp(const struct conf *c, struct wishes *out, struct text *notes);

#endif
