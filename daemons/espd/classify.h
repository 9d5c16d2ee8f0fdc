/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a crypto map does with a packet: the lines of its access lists, compiled.
 *
 * A struct classify never changes.  The control thread makes a new one when a
 * line, a peer or an SA changes, and publishes it (shared.h).  Lines are tried
 * in order and the first that matches decides.  A line of a dynamic entry
 * matches, of what it covers, that for which SAs of its protection were
 * negotiated: such packets are found by a hash of the remote prefix for each
 * prefix length that occurs.  What a peer negotiated beyond the line is
 * somebody else's.
 *
 * Ports of fragments: a later fragment has none.  It matches a permit line by
 * addresses and protocol alone, and no deny line that names ports, as IOS
 * access lists have it.
 *
 * Each worker remembers what was decided for recent flows, so that most packets
 * cost one comparison.
 */
#ifndef CULVERT_CLASSIFY_H
#define CULVERT_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acl_count.h"
#include "addr.h"
#include "inner.h"

#define CLASSIFY_CACHE_BITS 12

/* As packets that leave have it. No byte is left unset: flows compare as memory. */
struct flow {
	struct addr src, dst;
	uint16_t src_port, dst_port;	/* host order */
	uint8_t proto;
	bool ports;			/* false: it has none, or they are in the first fragment */
	bool later_fragment;
	uint8_t pad;
};

struct classify_rule {
	bool permit, dynamic;
	uint8_t proto;			/* 0: any */
	struct prefix src, dst;
	uint16_t src_low, src_high, dst_low, dst_high;
	uint16_t protection;
	uint32_t peer_ref;		/* of a static line; 0: nobody yet */
	struct acl_count *count;	/* of the access list's line; NULL: it is of none */
};

/* What an SA of a dynamic protection was negotiated for. */
struct classify_selector {
	uint16_t protection;
	uint32_t peer_ref;
	uint8_t proto;			/* 0: any */
	struct prefix local, remote;
	uint16_t local_port, remote_port;	/* 0: any */
};

enum classify_as { CLASSIFY_NONE, CLASSIFY_DENY, CLASSIFY_PERMIT };

struct verdict {
	enum classify_as as;
	uint16_t protection;
	uint32_t peer_ref;		/* 0: nobody yet */
	struct acl_count *count;	/* of the line that decided, for the caller to add to; NULL: none */
};

struct classify;

/* Copies what it is given, and holds the lines' counts.  `generation` is of this one alone, and not 0. */
struct classify *classify_new(const struct classify_rule *rule, size_t rules,
    const struct classify_selector *selector, size_t selectors, uint32_t generation);
void classify_free(void *c);		/* NULL is nothing */

struct flow flow_of(const struct inner *in);
struct flow flow_back(const struct flow *f);	/* the same flow, in the other direction */
struct verdict classify(const struct classify *c, const struct flow *f);

struct classify_cache {
	struct {
		uint32_t generation;	/* 0: free */
		struct flow flow;
		struct verdict verdict;
	} entry[1u << CLASSIFY_CACHE_BITS];
};

struct verdict classify_cached(struct classify_cache *cache, const struct classify *c,
    const struct flow *f);

#endif
