/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "buf.h"

static void
test_reads_big_endian(void **state)
{
	const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct rbuf r;

	(void)state;
	rbuf_init(&r, bytes, sizeof(bytes));
	assert_int_equal(rbuf_u8(&r), 1);
	assert_int_equal(rbuf_be16(&r), 0x0203);
	assert_int_equal(rbuf_be32(&r), 0x04050607);
	assert_true(rbuf_be64(&r) == 0x08090a0b0c0d0e0full);
	assert_true(rbuf_done(&r));
}

/* The first short read spoils all that follow, although one byte is left. */
static void
test_short_read_is_sticky(void **state)
{
	const uint8_t bytes[] = {1, 2, 3};
	uint8_t copy[2] = {9, 9};
	struct rbuf r;

	(void)state;
	rbuf_init(&r, bytes, sizeof(bytes));
	assert_int_equal(rbuf_be32(&r), 0);
	assert_true(r.bad);
	assert_int_equal(rbuf_u8(&r), 0);
	rbuf_copy(&r, copy, sizeof(copy));
	assert_int_equal(copy[0] | copy[1], 0);
	assert_int_equal(rbuf_left(&r), 0);	/* who reads while something is left must end */
	assert_int_equal(rbuf_rest(&r).len, 0);
	assert_false(rbuf_done(&r));
}

static void
test_reader_inside_a_reader(void **state)
{
	const uint8_t bytes[] = {1, 2, 3, 4};
	struct rbuf r, sub;

	(void)state;
	rbuf_init(&r, bytes, sizeof(bytes));
	sub = rbuf_sub(&r, 3);
	assert_int_equal(rbuf_be16(&sub), 0x0102);
	assert_int_equal(rbuf_be16(&sub), 0);
	assert_true(sub.bad);
	assert_false(r.bad);
	assert_int_equal(rbuf_u8(&r), 4);
	sub = rbuf_sub(&r, 1);
	assert_true(sub.bad);
	assert_true(r.bad);
}

static void
test_lengths_near_the_end_of_memory(void **state)
{
	const uint8_t bytes[] = {1, 2};
	struct rbuf r;

	(void)state;
	rbuf_init(&r, bytes, sizeof(bytes));
	assert_null(rbuf_take(&r, SIZE_MAX));
	assert_true(r.bad);
}

static void
test_writes_what_is_read(void **state)
{
	uint8_t bytes[32];
	struct wbuf w;
	struct rbuf r;

	(void)state;
	wbuf_init(&w, bytes, sizeof(bytes));
	wbuf_be16(&w, 0);
	wbuf_u8(&w, 7);
	wbuf_be32(&w, 0xdeadbeef);
	wbuf_be64(&w, 0x0123456789abcdefull);
	wbuf_zero(&w, 2);
	wbuf_be16_at(&w, 0, (uint16_t)wbuf_len(&w));
	assert_false(w.bad);
	rbuf_init(&r, bytes, wbuf_len(&w));
	assert_int_equal(rbuf_be16(&r), 17);
	assert_int_equal(rbuf_u8(&r), 7);
	assert_true(rbuf_be32(&r) == 0xdeadbeef);
	assert_true(rbuf_be64(&r) == 0x0123456789abcdefull);
	assert_int_equal(rbuf_be16(&r), 0);
	assert_true(rbuf_done(&r));
}

/* What does not fit is not written in part, and nothing behind the end is touched. */
static void
test_overflow_is_sticky(void **state)
{
	uint8_t bytes[4] = {0xaa, 0xaa, 0xaa, 0xaa};
	struct wbuf w;

	(void)state;
	wbuf_init(&w, bytes, 3);
	wbuf_be16(&w, 0x0102);
	wbuf_be16(&w, 0x0304);
	assert_true(w.bad);
	wbuf_u8(&w, 5);
	assert_int_equal(wbuf_len(&w), 2);
	assert_int_equal(bytes[2], 0xaa);
	assert_int_equal(bytes[3], 0xaa);
}

static void
test_fill_in_before_the_start_of_writing(void **state)
{
	uint8_t bytes[8];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, bytes, sizeof(bytes));
	wbuf_u8(&w, 1);
	wbuf_be16_at(&w, 0, 5);
	assert_true(w.bad);
}

static void
test_text_grows(void **state)
{
	struct text t = {0};

	(void)state;
	assert_string_equal(text_str(&t), "");
	for (int i = 0; i < 1000; i++)
		text_add(&t, "%04d ", i);
	text_put(&t, "end", 3);
	assert_int_equal(t.len, 5003);
	assert_int_equal(strlen(text_str(&t)), 5003);
	assert_memory_equal(text_str(&t) + 4995, "0999 end", 8);
	text_add(&t, "%5000s", "x");
	assert_int_equal(t.len, 10003);
	text_free(&t);
	assert_null(t.s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_big_endian),
		cmocka_unit_test(test_short_read_is_sticky),
		cmocka_unit_test(test_reader_inside_a_reader),
		cmocka_unit_test(test_lengths_near_the_end_of_memory),
		cmocka_unit_test(test_writes_what_is_read),
		cmocka_unit_test(test_overflow_is_sticky),
		cmocka_unit_test(test_fill_in_before_the_start_of_writing),
		cmocka_unit_test(test_text_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
