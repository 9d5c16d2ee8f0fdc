/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gre.h"

static const char *
read_bytes(const uint8_t *p, size_t len, struct gre *g, struct slice *payload)
{
	return gre_read(g, slice_of(p, len), payload);
}

static void
there_and_back(void **state)
{
	struct gre with = {.protocol = GRE_NHRP, .has_key = true, .key = 0xdeadbeef}, g;
	struct gre without = {.protocol = GRE_IPV4};
	uint8_t b[GRE_HEADER_MAX + 3] = {0};
	struct slice payload;

	(void)state;
	gre_write(b, &with);
	assert_null(read_bytes(b, sizeof(b), &g, &payload));
	assert_int_equal(g.protocol, GRE_NHRP);
	assert_true(g.has_key);
	assert_int_equal(g.key, 0xdeadbeef);
	assert_int_equal(payload.len, 3);
	gre_write(b, &without);
	assert_null(read_bytes(b, 4, &g, &payload));
	assert_false(g.has_key);
	assert_int_equal(payload.len, 0);
}

static void
checksum_and_sequence(void **state)
{
	/* C, K and S; the checksum is the ones' complement of the other words' sum. */
	uint8_t b[] = {0xb0, 0, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1, 0xaa};
	struct slice payload;
	struct gre g;

	(void)state;
	assert_string_equal(read_bytes(b, sizeof(b), &g, &payload), "bad checksum");
	/* b000 + 0800 + 0007 + 0001 + aa00 = 16208 -> 6209 */
	b[4] = (uint8_t)(~0x6209 >> 8);
	b[5] = (uint8_t)~0x09;
	assert_null(read_bytes(b, sizeof(b), &g, &payload));
	assert_int_equal(g.key, 7);
	assert_int_equal(payload.len, 1);
}

static void
refused(void **state)
{
	static const struct {
		uint8_t b[8];
		size_t len;
	} bad[] = {
		{{0x00, 0x01, 0x88, 0x0b}, 4},		/* version 1: PPTP */
		{{0x40, 0x00, 0x08, 0x00}, 4},		/* source routing */
		{{0x08, 0x00, 0x08, 0x00}, 4},		/* strict source route */
		{{0x20, 0x00, 0x08, 0x00, 0, 0}, 6},	/* a key cut short */
		{{0x00, 0x00, 0x08}, 3},
	};
	struct slice payload;
	struct gre g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(read_bytes(bad[i].b, bad[i].len, &g, &payload));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(checksum_and_sequence),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
