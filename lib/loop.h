/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event loop: descriptors, timers, signals.
 *
 * Our own and small, because tests own the clock: in a loop made with
 * loop_new_test() time stands still until loop_advance() moves it, and then an
 * hour of rekeys runs in a millisecond.  libevent cannot be told the time.
 *
 * Watches and timers are members of what they serve: they are never allocated
 * here, their owner is found with container_of, and they must be stopped
 * before their owner is freed.  One loop serves one thread.
 */
#ifndef CULVERT_LOOP_H
#define CULVERT_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mono.h"

#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 };

struct watch {
	void (*run)(struct watch *w, unsigned int events);	/* LOOP_* bits */
	struct loop *loop;	/* NULL while stopped */
	int fd;			/* borrowed: closing it is the owner's business */
	unsigned int want;
};

struct timer {
	void (*run)(struct timer *t);
	struct loop *loop;	/* NULL while not armed */
	mono_t due;
	size_t heap_at;		/* private */
};

struct loop *loop_new(void);			/* real clock; NULL and errno on failure */
struct loop *loop_new_test(mono_t start);	/* the test's clock */
void loop_free(struct loop *l);			/* NULL is fine */

mono_t loop_now(const struct loop *l);		/* steady within one round of callbacks */

/* 0, or -1 with errno.  `want` is LOOP_READ | LOOP_WRITE; hangups are always told. */
int watch_start(struct watch *w, struct loop *l, int fd, unsigned int want);
void watch_want(struct watch *w, unsigned int want);
void watch_stop(struct watch *w);		/* a stopped watch is fine */

void timer_at(struct timer *t, struct loop *l, mono_t due);	/* re-arms an armed timer */
void timer_in(struct timer *t, struct loop *l, mono_t delay);
/*
 * The same, but up to `grain` sooner: those of thousands come due together then, and
 * what they do is done in one round.
 */
void timer_near(struct timer *t, struct loop *l, mono_t delay, mono_t grain);
void timer_stop(struct timer *t);		/* an unarmed timer is fine */
bool timer_armed(const struct timer *t);

/* Block `signo` and deliver it as a callback in the loop. */
int loop_on_signal(struct loop *l, int signo, void (*run)(struct loop *l, int signo));

int loop_run(struct loop *l);			/* until loop_stop(), also one before it; its status */
int loop_once(struct loop *l, int timeout_ms);	/* one round; <0 waits for the next timer */
void loop_stop(struct loop *l, int status);

/* Test loops only: move the clock by `by`, running each timer at its own time. */
void loop_advance(struct loop *l, mono_t by);

#endif
