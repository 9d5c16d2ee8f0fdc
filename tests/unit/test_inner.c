/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions on inner packets: cutting, fragments, the MSS, ICMP; and the limiter and the ring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "ecn.h"
#include "flowlimit.h"
#include "hairpin.h"
#include "mss.h"
#include "pmtu.h"
#include "ring.h"
#include "segment.h"

#define MAX 65536

static uint8_t arena[4 * MAX];
static struct {
	uint8_t *p;
	size_t len;
} got[SEGMENT_MAX];
static unsigned int count;
static size_t used;

static uint8_t *
room(void *arg, size_t len)
{
	uint8_t *p = arena + used;

	(void)arg;
	used += len;
	return used <= sizeof(arena) ? p : NULL;
}

static void
put(void *arg, uint8_t *p, size_t len)
{
	(void)arg;
	got[count].p = p;
	got[count++].len = len;
}

static void
start(void)
{
	count = 0;
	used = 0;
}

/* An IPv4 packet with a transport header of `l4` bytes and a payload that counts. */
static size_t
packet(uint8_t *p, uint8_t proto, size_t l4, size_t payload, bool df)
{
	size_t len = 20 + l4 + payload, i;

	memset(p, 0, len);
	p[0] = 0x45;
	p[2] = (uint8_t)(len >> 8);
	p[3] = (uint8_t)len;
	p[6] = df ? 0x40 : 0;
	p[8] = 64;
	p[9] = proto;
	memcpy(p + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
	for (i = 0; i < payload; i++)
		p[20 + l4 + i] = (uint8_t)(i * 7);
	ipv4_checksum(p, 20);
	return len;
}

static uint16_t
l4_sum(uint8_t *p, size_t len)
{
	struct inner in;

	assert_true(inner_read(&in, p, len));
	assert_int_equal(in.len, len);
	assert_int_equal(checksum_fold(checksum_add(0, p, 20)), 0);
	return checksum_fold(checksum_add(checksum_pseudo(&in, in.proto, len - 20), p + 20, len - 20));
}

/* RFC 1071 to the letter: 16 bits at a time, the odd byte with a zero behind it. */
static uint16_t
plain_sum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void
sums_as_rfc_1071(void **state)
{
	static uint8_t p[9001], longest[MAX];
	enum checksum_way way;
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)(i % 5 == 0 ? i * 167 + i / 3 : 0xff);
	for (len = 1; len < 9000; len += len < 300 ? 1 : 131) {
		assert_int_equal(checksum_fold(checksum_add(0, p + len % 3, len)),
		    plain_sum(p + len % 3, len));
		for (way = 0; way <= checksum_widest(); way++)
			assert_int_equal(checksum_fold(checksum_by(way, 0, NULL, p + len % 3, len)),
			    plain_sum(p + len % 3, len));
	}
	memset(p, 0xff, sizeof(p));
	assert_int_equal(checksum_fold(checksum_add(0, p, 9000)), plain_sum(p, 9000));
	memset(longest, 0xff, sizeof(longest));
	memset(longest + 1024, 0, 1024);
	for (way = 0; way <= checksum_widest(); way++)
		assert_int_equal(checksum_fold(checksum_by(way, 0, NULL, longest, MAX)),
		    plain_sum(longest, MAX));
	/* in pieces of even length, too */
	assert_int_equal(checksum_fold(checksum_add(checksum_add(0, p, 1034), p + 1034, 501)),
	    plain_sum(p, 1535));
}

/* Exactly the bytes, of any length and at any place, and their sum. */
static void
sums_while_it_copies(void **state)
{
	static uint8_t from[9001], to[9100], other[9100];
	enum checksum_way way;
	size_t len, i, at;

	(void)state;
	for (i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 31 + i / 256);
	for (len = 0; len < 9000; len += len < 300 ? 1 : 97) {
		at = len % 61;
		memset(to, 0xaa, sizeof(to));
		assert_int_equal(checksum_fold(checksum_copy(7, to + at, from + len % 2, len)),
		    checksum_fold(checksum_add(7, from + len % 2, len)));
		assert_memory_equal(to + at, from + len % 2, len);
		assert_int_equal(to[at + len], 0xaa);
		for (way = 0; way <= checksum_widest(); way++) {
			memset(other, 0xaa, sizeof(other));
			assert_int_equal(checksum_by(way, 7, other + at, from + len % 2, len),
			    checksum_by(way, 7, NULL, from + len % 2, len));
			assert_memory_equal(to, other, sizeof(to));
		}
	}
}

