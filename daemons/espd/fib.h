/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The FIB mirror: which next hop the kernel chose.
 *
 * A packet read from a TUN does not say it, so the kernel's routes through our
 * devices are mirrored here by netlink, and NHRP's shortcuts are laid over
 * them: the longest prefix wins, at equal length the shortcut.  Main table
 * only (vrf 0).  When notifications were lost (ENOBUFS), or the kernel is known
 * to drop routes without a word (a link went down, an address left), all is
 * read again and what was not seen goes.
 *
 * Workers search the tries of a tunnel; everything else is the control thread's.
 */
#ifndef CULVERT_FIB_H
#define CULVERT_FIB_H

#include "fib_netlink.h"
#include "ipc.h"
#include "tunnel.h"

#define FIB_HOPS 8

/* What a prefix leads to, as workers see it. */
struct fib_entry {
	uint8_t hops;
	bool shortcut;
	struct addr via[FIB_HOPS];	/* unset: on-link, the destination is the next hop */
};

struct fib_prefix;
struct local_addr;

struct fib {
	struct loop *loop;
	struct tunnels *tunnels;
	struct fib_prefix *prefixes;
	struct trie local4, local6;	/* our own addresses: the value is not NULL */
	struct fib_netlink kernel;
	void (*changed)(struct fib *f);	/* some route or link anywhere; NULL: nobody asks */
};

bool fib_open(struct fib *f, struct loop *l, struct tunnels *ts, void (*changed)(struct fib *f));
void fib_close(struct fib *f);

/* Workers: the next hop for dst through t.  `flow` chooses among equals. */
bool fib_lookup(const struct tunnel *t, const struct addr *dst, uint64_t flow,
    struct addr *next_hop);
bool fib_is_local(const struct fib *f, const struct addr *a);

/* Control thread. */
void fib_tunnel_added(struct fib *f, struct tunnel *t);
void fib_tunnel_removed(struct fib *f, struct tunnel *t);	/* before it is */
void fib_shortcut_set(struct fib *f, const struct ipc_shortcut *set);
void fib_shortcut_del(struct fib *f, const struct ipc_shortcut *which);
void fib_unname(struct fib *f);
void fib_sweep(struct fib *f);

/* Which device would carry a packet from local to remote: its ifindex, or 0 when there is no way. */
int fib_output_device(struct fib *f, const struct addr *local, const struct addr *remote);
bool fib_delete_device(struct fib *f, int ifindex);

#endif
