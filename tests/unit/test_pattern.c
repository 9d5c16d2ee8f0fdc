/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "pattern.h"

static bool
matches(const char *expression, const char *text)
{
	char why[PATTERN_WHY_MAX];
	struct pattern *p = pattern_new(expression, why);
	bool match;

	assert_non_null(p);
	match = pattern_matches(p, text);
	pattern_free(p);
	return match;
}

static void
test_what_ios_knows(void **state)
{
	(void)state;
	assert_true(matches("up.*up|down", "Tunnel0 up up"));
	assert_false(matches("up.*up|down", "Tunnel0 up"));
	assert_true(matches("^ip (route|nhrp) [0-9]+\\.", "ip route 10.0.0.0"));
	assert_true(matches("(a|b)x\\1", "axa"));
	assert_false(matches("(a|b)x\\1", "axb"));
	assert_true(matches("a.b", "a\nb"));
	assert_true(matches("{", "interface {"));
	assert_true(matches("", ""));
}

static void
test_what_is_none(void **state)
{
	static const char *const bad[] = { "(", "[a", "*", "a\\", "(?<n>a)\\k<m>", "a{2,1}" };
	char why[PATTERN_WHY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why[0] = '\0';
		assert_null(pattern_new(bad[i], why));
		assert_true(strlen(why) > 0);
	}
}

static void
test_groups(void **state)
{
	static const char text[] = "spi: 0xB761, peer 10.1.1.1";
	struct slice g[PATTERN_GROUPS];
	char why[PATTERN_WHY_MAX];
	struct pattern *p = pattern_new("spi: (0x[0-9A-F]+)(x)?, peer ([0-9.]+)", why);

	(void)state;
	assert_true(pattern_groups(p, text, g));
	assert_true(slice_eq(g[0], slice_of(text, strlen(text))));
	assert_true(slice_eq(g[1], slice_of("0xB761", 6)));
	assert_null(g[2].p);
	assert_true(slice_eq(g[3], slice_of("10.1.1.1", 8)));
	assert_null(g[4].p);
	assert_false(pattern_groups(p, "nothing", g));
	assert_null(g[0].p);
	pattern_free(p);
	p = pattern_new("(a)(a)(a)(a)(a)(a)(a)(a)(a)", why);
	assert_true(pattern_groups(p, "aaaaaaaaa", g));
	assert_int_equal(g[7].len, 1);
	pattern_free(p);
}

/* What would take for ever, or all memory, ends: as no match, or as no expression. */
static void
test_bounds(void **state)
{
	char text[4096], why[PATTERN_WHY_MAX];
	struct pattern *p;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(matches("^(a+)+$b", text));
	assert_false(matches("(a?){200}(a|aa)+\\1b", text));
	p = pattern_new("((((a{1,60000}){1,60000}){1,60000}){1,60000}){1,60000}", why);
	assert_null(p);
}

/* As long as what a command says may be, in lines of so many bytes. */
static char *
long_text(size_t line)
{
	size_t i, len = 256 * 1024;
	char *text = malloc(len + 1);

	assert_non_null(text);
	for (i = 0; i < len; i++)
		text[i] = i % line == line - 1 ? '\n' : 'a';
	text[len] = '\0';
	return text;
}

/* Little work at each place where a match may begin is much where there are many. */
static void
test_bounds_of_long_texts(void **state)
{
	static const struct {
		const char *expression;
		size_t line;
	} slow[] = {
		{ "[^\n]*?[^\n]*?[YZ]", 180 }, { "[^\n]*[XZ][^\n]*", 15000 },
		{ "[^\n]*+[YZ]", 1000000 }, { "(?:(?!(a|b)*?[YZ])a){1,100}[XZ]", 100 },
	};
	clock_t began = clock();
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		text = long_text(slow[i].line);
		assert_false(matches(slow[i].expression, text));
		free(text);
	}
	assert_true(clock() - began < 8 * CLOCKS_PER_SEC);
	text = long_text(80);
	text[1] = 'b';
	assert_true(matches("^a.*b", text));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_ios_knows), cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_groups), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_bounds_of_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
