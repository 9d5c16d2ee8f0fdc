/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IKE's decoders and encoders, alone: chains, proposals, identities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "ident.h"
#include "ike_msg.h"
#include "ipc.h"
#include "payload.h"
#include "proposal.h"

static const uint8_t cky[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static const char *
chain_of(struct ike_msg *m, uint8_t first, const void *p, size_t len, bool padded)
{
	memset(m, 0, sizeof(*m));
	m->h.next = first;
	return ike_payloads_read(m, slice_of(p, len), padded);
}

static void
test_chain(void **state)
{
	static const struct {
		const char *what;
		uint8_t first;
		uint8_t len;
		uint8_t b[16];
		bool padded, good;
	} cases[] = {
		{"one payload", PAYLOAD_NONCE, 6, {0, 0, 0, 6, 9, 9}, false, true},
		{"an empty body", PAYLOAD_NONCE, 4, {0, 0, 0, 4}, false, true},
		{"a length of less than its header", PAYLOAD_NONCE, 4, {0, 0, 0, 3}, false, false},
		{"a length past the end", PAYLOAD_NONCE, 6, {0, 0, 0, 7, 9, 9}, false, false},
		{"a missing second", PAYLOAD_NONCE, 4, {8, 0, 0, 4}, false, false},
		{"bytes behind the last, in clear", PAYLOAD_NONCE, 5, {0, 0, 0, 4, 0}, false, false},
		{"the same, padding", PAYLOAD_NONCE, 5, {0, 0, 0, 4, 0}, true, true},
		{"an unknown type", 99, 4, {0, 0, 0, 4}, false, false},
		{"a private type is passed over", 130, 4, {0, 0, 0, 4}, false, true},
		{"nothing at all", PAYLOAD_NONE, 0, {0}, false, true},
	};
	static struct ike_msg m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why =
		    chain_of(&m, cases[i].first, cases[i].b, cases[i].len, cases[i].padded);

		if ((why == NULL) != cases[i].good)
			fail_msg("%s: %s", cases[i].what, why == NULL ? "accepted" : why);
	}
}

static void
test_too_many_payloads(void **state)
{
	static struct ike_msg m;
	uint8_t b[4 * 200];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(b); i += 4)
		memcpy(b + i, (uint8_t[]){i + 4 < sizeof(b) ? PAYLOAD_VENDOR : 0, 0, 0, 4}, 4);
	assert_non_null(chain_of(&m, PAYLOAD_VENDOR, b, sizeof(b), false));
}

static void
test_header(void **state)
{
	static struct ike_msg m;
	struct ike_path path = {0};
	struct ike_build b;
	uint8_t copy[256];
	struct slice s;

	(void)state;
	ike_build_begin(&b, cky, cky, EXCHANGE_MAIN, 0);
	ike_build_put(&b, PAYLOAD_NONCE, slice_of(cky, 8));
	s = ike_build_end(&b);
	assert_null(ike_msg_open(&m, &path, s));
	assert_null(ike_msg_read_clear(&m));
	assert_int_equal(m.seen, P(NONCE));
	assert_int_equal(ike_msg_body(&m, PAYLOAD_NONCE).len, 8);
	memcpy(copy, s.p, s.len);
	copy[27]++;			/* says that it is longer than it is */
	assert_non_null(ike_msg_open(&m, &path, slice_of(copy, s.len)));
	copy[27] = 27;			/* shorter than a header */
	assert_non_null(ike_msg_open(&m, &path, slice_of(copy, s.len)));
	assert_non_null(ike_msg_open(&m, &path, slice_of(copy, 27)));
}

