/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of esp_ops that OpenSSL does: all transforms, a packet at a time. */
#include "esp_ops.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "log.h"
#include "secret.h"

enum { HMAC_MAX = 64 };

static const char *const integ_digests[INTEG_COUNT] = {
	[INTEG_HMAC_MD5_96] = "MD5",
	[INTEG_HMAC_SHA1_96] = "SHA1",
	[INTEG_HMAC_SHA256_128] = "SHA256",
	[INTEG_HMAC_SHA384_192] = "SHA384",
	[INTEG_HMAC_SHA512_256] = "SHA512",
};

/* A cipher context with its key schedule; packets renew only the IV. */
static bool
cipher_start(struct esp_crypt *c, const char *name, const uint8_t *key)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	bool ok;

	c->cipher = EVP_CIPHER_CTX_new();
	if (c->cipher == NULL)
		log_fatal("out of memory for the cipher of an SA");
	ok = cipher != NULL &&
	    EVP_CipherInit_ex2(c->cipher, cipher, key, NULL, c->sealing, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c->cipher, 0) == 1;
	EVP_CIPHER_free(cipher);
	return ok;
}

static bool
aes_start(struct esp_crypt *c, const char *mode, const uint8_t *key)
{
	char name[24];

	snprintf(name, sizeof(name), "AES-%u-%s", c->transform.key_bits, mode);
	return cipher_start(c, name, key);
}

static bool
cipher_run(struct esp_crypt *c, uint8_t *to, const uint8_t *from, size_t len)
{
	int done;

	return EVP_CipherUpdate(c->cipher, to, &done, from, (int)len) == 1 && (size_t)done == len;
}

/* --- HMAC over all that precedes the ICV (RFC 4303 2.8), and with ESN the upper half --- */

static bool
hmac_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	OSSL_PARAM params[] = {OSSL_PARAM_END, OSSL_PARAM_END};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	(void)key;
	if (hmac == NULL)
		return false;
	c->mac = EVP_MAC_CTX_new(hmac);
	EVP_MAC_free(hmac);
	if (c->mac == NULL)
		log_fatal("out of memory for the HMAC of an SA");
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
	    (char *)(uintptr_t)integ_digests[c->transform.integ], 0);
	return EVP_MAC_init(c->mac, auth.p, auth.len, params) == 1;
}

static bool
hmac_of(struct esp_crypt *c, const struct esp_parts *p, uint8_t sum[HMAC_MAX])
{
	uint8_t high[4];
	size_t len;

	/*
	 * No key: the same one again, whose inner and outer states are kept.
	 * OpenSSL copies them into two small allocations; GCM makes none.
	 */
	if (EVP_MAC_init(c->mac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(c->mac, p->header, (size_t)(p->icv - p->header)) != 1)
		return false;
	put_be32(high, (uint32_t)(p->seq >> 32));
	if (c->esn && EVP_MAC_update(c->mac, high, sizeof(high)) != 1)
		return false;
	return EVP_MAC_final(c->mac, sum, &len, HMAC_MAX) == 1;
}

static bool
hmac_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t sum[HMAC_MAX];

	if (!hmac_of(c, p, sum))
		return false;
	memcpy(p->icv, sum, c->shape.icv);
	return true;
}

static bool
hmac_open(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t sum[HMAC_MAX];

	return hmac_of(c, p, sum) && equal_in_constant_time(sum, p->icv, c->shape.icv);
}

/* --- CBC (RFC 3602, RFC 2451, RFC 2405) and an HMAC over the ciphertext --- */

static bool
cbc_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	uint8_t thrice[24];
	bool ok;

	random_bytes(c->mask, sizeof(c->mask));
	if (c->transform.cipher == CIPHER_AES_CBC) {
		ok = aes_start(c, "CBC", key.p);
	} else {
		/* OpenSSL's default provider has no DES; 3DES under one key is it. */
		memcpy(thrice, key.p, 8);
		memcpy(thrice + 8, key.p + (key.len > 8 ? 8 : 0), 8);
		memcpy(thrice + 16, key.p + (key.len > 8 ? 16 : 0), 8);
		ok = cipher_start(c, "DES-EDE3-CBC", thrice);
		wipe(thrice, sizeof(thrice));
	}
	return ok && hmac_start(c, key, auth);
}

/*
 * The IV is the sequence number under the SA's own key, masked by random bytes
 * that only we know (NIST SP 800-38A appendix C, first method).  Put in front
 * of the text it becomes the first block of one and the same CBC run.
 */
static bool
cbc_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	size_t iv = c->shape.iv;

	memset(p->iv, 0, iv);
	put_be32(p->iv + iv - 8, (uint32_t)(p->seq >> 32));
	put_be32(p->iv + iv - 4, (uint32_t)p->seq);
	return EVP_CipherInit_ex2(c->cipher, NULL, NULL, c->mask, -1, NULL) == 1 &&
	    cipher_run(c, p->iv, p->iv, iv + p->text_len) && hmac_seal(c, p);
}

static bool
cbc_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return hmac_open(c, p) && EVP_CipherInit_ex2(c->cipher, NULL, NULL, p->iv, -1, NULL) == 1 &&
	    cipher_run(c, p->text, p->text, p->text_len);
}

/* --- AES-CTR (RFC 3686) and an HMAC over the ciphertext --- */