static void
cuts_tcp(void **state)
{
	static uint8_t p[MAX];
	size_t len = packet(p, IPPROTO_TCP, 20, 3500, true), i, at = 0;
	struct vnet v = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_TCPV4, .gso_size = 1000,
	    .csum_start = 20, .csum_offset = 16};

	(void)state;
	p[32] = 5 << 4;
	p[33] = 0x19;	/* FIN, PSH, ACK */
	start();
	assert_true(segment_cut(&v, p, len, room, put, NULL));
	assert_int_equal(count, 4);
	for (i = 0; i < count; i++) {
		assert_int_equal(got[i].len, i < 3 ? 1040 : 540);
		assert_int_equal(l4_sum(got[i].p, got[i].len), 0);
		assert_int_equal(got[i].p[33], i < 3 ? 0x10 : 0x19);
		assert_int_equal(got[i].p[26] << 8 | got[i].p[27], at);	/* sequence number */
		assert_int_equal(got[i].p[5], i);				/* IP id */
		assert_memory_equal(got[i].p + 40, p + 40 + at, got[i].len - 40);
		at += got[i].len - 40;
	}
	assert_int_equal(at, 3500);
}

/* A full super-packet of short segments: `ip tcp adjust-mss 500`, and shorter ones than that. */
static void
cuts_many(void **state)
{
	static const uint16_t sizes[] = {488, 64};
	static uint8_t p[MAX];
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct vnet v = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_TCPV4,
		    .gso_size = sizes[i], .csum_start = 20, .csum_offset = 16};

		len = packet(p, IPPROTO_TCP, 20, 65480, true);
		p[32] = 5 << 4;
		start();
		assert_true(segment_cut(&v, p, len, room, put, NULL));
		assert_int_equal(count, (65480 + sizes[i] - 1) / sizes[i]);
		assert_int_equal(l4_sum(got[count - 1].p, got[count - 1].len), 0);
	}
}

static void
cuts_udp(void **state)
{
	static uint8_t p[MAX];
	size_t len = packet(p, IPPROTO_UDP, 8, 2500, true), i;
	struct vnet v = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_UDP_L4, .gso_size = 1200,
	    .csum_start = 20, .csum_offset = 6};

	(void)state;
	start();
	assert_true(segment_cut(&v, p, len, room, put, NULL));
	assert_int_equal(count, 3);
	for (i = 0; i < count; i++) {
		assert_int_equal(l4_sum(got[i].p, got[i].len), 0);
		assert_int_equal(got[i].p[24] << 8 | got[i].p[25], got[i].len - 20);
	}
	assert_int_equal(got[2].len, 20 + 8 + 100);
}

/* Takes a piece as who seals it does: it writes over what is in front and behind. */
static void
take(void *arg, uint8_t *p, size_t len)
{
	const size_t *front = arg;

	put(NULL, memcpy(room(NULL, len), p, len), len);
	memset(p - *front, 0xee, *front + len + SEGMENT_BEHIND);
}

/* The pieces are those that are cut by copying, whatever is done to each after it was taken. */
static void
compare_in_place(const struct vnet *v, const uint8_t *p, size_t len)
{
	static uint8_t front[8 + MAX + SEGMENT_BEHIND], copied[2 * MAX];
	static size_t lens[SEGMENT_MAX];
	size_t i, n, bytes, taken = 8;

	memcpy(front + taken, p, len);
	start();
	assert_true(segment_cut(v, front + taken, len, room, put, NULL));
	n = count;
	bytes = used;
	assert_true(bytes <= sizeof(copied));
	memcpy(copied, arena, bytes);
	for (i = 0; i < n; i++)
		lens[i] = got[i].len;
	memcpy(front + taken, p, len);
	start();
	assert_true(segment_cut_in_place(v, front + taken, len, take, &taken));
	assert_int_equal(count, n);
	assert_int_equal(used, bytes);
	assert_memory_equal(arena, copied, bytes);
	for (i = 0; i < n; i++)
		assert_int_equal(got[i].len, lens[i]);
}

