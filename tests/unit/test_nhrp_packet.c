/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NHRP on the wire: packets there and back, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "inet_sum.h"
#include "nhrp_ext.h"
#include "nhrp_packet.h"

/* A registration as IOS builds it: unique nat, one entry, 3 4 5 9 and the end. */
static const uint8_t registration[92] = {
	0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff,	/* IPv4, hops */
	0x00, 0x5c, 0x7e, 0x98, 0x00, 0x34,		/* size 92, checksum, extoff 52 */
	0x01, 0x03, 0x04, 0x00,				/* version, type, NBMA 4, none */
	0x04, 0x04, 0x80, 0x02, 0x00, 0x00, 0x00, 0x2a,	/* unique nat, ID 42 */
	198, 51, 100, 2, 10, 0, 0, 2, 10, 0, 0, 1,
	0x00, 0x20, 0x00, 0x00, 0x45, 0xfc, 0x1c, 0x20, 0x00, 0x00, 0x00, 0x00,
	0x80, 0x03, 0x00, 0x00,
	0x80, 0x04, 0x00, 0x00,
	0x80, 0x05, 0x00, 0x00,
	0x00, 0x09, 0x00, 0x14,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x04, 0x00,
	203, 0, 113, 1, 10, 0, 0, 1,
	0x80, 0x00, 0x00, 0x00,
};

static struct nhrp_packet
make_registration(void)
{
	struct nhrp_packet p = {.type = NHRP_REGISTRATION_REQUEST, .hops = NHRP_HOPS,
	    .flags = NHRP_REG_UNIQUE | NHRP_CISCO_NAT, .request_id = 42,
	    .src_nbma = addr_v4(0xc6336402), .src_proto = addr_v4(0x0a000002),
	    .dst_proto = addr_v4(0x0a000001), .cie_count = 1,
	    .cies = {{.prefix_len = 32, .mtu = 17916, .hold_s = 7200}}};
	struct nhrp_cie server = {.nbma = addr_v4(0xcb007101), .proto = addr_v4(0x0a000001)};

	nhrp_ext_add_records(&p);
	nhrp_ext_append(nhrp_ext_find(&p, NHRP_EXT_NAT), &server);
	return p;
}

static void
registration_is_what_ios_sends(void **state)
{
	struct nhrp_packet p = make_registration();
	uint8_t out[200];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, out, sizeof(out));
	nhrp_packet_write(&w, &p);
	assert_false(w.bad);
	assert_int_equal(wbuf_len(&w), 92);
	assert_memory_equal(out, registration, 92);
}

static void
registration_is_read(void **state)
{
	struct nhrp_packet p;
	struct nhrp_ext *nat;

	(void)state;
	assert_null(nhrp_packet_read(&p, registration, sizeof(registration)));
	assert_int_equal(p.type, NHRP_REGISTRATION_REQUEST);
	assert_int_equal(p.request_id, 42);
	assert_int_equal(p.flags, NHRP_REG_UNIQUE | NHRP_CISCO_NAT);
	assert_int_equal(p.cie_count, 1);
	assert_int_equal(p.cies[0].mtu, 17916);
	assert_int_equal(p.cies[0].hold_s, 7200);
	assert_int_equal(p.ext_count, 4);
	nat = nhrp_ext_find(&p, NHRP_EXT_NAT);
	assert_non_null(nat);
	assert_false(nat->compulsory);
	assert_int_equal(addr_to_v4(&nat->cies[0].nbma), 0xcb007101);
	assert_int_equal(nhrp_ext_find(&p, NHRP_EXT_RESPONDER)->offset, 52);
}

