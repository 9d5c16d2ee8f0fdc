/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define EVENTS_A_ROUND 64
#define SIGNALS_MAX 65

/* Of an armed timer, with what it is sorted by: of thousands a look at each would miss the cache. */
struct place {
	int64_t due_us;
	uint64_t order;		/* equal deadlines run in the order they were set */
	struct timer *timer;
};

struct loop {
	int epfd;
	bool test;
	bool stopping;
	int status;
	mono_t now;
	struct place *heap;
	size_t heap_len, heap_room;
	uint64_t order;
	struct watch signals;
	sigset_t signal_set;
	void (*on_signal[SIGNALS_MAX])(struct loop *, int);
	/* The round being delivered: a callback may stop a watch that is still to come. */
	struct epoll_event round[EVENTS_A_ROUND];
	int round_at, round_len;
};

static struct loop *
loop_make(bool test, mono_t now)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->test = test;
	l->now = now;
	l->signals.fd = -1;
	sigemptyset(&l->signal_set);
	l->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (l->epfd < 0) {
		free(l);
		return NULL;
	}
	return l;
}

struct loop *
loop_new(void)
{
	return loop_make(false, mono_clock());
}

struct loop *
loop_new_test(mono_t start)
{
	return loop_make(true, start);
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	while (l->heap_len > 0)
		timer_stop(l->heap[0].timer);
	if (l->signals.fd >= 0)
		close(l->signals.fd);
	close(l->epfd);
	free(l->heap);
	free(l);
}

mono_t
loop_now(const struct loop *l)
{
	return l->now;
}

/* --- descriptors --- */

static uint32_t
epoll_bits(unsigned int want)
{
	return (want & LOOP_READ ? (uint32_t)EPOLLIN : 0) | (want & LOOP_WRITE ? (uint32_t)EPOLLOUT : 0);
}

int
watch_start(struct watch *w, struct loop *l, int fd, unsigned int want)
{
	struct epoll_event ev = {.events = epoll_bits(want), .data.ptr = w};

	watch_stop(w);
	if (epoll_ctl(l->epfd, EPOLL_CTL_ADD, fd, &ev) < 0)
		return -1;
	w->loop = l;
	w->fd = fd;
	w->want = want;
	return 0;
}

void
watch_want(struct watch *w, unsigned int want)
{
	struct epoll_event ev = {.events = epoll_bits(want), .data.ptr = w};

	if (w->loop == NULL || w->want == want)
		return;
	w->want = want;
	epoll_ctl(w->loop->epfd, EPOLL_CTL_MOD, w->fd, &ev);
}

void
watch_stop(struct watch *w)
{
	struct loop *l = w->loop;
	int i;

	if (l == NULL)
		return;
	epoll_ctl(l->epfd, EPOLL_CTL_DEL, w->fd, NULL);
	for (i = l->round_at; i < l->round_len; i++)
		if (l->round[i].data.ptr == w)
			l->round[i].data.ptr = NULL;
	w->loop = NULL;
}

/* --- timers: a heap by (due, order), of four branches, so that it is not deep --- */

enum { BRANCHES = 4 };

static bool
is_before(const struct place *a, const struct place *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->order < b->order;
}

static void
heap_set(struct loop *l, size_t at, struct place p)
{
	l->heap[at] = p;
	p.timer->heap_at = at;
}

static void
heap_up(struct loop *l, size_t at)
{
	struct place p = l->heap[at];

	while (at > 0 && is_before(&p, &l->heap[(at - 1) / BRANCHES])) {
		heap_set(l, at, l->heap[(at - 1) / BRANCHES]);
		at = (at - 1) / BRANCHES;
	}
	heap_set(l, at, p);
}

/* The first of its children to come due; heap_len or more: it has none. */
static size_t
first_child(const struct loop *l, size_t at)
{
	size_t child = BRANCHES * at + 1, end = child + BRANCHES, i;

	if (end > l->heap_len)
		end = l->heap_len;
	for (i = child + 1; i < end; i++)
		if (is_before(&l->heap[i], &l->heap[child]))
			child = i;
	return child;
}

static void
heap_down(struct loop *l, size_t at)
{
	struct place p = l->heap[at];
	size_t child;

	while ((child = first_child(l, at)) < l->heap_len && is_before(&l->heap[child], &p)) {
		heap_set(l, at, l->heap[child]);
		at = child;
	}
	heap_set(l, at, p);
}

void
timer_at(struct timer *t, struct loop *l, mono_t due)
{
	timer_stop(t);
	if (l->heap_len == l->heap_room) {
		size_t room = l->heap_room == 0 ? 64 : 2 * l->heap_room;
		struct place *heap = realloc(l->heap, room * sizeof(*heap));

		if (heap == NULL)
			abort();
		l->heap = heap;
		l->heap_room = room;
	}
	t->loop = l;
	t->due = due;
	l->heap[l->heap_len] = (struct place){due.us, l->order++, t};
	heap_up(l, l->heap_len++);
}

