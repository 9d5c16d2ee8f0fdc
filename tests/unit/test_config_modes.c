/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration: which mode a line belongs to, and where the lines of a refused one go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "config_scene.h"

static void
test_modes(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c), *other = config_session_new(c);

	(void)state;
	assert_string_equal(config_session_mode(s), "config");
	config_enter(s, "crypto isakmp policy 1");
	assert_string_equal(config_session_mode(s), "config-isakmp");
	config_enter(s, "crypto keyring K");
	assert_string_equal(config_session_mode(s), "conf-keyring");
	config_enter(s, "crypto ipsec transform-set T esp-gcm 128");
	assert_string_equal(config_session_mode(s), "cfg-crypto-trans");
	config_enter(s, "crypto ipsec profile P");
	assert_string_equal(config_session_mode(s), "ipsec-profile");
	config_enter(s, "interface Tunnel0");
	assert_string_equal(config_session_mode(s), "config-if");
	/* A mode within another: its lines are known there too, and `exit` goes back there. */
	config_enter(s, "crypto ikev2 keyring K");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	config_enter(s, "peer A");
	config_enter(s, "address 192.0.2.1");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring-peer");
	config_enter(s, "peer B");
	config_enter(s, "address 192.0.2.2");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring-peer");
	config_enter(s, "no peer A");
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	config_enter(s, "peer B");
	assert_false(config_type(s, "exit").left);
	assert_string_equal(config_session_mode(s), "config-ikev2-keyring");
	config_enter(s, "peer C");
	config_enter(other, "crypto ikev2 keyring K");
	config_enter(other, "no peer C");
	config_refuses(s, "address 192.0.2.3", "removed");
	assert_false(config_type(s, "exit").left);
	assert_false(config_type(s, "exit").left);
	assert_string_equal(config_session_mode(s), "config");
	config_enter(s, "crypto ikev2 profile P");
	assert_string_equal(config_session_mode(s), "config-ikev2-profile");
	config_enter(s, "interface Tunnel0");
	/* A line that only global mode knows leaves; one that nobody knows does not. */
	assert_int_equal(config_type(s, "ip foo").status, LINE_INVALID);
	assert_string_equal(config_session_mode(s), "config-if");
	config_enter(s, "ip route 0.0.0.0 0.0.0.0 192.0.2.1");
	assert_string_equal(config_session_mode(s), "config");
	/* What a mode is about may go away under it. */
	config_enter(s, "interface Tunnel0");
	config_enter(other, "no interface Tunnel0");
	config_refuses(s, "shutdown", "removed");
	assert_false(config_type(s, "exit").left);
	assert_true(config_type(s, "exit").left);
	assert_true(config_type(s, "end").left);
	config_session_free(s);
	config_session_free(other);
	conf_free(c);
}

