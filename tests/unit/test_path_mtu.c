/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MTU of a way: what is believed of it, how long, and what follows; and ICMP errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "inner.h"
#include "ipc_msgs.h"
#include "path_icmp.h"
#include "path_mtu.h"

static const struct path_trust usual = {576, 10};

static void
errors_lower_it(void **state)
{
	struct path_mtu w = {0};
	mono_t now = mono_s(100);

	(void)state;
	path_mtu_set_link(&w, 1500);
	assert_int_equal(w.mtu, 1500);
	assert_false(path_mtu_learn(&w, 1500, &usual, now));
	assert_false(path_mtu_learn(&w, 9000, &usual, now));
	assert_true(path_mtu_learn(&w, 1400, &usual, now));
	assert_int_equal(w.mtu, 1400);
	assert_false(path_mtu_learn(&w, 1450, &usual, now));	/* only age raises it */
	assert_true(path_mtu_learn(&w, 1300, &usual, now));
	path_mtu_set_link(&w, 1280);
	assert_int_equal(w.mtu, 1280);
	path_mtu_set_link(&w, 9000);
	assert_int_equal(w.mtu, 1300);
	path_mtu_age(&w, mono_s(100 + 599));
	assert_int_equal(w.mtu, 1300);
	path_mtu_age(&w, mono_s(100 + 600));
	assert_int_equal(w.mtu, 9000);
}

static void
for_ever(void **state)
{
	static const struct path_trust trust = {576, 0};
	struct path_mtu w = {0};

	(void)state;
	assert_true(path_mtu_learn(&w, 1400, &trust, mono_s(1)));	/* the device is not known yet */
	path_mtu_age(&w, mono_s(1000000));
	assert_int_equal(w.mtu, 1400);
	path_mtu_forget(&w);
	assert_int_equal(w.mtu, 0);
}

static void
not_below_the_least(void **state)
{
	struct path_mtu w = {0};

	(void)state;
	path_mtu_set_link(&w, 1500);
	assert_true(path_mtu_learn(&w, 68, &usual, mono_s(1)));
	assert_int_equal(w.mtu, 576);
	assert_true(w.narrow);
	assert_false(path_mtu_learn(&w, 68, &usual, mono_s(2)));	/* a flood of them is not news */
	path_mtu_age(&w, mono_s(601));
	assert_int_equal(w.mtu, 1500);
	assert_false(w.narrow);
}

/* --- what follows for a packet --- */

static enum path_fit
fits(uint8_t df, bool after, bool learns, bool narrow, uint8_t version, bool inner_df, size_t len,
    bool *outer_df)
{
	struct path_rule r = {df, after, learns};
	struct path_mtu w = {.mtu = 1500, .narrow = narrow};
	struct inner in = {.version = version, .df = inner_df, .len = len};

	return path_fit(&r, &w, &in, 1400, outer_df);
}

static void
rules(void **state)
{
	static const struct {
		uint8_t df;
		bool after, learns, narrow;
		uint8_t version;
		bool inner_df;
		size_t len;
		enum path_fit fit;
		bool outer_df;
	} rows[] = {
		/* df, after, learns, narrow, version, its DF, length */
		{IPC_DF_COPY, false, true, false, 4, true, 1400, PATH_WHOLE, true},
		{IPC_DF_COPY, false, true, false, 4, false, 1400, PATH_WHOLE, false},
		{IPC_DF_COPY, false, true, false, 4, false, 1401, PATH_CUT, false},
		{IPC_DF_COPY, false, true, false, 4, true, 1401, PATH_TELL, true},
		{IPC_DF_COPY, true, true, false, 4, false, 1401, PATH_WHOLE, false},
		{IPC_DF_COPY, true, true, false, 4, true, 1401, PATH_TELL, true},
		{IPC_DF_COPY, false, true, false, 6, true, 1401, PATH_TELL, true},
		{IPC_DF_CLEAR, false, true, false, 4, true, 1400, PATH_WHOLE, false},
		{IPC_DF_CLEAR, false, true, false, 4, true, 1401, PATH_CUT, false},
		{IPC_DF_CLEAR, true, true, false, 4, true, 1401, PATH_WHOLE, false},
		{IPC_DF_CLEAR, false, true, false, 6, true, 1401, PATH_WHOLE, false},
		{IPC_DF_SET, false, true, false, 4, false, 1400, PATH_WHOLE, true},
		{IPC_DF_SET, true, true, false, 4, false, 1401, PATH_CUT, true},
		{IPC_DF_SET, false, true, false, 4, true, 1401, PATH_TELL, true},
		/* below the least that is believed nobody can be asked for less */
		{IPC_DF_COPY, false, true, true, 4, true, 1400, PATH_WHOLE, false},
		{IPC_DF_COPY, false, true, true, 4, true, 1401, PATH_CUT, false},
		/* GRE without path MTU discovery */
		{IPC_DF_COPY, false, false, false, 4, true, 1401, PATH_WHOLE, false},
		{IPC_DF_COPY, false, false, false, 4, false, 1401, PATH_CUT, false},
		{IPC_DF_COPY, false, false, false, 6, true, 1401, PATH_WHOLE, false},
	};
	bool df;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (fits(rows[i].df, rows[i].after, rows[i].learns, rows[i].narrow, rows[i].version,
		    rows[i].inner_df, rows[i].len, &df) != rows[i].fit || df != rows[i].outer_df)
			fail_msg("row %zu", i);
	}
}

