/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's answer to "which route", in a network namespace of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sched.h>
#include <stdlib.h>
#include <cmocka.h>

#include "route.h"

static unsigned int changes;

static void
changed(void *arg)
{
	(void)arg;
	changes++;
}

static void
sh(const char *command)
{
	assert_int_equal(system(command), 0);
}

static struct addr
address(const char *text)
{
	struct addr a;

	assert_true(addr_parse(&a, text));
	return a;
}

static void
routes_are_found_by_their_prefix(void **state)
{
	struct loop *l = loop_new();
	struct route *r;
	struct nhrp_route out;
	struct addr a;
	mono_t deadline;

	(void)state;
	if (unshare(CLONE_NEWNET) < 0)
		skip();
	sh("ip link set lo up");
	sh("ip link add lan0 type bridge && ip addr add 192.168.2.1/24 dev lan0 && "
	   "ip link set lan0 up");
	sh("ip link add Tunnel0 type bridge && ip addr add 10.0.0.2/24 dev Tunnel0 && "
	   "ip link set Tunnel0 up");
	sh("ip route add 192.168.0.0/16 via 10.0.0.1 dev Tunnel0");
	sh("ip route add blackhole 172.16.0.0/12");
	r = route_open(l, changed, NULL);
	assert_non_null(r);

	a = address("192.168.2.77");
	assert_true(route_lookup(r, &a, &out));
	assert_string_equal(PREFIX_STR(&out.prefix), "192.168.2.0/24");
	assert_string_equal(out.ifname, "lan0");
	assert_false(addr_is_set(&out.gateway));
	assert_false(out.local);

	a = address("192.168.9.9");
	assert_true(route_lookup(r, &a, &out));
	assert_string_equal(PREFIX_STR(&out.prefix), "192.168.0.0/16");
	assert_string_equal(out.ifname, "Tunnel0");
	assert_string_equal(ADDR_STR(&out.gateway), "10.0.0.1");

	a = address("192.168.2.1");
	assert_true(route_lookup(r, &a, &out));
	assert_true(out.local);

	a = address("172.16.1.1");
	assert_false(route_lookup(r, &a, &out));
	a = address("8.8.8.8");
	assert_false(route_lookup(r, &a, &out));

	sh("ip route del 192.168.0.0/16");
	deadline = mono_add(mono_clock(), mono_s(10));
	while (changes == 0 && mono_before(mono_clock(), deadline))
		loop_once(l, 100);
	assert_int_equal(changes, 1);
	route_close(r);
	loop_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_are_found_by_their_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
