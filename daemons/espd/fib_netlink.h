/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The netlink side of the FIB mirror: what the kernel says, as struct
 * fib_news; dumps; and the two questions we ask of it.  Plain rtnetlink: a
 * route per message, a dozen attributes, no cache in between.
 */
#ifndef CULVERT_FIB_NETLINK_H
#define CULVERT_FIB_NETLINK_H

#include "fib.h"

/* One route of the main table, or one of our own addresses. */
struct fib_news {
	bool gone, local;
	bool replaces;		/* any other route of this prefix and metric */
	struct prefix prefix;
	uint32_t metric;
	uint8_t hops;
	struct fib_hop {
		int ifindex;
		struct addr via;
	} hop[32];
};

bool fib_netlink_open(struct fib *f);
void fib_netlink_close(struct fib *f);

/* Called from there. */
void fib_news(struct fib *f, const struct fib_news *n);
void fib_dump_done(struct fib *f);

#endif
