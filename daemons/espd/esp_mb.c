/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AES-GCM and AES-GMAC by intel-ipsec-mb: several times as fast as OpenSSL on a
 * packet, where the library and a CPU for it are there.
 *
 * The calls that take a packet at once need no manager state, only the
 * functions that the manager chose for this CPU.  So one is made, asked, and
 * let go, and any thread may call what it named.
 */
#include "config.h"

#include "esp_ops.h"

#ifdef HAVE_IPSEC_MB
#include <intel-ipsec-mb.h>
#include <pthread.h>

#include "secret.h"

enum { KEY_SIZES = 3 };

static struct gcm_functions {
	aes_gcm_pre_t prepare;
	aes_gcm_enc_dec_t seal, open;
	aes_gmac_init_t mac_begin;
	aes_gmac_update_t mac_add;
	aes_gmac_finalize_t mac_end;
} functions[KEY_SIZES];		/* of 128, 192 and 256 bits */

static bool usable;

static void
ask_manager(void)
{
	IMB_MGR *m = alloc_mb_mgr(0);

	if (m == NULL)
		return;
	init_mb_mgr_auto(m, NULL);
	/* Without the instructions the library imitates them, which is slower than OpenSSL. */
	usable = imb_get_errno(m) == 0 && (m->features & IMB_FEATURE_AESNI) != 0 &&
	    (m->features & IMB_FEATURE_PCLMULQDQ) != 0;
	functions[0] = (struct gcm_functions){m->gcm128_pre, m->gcm128_enc, m->gcm128_dec,
	    m->gmac128_init, m->gmac128_update, m->gmac128_finalize};
	functions[1] = (struct gcm_functions){m->gcm192_pre, m->gcm192_enc, m->gcm192_dec,
	    m->gmac192_init, m->gmac192_update, m->gmac192_finalize};
	functions[2] = (struct gcm_functions){m->gcm256_pre, m->gcm256_enc, m->gcm256_dec,
	    m->gmac256_init, m->gmac256_update, m->gmac256_finalize};
	free_mb_mgr(m);
}

static const struct gcm_functions *
functions_of(const struct esp_crypt *c)
{
	return &functions[c->transform.key_bits / 64 - 2];
}

static struct gcm_key_data *
table_of(struct esp_crypt *c)
{
	return (struct gcm_key_data *)(void *)c->table;
}

static bool
mb_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	(void)auth;
	_Static_assert(sizeof(struct gcm_key_data) <= ESP_TABLE_BYTES, "a key's table has not room");
	memcpy(c->salt, key.p + key.len - ESP_SALT_LEN, ESP_SALT_LEN);
	c->has_table = true;
	functions_of(c)->prepare(key.p, table_of(c));
	return true;
}

static void
mb_stop(struct esp_crypt *c)
{
	wipe(c->table, sizeof(c->table));
}

/* The ICV is what the transform keeps of the tag's 16 bytes. */
static void
run(struct esp_crypt *c, aes_gcm_enc_dec_t f, const struct esp_parts *p, const uint8_t *from,
    uint8_t *icv)
{
	uint8_t nonce[GCM_NONCE_LEN], aad[GCM_AAD_MAX];
	struct gcm_context_data state;
	size_t aad_len = gcm_aad(c, p, aad);

	gcm_nonce(c, p, nonce);
	f(table_of(c), &state, p->text, from, p->text_len, nonce, aad, aad_len, icv, c->shape.icv);
}

static bool
gcm_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	run(c, functions_of(c)->seal, p, p->plain, p->icv);
	return true;
}

static bool
gcm_open(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t icv[GCM_ICV_LEN];

	run(c, functions_of(c)->open, p, p->text, icv);
	return equal_in_constant_time(icv, p->icv, c->shape.icv);
}

/* RFC 4543: all of the packet is authenticated, its IV too, and none encrypted. */
static void
mac(struct esp_crypt *c, const struct esp_parts *p, uint8_t *icv)
{
	const struct gcm_functions *f = functions_of(c);
	uint8_t nonce[GCM_NONCE_LEN], aad[GCM_AAD_MAX];
	struct gcm_context_data state;
	const uint8_t *rest = p->header;

	gcm_nonce(c, p, nonce);
	f->mac_begin(table_of(c), &state, nonce, sizeof(nonce));
	if (c->esn) {		/* the header that is authenticated is not the one that is sent */
		f->mac_add(table_of(c), &state, aad, gcm_aad(c, p, aad));
		rest = p->iv;
	}
	f->mac_add(table_of(c), &state, rest, (uint64_t)(p->icv - rest));
	f->mac_end(table_of(c), &state, icv, c->shape.icv);
}

static bool
gmac_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	mac(c, p, p->icv);
	return true;
}

static bool
gmac_open(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t icv[GCM_ICV_LEN];

	mac(c, p, icv);
	return equal_in_constant_time(icv, p->icv, c->shape.icv);
}

static const struct esp_ops mb_gcm = {mb_start, mb_stop, gcm_seal, gcm_open, NULL, ESP_BY_MB, true};
static const struct esp_ops mb_gmac = {mb_start, mb_stop, gmac_seal, gmac_open, NULL, ESP_BY_MB,
    false};

static const struct esp_ops *const mb_ops[CIPHER_COUNT] = {
	[CIPHER_AES_GCM] = &mb_gcm,
	[CIPHER_AES_GCM_8] = &mb_gcm,
	[CIPHER_AES_GCM_12] = &mb_gcm,
	[CIPHER_AES_GMAC] = &mb_gmac,
};

const struct esp_ops *
esp_ops_mb(const struct esp_transform *t)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, ask_manager);
	return usable ? mb_ops[t->cipher] : NULL;
}

#else

const struct esp_ops *
esp_ops_mb(const struct esp_transform *t)
{
	(void)t;
	return NULL;
}

#endif
