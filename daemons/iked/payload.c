/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "payload.h"

#include <string.h>

#include "dh.h"

const char *
notify_read(struct slice body, struct ike_notify_body *n)
{
	struct rbuf r;
	uint8_t spi_len;

	rbuf_init(&r, body.p, body.len);
	n->doi = rbuf_be32(&r);
	n->proto = rbuf_u8(&r);
	spi_len = rbuf_u8(&r);
	n->type = rbuf_be16(&r);
	n->spi = rbuf_slice(&r, spi_len);
	n->data = rbuf_rest(&r);
	return r.bad ? "NOTIFY payload is cut short" : NULL;
}

const char *
delete_read(struct slice body, struct ike_delete_body *d)
{
	struct rbuf r;

	rbuf_init(&r, body.p, body.len);
	d->doi = rbuf_be32(&r);
	d->proto = rbuf_u8(&r);
	d->spi_len = rbuf_u8(&r);
	d->count = rbuf_be16(&r);
	d->spis = rbuf_slice(&r, (size_t)d->spi_len * d->count);
	return rbuf_done(&r) ? NULL : "DELETE payload has the wrong length";
}

const char *
nonce_read(struct slice body, struct slice *nonce)
{
	*nonce = body;
	return body.len >= IKE_NONCE_MIN && body.len <= IKE_NONCE_MAX ? NULL :
	    "NONCE is not 8 to 256 bytes";
}

const char *
ke_read(struct slice body, unsigned int group, struct slice *ke)
{
	*ke = body;
	return body.len == dh_public_len(group) ? NULL : "KE has not the length of its group";
}

const char *
nat_oa_read(struct slice body, struct addr *a)
{
	struct rbuf r;
	uint8_t type;
	const uint8_t *p;

	rbuf_init(&r, body.p, body.len);
	type = rbuf_u8(&r);
	rbuf_skip(&r, 3);
	if (type != ID_IPV4_ADDR && type != ID_IPV6_ADDR)
		return "NAT-OA is neither an IPv4 nor an IPv6 address";
	p = rbuf_take(&r, type == ID_IPV4_ADDR ? 4 : 16);
	if (p == NULL || !rbuf_done(&r))
		return "NAT-OA has the wrong length";
	*a = addr_from_bytes(type == ID_IPV4_ADDR ? ADDR_V4 : ADDR_V6, p);
	return NULL;
}

void
notify_write(struct ike_build *b, uint8_t proto, uint16_t type, struct slice spi, struct slice data)
{
	struct wbuf *w = ike_build_payload(b, PAYLOAD_NOTIFY);

	wbuf_be32(w, IPSEC_DOI);
	wbuf_u8(w, proto);
	wbuf_u8(w, (uint8_t)spi.len);
	wbuf_be16(w, type);
	wbuf_slice(w, spi);
	wbuf_slice(w, data);
}

void
delete_write(struct ike_build *b, uint8_t proto, struct slice spi)
{
	struct wbuf *w = ike_build_payload(b, PAYLOAD_DELETE);

	wbuf_be32(w, IPSEC_DOI);
	wbuf_u8(w, proto);
	wbuf_u8(w, (uint8_t)spi.len);
	wbuf_be16(w, 1);
	wbuf_slice(w, spi);
}

void
nat_oa_write(struct ike_build *b, bool draft, const struct addr *a)
{
	struct wbuf *w = ike_build_payload(b, draft ? PAYLOAD_NAT_OA_DRAFT : PAYLOAD_NAT_OA);

	wbuf_u8(w, a->family == ADDR_V4 ? ID_IPV4_ADDR : ID_IPV6_ADDR);
	wbuf_zero(w, 3);
	wbuf_put(w, a->b, addr_bytes(a));
}

