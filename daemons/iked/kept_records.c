/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept_records.h"

#include <string.h>

#include "once.h"

const size_t kept_table_bytes[KEPT_TABLES] = {128, 192, 256, 320, 512, KEPT_LARGEST};

const size_t kept_body_bytes[KEPT_ANSWER + 1] = {
	[KEPT_PEER] = sizeof(struct kept_peer),
	[KEPT_SA] = sizeof(struct kept_sa),
	[KEPT_SA2] = sizeof(struct kept_sa2),
	[KEPT_CHILD] = sizeof(struct kept_child),
	[KEPT_ANSWER] = sizeof(struct kept_answer),
};

_Static_assert(KEPT_HEAD_BYTES + sizeof(struct kept_sa2) + sizeof(((struct kept_tail *)0)->b) <=
    KEPT_LARGEST, "any IKE SA fits");

uint32_t
kept_sum(const struct kept_slot *s, size_t bytes)
{
	return keep_sum(&s->kind, bytes - offsetof(struct kept_slot, kind));
}

void
kept_tail_begin(struct kept_tail *n)
{
	wbuf_init(&n->w, n->b, sizeof(n->b));
}

struct slice
kept_tail_bytes(const struct kept_tail *n)
{
	return slice_of(n->b, wbuf_len(&n->w));
}

void
kept_put_text(struct kept_tail *n, const char *text)
{
	size_t len = strlen(text);

	wbuf_u8(&n->w, (uint8_t)len);
	wbuf_put(&n->w, text, len);
}

void
kept_put_ident(struct kept_tail *n, const struct held_ident *id)
{
	wbuf_u8(&n->w, id == NULL ? 0 : id->type);
	wbuf_u8(&n->w, id == NULL ? 0 : id->len);
	if (id != NULL)
		wbuf_put(&n->w, id->b, id->len);
}

void
kept_put_secret(struct kept_tail *n, const struct secret *key)
{
	wbuf_u8(&n->w, key == NULL ? 0 : (uint8_t)key->len);
	if (key != NULL)
		wbuf_put(&n->w, key->b, key->len);
}

void
kept_get_secret(struct rbuf *r, struct secret **key)
{
	size_t len = rbuf_u8(r);
	struct slice bytes = rbuf_slice(r, len);

	if (bytes.len > 0 && bytes.len <= SECRET_MAX)
		secret_keep(key, bytes.p, bytes.len);
}

const char *
kept_get_name(struct rbuf *r)
{
	size_t len = rbuf_u8(r);
	char name[UINT8_MAX + 1] = "";

	rbuf_copy(r, (uint8_t *)name, len);
	return name_once(r->bad ? "" : name);
}

void
kept_get_ident(struct rbuf *r, struct held_ident **held)
{
	struct ident id = {.type = rbuf_u8(r)};
	size_t len = rbuf_u8(r);

	id.len = (uint8_t)(len <= IDENT_MAX ? len : 0);
	rbuf_copy(r, id.b, id.len);
	ident_hold(held, &id);
}

/* Of each array what the algorithms use. */
void
kept_put_keys(struct kept_tail *n, const struct keymat2 *k)
{
	size_t h = hash_len(k->prf), a = integ_key_len(k->integ);
	size_t e = cipher_key_len(k->cipher, k->key_bits);

	wbuf_u8(&n->w, k->prf);
	wbuf_u8(&n->w, k->cipher);
	wbuf_be16(&n->w, k->key_bits);
	wbuf_u8(&n->w, k->integ);
	wbuf_put(&n->w, k->d, h);
	wbuf_put(&n->w, k->ai, a);
	wbuf_put(&n->w, k->ar, a);
	wbuf_put(&n->w, k->ei, e);
	wbuf_put(&n->w, k->er, e);
}

void
kept_get_keys(struct rbuf *r, struct keymat2 *k)
{
	size_t h, a, e;

	k->prf = rbuf_u8(r);
	k->cipher = rbuf_u8(r);
	k->key_bits = rbuf_be16(r);
	k->integ = rbuf_u8(r);
	h = hash_len(k->prf);
	a = integ_key_len(k->integ);
	e = cipher_key_len(k->cipher, k->key_bits);
	rbuf_copy(r, k->d, h);
	rbuf_copy(r, k->ai, a);
	rbuf_copy(r, k->ar, a);
	rbuf_copy(r, k->ei, e);
	rbuf_copy(r, k->er, e);
}

struct rbuf
kept_tail_of(const struct kept_slot *s)
{
	struct rbuf r;

	rbuf_init(&r, s->b + kept_body_bytes[s->kind], s->tail_len);
	return r;
}
