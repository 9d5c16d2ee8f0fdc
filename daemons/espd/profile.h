/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a worker's time goes: cycles by stage while `debug crypto engine
 * profile` is on.
 *
 * A worker is in one stage at a time; entering another books what has passed on
 * the one that is left.  It is looked at once a turn whether it is on, and a
 * change of stage, which is at most one for each call of the kernel and each
 * batch, costs a branch when it is not.  What no other stage has is
 * PROFILE_FORWARD: look-ups, headers, cutting and joining.
 */
#ifndef CULVERT_PROFILE_H
#define CULVERT_PROFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "counters.h"

/* X(id, counter): the stages */
#define PROFILE_STAGES(X)						\
	X(FORWARD, cycles_forward) X(READ, cycles_read)			\
	X(SEAL, cycles_seal) X(SEND, cycles_send)			\
	X(RECEIVE, cycles_receive) X(OPEN, cycles_open)			\
	X(WRITE, cycles_write)

enum profile_stage {
#define X(id, counter) PROFILE_##id,
	PROFILE_STAGES(X)
#undef X
	PROFILE_STAGE_COUNT
};

struct profile {
	bool on;
	enum profile_stage stage;
	uint64_t at;			/* when it was entered */
	uint64_t cycles[PROFILE_STAGE_COUNT];	/* of this turn */
	uint64_t sent, received;	/* packets before this turn */
};

/* Of the time stamp counter where there is one, else nanoseconds. */
static inline uint64_t
profile_clock(void)
{
#if defined(__x86_64__)
	return __builtin_ia32_rdtsc();
#else
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
#endif
}

void profile_switch(struct profile *p, enum profile_stage to);

/* Returns the stage that is left: enter that again afterwards. */
static inline enum profile_stage
profile_enter(struct profile *p, enum profile_stage to)
{
	enum profile_stage from = p->stage;

	if (__builtin_expect(p->on, 0))
		profile_switch(p, to);
	return from;
}

/* A worker's turn, from waking up to waiting; its sums go to `work`. */
void profile_begin(struct profile *p, const struct work *work);
void profile_end(struct profile *p, struct work *work);

#endif