/* RFC 8200 5: who sends 1280 bytes of IPv6 need not send less. */
static void
ipv6_has_a_least(void **state)
{
	struct path_rule r = {IPC_DF_COPY, false, true};
	struct path_mtu w = {.mtu = 1300};
	struct inner in = {.version = 6, .df = true, .len = 1280};
	bool df;

	(void)state;
	assert_int_equal(path_fit(&r, &w, &in, 1200, &df), PATH_WHOLE);
	assert_false(df);
	in.len = 1281;
	assert_int_equal(path_fit(&r, &w, &in, 1200, &df), PATH_TELL);
}

/* --- errors --- */

/* "Fragmentation needed" about ESP from 192.0.2.1 to 192.0.2.2, as a raw socket gives it. */
static size_t
frag_needed(uint8_t *p, uint16_t mtu, uint8_t proto, const uint8_t *behind, size_t n)
{
	static const uint8_t outer[20] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 1, 0, 0, 198, 51, 100, 9,
	    192, 0, 2, 1};
	static const uint8_t quoted[20] = {0x45, 0, 0x05, 0xdc, 0, 0, 0x40, 0, 64, 0, 0, 0,
	    192, 0, 2, 1, 192, 0, 2, 2};
	uint16_t sum;

	memcpy(p, outer, 20);
	memset(p + 20, 0, 8);
	p[20] = 3;
	p[21] = 4;
	p[26] = (uint8_t)(mtu >> 8);
	p[27] = (uint8_t)mtu;
	memcpy(p + 28, quoted, 20);
	p[37] = proto;
	memcpy(p + 48, behind, n);
	sum = checksum_fold(checksum_add(0, p + 20, 28 + n));
	memcpy(p + 22, &sum, 2);
	return 48 + n;
}

static void
fragmentation_needed(void **state)
{
	static const uint8_t esp[8] = {0x12, 0x34, 0x56, 0x78, 0, 0, 0, 9};
	static const uint8_t udp[12] = {0x11, 0x94, 0x9c, 0x40, 0, 20, 0, 0, 0x12, 0x34, 0x56, 0x78};
	static const uint8_t gre[8] = {0x20, 0, 8, 0, 0, 0, 0, 42};
	struct path_icmp says;
	uint8_t p[128];
	size_t n = frag_needed(p, 1400, IPPROTO_ESP, esp, 8);

	(void)state;
	assert_true(path_icmp_read(&says, slice_of(p, n), false));
	assert_int_equal(says.mtu, 1400);
	assert_int_equal(says.spi, 0x12345678);
	assert_string_equal(ADDR_STR(&says.local), "192.0.2.1");
	assert_string_equal(ADDR_STR(&says.remote), "192.0.2.2");
	assert_false(path_icmp_read(&says, slice_of(p, n - 5), false));
	p[30]++;
	assert_false(path_icmp_read(&says, slice_of(p, n), false));	/* its checksum */
	n = frag_needed(p, 0, IPPROTO_ESP, esp, 8);
	assert_true(path_icmp_read(&says, slice_of(p, n), false));
	assert_int_equal(says.mtu, 1492);				/* RFC 1191 7.1 */
	n = frag_needed(p, 1500, IPPROTO_ESP, esp, 8);
	assert_false(path_icmp_read(&says, slice_of(p, n), false));	/* it would have fitted */
	n = frag_needed(p, 1400, IPPROTO_UDP, udp, 12);
	assert_true(path_icmp_read(&says, slice_of(p, n), false));
	assert_int_equal(says.local_port, 4500);
	assert_int_equal(says.remote_port, 40000);
	assert_int_equal(says.spi, 0x12345678);
	n = frag_needed(p, 1400, IPPROTO_UDP, udp, 8);
	assert_false(path_icmp_read(&says, slice_of(p, n), false));	/* anybody can guess ports */
	n = frag_needed(p, 1400, IPPROTO_GRE, gre, 8);
	assert_true(path_icmp_read(&says, slice_of(p, n), false));
	assert_true(says.has_key);
	assert_int_equal(says.key, 42);
	n = frag_needed(p, 1400, IPPROTO_TCP, esp, 8);
	assert_false(path_icmp_read(&says, slice_of(p, n), false));
}

static void
packet_too_big(void **state)
{
	uint8_t p[64] = {2, 0, 0, 0, 0, 0, 0x05, 0x00, 0x60, 0, 0, 0, 5, 0x78, IPPROTO_ESP, 64};
	struct path_icmp says;

	(void)state;
	p[16] = p[32] = 0xfd;
	p[31] = 1;
	p[47] = 2;
	memcpy(p + 48, "\x12\x34\x56\x78", 4);
	assert_true(path_icmp_read(&says, slice_of(p, 52), true));
	assert_int_equal(says.mtu, 1280);
	assert_int_equal(says.spi, 0x12345678);
	assert_string_equal(ADDR_STR(&says.remote), "FD00::2");
	p[6] = 0x04;					/* RFC 8201 4: no link is that narrow */
	p[7] = 0xff;
	assert_false(path_icmp_read(&says, slice_of(p, 52), true));
	p[6] = 0x05;
	p[7] = 0;
	memmove(p + 56, p + 48, 4);			/* the kernel had cut it: the first fragment */
	memset(p + 48, 0, 8);
	p[14] = 44;
	p[48] = IPPROTO_ESP;
	p[51] = 1;
	assert_true(path_icmp_read(&says, slice_of(p, 60), true));
	assert_int_equal(says.proto, IPPROTO_ESP);
	assert_int_equal(says.spi, 0x12345678);
	p[50] = 1;					/* a later one has no SPI */
	assert_false(path_icmp_read(&says, slice_of(p, 60), true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_lower_it),
		cmocka_unit_test(for_ever),
		cmocka_unit_test(not_below_the_least),
		cmocka_unit_test(rules),
		cmocka_unit_test(ipv6_has_a_least),
		cmocka_unit_test(fragmentation_needed),
		cmocka_unit_test(packet_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
