/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "payload2.h"

#include <string.h>

#include "dh.h"

/* --- reading --- */

const char *
notify2_read(struct slice body, struct notify2 *n)
{
	struct rbuf r;
	uint8_t spi_len;

	rbuf_init(&r, body.p, body.len);
	n->proto = rbuf_u8(&r);
	spi_len = rbuf_u8(&r);
	n->type = rbuf_be16(&r);
	n->spi = rbuf_slice(&r, spi_len);
	n->data = rbuf_rest(&r);
	return r.bad ? "N payload is cut short" : NULL;
}

const char *
delete2_read(struct slice body, struct delete2 *d)
{
	struct rbuf r;

	rbuf_init(&r, body.p, body.len);
	d->proto = rbuf_u8(&r);
	d->spi_len = rbuf_u8(&r);
	d->count = rbuf_be16(&r);
	d->spis = rbuf_slice(&r, (size_t)d->spi_len * d->count);
	return rbuf_done(&r) ? NULL : "D payload has the wrong length";
}

const char *
nonce2_read(struct slice body, struct slice *nonce)
{
	*nonce = body;
	return body.len >= IKEV2_NONCE_MIN && body.len <= IKE_NONCE_MAX ? NULL :
	    "NONCE is not 16 to 256 bytes";
}

const char *
ke2_read(struct slice body, uint16_t *group, struct slice *ke)
{
	struct rbuf r;

	rbuf_init(&r, body.p, body.len);
	*group = rbuf_be16(&r);
	rbuf_skip(&r, 2);
	*ke = rbuf_rest(&r);
	return r.bad || ke->len == 0 ? "KE is cut short" : NULL;
}

const char *
ident2_read(struct slice body, struct ident *id)
{
	struct rbuf r;
	struct slice value;

	*id = (struct ident){0};
	rbuf_init(&r, body.p, body.len);
	id->type = rbuf_u8(&r);
	rbuf_skip(&r, 3);
	value = rbuf_rest(&r);
	if (r.bad || value.len == 0 || id->type == 0)
		return "identity is cut short";
	if (value.len > IDENT_MAX)
		return "identity is longer than any we keep";
	if ((id->type == ID_IPV4_ADDR && value.len != 4) || (id->type == ID_IPV6_ADDR && value.len != 16))
		return "identity has not the length of its type";
	id->len = (uint8_t)value.len;
	memcpy(id->b, value.p, value.len);
	return NULL;
}

const char *
auth2_read(struct slice body, uint8_t *method, struct slice *data)
{
	struct rbuf r;

	rbuf_init(&r, body.p, body.len);
	*method = rbuf_u8(&r);
	rbuf_skip(&r, 3);
	*data = rbuf_rest(&r);
	return r.bad ? "AUTH is cut short" : NULL;
}

/* --- writing --- */

void
notify2_write(struct ikev2_build *b, uint8_t proto, uint16_t type, struct slice spi,
    struct slice data)
{
	struct wbuf *w = ikev2_build_payload(b, PAYLOAD2_N);

	wbuf_u8(w, proto);
	wbuf_u8(w, (uint8_t)spi.len);
	wbuf_be16(w, type);
	wbuf_slice(w, spi);
	wbuf_slice(w, data);
}

void
notify2_put(struct ikev2_build *b, uint16_t type)
{
	notify2_write(b, 0, type, (struct slice){NULL, 0}, (struct slice){NULL, 0});
}

void
delete2_write(struct ikev2_build *b, uint8_t proto, struct slice spi)
{
	struct wbuf *w = ikev2_build_payload(b, PAYLOAD2_D);

	wbuf_u8(w, proto);
	wbuf_u8(w, (uint8_t)spi.len);
	wbuf_be16(w, spi.len != 0);
	wbuf_slice(w, spi);
}

void
ke2_write(struct ikev2_build *b, uint16_t group, struct slice ke)
{
	struct wbuf *w = ikev2_build_payload(b, PAYLOAD2_KE);

	wbuf_be16(w, group);
	wbuf_be16(w, 0);
	wbuf_slice(w, ke);
}

struct slice
ident2_write(struct ikev2_build *b, uint8_t type, const struct ident *id)
{
	struct wbuf *w = ikev2_build_payload(b, type);
	size_t at = wbuf_len(w);

	ident_write(w, id, 0, 0);
	return slice_of(w->start + at, wbuf_len(w) - at);
}

void
auth2_write(struct ikev2_build *b, uint8_t method, struct slice data)
{
	struct wbuf *w = ikev2_build_payload(b, PAYLOAD2_AUTH);

	wbuf_u8(w, method);
	wbuf_zero(w, 3);
	wbuf_slice(w, data);
}

/* --- notifications --- */

bool
notify2_find(const struct ikev2_msg *m, uint16_t type, unsigned int nth, struct notify2 *n)
{
	const struct ikev2_payload *p;
	unsigned int i;

	for (i = 0; (p = ikev2_msg_find(m, PAYLOAD2_N, i)) != NULL; i++)
		if (notify2_read(p->body, n) == NULL && n->type == type && nth-- == 0)
			return true;
	return false;
}

bool
notify2_has(const struct ikev2_msg *m, uint16_t type)
{
	struct notify2 n;

	return notify2_find(m, type, 0, &n);
}

uint16_t
notify2_error(const struct ikev2_msg *m)
{
	const struct ikev2_payload *p;
	struct notify2 n;
	unsigned int i;

	for (i = 0; (p = ikev2_msg_find(m, PAYLOAD2_N, i)) != NULL; i++)
		if (notify2_read(p->body, &n) == NULL && n.type < N2_STATUS)
			return n.type;
	return 0;
}

const char *
notify2_name(uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {
#define X(n) {N2_##n, #n},
		X(UNSUPPORTED_CRITICAL_PAYLOAD) X(INVALID_IKE_SPI) X(INVALID_MAJOR_VERSION)
		X(INVALID_SYNTAX) X(INVALID_MESSAGE_ID) X(INVALID_SPI) X(NO_PROPOSAL_CHOSEN)
		X(INVALID_KE_PAYLOAD) X(AUTHENTICATION_FAILED) X(SINGLE_PAIR_REQUIRED)
		X(NO_ADDITIONAL_SAS) X(INTERNAL_ADDRESS_FAILURE) X(FAILED_CP_REQUIRED)
		X(TS_UNACCEPTABLE) X(INVALID_SELECTORS) X(TEMPORARY_FAILURE) X(CHILD_SA_NOT_FOUND)
		X(INITIAL_CONTACT) X(COOKIE) X(USE_TRANSPORT_MODE) X(REKEY_SA)
#undef X
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return type < N2_STATUS ? "an error of unknown type" : "a status of unknown type";
}
