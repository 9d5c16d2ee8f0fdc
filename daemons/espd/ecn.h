/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Explicit congestion notification across a tunnel (RFC 6040).
 *
 * On the way in the outer header has the inner one's field ("normal mode"), so
 * that routers between may mark it; on the way out the two are combined, so
 * that their mark reaches the packet's receiver.
 */
#ifndef CULVERT_ECN_H
#define CULVERT_ECN_H

#include "inner.h"

enum ecn { ECN_NOT, ECN_ECT1, ECN_ECT0, ECN_CE, ECN_MASK = 3 };

/*
 * Writes into the inner header what figure 4 says, given the outer header's
 * TOS.  False when the packet must be dropped: it met congestion, and its ends
 * would not know the mark.
 */
bool ecn_combine(struct inner *in, uint8_t outer_tos);

#endif
