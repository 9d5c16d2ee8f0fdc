/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What old peers do otherwise: drafts of NAT traversal, lifetimes, the commit bit, fragments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "pair.h"
#include "payload.h"

static uint8_t *
bytes_of(const struct flight *f)
{
	return (uint8_t *)(uintptr_t)f->b;	/* the test may spoil what it carries */
}

static const uint8_t natt_rfc[16] = {0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57,
    0x28, 0xf2, 0x0e, 0x95, 0x45, 0x2f};
static const uint8_t natt_03[16] = {0x7d, 0x94, 0x19, 0xa6, 0x53, 0x10, 0xca, 0x6f, 0x2c, 0x17,
    0x9d, 0x92, 0x15, 0x52, 0x9d, 0x56};

static void
spoil(const struct flight *f, const uint8_t id[16])
{
	size_t i;

	for (i = 0; i + 16 <= f->len; i++)
		if (memcmp(f->b + i, id, 16) == 0)
			bytes_of(f)[i] ^= 0xff;
}

static bool
without_the_rfc(struct pair *p, const struct flight *f)
{
	spoil(f, natt_rfc);
	if (p->count == 2)
		spoil(f, natt_03);
	return true;
}

static void
check_draft(int draft)
{
	struct pair p;

	pair_init(&p, "k", "k");
	pair_behind_nat(&p);
	p.filter = without_the_rfc;
	p.count = draft;
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.a.sas[0].encap, 1);
	assert_int_equal(p.b.e.peers->path.remote_port, 61234);
	assert_int_equal(p.b.e.peers->path.local_port, 4500);
	assert_int_equal(p.b.e.sas->vendors & VENDOR_NATT, 0);
	assert_true((p.a.e.sas->vendors & (draft == 2 ? VENDOR_NATT_02 : VENDOR_NATT_03)) != 0);
	pair_free(&p);
}

static void
drafts_of_nat_traversal(void **state)
{
	(void)state;
	check_draft(3);
	check_draft(2);
}

static void
modes_have_the_drafts_numbers(void **state)
{
	struct p2_transform t = {.esp = {CIPHER_AES_GCM, 128, INTEG_NONE}, .mode = MODE_TRANSPORT,
	    .encap = true, .draft_encap = true}, got;
	static const uint8_t transport_draft[] = {0x80, 4, 0xf0, 0x04};
	struct offers o;
	uint8_t buf[128];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, buf, sizeof(buf));
	p2_offer_write(&w, 0x1234, &t, 1);
	assert_non_null(memmem(buf, wbuf_len(&w), transport_draft, sizeof(transport_draft)));
	assert_null(offers_read(slice_of(buf, wbuf_len(&w)), &o));
	t.draft_encap = false;
	assert_non_null(p2_choose(&o, &t, 1, &got));
	assert_true(got.encap && got.mode == MODE_TRANSPORT);
}

/* RESPONDER-LIFETIME, in MM6 and QM2: who offered more learns of it. */
static void
the_responder_says_its_lifetimes(void **state)
{
	struct ipc_ike_policy brief = {.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256,
	    .hash = HASH_SHA256, .group = 19, .life_s = 3600};
	struct ipc_ipsec_profile prof = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_GCM, .bits0 = 128, .mode0 = MODE_TRANSPORT,
	    .life_s = 600, .life_kb = 2560, .replay_window = 64};
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	conf_set_policy(&p.b.e.conf, &brief);
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	conf_set_profile(&p.b.e.conf, &prof);
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_run(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.a.e.sas->p1.life_s, 3600);
	assert_int_equal(p.a.e.sas->dies_at.us, p.b.e.sas->dies_at.us);
	assert_int_equal(pair_current(&p.a)->life_s, 600);
	assert_int_equal(pair_current(&p.a)->life_kb, 2560);
	pair_free(&p);
}

static uint64_t
left_when_due(struct pair_side *side)
{
	const struct child_esp *sa = &pair_current(side)->sa;

	return sa->hard_bytes - sa->soft_bytes;
}

/* 10 Mbit/s use 128 kB up in a tenth of a second, and a renewal on a busy machine takes some. */
static void
the_shortest_volume_leaves_time_to_renew(void **state)
{
	struct ipc_ipsec_profile prof = {.name = "PROF", .transforms = 1,
	    .cipher0 = CIPHER_AES_GCM, .bits0 = 128, .mode0 = MODE_TRANSPORT,
	    .life_s = 3600, .life_kb = 2560, .replay_window = 64};
	struct pair p;
	int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		pair_init(&p, "k", "k");
		pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
		conf_set_profile(&p.b.e.conf, &prof);
		pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
		conf_set_profile(&p.a.e.conf, &prof);
		pair_run(&p);
		assert_true(left_when_due(&p.b) >= 512 * 1024);
		assert_true(left_when_due(&p.a) > left_when_due(&p.b));
		pair_free(&p);
	}
}

static bool
with_commit_bit(struct pair *p, const struct flight *f)
{
	if (pair_exchange_of(f) == EXCHANGE_QUICK && f->to == &p->a)
		bytes_of(f)[19] |= IKE_FLAG_COMMIT;
	return true;
}

