/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv2 against who means harm: strangers, forgers of a peer's address, and a peer that misbehaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ikev2.h"
#include "ikev2_sk.h"
#include "pair.h"
#include "payload2.h"

/* --- first messages of strangers --- */

/* P-256's generator is a public value as good as any. */
static const uint8_t public_p256[64] = {
	0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
	0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
	0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
	0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

static const uint8_t offer[] = {
	0, 0, 0, 36, 1, 1, 0, 3,
	3, 0, 0, 12, 1, 0, 0, 20, 0x80, 14, 0, 128,
	3, 0, 0, 8, 2, 0, 0, 5,
	0, 0, 0, 8, 4, 0, 0, 19,
};

static void
first_message(struct pair_side *to, const struct addr *from, uint32_t n, struct slice sa)
{
	struct ike_path path = {to->addr, *from, 500, 500};
	struct ike_header h = {.exchange = EXCHANGE2_INIT, .flags = IKEV2_FLAG_INITIATOR};
	uint8_t out[1024], nonce[32] = {1};
	struct ikev2_build b;
	struct wbuf w;

	h.cky_i[0] = 1;
	memcpy(h.cky_i + 4, &n, sizeof(n));
	ikev2_build_begin(&b);
	ikev2_build_put(&b, PAYLOAD2_SA, sa);
	ke2_write(&b, 19, slice_of(public_p256, sizeof(public_p256)));
	ikev2_build_put(&b, PAYLOAD2_NONCE, slice_of(nonce, sizeof(nonce)));
	wbuf_init(&w, out, sizeof(out));
	assert_true(ikev2_clear(&w, &h, &b));
	engine_receive(&to->e, &path, slice_of(out, wbuf_len(&w)));
}

static struct slice
good_offer(void)
{
	return slice_of(offer, sizeof(offer));
}

/* Fails by never ending. */
static void
test_a_transform_that_is_cut_short(void **state)
{
	static const uint8_t cut[] = {0, 0, 0, 18, 1, 1, 0, 1, 0, 0, 0, 10, 1, 0, 0, 20, 0x80, 14};
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	first_message(&p.b, &p.a.addr, 1, slice_of(cut, sizeof(cut)));
	assert_int_equal(p.b.e.counter[IKE_DROP_MALFORMED], 1);
	assert_null(p.b.e.sas2);
	pair_free(&p);
}

/* What b says is lost. */
static bool
count_cookies(struct pair *p, const struct flight *f)
{
	p->count += f->len > 28 && f->b[16] == PAYLOAD2_N;
	return f->to == &p->b;
}

/* With the address of a peer that is expected: the peer gets in all the same. */
static void
test_forged_sources_do_not_lock_a_peer_out(void **state)
{
	struct pair p;
	uint32_t n;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = count_cookies;
	for (n = 0; n < 500; n++)
		first_message(&p.b, &p.a.addr, n, good_offer());
	assert_in_range(HASH_COUNT(p.b.e.sas2), 1, 8);
	assert_true(p.count > 400);
	p.filter = NULL;
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* IKEv1 has no cookies: what is forged by it takes no place of IKEv2's. */
static void
test_forged_ikev1_does_not_lock_a_peer_out(void **state)
{
	struct pair p;
	struct ike_path path;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "k");
	path = (struct ike_path){p.b.addr, p.a.addr, 500, 500};
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	for (i = 0; i < 40; i++) {
		struct ike_sa *sa = sa_new(&p.b.e, &path, EXCHANGE_MAIN, false);

		random_bytes(sa->ours, sizeof(sa->ours));
		sa_enter_table(sa);
	}
	pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* Amid a flood from everywhere each question gets its cookie, or who means it would rarely see one. */
static void
test_every_cookie_is_answered(void **state)
{
	struct pair p;
	uint32_t n;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = count_cookies;
	for (n = 0; n < 3000; n++) {
		struct addr from = addr_v4(0xc6120000 + n);

		first_message(&p.b, &from, n, good_offer());
	}
	assert_int_equal(HASH_COUNT(p.b.e.sas2), 256);
	assert_int_equal(p.count, 3000 - 256);
	p.filter = NULL;
	pair_up(&p);
	pair_pass(&p, 3000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* One host of IPv6 has 2^64 addresses: together they are one source. */
static void
test_a_64_is_one_source(void **state)
{
	struct addr from;
	struct pair p;
	uint32_t n;

	(void)state;
	pair_init2(&p, "k", "k");
	assert_true(addr_parse(&p.b.addr, "2001:db8:9::1"));
	assert_true(addr_parse(&from, "2001:db8::"));
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	p.filter = count_cookies;
	for (n = 0; n < 200; n++) {
		from.b[15] = (uint8_t)n;
		first_message(&p.b, &from, n, good_offer());
	}
	assert_in_range(p.b.e.half_open2, 1, 8);
	pair_free(&p);
}

/* Whoever does the Diffie-Hellman can be refused at once; its place is not free before it is forgotten. */
static void
test_the_refused_keep_their_places(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "other");
	pair_protect(&p.b, TUNNEL_MGRE, MODE_TRANSPORT, NULL);
	for (i = 0; i < 4; i++) {
		pair_protect(&p.a, TUNNEL_GRE, MODE_TRANSPORT, &p.b.addr);
		pair_run(&p);
		while (p.a.e.peers != NULL)
			peer_remove(p.a.e.peers);
	}
	assert_int_equal(p.b.e.counter[IKE_V2_FAILED], 4);
	assert_int_equal(HASH_COUNT(p.b.e.sas2), 4);
	assert_int_equal(ikev2_half_open_with(&p.b.e, &p.a.addr), 4);
	pair_pass(&p, 20000);
	assert_int_equal(p.b.e.half_open2, 0);
	assert_null(p.b.e.half_open_sas2);
	pair_free(&p);
}

/* --- while espd is silent --- */

static void
answer_late(struct pair_side *s, uint32_t spi)
{
	uint32_t txn;

	for (txn = 1; txn < 50; txn++)
		engine_spi_reserved(&s->e, txn, spi + txn);
	pair_run(s->pair);
}

/* It took too long before there was an SPI: the answer that comes then is for nobody. */
static void
test_spi_for_who_failed(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.b.espd_silent = true;
	pair_up(&p);
	peer_remove(p.a.e.peers);	/* who asked asks no more */
	pair_pass(&p, 61000);
	answer_late(&p.b, 0x30000);
	assert_null(pair_ikev2_sa(&p.b));
	assert_int_equal(pair_children(&p.b), 0);
	pair_free(&p);
}

static void
test_spi_for_who_is_being_deleted(void **state)
{
	struct pair p;
	struct ipc_clear all = {.what = CLEAR_SESSION};

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 1000);
	p.b.espd_silent = true;
	child_rekey(pair_current(&p.a));
	pair_run(&p);
	assert_non_null(pair_ikev2_sa(&p.b)->negos);
	engine_clear(&p.b.e, &all);
	p.b.espd_silent = false;
	answer_late(&p.b, 0x30000);
	pair_pass(&p, 10000);
	assert_true(pair_works(&p));		/* by what a made anew */
	assert_int_equal(pair_children(&p.b), pair_children(&p.a));
	assert_int_equal(p.b.e.sas2->state, IKEV2_UP);
	pair_free(&p);
}

/* --- a peer that misbehaves --- */

static bool
asks_for_another_group(struct pair *p, const struct flight *f)
{
	struct ikev2_sa *sa;
	struct ikev2_build b;
	struct ike_header h;
	static uint64_t iv = 1u << 20;
	static uint16_t group = 14;
	uint8_t out[512];
	struct ike_path path = {p->a.addr, p->b.addr, 500, 500};
	struct wbuf w;

	if (f->to != &p->b || pair_exchange_of(f) != EXCHANGE2_CHILD || (sa = pair_ikev2_sa(&p->a)) == NULL)
		return true;
	p->count++;
	group = group == 14 ? 20 : 14;
	h = ikev2_header(sa, EXCHANGE2_CHILD, false, sa->window.next_out - 1);
	h.flags = IKEV2_FLAG_RESPONSE;
	ikev2_build_begin(&b);
	notify2_write(&b, 0, N2_INVALID_KE_PAYLOAD, (struct slice){NULL, 0},
	    slice_of((uint8_t[]){0, (uint8_t)group}, 2));
	wbuf_init(&w, out, sizeof(out));
	assert_true(ikev2_seal(&w, &sa->keys, false, &h, &b, &iv, 0));
	if (p->count < 200)
		engine_receive(&p->a.e, &path, slice_of(out, wbuf_len(&w)));
	return false;
}

/* Each INVALID_KE_PAYLOAD costs us a Diffie-Hellman. */
static void
test_groups_without_end(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 1000);
	p.filter = asks_for_another_group;
	child_rekey(pair_current(&p.a));
	pair_pass(&p, 500);
	assert_in_range(p.count, 1, 8);
	pair_free(&p);
}

static void
test_groups_of_an_ike_sa_without_end(void **state)
{
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 1000);
	p.filter = asks_for_another_group;
	ikev2_task_add(pair_ikev2_sa(&p.a), TASK_REKEY_IKE, 0);
	pair_pass(&p, 500);
	assert_in_range(p.count, 1, 8);
	pair_free(&p);
}

