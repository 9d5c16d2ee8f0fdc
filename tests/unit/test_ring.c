/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <string.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_out_in_order),
		cmocka_unit_test(who_leaves_something_is_woken),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