static void
the_commit_bit_is_tolerated(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	p.filter = with_commit_bit;
	pair_up(&p);
	assert_true(pair_works(&p));
	assert_int_equal(p.sent, 9);
	pair_free(&p);
}

/* As IOS: Unity, DPD and XAUTH with the key exchange. */
static void
vendors_are_said(void **state)
{
	struct pair p;

	(void)state;
	pair_init(&p, "k", "k");
	pair_up(&p);
	assert_int_equal(p.a.e.sas->vendors & (VENDOR_UNITY | VENDOR_DPD | VENDOR_XAUTH | VENDOR_NATT),
	    VENDOR_UNITY | VENDOR_DPD | VENDOR_XAUTH | VENDOR_NATT);
	assert_int_equal(p.b.e.sas->vendors & VENDOR_NATT_03, VENDOR_NATT_03);
	assert_int_equal(p.a.e.sas->vendors & VENDOR_NATT_03, 0);
	pair_free(&p);
}

/* --- fragmentation --- */

static bool
small_datagrams_only(struct pair *p, const struct flight *f)
{
	p->count += f->b[IKE_HEADER_NEXT_AT] == PAYLOAD_FRAGMENT;
	return f->len <= FRAGMENT_PACKET_MAX - 32;
}

static void
set_fragmentation(struct pair_side *s)
{
	struct ipc_isakmp_global global = {.fragmentation = 1};

	conf1_message(&s->e.conf.v1, IPC_MSG_ISAKMP_GLOBAL, &global);
}

/* 4096 bits of KE do not fit a small datagram. */
static void
large_messages_go_in_pieces(void **state)
{
	struct ipc_ike_policy large = {.priority = 10, .cipher = CIPHER_AES_CBC, .key_bits = 256,
	    .hash = HASH_SHA256, .group = 16};
	struct pair p;
	int sides, reversed;

	(void)state;
	for (sides = 1; sides <= 2; sides++)
		for (reversed = 0; reversed < 2; reversed++) {
			pair_init(&p, "k", "k");
			conf_set_policy(&p.a.e.conf, &large);
			conf_set_policy(&p.b.e.conf, &large);
			set_fragmentation(&p.a);
			if (sides == 2)
				set_fragmentation(&p.b);
			p.filter = small_datagrams_only;
			p.reverse = reversed;
			pair_up(&p);
			assert_int_equal(pair_works(&p), sides == 2);
			assert_int_equal(p.count > 0, sides == 2);
			pair_free(&p);
		}
}

static void
put_piece(uint8_t *to, uint16_t id, uint8_t number, uint8_t flags)
{
	to[0] = (uint8_t)(id >> 8);
	to[1] = (uint8_t)id;
	to[2] = number;
	to[3] = flags;
}

static void
pieces_are_bounded(void **state)
{
	static uint8_t body[4 + 1000], room[IKE_DATAGRAM_MAX];
	struct ike_fragments f = {0};
	struct slice whole;
	unsigned int n;

	(void)state;
	memset(body, 7, sizeof(body));
	for (n = 1; n <= 4; n++) {
		put_piece(body, 1, (uint8_t)n, 0);
		assert_null(fragment_take(&f, slice_of(body, sizeof(body)), room, &whole));
		assert_int_equal(whole.len, 0);
	}
	put_piece(body, 1, 5, 1);
	assert_non_null(fragment_take(&f, slice_of(body, sizeof(body)), room, &whole));
	put_piece(body, 1, 2, 0);
	assert_non_null(fragment_take(&f, slice_of(body, 10), room, &whole));
	assert_int_equal(f.total, 4000);
	/* Another message takes its place; the last piece may come first. */
	put_piece(body, 2, 2, 1);
	assert_null(fragment_take(&f, slice_of(body, 4 + 3), room, &whole));
	assert_int_equal(f.total, 3);
	put_piece(body, 2, 3, 0);
	assert_non_null(fragment_take(&f, slice_of(body, 4 + 3), room, &whole));
	put_piece(body, 2, 1, 0);
	assert_null(fragment_take(&f, slice_of(body, 4 + 30), room, &whole));
	assert_int_equal(whole.len, 33);
	assert_int_equal(f.total, 0);
	put_piece(body, 3, 0, 0);
	assert_non_null(fragment_take(&f, slice_of(body, 10), room, &whole));
	put_piece(body, 3, FRAGMENTS_MAX + 1, 0);
	assert_non_null(fragment_take(&f, slice_of(body, 10), room, &whole));
	assert_non_null(fragment_take(&f, slice_of(body, 3), room, &whole));
	fragments_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drafts_of_nat_traversal),
		cmocka_unit_test(modes_have_the_drafts_numbers),
		cmocka_unit_test(the_responder_says_its_lifetimes),
		cmocka_unit_test(the_shortest_volume_leaves_time_to_renew),
		cmocka_unit_test(the_commit_bit_is_tolerated),
		cmocka_unit_test(vendors_are_said),
		cmocka_unit_test(large_messages_go_in_pieces),
		cmocka_unit_test(pieces_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
