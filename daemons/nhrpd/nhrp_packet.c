/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_packet.h"

#include <string.h>

#include "inet_sum.h"
#include "nhrp_ext.h"

const char *
nhrp_type_name(unsigned int type)
{
	switch (type) {
#define X(number, name, text)                                                                      \
	case number:                                                                               \
		return text;
		NHRP_TYPES(X)
#undef X
	}
	return "unknown type";
}

const char *
nhrp_error_name(unsigned int code)
{
	switch (code) {
#define X(number, name, text)                                                                      \
	case number:                                                                               \
		return text;
		NHRP_ERRORS(X)
#undef X
	}
	return "unknown error";
}

bool
nhrp_packet_is_indication(const struct nhrp_packet *p)
{
	return p->type == NHRP_ERROR_INDICATION || p->type == NHRP_TRAFFIC_INDICATION;
}

bool
nhrp_packet_is_reply(const struct nhrp_packet *p)
{
	return p->type == NHRP_RESOLUTION_REPLY || p->type == NHRP_REGISTRATION_REPLY ||
	    p->type == NHRP_PURGE_REPLY;
}

/* --- reading --- */

struct fixed {			/* what the rest of the packet depends on */
	int nbma_family, proto_family;
	uint16_t size, extensions;
	uint8_t nbma_len, sub_len;
};

static const char *
read_address(struct rbuf *r, size_t len, int family, struct addr *a)
{
	const uint8_t *p = rbuf_take(r, len);

	memset(a, 0, sizeof(*a));
	if (p == NULL)
		return "an address is cut short";
	if (len == 0)
		return NULL;
	if (len != (family == ADDR_V4 ? 4 : 16))
		return "an address has not the length of its family";
	*a = addr_from_bytes(family, p);
	return NULL;
}

static const char *
read_cie(struct rbuf *r, const struct fixed *f, struct nhrp_cie *cie)
{
	uint8_t nbma_len, sub_len, proto_len;
	const char *why;

	cie->code = rbuf_u8(r);
	cie->prefix_len = rbuf_u8(r);
	rbuf_skip(r, 2);
	cie->mtu = rbuf_be16(r);
	cie->hold_s = rbuf_be16(r);
	nbma_len = rbuf_u8(r) & NHRP_TL_LEN_MASK;
	sub_len = rbuf_u8(r) & NHRP_TL_LEN_MASK;
	proto_len = rbuf_u8(r);
	cie->preference = rbuf_u8(r);
	if (r->bad)
		return "a client information entry is cut short";
	why = read_address(r, nbma_len, f->nbma_family, &cie->nbma);
	if (why != NULL)
		return why;
	rbuf_skip(r, sub_len);
	return read_address(r, proto_len, f->proto_family, &cie->proto);
}

static const char *
read_cies(struct rbuf *r, const struct fixed *f, struct nhrp_cie *cies, unsigned int room,
    uint8_t *count)
{
	const char *why;

	*count = 0;
	while (rbuf_left(r) > 0) {
		if (*count == room)
			return "more client information entries than anybody sends";
		why = read_cie(r, f, &cies[*count]);
		if (why != NULL)
			return why;
		++*count;
	}
	return NULL;
}

static const char *
read_fixed(struct rbuf *r, struct nhrp_packet *p, struct fixed *f)
{
	uint16_t afn = rbuf_be16(r), proto = rbuf_be16(r);
	uint8_t version;

	rbuf_skip(r, 5);		/* SNAP: only with protocol 0x0080 */
	p->hops = rbuf_u8(r);
	f->size = rbuf_be16(r);
	rbuf_skip(r, 2);		/* checksum */
	f->extensions = rbuf_be16(r);
	version = rbuf_u8(r);
	p->type = rbuf_u8(r);
	f->nbma_len = rbuf_u8(r) & NHRP_TL_LEN_MASK;
	f->sub_len = rbuf_u8(r) & NHRP_TL_LEN_MASK;
	if (r->bad)
		return "shorter than the fixed header";
	f->nbma_family = afn == NHRP_AFN_IPV4 ? ADDR_V4 : afn == NHRP_AFN_IPV6 ? ADDR_V6 : 0;
	f->proto_family =
	    proto == NHRP_PROTO_IPV4 ? ADDR_V4 : proto == NHRP_PROTO_IPV6 ? ADDR_V6 : 0;
	if (version != NHRP_VERSION)
		return "another version";
	if (f->nbma_family == 0 || f->proto_family == 0)
		return "an address family that we do not speak";
	if (p->type == 0 || p->type >= NHRP_TYPE_COUNT)
		return "an unknown packet type";
	return NULL;
}

