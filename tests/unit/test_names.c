/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "names.h"

static void
test_spellings(void **state)
{
	static const struct {
		const char *typed, *full, *brief;
	} rows[] = {
		{"GigabitEthernet0/0", "GigabitEthernet0/0", "Gi0/0"},
		{"gi0/1", "GigabitEthernet0/1", "Gi0/1"},
		{"g 2", "GigabitEthernet2", "Gi2"},
		{"GigabitEthernet 0/3", "GigabitEthernet0/3", "Gi0/3"},
		{"tunnel100", "Tunnel100", "Tu100"},
		{"Tu 0", "Tunnel0", "Tu0"},
		{"LOOPBACK7", "Loopback7", "Lo7"},
		{"tunnel2147483647", "Tunnel2147483647", "Tu2147483647"},
	};
	char buf[IFACE_NAME_MAX];
	struct iface_id id;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(iface_parse(&id, rows[i].typed));
		assert_string_equal(iface_name(&id, buf), rows[i].full);
		assert_string_equal(iface_short_name(&id, buf), rows[i].brief);
	}
}

static void
test_no_interface_names(void **state)
{
	static const char *const bad[] = {"", "0/0", "Tunnel", "Tunnel-1", "Tunnel0/0", "Tunnel0x",
		"GigabitEthernet0/", "GigabitEthernet/0", "GigabitEthernet0/0/0", "GigabitEthernetX0",
		"Ethernet0", "Tunnel2147483648", "Tunnel99999999999999999999", "eth0"};
	struct iface_id id = {.type = IFACE_TUNNEL, .unit = 5};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(iface_parse(&id, bad[i]));
	assert_int_equal(id.unit, 5);
}

static void
test_running_config_order(void **state)
{
	static const char *const order[] = {"Loopback0", "Loopback10", "Tunnel2", "Tunnel10",
		"GigabitEthernet0", "GigabitEthernet3", "GigabitEthernet0/0", "GigabitEthernet0/1",
		"GigabitEthernet1/0"};
	struct iface_id a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = 0; j < sizeof(order) / sizeof(order[0]); j++) {
			assert_true(iface_parse(&a, order[i]) && iface_parse(&b, order[j]));
			assert_int_equal((iface_cmp(&a, &b) > 0) - (iface_cmp(&a, &b) < 0),
			    (i > j) - (i < j));
		}
}

static void
test_linux_names_fit(void **state)
{
	struct iface_id id;
	char buf[16];

	(void)state;
	assert_true(iface_parse(&id, "Tunnel0"));
	iface_linux_name(&id, buf);
	assert_string_equal(buf, "Tunnel0");
	assert_true(iface_parse(&id, "Loopback2147483647"));
	iface_linux_name(&id, buf);
	assert_string_equal(buf, "Lo2147483647");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_no_interface_names),
		cmocka_unit_test(test_running_config_order),
		cmocka_unit_test(test_linux_names_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
