/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scene of most tests here: two culvert-espd, a pair of SAs, a tunnel.
 *
 *	a wan0 192.0.2.1 ---- 192.0.2.2 wan0 b
 *	  Tunnel0 10.0.0.1       10.0.0.2 Tunnel0
 *
 * The test is control, iked and nhrpd of each (espd_node.h), so keys are simply agreed on.
 * What it wants otherwise it changes between the calls: other wires, another address in
 * a half, the number of workers.
 */
#ifndef CULVERT_ESPD_SCENE_H
#define CULVERT_ESPD_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "espd_says.h"

extern struct node a, b;
extern struct half x, y;	/* a's end and b's: peer references 11 and 22 */

/* A cmocka group: the namespaces; then the test's wires and what it wants besides; espd at both. */
void scene_open(void);
int scene_start(void);
int scene_teardown(void **state);

/* After a test: no peer, no tunnel, nothing heard, and x and y are what they were. */
int scene_clean(void **state);

/* Tunnel0 at both ends, whose peers have no SAs yet; TUNNEL_MGRE has no adjacencies. */
void scene_protect(uint8_t kind, bool encap);
/* And then SAs and adjacencies, until a packet gets through. */
void scene_come_up(uint8_t kind, uint8_t mode, bool encap);

#endif
