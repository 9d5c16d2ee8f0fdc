/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What control configures: interfaces that speak NHRP, and their static maps.
 *
 * A message sets one thing; what did not change is not disturbed.  BEGIN marks everything, what
 * is set again loses its mark, and END removes the rest.
 */
#ifndef CULVERT_NHRP_CONF_H
#define CULVERT_NHRP_CONF_H

#include "nhrp_if.h"

void nhrp_if_set(struct nhrp *n, const struct ipc_nhrp_if *conf);
void nhrp_if_del(struct nhrp_if *ifp);
void nhrp_if_restore(struct nhrp *n, const struct nhrp_if_record *r, uint32_t slot);

/* BEGIN and END of control: everything that is configured is marked, or swept. */
void nhrp_config_begin(struct nhrp *n);
void nhrp_config_end(struct nhrp *n);
void nhrp_map_set(struct nhrp_if *ifp, const struct prefix *address, const struct addr *nbma);
void nhrp_map_del(struct nhrp_if *ifp, const struct prefix *address, const struct addr *nbma);

#endif
