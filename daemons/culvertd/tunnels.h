/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Line protocol: what espd says of tunnels, what the kernel says of NICs, and the
 * log lines that IOS prints when either changes.
 */
#ifndef CULVERT_TUNNELS_H
#define CULVERT_TUNNELS_H

#include <stdbool.h>
#include <uthash.h>

#include "ipc.h"

struct control;

struct tunnel_line {
	char ifname[16];
	bool link_up;			/* as the log has said */
	bool line_up;
	char why[64];
	UT_hash_handle hh;
};

struct tunnels {
	struct tunnel_line *all;	/* tunnels and NICs */
};

void tunnels_state(struct control *c, const struct ipc_tunnel_state *m);
void tunnels_ask(struct control *c, uint64_t cursor);	/* espd, how its tunnels are; 0: all */
void tunnels_links_changed(struct control *c);	/* the kernel's links were read anew */
const struct tunnel_line *tunnels_find(const struct tunnels *t, const char *ifname);
void tunnels_free(struct tunnels *t);

#endif
