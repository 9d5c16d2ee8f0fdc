/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposal2.h"

#include <stddef.h>

#include "cipher.h"
#include "dh.h"
#include "ikev2_wire.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct number {
	uint8_t wire, ours;
};

static const struct number encrs[] = {
	{ENCR_DES, CIPHER_DES_CBC}, {ENCR_3DES, CIPHER_3DES_CBC}, {ENCR_NULL, CIPHER_NULL},
	{ENCR_AES_CBC, CIPHER_AES_CBC}, {ENCR_AES_CTR, CIPHER_AES_CTR},
	{ENCR_AES_GCM_8, CIPHER_AES_GCM_8}, {ENCR_AES_GCM_12, CIPHER_AES_GCM_12},
	{ENCR_AES_GCM_16, CIPHER_AES_GCM}, {ENCR_AES_GMAC, CIPHER_AES_GMAC},
	{ENCR_CHACHA20_POLY1305, CIPHER_CHACHA20_POLY1305},
}, prfs[] = {
	{PRF_MD5, HASH_MD5}, {PRF_SHA1, HASH_SHA1}, {PRF_SHA256, HASH_SHA256},
	{PRF_SHA384, HASH_SHA384}, {PRF_SHA512, HASH_SHA512},
}, integs[] = {
	{AUTH2_MD5_96, INTEG_HMAC_MD5_96}, {AUTH2_SHA1_96, INTEG_HMAC_SHA1_96},
	{AUTH2_SHA256_128, INTEG_HMAC_SHA256_128}, {AUTH2_SHA384_192, INTEG_HMAC_SHA384_192},
	{AUTH2_SHA512_256, INTEG_HMAC_SHA512_256},
};

/* 0 when the table has none. */
static uint8_t
wire_of(const struct number *table, size_t rows, uint8_t ours)
{
	size_t i;

	for (i = 0; i < rows; i++)
		if (table[i].ours == ours)
			return table[i].wire;
	return 0;
}

#define WIRE(table, v) wire_of(table, COUNT(table), (v))

/* --- reading --- */

static const char *
attributes_read(struct rbuf *r, struct transform2 *t)
{
	while (rbuf_left(r) > 0) {
		uint16_t type = rbuf_be16(r), value = rbuf_be16(r);

		if (type == ATTR2_KEY_BITS) {
			t->key_bits = value;
			continue;
		}
		t->strange = true;
		if ((type & 0x8000) == 0)
			rbuf_skip(r, value);
	}
	return r->bad ? "a transform's attributes are cut short" : NULL;
}

static const char *
transforms_read(struct rbuf *r, unsigned int count, struct offers2 *o)
{
	const char *why = NULL;

	for (; why == NULL && count > 0; count--) {
		struct transform2 t = {0};
		struct rbuf in;
		uint16_t len;

		rbuf_skip(r, 2);
		len = rbuf_be16(r);
		if (r->bad || len < 8)
			return "a transform's length is wrong";
		in = rbuf_sub(r, len - 4u);
		t.type = rbuf_u8(&in);
		rbuf_skip(&in, 1);
		t.id = rbuf_be16(&in);
		why = attributes_read(&in, &t);
		if (why == NULL && o->transforms == TRANSFORMS2_MAX)
			why = "more transforms than anybody needs";
		if (why == NULL)
			o->transform[o->transforms++] = t;
	}
	return why != NULL ? why : rbuf_done(r) ? NULL : "a proposal's transforms do not fill it";
}

const char *
offers2_read(struct slice sa_body, struct offers2 *o)
{
	struct rbuf r, in;
	const char *why = NULL;
	uint8_t more = PROPOSAL2_MORE;

	o->count = o->transforms = 0;
	rbuf_init(&r, sa_body.p, sa_body.len);
	while (why == NULL && more != 0) {
		struct offer2 *p = &o->list[o->count];
		uint8_t spi_len, count;
		uint16_t len;

		if (o->count == OFFERS2_MAX)
			return "more proposals than anybody needs";
		more = rbuf_u8(&r);
		rbuf_skip(&r, 1);
		len = rbuf_be16(&r);
		if (r.bad || len < 8)
			return "a proposal's length is wrong";
		in = rbuf_sub(&r, len - 4u);
		p->number = rbuf_u8(&in);
		p->proto = rbuf_u8(&in);
		spi_len = rbuf_u8(&in);
		count = rbuf_u8(&in);
		p->spi = rbuf_slice(&in, spi_len);
		p->first = o->transforms;
		why = in.bad ? "a proposal is cut short" : transforms_read(&in, count, o);
		p->count = o->transforms - p->first;
		o->count++;
	}
	return why != NULL ? why : rbuf_done(&r) ? NULL : "bytes follow the last proposal";
}

