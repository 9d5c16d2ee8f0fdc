/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crypto maps as control wants them: their devices made and removed, their
 * lines compiled again whenever a line, a peer or an SA changes.
 *
 * The devices outlive espd as tunnels' do: the monitor holds a detached queue
 * of each.  They are named after the NIC's index, so that a new espd finds the
 * same ones whatever is configured first.
 */
#ifndef CULVERT_CMAP_CTL_H
#define CULVERT_CMAP_CTL_H

#include "espd.h"

void cmap_init(struct espd *e);
void cmap_stop(struct espd *e);
const char *cmap_set(struct espd *e, const struct ipc_cmap *set);	/* NULL, or why not */
void cmap_del(struct espd *e, const char *ifname);
void cmap_rule_set(struct espd *e, const struct ipc_cmap_rule *set);
void cmap_rule_del(struct espd *e, const struct ipc_cmap_rule *which);
void cmap_begin(struct espd *e);
void cmap_end(struct espd *e);			/* what was not named since BEGIN goes */
void cmap_publish_soon(struct espd *e);		/* changes are gathered */
void cmap_publish_now(struct espd *e);		/* an answer is due: what was said before is in force */
void cmap_tell_all(struct espd *e, struct ipc_conn *c);	/* each map that is ready */

#endif
