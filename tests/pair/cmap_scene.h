/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crypto maps between the two engines of a pair (pair.h): lines, their packets, their pairs of SAs. */
#ifndef CULVERT_TEST_CMAP_SCENE_H
#define CULVERT_TEST_CMAP_SCENE_H

#include "pair.h"

#define CMAP_DEAD "192.0.2.66"	/* nobody is there */

struct cmap_line {		/* "PROTO LOCAL REMOTE" of a crypto map, as one side has it */
	unsigned int seq, proto, local_port, remote_port;
	const char *local, *remote;
	bool dynamic;
	uint8_t mode;		/* 0: tunnel */
};

/* Two lines, as a and b have them, and an entry of b that takes every peer. */
extern const struct cmap_line cmap_web_a, cmap_web_b, cmap_ssh_a, cmap_ssh_b, cmap_any_b;

void cmap_set_line(struct pair_side *s, const struct cmap_line *l, const struct addr *from,
    const struct addr *peer);
void cmap_set_peer(struct pair_side *s, const struct cmap_line *l, unsigned int position,
    const char *peer);
/* a and b are what each side has, and each is the other's peer. */
void cmap_both(struct pair *p, const struct cmap_line *a, const struct cmap_line *b);
/* A packet of the line waits at this side's forwarder. */
void cmap_packet(struct pair_side *s, const struct cmap_line *l);
/* The same, until both send: with IKEv2 who answered does so after two seconds. */
void cmap_traffic(struct pair_side *s, const struct cmap_line *l);
/* a's peer of cmap_web_a is CMAP_DEAD, and b the next; b has a. */
void cmap_dead_peer_first(struct pair *p);
struct ipc_sa *cmap_current(struct pair_side *s, const char *remote_net);	/* NULL: none */
/* Each sends with what the other receives with, for the same traffic. */
void cmap_check_flow(struct pair *p, const char *net_a, const char *net_b);
void cmap_check_web(struct pair *p);	/* the flow of cmap_web_a */
bool cmap_to_living_only(struct pair *p, const struct flight *f);	/* a filter */

#endif
