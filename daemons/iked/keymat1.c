/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keymat1.h"

#include <string.h>

#include "ike_wire.h"

static struct slice
hashed(const struct keymat1 *k, const uint8_t *p)
{
	return slice_of(p, hash_len(k->hash));
}

/*
 *	SKEYID_d = prf(SKEYID, g^xy | CKY-I | CKY-R | 0)
 *	SKEYID_a = prf(SKEYID, SKEYID_d | g^xy | CKY-I | CKY-R | 1)
 *	SKEYID_e = prf(SKEYID, SKEYID_a | g^xy | CKY-I | CKY-R | 2)
 */
void
keymat1_derive(struct keymat1 *k, struct slice gxy, const uint8_t cky_i[8], const uint8_t cky_r[8],
    enum cipher cipher, unsigned int key_bits)
{
	static const uint8_t number[] = {0, 1, 2};
	struct slice skeyid = hashed(k, k->skeyid), before = {NULL, 0}, zero = {number, 1};
	uint8_t *const out[] = {k->d, k->a, k->e};
	size_t i;

	for (i = 0; i < 3; i++) {
		struct slice in[] = {before, gxy, slice_of(cky_i, IKE_COOKIE_LEN),
		    slice_of(cky_r, IKE_COOKIE_LEN), slice_of(&number[i], 1)};

		prf(k->hash, skeyid, in, 5, out[i]);
		before = hashed(k, out[i]);
	}
	k->cipher = cipher;
	k->key_len = (uint8_t)cipher_key_len(cipher, key_bits);
	if (k->key_len <= hash_len(k->hash))
		memcpy(k->key, k->e, k->key_len);
	else
		prf_stretch(k->hash, hashed(k, k->e), zero, (struct slice){NULL, 0}, k->key,
		    k->key_len);
}

void
keymat1_wipe(struct keymat1 *k)
{
	wipe(k, sizeof(*k));
}

struct slice
keymat1_key(const struct keymat1 *k)
{
	return slice_of(k->key, k->key_len);
}

void
keymat1_first_iv(const struct keymat1 *k, struct slice gxi, struct slice gxr,
    uint8_t iv[CIPHER_BLOCK_MAX])
{
	uint8_t digest[HASH_LEN_MAX];

	hash_all(k->hash, (struct slice[]){gxi, gxr}, 2, digest);
	memcpy(iv, digest, CIPHER_BLOCK_MAX);
}

void
keymat1_exchange_iv(const struct keymat1 *k, const uint8_t last[CIPHER_BLOCK_MAX],
    uint32_t msgid, uint8_t iv[CIPHER_BLOCK_MAX])
{
	uint8_t digest[HASH_LEN_MAX];
	uint8_t id[] = {(uint8_t)(msgid >> 24), (uint8_t)(msgid >> 16), (uint8_t)(msgid >> 8),
	    (uint8_t)msgid};

	hash_all(k->hash, (struct slice[]){{last, cipher_block_len(k->cipher)}, {id, sizeof(id)}}, 2,
	    digest);
	memcpy(iv, digest, CIPHER_BLOCK_MAX);
}

void
keymat1_auth(const struct keymat1 *k, const struct slice *in, size_t n, uint8_t *out)
{
	prf(k->hash, hashed(k, k->a), in, n, out);
}

/* KEYMAT = prf(SKEYID_d, [g(qm)^xy |] protocol | SPI | Ni_b | Nr_b), and on (RFC 2409 5.5) */
void
keymat1_esp(const struct keymat1 *k, const struct esp_transform *t, struct slice gxy, uint32_t spi,
    struct slice ni, struct slice nr, struct esp_secret *cipher_key, struct esp_secret *auth_key)
{
	uint8_t seed[512 + 5 + 2 * IKE_NONCE_MAX], out[ESP_KEY_MAX + ESP_AUTH_KEY_MAX];
	size_t cipher_len = cipher_keymat_len(t->cipher, t->key_bits);
	size_t auth_len = integ_key_len(t->integ);
	struct wbuf w;
	struct slice s;

	wbuf_init(&w, seed, sizeof(seed));
	wbuf_slice(&w, gxy);
	wbuf_u8(&w, PROTO_ESP);
	wbuf_be32(&w, spi);
	wbuf_slice(&w, ni);
	wbuf_slice(&w, nr);
	s = slice_of(seed, wbuf_len(&w));
	prf_stretch(k->hash, hashed(k, k->d), s, s, out, cipher_len + auth_len);
	esp_secret_set(cipher_key, out, cipher_len);
	esp_secret_set(auth_key, out + cipher_len, auth_len);
	wipe(out, sizeof(out));
	wipe(seed, sizeof(seed));
}