static void
test_encrypted(void **state)
{
	static struct ike_msg m;
	static const uint8_t key[16] = {7};
	struct ike_path path = {0};
	uint8_t iv[CIPHER_BLOCK_MAX] = {3}, iv2[CIPHER_BLOCK_MAX] = {3};
	struct ike_build b;

	(void)state;
	ike_build_begin(&b, cky, cky, EXCHANGE_QUICK, 5);
	ike_build_put(&b, PAYLOAD_HASH, slice_of(cky, 8));
	ike_build_put(&b, PAYLOAD_NONCE, slice_of(cky, 5));
	assert_true(ike_build_encrypt(&b, CIPHER_AES_CBC, slice_of(key, 16), iv));
	assert_null(ike_msg_open(&m, &path, ike_build_end(&b)));
	assert_int_equal(m.h.flags, IKE_FLAG_ENCRYPTED);
	assert_null(ike_msg_read_encrypted(&m, CIPHER_AES_CBC, slice_of(key, 16), iv2));
	assert_memory_equal(m.last_block, iv, CIPHER_BLOCK_MAX);
	assert_int_equal(m.payload[0].after.len, 9);
	m.datagram.len--;		/* no whole blocks */
	assert_non_null(ike_msg_read_encrypted(&m, CIPHER_AES_CBC, slice_of(key, 16), iv2));
}

/* --- proposals --- */

static struct slice
written_p2(uint8_t *buf, size_t room, const struct p2_transform *t, unsigned int n)
{
	struct wbuf w;

	wbuf_init(&w, buf, room);
	p2_offer_write(&w, 0x01020304, t, n);
	assert_false(w.bad);
	return slice_of(buf, wbuf_len(&w));
}

static void
test_p2_choice(void **state)
{
	const struct p2_transform gcm = {.esp = {CIPHER_AES_GCM, 128, INTEG_NONE},
	    .mode = MODE_TRANSPORT, .encap = true, .life_s = 3600, .life_kb = 4608000};
	const struct p2_transform cbc = {.esp = {CIPHER_AES_CBC, 256, INTEG_HMAC_SHA1_96},
	    .mode = MODE_TUNNEL, .pfs_group = 14, .life_s = 1200};
	struct p2_transform both[] = {gcm, cbc}, got, shorter = cbc, other;
	static struct offers o;
	const struct offer *c;
	uint8_t buf[512];

	(void)state;
	assert_null(offers_read(written_p2(buf, sizeof(buf), both, 2), &o));
	assert_int_equal(o.count, 2);
	c = p2_choose(&o, &gcm, 1, &got);
	assert_non_null(c);
	assert_int_equal(c->proposal, 1);
	assert_int_equal(got.life_kb, 4608000);
	assert_int_equal(got.life_s, 3600);
	shorter.life_s = 600;
	shorter.life_kb = 100;
	c = p2_choose(&o, &shorter, 1, &got);
	assert_non_null(c);
	assert_int_equal(c->proposal, 2);
	assert_int_equal(got.life_s, 600);
	assert_int_equal(got.life_kb, 100);
	other = gcm;
	other.esp.key_bits = 256;
	assert_null(p2_choose(&o, &other, 1, &got));
	other = gcm;
	other.encap = false;
	assert_null(p2_choose(&o, &other, 1, &got));
	other = cbc;
	other.pfs_group = 0;
	assert_null(p2_choose(&o, &other, 1, &got));
}

/* AH and ESP under one number would have to be taken together: never half of it. */
static void
test_bundle_is_refused(void **state)
{
	const struct p2_transform t = {.esp = {CIPHER_AES_GCM, 128, INTEG_NONE},
	    .mode = MODE_TUNNEL};
	struct p2_transform both[] = {t, t}, got;
	static struct offers o;
	uint8_t buf[256];
	struct slice s = written_p2(buf, sizeof(buf), both, 2);
	size_t second = 8 + (s.len - 8) / 2;

	(void)state;
	buf[second + 4] = 1;		/* the second proposal gets the first's number */
	assert_null(offers_read(s, &o));
	assert_null(p2_choose(&o, &t, 1, &got));
}

static void
test_every_cut_proposal_is_refused(void **state)
{
	const struct p2_transform t = {.esp = {CIPHER_AES_CBC, 256, INTEG_HMAC_SHA256_128},
	    .mode = MODE_TUNNEL, .life_s = 3600, .life_kb = 4608000};
	struct p2_transform both[] = {t, t};
	static struct offers o;
	uint8_t buf[256];
	struct slice s = written_p2(buf, sizeof(buf), both, 2);
	size_t len;

	(void)state;
	for (len = 0; len < s.len; len++)
		assert_non_null(offers_read(slice_of(buf, len), &o));
	assert_null(offers_read(s, &o));
}

