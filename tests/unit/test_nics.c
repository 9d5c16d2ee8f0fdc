/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "nics.h"

static void
the_smallest_form_is_read(void **state)
{
	static const char text[] = "interfaces:   # IOS name: NIC\n  GigabitEthernet0/1: lan0\n  Gi0/0: wan0\nworkers: 3\n";
	struct nics n;
	struct iface_id id;
	char why[256] = "", name[16];

	(void)state;
	assert_true(nics_parse(&n, "c.yaml", text, strlen(text), why));
	assert_int_equal(n.count, 2);
	assert_int_equal(n.workers, 3);
	assert_string_equal(n.nic[0].ifname, "wan0");
	assert_true(iface_parse(&id, "GigabitEthernet0/1"));
	assert_true(nics_linux_name(&n, &id, name));
	assert_string_equal(name, "lan0");
	assert_true(nics_ios_id(&n, "Tunnel5", &id));
	assert_int_equal(id.unit, 5);
	assert_false(nics_ios_id(&n, "tun5", &id));
	assert_false(nics_ios_id(&n, "eth0", &id));
}

static void
errors_say_where_and_what_was_expected(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"interfaces:\n  Gi0/0: a\n  Ethernet0: b\n",
		    "c.yaml:3: expected an interface such as GigabitEthernet0/0, found \"Ethernet0\""},
		{"interfaces:\n  Gi0/0: [a, b]\n",
		    "c.yaml:2: expected the Linux name of the NIC that is Gi0/0 (1 to 15 characters)"},
		{"interfaces:\n  Gi0/0: a-name-far-too-long\n",
		    "c.yaml:2: expected the Linux name of the NIC that is Gi0/0 (1 to 15 characters)"},
		{"interfaces:\n  Gi0/0: a\n  Gi0/0: b\n", "c.yaml:3: Gi0/0 is there twice (line 2)"},
		{"interfaces:\n  Gi0/0: a\n  Gi0/1: a\n", "c.yaml:3: NIC a is there twice (line 2)"},
		{"interfaces:\n  - Gi0/0\n",
		    "c.yaml:2: expected lines of the form GigabitEthernet0/0: NIC under interfaces"},
		{"\nnics: {}\n", "c.yaml:2: expected interfaces or workers, found \"nics\""},
		{"workers: 9\n", "c.yaml:1: expected a number of workers from 1 to 8"},
		{"workers: two\n", "c.yaml:1: expected a number of workers from 1 to 8"},
		{"just words\n", "c.yaml:1: expected interfaces:"},
		{"interfaces:\n  Gi0/0: a\n Gi0/1: b\n", "c.yaml:3: not YAML: did not find expected key"},
	};
	struct nics n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char why[256] = "";

		assert_false(nics_parse(&n, "c.yaml", cases[i].text, strlen(cases[i].text), why));
		assert_string_equal(why, cases[i].why);
	}
}

static void
without_a_file_nics_are_numbered_by_name(void **state)
{
	static const char names[][16] = {"eth10", "eth2", "ens1"};
	static const char empty[] = "# nothing yet\n";
	struct iface_id id;
	struct nics n;
	char why[256] = "";

	(void)state;
	nics_by_name(&n, names, 3);
	assert_true(iface_parse(&id, "Gi0/1"));
	assert_string_equal(nics_find(&n, &id)->ifname, "eth2");
	assert_true(iface_parse(&id, "Gi0/2"));
	assert_string_equal(nics_find(&n, &id)->ifname, "eth10");
	assert_true(nics_parse(&n, "c.yaml", empty, strlen(empty), why));
	assert_int_equal(n.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_form_is_read),
		cmocka_unit_test(errors_say_where_and_what_was_expected),
		cmocka_unit_test(without_a_file_nics_are_numbered_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
