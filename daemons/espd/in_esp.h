/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ESP from the wire: which SA, is it good, and is it what the SA is for.  A
 * batch is begun packet by packet, opened as a whole, and ended in its order.
 */
#ifndef CULVERT_IN_ESP_H
#define CULVERT_IN_ESP_H

#include "worker.h"

struct esp_in {
	struct peer *peer;
	struct crypto_map *map;		/* whose SA it was; NULL: a tunnel's */
	bool is_gre;			/* else an IP packet of a VTI or a crypto map */
	bool is_transport;		/* what the map's SA carried in transport mode, not GRE */
	uint8_t transport;		/* and its protocol, which may be 0: hop-by-hop options */
	uint8_t tos;			/* of the outer header */
	struct addr local, remote;	/* of the GRE delivery header, real or implied */
	struct inner inner;		/* tunnel mode, and not GRE: the packet, which was read to check it */
};

/* Has the memory fetched that the batch's SAs lie in. */
void in_esp_fetch(struct worker *w);
/* All that can be said of p before its cipher has run; fills in its job. */
enum drop in_esp_begin(struct worker *w, struct in_pending *p);
/* Opened in place: p->in is the GRE packet, the inner IP packet, or what transport mode carried. */
enum drop in_esp_end(struct worker *w, struct in_pending *p, struct esp_in *out);

#endif