static void
cuts_in_place(void **state)
{
	static const uint16_t sizes[] = {64, 100, 488, 1000, 1348, 9000};
	static uint8_t p[MAX];
	size_t len, i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct vnet tcp = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_TCPV4,
		    .gso_size = sizes[i], .csum_start = 20, .csum_offset = 16};
		struct vnet udp = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_UDP_L4,
		    .gso_size = sizes[i], .csum_start = 20, .csum_offset = 6};

		len = packet(p, IPPROTO_TCP, 32, 61111, true);
		p[32] = 8 << 4;
		p[33] = 0x99;	/* CWR, FIN, PSH, ACK */
		compare_in_place(&tcp, p, len);
		compare_in_place(&udp, p, packet(p, IPPROTO_UDP, 8, 50001, true));
		compare_in_place(&udp, p, packet(p, IPPROTO_UDP, 8, 1, true));
	}
}

/* Headers that nobody has: who cuts in place keeps a copy of them, which has an end. */
static void
very_long_headers_are_copied(void **state)
{
	enum { OPTIONS = 248, L4 = 40 + OPTIONS };
	static uint8_t p[MAX];
	struct vnet v = {.flags = VNET_NEEDS_CSUM, .gso_type = VNET_GSO_TCPV6, .gso_size = 500,
	    .csum_start = L4, .csum_offset = 16};
	size_t front = 0;

	(void)state;
	memset(p, 0, L4 + 20 + 2000);
	p[0] = 0x60;
	p[4] = (OPTIONS + 20 + 2000) >> 8;
	p[5] = (OPTIONS + 20 + 2000) & 0xff;
	p[40] = IPPROTO_TCP;
	p[41] = OPTIONS / 8 - 1;
	p[L4 + 12] = 5 << 4;
	assert_int_equal(segment_longest(&v, p, L4 + 20 + 2000), 0);
	start();
	assert_false(segment_cut_in_place(&v, p, L4 + 20 + 2000, take, &front));
	assert_int_equal(count, 0);
	assert_true(segment_cut(&v, p, L4 + 20 + 2000, room, put, NULL));
	assert_int_equal(count, 4);
}

static void
refuses_nonsense(void **state)
{
	static uint8_t p[MAX];
	size_t len = packet(p, IPPROTO_UDP, 8, 100, true);
	struct vnet no_size = {.gso_type = VNET_GSO_UDP_L4};
	struct vnet not_tcp = {.gso_type = VNET_GSO_TCPV4, .gso_size = 50};
	struct vnet outside = {.flags = VNET_NEEDS_CSUM, .csum_start = 127, .csum_offset = 4};

	(void)state;
	start();
	assert_false(segment_cut(&no_size, p, len, room, put, NULL));
	assert_false(segment_cut(&not_tcp, p, len, room, put, NULL));
	assert_false(segment_cut(&outside, p, len, room, put, NULL));
	assert_int_equal(count, 0);
}

static void
fragments(void **state)
{
	static uint8_t p[MAX];
	size_t len = packet(p, IPPROTO_UDP, 8, 3000, false), i, at = 0;
	struct inner in;
	uint16_t field;

	(void)state;
	assert_true(inner_read(&in, p, len));
	start();
	assert_true(pmtu_fragment(&in, 1400, room, put, NULL));
	assert_int_equal(count, 3);
	for (i = 0; i < count; i++) {
		field = (uint16_t)(got[i].p[6] << 8 | got[i].p[7]);
		assert_true(got[i].len <= 1400);
		assert_int_equal((field & 0x1fff) * 8, at);
		assert_int_equal((field & 0x2000) != 0, i < 2);
		assert_int_equal(checksum_fold(checksum_add(0, got[i].p, 20)), 0);
		assert_memory_equal(got[i].p + 20, p + 20 + at, got[i].len - 20);
		at += got[i].len - 20;
	}
	assert_int_equal(at, len - 20);
	in.df = true;
	assert_false(pmtu_fragment(&in, 1400, room, put, NULL));
}

