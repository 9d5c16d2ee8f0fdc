/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keymat2.h"

#include <string.h>

#include "cipher.h"
#include "ikev2_wire.h"
#include "secret.h"

enum { SEEDS_MAX = 5, BLOCKS_MAX = 255 };

bool
prf_plus(enum hash h, struct slice key, const struct slice *seed, size_t n, uint8_t *out, size_t len)
{
	/* T1 = prf (K, S | 0x01), T2 = prf (K, T1 | S | 0x02) ... */
	uint8_t t[HASH_LEN_MAX], number = 0;
	struct slice in[SEEDS_MAX + 2] = {{t, 0}};
	size_t block = hash_len(h), take;
	bool good = block > 0 && n <= SEEDS_MAX && len <= BLOCKS_MAX * block;

	if (!good)
		return false;
	memcpy(in + 1, seed, n * sizeof(*seed));
	in[n + 1] = slice_of(&number, 1);
	for (; good && len > 0; len -= take, out += take) {
		number++;
		good = number == 1 ? prf(h, key, in, n + 2, t) : prf_again(h, in, n + 2, t);
		in[0].len = block;
		take = len < block ? len : block;
		memcpy(out, t, take);
	}
	wipe(t, sizeof(t));
	return good;
}

static void
cut(struct rbuf *from, uint8_t *to, size_t len)
{
	rbuf_copy(from, to, len);
}

/* {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+ (SKEYSEED, Ni | Nr | SPIi | SPIr) */
static bool
expand(struct keymat2 *k, struct keymat2_auth *p, const struct prop2 *agreed,
    const struct keymat2_seed *s, const uint8_t *skeyseed, size_t seed_len)
{
	struct slice seed[] = {s->ni, s->nr, {s->spi_i, 8}, {s->spi_r, 8}};
	uint8_t all[5 * HASH_LEN_MAX + 2 * ESP_KEY_MAX];
	size_t h = hash_len(agreed->prf), a = integ_key_len(agreed->integ);
	size_t e = cipher_key_len(agreed->cipher, agreed->key_bits);
	struct keymat2_auth none;
	struct rbuf r;

	if (e == 0 || e > ESP_KEY_MAX || !prf_plus(agreed->prf, slice_of(skeyseed, seed_len), seed, 4,
	    all, 3 * h + 2 * a + 2 * e))
		return false;
	p = p == NULL ? &none : p;
	*k = (struct keymat2){.prf = agreed->prf, .cipher = agreed->cipher,
	    .key_bits = agreed->key_bits, .integ = agreed->integ};
	rbuf_init(&r, all, 3 * h + 2 * a + 2 * e);
	cut(&r, k->d, h);
	cut(&r, k->ai, a);
	cut(&r, k->ar, a);
	cut(&r, k->ei, e);
	cut(&r, k->er, e);
	cut(&r, p->i, h);
	cut(&r, p->r, h);
	wipe(&none, sizeof(none));
	wipe(all, sizeof(all));
	return true;
}

bool
keymat2_derive(struct keymat2 *k, struct keymat2_auth *p, const struct prop2 *agreed,
    const struct keymat2_seed *s)
{
	/* SKEYSEED = prf(Ni | Nr, g^ir) */
	uint8_t seed[HASH_LEN_MAX], nonces[2 * IKE_NONCE_MAX];
	struct wbuf w;
	bool good;

	wbuf_init(&w, nonces, sizeof(nonces));
	wbuf_slice(&w, s->ni);
	wbuf_slice(&w, s->nr);
	good = prf(agreed->prf, slice_of(nonces, wbuf_len(&w)), &s->gxy, 1, seed) &&
	    expand(k, p, agreed, s, seed, hash_len(agreed->prf));
	wipe(seed, sizeof(seed));
	return good;
}

bool
keymat2_rekey(struct keymat2 *k, const struct keymat2 *old, const struct prop2 *agreed,
    const struct keymat2_seed *s)
{
	/* SKEYSEED = prf(SK_d (old), g^ir (new) | Ni | Nr), with the old SA's PRF */
	uint8_t seed[HASH_LEN_MAX];
	bool good = prf(old->prf, slice_of(old->d, hash_len(old->prf)),
	    (struct slice[]){s->gxy, s->ni, s->nr}, 3, seed) &&
	    expand(k, NULL, agreed, s, seed, hash_len(old->prf));

	wipe(seed, sizeof(seed));
	return good;
}

void
keymat2_wipe(struct keymat2 *k)
{
	wipe(k, sizeof(*k));
}

struct slice
keymat2_key(const struct keymat2 *k, bool initiator)
{
	return slice_of(initiator ? k->ei : k->er, cipher_key_len(k->cipher, k->key_bits));
}

struct slice
keymat2_integ_key(const struct keymat2 *k, bool initiator)
{
	return slice_of(initiator ? k->ai : k->ar, integ_key_len(k->integ));
}

/* Bytes of KEYMAT, with salt or nonce (RFC 4106 8.1, RFC 4543 5, RFC 7634 2). */
static size_t
esp_key_len(const struct esp_transform *t)
{
	if (t->cipher == CIPHER_AES_GMAC)
		return t->key_bits / 8 + ESP_SALT_LEN;
	return cipher_key_len(t->cipher, t->key_bits);
}

/* KEYMAT = prf+(SK_d, [g^ir (new) |] Ni | Nr): first what the initiator sends with. */
bool
keymat2_esp(const struct keymat2 *k, const struct esp_transform *t, struct slice gxy,
    struct slice ni, struct slice nr, bool initiator, struct ipc_sa *esp)
{
	uint8_t all[2 * (ESP_KEY_MAX + ESP_AUTH_KEY_MAX)];
	size_t e = esp_key_len(t), a = integ_key_len(t->integ);
	bool good = e <= ESP_KEY_MAX && a <= ESP_AUTH_KEY_MAX &&
	    prf_plus(k->prf, slice_of(k->d, hash_len(k->prf)), (struct slice[]){gxy, ni, nr}, 3, all,
	    2 * (e + a));

	if (good) {
		const uint8_t *first = all, *second = all + e + a;
		const uint8_t *out = initiator ? first : second, *in = initiator ? second : first;

		esp_secret_set(&esp->out_key, out, e);
		esp_secret_set(&esp->out_auth, out + e, a);
		esp_secret_set(&esp->in_key, in, e);
		esp_secret_set(&esp->in_auth, in + e, a);
	}
	wipe(all, sizeof(all));
	return good;
}
