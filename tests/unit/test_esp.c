/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ESP there and back, by its vectors and by both libraries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "esp_crypto.h"
#include "esp_pair.h"
#include "hex.h"

/* --- vectors --- */

static const struct vector {
	enum cipher cipher;
	uint16_t key_bits;
	enum integ integ;
	int esn;
	uint64_t seq;
	const char *key, *auth, *payload, *packet;
} scapy[] = {
#include "esp_vectors.h"
};

static struct esp_key *
vector_key(const struct vector *v, enum esp_direction dir)
{
	struct esp_transform t = {v->cipher, v->key_bits, v->integ};
	struct bytes key = hex(v->key), auth = hex(v->auth);
	const char *why;
	struct esp_key *k = esp_key_new(dir, &t, v->esn, SPI, hex_slice(&key), hex_slice(&auth), &why);

	assert_non_null(k);
	return k;
}

static void
vector_opens(const struct vector *v)
{
	struct esp_key *k = vector_key(v, ESP_OPEN);
	struct bytes packet = hex(v->packet), payload = hex(v->payload);
	struct esp_buf b = {packet.b, packet.b + packet.len, packet.b, packet.len};
	uint32_t spi, low;
	uint8_t next = 0;

	assert_true(esp_peek(hex_slice(&packet), &spi, &low));
	assert_int_equal(spi, SPI);
	assert_int_equal(low, (uint32_t)v->seq);
	assert_int_equal(esp_open(k, &b, v->seq, &next), DROP_NOT);
	assert_int_equal(next, ESP_NEXT_GRE);
	assert_true(slice_eq(slice_of(b.at, b.len), hex_slice(&payload)));
	esp_key_free(k);
}

/* What does not hang on our random IVs is the same bytes. */
static void
vector_seals(const struct vector *v)
{
	struct esp_key *k = vector_key(v, ESP_SEAL);
	struct bytes packet = hex(v->packet), payload = hex(v->payload);
	uint8_t memory[512];
	struct esp_buf b = {memory, memory + sizeof(memory), memory + ESP_HEADROOM, payload.len};

	memcpy(b.at, payload.b, payload.len);
	assert_int_equal(esp_seal(k, &b, v->seq, ESP_NEXT_GRE), DROP_NOT);
	assert_int_equal(b.len, packet.len);
	if (cipher_shape(v->cipher)->block == 1)
		assert_memory_equal(b.at, packet.b, packet.len);
	esp_key_free(k);
}

static void
another_implementation_agrees(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ALL(scapy); i++) {
		vector_opens(&scapy[i]);
		vector_seals(&scapy[i]);
	}
}

static void
check_mcgrew(const char *key_hex, const char *salt_iv, const char *aad_hex, const char *text,
    const char *sealed_hex)
{
	struct bytes key = hex(key_hex), nonce = hex(salt_iv), aad = hex(aad_hex);
	struct bytes sealed = hex(sealed_hex), p = {0};
	struct esp_transform t = {CIPHER_AES_GCM, (uint16_t)(key.len * 8), INTEG_NONE};
	bool esn = aad.len == 12;
	struct esp_buf b = {p.b, p.b + sizeof(p.b), p.b, 0};
	struct esp_key *k;
	const char *why;
	struct wbuf w;
	struct rbuf r;
	uint64_t seq;
	uint8_t next;

	rbuf_init(&r, aad.b + 4, aad.len - 4);
	seq = esn ? rbuf_be64(&r) : rbuf_be32(&r);
	wbuf_init(&w, p.b, sizeof(p.b));
	wbuf_put(&w, aad.b, 4);
	wbuf_be32(&w, (uint32_t)seq);
	wbuf_put(&w, nonce.b + ESP_SALT_LEN, 8);
	wbuf_put(&w, sealed.b, sealed.len);
	b.len = wbuf_len(&w);
	memcpy(key.b + key.len, nonce.b, ESP_SALT_LEN);
	key.len += ESP_SALT_LEN;

	k = esp_key_new(ESP_OPEN, &t, esn, 0, hex_slice(&key), (struct slice){0}, &why);
	assert_non_null(k);
	assert_int_equal(esp_open(k, &b, seq, &next), DROP_NOT);
	assert_hex_equal(b.at, text);
	esp_key_free(k);
}