bool
offers2_is_answer(const struct offers2 *o)
{
	unsigned int i, seen = 0;

	for (i = 0; i < o->transforms; i++) {
		unsigned int bit = 1u << (o->transform[i].type & 31);

		if ((seen & bit) != 0)
			return false;
		seen |= bit;
	}
	return o->count == 1;
}

/* --- writing --- */

struct writer {			/* one proposal under way */
	struct wbuf *w;
	size_t at, last;	/* where it and its last transform began */
	uint8_t count;
};

static struct writer
proposal_begin(struct wbuf *w, size_t *previous, uint8_t number, uint8_t proto, struct slice spi)
{
	struct writer p = {.w = w, .at = wbuf_len(w)};

	if (*previous != SIZE_MAX && !w->bad)
		w->start[*previous] = PROPOSAL2_MORE;
	*previous = p.at;
	wbuf_be32(w, 0);
	wbuf_u8(w, number);
	wbuf_u8(w, proto);
	wbuf_u8(w, (uint8_t)spi.len);
	wbuf_u8(w, 0);
	wbuf_slice(w, spi);
	return p;
}

static void
transform_put(struct writer *p, uint8_t type, uint16_t id, uint16_t key_bits)
{
	struct wbuf *w = p->w;

	if (p->count > 0 && !w->bad)
		w->start[p->last] = TRANSFORM2_MORE;
	p->last = wbuf_len(w);
	p->count++;
	wbuf_be16(w, 0);
	wbuf_be16(w, key_bits != 0 ? 12 : 8);
	wbuf_u8(w, type);
	wbuf_u8(w, 0);
	wbuf_be16(w, id);
	if (key_bits != 0) {
		wbuf_be16(w, ATTR2_KEY_BITS);
		wbuf_be16(w, key_bits);
	}
}

static void
proposal_end(struct writer *p)
{
	if (p->w->bad)
		return;
	wbuf_be16_at(p->w, p->at + 2, (uint16_t)(wbuf_len(p->w) - p->at));
	p->w->start[p->at + 7] = p->count;
}

static bool
is_combined(uint8_t cipher)	/* an AEAD, of IKE or of ESP */
{
	return cipher_is_aead(cipher) || cipher == CIPHER_AES_GMAC;
}

/* RFC 7296 3.3: ciphers that need integrity and ones that have it stand in proposals of their own. */
static bool
ike_proposal(struct wbuf *w, size_t *previous, uint8_t number, const struct conf_proposal2 *c,
    bool aeads, struct slice spi)
{
	struct writer p;
	unsigned int i, n = 0;

	for (i = 0; i < c->n_encr; i++)
		n += cipher_is_aead(c->encr[i].cipher) == aeads;
	if (n == 0 || (!aeads && c->n_integ == 0))
		return false;
	p = proposal_begin(w, previous, number, PROTO_ISAKMP, spi);
	for (i = 0; i < c->n_encr; i++)
		if (cipher_is_aead(c->encr[i].cipher) == aeads)
			transform_put(&p, T2_ENCR, WIRE(encrs, c->encr[i].cipher),
			    c->encr[i].key_bits);
	for (i = 0; !aeads && i < c->n_integ; i++)
		transform_put(&p, T2_INTEG, WIRE(integs, c->integ[i]), 0);
	for (i = 0; i < c->n_prf; i++)
		transform_put(&p, T2_PRF, WIRE(prfs, c->prf[i]), 0);
	for (i = 0; i < c->n_group; i++)
		transform_put(&p, T2_DH, c->group[i], 0);
	proposal_end(&p);
	return true;
}

