/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <unistd.h>

#include "keep.h"

enum { SLOT = 200, SLOTS = 1000 };

static const char kind[8] = "test";

static struct keep *
open_kept(int fd, uint32_t version, bool *warm)
{
	struct keep *k = keep_open(fd, kind, version, SLOT, SLOTS, warm);

	assert_non_null(k);
	return k;
}

static void
test_outlives_its_daemon(void **state)
{
	int fd = keep_memfd("test");
	struct keep *k;
	bool warm;

	(void)state;
	k = open_kept(fd, 1, &warm);
	assert_false(warm);
	assert_int_equal(keep_next(k, 0), SLOTS);
	memset(keep_slot(k, 999), 'x', SLOT);
	keep_commit(k, 999);
	memset(keep_slot(k, 3), 'y', SLOT);
	keep_commit(k, 3);
	memcpy(keep_header_user(k), "cursor", 7);
	keep_close(k);

	k = open_kept(fd, 1, &warm);
	assert_true(warm);
	assert_int_equal(keep_slots(k), SLOTS);
	assert_int_equal(keep_next(k, 0), 3);
	assert_int_equal(keep_next(k, 4), 999);
	assert_int_equal(keep_next(k, 1000), SLOTS);
	assert_int_equal(((char *)keep_slot(k, 3))[SLOT - 1], 'y');
	assert_string_equal(keep_header_user(k), "cursor");
	keep_close(k);
	close(fd);
}

/* Death in the middle of a rewrite: the slot reads as free. */
static void
test_half_written_slot_is_free(void **state)
{
	int fd = keep_memfd("test");
	struct keep *k;
	bool warm;

	(void)state;
	k = open_kept(fd, 1, &warm);
	keep_commit(k, 5);
	keep_begin(k, 5);
	memset(keep_slot(k, 5), 'z', SLOT / 2);
	keep_close(k);
	k = open_kept(fd, 1, &warm);
	assert_false(keep_committed(k, 5));
	assert_int_equal(keep_next(k, 0), SLOTS);
	keep_close(k);
	close(fd);
}

static void
test_clear_wipes(void **state)
{
	static const uint8_t zero[SLOT];
	struct keep *k = keep_open_private(SLOT, SLOTS);

	(void)state;
	assert_non_null(k);
	memset(keep_slot(k, 7), 'k', SLOT);
	keep_commit(k, 7);
	keep_clear(k, 7);
	assert_false(keep_committed(k, 7));
	assert_memory_equal(keep_slot(k, 7), zero, SLOT);
	keep_close(k);
}

/* What another version or another daemon kept is not read as ours. */
static void
test_other_layout_starts_anew(void **state)
{
	int fd = keep_memfd("test");
	struct keep *k;
	bool warm;

	(void)state;
	k = open_kept(fd, 1, &warm);
	memset(keep_slot(k, 1), 'k', SLOT);
	keep_commit(k, 1);
	keep_close(k);
	k = open_kept(fd, 2, &warm);
	assert_false(warm);
	assert_false(keep_committed(k, 1));
	assert_int_equal(((char *)keep_slot(k, 1))[0], 0);
	keep_close(k);
	k = keep_open(fd, "another", 2, SLOT, SLOTS, &warm);
	assert_non_null(k);
	assert_false(warm);
	keep_close(k);
	close(fd);
}

static void
test_slots_are_aligned_and_apart(void **state)
{
	struct keep *k = keep_open_private(SLOT, SLOTS);

	(void)state;
	for (uint32_t i = 0; i < SLOTS; i++) {
		assert_int_equal((uintptr_t)keep_slot(k, i) % 64, 0);
		if (i != 0)
			assert_true((char *)keep_slot(k, i) - (char *)keep_slot(k, i - 1) >= SLOT);
	}
	keep_close(k);
}

/* A daemon gone mad cannot pull the memory from under the monitor's other users. */
static void
test_memfd_does_not_shrink(void **state)
{
	int fd = keep_memfd("test");
	bool warm;

	(void)state;
	keep_close(open_kept(fd, 1, &warm));
	assert_int_not_equal(ftruncate(fd, 0), 0);
	close(fd);
}

/* A small table in front and ours behind it: each is what it was, and a new shape of one ends those behind it. */
static void
test_tables_share_a_memfd(void **state)
{
	size_t at = keep_bytes(32, 7);
	int fd = keep_memfd("test");
	struct keep *front, *k;
	bool warm;

	(void)state;
	front = keep_open(fd, "front\0\0", 1, 32, 7, &warm);
	assert_false(warm);
	k = keep_open_at(fd, at, kind, 1, SLOT, SLOTS, &warm);
	assert_false(warm);
	memset(keep_slot(front, 6), 'x', 32);
	keep_commit(front, 6);
	memset(keep_slot(k, 0), 'y', SLOT);
	keep_commit(k, 0);
	keep_close(front);
	keep_close(k);

	front = keep_open(fd, "front\0\0", 1, 32, 7, &warm);
	assert_true(warm);
	assert_int_equal(((char *)keep_slot(front, 6))[31], 'x');
	k = keep_open_at(fd, at, kind, 1, SLOT, SLOTS, &warm);
	assert_true(warm);
	assert_int_equal(keep_next(k, 0), 0);
	assert_int_equal(((char *)keep_slot(k, 0))[SLOT - 1], 'y');
	keep_close(front);
	keep_close(k);

	front = keep_open(fd, "front\0\0", 2, 64, 7, &warm);
	assert_false(warm);
	k = keep_open_at(fd, keep_bytes(64, 7), kind, 1, SLOT, SLOTS, &warm);
	assert_false(warm);
	assert_int_equal(keep_next(k, 0), SLOTS);
	keep_close(front);
	keep_close(k);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outlives_its_daemon),
		cmocka_unit_test(test_tables_share_a_memfd),
		cmocka_unit_test(test_half_written_slot_is_free),
		cmocka_unit_test(test_clear_wipes),
		cmocka_unit_test(test_other_layout_starts_anew),
		cmocka_unit_test(test_slots_are_aligned_and_apart),
		cmocka_unit_test(test_memfd_does_not_shrink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
