/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lab's file: what it becomes, and what is said about each way to get it wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab.h"
#include "lab_run.h"

#define HOST(name, link, address) #name ": {type: host, link: " link ", address: " address "}\n"

/* What lab_check.c wants of the rest of culvert-lab. */
int
run_capture(const char *netns, const char *const argv[], char *out, size_t size)
{
	(void)netns;
	(void)argv;
	snprintf(out, size, "%s", "");
	return 0;
}

static struct lab *
load(const char *text, char *err)
{
	struct lab *lab = lab_parse("dir/try.yaml", text, strlen(text), err);

	if (lab != NULL && !lab_check(lab, err)) {
		lab_free(lab);
		lab = NULL;
	}
	return lab;
}

static void
refused(const char *text, const char *expected)
{
	char err[LAB_ERR_MAX];
	struct lab *lab = load(text, err);

	if (lab != NULL || strncmp(err, expected, strlen(expected)) != 0)
		fail_msg("expected \"%s\", got \"%s\"", expected, lab != NULL ? "no error" : err);
}

static void
test_whole(void **state)
{
	static const char text[] =
	    "nodes:\n"
	    "  r1:\n"
	    "    type: router\n"
	    "    config: /dev/null\n"
	    "    interfaces: {Gi0/0: wan, GigabitEthernet0/1: lan}\n"
	    "  h1: {gateway: 10.1.0.1, address: 10.1.0.10/24, link: lan, type: host}\n"
	    "  isp: {type: transit, links: [wan, wan-nat]}\n"
	    "  box:\n"
	    "    type: nat\n"
	    "    inside: {link: home, address: 10.1.0.1/24}\n"
	    "    outside: {link: wan-nat, address: 203.0.113.2/24}\n"
	    "    gateway: 203.0.113.1\n"
	    "  h2: {type: host, link: home, address: 10.1.0.10/24}\n";
	char err[LAB_ERR_MAX];
	struct lab *lab = load(text, err);
	struct lab_node *node;

	(void)state;
	if (lab == NULL)
		fail_msg("%s", err);
	assert_string_equal(lab->name, "try");
	node = lab_node_find(lab, "r1");
	assert_int_equal(node->type, LAB_ROUTER);
	assert_string_equal(node->config, "/dev/null");
	assert_string_equal(node->ends->ios, "GigabitEthernet0/0");
	assert_string_equal(node->ends->link, "wan");
	node = lab_node_find(lab, "box");
	assert_true(node->ends->inside);
	assert_false(node->ends->next->inside);
	/* wan and wan-nat are joined by the bridge. */
	assert_int_equal(node->ends->next->segment, lab_node_find(lab, "r1")->ends->segment);
	assert_int_not_equal(node->ends->segment, node->ends->next->segment);
	assert_null(lab_node_find(lab, "isp")->ends->next->next);
	assert_null(lab_node_find(lab, "nobody"));
	lab_free(lab);
}

static void
test_config_is_beside_the_file(void **state)
{
	static const char text[] = "nodes:\n"
	    "  r: {type: router, config: a/r.cfg, interfaces: {gi0/0: x}}\n";
	char err[LAB_ERR_MAX];
	struct lab *lab = lab_parse("dir/try.yaml", text, strlen(text), err);

	(void)state;
	assert_non_null(lab);
	assert_string_equal(lab->nodes->config, "dir/a/r.cfg");
	lab_free(lab);
}

static void
test_shape(void **state)
{
	(void)state;
	refused("", "dir/try.yaml:1: expected \"nodes:\", the file is empty");
	refused("nodes: [a, b]\n", "dir/try.yaml:1: expected a map of nodes");
	refused("nodes: {}\n", "dir/try.yaml:1: expected at least one node");
	refused("node:\n  a: 1\n", "dir/try.yaml:1: expected \"nodes:\", got \"node\"");
	refused("nodes:\n  a: {type: host\n", "dir/try.yaml:3: ");
	refused("nodes:\n\ta: 1\n", "dir/try.yaml:2: ");
	refused("nodes:\n  a: router\n", "dir/try.yaml:2: expected what the node is");
	refused("nodes:\n  a: {link: x}\n", "dir/try.yaml:2: node a has no type");
	refused("nodes:\n  a: {type: hub}\n",
	    "dir/try.yaml:2: expected router, host, nat or transit, got \"hub\"");
	refused("nodes:\n  a: {type: host, links: [x]}\n", "dir/try.yaml:2: a host has no \"links\"");
	refused("nodes:\n  a: {type: host, link: x}\n", "dir/try.yaml:2: host a has no \"address\"");
	refused("nodes:\n  a/b: {type: host}\n", "dir/try.yaml:2: expected a node's name");
	refused("nodes:\n  a: {type: transit, links: []}\n", "dir/try.yaml:2: expected a list of links");
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24") "  " HOST(a, "x", "10.0.0.2/24"),
	    "dir/try.yaml:3: \"a\" is here twice");
}