void
prop2_ike_offer(struct wbuf *w, const struct conf_proposal2 *const *want, unsigned int count,
    struct slice spi)
{
	size_t previous = SIZE_MAX;
	uint8_t number = 1;
	unsigned int i;

	for (i = 0; i < count; i++) {
		bool combined_first = want[i]->n_encr > 0 && cipher_is_aead(want[i]->encr[0].cipher);

		number += ike_proposal(w, &previous, number, want[i], combined_first, spi);
		number += ike_proposal(w, &previous, number, want[i], !combined_first, spi);
	}
}

static struct slice
spi_bytes(uint32_t spi, uint8_t b[4])
{
	b[0] = (uint8_t)(spi >> 24);
	b[1] = (uint8_t)(spi >> 16);
	b[2] = (uint8_t)(spi >> 8);
	b[3] = (uint8_t)spi;
	return slice_of(b, 4);
}

void
prop2_esp_offer(struct wbuf *w, const struct p2_transform *want, unsigned int count, uint8_t group,
    uint32_t spi)
{
	size_t previous = SIZE_MAX;
	uint8_t b[4], number = 1;
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct esp_transform *t = &want[i].esp;
		struct writer p;

		if (want[i].mode != want[0].mode)
			continue;	/* the mode is one for all */
		p = proposal_begin(w, &previous, number++, PROTO_ESP, spi_bytes(spi, b));
		transform_put(&p, T2_ENCR, WIRE(encrs, t->cipher), t->key_bits);
		if (t->integ != INTEG_NONE)
			transform_put(&p, T2_INTEG, WIRE(integs, t->integ), 0);
		if (group != 0)
			transform_put(&p, T2_DH, group, 0);
		transform_put(&p, T2_ESN, 0, 0);
		proposal_end(&p);
	}
}

void
prop2_answer(struct wbuf *w, const struct prop2 *agreed, uint8_t proto, struct slice spi)
{
	size_t previous = SIZE_MAX;
	struct writer p = proposal_begin(w, &previous, agreed->number, proto, spi);

	transform_put(&p, T2_ENCR, WIRE(encrs, agreed->cipher), agreed->key_bits);
	if (agreed->integ != INTEG_NONE)
		transform_put(&p, T2_INTEG, WIRE(integs, agreed->integ), 0);
	if (proto == PROTO_ISAKMP)
		transform_put(&p, T2_PRF, WIRE(prfs, agreed->prf), 0);
	if (agreed->group != 0)
		transform_put(&p, T2_DH, agreed->group, 0);
	if (proto == PROTO_ESP)
		transform_put(&p, T2_ESN, agreed->esn, 0);
	proposal_end(&p);
}

/* --- choosing --- */

static bool
has(const struct offers2 *o, const struct offer2 *p, uint8_t type, uint16_t id, uint16_t key_bits)
{
	unsigned int i;

	for (i = p->first; i < p->first + p->count; i++) {
		const struct transform2 *t = &o->transform[i];

		if (t->type == type && t->id == id && t->key_bits == key_bits && !t->strange)
			return true;
	}
	return false;
}

static bool
has_type(const struct offers2 *o, const struct offer2 *p, uint8_t type)
{
	unsigned int i;

	for (i = p->first; i < p->first + p->count; i++)
		if (o->transform[i].type == type)
			return true;
	return false;
}

/* The type is not offered at all, or NONE is among what is. */
static bool
may_lack(const struct offers2 *o, const struct offer2 *p, uint8_t type)
{
	return !has_type(o, p, type) || has(o, p, type, 0, 0);
}

/* A type that we do not know is one that we cannot choose from. */
static bool
only_types_up_to(const struct offers2 *o, const struct offer2 *p, uint8_t last)
{
	unsigned int i;

	for (i = p->first; i < p->first + p->count; i++)
		if (o->transform[i].type == 0 || o->transform[i].type > last)
			return false;
	return p->count > 0;
}

static bool
ike_cipher(const struct offers2 *o, const struct offer2 *p, const struct conf_proposal2 *want,
    struct prop2 *got)
{
	unsigned int i, j;

