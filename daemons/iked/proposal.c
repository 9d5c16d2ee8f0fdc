/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposal.h"

#include <stddef.h>

#include "ike_wire.h"
#include "ipc.h"

enum { ATTR_SHORT = 0x8000 };	/* RFC 2408 3.3: the value is in the length's place */

static const struct {
	uint8_t wire, ours;
} p1_hashes[] = {
	{P1_MD5, HASH_MD5}, {P1_SHA1, HASH_SHA1}, {P1_SHA256, HASH_SHA256},
	{P1_SHA384, HASH_SHA384}, {P1_SHA512, HASH_SHA512},
}, p1_ciphers[] = {
	{P1_AES_CBC, CIPHER_AES_CBC}, {P1_3DES_CBC, CIPHER_3DES_CBC}, {P1_DES_CBC, CIPHER_DES_CBC},
}, p1_auths[] = {
	{P1_PSK, IPC_AUTH_PSK}, {P1_RSA_SIGNATURES, IPC_AUTH_RSA},
}, p2_integs[] = {
	{P2_HMAC_MD5, INTEG_HMAC_MD5_96},
	{P2_HMAC_SHA1, INTEG_HMAC_SHA1_96}, {P2_HMAC_SHA256, INTEG_HMAC_SHA256_128},
	{P2_HMAC_SHA384, INTEG_HMAC_SHA384_192}, {P2_HMAC_SHA512, INTEG_HMAC_SHA512_256},
}, p2_ciphers[] = {	/* ChaCha20-Poly1305 has a number in IKEv2 alone */
	{ESP_NULL, CIPHER_NULL}, {ESP_AES_CBC, CIPHER_AES_CBC}, {ESP_AES_CTR, CIPHER_AES_CTR},
	{ESP_AES_GCM_8, CIPHER_AES_GCM_8}, {ESP_AES_GCM_12, CIPHER_AES_GCM_12},
	{ESP_AES_GCM_16, CIPHER_AES_GCM}, {ESP_AES_GMAC, CIPHER_AES_GMAC},
	{ESP_3DES_CBC, CIPHER_3DES_CBC}, {ESP_DES_CBC, CIPHER_DES_CBC},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TO_OURS(table, v) number_map((v), &(table)[0].wire, &(table)[0].ours, COUNT(table))
#define TO_WIRE(table, v) number_map((v), &(table)[0].ours, &(table)[0].wire, COUNT(table))

/* 0 when it is not in the table.  Both columns are bytes of rows of two. */
static uint8_t
number_map(uint64_t v, const uint8_t *from, const uint8_t *to, size_t rows)
{
	size_t i;

	for (i = 0; i < rows; i++)
		if (from[2 * i] == v)
			return to[2 * i];
	return 0;
}

/* --- reading --- */

static const char *
transforms_read(struct rbuf *r, unsigned int count, const struct offer *proposal, struct offers *o)
{
	const char *why = NULL;

	while (why == NULL && count-- > 0) {
		struct offer t = *proposal;
		const uint8_t *start = r->at;
		struct rbuf in;
		uint16_t len;

		rbuf_skip(r, 2);
		len = rbuf_be16(r);
		if (r->bad || len < 8)
			return "a transform's length is wrong";
		in = rbuf_sub(r, len - 4u);
		t.number = rbuf_u8(&in);
		t.id = rbuf_u8(&in);
		rbuf_skip(&in, 2);
		t.attributes = rbuf_rest(&in);
		t.raw = slice_of(start, len);
		if (r->bad || in.bad)
			why = "a transform is cut short";
		else if (o->count < OFFERS_MAX)
			o->list[o->count++] = t;
	}
	return why;
}

static const char *
proposal_read(struct rbuf *r, struct offers *o, bool *more)
{
	struct offer p = {.protos = 1};
	struct rbuf in;
	unsigned int spi_len, transforms, i, first = o->count;
	uint16_t len;
	const char *why;

	*more = rbuf_u8(r) == PAYLOAD_PROPOSAL;
	rbuf_skip(r, 1);
	len = rbuf_be16(r);
	if (r->bad || len < 8)
		return "a proposal's length is wrong";
	in = rbuf_sub(r, len - 4u);
	p.proposal = rbuf_u8(&in);
	p.proto = rbuf_u8(&in);
	spi_len = rbuf_u8(&in);
	transforms = rbuf_u8(&in);
	p.spi = rbuf_slice(&in, spi_len);
	if (in.bad)
		return "a proposal is cut short";
	why = transforms_read(&in, transforms, &p, o);
	if (why != NULL)
		return why;
	if (!rbuf_done(&in))
		return "bytes follow a proposal's last transform";
	/* The same number again: both protocols at once (AH and ESP), which nobody here does. */
	if (first > 0 && first < o->count && o->list[first - 1].proposal == p.proposal)
		for (i = 0; i < o->count; i++)
			if (o->list[i].proposal == p.proposal)
				o->list[i].protos = 2;
	return NULL;
}

const char *
offers_read(struct slice sa_body, struct offers *o)
{
	struct rbuf r;
	const char *why = NULL;
	bool more = true;

	o->count = 0;
	rbuf_init(&r, sa_body.p, sa_body.len);
	if (rbuf_be32(&r) != IPSEC_DOI || rbuf_be32(&r) != SIT_IDENTITY_ONLY)
		return "SA payload is not of the IPsec DOI";
	while (why == NULL && more)
		why = proposal_read(&r, o, &more);
	if (why == NULL && !rbuf_done(&r))
		why = "bytes follow the last proposal";
	return why;
}

/* One attribute; false at the end.  Values of more than 8 bytes read as all ones. */
static bool
attribute_next(struct rbuf *r, uint16_t *type, uint64_t *value)
{
	struct slice s;
	size_t i;

	if (rbuf_left(r) == 0)
		return false;
	*type = rbuf_be16(r);
	*value = rbuf_be16(r);
	if (*type & ATTR_SHORT) {
		*type &= (uint16_t)~ATTR_SHORT;
		return !r->bad;
	}
	s = rbuf_slice(r, (size_t)*value);
	*value = s.len > 8 ? UINT64_MAX : 0;
	for (i = 0; i < s.len && s.len <= 8; i++)
		*value = *value << 8 | s.p[i];
	return !r->bad;
}

static uint32_t
clamp32(uint64_t v)
{
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

const char *
p1_read(const struct offer *o, struct p1_transform *t)
{
	struct rbuf r;
	uint16_t type;
	uint64_t v, life_type = 0;

	*t = (struct p1_transform){0};
	rbuf_init(&r, o->attributes.p, o->attributes.len);
	while (attribute_next(&r, &type, &v)) {
		if (type == P1_CIPHER)
			t->cipher = TO_OURS(p1_ciphers, v);
		else if (type == P1_KEY_BITS)
			t->key_bits = v > UINT16_MAX ? 0 : (uint16_t)v;
		else if (type == P1_HASH)
			t->hash = TO_OURS(p1_hashes, v);
		else if (type == P1_AUTH)
			t->auth = TO_OURS(p1_auths, v);
		else if (type == P1_GROUP)
			t->group = v > UINT8_MAX ? 0 : (uint8_t)v;
		else if (type == P1_LIFE_TYPE)
			life_type = v;
		else if (type == P1_LIFE && life_type == LIFE_SECONDS)
			t->life_s = clamp32(v);
	}
	if (!cipher_shape(t->cipher)->sized)
		t->key_bits = 0;	/* nothing is to be said, but some say it */
	if (r.bad)
		return "an attribute is cut short";
	if (o->proto != PROTO_ISAKMP || o->id != TRANSFORM_KEY_IKE)
		return "not a KEY_IKE transform";
	return t->auth != 0 ? NULL : "authentication is neither by pre-shared key nor by RSA signature";
}

uint32_t
p1_life_read(struct slice attributes)
{
	struct rbuf r;
	uint16_t type;
	uint64_t v, life_type = 0;
	uint32_t life_s = 0;

	rbuf_init(&r, attributes.p, attributes.len);
	while (attribute_next(&r, &type, &v)) {
		if (type == P1_LIFE_TYPE)
			life_type = v;
		else if (type == P1_LIFE && life_type == LIFE_SECONDS)
			life_s = clamp32(v);
	}
	return life_s;
}

static void
p2_mode(struct p2_transform *t, uint64_t v)
{
	t->draft_encap = v == WIRE_UDP_TUNNEL_DRAFT || v == WIRE_UDP_TRANSPORT_DRAFT;
	t->encap = v == WIRE_UDP_TUNNEL || v == WIRE_UDP_TRANSPORT || t->draft_encap;
	t->mode = v == WIRE_TUNNEL || v == WIRE_UDP_TUNNEL || v == WIRE_UDP_TUNNEL_DRAFT ?
	    MODE_TUNNEL : v == WIRE_TRANSPORT || t->encap ? MODE_TRANSPORT : 0;
}

/* Without the attribute AES-CBC's key has 128 bits (RFC 3602 5.3); other lengths must be named. */
static const char *
p2_finish(struct p2_transform *t)
{
	if (t->esp.cipher == CIPHER_AES_CBC && t->esp.key_bits == 0)
		t->esp.key_bits = 128;
	if (!cipher_shape(t->esp.cipher)->sized)
		t->esp.key_bits = 0;
	return t->esp.cipher == CIPHER_NONE ? "unknown ESP transform" :
	    t->mode == 0 ? "unknown encapsulation mode" : NULL;
}

const char *
p2_read(const struct offer *o, struct p2_transform *t)
{
	struct rbuf r;
	uint16_t type;
	uint64_t v, life_type = 0;

	*t = (struct p2_transform){.esp.cipher = TO_OURS(p2_ciphers, o->id)};
	rbuf_init(&r, o->attributes.p, o->attributes.len);
	while (attribute_next(&r, &type, &v)) {
		if (type == P2_LIFE_TYPE)
			life_type = v;
		else if (type == P2_LIFE && life_type == LIFE_SECONDS)
			t->life_s = clamp32(v);
		else if (type == P2_LIFE && life_type == LIFE_KILOBYTES)
			t->life_kb = v;
		else if (type == P2_GROUP)
			t->pfs_group = v > UINT8_MAX ? UINT8_MAX : (uint8_t)v;
		else if (type == P2_MODE)
			p2_mode(t, v);
		else if (type == P2_AUTH)
			t->esp.integ = TO_OURS(p2_integs, v);
		else if (type == P2_KEY_BITS)
			t->esp.key_bits = v > UINT16_MAX ? 0 : (uint16_t)v;
		else
			return "an attribute that is not understood";
	}
	if (r.bad)
		return "an attribute is cut short";
	if (o->proto != PROTO_ESP || o->protos != 1 || o->spi.len != 4)
		return "not a single ESP proposal";
	return p2_finish(t);
}

/* --- writing --- */

static void
attribute_write(struct wbuf *w, uint16_t type, uint64_t v)
{
	if (v <= UINT16_MAX) {
		wbuf_be16(w, ATTR_SHORT | type);
		wbuf_be16(w, (uint16_t)v);
		return;
	}
	wbuf_be16(w, type);
	wbuf_be16(w, v > UINT32_MAX ? 8 : 4);
	if (v > UINT32_MAX)
		wbuf_be64(w, v);
	else
		wbuf_be32(w, (uint32_t)v);
}

static void
life_write(struct wbuf *w, uint16_t type_attr, uint16_t life_attr, uint16_t kind, uint64_t v)
{
	if (v == 0)
		return;
	attribute_write(w, type_attr, kind);
	attribute_write(w, life_attr, v);
}

void
p1_life_write(struct wbuf *w, uint32_t life_s)
{
	life_write(w, P1_LIFE_TYPE, P1_LIFE, LIFE_SECONDS, life_s);
}

void
p2_life_write(struct wbuf *w, uint32_t life_s, uint64_t life_kb)
{
	life_write(w, P2_LIFE_TYPE, P2_LIFE, LIFE_SECONDS, life_s);
	life_write(w, P2_LIFE_TYPE, P2_LIFE, LIFE_KILOBYTES, life_kb);
}

/* Header of a transform; its length is set by length_end(). */
static size_t
transform_begin(struct wbuf *w, bool last, uint8_t number, uint8_t id)
{
	size_t at = wbuf_len(w);

	wbuf_u8(w, last ? PAYLOAD_NONE : PAYLOAD_TRANSFORM);
	wbuf_zero(w, 3);
	wbuf_u8(w, number);
	wbuf_u8(w, id);
	wbuf_zero(w, 2);
	return at;
}

static void
length_end(struct wbuf *w, size_t at)
{
	wbuf_be16_at(w, at + 2, (uint16_t)(wbuf_len(w) - at));
}

static size_t
proposal_begin(struct wbuf *w, bool last, uint8_t number, uint8_t proto, uint8_t transforms,
    uint32_t spi)
{
	size_t at = wbuf_len(w);

	wbuf_u8(w, last ? PAYLOAD_NONE : PAYLOAD_PROPOSAL);
	wbuf_zero(w, 3);
	wbuf_u8(w, number);
	wbuf_u8(w, proto);
	wbuf_u8(w, spi != 0 ? 4 : 0);
	wbuf_u8(w, transforms);
	if (spi != 0)
		wbuf_be32(w, spi);
	return at;
}

static void
sa_begin(struct wbuf *w)
{
	wbuf_be32(w, IPSEC_DOI);
	wbuf_be32(w, SIT_IDENTITY_ONLY);
}

void
p1_offer_write(struct wbuf *w, const struct p1_transform *list, unsigned int count)
{
	size_t proposal, at;
	unsigned int i;

	sa_begin(w);
	proposal = proposal_begin(w, true, 1, PROTO_ISAKMP, (uint8_t)count, 0);
	for (i = 0; i < count; i++) {
		at = transform_begin(w, i + 1 == count, (uint8_t)(i + 1), TRANSFORM_KEY_IKE);
		attribute_write(w, P1_CIPHER, TO_WIRE(p1_ciphers, list[i].cipher));
		if (list[i].key_bits != 0)
			attribute_write(w, P1_KEY_BITS, list[i].key_bits);
		attribute_write(w, P1_HASH, TO_WIRE(p1_hashes, list[i].hash));
		attribute_write(w, P1_GROUP, list[i].group);
		attribute_write(w, P1_AUTH, TO_WIRE(p1_auths, list[i].auth));
		life_write(w, P1_LIFE_TYPE, P1_LIFE, LIFE_SECONDS, list[i].life_s);
		length_end(w, at);
	}
	length_end(w, proposal);
}

static uint16_t
wire_mode(const struct p2_transform *t)
{
	bool tunnel = t->mode == MODE_TUNNEL;

	if (!t->encap)
		return tunnel ? WIRE_TUNNEL : WIRE_TRANSPORT;
	if (t->draft_encap)
		return tunnel ? WIRE_UDP_TUNNEL_DRAFT : WIRE_UDP_TRANSPORT_DRAFT;
	return tunnel ? WIRE_UDP_TUNNEL : WIRE_UDP_TRANSPORT;
}

bool
p2_has(const struct esp_transform *t)
{
	return TO_WIRE(p2_ciphers, t->cipher) != 0;
}

void
p2_offer_write(struct wbuf *w, uint32_t spi, const struct p2_transform *list, unsigned int count)
{
	size_t proposal, at;
	unsigned int i;

	sa_begin(w);
	for (i = 0; i < count; i++) {
		const struct p2_transform *t = &list[i];

		proposal = proposal_begin(w, i + 1 == count, (uint8_t)(i + 1), PROTO_ESP, 1, spi);
		at = transform_begin(w, true, 1, TO_WIRE(p2_ciphers, t->esp.cipher));
		attribute_write(w, P2_MODE, wire_mode(t));
		life_write(w, P2_LIFE_TYPE, P2_LIFE, LIFE_SECONDS, t->life_s);
		life_write(w, P2_LIFE_TYPE, P2_LIFE, LIFE_KILOBYTES, t->life_kb);
		if (t->pfs_group != 0)
			attribute_write(w, P2_GROUP, t->pfs_group);
		if (t->esp.integ != INTEG_NONE)
			attribute_write(w, P2_AUTH, TO_WIRE(p2_integs, t->esp.integ));
		if (t->esp.key_bits != 0)
			attribute_write(w, P2_KEY_BITS, t->esp.key_bits);
		length_end(w, at);
		length_end(w, proposal);
	}
}

void
offer_answer_write(struct wbuf *w, const struct offer *chosen, uint32_t spi)
{
	size_t proposal, at;

	sa_begin(w);
	proposal = proposal_begin(w, true, chosen->proposal, chosen->proto, 1, spi);
	at = transform_begin(w, true, chosen->number, chosen->id);
	wbuf_slice(w, chosen->attributes);
	length_end(w, at);
	length_end(w, proposal);
}

/* --- choosing --- */

static uint64_t
shorter(uint64_t a, uint64_t b)
{
	return a == 0 ? b : b == 0 || a < b ? a : b;
}

const struct offer *
p1_choose(const struct offers *o, const struct p1_transform *want, unsigned int count,
    struct p1_transform *got)
{
	unsigned int i, n;

	for (n = 0; n < count; n++)
		for (i = 0; i < o->count; i++) {
			if (p1_read(&o->list[i], got) != NULL || got->cipher != want[n].cipher ||
			    got->key_bits != want[n].key_bits || got->hash != want[n].hash ||
			    got->group != want[n].group || got->auth != want[n].auth)
				continue;
			got->life_s = (uint32_t)shorter(got->life_s, want[n].life_s);
			return &o->list[i];
		}
	return NULL;
}

const struct offer *
p2_choose(const struct offers *o, const struct p2_transform *want, unsigned int count,
    struct p2_transform *got)
{
	unsigned int i, n;

	for (n = 0; n < count; n++)
		for (i = 0; i < o->count; i++) {
			if (p2_read(&o->list[i], got) != NULL ||
			    got->esp.cipher != want[n].esp.cipher ||
			    got->esp.key_bits != want[n].esp.key_bits ||
			    got->esp.integ != want[n].esp.integ || got->mode != want[n].mode ||
			    got->encap != want[n].encap || got->pfs_group != want[n].pfs_group)
				continue;
			got->life_s = (uint32_t)shorter(got->life_s, want[n].life_s);
			got->life_kb = shorter(got->life_kb, want[n].life_kb);
			return &o->list[i];
		}
	return NULL;
}