static void
test_lines_of_unknown_modes_fall_nowhere(void **state)
{
	struct conf *c;

	(void)state;
	c = config_apply("interface Tunnel0\n ip mtu 1400\ninterface Serial0\n ip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	c = config_apply("interface Tunnel0\n ip mtu 1400\nroute-map X permit 10\n description x\n", 2);
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
	c = config_apply("interface Tunnel0\nip mtu 1400\ninterface Serial0\nip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	/* Not indented: a word of the mode is the mode's, though the line is refused. */
	c = config_apply("interface Tunnel0\nip next-hop-self eigrp 1\nkeepalive 3 3\n"
	    "ip mtu 1400\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	/* And a line that opens a mode in IOS is not, though its first word is the mode's. */
	c = config_apply("interface Tunnel0\nip mtu 1400\nip dhcp pool X\n"
	    "description x\n", 2);
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
	c = config_apply("interface Tunnel0\nip vrf forwarding X\nip mtu 1400\nrouter eigrp 1\n"
	    "shutdown\nrout eigrp 1\nshutdown\n", 5);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	assert_false(c->ifaces->shutdown);
	conf_free(c);
	/* A bad line of a known mode does not close it. */
	c = config_apply("interface Tunnel0\n no such thing\n ip mtu 1300\n", 1);
	assert_int_equal(c->ifaces->ip_mtu, 1300);
	conf_free(c);
}

static void
test_lines_of_a_refused_one_say_so(void **state)
{
	struct conf *c = conf_new();
	struct config_error *e = NULL;

	(void)state;
	assert_int_equal(config_text_apply(c, "interface Ethernet0/0\n ip address 192.0.2.1 "
	    "255.255.255.0\n!\n shutdown\ninterface Tunnel0\n foo\n", &e), 4);
	assert_non_null(strstr(e->why, "GigabitEthernet"));
	assert_null(strchr(e->why, '%'));
	assert_string_equal(e->next->why, "belongs to line 1, which was refused");
	assert_int_equal(e->next->next->line, 4);
	assert_string_equal(e->next->next->why, "belongs to line 1, which was refused");
	assert_string_equal(e->next->next->next->why, "unknown command: foo");
	assert_null(e->next->next->next->next);
	config_errors_free(e);
	conf_free(c);
}

/* What a line says is so at every shell, or it is refused; it falls into no other mode. */
static void
test_lines_of_terminals(void **state)
{
	struct conf *c = config_apply("interface Tunnel0\nline con 0\n exec-timeout 0 0\n"
	    " logging synchronous\n transport preferred none\nline vty 0 4\n login local\n"
	    " exec-timeout 5 0\n description x\n transport input none\nno line vty 0 4\n", 3);

	(void)state;
	assert_string_equal(c->ifaces->description, "");
	conf_free(c);
	conf_free(config_apply("line con 0\n exec-timeout 0\n exec-timeout 0 0\n no exec-timeout\n"
	    " exec-timeout 0 30\n", 1));
}

/* Lines have their places by number, and the rest of the numbers follow. */
static void
test_lines_of_lists_have_an_order(void **state)
{
	struct conf *c = config_apply("ip access-list extended A\n permit ip any host 10.0.0.1\n"
	    " permit ip any host 10.0.0.2\n 15 deny ip any host 10.0.0.3\n 15 remark why\n"
	    " no 10\n permit ip any host 10.0.0.4\n", 0);
	struct text t = config_written(c);
	struct config_error *errors = NULL;

	(void)state;
	assert_non_null(strstr(text_str(&t), "ip access-list extended A\n 15 remark why\n"
	    " 15 deny ip any host 10.0.0.3\n 20 permit ip any host 10.0.0.2\n"
	    " 30 permit ip any host 10.0.0.4\n!\n"));
	text_free(&t);
	assert_int_equal(config_text_apply(c, "ip access-list resequence A 100 5\n", &errors), 0);
	t = config_written(c);
	assert_non_null(strstr(text_str(&t), "A\n 100 remark why\n 100 deny ip any host 10.0.0.3\n"
	    " 105 permit ip any host 10.0.0.2\n 110 permit ip any host 10.0.0.4\n"));
	text_free(&t);
	conf_free(c);
}

/* Files of Windows editors and of people: blanks behind the last word. */
static void
test_blanks_at_the_end(void **state)
{
	struct conf *c = config_apply("hostname r \ninterface Tunnel0 \n ip nhrp map 10.0.0.1 192.0.2.1 \n"
	    " ip nhrp map 10.1.0.0 255.255.0.0 192.0.2.2\t\r\n tunnel source Loopback0 \r\n", 0);
	const struct conf_nhrp_map *m = c->ifaces->nhrp.maps;

	(void)state;
	assert_int_equal(m->address.len, 32);
	assert_int_equal(m->next->address.len, 16);
	conf_free(c);
}

static enum ipc_line_status
status_of(struct config_session *s, const char *line, bool *left)
{
	struct config_result r;

	config_session_line(s, line, &r);
	*left = r.left;
	return r.status;
}

/* Pasted at a terminal: the lines of a mode that was refused change nothing, its exits leave nothing. */
static void
test_refused_modes_are_left_by_their_own_exit(void **state)
{
	struct conf *c = config_apply("interface Tunnel0\n no shutdown\n", 0);
	struct config_session *s = config_session_new(c);
	bool left;

	(void)state;
	config_enter(s, "interface Tunnel0");
	config_refuses(s, "router eigrp CLOUD", "no routing protocol");
	assert_string_equal(config_session_mode(s), "config");
	assert_string_equal(config_session_lost_in(s), "router eigrp CLOUD");
	assert_int_equal(status_of(s, " address-family ipv4 autonomous-system 1", &left), LINE_INVALID);
	assert_int_equal(status_of(s, "  shutdown", &left), LINE_INVALID);
	assert_false(c->ifaces->shutdown);
	assert_int_equal(status_of(s, "  exit", &left), LINE_OK);
	assert_false(left);
	assert_int_equal(status_of(s, " exit", &left), LINE_OK);
	assert_false(left);
	assert_null(config_session_lost_in(s));
	status_of(s, "exit", &left);
	assert_true(left);

	config_enter(s, "interface Tunnel0");
	assert_int_equal(status_of(s, "interface Vlan1", &left), LINE_INVALID);
	assert_int_equal(status_of(s, " shutdown", &left), LINE_INVALID);
	assert_false(c->ifaces->shutdown);
	config_enter(s, "hostname x");
	assert_null(config_session_lost_in(s));
	status_of(s, "exit", &left);
	assert_true(left);
	config_session_free(s);
	conf_free(c);
}

/* As on IOS: `interface Foo1/2` is a typing error, `interface Vlan1` another router's mode. */
static void
test_a_mistyped_interface_leaves_the_mode_as_it_is(void **state)
{
	struct conf *c = config_apply("interface Tunnel0\n no shutdown\n", 0);
	struct config_session *s = config_session_new(c);
	static const char *const modes[] = {"interface Vlan1", "interface Vl 1", "int serial0/0/0",
	    "interface TenGigabitEthernet1/1/1", "interface GigabitEthernet0/0/x"};
	bool left;
	size_t i;

	(void)state;
	config_enter(s, "interface Tunnel0");
	assert_int_equal(status_of(s, "interface Foo1/2", &left), LINE_INVALID);
	assert_int_equal(status_of(s, "interface Tunel1", &left), LINE_INVALID);
	assert_int_equal(status_of(s, "no interface Foo1", &left), LINE_INVALID);
	assert_string_equal(config_session_mode(s), "config-if");
	assert_null(config_session_lost_in(s));
	config_enter(s, "shutdown");
	assert_true(c->ifaces->shutdown);
	config_enter(s, "no shutdown");
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		config_enter(s, "interface Tunnel0");
		assert_int_not_equal(status_of(s, modes[i], &left), LINE_OK);
		assert_string_equal(config_session_mode(s), "config");
		assert_int_equal(status_of(s, " shutdown", &left), LINE_INVALID);
		assert_false(c->ifaces->shutdown);
	}
	config_session_free(s);
	conf_free(c);
	/* Nobody looks at what a text says while it is read: its lines fall nowhere. */
	c = config_apply("interface Tunnel0\n ip mtu 1400\ninterface Foo1/2\n ip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
	c = config_apply("interface Tunnel0\nip mtu 1400\ninterface Foo1/2\nip mtu 1300\n", 2);
	assert_int_equal(c->ifaces->ip_mtu, 1400);
	conf_free(c);
}

static void
test_an_interface_set_to_its_defaults_is_told(void **state)
{
	struct conf *c = conf_new();
	struct config_session *s = config_session_new(c);

	(void)state;
	/* What does not exist has no defaults, and does not come to be. */
	assert_string_equal(config_type(s, "default interface Tunnel7").why, "");
	assert_null(c->ifaces);
	config_enter(s, "interface Tunnel7");
	config_enter(s, "ip mtu 1400");
	assert_string_equal(config_type(s, "default int tu7").why,
	    "Interface Tunnel7 set to default configuration");
	assert_int_equal(c->ifaces->ip_mtu, 0);
	assert_string_equal(config_session_mode(s), "config");
	assert_string_equal(config_type(s, "no interface Tunnel7").why, "");
	assert_null(c->ifaces);
	config_session_free(s);
	conf_free(c);
}

static void
test_noted_lines_are_told_of(void **state)
{
	struct conf *c = conf_new();
	struct config_error *notes = NULL;

	(void)state;
	assert_int_equal(config_text_check(c, "!\nversion 17.3\r\nhostname x\nfoo\n", true, &notes), 1);
	assert_int_equal(notes->line, 2);
	assert_string_equal(notes->why, "noted");
	assert_int_equal(notes->next->line, 4);
	assert_string_equal(notes->next->why, "unknown command: foo");
	assert_string_equal(c->hostname, "x");
	config_errors_free(notes);
	conf_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_lines_of_unknown_modes_fall_nowhere),
		cmocka_unit_test(test_lines_of_a_refused_one_say_so),
		cmocka_unit_test(test_lines_of_terminals),
		cmocka_unit_test(test_lines_of_lists_have_an_order),
		cmocka_unit_test(test_blanks_at_the_end),
		cmocka_unit_test(test_refused_modes_are_left_by_their_own_exit),
		cmocka_unit_test(test_a_mistyped_interface_leaves_the_mode_as_it_is),
		cmocka_unit_test(test_an_interface_set_to_its_defaults_is_told),
		cmocka_unit_test(test_noted_lines_are_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
