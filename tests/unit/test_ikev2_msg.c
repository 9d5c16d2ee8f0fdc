/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKEv2 on the wire: chains of payloads, encrypted and in fragments, selectors and proposals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "ikev2_sk.h"
#include "proposal2.h"
#include "ts.h"

static const struct ike_path path;

/* --- chains --- */

static const char *
read_chain(struct ikev2_msg *m, uint8_t first, const char *text)
{
	struct bytes b = hex(text);
	uint8_t *exact = malloc(b.len + (b.len == 0));	/* so that a sanitizer sees a byte too many */
	const char *why;

	assert_non_null(exact);
	memcpy(exact, b.b, b.len);
	why = ikev2_payloads_read(m, first, slice_of(exact, b.len));
	free(exact);
	return why;
}

static void
test_chains(void **state)
{
	static const struct { uint8_t first; const char *text; } wrong[] = {
		{PAYLOAD2_N, ""},
		{PAYLOAD2_N, "000000"},
		{PAYLOAD2_N, "00000003"},			/* less than its own header */
		{PAYLOAD2_N, "00000005"},			/* more than there is */
		{PAYLOAD2_N, "0000000400"},			/* more behind the last */
		{PAYLOAD2_N, "29000004"},			/* the next is missing */
		{PAYLOAD2_N, "29000004 0000ffff"},
	};
	static struct ikev2_msg m;
	char many[2 * 4 * (IKEV2_PAYLOADS_MAX + 1) + 1] = "";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_non_null(read_chain(&m, wrong[i].first, wrong[i].text));
	assert_null(read_chain(&m, PAYLOAD_NONE, ""));
	assert_int_equal(m.count, 0);
	/* Unknown ones are skipped; that one must be understood is remembered. */
	assert_null(read_chain(&m, 200, "c8000004 29800004 0000000500"));
	assert_int_equal(m.count, 1);
	assert_int_equal(m.critical, 200);
	assert_int_equal(m.seen, P2(N));
	/* Twice what may come once is seen. */
	assert_null(read_chain(&m, PAYLOAD2_SA, "21000004 00000004"));
	assert_int_equal(m.twice, P2(SA));
	for (i = 0; i <= IKEV2_PAYLOADS_MAX; i++)
		memcpy(many + 8 * i, i < IKEV2_PAYLOADS_MAX ? "29000004" : "00000004", 8);
	assert_non_null(read_chain(&m, PAYLOAD2_N, many));
	assert_null(read_chain(&m, PAYLOAD2_N, many + 8));
}

/* --- encrypted payloads --- */

enum { CHAIN_MAX = 5000 };

static const struct prop2 suites[] = {
	{.cipher = CIPHER_AES_CBC, .key_bits = 256, .integ = INTEG_HMAC_SHA256_128, .prf = HASH_SHA256},
	{.cipher = CIPHER_AES_GCM, .key_bits = 128, .prf = HASH_SHA256},
	{.cipher = CIPHER_CHACHA20_POLY1305, .prf = HASH_SHA512},
};

static struct keymat2
keys_of(const struct prop2 *suite)
{
	static const uint8_t spi[8] = "8 bytes";
	struct keymat2_seed seed = {slice_of("one nonce", 9), slice_of("another", 7), spi, spi,
	    slice_of("g to the ir", 11)};
	struct keymat2 k;

	assert_true(keymat2_derive(&k, NULL, suite, &seed));
	return k;
}

/* A chain of one payload of `len` bytes, sealed; how many bytes of datagrams there are. */
static size_t
seal(uint8_t out[IKEV2_SEALED_MAX], const struct keymat2 *k, size_t len, size_t most, uint32_t msgid)
{
	static struct ikev2_build b;
	struct ike_header h = {.exchange = EXCHANGE2_INFO, .msgid = msgid,
	    .flags = IKEV2_FLAG_INITIATOR};
	uint64_t iv = 7;
	struct wbuf w, *to;
	size_t i;

	ikev2_build_begin(&b);
	to = ikev2_build_payload(&b, PAYLOAD2_V);
	for (i = 0; i < len; i++)
		wbuf_u8(to, (uint8_t)(i * 7));
	wbuf_init(&w, out, IKEV2_SEALED_MAX);
	return ikev2_seal(&w, k, true, &h, &b, &iv, most) ? wbuf_len(&w) : 0;
}

