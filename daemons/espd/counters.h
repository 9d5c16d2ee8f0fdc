/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the forwarder counts.  Each thread has its own struct counters and
 * writes no other; a show command adds them up.
 */
#ifndef CULVERT_COUNTERS_H
#define CULVERT_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#include "drops.h"
#include "shared.h"

/* Of the batches themselves: calls of the kernel, and what one of them moved. */
#define WORK_COUNTERS(X)								\
	X(waits) X(wakes)								\
	X(tun_reads) X(tun_read_packets) X(tun_read_segments)				\
	X(tun_writes) X(tun_written_segments)						\
	X(wire_receives) X(wire_received_runs) X(wire_received_packets)			\
	X(wire_sends) X(wire_sent_runs) X(wire_sent_packets)				\
	X(handed_over) X(hairpins)							\
	/* while `debug crypto engine profile` is on (profile.h) */			\
	X(cycles_read) X(cycles_forward) X(cycles_seal) X(cycles_send)			\
	X(cycles_receive) X(cycles_open) X(cycles_write)				\
	X(profiled_sent) X(profiled_received)

struct work {
#define X(name) uint64_t name;
	WORK_COUNTERS(X)
#undef X
};

struct counters {
	struct work work;
	struct {
		uint64_t packets, octets;
	} drop[DROP_COUNT];
};

static inline void
count_drop(struct counters *c, enum drop why, size_t octets)
{
	stat_add(&c->drop[why].packets, 1);
	stat_add(&c->drop[why].octets, octets);
}

#endif
