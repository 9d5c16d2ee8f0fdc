/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "config_session.h"
#include "kernel_route.h"

#define LOWER_UP (1u << 16)

/* wan0 10.0.0.0/24, lan0 10.1.0.0/24, both up; Tunnel0 without a carrier. */
static struct kernel_link links[] = {
	{.index = 2, .name = "wan0", .flags = IFF_UP | LOWER_UP},
	{.index = 3, .name = "lan0", .flags = IFF_UP | LOWER_UP},
	{.index = 4, .name = "Tunnel0", .flags = IFF_UP},
};
static struct kernel_route table[8];

static const struct nics nics = {.count = 2, .nic = {
    {.id = {.type = IFACE_GIGABIT, .has_slot = true}, .ifname = "wan0"},
    {.id = {.type = IFACE_GIGABIT, .has_slot = true, .port = 1}, .ifname = "lan0"}}};

static void
put(struct kernel *k, const char *prefix, int index, uint8_t protocol)
{
	struct kernel_route *r = &table[k->routes++];

	*r = (struct kernel_route){.index = index, .protocol = protocol, .type = RTN_UNICAST};
	assert_true(prefix_parse(&r->prefix, prefix));
}

/* The plan in words: "10.9.0.0/16 via 10.0.0.9 dev 2; ". */
static void
check_plan(const char *config, bool with_ospf, const char *expected)
{
	struct kernel k = {.link = links, .links = 3, .route = table};
	struct conf *c = conf_new();
	struct config_error *errors = NULL;
	struct kernel_route_want *plan;
	struct text out = {0};
	size_t count, i, h;

	put(&k, "10.0.0.0/24", 2, RTPROT_KERNEL);
	put(&k, "10.1.0.0/24", 3, RTPROT_KERNEL);
	put(&k, "2001:db8::/64", 2, RTPROT_KERNEL);
	if (with_ospf)
		put(&k, "10.9.0.0/16", 3, RTPROT_OSPF);
	assert_int_equal(config_text_apply(c, config, &errors), 0);
	plan = kernel_route_plan(&k, c, &nics, &count);
	for (i = 0; i < count; i++) {
		text_add(&out, "%s", PREFIX_STR(&plan[i].prefix));
		for (h = 0; h < plan[i].hops; h++)
			text_add(&out, " via %s dev %d", ADDR_STR(&plan[i].hop[h].gateway), plan[i].hop[h].index);
		text_add(&out, plan[i].blackhole ? " blackhole; " : "; ");
	}
	assert_string_equal(text_str(&out), expected);
	text_free(&out);
	free(plan);
	conf_free(c);
}

static void
gateways_are_resolved(void **state)
{
	(void)state;
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9\n", false, "10.9.0.0/16 via 10.0.0.9 dev 2; ");
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9\nip route 10.10.0.0 255.255.0.0 10.9.0.1\n"
	    "ip route 10.11.0.0 255.255.0.0 10.10.0.1\n", false,
	    "10.9.0.0/16 via 10.0.0.9 dev 2; 10.10.0.0/16 via 10.0.0.9 dev 2; "
	    "10.11.0.0/16 via 10.0.0.9 dev 2; ");
	check_plan("ip route 10.9.0.0 255.255.0.0 10.7.0.1\n", false, "");
	check_plan("ip route 10.9.0.0 255.255.0.0 Null0\n", false, "10.9.0.0/16 blackhole; ");
}

/* Of IPv6 by IPv6's routes; what is on a link needs no way to it. */
static void
ipv6_is_resolved(void **state)
{
	(void)state;
	check_plan("ipv6 route 2001:db8:5::/48 2001:db8::9\nipv6 route 2001:db8:6::/48 2001:db8:5::1\n", false,
	    "2001:DB8:5::/48 via 2001:DB8::9 dev 2; 2001:DB8:6::/48 via 2001:DB8::9 dev 2; ");
	check_plan("ipv6 route ::/0 gi0/1 fe80::1\nip route 0.0.0.0 0.0.0.0 10.0.0.9\n", false,
	    "0.0.0.0/0 via 10.0.0.9 dev 2; ::/0 via FE80::1 dev 3; ");
	check_plan("ipv6 route 2001:db8:5::/48 2001:db8:7::1\n", false, "");
	check_plan("ipv6 route 2001:db8:5::/48 2001:db8:5::1\n", false, "");
}

/* A route must not hold itself up, alone or in a ring. */
static void
rings_are_not_installed(void **state)
{
	(void)state;
	check_plan("ip route 10.9.0.0 255.255.0.0 10.9.0.1\n", false, "");
	check_plan("ip route 10.9.0.0 255.255.0.0 10.10.0.1\nip route 10.10.0.0 255.255.0.0 10.9.0.1\n",
	    false, "");
}

static void
the_best_usable_distance_wins(void **state)
{
	(void)state;
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9 200\nip route 10.9.0.0 255.255.0.0 10.1.0.9\n",
	    false, "10.9.0.0/16 via 10.1.0.9 dev 3; ");
	check_plan("ip route 10.9.0.0 255.255.0.0 Tunnel0\nip route 10.9.0.0 255.255.0.0 10.0.0.9 200\n",
	    false, "10.9.0.0/16 via 10.0.0.9 dev 2; ");
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9\nip route 10.9.0.0 255.255.0.0 10.1.0.9\n",
	    false, "10.9.0.0/16 via 10.0.0.9 dev 2 via 10.1.0.9 dev 3; ");
}

static void
a_routing_protocol_may_be_better(void **state)
{
	(void)state;
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9 200\n", true, "");
	check_plan("ip route 10.9.0.0 255.255.0.0 10.0.0.9\n", true, "10.9.0.0/16 via 10.0.0.9 dev 2; ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways_are_resolved),
		cmocka_unit_test(ipv6_is_resolved),
		cmocka_unit_test(rings_are_not_installed),
		cmocka_unit_test(the_best_usable_distance_wins),
		cmocka_unit_test(a_routing_protocol_may_be_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
