/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's links, addresses and routes, by netlink (libnl-route-3).
 *
 * What is there is read into plain arrays; what is to change is asked for one
 * thing at a time and answered at once.  An event of the kernel's makes the
 * arrays be read again, a moment later and together with the events around it: what the
 * callers do is compare the whole with what should be, never follow single steps.
 */
#ifndef CULVERT_KERNEL_H
#define CULVERT_KERNEL_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "loop.h"

struct kernel_link {
	int index;
	char name[IFNAMSIZ], kind[16];	/* kind: "veth", "tun", "bridge"; empty: hardware */
	unsigned int flags, mtu;	/* IFF_* */
	bool ethernet;
	uint8_t mac[6];
	uint64_t rx_packets, rx_bytes, rx_errors, rx_dropped, rx_multicast;
	uint64_t tx_packets, tx_bytes, tx_errors, tx_dropped;
};

struct kernel_addr {
	int index;
	struct prefix prefix;		/* with host bits */
	bool tentative, duplicate;	/* IPv6: not yet, or never, ours (RFC 4862 5.4) */
};

struct kernel_route {			/* one next hop each */
	struct prefix prefix;
	struct addr gateway;		/* unset: on the link */
	int index;			/* 0: none (blackhole) */
	uint8_t protocol, type;		/* RTPROT_*, RTN_* */
	uint32_t metric;
	bool linkdown;
};

#define KERNEL_HOPS_MAX 16

/* A route to install: type RTN_BLACKHOLE, or RTN_UNICAST with next hops. */
struct kernel_route_want {
	struct prefix prefix;
	bool blackhole;
	size_t hops;
	struct {
		struct addr gateway;
		int index;
		const void *from;	/* whatever the caller made it from */
	} hop[KERNEL_HOPS_MAX];
};

struct nl_sock;

struct kernel {
	struct loop *loop;
	struct nl_sock *ask, *events;
	struct watch watch;
	struct timer settle;
	void (*changed)(struct kernel *k);	/* the arrays were read anew after an event */
	struct kernel_link *link;
	struct kernel_addr *addr;
	struct kernel_route *route;	/* table main, of both IP versions */
	size_t links, addrs, routes;
	size_t link_room, addr_room, route_room;
};

/*
 * `changed` comes from the loop, once for changes that follow each other closely.  False:
 * netlink refuses.
 */
bool kernel_open(struct kernel *k, struct loop *l, void (*changed)(struct kernel *k));
void kernel_close(struct kernel *k);
const char *kernel_read(struct kernel *k);		/* all three; NULL or a sentence */
const char *kernel_read_links(struct kernel *k);	/* for counters */

const struct kernel_link *kernel_link(const struct kernel *k, const char *name);	/* NULL: none */
const struct kernel_link *kernel_link_at(const struct kernel *k, int index);
bool kernel_link_usable(const struct kernel_link *l);	/* up, with carrier; NULL: false */

/* Each NULL, or a sentence that says what the kernel has against it. What is so already is fine. */
const char *kernel_link_add(struct kernel *k, const char *name, const char *kind);
const char *kernel_link_del(struct kernel *k, const char *name);
const char *kernel_link_set_up(struct kernel *k, int index, bool up);
/* `alone`: nobody else can have it there, so an IPv6 address is not looked for on the link. */
const char *kernel_addr_add(struct kernel *k, int index, const struct prefix *p, bool alone);
const char *kernel_addr_del(struct kernel *k, int index, const struct prefix *p);
const char *kernel_route_set(struct kernel *k, const struct kernel_route_want *r);
const char *kernel_route_del(struct kernel *k, const struct prefix *p);

/* /proc/sys/NAME, a small number; -1 when it is not there. */
int kernel_sysctl_get(const char *name);
bool kernel_sysctl_set(const char *name, int value);

#endif
