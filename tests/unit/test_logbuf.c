/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "logbuf.h"

static const struct stamp_time march = {.wall_us = 1740830461234567, .uptime_us = 3723000000,
    .synchronised = true};		/* 2025-03-01 12:01:01.234567 UTC */

static void
stamps_have_the_configured_form(void **state)
{
	static const struct {
		struct conf_stamp how;
		const char *text;
	} cases[] = {
		{{.kind = STAMP_DEFAULT}, "Mar  1 12:01:01.234: "},
		{{.kind = STAMP_DATETIME}, "Mar  1 12:01:01: "},
		{{.kind = STAMP_DATETIME, .msec = true, .show_timezone = true}, "Mar  1 12:01:01.234 UTC: "},
		{{.kind = STAMP_DATETIME, .year = true}, "Mar  1 2025 12:01:01: "},
		{{.kind = STAMP_UPTIME}, "01:02:03: "},
		{{.kind = STAMP_NONE}, ""},
	};
	struct stamp_time t = march;
	char buf[STAMP_STRLEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(stamp_str(&cases[i].how, &march, buf), cases[i].text);
	t.synchronised = false;
	assert_string_equal(stamp_str(&cases[1].how, &t, buf), "*Mar  1 12:01:01: ");
	t.uptime_us = (int64_t)(8 * 86400 + 7200) * 1000000;
	assert_string_equal(stamp_str(&cases[4].how, &t, buf), "1w1d: ");
}

static void
add(struct logbuf *b, const struct conf *c, enum log_severity sev, const char *text)
{
	logbuf_add(b, c, &march, sev, "CRYPTO", "TEST", text);
}

static void
the_oldest_lines_go_first(void **state)
{
	struct conf *c = conf_new();
	struct logbuf b = {0};
	struct text out = {0};

	(void)state;
	c->logging.buffer_bytes = 120;		/* room for two of these lines */
	add(&b, c, LOG_SEV_ERR, "the first line");
	add(&b, c, LOG_SEV_ERR, "the second line");
	add(&b, c, LOG_SEV_ERR, "the third line");
	assert_true(b.bytes <= 120);
	logbuf_show(&b, c, &out);
	assert_null(strstr(text_str(&out), "first"));
	assert_non_null(strstr(text_str(&out), "Log Buffer (120 bytes):\n"
	    "Mar  1 12:01:01.234: %CRYPTO-3-TEST: the second line\n"
	    "Mar  1 12:01:01.234: %CRYPTO-3-TEST: the third line\n"));
	assert_non_null(strstr(text_str(&out), "Buffer logging:  level debugging, 3 messages logged"));
	text_free(&out);
	logbuf_clear(&b);
	assert_null(b.lines);
	assert_int_equal(b.bytes, 0);
	conf_free(c);
}

static unsigned int heard;

static void
hear(void *arg, const char *line)
{
	(void)arg;
	(void)line;
	heard++;
}

static void
each_target_has_its_level(void **state)
{
	struct conf *c = conf_new();
	struct logbuf b = {.console = hear, .dropped = 3};
	struct text out = {0};

	(void)state;
	heard = 0;
	c->logging.console_level = LOG_SEV_ERR + 1;
	c->logging.buffered_level = LOG_SEV_INFO + 1;
	add(&b, c, LOG_SEV_ERR, "one");
	add(&b, c, LOG_SEV_WARNING, "two");
	logbuf_add(&b, c, &march, LOG_SEV_DEBUG, "ISAKMP", "", "(1001): three");
	assert_int_equal(heard, 1);
	assert_int_equal(b.buffered, 2);
	c->logging.buffered_level = 0;
	logbuf_add(&b, c, &march, LOG_SEV_DEBUG, "ISAKMP", "", "(1001): four");
	logbuf_show(&b, c, &out);
	assert_non_null(strstr(text_str(&out), "Mar  1 12:01:01.234: ISAKMP: (1001): four\n"));
	assert_non_null(strstr(text_str(&out), "Console logging: level errors, 1 messages logged"));
	assert_non_null(strstr(text_str(&out), "Syslog logging: enabled (3 messages dropped, "));
	text_free(&out);
	logbuf_clear(&b);
	conf_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stamps_have_the_configured_form),
		cmocka_unit_test(the_oldest_lines_go_first),
		cmocka_unit_test(each_target_has_its_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
