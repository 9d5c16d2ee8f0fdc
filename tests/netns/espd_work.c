/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a packet costs in calls of the kernel, allocations and locks.
 *
 * The worker runs in this process (tests/bench/solo.h), whose own functions
 * stand before the library's: every call that could reach the kernel, the heap
 * or a lock is counted here, whatever the forwarder itself believes.
 */
#define _GNU_SOURCE 1
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "algs.h"
#include "../bench/solo.h"

#define SUPERS 200
#define SEGMENTS 40
#define BYTES 1300

static bool counting;
static unsigned long syscalls, allocations, locks;

static void *
real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (f == NULL)
		abort();
	return f;
}

/* A function of the same name and type that counts, then calls the library's. */
#define BEFORE(counter, type, name, params, args)				\
	type name params;							\
	type name params							\
	{									\
		static type (*f) params;					\
										\
		if (f == NULL)							\
			f = (type (*) params)(uintptr_t)real(#name);		\
		counter += counting;						\
		return f args;							\
	}

BEFORE(syscalls, ssize_t, read, (int fd, void *p, size_t n), (fd, p, n))
BEFORE(syscalls, ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n))
BEFORE(syscalls, ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
BEFORE(syscalls, ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
BEFORE(syscalls, ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))
BEFORE(syscalls, int, sendmmsg, (int fd, struct mmsghdr *m, unsigned int n, int flags),
    (fd, m, n, flags))
BEFORE(syscalls, int, recvmmsg, (int fd, struct mmsghdr *m, unsigned int n, int flags,
    struct timespec *t), (fd, m, n, flags, t))
BEFORE(syscalls, int, epoll_wait, (int fd, struct epoll_event *e, int n, int t), (fd, e, n, t))
BEFORE(locks, int, pthread_mutex_lock, (pthread_mutex_t *m), (m))
BEFORE(locks, int, pthread_rwlock_rdlock, (pthread_rwlock_t *l), (l))
BEFORE(locks, int, pthread_rwlock_wrlock, (pthread_rwlock_t *l), (l))
BEFORE(locks, int, pthread_spin_lock, (pthread_spinlock_t *l), (l))

/* The heap by the linker's --wrap for us, and by hooks for OpenSSL: dlsym() itself allocates. */
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t each);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t each);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);

void *
__wrap_malloc(size_t n)
{
	allocations += counting;
	return __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t each)
{
	allocations += counting;
	return __real_calloc(n, each);
}

void *
__wrap_realloc(void *p, size_t n)
{
	allocations += counting;
	return __real_realloc(p, n);
}

void *
__wrap_aligned_alloc(size_t align, size_t n)
{
	allocations += counting;
	return __real_aligned_alloc(align, n);
}

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(n);
}

static void *
openssl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return realloc(p, n);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static struct solo s;

static void
run_supers(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		solo_fill_super(&s, 0, SEGMENTS, BYTES, 5000);
	counting = true;
	solo_run(&s, (uint64_t)n * SEGMENTS);
	counting = false;
}

/* A packet here goes both ways: out of the device and in again. */
static void
a_bulk_packet_costs_next_to_nothing(void **state)
{
	double packets = 2.0 * SUPERS * SEGMENTS;
	struct work w;

	(void)state;
	run_supers(10);
	syscalls = allocations = locks = 0;
	run_supers(SUPERS);
	print_message("%lu syscalls, %lu allocations, %lu locks for %.0f packets: %.3f syscalls each\n",
	    syscalls, allocations, locks, packets, (double)syscalls / packets);
	assert_int_equal(allocations, 0);
	assert_int_equal(locks, 0);
	assert_true((double)syscalls <= 0.04 * packets);
	assert_int_equal(s.sa[0]->kept->in_replay, 0);
	w = solo_work(&s);	/* a send takes 47 of these */
	assert_true(w.wire_sent_packets >= 40 * w.wire_sent_runs);
}

/* That the counting counts: or the test above could not fail. */
static void
the_counters_count(void **state)
{
	void *volatile p;	/* or the compiler would know better than to allocate */
	int pair[2];
	char c = 'x';

	(void)state;
	assert_int_equal(pipe(pair), 0);
	syscalls = allocations = locks = 0;
	counting = true;
	assert_int_equal(write(pair[1], &c, 1), 1);
	assert_int_equal(read(pair[0], &c, 1), 1);
	p = malloc(17);
	free(p);
	OPENSSL_free(OPENSSL_malloc(17));
	counting = false;
	assert_int_equal(syscalls, 2);
	assert_int_equal(allocations, 2);
	close(pair[0]);
	close(pair[1]);
}

int
main(void)
{
	const struct solo_plan plan = {.kind = TUNNEL_VTI, .peers = 1};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_counters_count),
		cmocka_unit_test(a_bulk_packet_costs_next_to_nothing),
	};

	if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
		return 1;
	return solo_run_tests(&s, &plan, tests);
}
