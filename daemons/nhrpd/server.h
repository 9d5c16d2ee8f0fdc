/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server side of registration, RFC 2332 5.2.3: clients tell us behind
 * which NBMA address they are.
 *
 * Behind a NAT a client names an address that nobody can reach.  Both are kept:
 * what it claims, and where its packet came from; packets go to the latter.
 * A unique registration is refused with code 14 while another NBMA address
 * holds the protocol address.
 */
#ifndef CULVERT_NHRP_SERVER_H
#define CULVERT_NHRP_SERVER_H

#include "cache.h"

void server_register(struct nhrp_rx *rx);
/* The log line; the entry is the caller's to remove. */
void server_client_down(const struct nhrp_entry *e, const char *reason);

#endif