const char *
notify_name(uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {
		{1, "INVALID_PAYLOAD_TYPE"}, {4, "INVALID_COOKIE"}, {9, "INVALID_MESSAGE_ID"},
		{10, "INVALID_PROTOCOL_ID"}, {11, "INVALID_SPI"}, {14, "PROPOSAL_NOT_CHOSEN"},
		{16, "PAYLOAD_MALFORMED"}, {17, "INVALID_KEY_INFORMATION"},
		{18, "INVALID_ID_INFO"}, {23, "INVALID_HASH_INFORMATION"},
		{24, "AUTHENTICATION_FAILED"}, {16384, "CONNECTED"},
		{24576, "RESPONDER_LIFETIME"}, {24578, "INITIAL_CONTACT"},
		{36136, "DPD/R_U_THERE"}, {36137, "DPD/R_U_THERE_ACK"},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "unknown";
}

/* The last two bytes of DPD, XAUTH and Unity are versions: only the beginning is compared. */
static const struct vendor {
	unsigned int bit;
	uint8_t len, compare;
	uint8_t id[20];
} vendors[] = {
	{VENDOR_NATT, 16, 16, {0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45, 0x5c, 0x57, 0x28,
	    0xf2, 0x0e, 0x95, 0x45, 0x2f}},
	/* md5("draft-ietf-ipsec-nat-t-ike-03"), the same of -02 and a newline, and of -02 */
	{VENDOR_NATT_03, 16, 16, {0x7d, 0x94, 0x19, 0xa6, 0x53, 0x10, 0xca, 0x6f, 0x2c, 0x17, 0x9d,
	    0x92, 0x15, 0x52, 0x9d, 0x56}},
	{VENDOR_NATT_02, 16, 16, {0x90, 0xcb, 0x80, 0x91, 0x3e, 0xbb, 0x69, 0x6e, 0x08, 0x63, 0x81,
	    0xb5, 0xec, 0x42, 0x7b, 0x1f}},
	{VENDOR_NATT_02_OLD, 16, 16, {0xcd, 0x60, 0x46, 0x43, 0x35, 0xdf, 0x21, 0xf8, 0x7c, 0xfd,
	    0xb2, 0xfc, 0x68, 0xb6, 0xa4, 0x48}},
	{VENDOR_DPD, 16, 14, {0xaf, 0xca, 0xd7, 0x13, 0x68, 0xa1, 0xf1, 0xc9, 0x6b, 0x86, 0x96,
	    0xfc, 0x77, 0x57, 0x01, 0x00}},
	{VENDOR_XAUTH, 8, 6, {0x09, 0x00, 0x26, 0x89, 0xdf, 0xd6, 0xb7, 0x12}},
	{VENDOR_UNITY, 16, 14, {0x12, 0xf5, 0xf2, 0x8c, 0x45, 0x71, 0x68, 0xa9, 0x70, 0x2d, 0x9f,
	    0xe2, 0x74, 0xcc, 0x01, 0x00}},
	/* With flags behind it (main and aggressive mode), or, elsewhere, without. */
	{VENDOR_FRAGMENTS, 20, 16, {0x40, 0x48, 0xb7, 0xd5, 0x6e, 0xbc, 0xe8, 0x85, 0x25, 0xe7, 0xde,
	    0x7f, 0x00, 0xd6, 0xc2, 0xd3, 0xc0, 0x00, 0x00, 0x00}},
	{VENDOR_CULVERT, 16, 16, "culvert router 1"},
	{VENDOR_CULVERT_UDP, 16, 16, "culvert in UDP 1"},
};

struct slice
vendor_id(unsigned int which)
{
	size_t v;

	for (v = 0; v < sizeof(vendors) / sizeof(vendors[0]); v++)
		if (vendors[v].bit == which)
			return slice_of(vendors[v].id, vendors[v].len);
	return (struct slice){0};
}

unsigned int
vendors_read(const struct ike_msg *m)
{
	unsigned int i, bits = 0;
	size_t v;

	for (i = 0; i < m->count; i++) {
		struct slice body = m->payload[i].body;

		if (m->payload[i].type != PAYLOAD_VENDOR)
			continue;
		for (v = 0; v < sizeof(vendors) / sizeof(vendors[0]); v++)
			if ((body.len == vendors[v].len || (body.len == vendors[v].compare &&
			    vendors[v].bit == VENDOR_FRAGMENTS)) &&
			    memcmp(body.p, vendors[v].id, vendors[v].compare) == 0)
				bits |= vendors[v].bit;
	}
	return bits;
}

void
vendor_write(struct ike_build *b, unsigned int which)
{
	ike_build_put(b, PAYLOAD_VENDOR, vendor_id(which));
}