static const char *
read_mandatory(struct rbuf *r, struct nhrp_packet *p, const struct fixed *f)
{
	uint8_t src_len = rbuf_u8(r), dst_len = rbuf_u8(r);
	const char *why;

	p->flags = rbuf_be16(r);
	if (nhrp_packet_is_indication(p)) {
		p->error_code = rbuf_be16(r);
		p->error_offset = rbuf_be16(r);
	} else {
		p->request_id = rbuf_be32(r);
	}
	if (r->bad)
		return "the mandatory part is cut short";
	why = read_address(r, f->nbma_len, f->nbma_family, &p->src_nbma);
	if (why != NULL)
		return why;
	rbuf_skip(r, f->sub_len);
	why = read_address(r, src_len, f->proto_family, &p->src_proto);
	if (why == NULL)
		why = read_address(r, dst_len, f->proto_family, &p->dst_proto);
	if (why != NULL)
		return why;
	if (!addr_is_set(&p->src_proto) || !addr_is_set(&p->dst_proto))
		return "a protocol address is missing";
	if (nhrp_packet_is_indication(p)) {
		p->data = rbuf_rest(r);
		return NULL;
	}
	return read_cies(r, f, p->cies, NHRP_CIES_MAX, &p->cie_count);
}

static const char *
read_extensions(struct rbuf *r, struct nhrp_packet *p, const struct fixed *f,
    const uint8_t *start)
{
	const char *why;

	for (;;) {
		uint16_t offset = (uint16_t)(r->at - start);
		uint16_t type = rbuf_be16(r), len = rbuf_be16(r);
		struct nhrp_ext *e = &p->exts[p->ext_count];
		struct rbuf value = rbuf_sub(r, len);

		if (r->bad)
			return "an extension is cut short, or the last is missing";
		if ((type & NHRP_EXT_TYPE_MASK) == NHRP_EXT_END)
			return NULL;
		if (p->ext_count == NHRP_EXTS_MAX)
			return "more extensions than there are types";
		if (nhrp_ext_find(p, type & NHRP_EXT_TYPE_MASK) != NULL)
			return "an extension comes twice";
		*e = (struct nhrp_ext){.type = type & NHRP_EXT_TYPE_MASK,
		    .compulsory = (type & NHRP_EXT_COMPULSORY) != 0, .offset = offset};
		p->ext_count++;
		if (!nhrp_ext_has_cies(e->type)) {
			e->raw = rbuf_rest(&value);
			continue;
		}
		why = read_cies(&value, f, e->cies, NHRP_EXT_CIES_MAX, &e->cie_count);
		if (why != NULL)
			return why;
	}
}

const char *
nhrp_packet_read(struct nhrp_packet *p, const void *bytes, size_t len)
{
	struct fixed f = {0};
	struct rbuf r, part;
	const char *why;
	size_t mandatory;

	memset(p, 0, sizeof(*p));
	rbuf_init(&r, bytes, len);
	why = read_fixed(&r, p, &f);
	if (why != NULL)
		return why;
	if (f.size > len || f.size < NHRP_FIXED_LEN + NHRP_MANDATORY_LEN)
		return "the packet size is not what came";
	if (inet_checksum(bytes, f.size) != 0)
		return "the checksum is wrong";
	mandatory = f.extensions == 0 ? f.size : f.extensions;
	if (mandatory > f.size || mandatory < NHRP_FIXED_LEN + NHRP_MANDATORY_LEN)
		return "the extension offset is outside of the packet";
	part = rbuf_sub(&r, mandatory - NHRP_FIXED_LEN);
	why = read_mandatory(&part, p, &f);
	if (why != NULL || f.extensions == 0)
		return why;
	part = rbuf_sub(&r, f.size - mandatory);
	return read_extensions(&part, p, &f, bytes);
}

