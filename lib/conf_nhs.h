/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next hop servers of a tunnel, as a part of the running-config (conf.h). */
#ifndef CULVERT_CONF_NHS_H
#define CULVERT_CONF_NHS_H

#include <stdbool.h>
#include <stdint.h>

#include "addr.h"

#define CONF_NHS_CLUSTERS 11	/* 0 to 10 */

struct conf_nhs {		/* ip nhrp nhs A [nbma B] [multicast] [priority P] [cluster C] */
	struct addr nhs;
	struct addr nbma;	/* unset: by the static map */
	bool multicast;
	uint8_t priority;
	uint8_t cluster;
	struct conf_nhs *prev, *next;
};

struct conf_nhs_cluster {	/* ip nhrp nhs cluster C max-connections M */
	bool limited;		/* max_connections counts */
	uint8_t max_connections;
};

#endif
