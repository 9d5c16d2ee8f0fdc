/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language itself: abbreviations, carets, `?`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cli/config_help.h"

struct fixture {
	struct conf *conf;
	struct config_session *session;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->conf = conf_new();
	f->session = config_session_new(f->conf);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	config_session_free(f->session);
	config_session_free(NULL);	/* a shell that is in no configuration mode */
	conf_free(f->conf);
	free(f);
	return 0;
}

static struct config_result
type(struct fixture *f, const char *line)
{
	struct config_result r;

	config_session_line(f->session, line, &r);
	return r;
}

static void
enter(struct fixture *f, const char *line)
{
	struct config_result r = type(f, line);

	if (r.status != LINE_OK)
		fail_msg("%s: status %d, column %u: %s", line, (int)r.status, r.caret, r.why);
}

static void
expect_help(struct fixture *f, const char *line, const char *want)
{
	struct cmd_choices c;
	struct text out = {0};

	config_session_choices(f->session, line, &c);
	if (line[0] != '\0' && line[strlen(line) - 1] != ' ')
		cmd_choices_words(&out, &c);
	else
		cmd_choices_table(&out, &c);
	assert_string_equal(text_str(&out), want);
	text_free(&out);
}

static void
test_words_may_be_short_and_in_any_case(void **state)
{
	struct fixture *f = *state;

	enter(f, "HOSTNAME r1");
	assert_string_equal(f->conf->hostname, "r1");
	enter(f, "int tu 0");
	enter(f, "  ip mt 1400  ");
	assert_int_equal(f->conf->ifaces->ip_mtu, 1400);
	enter(f, "interface GIGABITETHERNET0/1");
	assert_string_equal(config_session_mode(f->session), "config-if");
}

static void
test_a_word_spelled_out_is_not_ambiguous(void **state)
{
	struct fixture *f = *state;

	enter(f, "crypto isakmp policy 1");
	enter(f, "hash sha");
	assert_int_equal(type(f, "hash sh").status, LINE_AMBIGUOUS);
	assert_int_equal(type(f, "hash sha25").status, LINE_OK);
}

static void
test_the_caret_is_under_the_bad_word(void **state)
{
	struct fixture *f = *state;
	struct config_result r = type(f, "crypto isakmp polcy 1");

	assert_int_equal(r.status, LINE_INVALID);
	assert_int_equal(r.caret, 17);
	/* `host` begins a word, the sub-mode has none that begins so. */
	enter(f, "interface Loopback0");
	r = type(f, "HOSTnme x");
	assert_int_equal(r.status, LINE_INVALID);
	assert_int_equal(r.caret, 5);
	enter(f, "exit");
	r = type(f, "   foo");
	assert_int_equal(r.caret, 3);
	r = type(f, "crypto isakmp policy 10001");
	assert_int_equal(r.status, LINE_INVALID);
	assert_int_equal(r.caret, 21);
	r = type(f, "hostname a b");
	assert_int_equal(r.caret, 11);
	assert_int_equal(type(f, "crypto isakmp").status, LINE_INCOMPLETE);
	assert_int_equal(type(f, "no").status, LINE_INCOMPLETE);
}

static void
test_long_lines_are_refused(void **state)
{
	struct fixture *f = *state;
	char line[2 * CMD_LINE_MAX];

	memset(line, 'a', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(type(f, line).status, LINE_REFUSED);
	for (size_t i = 1; i < sizeof(line) - 1; i += 2)
		line[i] = ' ';
	line[CMD_LINE_MAX - 1] = '\0';
	assert_int_equal(type(f, line).status, LINE_REFUSED);
}

static void
test_help_lists_what_may_follow(void **state)
{
	struct fixture *f = *state;

	enter(f, "interface Tunnel0");
	expect_help(f, "tunnel mode ", "  gre    generic route encapsulation protocol\n"
				       "  ipsec  IPSec tunnel encapsulation\n");
	expect_help(f, "ip mtu ", "  <68-10000>  MTU (bytes)\n");
	expect_help(f, "ip mtu 1400 ", "  <cr>\n");
	expect_help(f, "ip nhrp map ", "  A.B.C.D    IP address of destination\n"
				       "  multicast  Use this NBMA mapping for broadcasts/multicasts\n");
	expect_help(f, "description ", "  LINE  A character string describing this interface\n");
	expect_help(f, "tunnel source ", "  A.B.C.D          ip address\n  X:X:X:X::X       IPv6 address\n"
					 "  GigabitEthernet  GigabitEthernet IEEE 802.3z\n"
					 "  Loopback         Loopback interface\n"
					 "  Tunnel           Tunnel interface\n");
	expect_help(f, "ip nhrp redirect ", "  timeout  Interval between redirects of one flow\n"
					    "  <cr>\n");
}

static void
test_help_lists_words_that_begin_so(void **state)
{
	struct fixture *f = *state;

	expect_help(f, "cr", "crypto\n");
	expect_help(f, "e", "enable              end                 event               exit\n");
	expect_help(f, "i", "interface           ip                  ipv6\n");
	expect_help(f, "zebra", "");
	expect_help(f, "zebra ", "");
	/* The row ends after four. */
	enter(f, "crypto isakmp policy 1");
	expect_help(f, "hash s", "sha                 sha256              sha384              sha512\n");
}

static void
test_help_knows_where_it_is(void **state)
{
	struct fixture *f = *state;

	/* Only tunnels have a tunnel mode; `no` needs no value. */
	enter(f, "interface GigabitEthernet0/0");
	expect_help(f, "tun", "");
	expect_help(f, "no ip mtu ", "  <68-10000>  MTU (bytes)\n  <cr>\n");
	enter(f, "interface Tunnel0");
	expect_help(f, "tun", "tunnel\n");
	/* In a sub-mode, the global table is there where its own does not go. */
	expect_help(f, "interface tu ", "  <0-2147483647>  Tunnel interface number\n");
	expect_help(f, "interface x ", "");
	expect_help(f, "exit ", "  <cr>\n");
	expect_help(f, "hostname ", "  WORD  This system's network name\n");
	/* What would be refused is not offered. */
	enter(f, "crypto isakmp policy 1");
	expect_help(f, "authentication ", "  pre-share  Pre-Shared Key\n"
	    "  rsa-sig    Rivest-Shamir-Adleman Signature\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_words_may_be_short_and_in_any_case),
		TEST(test_a_word_spelled_out_is_not_ambiguous),
		TEST(test_the_caret_is_under_the_bad_word),
		TEST(test_long_lines_are_refused),
		TEST(test_help_lists_what_may_follow),
		TEST(test_help_lists_words_that_begin_so),
		TEST(test_help_knows_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
