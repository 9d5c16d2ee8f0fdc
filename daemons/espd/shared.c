/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shared.h"

#include <stdlib.h>
#include <urcu-qsbr.h>

#include "log.h"

#if defined(__SANITIZE_THREAD__)
#define TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TSAN 1
#endif
#endif

#ifdef TSAN
void __tsan_acquire(void *);
void __tsan_release(void *);
static char gp;
#define tell_release() __tsan_release(&gp)
#define tell_acquire() __tsan_acquire(&gp)
#else
#define tell_release() ((void)0)
#define tell_acquire() ((void)0)
#endif

struct waiting {
	struct waiting *next;
	void (*free_fn)(void *);
	void *p;
};

static struct waiting *waiting;
static void drain_due(struct timer *t);
static struct timer drain_timer = {.run = drain_due};

void
shared_reader_start(void)
{
	rcu_register_thread();
}

void
shared_reader_sleep(void)
{
	tell_release();
	rcu_thread_offline();
}

void
shared_reader_wake(void)
{
	rcu_thread_online();
}

void
shared_reader_stop(void)
{
	tell_release();
	rcu_unregister_thread();
}

void
shared_wait(void)
{
	synchronize_rcu();
	tell_acquire();
}

void
shared_drain(void)
{
	struct waiting *w, *next;

	timer_stop(&drain_timer);
	if (waiting == NULL)
		return;
	shared_wait();
	w = waiting;
	waiting = NULL;
	for (; w != NULL; w = next) {
		next = w->next;
		w->free_fn(w->p);
		free(w);
	}
}

static void
drain_due(struct timer *t)
{
	(void)t;
	shared_drain();
}

/* Frees are gathered for a moment, so that a burst of changes waits for the workers once. */
void
shared_free_later(struct loop *l, void (*free_fn)(void *), void *p)
{
	struct waiting *w;

	if (p == NULL)
		return;
	w = malloc(sizeof(*w));
	if (w == NULL)
		log_fatal("out of memory");
	*w = (struct waiting){.next = waiting, .free_fn = free_fn, .p = p};
	waiting = w;
	if (!timer_armed(&drain_timer))
		timer_in(&drain_timer, l, mono_ms(5));
}