static void
test_p1_priority(void **state)
{
	const struct p1_transform offer[] = {
		{CIPHER_AES_CBC, 128, HASH_SHA1, 14, IPC_AUTH_PSK, 86400},
		{CIPHER_AES_CBC, 256, HASH_SHA512, 20, IPC_AUTH_PSK, 86400},
	};
	const struct p1_transform want[] = {offer[1], offer[0]};
	struct p1_transform got;
	static struct offers o;
	uint8_t buf[256];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, buf, sizeof(buf));
	p1_offer_write(&w, offer, 2);
	assert_null(offers_read(slice_of(buf, wbuf_len(&w)), &o));
	/* Our priority decides, not the order of the offer. */
	assert_int_equal(p1_choose(&o, want, 2, &got)->number, 2);
	assert_int_equal(got.hash, HASH_SHA512);
	assert_null(p1_choose(&o, want, 0, &got));
}

/* RFC 2409 appendix A: 3DES and DES have no key length; one that is told is passed over. */
static void
test_p1_without_key_length(void **state)
{
	static const uint8_t three_des_192[] = {
		0, 0, 0, 1, 0, 0, 0, 1,
		0, 0, 0, 40, 1, PROTO_ISAKMP, 0, 1,
		0, 0, 0, 32, 1, TRANSFORM_KEY_IKE, 0, 0,
		0x80, 1, 0, 5, 0x80, 2, 0, 1, 0x80, 3, 0, 1, 0x80, 4, 0, 2, 0x80, 14, 0, 192,
		0x80, 11, 0, 1,
	};
	const struct p1_transform want = {CIPHER_3DES_CBC, 0, HASH_MD5, 2, IPC_AUTH_PSK, 86400};
	struct p1_transform got;
	static struct offers o;
	uint8_t buf[256];
	struct wbuf w;

	(void)state;
	wbuf_init(&w, buf, sizeof(buf));
	p1_offer_write(&w, &want, 1);
	assert_null(offers_read(slice_of(buf, wbuf_len(&w)), &o));
	/* cipher, hash, group, authentication, kind of life: short; life: 4 bytes */
	assert_int_equal(o.list[0].attributes.len, 5 * 4 + 8);
	assert_non_null(p1_choose(&o, &want, 1, &got));
	assert_null(offers_read(slice_of(three_des_192, sizeof(three_des_192)), &o));
	assert_non_null(p1_choose(&o, &want, 1, &got));
	assert_int_equal(got.key_bits, 0);
}

static void
test_p2_numbers(void **state)
{
	static const struct {
		struct esp_transform t;
		uint8_t id;
	} rows[] = {
		{{CIPHER_DES_CBC, 0, INTEG_HMAC_MD5_96}, 2},
		{{CIPHER_3DES_CBC, 0, INTEG_HMAC_MD5_96}, 3},
		{{CIPHER_NULL, 0, INTEG_HMAC_SHA1_96}, 11},
		{{CIPHER_AES_CBC, 192, INTEG_HMAC_SHA1_96}, 12},
		{{CIPHER_AES_CTR, 256, INTEG_HMAC_SHA256_128}, 13},
		{{CIPHER_AES_GCM_8, 128, INTEG_NONE}, 18},
		{{CIPHER_AES_GCM_12, 128, INTEG_NONE}, 19},
		{{CIPHER_AES_GCM, 128, INTEG_NONE}, 20},
		{{CIPHER_AES_GMAC, 256, INTEG_NONE}, 23},
	};
	const struct esp_transform chacha = {CIPHER_CHACHA20_POLY1305, 0, INTEG_NONE};
	uint8_t buf[256];
	struct offers o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct p2_transform t = {.esp = rows[i].t, .mode = MODE_TUNNEL}, got;

		assert_true(p2_has(&t.esp));
		assert_null(offers_read(written_p2(buf, sizeof(buf), &t, 1), &o));
		assert_int_equal(o.list[0].id, rows[i].id);
		assert_non_null(p2_choose(&o, &t, 1, &got));
		assert_int_equal(got.esp.key_bits, rows[i].t.key_bits);
	}
	assert_false(p2_has(&chacha));
}