/*
 * draft-mcgrew-gcm-test-01: nonce is salt | IV, and `aad` is the ESP header,
 * with three words where the sequence number is extended.
 */
static void
gcm_is_that_of_mcgrew(void **state)
{
	static const struct {
		const char *key, *salt_iv, *aad, *text, *sealed;
	} rows[] = {
		{"4c80cdefbb5d10da906ac73c3613a634", "2e443b68 4956ed7e3b244cfe",
		 "000043218765432100000000",
		 "45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000"
		 "00000000045f736970045f756470037369700963796265726369747902646b00"
		 "0021000101020201",
		 "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34"
		 "cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce"
		 "61bc17d768fd9732459018148f6cbe722fd04796562dfdb4"},
		{"feffe9928665731c6d6a8f9467308308", "cafebabe facedbaddecaf888",
		 "0000a5f80000000a",
		 "4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d00100"
		 "0001000000000000037369700963796265726369747902646b00000100010001",
		 "deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c"
		 "3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd1"
		 "83b70d3aa8bc6ee4c309e9d85a41ad4a"},
		{"feffe9928665731c6d6a8f9467308308feffe9928665731c", "cafebabe facedbaddecaf888",
		 "0000a5f80000000a",
		 "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e"
		 "501016d075680001",
		 "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0"
		 "315b27452144cc7795457b9652037f5318027b5b4cd7a636"},
		{"abbccddef00112233445566778899aababbccddef00112233445566778899aab",
		 "11223344 0102030405060708", "4a2cbfe300000002",
		 "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000"
		 "7002400020bf0000020405b40101040201020201",
		 "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763"
		 "748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c49"
		 "15956c96"},
		{"abbccddef00112233445566778899aababbccddef00112233445566778899aab",
		 "73616c74 616e640169766563", "17405e67156f3126dd0db99b",
		 "45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbecb712602"
		 "50101f646d540001",
		 "f2d69ecdbd5a0d5b8d5ef38bad4da58d1f278fde98ef67549d524a3018d9a57f"
		 "f4d3a31ce673119e451626c2415771e3b7eebca614c89b35"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ALL(rows); i++)
		check_mcgrew(rows[i].key, rows[i].salt_iv, rows[i].aad, rows[i].text, rows[i].sealed);
}

/* --- there and back --- */

static void
every_length_goes_there_and_back(void **state)
{
	static struct pair p;
	size_t i, len;
	uint8_t next;

	(void)state;
	for (i = 0; i < ALL(transforms); i++) {
		bool esn = i % 2;

		pair_init(&p, &transforms[i], esn);
		for (len = 0; len <= 2000; len++) {
			uint64_t seq = (esn ? 0x700000000 : 0) + len + 1;

			pair_payload(&p, len);
			assert_int_equal(esp_seal(p.seal, &p.b, seq, ESP_NEXT_IPV4), DROP_NOT);
			assert_int_equal(p.b.len, esp_key_sealed(p.seal, len));
			assert_int_equal(esp_open(p.open, &p.b, seq, &next), DROP_NOT);
			assert_int_equal(next, ESP_NEXT_IPV4);
			assert_true(payload_is_whole(&p, len));
		}
		pair_free(&p);
	}
}

/* Made elsewhere it is the same packet, and of what is around the payload only a trailer is lost. */
static void
made_elsewhere_it_is_the_same(void **state)
{
	static struct pair p;
	static uint8_t payload[16 + ROOM + ESP_TRAILER_MAX + 16];
	uint8_t elsewhere[ESP_HEADROOM + 1 + ESP_TAILROOM];
	size_t i, len, sealed, at;
	uint8_t *to;

	(void)state;
	for (i = 0; i < ALL(transforms) * 2; i++) {
		bool esn = i % 2;

		pair_init(&p, &transforms[i / 2], esn);
		for (len = 0; len <= 1600; len += len < 80 ? 1 : 37) {
			uint64_t seq = (esn ? 0x700000000 : 0) + len + 1;

			pair_payload(&p, len);
			memset(payload, 0xaa, sizeof(payload));
			memcpy(payload + 16, p.b.at, len);
			sealed = esp_key_sealed(p.seal, len);
			to = malloc(sealed);	/* the sanitizer sees its ends */
			assert_int_equal(esp_seal_to(p.seal, payload + 16, len, to, seq, ESP_NEXT_GRE),
			    DROP_NOT);
			assert_memory_equal(payload + 16, p.b.at, len);
			assert_int_equal(esp_seal(p.seal, &p.b, seq, ESP_NEXT_GRE), DROP_NOT);
			assert_int_equal(p.b.len, sealed);
			assert_memory_equal(to, p.b.at, sealed);
			for (at = 0; at < 16; at++) {
				assert_int_equal(payload[at], 0xaa);
				assert_int_equal(payload[16 + len + ESP_TRAILER_MAX + at], 0xaa);
			}
			free(to);
		}
		assert_int_equal(esp_seal_to(p.seal, payload + 16, 1, elsewhere, 0, ESP_NEXT_GRE),
		    DROP_OUT_SEQUENCE);
		assert_int_equal(esp_seal_to(p.seal, payload + 16, 1, elsewhere, 1ull << 32,
		    ESP_NEXT_GRE),
		    esn ? DROP_NOT : DROP_OUT_SEQUENCE);
		pair_free(&p);
	}
}

/* Each bit of the packet counts, and so does the half of the number that is not sent. */
static void
whatever_is_changed_is_noticed(void **state)
{
	static struct pair p;
	uint8_t sealed[512], next;
	size_t i, at, len;

	(void)state;
	for (i = 0; i < ALL(transforms) * 2; i++) {
		bool esn = i % 2;
		struct esp_buf whole;

		pair_init(&p, &transforms[i / 2], esn);
		pair_payload(&p, 61);
		assert_int_equal(esp_seal(p.seal, &p.b, 77, ESP_NEXT_IPV6), DROP_NOT);
		whole = p.b;
		len = p.b.len;
		memcpy(sealed, p.b.at, len);
		for (at = 0; at < len; at++) {
			p.b = whole;
			memcpy(p.b.at, sealed, len);
			p.b.at[at] ^= (uint8_t)(1 << at % 8);
			assert_int_equal(esp_open(p.open, &p.b, 77, &next), DROP_IN_BAD_TAG);
			assert_ptr_equal(p.b.at, whole.at);
			assert_int_equal(p.b.len, len);
		}
		memcpy(p.b.at, sealed, len);
		assert_int_equal(esp_open(p.open, &p.b, 0x100000000 | 77, &next),
		    esn ? DROP_IN_BAD_TAG : DROP_NOT);
		p.b = whole;
		memcpy(p.b.at, sealed, len);
		assert_int_equal(esp_open(p.open, &p.b, 77, &next), DROP_NOT);
		assert_true(payload_is_whole(&p, 61));
		pair_free(&p);
	}
}

static void
whatever_is_cut_is_noticed(void **state)
{
	static struct pair p;
	uint8_t sealed[512], next;
	size_t i, len, cut;
	enum drop drop;

	(void)state;
	for (i = 0; i < ALL(transforms); i++) {
		pair_init(&p, &transforms[i], false);
		pair_payload(&p, 30);
		assert_int_equal(esp_seal(p.seal, &p.b, 1, ESP_NEXT_GRE), DROP_NOT);
		len = p.b.len;
		memcpy(sealed, p.b.at, len);
		for (cut = 0; cut < len; cut++) {
			/* The heap, so that a read past the end is seen. */
			uint8_t *copy = malloc(cut + 1);
			struct esp_buf b = {copy, copy + cut, copy, cut};

			memcpy(copy, sealed, cut);
			drop = esp_open(p.open, &b, 1, &next);
			assert_true(drop == DROP_IN_RUNT || drop == DROP_IN_BAD_TAG);
			free(copy);
		}
		pair_free(&p);
	}
}

/* --- two libraries --- */

enum { HEADER = ESP_HEADER_LEN + 8, TEXT_MAX = 9000 };

static struct esp_parts
parts_of(uint8_t *memory, size_t text_len, uint64_t seq)
{
	return (struct esp_parts){.header = memory, .iv = memory + ESP_HEADER_LEN,
	    .text = memory + HEADER, .text_len = text_len, .plain = memory + HEADER,
	    .icv = memory + HEADER + text_len,
	    .seq = seq};
}

/* Each seals the same bytes, opens the other's, and sees one bit changed in it. */
static void
compare_libraries(struct esp_crypt *seal[2], struct esp_crypt *open[2], size_t icv, size_t len,
    uint64_t seq)
{
	static uint8_t clear[HEADER + TEXT_MAX + 16];
	uint8_t *memory[2], flip = (uint8_t)(1 << len % 8);
	size_t size = HEADER + len + icv, at = len * 31 % (len + icv), i;
	struct esp_parts p[2];

	for (i = 0; i < size; i++)
		clear[i] = (uint8_t)(i * 11 + len);
	for (i = 0; i < 2; i++) {
		memory[i] = malloc(size);	/* of exactly its size: the sanitizer sees its ends */
		memcpy(memory[i], clear, size);
		p[i] = parts_of(memory[i], len, seq);
		assert_true(esp_crypt_seal(seal[i], &p[i]));
	}
	assert_memory_equal(memory[0], memory[1], size);
	for (i = 0; i < 2; i++) {
		assert_true(esp_crypt_open(open[1 - i], &p[i]));
		assert_memory_equal(p[i].text, clear + HEADER, len);
		assert_true(esp_crypt_seal(seal[i], &p[i]));
		p[i].text[at] ^= flip;
		assert_false(esp_crypt_open(open[i], &p[i]));
		free(memory[i]);
	}
}

static void
compare_with_openssl(const struct esp_ops *mb, const struct esp_transform *t, bool esn)
{
	const struct esp_ops *ops[2] = {esp_ops_openssl(t), mb};
	struct esp_crypt *seal[2], *open[2];
	uint8_t key[ESP_KEY_MAX];
	struct slice k = slice_of(key, cipher_keymat_len(t->cipher, t->key_bits)), none = {0};
	struct esp_shape shape;
	size_t n, len;

	memset(key, 0x3c, sizeof(key));
	assert_true(esp_shape_of(t, &shape));
	assert_ptr_not_equal(ops[0], ops[1]);
	assert_ptr_equal(esp_ops_best(t), mb);
	for (n = 0; n < 2; n++) {
		seal[n] = esp_crypt_new(ops[n], true, t, esn, k, none);
		open[n] = esp_crypt_new(ops[n], false, t, esn, k, none);
		assert_true(seal[n] != NULL && open[n] != NULL);
	}
	for (len = 0; len <= TEXT_MAX; len++)
		compare_libraries(seal, open, shape.icv, len, (esn ? 0x500000000 : 0) + len);
	for (n = 0; n < 2; n++) {
		esp_crypt_free(seal[n]);
		esp_crypt_free(open[n]);
	}
}

static void
both_libraries_agree(void **state)
{
	const struct esp_ops *mb;
	size_t i;

	(void)state;
	if (esp_ops_mb(&transforms[0]) == NULL)
		skip();
	for (i = 0; i < ALL(transforms); i++) {
		mb = esp_ops_mb(&transforms[i]);
		if (mb == NULL)
			continue;
		compare_with_openssl(mb, &transforms[i], false);
		compare_with_openssl(mb, &transforms[i], true);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_implementation_agrees),
		cmocka_unit_test(gcm_is_that_of_mcgrew),
		cmocka_unit_test(every_length_goes_there_and_back),
		cmocka_unit_test(made_elsewhere_it_is_the_same),
		cmocka_unit_test(whatever_is_changed_is_noticed),
		cmocka_unit_test(whatever_is_cut_is_noticed),
		cmocka_unit_test(both_libraries_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