static void
salt_keep(struct esp_crypt *c, struct slice key)
{
	memcpy(c->salt, key.p + key.len - ESP_SALT_LEN, ESP_SALT_LEN);
}

static bool
ctr_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	salt_keep(c, key);
	return aes_start(c, "CTR", key.p) && hmac_start(c, key, auth);
}

/* The counter block is nonce | IV | 1, 2, 3 ... (RFC 3686 4). */
static bool
ctr_run(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t counter[GCM_NONCE_LEN + 4];

	gcm_nonce(c, p, counter);
	put_be32(counter + GCM_NONCE_LEN, 1);
	return EVP_CipherInit_ex2(c->cipher, NULL, NULL, counter, -1, NULL) == 1 &&
	    cipher_run(c, p->text, p->text, p->text_len);
}

static bool
ctr_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	return ctr_run(c, p) && hmac_seal(c, p);
}

static bool
ctr_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return hmac_open(c, p) && ctr_run(c, p);
}

/* --- AES-GCM (RFC 4106) and ChaCha20-Poly1305 (RFC 7634), alike in nonce and AAD --- */

static bool
gcm_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	(void)auth;
	salt_keep(c, key);
	return aes_start(c, "GCM", key.p);
}

static bool
chacha_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	(void)auth;
	salt_keep(c, key);
	return cipher_start(c, "ChaCha20-Poly1305", key.p);
}

static bool
aad_add(struct esp_crypt *c, const uint8_t *p, size_t len)
{
	int done;

	return EVP_CipherUpdate(c->cipher, NULL, &done, p, (int)len) == 1;
}

static bool
aead_begin(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t nonce[GCM_NONCE_LEN], aad[GCM_AAD_MAX];
	size_t aad_len = gcm_aad(c, p, aad);

	gcm_nonce(c, p, nonce);
	return EVP_CipherInit_ex2(c->cipher, NULL, NULL, nonce, -1, NULL) == 1 &&
	    aad_add(c, aad, aad_len);
}

/* The tag is written, or compared with what came. */
static bool
aead_end(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t none[1];
	int done;

	if (c->sealing)
		return EVP_CipherFinal_ex(c->cipher, none, &done) == 1 &&
		    EVP_CIPHER_CTX_ctrl(c->cipher, EVP_CTRL_AEAD_GET_TAG, c->shape.icv, p->icv) == 1;
	return EVP_CIPHER_CTX_ctrl(c->cipher, EVP_CTRL_AEAD_SET_TAG, c->shape.icv, p->icv) == 1 &&
	    EVP_CipherFinal_ex(c->cipher, none, &done) == 1;
}

static bool
aead_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	return aead_begin(c, p) && cipher_run(c, p->text, p->plain, p->text_len) && aead_end(c, p);
}

static bool
aead_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return aead_begin(c, p) && cipher_run(c, p->text, p->text, p->text_len) && aead_end(c, p);
}

/* --- AES-GMAC (RFC 4543): GCM with all of the packet in the AAD, the IV too --- */

static bool
gmac_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	return aead_begin(c, p) && aad_add(c, p->iv, (size_t)(p->icv - p->iv)) && aead_end(c, p);
}

static bool
gmac_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return aead_begin(c, p) && aad_add(c, p->iv, (size_t)(p->icv - p->iv)) && aead_end(c, p);
}

static void
openssl_stop(struct esp_crypt *c)
{
	EVP_CIPHER_CTX_free(c->cipher);		/* both wipe their keys */
	EVP_MAC_CTX_free(c->mac);
}

static const struct esp_ops openssl_ops[CIPHER_COUNT] = {
	[CIPHER_AES_CBC] = {cbc_start, openssl_stop, cbc_seal, cbc_open, NULL, ESP_BY_OPENSSL, false},
	[CIPHER_3DES_CBC] = {cbc_start, openssl_stop, cbc_seal, cbc_open, NULL, ESP_BY_OPENSSL, false},
	[CIPHER_DES_CBC] = {cbc_start, openssl_stop, cbc_seal, cbc_open, NULL, ESP_BY_OPENSSL, false},
	[CIPHER_AES_CTR] = {ctr_start, openssl_stop, ctr_seal, ctr_open, NULL, ESP_BY_OPENSSL, false},
	[CIPHER_AES_GCM] = {gcm_start, openssl_stop, aead_seal, aead_open, NULL, ESP_BY_OPENSSL, true},
	[CIPHER_AES_GCM_8] = {gcm_start, openssl_stop, aead_seal, aead_open, NULL, ESP_BY_OPENSSL, true},
	[CIPHER_AES_GCM_12] = {gcm_start, openssl_stop, aead_seal, aead_open, NULL, ESP_BY_OPENSSL, true},
	[CIPHER_AES_GMAC] = {gcm_start, openssl_stop, gmac_seal, gmac_open, NULL, ESP_BY_OPENSSL, false},
	[CIPHER_CHACHA20_POLY1305] = {chacha_start, openssl_stop, aead_seal, aead_open, NULL, ESP_BY_OPENSSL,
	    true},
	[CIPHER_NULL] = {hmac_start, openssl_stop, hmac_seal, hmac_open, NULL, ESP_BY_OPENSSL, false},
};

const struct esp_ops *
esp_ops_openssl(const struct esp_transform *t)
{
	return &openssl_ops[t->cipher];
}
