/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tunnels as control wants them: devices made and removed, and the line
 * protocol of each worked out again whenever its settings or the kernel's
 * routes change.
 */
#ifndef CULVERT_LINE_H
#define CULVERT_LINE_H

#include "espd.h"

void line_init(struct espd *e);
void line_stop(struct espd *e);
const char *line_tunnel_set(struct espd *e, const struct ipc_tunnel *set);	/* NULL, or why not */
void line_tunnel_del(struct espd *e, const char *ifname);
void line_peers_changed(struct espd *e);	/* soon: which peer protects which P2P tunnel */
void line_tell_all(struct espd *e, struct ipc_conn *c);	/* every tunnel's state, to one client */
void line_look_again(struct espd *e);		/* soon */

#endif
