/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/exec.h"
#include "log.h"

static struct exec_command
parse(const char *line, enum ipc_line_status status)
{
	struct exec_command c;
	unsigned int caret;

	assert_int_equal(exec_parse(line, &c, &caret), status);
	return c;
}

static enum exec_id
id_of(const char *line)
{
	return parse(line, LINE_OK).id;
}

static void
test_commands(void **state)
{
	(void)state;
	assert_int_equal(id_of("write"), EXEC_WRITE_MEMORY);
	assert_int_equal(id_of("wr mem"), EXEC_WRITE_MEMORY);
	assert_int_equal(id_of("copy run start"), EXEC_WRITE_MEMORY);
	assert_true(parse("copy run start", LINE_OK).asks_name);
	assert_false(parse("write memory", LINE_OK).asks_name);
	assert_int_equal(id_of("copy run nvram:startup-config"), EXEC_WRITE_MEMORY);
	assert_int_equal(id_of("copy nvram:startup-config running-config"), EXEC_MERGE);
	assert_string_equal(parse("copy nvram:startup-config run", LINE_OK).name, "");
	assert_int_equal(id_of("copy run nvram:other"), EXEC_NONE);
	assert_int_equal(id_of("erase nvram:startup-config"), EXEC_ERASE_STARTUP);
	assert_int_equal(id_of("copy running-config flash:before"), EXEC_COPY_TO_FILE);
	assert_string_equal(parse("copy run flash:before", LINE_OK).name, "flash:before");
	assert_int_equal(id_of("copy running-config startup-cnofig"), EXEC_NONE);
	assert_int_equal(id_of("copy start run"), EXEC_MERGE);
	assert_string_equal(parse("copy flash:before running-config", LINE_OK).name, "flash:before");
	assert_int_equal(id_of("copy tftp: running-config"), EXEC_NONE);
	assert_int_equal(id_of("copy startup-config flash:x"), EXEC_NONE);
	assert_int_equal(id_of("reload"), EXEC_RELOAD);
	assert_string_equal(parse("copy run flash:", LINE_OK).name, "flash:running-config");
	assert_int_equal(id_of("write erase"), EXEC_ERASE_STARTUP);
	assert_int_equal(id_of("erase start"), EXEC_ERASE_STARTUP);
	assert_int_equal(id_of("erase nvram:"), EXEC_ERASE_STARTUP);
	assert_int_equal(id_of("clear counters"), EXEC_CLEAR_COUNTERS);
	assert_int_equal(id_of("clear drops"), EXEC_CLEAR_DROPS);
	assert_int_equal(id_of("clear access-list counters"), EXEC_CLEAR_ACL_COUNTS);
	assert_int_equal(id_of("clear access-list counters 101"), EXEC_CLEAR_ACL_COUNTS);
	assert_int_equal(id_of("cle log"), EXEC_CLEAR_LOGGING);
	assert_int_equal(id_of("clear ip nhrp"), EXEC_CLEAR_NHRP);
	assert_int_equal(id_of("clear ip access-list counters"), EXEC_CLEAR_ACL_COUNTS);
	assert_int_equal(id_of("clear dmvpn session"), EXEC_CLEAR_DMVPN);
	assert_int_equal(id_of("clear dmvpn session interface tu0"), EXEC_CLEAR_DMVPN);
	parse("clear dmvpn session peer tunnel 10.0.0.1", LINE_REFUSED);
	parse("clear arp-cache", LINE_REFUSED);
	assert_int_equal(id_of("show debugging"), EXEC_SHOW_DEBUGGING);
	assert_int_equal(id_of(""), EXEC_NONE);
}

static void
test_clear_names_its_victim(void **state)
{
	struct exec_command c = parse("clear crypto sa peer 192.0.2.1", LINE_OK);
	struct addr peer = addr_v4(0xc0000201);

	(void)state;
	assert_int_equal(c.id, EXEC_CLEAR_SA);
	assert_true(addr_eq(&c.addr, &peer));
	assert_false(addr_is_set(&(struct addr){0}));
	c = parse("clear access-list counters TO-BRANCH", LINE_OK);
	assert_string_equal(c.name, "TO-BRANCH");
	c = parse("clear crypto isakmp 1042", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_ISAKMP);
	assert_int_equal(c.number, 1042);
	c = parse("clear crypto ikev2 sa local 192.0.2.2", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_IKEV2_SA);
	assert_string_equal(ADDR_STR(&c.local), "192.0.2.2");
	assert_false(addr_is_set(&c.addr));
	c = parse("clear crypto ikev2 sa remote 192.0.2.1", LINE_OK);
	assert_string_equal(ADDR_STR(&c.addr), "192.0.2.1");
	c = parse("clear crypto session remote 192.0.2.1", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_SESSION);
	assert_true(addr_eq(&c.addr, &peer));
	c = parse("clear cry sess local 192.0.2.2 port 4500 remote 192.0.2.1 port 40001", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_SESSION);
	assert_string_equal(ADDR_STR(&c.local), "192.0.2.2");
	assert_true(addr_eq(&c.addr, &peer));
	assert_int_equal(c.local_port, 4500);
	assert_int_equal(c.port, 40001);
	c = parse("clear dmvpn session interface tu0 peer nbma 192.0.2.1", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_DMVPN);
	assert_string_equal(c.name, "Tunnel0");
	assert_true(addr_eq(&c.addr, &peer));
	c = parse("clear crypto session", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_SESSION);
	assert_false(addr_is_set(&c.addr));
	assert_false(addr_is_set(&c.local));
	parse("clear crypto session remote 192.0.2.1 fvrf INET", LINE_REFUSED);
	c = parse("clear ip nhrp 192.0.2.1", LINE_OK);
	assert_int_equal(c.id, EXEC_CLEAR_NHRP);
	assert_true(addr_eq(&c.addr, &peer));
	assert_int_equal(c.within.addr.family, ADDR_NONE);
	c = parse("clear ip nhrp 10.2.3.4 255.255.0.0", LINE_OK);
	assert_string_equal(PREFIX_STR(&c.within), "10.2.0.0/16");
	assert_false(addr_is_set(&c.addr));
}

