/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic indications, Cisco's packet type 8 ("redirect", phase 3).
 *
 * A hub that sends a packet out by the NHRP network it came in by tells the
 * router that sent it: there is a shorter way to this destination, ask.  At
 * most once each interval and (source, destination), out of a table of fixed
 * size.  A spoke with `ip nhrp shortcut` asks.
 */
#ifndef CULVERT_NHRP_REDIRECT_H
#define CULVERT_NHRP_REDIRECT_H

#include "nhrp_if.h"

struct nhrp_redirects;
struct nhrp_redirects *redirects_new(void);
void redirects_free(struct nhrp_redirects *t);

void redirect_wanted(struct nhrp *n, const struct ipc_redirect *m);	/* espd says */
void redirect_receive(struct nhrp_rx *rx);

#endif
