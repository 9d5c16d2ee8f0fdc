/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many packets each line of a crypto map's access list decided: what
 * `show access-lists` prints as matches.
 *
 * Counted is what is about to leave by the map's interface, by the first line
 * that matches, permit or deny; each packet of a super-packet is one.  Packets
 * that no line protects are handed to espd only where the map's prefixes cover
 * them, so a deny line counts what it exempts from the permits of its map.
 *
 * A line is known by its list and its number: two maps with the same list count
 * together, as on IOS.  The control thread owns the entries.  Whoever refers to
 * one holds it (a map's line, a struct classify), and the last to let go ends
 * it.  Each worker writes a cache line of its own.
 */
#ifndef CULVERT_ACL_COUNT_H
#define CULVERT_ACL_COUNT_H

#include <stdint.h>
#include <uthash.h>

#include "shared.h"
#include "tunnel.h"

struct acl_count_key {		/* compares as memory */
	char acl[64];
	uint32_t line;
};

struct acl_count_part {
	_Alignas(64) uint64_t packets;
};

struct acl_count {
	struct acl_count_part worker[WORKERS_MAX];
	struct acl_count_key key;
	uint64_t cleared;		/* what they had counted then */
	unsigned int holders;
	struct acl_count **all;
	UT_hash_handle hh;
};

/* The entry of a line, made if it is not there, and held; an empty name: NULL. */
struct acl_count *acl_count_get(struct acl_count **all, const char *acl, uint32_t line);
void acl_count_hold(struct acl_count *n);		/* NULL is nothing */
void acl_count_let_go(struct acl_count *n);		/* NULL is nothing */
uint64_t acl_count_packets(const struct acl_count *n);	/* since it was cleared */
void acl_count_clear(struct acl_count *all, const char *acl);	/* of one list; empty: of all */

/* A worker's; NULL is nothing. */
static inline void
acl_count_add(struct acl_count *n, unsigned int worker, uint64_t packets)
{
	if (n != NULL)
		stat_add(&n->worker[worker].packets, packets);
}

#endif
