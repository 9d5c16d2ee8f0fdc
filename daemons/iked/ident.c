/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ident.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert.h"
#include "ike_wire.h"
#include "log.h"

enum { UDP = 17 };

const char *
ident_read(struct slice body, struct ident *id)
{
	struct rbuf r;
	struct slice value;
	uint8_t proto;
	uint16_t port;

	*id = (struct ident){0};
	rbuf_init(&r, body.p, body.len);
	id->type = rbuf_u8(&r);
	proto = rbuf_u8(&r);
	port = rbuf_be16(&r);
	value = rbuf_rest(&r);
	if (r.bad || value.len == 0)
		return "ID payload is cut short";
	if (value.len > IDENT_MAX)
		return "identity is longer than any we keep";
	if ((id->type == ID_IPV4_ADDR && value.len != 4) || (id->type == ID_IPV6_ADDR && value.len != 16))
		return "identity has not the length of its type";
	if (id->type == 0)
		return "identity has no type";
	/* RFC 2407 4.6.2: 0/0 or 17/500; Cisco says 17/0 once a NAT was seen. */
	if ((proto != 0 && proto != UDP) || (proto == 0 && port != 0) ||
	    (port != 0 && port != IKE_PORT && port != IKE_NATT_PORT))
		return "identity's protocol and port are not IKE's";
	id->len = (uint8_t)value.len;
	memcpy(id->b, value.p, value.len);
	return NULL;
}

const char *
proxy_read(struct slice body, struct proxy *p)
{
	struct rbuf r;
	uint8_t type, mask[16] = {0};
	struct addr *a = &p->net.addr, m;
	bool subnet;
	int len;

	*p = (struct proxy){0};
	rbuf_init(&r, body.p, body.len);
	type = rbuf_u8(&r);
	p->proto = rbuf_u8(&r);
	p->port = rbuf_be16(&r);
	subnet = type == ID_IPV4_SUBNET || type == ID_IPV6_SUBNET;
	if (!subnet && type != ID_IPV4_ADDR && type != ID_IPV6_ADDR)
		return "proxy identity is neither an address nor a subnet";
	a->family = type == ID_IPV6_ADDR || type == ID_IPV6_SUBNET ? ADDR_V6 : ADDR_V4;
	rbuf_copy(&r, a->b, addr_bytes(a));
	p->net.len = (uint8_t)(8 * addr_bytes(a));
	if (subnet) {
		rbuf_copy(&r, mask, addr_bytes(a));
		m = addr_from_bytes(a->family, mask);
		len = mask_len(&m);
		if (len < 0)
			return "proxy identity's mask has holes";
		p->net.len = (uint8_t)len;
	}
	return rbuf_done(&r) ? NULL : "proxy identity has the wrong length";
}

void
ident_from_addr(struct ident *id, const struct addr *a)
{
	*id = (struct ident){
	    .type = a->family == ADDR_V4 ? ID_IPV4_ADDR : ID_IPV6_ADDR,
	    .len = (uint8_t)addr_bytes(a),
	};
	memcpy(id->b, a->b, id->len);
}

void
ident_write(struct wbuf *w, const struct ident *id, uint8_t proto, uint16_t port)
{
	wbuf_u8(w, id->type);
	wbuf_u8(w, proto);
	wbuf_be16(w, port);
	wbuf_put(w, id->b, id->len);
}

bool
proxy_eq(const struct proxy *a, const struct proxy *b)
{
	return a->proto == b->proto && a->port == b->port && prefix_eq(&a->net, &b->net);
}

static bool
is_host(const struct proxy *p)
{
	return p->net.len == 8 * addr_bytes(&p->net.addr);
}

void
proxy_write(struct wbuf *w, const struct proxy *p)
{
	struct addr mask = prefix_mask(p->net.addr.family, p->net.len);
	bool host = is_host(p), v4 = p->net.addr.family == ADDR_V4;

	wbuf_u8(w, host ? (v4 ? ID_IPV4_ADDR : ID_IPV6_ADDR) :
	    (v4 ? ID_IPV4_SUBNET : ID_IPV6_SUBNET));
	wbuf_u8(w, p->proto);
	wbuf_be16(w, p->port);
	wbuf_put(w, p->net.addr.b, addr_bytes(&p->net.addr));
	if (!host)
		wbuf_put(w, mask.b, addr_bytes(&mask));
}

bool
ident_is_set(const struct ident *id)
{
	return id->type != 0;
}

/* --- held --- */

void
ident_release(struct held_ident **held)
{
	if (*held != NULL && --(*held)->holders == 0)
		free(*held);
	*held = NULL;
}

void
ident_share(struct held_ident **held, struct held_ident *other)
{
	if (other != NULL)
		other->holders++;
	ident_release(held);
	*held = other;
}

void
ident_hold(struct held_ident **held, const struct ident *id)
{
	struct held_ident *h = NULL;

	if (ident_is_set(id)) {
		h = malloc(sizeof(*h) + id->len);
		if (h == NULL)
			log_fatal("out of memory for an identity");
		*h = (struct held_ident){.holders = 1, .type = id->type, .len = id->len};
		memcpy(h->b, id->b, id->len);
	}
	ident_release(held);
	*held = h;
}

struct ident *
ident_value(const struct held_ident *held, struct ident *id)
{
	*id = (struct ident){0};
	if (held == NULL)
		return id;
	id->type = held->type;
	id->len = held->len;
	memcpy(id->b, held->b, held->len);
	return id;
}

bool
held_ident_eq(const struct held_ident *a, const struct held_ident *b)
{
	if (a == NULL || b == NULL || a == b)
		return a == b;
	return a->type == b->type && a->len == b->len && memcmp(a->b, b->b, a->len) == 0;
}

/* --- in words --- */

/* As IOS writes it: "cn=R1,o=Example". */
static bool
subject_str(const struct ident *id, char buf[IDENT_STRLEN])
{
	const unsigned char *at = id->b;
	X509_NAME *name = d2i_X509_NAME(NULL, &at, id->len);
	char text[CERT_NAME_STRLEN];

	ERR_clear_error();
	if (name == NULL)
		return false;
	cert_name_text(name, text);
	snprintf(buf, IDENT_STRLEN, "%.*s", IDENT_STRLEN - 1, text);
	X509_NAME_free(name);
	return true;
}

char *
ident_str(const struct ident *id, char buf[IDENT_STRLEN])
{
	struct addr a;
	size_t i, n = id->len < IDENT_STRLEN - 1 ? id->len : IDENT_STRLEN - 1;

	if (id->type == ID_IPV4_ADDR || id->type == ID_IPV6_ADDR) {
		a = addr_from_bytes(id->type == ID_IPV4_ADDR ? ADDR_V4 : ADDR_V6, id->b);
		snprintf(buf, IDENT_STRLEN, "%s", ADDR_STR(&a));
		return buf;
	}
	if (id->type == ID_DER_DN && subject_str(id, buf))
		return buf;
	/* A peer chose these bytes: nothing that a terminal would obey gets through. */
	for (i = 0; i < n; i++)
		buf[i] = isprint(id->b[i]) ? (char)id->b[i] : '.';
	buf[n] = '\0';
	return buf;
}
