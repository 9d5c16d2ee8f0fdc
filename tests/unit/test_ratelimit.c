/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ratelimit.h"

static void
test_burst_then_one_an_interval(void **state)
{
	struct ratelimit r = RATELIMIT(1000, 3);
	mono_t now = mono_s(50);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(ratelimit_take(&r, now));
	assert_false(ratelimit_take(&r, now));
	assert_false(ratelimit_take(&r, mono_add(now, mono_ms(999))));
	assert_int_equal(r.refused, 2);
	assert_true(ratelimit_take(&r, mono_add(now, mono_ms(1000))));
	assert_false(ratelimit_take(&r, mono_add(now, mono_ms(1001))));
}

/* A long silence fills the bucket, and no more than that. */
static void
test_silence_refills(void **state)
{
	struct ratelimit r = RATELIMIT(1000, 2);
	unsigned int passed = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		passed += ratelimit_take(&r, mono_s(1));
	for (int i = 0; i < 10; i++)
		passed += ratelimit_take(&r, mono_s(1000));
	assert_int_equal(passed, 4);
}

static void
test_rate_over_time(void **state)
{
	struct ratelimit r = RATELIMIT(100, 1);
	unsigned int passed = 0;

	(void)state;
	for (int ms = 0; ms < 10000; ms++)
		passed += ratelimit_take(&r, mono_add(mono_s(5), mono_ms(ms)));
	assert_int_equal(passed, 100);
	assert_int_equal(r.refused, 9900);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst_then_one_an_interval),
		cmocka_unit_test(test_silence_refills),
		cmocka_unit_test(test_rate_over_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
