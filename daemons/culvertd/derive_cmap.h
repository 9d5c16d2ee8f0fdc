/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps on interfaces, as espd and iked should have them.
 *
 * espd gets one list of lines for each interface, tried in order.  IOS has a deny
 * line mean "not by this entry": such a packet goes on at the next entry.  So what
 * the later entries do with a deny line's packets is put in front of it, and
 * behind that the line itself, in clear.
 *
 * iked gets a protection for each permit line, since each is a proxy identity
 * ("MAP SEQ LINE@NIC", of a dynamic entry "MAP SEQ.ITS-SEQ LINE@NIC"), and for a
 * dynamic entry without an access list one that takes any (line 0).
 */
#ifndef CULVERT_DERIVE_CMAP_H
#define CULVERT_DERIVE_CMAP_H

#include "conf.h"
#include "nics.h"
#include "wish.h"

#define CMAP_RULES_MAX 4096	/* of one interface */

void derive_cmaps(const struct conf *c, const struct nics *n, struct wishes *out,
    struct text *notes);

#endif
