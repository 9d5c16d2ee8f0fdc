/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event manager: how applets are configured and what their actions do; cron entries; flash:. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/config_session.h"
#include "cron.h"
#include "eem.h"
#include "eem_script.h"
#include "flash.h"
#include "loop.h"

/* --- a world for scripts --- */

struct world {
	struct text said;	/* "S TEXT\n" of each line, S the severity */
	struct text typed;	/* the commands */
	const char *output;	/* of each command */
	unsigned int waited;
	char dir[64];
};

static bool
cli(void *arg, const char *command, struct text *output)
{
	struct world *w = arg;

	text_add(&w->typed, "%s\n", command);
	text_add(output, "%s", w->output != NULL ? w->output : "");
	return strcmp(command, "lost") != 0;
}

static void
say(void *arg, enum log_severity sev, const char *text)
{
	text_add(&((struct world *)arg)->said, "%d %s\n", (int)sev, text);
}

static void
wait_seconds(void *arg, unsigned int seconds)
{
	((struct world *)arg)->waited += seconds;
}

static const char *
file_path(void *arg, const char *url, char *path, size_t room)
{
	return flash_path(((struct world *)arg)->dir, url, path, room);
}

static const struct eem_script_ops ops = {cli, say, wait_seconds, file_path};

/* Runs the applet T of this configuration; what it said is compared. */
static int
run(struct world *w, const char *config, const char *said)
{
	struct conf *c = conf_new();
	struct config_error *errors = NULL;
	struct eem_script *s;
	int status;

	if (config_text_apply(c, config, &errors) != 0)
		fail_msg("line %u: %s", errors->line, errors->why);
	s = eem_script_new(conf_eem_applet_find(&c->eem, "T"), c->eem.variables, &ops, w);
	eem_script_set(s, "_cli_result", "");
	status = eem_script_run(s);
	eem_script_free(s);
	conf_free(c);
	assert_string_equal(text_str(&w->said), said);
	text_free(&w->said);
	return status;
}

#define T "event manager applet T\n event none\n"

static void
test_strings_and_variables(void **state)
{
	struct world w = {0};

	(void)state;
	assert_int_equal(run(&w, "event manager environment who the world\n" T
	    "action 1 set x \"$who!\"\naction 2 append x \" ${who}s\"\naction 3 puts \"$x $$5 a\\nb\"\n"
	    "action 4 syslog priority errors msg \"say \\\"hi\\\"\"\n",
	    "6 the world! the worlds $5 a\nb\n3 say \"hi\"\n"), 0);
	assert_int_equal(run(&w, T "action 1 puts \"$nobody\"\naction 2 puts \"never\"\n",
	    "3 action 1: the variable nobody is not set\n"), -1);
	assert_int_equal(run(&w, T "action 1 set n \"5\"\naction 2 increment n 3\naction 3 decrement n\n"
	    "action 4 puts \"$n\"\naction 5 increment x\n", "6 7\n3 action 5: x is no number\n"), -1);
}

static void
test_labels_order_actions(void **state)
{
	struct world w = {0};

	(void)state;
	run(&w, T "action 2.0 puts \"two\"\naction 1.5 puts \"one\"\naction 3 puts \"three\"\n"
	    "action 2.0 puts \"again\"\nno action 3\n", "6 one\n6 again\n");
}

static void
test_conditions(void **state)
{
	static const struct { const char *l, *op, *r; bool holds; } cases[] = {
		{"a", "eq", "a", true}, {"a", "eq", "b", false}, {"9", "lt", "10", true},
		{"9x", "lt", "10", false}, {"2", "ge", "2", true}, {"2", "ne", "02", false},
		{"b", "gt", "a", true}, {"-1", "le", "0", true},
	};
	struct world w = {0};
	char config[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(config, sizeof(config), T "action 1 if \"%s\" %s \"%s\"\naction 2 puts \"yes\"\n"
		    "action 3 else\naction 4 puts \"no\"\naction 5 end\n", cases[i].l, cases[i].op, cases[i].r);
		run(&w, config, cases[i].holds ? "6 yes\n" : "6 no\n");
	}
	run(&w, T "action 1 if 1 eq 2\naction 2 puts a\naction 3 elseif 1 eq 1\naction 4 puts b\n"
	    "action 5 if 1 eq 2\naction 6 puts c\naction 7 end\naction 8 else\naction 9 puts d\n"
	    "action 91 end\naction 92 puts e\n", "6 b\n6 e\n");
	assert_int_equal(run(&w, T "action 1 if 1 eq 2\naction 2 puts a\n",
	    "3 action 1: an if without end\n"), -1);
}