/* The nth datagram of what was sealed. */
static struct slice
datagram(const uint8_t *p, size_t len, unsigned int nth)
{
	struct ike_header h;
	struct rbuf r, at;

	rbuf_init(&r, p, len);
	for (;;) {
		struct slice one;

		at = r;
		if (rbuf_left(&r) == 0 || ike_header_read(&at, &h) != NULL)
			return (struct slice){NULL, 0};
		one = rbuf_slice(&r, h.length);
		if (nth-- == 0)
			return one;
	}
}

static const char *
unseal(struct ikev2_msg *m, const struct keymat2 *k, struct slice d)
{
	const char *why = ikev2_msg_open(m, &path, d);

	return why != NULL ? why : ikev2_unseal(m, k, true);
}

static void
check_payload(struct ikev2_msg *m, size_t len)
{
	size_t i;

	assert_null(ikev2_msg_read_inner(m));
	assert_int_equal(m->count, 1);
	assert_int_equal(m->payload[0].type, PAYLOAD2_V);
	assert_int_equal(m->payload[0].body.len, len);
	for (i = 0; i < len; i++)
		assert_int_equal(m->payload[0].body.p[i], (uint8_t)(i * 7));
}

static void
test_seal_and_unseal(void **state)
{
	static uint8_t out[IKEV2_SEALED_MAX];
	static struct ikev2_msg m;
	size_t i, len, n, at;

	(void)state;
	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		struct keymat2 k = keys_of(&suites[i]);

		for (len = 0; len < 70; len++) {
			n = seal(out, &k, len, 0, 5);
			assert_true(n > 0);
			assert_null(unseal(&m, &k, slice_of(out, n)));
			check_payload(&m, len);
		}
		/* Any changed bit is noticed, wherever it is. */
		for (at = 0; at < n; at++) {
			out[at] ^= 0x10;
			assert_non_null(unseal(&m, &k, slice_of(out, n)));
			out[at] ^= 0x10;
		}
		for (at = IKE_HEADER_LEN; at < n; at++)
			assert_non_null(unseal(&m, &k, slice_of(out, at)));
		/* Nor is it taken for what the other side says. */
		assert_null(ikev2_msg_open(&m, &path, slice_of(out, n)));
		assert_non_null(ikev2_unseal(&m, &k, false));
	}
}

/* --- fragments --- */

enum { PARTS = 5, MOST = 400, LONG = 1500 };

static void
test_fragments_in_any_order(void **state)
{
	static const unsigned int orders[][PARTS] = {
		{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3},
	};
	static uint8_t out[IKEV2_SEALED_MAX];
	static struct ikev2_msg m;
	struct ikev2_parts *parts = NULL;
	size_t i, o, j, n;

	(void)state;
	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		struct keymat2 k = keys_of(&suites[i]);

		n = seal(out, &k, LONG, MOST, 9);
		assert_non_null(datagram(out, n, PARTS - 1).p);
		assert_null(datagram(out, n, PARTS).p);
		for (o = 0; o < sizeof(orders) / sizeof(orders[0]); o++)
			for (j = 0; j < PARTS; j++) {
				struct slice d = datagram(out, n, orders[o][j]);

				assert_true(d.len <= MOST);
				assert_null(unseal(&m, &k, d));
				assert_int_equal(m.fragment, orders[o][j] + 1);
				assert_int_equal(ikev2_parts_add(&parts, &m), j == PARTS - 1);
				if (j == PARTS - 1) {
					check_payload(&m, LONG);
					break;
				}
				/* One that comes twice counts once. */
				assert_null(unseal(&m, &k, d));
				assert_false(ikev2_parts_add(&parts, &m));
			}
		assert_null(parts);
	}
}

