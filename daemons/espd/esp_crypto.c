/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses among the rows, and does what they are asked; they know nothing of it. */
#include "esp_crypto.h"

#include <string.h>

#include <openssl/err.h>

#include "esp_ops.h"
#include "esp_pool.h"

bool
esp_shape_of(const struct esp_transform *t, struct esp_shape *s)
{
	const struct cipher_shape *c = cipher_shape(t->cipher);

	if (!esp_transform_ok(t))
		return false;
	*s = (struct esp_shape){
		.iv = c->iv,
		.block = c->block < ESP_ALIGN ? ESP_ALIGN : c->block,
		.icv = c->icv != 0 ? c->icv : (uint8_t)integ_icv_len(t->integ),
		.key = (uint8_t)cipher_keymat_len(t->cipher, t->key_bits),
		.auth = (uint8_t)integ_key_len(t->integ),
	};
	return true;
}

const struct esp_ops *
esp_ops_best(const struct esp_transform *t)
{
	const struct esp_ops *mb = esp_ops_mb(t);

	if (mb == NULL)
		mb = esp_ops_mb_hmac(t);
	return mb != NULL ? mb : esp_ops_openssl(t);
}

struct esp_crypt *
esp_crypt_new(const struct esp_ops *ops, bool sealing, const struct esp_transform *t, bool esn,
    struct slice key, struct slice auth)
{
	struct esp_crypt *c = esp_pool_get();

	_Static_assert(sizeof(*c) <= ESP_POOL_SLOT, "contexts and tables have not room");
	memset(c, 0, sizeof(*c));
	c->ops = ops;
	c->transform = *t;
	c->sealing = sealing;
	c->esn = esn;
	if (!esp_shape_of(t, &c->shape)) {
		esp_pool_put(c);
		return NULL;
	}
	if (ops->start(c, key, auth))
		return c;
	ERR_clear_error();
	esp_crypt_free(c);
	return NULL;
}

void
esp_crypt_free(struct esp_crypt *c)
{
	if (c == NULL)
		return;
	c->ops->stop(c);
	esp_pool_put(c);	/* which wipes */
}

bool
esp_crypt_seal(struct esp_crypt *c, const struct esp_parts *p)
{
	if (p->plain != p->text && !c->ops->apart)
		memcpy(p->text, p->plain, p->text_len);
	return c->ops->seal(c, p);
}

bool
esp_crypt_open(struct esp_crypt *c, const struct esp_parts *p)
{
	return c->ops->open(c, p);
}

bool
esp_crypt_is_sealing(const struct esp_crypt *c)
{
	return c->sealing;
}

uint8_t
esp_crypt_backend(const struct esp_crypt *c)
{
	return c->ops->backend;
}

bool
esp_crypt_batches(const struct esp_crypt *c)
{
	return c->ops->many != NULL;
}

void
esp_crypt_many(struct esp_job *const *jobs, unsigned int n)
{
	jobs[0]->crypt->ops->many(jobs, n);
}

void
esp_crypt_prefetch(const struct esp_crypt *c)
{
	enum { LINE = 64 };
	size_t at;

	for (at = 0; c->has_table && at < sizeof(c->table); at += LINE)
		__builtin_prefetch(c->table + at);
}
