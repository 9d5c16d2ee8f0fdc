/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Learning the MTUs of ways (path_mtu.h): the control thread's part.
 *
 * What device a way begins with is looked up in the kernel, again when routes
 * or links change, when a packet was refused for its size, and every ten
 * seconds.  Routers' errors come by raw sockets of ICMP, and one is believed
 * when it quotes the SPI of an SA that we send with, or for GRE in clear the
 * addresses and key of a tunnel; and never below the least that is configured.  A
 * message of ESP is looked up by the address and port that it quotes, so forged ones
 * cost little and take nothing from a router's; only those that quote a multipoint
 * tunnel in clear, for which all next hops are walked, are so many a second.
 */
#ifndef CULVERT_PATH_LEARN_H
#define CULVERT_PATH_LEARN_H

#include "loop.h"
#include "ratelimit.h"

struct espd;

struct path_learner {
	struct watch v4, v6;		/* not started: no such socket */
	struct timer tick;
	struct ratelimit heard;		/* of multipoint tunnels in clear */
	bool stale;			/* devices are to be looked up again */
	bool news;			/* some peers' were never looked up */
	uint32_t at;			/* bucket of peers where the look-up goes on */
	mono_t looked;			/* when the last one began */
};

void path_mtu_start(struct espd *e);		/* needs CAP_NET_RAW */
void path_mtu_stop(struct espd *e);
void path_mtu_look_again(struct espd *e);	/* at all, soon */
void path_mtu_look_at_new(struct espd *e);	/* at peers that are new or elsewhere, soon */

#endif