static void
test_loops(void **state)
{
	struct world w = {0};

	(void)state;
	run(&w, T "action 1 set i 0\naction 2 while $i lt 9\naction 3 increment i\naction 4 if $i eq 2\n"
	    "action 5 continue\naction 6 end\naction 7 if $i eq 4\naction 8 break\naction 9 end\n"
	    "action 91 puts $i\naction 92 end\naction 93 puts \"end $i\"\n", "6 1\n6 3\n6 end 4\n");
	assert_int_equal(run(&w, T "action 1 break\n", "3 action 1: there is no while around it\n"), -1);
	assert_int_equal(run(&w, T "action 1 while 1 eq 1\naction 2 end\n",
	    "3 action 1: more than 1000000 actions were run\n"), -1);
	assert_int_equal(run(&w, T "action 1 exit 7\naction 2 puts no\n", ""), 7);
}

static void
test_commands_and_regexp(void **state)
{
	struct world w = {.output = "spi: 0x1234ABCD, peer 192.0.2.7\nR1#"};

	(void)state;
	run(&w, T "action 1 cli command \"enable\"\naction 2 wait 3\n"
	    "action 3 cli command \"show crypto ipsec sa\"\n"
	    "action 4 regexp \"spi: (0x[0-9A-F]+), peer ([0-9.]+)\" \"$_cli_result\" all spi peer\n"
	    "action 5 puts \"$_regexp_result $spi of $peer\"\n"
	    "action 6 regexp \"nothing\" \"$_cli_result\"\naction 7 puts \"$_regexp_result\"\n",
	    "6 1 0x1234ABCD of 192.0.2.7\n6 0\n");
	assert_string_equal(text_str(&w.typed), "enable\nshow crypto ipsec sa\n");
	assert_int_equal(w.waited, 3);
	text_free(&w.typed);
	assert_int_equal(run(&w, T "action 1 cli command lost\n",
	    "3 action 1: the router does not answer\n"), -1);
	text_free(&w.typed);
}

