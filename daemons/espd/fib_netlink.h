/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The netlink side of the FIB mirror: what the kernel says, as struct
 * fib_news; dumps; and the two questions we ask of it.  Plain rtnetlink: a
 * route per message, a dozen attributes, no cache in between.
 *
 * It knows nothing of the mirror: its owner sets the three functions before
 * fib_netlink_open(), and hears by them.  The control thread's, but for
 * `generation`.
 */
#ifndef CULVERT_FIB_NETLINK_H
#define CULVERT_FIB_NETLINK_H

#include "addr.h"
#include "loop.h"

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

struct fib_netlink {
	void (*news)(struct fib_netlink *k, const struct fib_news *n);
	void (*dump_done)(struct fib_netlink *k);	/* what was not told in this round is gone */
	void (*changed)(struct fib_netlink *k);		/* some route or link anywhere changed */
	struct loop *loop;
	int fd, ask_fd;
	struct watch watch;
	struct timer dump_due;
	uint32_t generation;		/* another whenever routing may be (stat_get: workers look) */
	uint32_t round;			/* another with each dump */
	uint32_t dump_seq;
	uint8_t dump_family;		/* 0: none runs */
	bool dump_again;
};

/* All there is comes first, by a dump.  False: there is no netlink. */
bool fib_netlink_open(struct fib_netlink *k, struct loop *l);
void fib_netlink_close(struct fib_netlink *k);
void fib_netlink_dump(struct fib_netlink *k);	/* soon, once for all who ask meanwhile */

/* The ifindex of the device that would carry a packet from local (may be unset) to remote; 0: none. */
int fib_netlink_output_device(struct fib_netlink *k, const struct addr *local,
    const struct addr *remote);
bool fib_netlink_delete_device(struct fib_netlink *k, int ifindex);

#endif