static void
test_reload(void **state)
{
	struct exec_command c = parse("reload", LINE_OK);

	(void)state;
	assert_int_equal(c.id, EXEC_RELOAD);
	assert_string_equal(c.reload.reason, "");
	c = parse("reload new image ", LINE_OK);
	assert_int_equal(c.id, EXEC_RELOAD);
	assert_string_equal(c.reload.reason, "new image");
	c = parse("reload in 5", LINE_OK);
	assert_int_equal(c.id, EXEC_RELOAD_LATER);
	assert_false(c.reload.by_clock);
	assert_int_equal(c.reload.minutes, 5);
	c = parse("reload in 1:30 before the storm", LINE_OK);
	assert_int_equal(c.reload.minutes, 90);
	assert_string_equal(c.reload.reason, "before the storm");
	c = parse("reload at 3:05", LINE_OK);
	assert_true(c.reload.by_clock);
	assert_int_equal(c.reload.minutes, 185);
	assert_int_equal(c.reload.month, 0);
	c = parse("reload at 23:59 10 may maintenance", LINE_OK);
	assert_int_equal(c.reload.day, 10);
	assert_int_equal(c.reload.month, 5);
	assert_string_equal(c.reload.reason, "maintenance");
	c = parse("reload at 23:59 sep 9", LINE_OK);
	assert_int_equal(c.reload.day, 9);
	assert_int_equal(c.reload.month, 9);
	assert_int_equal(id_of("reload cancel"), EXEC_RELOAD_CANCEL);
	assert_int_equal(id_of("show reload"), EXEC_SHOW_RELOAD);
	assert_int_equal(parse("reload at 10:00 31 june", LINE_OK).id, EXEC_NONE);
	parse("reload in", LINE_INCOMPLETE);
	parse("reload in 0", LINE_INVALID);
	parse("reload in 1:60", LINE_INVALID);
	parse("reload in 1:5", LINE_INVALID);
	parse("reload in 597:00", LINE_INVALID);
	parse("reload at 24:00", LINE_INVALID);
	parse("reload at 12", LINE_INVALID);
}

static void
test_debug(void **state)
{
	struct exec_command c = parse("debug crypto isakmp", LINE_OK);

	(void)state;
	assert_int_equal(c.id, EXEC_DEBUG);
	assert_int_equal(c.debug_mask, 1ull << LOG_DEBUG_ISAKMP);
	assert_false(c.no);
	c = parse("debug crypto condition peer ipv4 192.0.2.1", LINE_OK);
	assert_int_equal(c.id, EXEC_DEBUG_CONDITION);
	assert_false(c.no);
	assert_string_equal(ADDR_STR(&c.addr), "192.0.2.1");
	assert_int_equal(c.debug_mask, 0);
	c = parse("undebug crypto condition peer ipv6 2001:db8::1", LINE_OK);
	assert_true(c.no);
	assert_string_equal(ADDR_STR(&c.addr), "2001:DB8::1");
	c = parse("debug crypto condition unmatched isakmp", LINE_OK);
	assert_int_equal(c.debug_mask, 1ull << LOG_DEBUG_ISAKMP);
	assert_false(addr_is_set(&c.addr));
	c = parse("debug crypto condition reset", LINE_OK);
	assert_int_equal(c.id, EXEC_DEBUG_CONDITION);
	assert_int_equal(c.debug_mask, 0);
	assert_int_equal(id_of("show crypto debug-condition"), EXEC_SHOW_DEBUG_CONDITION);
	c = parse("debug nhrp", LINE_OK);
	assert_int_equal(c.debug_mask, 1ull << LOG_DEBUG_NHRP);
	c = parse("no debug nhrp packet", LINE_OK);
	assert_int_equal(c.debug_mask, 1ull << LOG_DEBUG_NHRP_PACKET);
	assert_true(c.no);
	c = parse("undebug tunnel", LINE_OK);
	assert_int_equal(c.id, EXEC_DEBUG);
	assert_true(c.no);
	assert_int_equal(id_of("u all"), EXEC_UNDEBUG_ALL);
	assert_int_equal(id_of("no debug all"), EXEC_UNDEBUG_ALL);
	assert_int_equal(id_of("debug all"), EXEC_DEBUG_ALL);
	c = parse("debug dmvpn all nhrp", LINE_OK);
	assert_int_equal(c.debug_mask, 1ull << LOG_DEBUG_NHRP | 1ull << LOG_DEBUG_NHRP_PACKET |
	    1ull << LOG_DEBUG_NHRP_CACHE);
	c = parse("undebug dmvpn all all", LINE_OK);
	assert_true(c.no);
	assert_true(c.debug_mask >> LOG_DEBUG_IKEV2 & 1);
	parse("debug crypto isakmp error", LINE_REFUSED);
	parse("debug ip packet", LINE_REFUSED);
	assert_int_equal(id_of("debug crypto is"), EXEC_DEBUG);
}