/* What does not authenticate never reaches the others; each message has fragments of its own. */
static void
test_forged_and_other_fragments(void **state)
{
	static uint8_t out[IKEV2_SEALED_MAX], next[IKEV2_SEALED_MAX], bad[MOST];
	static struct ikev2_msg m;
	struct ikev2_parts *parts = NULL;
	struct keymat2 k = keys_of(&suites[1]);
	size_t n = seal(out, &k, LONG, MOST, 9), n2 = seal(next, &k, LONG, MOST, 10), i;
	struct slice d = datagram(out, n, 1);

	(void)state;
	memcpy(bad, d.p, d.len);
	bad[IKE_HEADER_LEN + 5] = 3;		/* says that it is the third */
	assert_non_null(unseal(&m, &k, slice_of(bad, d.len)));
	bad[IKE_HEADER_LEN + 5] = 0;		/* there is no fragment 0 */
	assert_non_null(unseal(&m, &k, slice_of(bad, d.len)));
	bad[IKE_HEADER_LEN + 5] = 2;
	bad[IKE_HEADER_LEN + 7] = 1;		/* nor a second one of one */
	assert_non_null(unseal(&m, &k, slice_of(bad, d.len)));

	for (i = 0; i + 1 < PARTS; i++) {
		assert_null(unseal(&m, &k, datagram(out, n, (unsigned int)i)));
		assert_false(ikev2_parts_add(&parts, &m));
	}
	for (i = 0; i < PARTS; i++) {
		assert_null(unseal(&m, &k, datagram(next, n2, (unsigned int)i)));
		assert_int_equal(ikev2_parts_add(&parts, &m), i + 1 == PARTS);
	}
	check_payload(&m, LONG);
	/* A request is another message than the answer with its ID. */
	assert_null(unseal(&m, &k, datagram(out, n, PARTS - 1)));
	m.h.flags ^= IKEV2_FLAG_RESPONSE;
	assert_false(ikev2_parts_add(&parts, &m));
	ikev2_parts_drop(&parts, &m);
	m.h.flags ^= IKEV2_FLAG_RESPONSE;
	assert_true(ikev2_parts_add(&parts, &m));
	check_payload(&m, LONG);
	assert_null(parts);
	/* Smaller ones of the same message are another try; larger ones are late. */
	assert_null(unseal(&m, &k, datagram(out, n, 0)));
	assert_false(ikev2_parts_add(&parts, &m));
	n2 = seal(next, &k, LONG, MOST / 2, 9);
	assert_null(unseal(&m, &k, datagram(next, n2, 0)));
	assert_false(ikev2_parts_add(&parts, &m));
	for (i = 1; i < PARTS; i++) {
		assert_null(unseal(&m, &k, datagram(out, n, (unsigned int)i)));
		assert_false(ikev2_parts_add(&parts, &m));
	}
	for (i = 1; datagram(next, n2, (unsigned int)i).p != NULL; i++) {
		bool last = datagram(next, n2, (unsigned int)i + 1).p == NULL;

		assert_null(unseal(&m, &k, datagram(next, n2, (unsigned int)i)));
		assert_int_equal(ikev2_parts_add(&parts, &m), last);
	}
	check_payload(&m, LONG);
	assert_null(parts);
}

static void
test_what_does_not_fit(void **state)
{
	static uint8_t out[IKEV2_SEALED_MAX];
	struct keymat2 k = keys_of(&suites[0]);

	(void)state;
	assert_int_equal(seal(out, &k, 100, 60, 1), 0);		/* no room for a fragment */
	assert_int_equal(seal(out, &k, CHAIN_MAX, 130, 1), 0);	/* more fragments than we take */
	assert_int_equal(seal(out, &k, IKEV2_MESSAGE_MAX, 0, 1), 0);
}

/* --- traffic selectors --- */

static struct ts
selector(const char *net, uint8_t proto, uint16_t port)
{
	struct ts t = {.proto = proto, .port = port};

	assert_true(prefix_parse(&t.net, net));
	return t;
}

static const char *
read_selectors(struct ts_list *l, const char *text)
{
	struct bytes b = hex(text);

	return ts_read(hex_slice(&b), l);
}