static void
authentication_is_not_padded(void **state)
{
	struct nhrp_packet p = make_registration(), q;
	struct nhrp_auth_room room;
	static const uint8_t want[15] = {0x80, 7, 0, 11, 0, 0, 0, 1,
	    't', 'e', 's', 't', '1', '2', '3'};
	uint8_t out[200];
	struct wbuf w;

	(void)state;
	nhrp_ext_add_auth(&p, "test123", &room);
	nhrp_ext_sort(&p);
	wbuf_init(&w, out, sizeof(out));
	nhrp_packet_write(&w, &p);
	assert_int_equal(wbuf_len(&w), 92 + 15);
	assert_memory_equal(out + 64, want, sizeof(want));	/* after 3, 4 and 5, before 9 */
	assert_null(nhrp_packet_read(&q, out, wbuf_len(&w)));
	assert_null(nhrp_ext_check_auth(&q, "test123"));
	assert_non_null(nhrp_ext_check_auth(&q, "test12"));
	assert_non_null(nhrp_ext_check_auth(&q, "test1234"));
	assert_null(nhrp_ext_check_auth(&q, ""));
	nhrp_ext_remove(&q, NHRP_EXT_AUTHENTICATION);
	assert_non_null(nhrp_ext_check_auth(&q, "test123"));
	assert_int_equal(q.ext_count, 4);
}

static void
indication_carries_its_packet(void **state)
{
	uint8_t inner[84], out[300];
	struct nhrp_packet p = {.type = NHRP_TRAFFIC_INDICATION, .hops = 1,
	    .src_nbma = addr_v4(1), .src_proto = addr_v4(2), .dst_proto = addr_v4(3)}, q;
	struct nhrp_auth_room room;
	struct wbuf w;

	(void)state;
	memset(inner, 0x45, sizeof(inner));
	p.data = slice_of(inner, sizeof(inner));
	nhrp_ext_add_auth(&p, "k", &room);
	wbuf_init(&w, out, sizeof(out));
	nhrp_packet_write(&w, &p);
	assert_null(nhrp_packet_read(&q, out, wbuf_len(&w)));
	assert_true(slice_eq(q.data, p.data));
	assert_int_equal(q.error_code, 0);
	assert_null(nhrp_ext_check_auth(&q, "k"));
}

static void
every_cut_is_refused(void **state)
{
	struct nhrp_packet p;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(registration); len++)
		assert_non_null(nhrp_packet_read(&p, registration, len));
}

static void
every_flipped_bit_is_noticed(void **state)
{
	uint8_t b[sizeof(registration)];
	struct nhrp_packet p;
	size_t i;

	(void)state;
	for (i = 0; i < 8 * sizeof(b); i++) {
		memcpy(b, registration, sizeof(b));
		b[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_non_null(nhrp_packet_read(&p, b, sizeof(b)));
	}
}

/* The same packet with one field changed and a checksum that is right. */
static const char *
read_patched(size_t at, uint8_t value)
{
	static struct nhrp_packet p;
	uint8_t b[sizeof(registration)];
	uint16_t sum;

	memcpy(b, registration, sizeof(b));
	b[at] = value;
	b[12] = b[13] = 0;
	sum = inet_checksum(b, sizeof(b));
	b[12] = (uint8_t)(sum >> 8);
	b[13] = (uint8_t)sum;
	return nhrp_packet_read(&p, b, sizeof(b));
}

static void
lies_are_refused(void **state)
{
	(void)state;
	assert_null(read_patched(9, 3));			/* hop count */
	assert_string_equal(read_patched(16, 2), "another version");
	assert_string_equal(read_patched(17, 9), "an unknown packet type");
	assert_string_equal(read_patched(3, 9), "an address family that we do not speak");
	assert_string_equal(read_patched(15, 16), "the extension offset is outside of the packet");
	assert_string_equal(read_patched(15, 200), "the extension offset is outside of the packet");
	assert_non_null(read_patched(18, 5));			/* NBMA length */
	assert_non_null(read_patched(20, 0));			/* no source address */
	assert_non_null(read_patched(48, 200));			/* entry's address lengths */
	assert_string_equal(read_patched(57, 3), "an extension comes twice");
	assert_non_null(read_patched(91, 4));			/* end with a length */
	assert_non_null(read_patched(88, 0x10));		/* no end */
}

static void
odd_lengths_sum_high(void **state)
{
	static const uint8_t odd[3] = {0x12, 0x34, 0x56};

	(void)state;
	assert_int_equal(inet_checksum(odd, 3), (uint16_t)~(0x1234 + 0x5600));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registration_is_what_ios_sends),
		cmocka_unit_test(registration_is_read),
		cmocka_unit_test(authentication_is_not_padded),
		cmocka_unit_test(indication_carries_its_packet),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(every_flipped_bit_is_noticed),
		cmocka_unit_test(lies_are_refused),
		cmocka_unit_test(odd_lengths_sum_high),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
