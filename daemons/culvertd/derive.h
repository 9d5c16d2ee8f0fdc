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

/* The outer source address of a tunnel; unset while there is none. */
struct addr derive_local(const struct conf *c, const struct conf_iface *i);
/* Its destination; unset also when that is of the other IP version. */
struct addr derive_remote(const struct conf_iface *i);
/* Name of the group of tunnels that share SAs with this one; empty: in clear. */
void derive_protection(const struct conf *c, const struct conf_iface *i, char name[64]);

/*
 * The MTU of an interface.  Of a tunnel: `ip mtu` when it is configured; else what
 * fits in 1500 bytes (1476, 1472 with a key, 1438 for a VTI).  GRE under protection
 * gets 1400, the value that every DMVPN guide configures: it leaves room for any of
 * our transforms in tunnel mode through a NAT.  Over IPv6 it is 20 less, and under
 * protection 40: the outer header is longer, in tunnel mode there are two.
 */
unsigned int derive_mtu(const struct conf *c, const struct conf_iface *i);

/* Whether a tunnel learns its path's MTU, from what on it believes that, and for how long. */
bool derive_pmtud(const struct conf *c, const struct conf_iface *i);
unsigned int derive_path_min(const struct conf_iface *i);
unsigned int derive_path_age_min(const struct conf_iface *i);	/* 0: for ever */
uint8_t derive_df(uint8_t df);		/* enum conf_df, or 0, as enum ipc_df */

/* Tells iked of p under its name; when a transform set of it is missing, notes that instead. */
void derive_ipsec_profile(const struct conf *c, const struct conf_ipsec_profile *p,
    struct wishes *out, struct text *notes);

#endif