/* An IKE SA that a has beside those that it has. */
static void
begin_another(struct pair *p)
{
	static const char *profile;

	if (pair_ikev2_sa(&p->a) != NULL)
		profile = pair_ikev2_sa(&p->a)->profile;
	assert_non_null(ikev2_init_start(&p->a.e, profile, &p->a.addr, &p->b.addr, 0));
	pair_run(p);
}

/* Whoever has the key cannot have IKE SAs without end; the newest works. */
static void
test_ike_sas_without_end(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	for (i = 0; i < 300; i++)
		begin_another(&p);
	assert_in_range(HASH_COUNT(p.b.e.sas2), 8, 128);
	assert_in_range(p.b.e.counter[IKE_V2_SURPLUS], 100, 300);
	assert_int_equal(p.b.e.counter[IKE_V2_SURPLUS], p.b.e.counter[IKE_V2_ENDED]);
	pair_pass(&p, 5000);
	assert_true(pair_works(&p));
	pair_free(&p);
}

static bool
ends_nothing(struct pair *p, const struct flight *f)
{
	struct ikev2_sa *sa = ikev2_sa_by_ours(&p->a.e, f->b);

	return f->to != &p->b || sa == NULL || ikev2_sa_is_up(sa);
}

/* Each rekeying leaves an SA that answers for a while, until a ends it. */
static void
test_ike_rekeys_without_end(void **state)
{
	struct pair p;
	unsigned int i;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 1000);
	p.filter = ends_nothing;
	for (i = 0; i < 300; i++) {
		ikev2_task_add(ikev2_sa_for_peer(pair_current(&p.a)->peer), TASK_REKEY_IKE, 0);
		pair_run(&p);
	}
	assert_in_range(HASH_COUNT(p.b.e.sas2), 8, 128);
	p.filter = NULL;
	pair_pass(&p, 300000);
	assert_in_range(pair_sas(&p.b), 1, 2);
	assert_true(pair_works(&p));
	pair_free(&p);
}