static void
test_selectors(void **state)
{
	const struct ts some[] = {selector("10.1.0.0/16", 0, 0), selector("192.0.2.1/32", 47, 0),
	    selector("10.4.0.0/22", 6, 22), selector("0.0.0.0/0", 0, 0), selector("::/0", 0, 0),
	    selector("2001:db8::/61", 17, 53)};
	struct ts_list l;
	uint8_t b[64];
	struct wbuf w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		wbuf_init(&w, b, sizeof(b));
		ts_write(&w, &some[i]);
		assert_false(w.bad);
		assert_null(ts_read(slice_of(b, wbuf_len(&w)), &l));
		assert_int_equal(l.count, 1);
		assert_true(ts_eq(&l.list[0], &some[i]));
	}
	/* RFC 7296 3.13.1: one IPv4 range, all ports */
	assert_null(read_selectors(&l, "01000000 0700 0010 0000ffff 0a010000 0a01ffff"));
	assert_true(ts_eq(&l.list[0], &some[0]));
	/* No prefix, no single port: left out, as unknown kinds are. */
	assert_null(read_selectors(&l, "01000000 0700 0010 0000ffff 0a010001 0a01ffff"));
	assert_int_equal(l.count, 0);
	assert_null(read_selectors(&l, "01000000 0706 0010 00140016 0a010000 0a01ffff"));
	assert_int_equal(l.count, 0);
	assert_null(read_selectors(&l, "02000000 0900 0008 00000000 0700 0010 0000ffff 0a010000 0a01ffff"));
	assert_int_equal(l.count, 1);
	/* An upside-down range is no prefix either. */
	assert_null(read_selectors(&l, "01000000 0700 0010 0000ffff 0a01ffff 0a010000"));
	assert_int_equal(l.count, 0);
	assert_non_null(read_selectors(&l, ""));
	assert_non_null(read_selectors(&l, "01000000"));
	assert_non_null(read_selectors(&l, "01000000 0700 0007 0000ff"));
	assert_non_null(read_selectors(&l, "01000000 0700 0010 0000ffff 0a010000 0a01ff"));
	assert_non_null(read_selectors(&l, "01000000 0700 000c 0000ffff 0a010000"));
	assert_non_null(read_selectors(&l, "00000000 0700 0010 0000ffff 0a010000 0a01ffff"));
}

static void
test_narrowing(void **state)
{
	struct ts want = selector("10.1.0.0/16", 0, 0), out;
	struct ts_list l = {.count = 1, .list = {selector("10.0.0.0/8", 0, 0)}};

	(void)state;
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
	l.list[0] = selector("10.1.2.0/24", 6, 0);
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &l.list[0]));
	/* The packet that began it comes first (RFC 7296 2.9); the widest is taken. */
	l = (struct ts_list){.count = 2, .list = {selector("10.1.2.3/32", 6, 80),
	    selector("10.1.0.0/16", 0, 0)}};
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
	/* Of hosts, too: a Linux kernel's trap says a GRE packet's key as its port. */
	want = selector("192.0.2.1/32", 47, 0);
	l = (struct ts_list){.count = 2, .list = {selector("192.0.2.1/32", 47, 7), want}};
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
	l.list[1] = selector("192.0.2.1/32", 0, 0);
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
	l.count = 1;
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &l.list[0]));
	want = selector("10.1.0.0/16", 0, 0);
	l = (struct ts_list){.count = 2, .list = {selector("10.1.0.0/16", 6, 0), want}};
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
	l = (struct ts_list){.count = 1, .list = {selector("10.2.0.0/16", 0, 0)}};
	assert_false(ts_narrow(&l, &want, &out));
	l.list[0] = selector("::/0", 0, 0);
	assert_false(ts_narrow(&l, &want, &out));
	want = selector("10.1.0.0/16", 17, 53);
	l.list[0] = selector("10.1.0.0/16", 6, 53);
	assert_false(ts_narrow(&l, &want, &out));
	l.list[0] = selector("10.1.0.0/16", 17, 54);
	assert_false(ts_narrow(&l, &want, &out));
	l.list[0] = selector("10.1.0.0/16", 0, 0);
	assert_true(ts_narrow(&l, &want, &out));
	assert_true(ts_eq(&out, &want));
}

/* --- proposals --- */

static const char *
read_offers(struct offers2 *o, const char *text)
{
	static struct bytes b;

	b = hex(text);
	return offers2_read(hex_slice(&b), o);
}

static void
test_malformed_proposals(void **state)
{
	static const char *const wrong[] = {
		"",
		"00000007 010103",			/* shorter than a proposal's header */
		"00000008 01030400",			/* its SPI is missing */
		"0000000c 01030401 11223344",		/* and its transform */
		"0200000c 01030400 11223344",		/* the next proposal is missing */
		"0000000c 01030400 11223344 00",	/* more behind the last */
		"00000014 01030401 11223344 00000007 0100000c",	/* a transform's length */
		"00000014 01030401 11223344 00000009 0100000c",
		"00000014 01030402 11223344 00000008 0100000c",	/* fewer than it says */
	};
	static struct offers2 o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_non_null(read_offers(&o, wrong[i]));
	assert_null(read_offers(&o, "00000014 01030401 11223344 00000008 01000014"));
	assert_int_equal(o.count, 1);
	assert_int_equal(o.transforms, 1);
	assert_true(offers2_is_answer(&o));
	/* Two transforms of one type are an offer, no answer. */
	assert_null(read_offers(&o, "0000001c 01030402 11223344 03000008 01000014 00000008 01000013"));
	assert_false(offers2_is_answer(&o));
}

