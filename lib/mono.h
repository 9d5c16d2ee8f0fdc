/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monotonic time as a type of its own, so that seconds, microseconds and wall
 * time cannot be mixed.  The clock is CLOCK_BOOTTIME: it is the same for every
 * process until the machine reboots, which lets kept state carry deadlines
 * across the restart of a daemon.
 */
#ifndef CULVERT_MONO_H
#define CULVERT_MONO_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	int64_t us;
} mono_t;

static inline mono_t mono_us(int64_t us) { return (mono_t){us}; }
static inline mono_t mono_ms(int64_t ms) { return (mono_t){ms * 1000}; }
static inline mono_t mono_s(int64_t s) { return (mono_t){s * 1000000}; }
static inline mono_t mono_add(mono_t a, mono_t b) { return (mono_t){a.us + b.us}; }
static inline mono_t mono_sub(mono_t a, mono_t b) { return (mono_t){a.us - b.us}; }
static inline bool mono_before(mono_t a, mono_t b) { return a.us < b.us; }
static inline int64_t mono_in_s(mono_t a) { return a.us / 1000000; }
static inline int64_t mono_in_us(mono_t a) { return a.us; }

mono_t mono_clock(void);		/* the real clock; daemons ask their loop instead */

/* IOS's way to print an age: 00:00:32, 6d12h, 3w5d, 1y20w. */
#define UPTIME_STRLEN 32
char *uptime_str(mono_t age, char buf[UPTIME_STRLEN]);

#endif
