/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>

#include "ring.h"

static bool
is_awake(const struct ring *r)
{
	struct pollfd p = {.fd = r->wake_fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void
records_come_out_in_order(void **state)
{
	uint32_t sent = 0, heard = 0, kind;
	uint8_t tail[500] = {0};
	const uint8_t *rec;
	struct ring r;
	size_t len;

	(void)state;
	ring_init(&r, 8192);
	while (heard < 10000) {
		while (ring_push(&r, sent % 7, &sent, sizeof(sent), tail, sent % sizeof(tail)))
			sent++;
		while ((rec = ring_peek(&r, &kind, &len)) != NULL) {
			assert_memory_equal(rec, &heard, sizeof(heard));
			assert_int_equal(kind, heard % 7);
			assert_int_equal(len, sizeof(heard) + heard % sizeof(tail));
			ring_pop(&r);
			heard++;
		}
		assert_int_equal(heard, sent);
	}
	ring_close(&r);
}

/* A reader that takes a few records and leaves the rest is woken for them. */
static void
who_leaves_something_is_woken(void **state)
{
	struct ring r;
	uint32_t kind;
	size_t len;

	(void)state;
	ring_init(&r, 8192);
	assert_true(ring_push(&r, 1, "one", 3, NULL, 0));
	assert_true(ring_push(&r, 2, "two", 3, NULL, 0));
	ring_wake(&r);
	assert_true(is_awake(&r));
	ring_rest(&r);
	assert_false(is_awake(&r));
	assert_non_null(ring_peek(&r, &kind, &len));
	ring_pop(&r);
	ring_again(&r);
	assert_true(is_awake(&r));
	ring_rest(&r);
	assert_non_null(ring_peek(&r, &kind, &len));
	assert_int_equal(kind, 2);
	ring_pop(&r);
	assert_null(ring_peek(&r, &kind, &len));
	assert_false(is_awake(&r));
	ring_close(&r);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static uint8_t big[RING_RECORD_MAX + 1];
	struct ring r;

	(void)state;
	ring_init(&r, 128 * 1024);
	assert_false(ring_push(&r, 1, big, sizeof(big), NULL, 0));
	assert_true(ring_push(&r, 1, big, RING_RECORD_MAX, NULL, 0));
	ring_close(&r);
}

/* The highest place that this many records took, in flocks that the reader takes whole. */
static size_t
reach(struct ring *r, unsigned int records, unsigned int flock, size_t record_len)
{
	static const uint8_t bytes[RING_RECORD_MAX];
	size_t highest = 0, at, len;
	unsigned int i, k;
	const uint8_t *rec;
	uint32_t kind;

	for (i = 0; i < records; i += flock) {
		for (k = 0; k < flock; k++)
			assert_true(ring_push(r, k, bytes, record_len, NULL, 0));
		for (k = 0; k < flock; k++) {
			rec = ring_peek(r, &kind, &len);
			assert_non_null(rec);
			assert_int_equal(kind, k);
			assert_int_equal(len, record_len);
			at = (size_t)(rec - r->mem) + len;
			highest = at > highest ? at : highest;
			ring_pop(r);
		}
		assert_null(ring_peek(r, &kind, &len));
	}
	return highest;
}

/* Many times its size passes, and little of its memory is touched. */
static void
a_reader_that_keeps_up_keeps_it_small(void **state)
{
	struct ring r;

	(void)state;
	ring_init(&r, 1u << 20);
	assert_in_range(reach(&r, 100000, 1, 112), 1, 128);
	assert_in_range(reach(&r, 100000, 10, 112), 9 * 128, 10 * 128);
	assert_in_range(reach(&r, 100, 1, RING_RECORD_MAX), RING_RECORD_MAX, RING_RECORD_MAX + 16);
	/* Who lags has all of it. */
	assert_in_range(reach(&r, 10000, 1000, 1000), 999 * 1008, 1u << 20);
	ring_close(&r);
}

#define TOLD_BY_A_THREAD 200000u

static void *
tell_all(void *arg)
{
	static const uint8_t tail[900];
	struct ring *r = arg;
	uint32_t i;

	for (i = 0; i < TOLD_BY_A_THREAD;)
		if (ring_push(r, 1, &i, sizeof(i), tail, i * 7 % sizeof(tail)))
			i++;
	return NULL;
}

/* At times it is empty, and begins anew, at times full. */
static void
two_threads_share_it(void **state)
{
	const uint8_t *rec;
	uint32_t i, kind;
	pthread_t writer;
	struct ring r;
	size_t len;

	(void)state;
	ring_init(&r, 4096);
	assert_int_equal(pthread_create(&writer, NULL, tell_all, &r), 0);
	for (i = 0; i < TOLD_BY_A_THREAD;) {
		rec = ring_peek(&r, &kind, &len);
		if (rec == NULL)
			continue;
		assert_memory_equal(rec, &i, sizeof(i));
		assert_int_equal(len, sizeof(i) + i * 7 % 900);
		ring_pop(&r);
		i++;
	}
	pthread_join(writer, NULL);
	assert_null(ring_peek(&r, &kind, &len));
	ring_close(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_out_in_order),
		cmocka_unit_test(who_leaves_something_is_woken),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(a_reader_that_keeps_up_keeps_it_small),
		cmocka_unit_test(two_threads_share_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