static void
test_ping(void **state)
{
	struct exec_command c = parse("ping 192.0.2.1", LINE_OK);
	struct addr source = addr_v4(0x0a000001);

	(void)state;
	assert_int_equal(c.id, EXEC_PING);
	assert_int_equal(c.probe.count, 5);
	assert_int_equal(c.probe.size_bytes, 100);
	assert_int_equal(c.probe.timeout_s, 2);
	assert_false(c.probe.df);
	c = parse("ping 192.0.2.1 source lo 0 rep 3 df size 1400 time 1", LINE_OK);
	assert_int_equal(c.probe.count, 3);
	assert_int_equal(c.probe.size_bytes, 1400);
	assert_int_equal(c.probe.timeout_s, 1);
	assert_true(c.probe.df);
	assert_string_equal(c.probe.source_if, "Loopback0");
	c = parse("ping 192.0.2.1 source 10.0.0.1", LINE_OK);
	assert_true(addr_eq(&c.probe.source, &source));
	c = parse("ping ipv6 2001:db8::1 size 48 source gi0/0", LINE_OK);
	assert_int_equal(c.addr.family, ADDR_V6);
	assert_int_equal(c.probe.size_bytes, 48);
	c = parse("ping 2001:db8::1", LINE_OK);
	assert_int_equal(c.addr.family, ADDR_V6);
}

static void
test_traceroute(void **state)
{
	struct exec_command c = parse("trace 192.0.2.1", LINE_OK);

	(void)state;
	assert_int_equal(c.id, EXEC_TRACEROUTE);
	assert_int_equal(c.probe.count, 3);
	assert_int_equal(c.probe.timeout_s, 3);
	assert_int_equal(c.probe.least_ttl, 1);
	assert_int_equal(c.probe.most_ttl, 30);
	assert_int_equal(c.probe.port, 33434);
	c = parse("traceroute ip 192.0.2.1 source lo0 probe 1 numeric timeout 1 ttl 2 5 port 40000",
	    LINE_OK);
	assert_string_equal(c.probe.source_if, "Loopback0");
	assert_int_equal(c.probe.count, 1);
	assert_int_equal(c.probe.timeout_s, 1);
	assert_int_equal(c.probe.least_ttl, 2);
	assert_int_equal(c.probe.most_ttl, 5);
	assert_int_equal(c.probe.port, 40000);
	assert_int_equal(parse("traceroute 2001:db8::1", LINE_OK).addr.family, ADDR_V6);
	assert_int_equal(parse("traceroute 192.0.2.1 ttl 5 2", LINE_OK).id, EXEC_NONE);
	assert_int_equal(parse("traceroute somebody", LINE_OK).id, EXEC_NONE);
	parse("traceroute 192.0.2.1 ttl 5", LINE_INCOMPLETE);
}

static void
test_errors(void **state)
{
	struct exec_command c;
	unsigned int caret;

	(void)state;
	assert_int_equal(exec_parse("clear crypto nothing", &c, &caret), LINE_INVALID);
	assert_int_equal(caret, 13);
	assert_int_equal(exec_parse("clear c", &c, &caret), LINE_AMBIGUOUS);
	assert_int_equal(exec_parse("clear crypto", &c, &caret), LINE_INCOMPLETE);
	assert_int_equal(exec_parse("ping 192.0.2.1 repeat 0", &c, &caret), LINE_INVALID);
	/* No name is looked up: it is no command of control's, whatever it is. */
	assert_int_equal(parse("ping somebody", LINE_OK).id, EXEC_NONE);
	assert_int_equal(parse("ping 192.0.2", LINE_OK).id, EXEC_NONE);
	assert_int_equal(exec_parse("no reload", &c, &caret), LINE_INVALID);
	assert_int_equal(exec_parse("no clear drops", &c, &caret), LINE_INVALID);
	assert_int_equal(exec_parse("no copy running-config startup-config", &c, &caret), LINE_INVALID);
	assert_int_equal(exec_parse("no ping 192.0.2.1", &c, &caret), LINE_INVALID);
	assert_int_equal(exec_parse("no", &c, &caret), LINE_INCOMPLETE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_clear_names_its_victim),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_debug),
		cmocka_unit_test(test_ping),
		cmocka_unit_test(test_traceroute),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
