/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps between the two engines of a pair (pair.h): lines, their packets, their pairs of SAs. */
#ifndef CULVERT_TEST_CMAP_SCENE_H
#define CULVERT_TEST_CMAP_SCENE_H

#include "pair.h"

struct cmap_line {		/* "PROTO LOCAL REMOTE" of a crypto map, as one side has it */
	unsigned int seq, proto, local_port, remote_port;
	const char *local, *remote;
	bool dynamic;
	uint8_t mode;		/* 0: tunnel */
};

void cmap_set_line(struct pair_side *s, const struct cmap_line *l, const struct addr *from,
    const struct addr *peer);
void cmap_set_peer(struct pair_side *s, const struct cmap_line *l, unsigned int position,
    const char *peer);
/* a and b are what each side has, and each is the other's peer. */
void cmap_both(struct pair *p, const struct cmap_line *a, const struct cmap_line *b);
/* A packet of the line waits at this side's forwarder. */
void cmap_packet(struct pair_side *s, const struct cmap_line *l);
struct ipc_sa *cmap_current(struct pair_side *s, const char *remote_net);	/* NULL: none */
/* Each sends with what the other receives with, for the same traffic. */
void cmap_check_flow(struct pair *p, const char *net_a, const char *net_b);

#endif
