/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "addr.h"

static struct addr
A(const char *s)
{
	struct addr a;

	assert_true(addr_parse(&a, s));
	return a;
}

static struct prefix
P(const char *s)
{
	struct prefix p;

	assert_true(prefix_parse(&p, s));
	return p;
}

static void
test_text_there_and_back(void **state)
{
	static const char *const good[] = {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "2001:DB8::1"};
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "R1", ":::"};
	struct addr a = A("192.0.2.9");

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct addr b = A(good[i]);

		assert_string_equal(ADDR_STR(&b), good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(addr_parse(&a, bad[i]));
	assert_string_equal(ADDR_STR(&a), "192.0.2.9");
	a = (struct addr){0};
	assert_false(addr_is_set(&a));
	assert_string_equal(ADDR_STR(&a), "unset");
}

static void
test_v4_number(void **state)
{
	struct addr a = addr_v4(0xc0000201), b = A("192.0.2.1"), six = A("::1");

	(void)state;
	assert_true(addr_eq(&a, &b));
	assert_int_equal(memcmp(&a, &b, sizeof(a)), 0);
	assert_int_equal(addr_to_v4(&b), 0xc0000201);
	assert_int_equal(addr_to_v4(&six), 0);
}

static void
test_order(void **state)
{
	struct addr none = {0}, low = A("10.0.0.9"), high = A("10.0.0.10"), six = A("::");

	(void)state;
	assert_true(addr_cmp(&none, &low) < 0);
	assert_true(addr_cmp(&low, &high) < 0);
	assert_true(addr_cmp(&high, &six) < 0);
	assert_int_equal(addr_cmp(&none, &none), 0);
	assert_false(addr_eq(&six, &none));
}

static void
test_kinds(void **state)
{
	struct addr group = A("239.1.2.3"), below = A("223.255.255.255"), above = A("240.0.0.1");
	struct addr any = A("0.0.0.0"), none = {0};

	(void)state;
	assert_true(addr_is_multicast(&group));
	assert_false(addr_is_multicast(&below));
	assert_false(addr_is_multicast(&above));
	assert_true(addr_is_any(&any));
	assert_false(addr_is_any(&none));
}

static void
test_prefix_contains(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool in;
	} rows[] = {
		{"10.1.0.0/16", "10.1.255.255", true}, {"10.1.0.0/16", "10.2.0.0", false},
		{"10.1.2.0/23", "10.1.3.9", true}, {"10.1.2.0/23", "10.1.4.0", false},
		{"0.0.0.0/0", "8.8.8.8", true}, {"0.0.0.0/0", "::1", false},
		{"192.0.2.1/32", "192.0.2.1", true}, {"192.0.2.1/32", "192.0.2.2", false},
		{"2001:db8::/127", "2001:db8::1", true}, {"2001:db8::/128", "2001:db8::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct prefix p = P(rows[i].prefix);
		struct addr a = A(rows[i].addr);

		assert_int_equal(prefix_contains(&p, &a), rows[i].in);
	}
}

/* Each length of both families, with the last bit that counts and the first that does not. */
static void
test_prefix_lengths(void **state)
{
	static const char *const hosts[] = {"10.171.205.99", "2001:db8:abcd:5555:aaaa:1234:89ab:cdef"};
	unsigned int bits, len;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct prefix p = {.addr = A(hosts[i])};
		struct addr other;

		bits = 8 * addr_bytes(&p.addr);
		for (len = 0; len <= bits; len++) {
			p.len = (uint8_t)len;
			other = p.addr;
			assert_true(prefix_contains(&p, &other));
			if (len < bits)
				other.b[len / 8] ^= (uint8_t)(0x80 >> (len % 8));
			assert_true(prefix_contains(&p, &other));
			if (len == 0)
				continue;
			other.b[(len - 1) / 8] ^= (uint8_t)(0x80 >> ((len - 1) % 8));
			assert_false(prefix_contains(&p, &other));
		}
	}
}

static void
test_prefix_text(void **state)
{
	static const char *const bad[] = {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/8x", "/8", "10.0.0.0/ 8", "::/129",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc/8"};
	struct prefix p = P("10.9.8.7/24"), net = prefix_network(&p), wide = P("10.0.0.0/8");

	(void)state;
	assert_string_equal(PREFIX_STR(&p), "10.9.8.7/24");
	assert_string_equal(PREFIX_STR(&net), "10.9.8.0/24");
	assert_false(prefix_eq(&p, &net));
	assert_true(prefix_overlaps(&wide, &p));
	assert_true(prefix_overlaps(&p, &wide));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(prefix_parse(&p, bad[i]));
	assert_string_equal(PREFIX_STR(&p), "10.9.8.7/24");
}

static void
test_masks(void **state)
{
	static const char *const holes[] = {"255.0.255.0", "0.0.0.255", "0.255.255.255", "255.255.255.253"};
	struct addr m;

	(void)state;
	for (unsigned int len = 0; len <= 32; len++) {
		m = prefix_mask(ADDR_V4, len);
		assert_int_equal(mask_len(&m), len);
	}
	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
		m = A(holes[i]);
		assert_int_equal(mask_len(&m), -1);
	}
	for (unsigned int len = 0; len <= 128; len++) {
		m = prefix_mask(ADDR_V6, len);
		assert_int_equal(mask_len(&m), len);
	}
	m = A("ffff:0:ffff::");
	assert_int_equal(mask_len(&m), -1);
	m = (struct addr){0};
	assert_int_equal(mask_len(&m), -1);
}

static void
test_socket_addresses(void **state)
{
	static const char *const rows[] = {"192.0.2.1", "2001:DB8::1"};
	struct sockaddr_storage ss;
	struct addr a, none = {0};
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		a = A(rows[i]);
		assert_int_not_equal(addr_to_sockaddr(&a, 4500, &ss), 0);
		a = none;
		assert_true(addr_from_sockaddr(&a, &port, (struct sockaddr *)&ss));
		assert_string_equal(ADDR_STR(&a), rows[i]);
		assert_int_equal(port, 4500);
	}
	assert_int_equal(addr_to_sockaddr(&none, 1, &ss), 0);
	assert_false(addr_from_sockaddr(&a, &port, (struct sockaddr *)&ss));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_there_and_back),
		cmocka_unit_test(test_v4_number),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_prefix_contains),
		cmocka_unit_test(test_prefix_lengths),
		cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_socket_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
