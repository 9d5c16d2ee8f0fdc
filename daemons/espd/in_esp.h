/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ESP packet from the wire: which SA, is it good, and is it what the SA is for. */
#ifndef CULVERT_IN_ESP_H
#define CULVERT_IN_ESP_H

#include "worker.h"

struct esp_in {
	struct peer *peer;
	struct crypto_map *map;		/* whose SA it was; NULL: a tunnel's */
	bool is_gre;			/* else an IP packet of a VTI or a crypto map */
	uint8_t transport;		/* protocol of what the map's SA carried in transport mode, if not GRE; 0: none */
	struct addr local, remote;	/* of the GRE delivery header, real or implied */
};

/* Opens `in` in place: afterwards it holds the GRE packet, the inner IP packet, or what transport mode carried. */
enum drop in_esp(struct worker *w, struct wire_in *in, struct esp_in *out);

#endif