static void
test_words(void **state)
{
	(void)state;
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1"),
	    "dir/try.yaml:2: expected an IPv4 address with its prefix length");
	refused("nodes:\n  " HOST(a, "x", "10.0.0.0/24"), "dir/try.yaml:2: expected the address of a host");
	refused("nodes:\n  " HOST(a, "lo", "10.0.0.1/24"), "dir/try.yaml:2: expected the name of a link");
	refused("nodes:\n  " HOST(a, "Tunnel0", "10.0.0.1/24"),
	    "dir/try.yaml:2: expected the name of a link");
	refused("nodes:\n  " HOST(a, "longer-than-linux-has", "10.0.0.1/24"),
	    "dir/try.yaml:2: expected the name of a link");
	refused("nodes:\n  a:\n    type: host\n    link: x\n    address: 10.0.0.1/24\n    gateway: up\n",
	    "dir/try.yaml:6: expected the IPv4 address of a gateway");
	refused("nodes:\n  r:\n    type: router\n    config: c\n    interfaces:\n      eth0: x\n",
	    "dir/try.yaml:6: expected GigabitEthernet and its number, got \"eth0\"");
	refused("nodes:\n  r:\n    type: router\n    config: c\n    interfaces:\n"
	    "      gi0/0: x\n      GigabitEthernet0/0: y\n",
	    "dir/try.yaml:7: GigabitEthernet0/0 is here twice");
	refused("nodes:\n  n: {type: nat, inside: {link: x}, outside: {link: y}}\n",
	    "dir/try.yaml:2: expected a link and an address");
}

static void
test_links(void **state)
{
	(void)state;
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24"), "dir/try.yaml:2: link x has one end, at a");
	refused("nodes:\n  t: {type: transit, links: [x, x]}\n",
	    "dir/try.yaml:2: link x is used twice at t");
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24") "  " HOST(b, "x", "10.0.0.2/24")
	    "  " HOST(c, "x", "10.0.0.3/24"), "dir/try.yaml:2: link x is at a, b and c");
}

static void
test_addresses(void **state)
{
	static const char clash[] = "nodes:\n"
	    "  " HOST(a, "x", "10.0.0.1/24") "  " HOST(b, "y", "10.0.0.1/24")
	    "  t: {type: transit, links: [x, y]}\n";
	static const char elsewhere[] = "nodes:\n"
	    "  " HOST(a, "x", "10.0.0.1/16") "  " HOST(b, "x", "10.0.0.2/16")
	    "  " HOST(c, "y", "10.0.1.1/24") "  " HOST(d, "y", "10.0.1.2/24");
	static const char gateway[] = "nodes:\n"
	    "  " HOST(a, "x", "10.0.0.1/24")
	    "  b: {type: host, link: x, address: 10.0.0.2/24, gateway: 10.0.1.1}\n";

	(void)state;
	refused(clash, "dir/try.yaml:3: 10.0.0.1/24 of b overlaps 10.0.0.1/24 of a, which is on the same");
	refused(elsewhere, "dir/try.yaml:4: 10.0.1.1/24 of c overlaps 10.0.0.1/16 of a, which is elsewhere");
	refused(gateway, "dir/try.yaml:3: expected the gateway of b on its own subnet");
}

static void
test_config_missing(void **state)
{
	(void)state;
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24")
	    "  r: {type: router, config: no-such.cfg, interfaces: {gi0/0: x}}\n",
	    "dir/try.yaml:3: the startup-config of r, dir/no-such.cfg, cannot be read");
}

static void
test_config_without_end(void **state)
{
	(void)state;
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24")
	    "  r: {type: router, config: /dev/zero, interfaces: {gi0/0: x}}\n",
	    "dir/try.yaml:3: the startup-config of r, /dev/zero, is not a file");
	refused("nodes:\n  " HOST(a, "x", "10.0.0.1/24")
	    "  r: {type: router, config: /, interfaces: {gi0/0: x}}\n",
	    "dir/try.yaml:3: the startup-config of r, /, is not a file");
}

static void
test_names(void **state)
{
	char name[LAB_NAME_MAX];

	(void)state;
	assert_true(lab_name_from_file(name, "etc/labs/dmvpn-nat.yaml"));
	assert_string_equal(name, "dmvpn-nat");
	assert_true(lab_name_from_file(name, "plain"));
	assert_string_equal(name, "plain");
	assert_false(lab_name_from_file(name, "/"));
	assert_false(lab_name_from_file(name, "a b.yaml"));
	assert_false(lab_name_from_file(name, ".yaml"));
	assert_false(lab_name_from_file(name, ".."));
	assert_false(lab_name_from_file(name, "a-name-that-is-longer-than-labs-have.yaml"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_config_is_beside_the_file),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_config_missing),
		cmocka_unit_test(test_config_without_end),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
