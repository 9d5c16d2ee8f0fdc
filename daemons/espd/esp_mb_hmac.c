/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AES-CBC or NULL with an HMAC by intel-ipsec-mb, many packets at a time: the
 * library works on as many in parallel as the CPU's vectors have lanes, which
 * is five times as fast as one after the other.  A single packet is slower
 * that way than with OpenSSL, so every such SA has OpenSSL's contexts as well.
 *
 * The jobs need a manager, which is one thread's; each thread gets its own
 * with its first batch.
 */
#include "config.h"

#include "esp_ops.h"

#ifdef HAVE_IPSEC_MB
#include <intel-ipsec-mb.h>
#include <pthread.h>

#include "log.h"
#include "secret.h"

enum { AES_SCHEDULE = 15 * 16, STATE_MAX = 64, BLOCK_MAX = 128, HMAC_ICV_MAX = 32 };

struct mb_hmac_key {
	uint8_t seal[AES_SCHEDULE] __attribute__((aligned(16)));
	uint8_t open[AES_SCHEDULE] __attribute__((aligned(16)));
	uint8_t inner[STATE_MAX] __attribute__((aligned(16)));	/* the hash after one block */
	uint8_t outer[STATE_MAX] __attribute__((aligned(16)));
};

static const struct hmac {
	IMB_HASH_ALG alg;
	size_t block;
} hmacs[INTEG_COUNT] = {
	[INTEG_HMAC_SHA1_96] = {IMB_AUTH_HMAC_SHA_1, 64},
	[INTEG_HMAC_SHA256_128] = {IMB_AUTH_HMAC_SHA_256, 64},
	[INTEG_HMAC_SHA384_192] = {IMB_AUTH_HMAC_SHA_384, 128},
	[INTEG_HMAC_SHA512_256] = {IMB_AUTH_HMAC_SHA_512, 128},
};

/* --- a manager for each thread --- */

static pthread_key_t manager_key;
static __thread IMB_MGR *manager;

static void
free_manager(void *m)
{
	free_mb_mgr(m);
}

static void
make_key(void)
{
	if (pthread_key_create(&manager_key, free_manager) != 0)
		log_fatal("no thread key for the ciphers");
}

/* NULL: not on this CPU. */
static IMB_MGR *
my_manager(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (manager != NULL)
		return manager;
	pthread_once(&once, make_key);
	manager = alloc_mb_mgr(0);
	if (manager == NULL)
		return NULL;
	init_mb_mgr_auto(manager, NULL);
	if (imb_get_errno(manager) != 0 || (manager->features & IMB_FEATURE_AESNI) == 0) {
		free_mb_mgr(manager);
		return manager = NULL;
	}
	pthread_setspecific(manager_key, manager);
	return manager;
}

/* --- keys --- */

static void
one_block(IMB_MGR *m, IMB_HASH_ALG alg, const uint8_t *block, uint8_t *state)
{
	switch (alg) {
	case IMB_AUTH_HMAC_SHA_1:
		IMB_SHA1_ONE_BLOCK(m, block, state);
		break;
	case IMB_AUTH_HMAC_SHA_256:
		IMB_SHA256_ONE_BLOCK(m, block, state);
		break;
	case IMB_AUTH_HMAC_SHA_384:
		IMB_SHA384_ONE_BLOCK(m, block, state);
		break;
	default:
		IMB_SHA512_ONE_BLOCK(m, block, state);
	}
}

/* RFC 2104: the key, padded with zeroes to a block, over the pad's byte. */
static void
half_of_hmac(IMB_MGR *m, const struct hmac *h, struct slice key, uint8_t pad, uint8_t *state)
{
	uint8_t block[BLOCK_MAX];
	size_t i;

	for (i = 0; i < h->block; i++)
		block[i] = (uint8_t)((i < key.len ? key.p[i] : 0) ^ pad);
	one_block(m, h->alg, block, state);
	wipe(block, sizeof(block));
}

static void
expand_aes(IMB_MGR *m, unsigned int bits, const uint8_t *key, struct mb_hmac_key *k)
{
	switch (bits) {
	case 128:
		IMB_AES_KEYEXP_128(m, key, k->seal, k->open);
		break;
	case 192:
		IMB_AES_KEYEXP_192(m, key, k->seal, k->open);
		break;
	default:
		IMB_AES_KEYEXP_256(m, key, k->seal, k->open);
	}
}

static const struct esp_ops *
single(const struct esp_crypt *c)
{
	return esp_ops_openssl(&c->transform);
}

static struct mb_hmac_key *
table_of(const struct esp_crypt *c)
{
	return (struct mb_hmac_key *)(uintptr_t)c->table;
}

static bool
mb_start(struct esp_crypt *c, struct slice key, struct slice auth)
{
	const struct hmac *h = &hmacs[c->transform.integ];
	IMB_MGR *m = my_manager();

	if (m == NULL || !single(c)->start(c, key, auth))
		return false;
	_Static_assert(sizeof(struct mb_hmac_key) <= ESP_TABLE_BYTES, "a key's table has not room");
	c->has_table = true;
	if (c->transform.cipher == CIPHER_AES_CBC)
		expand_aes(m, c->transform.key_bits, key.p, table_of(c));
	half_of_hmac(m, h, auth, 0x36, table_of(c)->inner);
	half_of_hmac(m, h, auth, 0x5c, table_of(c)->outer);
	return true;
}

