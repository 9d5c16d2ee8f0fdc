/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration that IKE works by: lookups, and taking over a new one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "policy.h"

static void
add_key(struct ike_conf *c, const char *ring, const char *peer, const char *key)
{
	struct ipc_ike_key k = {0};

	snprintf(k.keyring, sizeof(k.keyring), "%s", ring);
	assert_true(prefix_parse(&k.peer, peer));
	secret_set(&k.secret, key, strlen(key));
	conf_set_psk(c, &k);
}

static const char *
key_for(const struct ike_conf *c, const char *peer)
{
	static char buf[SECRET_MAX + 1];
	const struct secret *s;
	struct addr a;

	assert_true(addr_parse(&a, peer));
	s = conf_psk_for(c, &a);
	if (s == NULL)
		return NULL;
	memcpy(buf, s->b, s->len);
	buf[s->len] = '\0';
	return buf;
}

static void
test_longest_prefix(void **state)
{
	struct ike_conf c = {0};

	(void)state;
	add_key(&c, "", "10.0.0.0/8", "wide");
	add_key(&c, "", "10.1.0.0/16", "narrow");
	add_key(&c, "RING", "10.1.2.3/32", "host");
	add_key(&c, "RING", "10.0.0.0/8", "ring");
	assert_string_equal(key_for(&c, "10.1.2.3"), "host");
	assert_string_equal(key_for(&c, "10.1.2.4"), "narrow");
	assert_string_equal(key_for(&c, "10.2.0.1"), "wide");
	assert_null(key_for(&c, "192.0.2.1"));
	add_key(&c, "", "0.0.0.0/0", "any");
	assert_string_equal(key_for(&c, "192.0.2.1"), "any");
	conf_clear(&c);
}

static void
count_gone(const struct conf_protection *p, void *arg)
{
	(void)p;
	++*(int *)arg;
}

static void
test_take_over(void **state)
{
	struct ike_conf c = {.global.enabled = 1};
	struct ipc_protection a = {.protection = "A", .local = addr_v4(1), .kind = TUNNEL_MGRE};
	struct ipc_protection b = {.protection = "B", .local = addr_v4(2), .remote = addr_v4(3),
	    .kind = TUNNEL_GRE};
	struct addr one = addr_v4(1), two = addr_v4(2), three = addr_v4(3), four = addr_v4(4);
	int gone = 0;

	(void)state;
	assert_false(conf_set_protection(&c, &a));
	assert_false(conf_set_protection(&c, &b));
	assert_true(conf_answers(&c, 1, &one, &four));
	assert_true(conf_answers(&c, 1, &two, &three));
	assert_false(conf_answers(&c, 1, &two, &four));
	conf_begin(&c);
	assert_false(conf_set_protection(&c, &a));	/* unchanged: nothing moves */
	conf_sweep(&c, count_gone, &gone);
	assert_int_equal(gone, 1);
	assert_null(conf_protection_find(&c, "B"));
	a.kind = TUNNEL_VTI;
	assert_true(conf_set_protection(&c, &a));
	c.global.enabled = 0;
	assert_false(conf_answers(&c, 1, &one, &four));
	conf_clear(&c);
}

static void
test_policies_by_priority(void **state)
{
	struct ipc_ike_policy p = {.priority = 20, .group = 14};
	struct p1_transform list[POLICIES_MAX];
	struct ike_conf c = {0};

	(void)state;
	conf_set_policy(&c, &p);
	p = (struct ipc_ike_policy){.priority = 10, .group = 19};
	conf_set_policy(&c, &p);
	p = (struct ipc_ike_policy){.priority = 20, .group = 20};
	conf_set_policy(&c, &p);
	assert_int_equal(conf_policies(&c, list), 2);
	assert_int_equal(list[0].group, 19);
	assert_int_equal(list[1].group, 20);
	conf_del_policy(&c, 10);
	assert_int_equal(conf_policies(&c, list), 1);
	conf_clear(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_longest_prefix),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_policies_by_priority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