/* --- identities --- */

static void
test_ident(void **state)
{
	static const struct {
		uint8_t b[12], len;
		bool good;
	} cases[] = {
		{{ID_IPV4_ADDR, 17, 1, 244, 10, 0, 0, 1}, 8, true},	/* 17/500 */
		{{ID_IPV4_ADDR, 17, 0, 0, 10, 0, 0, 1}, 8, true},	/* Cisco after a NAT */
		{{ID_IPV4_ADDR, 0, 0, 0, 10, 0, 0, 1}, 8, true},
		{{ID_IPV4_ADDR, 6, 0, 0, 10, 0, 0, 1}, 8, false},
		{{ID_IPV4_ADDR, 17, 0, 80, 10, 0, 0, 1}, 8, false},
		{{ID_IPV4_ADDR, 0, 1, 244, 10, 0, 0, 1}, 8, false},
		{{ID_IPV4_ADDR, 17, 1, 244, 10, 0, 0}, 7, false},
		{{ID_FQDN, 17, 1, 244, 'h', 'u', 'b'}, 7, true},
		{{ID_FQDN, 17, 1, 244}, 4, false},
		{{ID_FQDN, 17, 1}, 3, false},
	};
	struct ident id;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ident_read(slice_of(cases[i].b, cases[i].len), &id) == NULL,
		    cases[i].good);
	assert_null(ident_read(slice_of("\2\0\0\0a\033[2Jb", 10), &id));
	assert_string_equal(IDENT_STR(&id), "a.[2Jb");
}

static void
test_proxy(void **state)
{
	struct proxy in = {.net = {.addr = addr_v4(0x0a010000), .len = 16}, .proto = 47}, out;
	uint8_t buf[40], holes[] = {ID_IPV4_SUBNET, 0, 0, 0, 10, 0, 0, 0, 255, 0, 255, 0};
	struct wbuf w;

	(void)state;
	wbuf_init(&w, buf, sizeof(buf));
	proxy_write(&w, &in);
	assert_null(proxy_read(slice_of(buf, wbuf_len(&w)), &out));
	assert_true(prefix_eq(&in.net, &out.net));
	assert_int_equal(out.proto, 47);
	assert_non_null(proxy_read(slice_of(buf, wbuf_len(&w) - 1), &out));
	assert_non_null(proxy_read(slice_of(holes, sizeof(holes)), &out));
	in = (struct proxy){.net = {.len = 48}};
	addr_parse(&in.net.addr, "2001:db8:1::");
	wbuf_init(&w, buf, sizeof(buf));
	proxy_write(&w, &in);
	assert_int_equal(buf[0], ID_IPV6_SUBNET);
	assert_null(proxy_read(slice_of(buf, wbuf_len(&w)), &out));
	assert_true(prefix_eq(&in.net, &out.net));
	buf[25] = 1;
	assert_non_null(proxy_read(slice_of(buf, wbuf_len(&w)), &out));
	in = (struct proxy){.net = {.addr = addr_v4(0x0a010101), .len = 32}};
	wbuf_init(&w, buf, sizeof(buf));
	proxy_write(&w, &in);
	assert_int_equal(wbuf_len(&w), 8);	/* a host is an address, not a /32 */
}

static void
test_delete_lengths(void **state)
{
	struct ike_delete_body d;
	uint8_t b[] = {0, 0, 0, 1, 3, 4, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};

	(void)state;
	assert_null(delete_read(slice_of(b, sizeof(b)), &d));
	assert_int_equal(d.count, 2);
	assert_non_null(delete_read(slice_of(b, sizeof(b) - 1), &d));
	b[6] = 0xff;
	assert_non_null(delete_read(slice_of(b, sizeof(b)), &d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_too_many_payloads),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_p2_choice),
		cmocka_unit_test(test_bundle_is_refused),
		cmocka_unit_test(test_every_cut_proposal_is_refused),
		cmocka_unit_test(test_p1_priority),
		cmocka_unit_test(test_p1_without_key_length),
		cmocka_unit_test(test_p2_numbers),
		cmocka_unit_test(test_ident),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_delete_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