void
timer_in(struct timer *t, struct loop *l, mono_t delay)
{
	timer_at(t, l, mono_add(l->now, delay));
}

void
timer_near(struct timer *t, struct loop *l, mono_t delay, mono_t grain)
{
	mono_t due = mono_add(l->now, delay);

	timer_at(t, l, mono_us(due.us - due.us % grain.us));
}

void
timer_stop(struct timer *t)
{
	struct loop *l = t->loop;
	size_t at = t->heap_at;
	struct place last;

	if (l == NULL)
		return;
	t->loop = NULL;
	last = l->heap[--l->heap_len];
	if (last.timer == t)
		return;
	heap_set(l, at, last);
	heap_down(l, at);
	heap_up(l, last.timer->heap_at);
}

bool
timer_armed(const struct timer *t)
{
	return t->loop != NULL;
}

static void
run_due_timers(struct loop *l)
{
	/* Timers that a callback sets for "now" wait for the next round, or a
	 * zero delay would starve the descriptors. */
	uint64_t before = l->order;

	while (l->heap_len > 0 && l->heap[0].due_us <= l->now.us && l->heap[0].order < before) {
		struct timer *t = l->heap[0].timer;

		timer_stop(t);
		t->run(t);
	}
}

/* --- signals --- */

static void
signals_ready(struct watch *w, unsigned int events)
{
	struct loop *l = container_of(w, struct loop, signals);
	struct signalfd_siginfo si;

	(void)events;
	while (read(w->fd, &si, sizeof(si)) == (ssize_t)sizeof(si))
		if (si.ssi_signo < SIGNALS_MAX && l->on_signal[si.ssi_signo] != NULL)
			l->on_signal[si.ssi_signo](l, (int)si.ssi_signo);
}

int
loop_on_signal(struct loop *l, int signo, void (*run)(struct loop *l, int signo))
{
	int fd;

	sigaddset(&l->signal_set, signo);
	if (sigprocmask(SIG_BLOCK, &l->signal_set, NULL) < 0)
		return -1;
	fd = signalfd(l->signals.fd, &l->signal_set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return -1;
	l->on_signal[signo] = run;
	if (l->signals.loop != NULL)
		return 0;
	l->signals.run = signals_ready;
	l->signals.fd = fd;
	return watch_start(&l->signals, l, fd, LOOP_READ);
}

/* --- running --- */

static int
wait_ms(const struct loop *l, int timeout_ms)
{
	int64_t us;

	if (l->test)
		return 0;
	if (l->heap_len == 0)
		return timeout_ms;
	us = l->heap[0].due_us - mono_clock().us;
	us = us < 0 ? 0 : us > 3600000000 ? 3600000000 : us;
	if (timeout_ms >= 0 && timeout_ms < (us + 999) / 1000)
		return timeout_ms;
	return (int)((us + 999) / 1000);
}

int
loop_once(struct loop *l, int timeout_ms)
{
	int n = epoll_wait(l->epfd, l->round, EVENTS_A_ROUND, wait_ms(l, timeout_ms));

	if (n < 0 && errno != EINTR)
		return -1;
	if (!l->test)
		l->now = mono_clock();
	l->round_len = n < 0 ? 0 : n;
	for (l->round_at = 0; l->round_at < l->round_len;) {
		struct epoll_event *ev = &l->round[l->round_at++];
		struct watch *w = ev->data.ptr;
		unsigned int events = (ev->events & EPOLLIN ? (unsigned int)LOOP_READ : 0) |
		    (ev->events & EPOLLOUT ? (unsigned int)LOOP_WRITE : 0) |
		    (ev->events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP) ? (unsigned int)LOOP_HANGUP : 0);

		if (w != NULL)
			w->run(w, events);
	}
	l->round_at = l->round_len = 0;
	run_due_timers(l);
	return n < 0 ? 0 : n;
}

int
loop_run(struct loop *l)
{
	while (!l->stopping)
		if (loop_once(l, -1) < 0)
			return -1;
	l->stopping = false;
	return l->status;
}

void
loop_stop(struct loop *l, int status)
{
	l->stopping = true;
	l->status = status;
}

void
loop_advance(struct loop *l, mono_t by)
{
	mono_t end = mono_add(l->now, by);

	while (l->heap_len > 0 && l->heap[0].due_us <= end.us) {
		if (l->now.us < l->heap[0].due_us)
			l->now = mono_us(l->heap[0].due_us);
		run_due_timers(l);
	}
	l->now = end;
}