/* A request of a's as it might look: one that b has to refuse, whole, and the first part of its like. */
static void
critical_request(struct pair *p, uint32_t msgid, bool part)
{
	static const uint8_t filling[200];
	static uint64_t iv = 1u << 21;
	struct ikev2_sa *sa = pair_ikev2_sa(&p->a);
	struct ike_path path = {p->b.addr, p->a.addr, 500, 500};
	struct ike_header h = ikev2_header(sa, EXCHANGE2_INFO, true, msgid);
	uint8_t out[1024];
	struct ikev2_build b;
	struct slice chain;
	struct wbuf w;

	ikev2_build_begin(&b);
	ikev2_build_put(&b, 200, slice_of(filling, sizeof(filling)));
	chain = ikev2_build_chain(&b);
	((uint8_t *)chain.p)[1] = PAYLOAD2_CRITICAL;
	wbuf_init(&w, out, sizeof(out));
	assert_true(ikev2_seal(&w, &sa->keys, sa->initiator, &h, &b, &iv, part ? 160 : 0));
	engine_receive(&p->b.e, &path, slice_of(out, part ? (size_t)out[26] << 8 | out[27] : wbuf_len(&w)));
	pair_run(p);
}

/* What was begun in parts and refused whole is forgotten, too. */
static void
test_parts_without_end(void **state)
{
	struct ikev2_sa *b;
	struct pair p;
	uint32_t i, first;

	(void)state;
	pair_init2(&p, "k", "k");
	pair_up(&p);
	pair_pass(&p, 1000);
	b = pair_ikev2_sa(&p.b);
	first = b->window.next_in;
	for (i = 0; i < 10; i++) {
		critical_request(&p, first + i, true);
		assert_non_null(b->parts);
		critical_request(&p, first + i, false);
		assert_null(b->parts);
	}
	assert_int_equal(b->window.next_in, first + 10);
	assert_int_equal(p.b.e.counter[IKE_DROP_PAYLOADS], 10);
	pair_free(&p);
}

