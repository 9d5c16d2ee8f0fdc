/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Super-packets, the other way: received packets of one flow are joined here
 * and cross to the kernel as one, for what costs there is the crossing.
 *
 * A run is what one TCP or UDP flow sent in one batch and what segment_cut(),
 * or the kernel, would make again of the super-packet, byte for byte: equal
 * sizes but for the last, equal headers, contiguous numbers, and checksums that
 * were right as they came.  Only the IPv4 identification of packets with DF,
 * which means nothing (RFC 6864 4.1), may come out otherwise.  What does not fit
 * ends its flow's run and follows it, so that a flow keeps its order.
 *
 * Nothing is copied: the packets lie where they were received until the flush,
 * and only the first one's headers are rewritten.
 */
#ifndef CULVERT_JOIN_H
#define CULVERT_JOIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "inner.h"
#include "segment.h"

#define JOIN_RUNS 16		/* flows that are joined at a time */
#define JOIN_PIECES 64		/* the kernel takes no more of UDP */

/* One write: a packet as it came, or a super-packet. */
struct join_out {
	void *to;
	struct vnet vnet;
	struct iovec *iov;	/* the first is the taker's, for the virtio-net header */
	unsigned int iovs;
	unsigned int packets;
	size_t bytes;		/* of the packets as they came */
};

typedef void join_put(void *arg, const struct join_out *out);

struct join_run {
	void *to;
	struct inner in;	/* of the first packet */
	size_t header, size;	/* of a piece: IP and transport headers, payload */
	size_t len, bytes;	/* of the super-packet; of the packets that make it */
	unsigned int pieces;	/* 0: free */
	bool push, checked;	/* checked: the first packet's checksums, which may be the only one */
	struct iovec iov[1 + JOIN_PIECES];
};

struct join {
	join_put *put;
	void *arg;
	unsigned int oldest;		/* whose turn it is to make room */
	struct join_run *recent;	/* what the last packet was put into */
	uint64_t flow[JOIN_RUNS];	/* hashes */
	struct join_run run[JOIN_RUNS];
};

void join_init(struct join *j, join_put *put, void *arg);
/* A packet for `to`, which takes UDP super-packets or not (uso). */
void join_add(struct join *j, void *to, const struct inner *in, bool uso);
void join_flush(struct join *j);

#endif