static void
says_too_big(void **state)
{
	static uint8_t p[MAX];
	size_t len = packet(p, IPPROTO_UDP, 8, 3000, true), n;
	uint8_t icmp[PMTU_ICMP_MAX];
	struct inner in, reply;

	(void)state;
	assert_true(inner_read(&in, p, len));
	n = pmtu_icmp(&in, 1400, icmp);
	assert_true(inner_read(&reply, icmp, n));
	assert_int_equal(reply.len, n);
	assert_true(addr_eq(&reply.dst, &in.src));
	assert_int_equal(icmp[20], 3);
	assert_int_equal(icmp[21], 4);
	assert_int_equal(icmp[26] << 8 | icmp[27], 1400);
	assert_int_equal(checksum_fold(checksum_add(0, icmp + 20, n - 20)), 0);
	assert_true(inner_read(&in, icmp, n));
	assert_int_equal(pmtu_icmp(&in, 100, icmp), 0);		/* never about an error */
}

static void
clamps_mss(void **state)
{
	/* At an even and, behind a NOP, at an odd offset. */
	static const uint8_t options[2][8] = {
		{2, 4, 0x05, 0xb4, 1, 1, 1, 0},
		{1, 2, 4, 0x05, 0xb4, 1, 1, 0},
	};
	uint8_t p[128];
	struct inner in;
	uint16_t sum;
	size_t len, i, at;

	(void)state;
	for (i = 0; i < 2; i++) {
		len = packet(p, IPPROTO_TCP, 28, 0, true);
		p[32] = 7 << 4;
		p[33] = 2;	/* SYN */
		memcpy(p + 40, options[i], 8);
		sum = l4_sum(p, len);
		memcpy(p + 36, &sum, 2);
		assert_true(inner_read(&in, p, len));
		at = i == 0 ? 42 : 43;
		mss_clamp(&in, 1360);
		assert_int_equal(p[at] << 8 | p[at + 1], 1360);
		assert_int_equal(l4_sum(p, len), 0);
		mss_clamp(&in, 1400);	/* never up */
		assert_int_equal(p[at] << 8 | p[at + 1], 1360);
	}
}

static void
reads_ipv6_extensions(void **state)
{
	/* hop-by-hop, then a later fragment of UDP */
	uint8_t p[64] = {0x60, 0, 0, 0, 0, 24, 0, 64};
	struct inner in;

	(void)state;
	p[40] = 44;
	p[48] = 17;
	p[50] = 0x01;	/* offset */
	assert_true(inner_read(&in, p, sizeof(p)));
	assert_true(in.fragment);
	assert_false(in.first);
	assert_int_equal(in.proto, 17);
	assert_int_equal(in.l4, 56);
	p[41] = 200;	/* a hop-by-hop header longer than the packet */
	assert_false(inner_read(&in, p, sizeof(p)));
}

static void
limits_flows(void **state)
{
	static struct flowlimit f;
	struct ratelimit other;
	mono_t now = mono_s(1000);
	uint64_t i, told = 0;

	(void)state;
	flowlimit_init(&f, mono_s(1), 50);
	other = f.all;
	assert_int_equal(flowlimit_due(&f, 5, now, 1), 1);
	assert_int_equal(flowlimit_due(&f, 5, now, 1), 0);
	assert_int_equal(flowlimit_due(&f, 5, now, 1), 0);
	now = mono_add(now, mono_s(1));
	assert_int_equal(flowlimit_due(&f, 5, now, 1), 3);
	assert_int_equal(flowlimit_due(&f, 6, now, 2), 0);
	assert_int_equal(flowlimit_due(&f, 6, now, 2), 2);
	for (i = 100; i < 100000; i++)
		told += flowlimit_due(&f, i, now, 1);
	assert_true(told > 0 && told <= 50);
	/* Who has a bucket of his own is heard all the same, once an interval. */
	assert_int_equal(flowlimit_due_by(&f, &other, 7, now, 1), 1);
	assert_int_equal(flowlimit_due_by(&f, &other, 7, now, 1), 0);
}

