/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's table of IPv4 neighbours (RTM_GETNEIGH): what IOS calls the ARP table. */
#ifndef CULVERT_KERNEL_ARP_H
#define CULVERT_KERNEL_ARP_H

#include "kernel.h"

struct kernel_arp {
	int index;			/* of the link */
	struct addr addr;
	bool complete, fixed;		/* mac is known; it was given by hand */
	uint8_t mac[6];
	uint32_t age_s;			/* since it was confirmed or changed */
};

/* Each neighbour that was asked for by ARP, or given by hand.  NULL or a sentence. */
const char *kernel_arp_each(struct kernel *k, void (*take)(void *arg, const struct kernel_arp *a),
    void *arg);

#endif
