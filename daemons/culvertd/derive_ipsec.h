/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From an IPsec profile of the configuration to what iked offers and accepts under its name.
 */
#ifndef CULVERT_DERIVE_IPSEC_H
#define CULVERT_DERIVE_IPSEC_H

#include "buf.h"
#include "conf.h"
#include "wish.h"

/* Every transform set of p is there. */
bool derive_ipsec_usable(const struct conf *c, const struct conf_ipsec_profile *p);

/* Tells iked of p under its name; when a transform set of it is missing, notes that instead. */
void derive_ipsec_profile(const struct conf *c, const struct conf_ipsec_profile *p,
    struct wishes *out, struct text *notes);

#endif