static const struct p2_transform gcm = {.esp = {CIPHER_AES_GCM, 256, INTEG_NONE},
    .mode = MODE_TUNNEL};
static const struct p2_transform cbc = {.esp = {CIPHER_AES_CBC, 128, INTEG_HMAC_SHA256_128},
    .mode = MODE_TUNNEL};

/* Ours in our order; a key of another length, another HMAC and a strange attribute are others. */
static void
test_choice(void **state)
{
	/* ESP, SPI 11223344: AES-CBC 128 and SHA-256; then AES-GCM-16 256; both without ESN */
	static const char *const both =
	    "02000028 01030403 11223344 0300000c 0100000c 800e0080 03000008 0300000c 00000008 05000000"
	    "00000020 02030402 11223344 0300000c 01000014 800e0100 00000008 05000000";
	struct p2_transform want[] = {gcm, cbc};
	static struct offers2 o;
	const struct offer2 *chosen;
	struct prop2 got;

	(void)state;
	assert_null(read_offers(&o, both));
	chosen = prop2_esp_choose(&o, want, 2, MODE_TUNNEL, PFS_IGNORE, 0, &got);
	assert_non_null(chosen);
	assert_int_equal(chosen->number, 2);
	assert_int_equal(got.cipher, CIPHER_AES_GCM);
	assert_int_equal(got.row, 0);
	want[0].esp.key_bits = 128;
	chosen = prop2_esp_choose(&o, want, 2, MODE_TUNNEL, PFS_IGNORE, 0, &got);
	assert_non_null(chosen);
	assert_int_equal(chosen->number, 1);
	assert_int_equal(got.integ, INTEG_HMAC_SHA256_128);
	assert_int_equal(got.row, 1);
	want[1].esp.integ = INTEG_HMAC_SHA1_96;
	assert_null(prop2_esp_choose(&o, want, 2, MODE_TUNNEL, PFS_IGNORE, 0, &got));
	/* Transport mode was not configured. */
	assert_null(prop2_esp_choose(&o, &gcm, 1, MODE_TRANSPORT, PFS_IGNORE, 0, &got));
	/* An attribute that we do not know, 800f, makes another transform of it. */
	assert_null(read_offers(&o,
	    "00000024 02030402 11223344 03000010 01000014 800e0100 800f0001 00000008 05000000"));
	assert_null(prop2_esp_choose(&o, &gcm, 1, MODE_TUNNEL, PFS_IGNORE, 0, &got));
}

/* What is offered is what is read and chosen again, with and without a group. */
static void
test_an_offer_is_understood(void **state)
{
	const struct p2_transform want[] = {gcm, cbc};
	static struct offers2 o;
	const struct offer2 *chosen;
	uint8_t b[256], group;
	struct prop2 got;
	struct wbuf w;

	(void)state;
	for (group = 0; group <= 19; group += 19) {
		wbuf_init(&w, b, sizeof(b));
		prop2_esp_offer(&w, want, 2, group, 0x11223344);
		assert_false(w.bad);
		assert_null(offers2_read(slice_of(b, wbuf_len(&w)), &o));
		chosen = prop2_esp_choose(&o, &want[1], 1, MODE_TUNNEL, PFS_AS_WANTED, group, &got);
		assert_non_null(chosen);
		assert_int_equal(got.cipher, CIPHER_AES_CBC);
		assert_int_equal(got.group, group);
		assert_memory_equal(chosen->spi.p, "\x11\x22\x33\x44", 4);
		/* The answer repeats its number, with our SPI. */
		wbuf_init(&w, b, sizeof(b));
		prop2_answer(&w, &got, PROTO_ESP, slice_of("\1\2\3\4", 4));
		assert_null(offers2_read(slice_of(b, wbuf_len(&w)), &o));
		assert_true(offers2_is_answer(&o));
		assert_int_equal(o.list[0].number, got.number);
		assert_non_null(prop2_esp_choose(&o, want, 2, MODE_TUNNEL, PFS_AS_WANTED, group, &got));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_seal_and_unseal),
		cmocka_unit_test(test_fragments_in_any_order),
		cmocka_unit_test(test_forged_and_other_fragments),
		cmocka_unit_test(test_what_does_not_fit),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_narrowing),
		cmocka_unit_test(test_malformed_proposals),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_an_offer_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
