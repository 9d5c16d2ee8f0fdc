/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AES-GCM by intel-ipsec-mb: four to six times as fast as OpenSSL on a packet,
 * where the library and a CPU for it are there.
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
#include <stdlib.h>

#include "log.h"
#include "secret.h"

enum { KEY_SIZES = 3, ALIGNMENT = 64 };

static struct gcm_functions {
	aes_gcm_pre_t prepare;
	aes_gcm_enc_dec_t seal, open;
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
	functions[0] = (struct gcm_functions){m->gcm128_pre, m->gcm128_enc, m->gcm128_dec};
	functions[1] = (struct gcm_functions){m->gcm192_pre, m->gcm192_enc, m->gcm192_dec};
	functions[2] = (struct gcm_functions){m->gcm256_pre, m->gcm256_enc, m->gcm256_dec};
	free_mb_mgr(m);
}

static const struct gcm_functions *
functions_of(const struct esp_crypt *c)
{
	return &functions[c->transform.key_bits / 64 - 2];
}

static bool
mb_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	(void)auth;
	/* The size is a multiple of the alignment, as C wants it. */
	c->mb_key = aligned_alloc(ALIGNMENT,
	    (sizeof(*c->mb_key) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
	if (c->mb_key == NULL)
		log_fatal("out of memory for the key of an SA");
	memcpy(c->salt, key.p + key.len - ESP_SALT_LEN, ESP_SALT_LEN);
	functions_of(c)->prepare(key.p, c->mb_key);
	return true;
}

static void
mb_stop(struct esp_crypt *c)
{
	if (c->mb_key != NULL)
		wipe(c->mb_key, sizeof(*c->mb_key));
	free(c->mb_key);
}

static void
run(struct esp_crypt *c, aes_gcm_enc_dec_t f, const struct esp_parts *p, uint8_t *icv)
{
	uint8_t nonce[GCM_NONCE_LEN], aad[GCM_AAD_MAX];
	struct gcm_context_data state;
	size_t aad_len = gcm_aad(c, p, aad);

	gcm_nonce(c, p, nonce);
	f(c->mb_key, &state, p->text, p->text, p->text_len, nonce, aad, aad_len, icv, GCM_ICV_LEN);
}

static bool
mb_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	gcm_make_iv(p);
	run(c, functions_of(c)->seal, p, p->icv);
	return true;
}

static bool
mb_open(struct esp_crypt *c, const struct esp_parts *p)
{
	uint8_t icv[GCM_ICV_LEN];

	run(c, functions_of(c)->open, p, icv);
	return equal_in_constant_time(icv, p->icv, GCM_ICV_LEN);
}

static const struct esp_ops mb_gcm = {mb_start, mb_stop, mb_seal, mb_open, NULL, ESP_BY_MB};

const struct esp_ops *
esp_ops_mb(const struct esp_transform *t)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, ask_manager);
	return usable && t->cipher == CIPHER_AES_GCM ? &mb_gcm : NULL;
}

#else

const struct esp_ops *
esp_ops_mb(const struct esp_transform *t)
{
	(void)t;
	return NULL;
}

#endif
