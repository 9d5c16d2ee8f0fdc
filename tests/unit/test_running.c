/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "keep.h"
#include "owned.h"
#include "running.h"

static void
save(struct running *r, const char *conf)
{
	running_save(r, (const char *const[RUNNING_PARTS]){conf, "up wan0\n", "", ""});
}

static void
the_last_whole_text_is_found_again(void **state)
{
	const char *part[RUNNING_PARTS];
	struct running r = {0}, after = {0};
	int fd = keep_memfd("test");

	(void)state;
	assert_true(running_open(&r, fd));
	assert_false(running_load(&r, part));
	save(&r, "hostname a\n");
	save(&r, "hostname b\nand much more than before\n");
	save(&r, "hostname c\n");
	running_close(&r);
	assert_true(running_open(&after, fd));
	assert_true(running_load(&after, part));
	assert_string_equal(part[RUNNING_CONFIG], "hostname c\n");
	assert_string_equal(part[RUNNING_OWNED], "up wan0\n");
	assert_string_equal(part[RUNNING_ERRORS], "");
	running_close(&after);
	close(fd);
}

/* Death in the middle of a write: the slot is not committed, the other one is. */
static void
a_torn_write_leaves_the_one_before(void **state)
{
	const char *part[RUNNING_PARTS];
	struct running r = {0};
	uint32_t i;

	(void)state;
	assert_true(running_open(&r, -1));
	save(&r, "hostname a\n");
	for (i = 0; i < 2; i++) {
		if (keep_committed(r.keep, i))
			continue;
		keep_begin(r.keep, i);
		memset(keep_slot(r.keep, i), 0xff, 64);
	}
	assert_true(running_load(&r, part));
	assert_string_equal(part[RUNNING_CONFIG], "hostname a\n");
	save(&r, "hostname b\n");
	assert_true(running_load(&r, part));
	assert_string_equal(part[RUNNING_CONFIG], "hostname b\n");
	running_close(&r);
}

/* A key that was replaced is nowhere in the memory any more. */
static void
what_was_replaced_is_wiped(void **state)
{
	struct running r = {0};
	uint32_t i;

	(void)state;
	assert_true(running_open(&r, -1));
	save(&r, "crypto isakmp key SECRET address 10.0.0.1\n");
	save(&r, "no key here\n");
	for (i = 0; i < keep_slots(r.keep); i++)
		assert_null(memmem(keep_slot(r.keep, i), 4096, "SECRET", 6));
	running_close(&r);
}

static void
log_lines_are_appended(void **state)
{
	struct running r = {0}, after = {0};
	int fd = keep_memfd("test");

	(void)state;
	assert_true(running_open(&r, fd));
	assert_string_equal(running_log_load(&r), "");
	assert_true(running_log_append(&r, "one"));
	save(&r, "hostname a\n");
	assert_true(running_log_append(&r, "two"));
	running_close(&r);
	assert_true(running_open(&after, fd));
	assert_string_equal(running_log_load(&after), "one\ntwo\n");
	while (running_log_append(&after, "a line that is written until there is no room left for it"))
		;
	running_log_reset(&after);
	assert_string_equal(running_log_load(&after), "");
	assert_true(running_log_append(&after, "three"));
	assert_string_equal(running_log_load(&after), "three\n");
	running_close(&after);
	close(fd);
}

/* Whatever its length says after that, nothing is written behind the memory. */
static void
a_damaged_log_is_begun_anew(void **state)
{
	struct running r = {0};

	(void)state;
	assert_true(running_open(&r, -1));
	assert_true(running_log_append(&r, "one"));
	memset(keep_slot(r.keep, keep_slots(r.keep) - 1), 0xff, 64);
	assert_string_equal(running_log_load(&r), "");
	assert_false(running_log_append(&r, "two"));
	running_log_reset(&r);
	assert_true(running_log_append(&r, "three"));
	assert_string_equal(running_log_load(&r), "three\n");
	running_close(&r);
}

static void
owned_lines_are_a_set(void **state)
{
	struct owned o = {0}, again = {0};
	struct text out = {0};

	(void)state;
	owned_add(&o, "addr wan0 10.0.0.1/24");
	owned_add(&o, "addr wan0 10.0.0.1/24");
	owned_add(&o, "route 10.9.0.0/16");
	assert_int_equal(HASH_COUNT(o.lines), 2);
	owned_unmark(&o, "addr");
	assert_false(o.lines->wanted);
	assert_true(owned_want(&o, "addr %s %s", "wan0", "10.0.0.1/24"));
	assert_false(owned_want(&o, "addr wan0 10.0.0.2/24"));
	owned_write(&o, &out);
	owned_read(&again, text_str(&out));
	assert_int_equal(HASH_COUNT(again.lines), 2);
	assert_true(owned_has(&again, "route 10.9.0.0/16"));
	text_free(&out);
	owned_free(&o);
	owned_free(&again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_whole_text_is_found_again),
		cmocka_unit_test(a_torn_write_leaves_the_one_before),
		cmocka_unit_test(what_was_replaced_is_wiped),
		cmocka_unit_test(log_lines_are_appended),
		cmocka_unit_test(a_damaged_log_is_begun_anew),
		cmocka_unit_test(owned_lines_are_a_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