/* --- writing --- */

static void
write_address(struct wbuf *w, const struct addr *a)
{
	wbuf_put(w, a->b, addr_bytes(a));
}

static void
write_cie(struct wbuf *w, const struct nhrp_cie *cie)
{
	wbuf_u8(w, cie->code);
	wbuf_u8(w, cie->prefix_len);
	wbuf_be16(w, 0);
	wbuf_be16(w, cie->mtu);
	wbuf_be16(w, cie->hold_s);
	wbuf_u8(w, (uint8_t)addr_bytes(&cie->nbma));
	wbuf_u8(w, 0);
	wbuf_u8(w, (uint8_t)addr_bytes(&cie->proto));
	wbuf_u8(w, cie->preference);
	write_address(w, &cie->nbma);
	write_address(w, &cie->proto);
}

static void
write_fixed(struct wbuf *w, const struct nhrp_packet *p)
{
	wbuf_be16(w, p->src_nbma.family == ADDR_V6 ? NHRP_AFN_IPV6 : NHRP_AFN_IPV4);
	wbuf_be16(w, p->src_proto.family == ADDR_V6 ? NHRP_PROTO_IPV6 : NHRP_PROTO_IPV4);
	wbuf_zero(w, 5);
	wbuf_u8(w, p->hops);
	wbuf_be16(w, 0);	/* size, checksum and extension offset: when they are known */
	wbuf_be16(w, 0);
	wbuf_be16(w, 0);
	wbuf_u8(w, NHRP_VERSION);
	wbuf_u8(w, p->type);
	wbuf_u8(w, (uint8_t)addr_bytes(&p->src_nbma));
	wbuf_u8(w, 0);
}

static void
write_mandatory(struct wbuf *w, const struct nhrp_packet *p)
{
	unsigned int i;

	wbuf_u8(w, (uint8_t)addr_bytes(&p->src_proto));
	wbuf_u8(w, (uint8_t)addr_bytes(&p->dst_proto));
	wbuf_be16(w, p->flags);
	if (nhrp_packet_is_indication(p)) {
		wbuf_be16(w, p->error_code);
		wbuf_be16(w, p->error_offset);
	} else {
		wbuf_be32(w, p->request_id);
	}
	write_address(w, &p->src_nbma);
	write_address(w, &p->src_proto);
	write_address(w, &p->dst_proto);
	for (i = 0; i < p->cie_count; i++)
		write_cie(w, &p->cies[i]);
	wbuf_slice(w, p->data);
}

static void
write_extension(struct wbuf *w, const struct nhrp_ext *e)
{
	size_t at = wbuf_len(w), i;

	wbuf_be16(w, (uint16_t)(e->type | (e->compulsory ? NHRP_EXT_COMPULSORY : 0)));
	wbuf_be16(w, 0);
	for (i = 0; i < e->cie_count; i++)
		write_cie(w, &e->cies[i]);
	wbuf_slice(w, e->raw);
	wbuf_be16_at(w, at + 2, (uint16_t)(wbuf_len(w) - at - NHRP_EXT_HEADER_LEN));
}

void
nhrp_packet_write(struct wbuf *w, const struct nhrp_packet *p)
{
	unsigned int i;

	write_fixed(w, p);
	write_mandatory(w, p);
	if (p->ext_count > 0) {
		wbuf_be16_at(w, NHRP_OFFSET_EXTENSIONS, (uint16_t)wbuf_len(w));
		for (i = 0; i < p->ext_count; i++)
			write_extension(w, &p->exts[i]);
		wbuf_be16(w, NHRP_EXT_COMPULSORY | NHRP_EXT_END);
		wbuf_be16(w, 0);
	}
	wbuf_be16_at(w, NHRP_OFFSET_SIZE, (uint16_t)wbuf_len(w));
	if (!w->bad)
		wbuf_be16_at(w, NHRP_OFFSET_CHECKSUM, inet_checksum(w->start, wbuf_len(w)));
}
