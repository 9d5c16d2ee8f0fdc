/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An ESP packet from the wire: which SA, is it good, and is it what the SA is for. */
#ifndef CULVERT_IN_ESP_H
#define CULVERT_IN_ESP_H

#include "worker.h"

struct esp_in {
	struct peer *peer;
	bool is_gre;			/* else an IP packet of a VTI */
	struct addr local, remote;	/* of the GRE delivery header, real or implied */
};

/* Opens `in` in place: afterwards it holds the GRE packet or the inner IP packet. */
enum drop in_esp(struct worker *w, struct wire_in *in, struct esp_in *out);

#endif