static void
test_files(void **state)
{
	struct world w = {.dir = "/tmp/test_eem_XXXXXX"};
	char path[128];

	(void)state;
	assert_non_null(mkdtemp(w.dir));
	snprintf(path, sizeof(path), "%s/flash", w.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	run(&w, T "action 1 file open f flash:log.txt w\naction 2 file puts f \"one\"\n"
	    "action 3 file write f \"two\"\naction 4 file close f\naction 5 file open f flash:log.txt a\n"
	    "action 6 file puts f \" more\"\naction 61 file close f\naction 62 file open r log.txt r\n"
	    "action 63 file gets r a\naction 64 file gets r b\naction 65 puts \"$a+$b\"\n"
	    "action 66 file close r\naction 7 file delete log.txt\n", "6 one+two more\n");
	assert_int_equal(run(&w, T "action 1 file open f \"../x\" w\n",
	    "3 action 1: a file is flash:NAME, with letters, digits and ._-+@ in its name\n"), -1);
	assert_int_equal(run(&w, T "action 1 file puts f x\n", "3 action 1: no file is open as f\n"), -1);
	rmdir(path);
	rmdir(w.dir);
}

/* --- what is registered --- */

static void
test_registration(void **state)
{
	struct eem e = {.loop = loop_new_test(mono_s(1)), .rundir = "/nowhere"};
	struct conf *c = conf_new();
	struct config_error *errors = NULL;
	struct text out = {0};
	const char *second;

	(void)state;
	config_text_apply(c, "event manager applet A\n event syslog pattern \"x y\" maxrun 5\n"
	    " action 2 puts b\n action 1 puts a\nevent manager applet B\n event timer watchdog time 60\n"
	    "event manager applet NO-EVENT\n action 1 puts a\n", &errors);
	assert_null(errors);
	eem_configure(&e, &c->eem);
	eem_show_policies(&e, &out);
	assert_non_null(strstr(text_str(&out),
	    "No.  Class     Type    Event Type          Trap  Time Registered           Name\n1    applet    "
	    "user    syslog              Off   "));
	assert_non_null(strstr(text_str(&out),
	    "  A\n pattern {x y}\n maxrun 5.000\n action 1 puts \"a\"\n action 2 puts \"b\"\n\n2    "
	    "applet    user    timer watchdog      Off   "));
	second = strstr(text_str(&out), "  B\n time 60.000\n maxrun 20.000\n\n");
	assert_non_null(second);
	assert_null(strstr(text_str(&out), "NO-EVENT"));
	out.len = 0;
	eem_show_history(&e, &out);
	assert_string_equal(text_str(&out),
	    "No.  Job Id Proc Status   Time of Event            Event Type        Name\n");
	out.len = 0;
	eem_syslog(&e, "%SYS-5-TEST: no match");
	eem_show_statistics(&e, &out);
	assert_string_equal(text_str(&out),
	    "                                        Average    Maximum\n"
	    "No.  Class     Triggered  Suppressed   Run Time   Run Time   Name\n"
	    "1    applet            0           0      0.000      0.000   A\n"
	    "2    applet            0           0      0.000      0.000   B\n");
	assert_non_null(strstr(eem_run(&e, "A", ""), "no `event none`"));
	assert_non_null(strstr(eem_run(&e, "C", ""), "not registered"));
	text_free(&out);
	eem_free(&e);
	loop_free(e.loop);
	conf_free(c);
}

/* --- cron --- */

static bool
fits(const char *entry, int minute, int hour, int day, int month, int weekday)
{
	struct tm t = {.tm_min = minute, .tm_hour = hour, .tm_mday = day, .tm_mon = month - 1,
	    .tm_wday = weekday};
	struct cron c;

	assert_true(cron_parse(&c, entry));
	return cron_fits(&c, &t);
}

static void
test_cron(void **state)
{
	static const char *const wrong[] = {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *",
	    "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *",
	    "1,,2 * * * *", "1- * * * *", "@yearlyish"};
	struct cron c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (cron_parse(&c, wrong[i]))
			fail_msg("\"%s\" was taken for a cron entry", wrong[i]);
	assert_true(fits("* * * * *", 59, 23, 31, 12, 6));
	assert_true(fits("*/15 8-10 * * *", 45, 9, 1, 1, 3));
	assert_false(fits("*/15 8-10 * * *", 46, 9, 1, 1, 3));
	assert_false(fits("*/15 8-10 * * *", 45, 11, 1, 1, 3));
	assert_true(fits("0 0 1 1,7 *", 0, 0, 1, 7, 3));
	assert_true(fits("0 12 * * 7", 0, 12, 5, 5, 0));
	/* With a day and a weekday, either will do. */
	assert_true(fits("0 0 13 * 5", 0, 0, 13, 2, 1));
	assert_true(fits("0 0 13 * 5", 0, 0, 14, 2, 5));
	assert_false(fits("0 0 13 * 5", 0, 0, 14, 2, 4));
	assert_true(fits("@hourly", 0, 5, 9, 9, 1));
}

/* --- flash: --- */

static void
test_flash_names(void **state)
{
	static const char *const wrong[] = {"", "flash:", "flash:../x", "a/b", "/etc/passwd", "tftp://h/x",
	    "flash:.hidden", "a b", "x;y"};
	char path[64];
	size_t i;

	(void)state;
	assert_null(flash_path("/run/r", "flash:eem.txt", path, sizeof(path)));
	assert_string_equal(path, "/run/r/flash/eem.txt");
	assert_null(flash_path("/run/r", "bootflash:/x-1", path, sizeof(path)));
	assert_string_equal(path, "/run/r/flash/x-1");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (flash_path("/run/r", wrong[i], path, sizeof(path)) == NULL)
			fail_msg("\"%s\" became %s", wrong[i], path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_and_variables), cmocka_unit_test(test_labels_order_actions),
		cmocka_unit_test(test_conditions), cmocka_unit_test(test_loops),
		cmocka_unit_test(test_commands_and_regexp), cmocka_unit_test(test_files),
		cmocka_unit_test(test_registration), cmocka_unit_test(test_cron), cmocka_unit_test(test_flash_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