	for (i = 0; i < want->n_encr; i++) {
		got->cipher = want->encr[i].cipher;
		got->key_bits = want->encr[i].key_bits;
		got->integ = INTEG_NONE;
		if (!has(o, p, T2_ENCR, WIRE(encrs, got->cipher), got->key_bits))
			continue;
		if (cipher_is_aead(got->cipher)) {
			if (may_lack(o, p, T2_INTEG))
				return true;
			continue;
		}
		for (j = 0; j < want->n_integ; j++)
			if (has(o, p, T2_INTEG, WIRE(integs, want->integ[j]), 0)) {
				got->integ = want->integ[j];
				return true;
			}
	}
	return false;
}

static bool
ike_rest(const struct offers2 *o, const struct offer2 *p, const struct conf_proposal2 *want,
    unsigned int ke_group, struct prop2 *got)
{
	unsigned int i;

	got->prf = HASH_NONE;
	got->group = 0;
	for (i = 0; i < want->n_prf && got->prf == HASH_NONE; i++)
		if (has(o, p, T2_PRF, WIRE(prfs, want->prf[i]), 0))
			got->prf = want->prf[i];
	for (i = 0; i < want->n_group; i++) {
		if (!has(o, p, T2_DH, want->group[i], 0))
			continue;
		if (got->group == 0 || want->group[i] == ke_group)
			got->group = want->group[i];
	}
	return got->prf != HASH_NONE && got->group != 0;
}

const struct offer2 *
prop2_ike_choose(const struct offers2 *o, const struct conf_proposal2 *const *want,
    unsigned int count, unsigned int ke_group, struct prop2 *got)
{
	unsigned int i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < o->count; j++) {
			const struct offer2 *p = &o->list[j];

			*got = (struct prop2){.number = p->number, .row = i};
			if (p->proto == PROTO_ISAKMP && only_types_up_to(o, p, T2_DH) &&
			    ike_cipher(o, p, want[i], got) && ike_rest(o, p, want[i], ke_group, got))
				return p;
		}
	return NULL;
}

static bool
esp_group(const struct offers2 *o, const struct offer2 *p, uint8_t want, unsigned int ke_group,
    struct prop2 *got)
{
	unsigned int i;

	got->group = want;
	if (want != 0)
		return has(o, p, T2_DH, want, 0);
	if (may_lack(o, p, T2_DH))
		return true;
	for (i = p->first; i < p->first + p->count; i++) {
		const struct transform2 *t = &o->transform[i];

		if (t->type != T2_DH || dh_public_len(t->id) == 0)
			continue;
		if (got->group == 0 || t->id == ke_group)
			got->group = (uint8_t)t->id;
	}
	return got->group != 0;
}

static bool
esp_matches(const struct offers2 *o, const struct offer2 *p, const struct p2_transform *want,
    enum prop2_pfs pfs, unsigned int ke_group, struct prop2 *got)
{
	const struct esp_transform *t = &want->esp;

	got->cipher = t->cipher;
	got->key_bits = t->key_bits;
	got->integ = t->integ;
	got->esn = !may_lack(o, p, T2_ESN);
	if (p->proto != PROTO_ESP || p->spi.len != 4 || !only_types_up_to(o, p, T2_ESN) ||
	    has_type(o, p, T2_PRF) || !has(o, p, T2_ENCR, WIRE(encrs, t->cipher), t->key_bits))
		return false;
	if (t->integ != INTEG_NONE ? !has(o, p, T2_INTEG, WIRE(integs, t->integ), 0) :
	    !is_combined(t->cipher) || !may_lack(o, p, T2_INTEG))
		return false;
	if (got->esn && !has(o, p, T2_ESN, 1, 0))
		return false;
	return pfs == PFS_IGNORE || esp_group(o, p, want->pfs_group, ke_group, got);
}

const struct offer2 *
prop2_esp_choose(const struct offers2 *o, const struct p2_transform *want, unsigned int count,
    uint8_t mode, enum prop2_pfs pfs, unsigned int ke_group, struct prop2 *got)
{
	unsigned int i, j;

	for (i = 0; i < count; i++)
		for (j = 0; want[i].mode == mode && j < o->count; j++) {
			*got = (struct prop2){.number = o->list[j].number, .row = i};
			if (esp_matches(o, &o->list[j], &want[i], pfs, ke_group, got))
				return &o->list[j];
		}
	return NULL;
}