static void
ring_goes_round(void **state)
{
	uint8_t a[300], b[300];
	struct ring r;
	const uint8_t *p;
	uint32_t kind, pushed = 0, popped = 0;
	size_t len;
	int i;

	(void)state;
	ring_init(&r, 4096);
	for (i = 0; i < 2000; i++) {
		memset(a, (int)(pushed & 0xff), sizeof(a));
		memset(b, (int)(pushed >> 8 & 0xff), sizeof(b));
		if (ring_push(&r, pushed, a, pushed % 300, b, pushed % 7)) {
			pushed++;
			continue;
		}
		p = ring_peek(&r, &kind, &len);
		assert_non_null(p);
		assert_int_equal(kind, popped);
		assert_int_equal(len, popped % 300 + popped % 7);
		assert_true(len < 8 || p[0] == (uint8_t)popped);
		ring_pop(&r);
		popped++;
	}
	assert_true(popped > 500);
	while (ring_peek(&r, &kind, &len) != NULL) {
		assert_int_equal(kind, popped++);
		ring_pop(&r);
	}
	assert_int_equal(popped, pushed);
	ring_close(&r);
}

/* RFC 6040 figure 4 as it is printed there: Not-ECT, ECT(0), ECT(1), CE both ways; -1 is <drop>. */
static void
combines_ecn(void **state)
{
	static const uint8_t field[4] = {0, 2, 1, 3};
	static const int outgoing[4][4] = {		/* arriving inner, arriving outer */
		{0, 0, 0, -1}, {2, 2, 1, 3}, {1, 1, 1, 3}, {3, 3, 3, 3},
	};
	uint8_t v4[64], v6[40] = {0x6b, 0x8f, [4] = 0, 0, 59, 64}, was[40];
	unsigned int i, o;
	struct inner in;
	size_t len;

	(void)state;
	for (i = 0; i < 4; i++)
		for (o = 0; o < 4; o++) {
			len = packet(v4, IPPROTO_UDP, 8, 0, false);
			v4[1] = (uint8_t)(0xb8 | field[i]);
			ipv4_checksum(v4, 20);
			assert_true(inner_read(&in, v4, len));
			assert_int_equal(ecn_combine(&in, (uint8_t)(0x28 | field[o])), outgoing[i][o] >= 0);
			assert_int_equal(v4[1], 0xb8 | (outgoing[i][o] < 0 ? 0 : outgoing[i][o]));
			assert_int_equal(in.tos, v4[1]);
			assert_int_equal(checksum_fold(checksum_add(0, v4, 20)), 0);

			v6[1] = (uint8_t)(0x8f | field[i] << 4);
			memcpy(was, v6, sizeof(was));
			assert_true(inner_read(&in, v6, sizeof(v6)));
			assert_int_equal(in.tos, 0xb8 | field[i]);
			assert_int_equal(ecn_combine(&in, field[o]), outgoing[i][o] >= 0);
			if (outgoing[i][o] >= 0)
				was[1] = (uint8_t)(0x8f | outgoing[i][o] << 4);
			assert_memory_equal(v6, was, sizeof(was));
		}
}

/* Every sum that a header can have, and what adding it up anew gives. */
static void
ages_a_header(void **state)
{
	uint8_t p[64], want[20];
	unsigned int id;

	(void)state;
	packet(p, IPPROTO_UDP, 8, 0, false);
	for (id = 0; id <= UINT16_MAX; id++) {
		p[4] = (uint8_t)(id >> 8);
		p[5] = (uint8_t)id;
		p[8] = (uint8_t)(id % 255 + 1);
		ipv4_checksum(p, 20);
		memcpy(want, p, 20);
		want[8]--;
		ipv4_checksum(want, 20);
		hairpin_age(p);
		assert_memory_equal(p, want, 20);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_as_rfc_1071),
		cmocka_unit_test(sums_while_it_copies),
		cmocka_unit_test(cuts_tcp),
		cmocka_unit_test(cuts_many),
		cmocka_unit_test(cuts_udp),
		cmocka_unit_test(cuts_in_place),
		cmocka_unit_test(very_long_headers_are_copied),
		cmocka_unit_test(refuses_nonsense),
		cmocka_unit_test(fragments),
		cmocka_unit_test(says_too_big),
		cmocka_unit_test(clamps_mss),
		cmocka_unit_test(reads_ipv6_extensions),
		cmocka_unit_test(combines_ecn),
		cmocka_unit_test(ages_a_header),
		cmocka_unit_test(limits_flows),
		cmocka_unit_test(ring_goes_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