static void
mb_stop(struct esp_crypt *c)
{
	single(c)->stop(c);
	wipe(c->table, sizeof(c->table));
}

static bool
mb_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	return single(c)->seal(c, p);
}

static bool
mb_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return single(c)->open(c, p);
}

/* --- batches --- */

/*
 * What is hashed with ESN ends in the half of the number that is not sent (RFC
 * 4303 2.8): it is written where the ICV goes, or was, and counted as text.
 */
static void
fill_job(IMB_JOB *j, struct esp_job *job, uint8_t *icv)
{
	const struct esp_crypt *c = job->crypt;
	const struct esp_parts *p = &job->parts;
	bool cbc = c->transform.cipher == CIPHER_AES_CBC;

	j->cipher_mode = cbc ? IMB_CIPHER_CBC : IMB_CIPHER_NULL;
	j->cipher_direction = c->sealing ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT;
	j->chain_order = c->sealing ? IMB_ORDER_CIPHER_HASH : IMB_ORDER_HASH_CIPHER;
	j->enc_keys = table_of(c)->seal;
	j->dec_keys = table_of(c)->open;
	j->key_len_in_bytes = c->transform.key_bits / 8;
	j->src = p->header;
	/* Sealing, the IV is the first block of the run: see cbc_seal() in esp_openssl.c. */
	j->iv = c->sealing ? c->mask : p->iv;
	j->iv_len_in_bytes = cbc ? CBC_IV_LEN : 0;
	j->cipher_start_src_offset_in_bytes =
	    (uint64_t)((cbc && c->sealing ? p->iv : p->text) - p->header);
	j->msg_len_to_cipher_in_bytes = p->text_len + (cbc && c->sealing ? CBC_IV_LEN : 0);
	j->dst = p->header + j->cipher_start_src_offset_in_bytes;
	j->hash_alg = hmacs[c->transform.integ].alg;
	j->hash_start_src_offset_in_bytes = 0;
	j->msg_len_to_hash_in_bytes = (uint64_t)(p->icv - p->header) + (c->esn ? 4 : 0);
	j->u.HMAC._hashed_auth_key_xor_ipad = table_of(c)->inner;
	j->u.HMAC._hashed_auth_key_xor_opad = table_of(c)->outer;
	j->auth_tag_output = icv;
	j->auth_tag_output_len_in_bytes = c->shape.icv;
	j->user_data = job;
}

static void
prepare(const struct esp_crypt *c, const struct esp_parts *p, uint8_t *received)
{
	if (!c->sealing)
		memcpy(received, p->icv, c->shape.icv);
	else if (c->transform.cipher == CIPHER_AES_CBC) {
		memset(p->iv, 0, CBC_IV_LEN - 8);
		put_be32(p->iv + CBC_IV_LEN - 8, (uint32_t)(p->seq >> 32));
		put_be32(p->iv + CBC_IV_LEN - 4, (uint32_t)p->seq);
	}
	if (c->esn)
		put_be32(p->icv, (uint32_t)(p->seq >> 32));
}

static void
done(IMB_JOB *j)
{
	struct esp_job *job = j == NULL ? NULL : j->user_data;

	if (job != NULL)
		job->ok = j->status == IMB_STATUS_COMPLETED;
}

static void
mb_many(struct esp_job *const *jobs, unsigned int n)
{
	static __thread uint8_t received[ESP_JOBS_MAX][HMAC_ICV_MAX], sum[ESP_JOBS_MAX][HMAC_ICV_MAX];
	IMB_MGR *m = my_manager();
	unsigned int i;
	IMB_JOB *j;

	for (i = 0; i < n; i++) {
		jobs[i]->ok = false;
		if (m == NULL)
			continue;
		prepare(jobs[i]->crypt, &jobs[i]->parts, received[i]);
		j = IMB_GET_NEXT_JOB(m);
		fill_job(j, jobs[i], sum[i]);
		done(IMB_SUBMIT_JOB(m));
	}
	while (m != NULL && (j = IMB_FLUSH_JOB(m)) != NULL)
		done(j);
	for (i = 0; i < n; i++) {
		size_t len = jobs[i]->crypt->shape.icv;

		if (jobs[i]->crypt->sealing)
			memcpy(jobs[i]->parts.icv, sum[i], len);
		else
			jobs[i]->ok = jobs[i]->ok && equal_in_constant_time(sum[i], received[i], len);
	}
}

static const struct esp_ops mb_hmac = {mb_start, mb_stop, mb_seal, mb_open, mb_many,
    ESP_BY_MB_MANY, false};

const struct esp_ops *
esp_ops_mb_hmac(const struct esp_transform *t)
{
	return (t->cipher == CIPHER_AES_CBC || t->cipher == CIPHER_NULL) &&
	    t->integ < INTEG_COUNT && hmacs[t->integ].block != 0 && my_manager() != NULL ?
	    &mb_hmac : NULL;
}

#else

const struct esp_ops *
esp_ops_mb_hmac(const struct esp_transform *t)
{
	(void)t;
	return NULL;
}

#endif
