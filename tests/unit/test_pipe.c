/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cli/pager.h"
#include "cli/pipe.h"

static const char shown[] = "interface Tunnel0\n"
			    " ip mtu 1400\n"
			    " tunnel key 7\n"
			    "interface Tunnel1\n"
			    " ip mtu 1300\n"
			    "!\n"
			    "end\n";

static void
expect(const char *pipe, const char *want)
{
	struct text out = {0};
	struct pipe p;
	unsigned int at;
	const char *why;

	assert_int_equal(pipe_parse(&p, pipe_rows, pipe, &at, &why), LINE_OK);
	pipe_run(&p, shown, &out);
	assert_string_equal(text_str(&out), want);
	pipe_free(&p);
	text_free(&out);
}

static void
test_filters(void **state)
{
	(void)state;
	expect(" include mtu", " ip mtu 1400\n ip mtu 1300\n");
	expect("inc mtu 1[34]00|^end", " ip mtu 1400\n ip mtu 1300\nend\n");
	expect(" e mtu", "interface Tunnel0\n tunnel key 7\ninterface Tunnel1\n!\nend\n");
	expect(" begin Tunnel1  ", "interface Tunnel1\n ip mtu 1300\n!\nend\n");
	expect(" include nothing", "");
}

/* Where a word begins or ends; and a name that has one is found by it. */
static void
test_underscores(void **state)
{
	(void)state;
	expect(" include _mtu_13", " ip mtu 1300\n");
	expect(" include _1400_", " ip mtu 1400\n");
	expect(" include _40", "");
	expect(" include ^_end_$", "end\n");
	expect(" count [_]", "Number of lines which match regexp = 0\n");
	expect(" include \\_", "");
}

static void
test_section_takes_what_is_indented_below(void **state)
{
	(void)state;
	expect(" section Tunnel0", "interface Tunnel0\n ip mtu 1400\n tunnel key 7\n");
	expect(" sec interface", "interface Tunnel0\n ip mtu 1400\n tunnel key 7\n"
				 "interface Tunnel1\n ip mtu 1300\n");
	expect(" section key", " tunnel key 7\n");
}

static void
test_count(void **state)
{
	(void)state;
	expect(" count ip mtu", "Number of lines which match regexp = 2\n");
	expect(" c nothing", "Number of lines which match regexp = 0\n");
}

static void
test_bad_pipes(void **state)
{
	struct pipe p;
	unsigned int at;
	const char *why;

	(void)state;
	assert_int_equal(pipe_parse(&p, pipe_rows, " grep x", &at, &why), LINE_INVALID);
	assert_int_equal(at, 1);
	assert_int_equal(pipe_parse(&p, pipe_rows, " include", &at, &why), LINE_INCOMPLETE);
	assert_int_equal(pipe_parse(&p, pipe_rows, "", &at, &why), LINE_INCOMPLETE);
	assert_int_equal(pipe_parse(&p, pipe_rows, " include a(", &at, &why), LINE_REFUSED);
	assert_non_null(strstr(why, "regular expression"));
}

/* Who may not configure the router does not write into its flash, either. */
static void
test_files_are_for_the_privileged(void **state)
{
	static const char *const files[] = {" redirect x", " append x", " tee x", " tee /append x"};
	struct pipe p;
	unsigned int at, i;
	const char *why;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_int_equal(pipe_parse(&p, pipe_rows, files[i], &at, &why), LINE_OK);
		assert_int_equal(pipe_parse(&p, pipe_rows_user, files[i], &at, &why), LINE_INVALID);
		assert_int_equal(at, 1);
	}
	assert_int_equal(pipe_parse(&p, pipe_rows_user, " include a", &at, &why), LINE_OK);
	pipe_free(&p);
}

static void
test_pager_counts_rows(void **state)
{
	(void)state;
	assert_int_equal(pager_chunk("a\nb\nc\n", 2, 80), 4);
	assert_int_equal(pager_chunk("a\nb\nc\n", 3, 80), 6);
	assert_int_equal(pager_chunk("a\nb\nc\n", 9, 80), 6);
	assert_int_equal(pager_chunk("\n\n\n", 2, 80), 2);
	assert_int_equal(pager_chunk("no newline", 5, 80), 10);
}

static void
test_pager_counts_wrapped_lines(void **state)
{
	(void)state;
	/* "abcdef" takes two rows of four columns. */
	assert_int_equal(pager_chunk("abcdef\nx\ny\n", 3, 4), 9);
	assert_int_equal(pager_chunk("x\nabcdef\n", 2, 4), 2);
	/* Exactly full is one row. */
	assert_int_equal(pager_chunk("abcd\nx\n", 2, 4), 7);
	/* Longer than the screen: all of it, so that the pager goes on. */
	assert_int_equal(pager_chunk("abcdefghijkl\nx\n", 2, 4), 13);
	assert_int_equal(pager_chunk("abcdefghijkl\nx\n", 1, 0), 13);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_underscores),
		cmocka_unit_test(test_section_takes_what_is_indented_below),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_bad_pipes),
		cmocka_unit_test(test_files_are_for_the_privileged),
		cmocka_unit_test(test_pager_counts_rows),
		cmocka_unit_test(test_pager_counts_wrapped_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