/* Encrypted, as it says, for the SA that a began with this SPI. */
static void
send_sealed(struct pair *p, const uint8_t spi_i[IKE_SPI_LEN], uint8_t spi_r, uint8_t next)
{
	struct ike_path path = {p->a.addr, p->b.addr, 500, 500};
	struct ike_header h = {.exchange = EXCHANGE2_INFO, .cky_r = {spi_r}};
	static const uint8_t text[200];
	uint8_t out[512];
	struct wbuf w;

	memcpy(h.cky_i, spi_i, IKE_SPI_LEN);
	wbuf_init(&w, out, sizeof(out));
	ikev2_header_write(&w, &h, next);
	wbuf_u8(&w, PAYLOAD_NONE);
	wbuf_u8(&w, 0);
	wbuf_be16(&w, 4 + sizeof(text));
	wbuf_put(&w, text, sizeof(text));
	ikev2_header_finish(&w, 0);
	engine_receive(&p->a.e, &path, slice_of(out, wbuf_len(&w)));
}

/* Who sees our first message, or takes part in a rekeying, knows an SPI that has no keys yet. */
static void
test_sealed_before_there_are_keys(void **state)
{
	struct ikev2_sa *sa;
	struct pair p;

	(void)state;
	pair_init2(&p, "k", "k");
	p.filter = pair_lose_all;
	pair_up(&p);
	sa = p.a.e.sas2;
	assert_int_equal(sa->state, IKEV2_I_INIT);
	send_sealed(&p, sa->spi_i, 9, PAYLOAD2_SK);
	send_sealed(&p, sa->spi_i, 9, PAYLOAD2_SKF);
	assert_int_equal(p.a.e.counter[IKE_DROP_AUTH], 2);
	p.filter = NULL;
	pair_pass(&p, 30000);
	sa = pair_ikev2_sa(&p.a);
	p.filter = pair_lose_all;
	ikev2_task_add(sa, TASK_REKEY_IKE, 0);
	pair_run(&p);
	assert_non_null(sa->successor);
	send_sealed(&p, sa->successor->spi_i, 0, PAYLOAD2_SK);
	assert_int_equal(p.a.e.counter[IKE_DROP_AUTH], 3);
	pair_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_transform_that_is_cut_short),
		cmocka_unit_test(test_forged_sources_do_not_lock_a_peer_out),
		cmocka_unit_test(test_forged_ikev1_does_not_lock_a_peer_out),
		cmocka_unit_test(test_every_cookie_is_answered),
		cmocka_unit_test(test_a_64_is_one_source),
		cmocka_unit_test(test_the_refused_keep_their_places),
		cmocka_unit_test(test_spi_for_who_failed),
		cmocka_unit_test(test_spi_for_who_is_being_deleted),
		cmocka_unit_test(test_ike_sas_without_end),
		cmocka_unit_test(test_ike_rekeys_without_end),
		cmocka_unit_test(test_groups_without_end),
		cmocka_unit_test(test_groups_of_an_ike_sa_without_end),
		cmocka_unit_test(test_parts_without_end),
		cmocka_unit_test(test_sealed_before_there_are_keys),
	};

	return cmocka_run_group_tests(tests, pair_quiet, pair_loud);
}
