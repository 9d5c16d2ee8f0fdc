/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joining: whatever streams are joined, what a receiver makes of the result is
 * what it would have got without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "join.h"

enum { FLOWS = 24, PACKETS = 160, ROOM = 1600, MAX = 70000 };

/* --- packets --- */

struct packet {
	uint8_t p[ROOM];
	size_t len;
	int flow;
};

static struct packet sent[PACKETS], expected[PACKETS];
static unsigned int sent_count;

/* A flow's sender: what its next packet has. */
struct flow {
	uint8_t version, proto;
	bool df, no_sum;
	uint16_t id, size;
	uint32_t seq;
};

static struct flow flows[FLOWS];

static void
set_be16(uint8_t *p, unsigned int n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static void
finish_sums(uint8_t *p, size_t len)
{
	struct inner in;
	size_t at;
	uint16_t sum;

	if (p[0] >> 4 == 4)
		ipv4_checksum(p, (size_t)(p[0] & 0x0f) * 4);
	assert_true(inner_read(&in, p, len));
	at = in.l4 + (in.proto == IPPROTO_TCP ? 16 : 6);
	memset(p + at, 0, 2);
	sum = checksum_fold(checksum_add(checksum_pseudo(&in, in.proto, len - in.l4),
	    p + in.l4, len - in.l4));
	if (sum == 0 && in.proto == IPPROTO_UDP)
		sum = 0xffff;
	memcpy(p + at, &sum, 2);
}

static size_t
write_ip(uint8_t *p, const struct flow *f, int nth, size_t l4_len)
{
	if (f->version == 6) {
		p[0] = 0x60;
		set_be16(p + 4, (unsigned int)l4_len);
		p[6] = f->proto;
		p[7] = 64;
		p[8] = p[24] = 0xfd;
		p[23] = 1;
		p[39] = (uint8_t)(2 + nth % 3);
		return 40;
	}
	p[0] = 0x45;
	set_be16(p + 2, (unsigned int)(20 + l4_len));
	set_be16(p + 4, f->id);
	p[6] = f->df ? 0x40 : 0;
	p[8] = 64;
	p[9] = f->proto;
	memcpy(p + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
	p[19] = (uint8_t)(2 + nth % 3);
	return 20;
}

/* The flow's next packet of so much payload, complete. */
static void
write_packet(struct packet *to, int nth, size_t payload, uint8_t tcp_flags)
{
	struct flow *f = &flows[nth];
	bool tcp = f->proto == IPPROTO_TCP;
	size_t header = tcp ? 32 : 8, at, i;
	uint32_t seq = htonl(f->seq);

	memset(to->p, 0, sizeof(to->p));
	at = write_ip(to->p, f, nth, header + payload);
	set_be16(to->p + at, (unsigned int)(1000 + nth));
	set_be16(to->p + at + 2, 80);
	if (tcp) {
		memcpy(to->p + at + 4, &seq, 4);
		memcpy(to->p + at + 8, "ackn\x80\x10\x01\xf4", 8);
		to->p[at + 13] = tcp_flags;
		memcpy(to->p + at + 20, "\x01\x01\x08\x0atimetime", 12);
	} else
		set_be16(to->p + at + 4, (unsigned int)(8 + payload));
	for (i = 0; i < payload; i++)
		to->p[at + header + i] = (uint8_t)(rand() >> 5);
	to->len = at + header + payload;
	to->flow = nth;
	finish_sums(to->p, to->len);
	if (!tcp && f->no_sum && f->version == 4)
		memset(to->p + at + 6, 0, 2);
	f->id++;
	f->seq += (uint32_t)payload;
}

/* --- what a receiver sees: super-packets cut again, the rest as it is --- */

static struct packet got[PACKETS];
static unsigned int got_count, writes, supers;

static uint8_t *
room(void *arg, size_t len)
{
	(void)arg;
	assert_true(got_count < PACKETS && len <= ROOM);
	return got[got_count].p;
}

static void
piece(void *arg, uint8_t *p, size_t len)
{
	(void)arg;
	assert_ptr_equal(p, got[got_count].p);
	got[got_count++].len = len;
}

static void
take(void *arg, const struct join_out *out)
{
	static uint8_t whole[MAX];
	size_t len = 0;
	unsigned int i, before = got_count;

	(void)arg;
	assert_ptr_equal(out->to, flows);
	writes++;
	for (i = 1; i < out->iovs; i++) {
		memcpy(whole + len, out->iov[i].iov_base, out->iov[i].iov_len);
		len += out->iov[i].iov_len;
	}
	supers += out->vnet.gso_type != VNET_GSO_NONE;
	assert_true(segment_cut(&out->vnet, whole, len, room, piece, NULL));
	assert_int_equal(got_count - before, out->packets);
	len = 0;
	for (i = before; i < got_count; i++)
		len += got[i].len;
	assert_int_equal(len, out->bytes);
}

/* With DF the identification means nothing. */
static void
forget_id(struct packet *k)
{
	if (k->p[0] >> 4 == 4 && (k->p[6] & 0x40) != 0 && (k->p[0] & 0x0f) == 5) {
		memset(k->p + 4, 0, 2);
		memset(k->p + 10, 0, 2);
	}
}

static bool
same_packet(const struct packet *a, const struct packet *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/* Each packet comes out once, those of a flow in their order. */
static void
compare(void)
{
	static unsigned int taken[FLOWS];
	unsigned int i, k;

	memset(taken, 0, sizeof(taken));
	assert_int_equal(got_count, sent_count);
	for (i = 0; i < got_count; i++) {
		forget_id(&got[i]);
		forget_id(&expected[i]);
	}
	for (i = 0; i < got_count; i++) {
		int flow = -1;

		/* The first of each flow that was not there yet: is it this one? */
		for (k = 0; k < sent_count && flow < 0; k++) {
			unsigned int n = 0, before;

			for (before = 0; before < k; before++)
				n += expected[before].flow == expected[k].flow;
			if (n == taken[expected[k].flow] && same_packet(&expected[k], &got[i]))
				flow = expected[k].flow;
		}
		assert_true(flow >= 0);
		taken[flow]++;
	}
}

static void
join_all(bool uso)
{
	static struct join j;
	struct inner in;
	unsigned int i;

	got_count = writes = supers = 0;
	memcpy(expected, sent, sizeof(sent));
	join_init(&j, take, NULL);
	for (i = 0; i < sent_count; i++) {
		assert_true(inner_read(&in, sent[i].p, sent[i].len));
		join_add(&j, flows, &in, uso);
	}
	join_flush(&j);
	i = got_count;
	join_flush(&j);
	assert_int_equal(got_count, i);
	compare();
}

/* --- the property --- */

static void
random_flows(void)
{
	static const uint16_t sizes[] = {1, 100, 536, 1360};
	int i;

	for (i = 0; i < FLOWS; i++)
		flows[i] = (struct flow){.version = rand() % 2 ? 4 : 6,
		    .proto = rand() % 2 ? IPPROTO_TCP : IPPROTO_UDP, .df = rand() % 2,
		    .no_sum = rand() % 8 == 0, .id = (uint16_t)(rand() % 4 == 0 ? 65530 : rand()),
		    .seq = rand() % 4 == 0 ? 0xfffffff0 : (uint32_t)rand(), .size = sizes[rand() % 4]};
}

/* Something a stream does not do, or somebody on the way did to it. */
static void
disturb(struct packet *k)
{
	size_t l4 = k->p[0] >> 4 == 4 ? 20 : 40;
	static const uint8_t flags[] = {0x11, 0x12, 0x14, 0x30, 0x50, 0x90, 0x00, 0x19};
	bool tcp = flows[k->flow].proto == IPPROTO_TCP;

	switch (rand() % 9) {
	case 0:
		k->p[k->len - 1] ^= 0x55;	/* a wrong checksum stays wrong */
		return;
	case 1:
		k->p[1] ^= 0x20;
		break;
	case 2:
		k->p[l4 == 20 ? 8 : 7]--;
		break;
	case 3:
		if (tcp)
			k->p[l4 + 13] = flags[rand() % 8];
		break;
	case 4:
		if (tcp)
			k->p[l4 + 8 + rand() % 4]++;	/* acknowledgment */
		break;
	case 5:
		if (tcp)
			k->p[l4 + 14 + rand() % 2]++;	/* window */
		break;
	case 6:
		if (tcp)
			k->p[l4 + 24]++;		/* timestamp */
		break;
	case 7:
		if (tcp)
			k->p[l4 + 19]++;		/* urgent pointer */
		break;
	case 8:
		if (l4 == 20)
			k->p[10] ^= 1;			/* a wrong header checksum */
		return;
	}
	if (tcp || !flows[k->flow].no_sum)
		finish_sums(k->p, k->len);
	else if (l4 == 20)
		ipv4_checksum(k->p, 20);
}

static void
random_batch(void)
{
	static struct packet lost;
	int burst, nth;
	unsigned int a;

	sent_count = 0;
	while (sent_count < PACKETS) {
		nth = rand() % (rand() % FLOWS + 1);
		for (burst = rand() % 20; burst >= 0 && sent_count < PACKETS; burst--) {
			size_t payload = rand() % 12 == 0 ? (size_t)(rand() % 1400) : flows[nth].size;

			write_packet(&sent[sent_count], nth, payload, rand() % 12 == 0 ? 0x18 : 0x10);
			if (rand() % 25 == 0)
				disturb(&sent[sent_count]);
			if (rand() % 30 == 0)
				write_packet(&lost, nth, flows[nth].size, 0x10);
			if (rand() % 30 == 0 && sent_count > 0) {
				a = (unsigned int)rand() % sent_count;
				lost = sent[a];
				sent[a] = sent[sent_count];
				sent[sent_count] = lost;
			}
			sent_count++;
		}
	}
}

static void
random_streams_come_out_as_they_went_in(void **state)
{
	unsigned int joined = 0, all = 0;
	int i;

	(void)state;
	srand(4711);
	for (i = 0; i < 250; i++) {
		random_flows();
		random_batch();
		join_all(i % 4 != 0);
		joined += supers;
		all += writes;
	}
	/* and it is worth it */
	assert_true(joined > 2000);
	assert_true(all < 250 * PACKETS / 2);
}

/* --- by hand --- */

static void
one_flow(uint8_t version, uint8_t proto, unsigned int count, size_t payload)
{
	memset(flows, 0, sizeof(flows));
	flows[0] = (struct flow){.version = version, .proto = proto, .df = true, .seq = 0xffffff00};
	for (sent_count = 0; sent_count < count; sent_count++)
		write_packet(&sent[sent_count], 0, payload, 0x10);
}

static void
a_stream_becomes_one_write(void **state)
{
	(void)state;
	one_flow(4, IPPROTO_TCP, 40, 1360);
	join_all(false);
	assert_int_equal(writes, 1);
	one_flow(6, IPPROTO_TCP, 40, 1360);
	join_all(false);
	assert_int_equal(writes, 1);
	one_flow(6, IPPROTO_UDP, JOIN_PIECES, 100);
	join_all(true);
	assert_int_equal(writes, 1);
}

/* 65,535 bytes at most, 64 pieces at most. */
static void
super_packets_are_bounded(void **state)
{
	(void)state;
	one_flow(4, IPPROTO_TCP, 100, 1360);
	join_all(true);
	assert_int_equal(writes, 3);
	one_flow(4, IPPROTO_UDP, JOIN_PIECES + 1, 100);
	join_all(true);
	assert_int_equal(writes, 2);
}

static void
udp_stays_single_where_the_kernel_wants_it_so(void **state)
{
	(void)state;
	one_flow(4, IPPROTO_UDP, 10, 500);
	join_all(false);
	assert_int_equal(writes, 10);
}

static void
a_pushed_or_a_short_one_ends_a_run(void **state)
{
	(void)state;
	one_flow(4, IPPROTO_TCP, 10, 500);
	sent[4].p[33] |= 0x08;
	finish_sums(sent[4].p, sent[4].len);
	join_all(true);
	assert_int_equal(writes, 2);
	assert_int_equal(supers, 2);
	one_flow(4, IPPROTO_UDP, 4, 500);
	write_packet(&sent[4], 0, 499, 0);
	write_packet(&sent[5], 0, 500, 0);
	sent_count = 6;
	join_all(true);
	assert_int_equal(writes, 2);
}

/* A bare acknowledgment, a fragment, another protocol: none overtakes what came before. */
static void
what_is_not_joined_keeps_its_place(void **state)
{
	(void)state;
	one_flow(4, IPPROTO_TCP, 6, 500);
	sent[3].len = 52;
	set_be16(sent[3].p + 2, 52);
	finish_sums(sent[3].p, 52);
	join_all(true);
	assert_int_equal(writes, 3);
	one_flow(4, IPPROTO_UDP, 6, 500);
	sent[3].p[6] = 0x20;
	ipv4_checksum(sent[3].p, 20);
	join_all(true);
	assert_int_equal(writes, 3);
	assert_int_equal(got[3].p[6], 0x20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_streams_come_out_as_they_went_in),
		cmocka_unit_test(a_stream_becomes_one_write),
		cmocka_unit_test(super_packets_are_bounded),
		cmocka_unit_test(udp_stays_single_where_the_kernel_wants_it_so),
		cmocka_unit_test(a_pushed_or_a_short_one_ends_a_run),
		cmocka_unit_test(what_is_not_joined_keeps_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
