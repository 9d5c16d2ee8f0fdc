/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nhrp_ext.h"

#include <string.h>

#include "secret.h"

bool
nhrp_ext_has_cies(unsigned int type)
{
	return type == NHRP_EXT_RESPONDER || type == NHRP_EXT_FORWARD_TRANSIT ||
	    type == NHRP_EXT_REVERSE_TRANSIT || type == NHRP_EXT_NAT;
}

bool
nhrp_ext_is_known(unsigned int type)
{
	return nhrp_ext_has_cies(type) || type == NHRP_EXT_AUTHENTICATION ||
	    type == NHRP_EXT_VENDOR;
}

struct nhrp_ext *
nhrp_ext_find(struct nhrp_packet *p, unsigned int type)
{
	unsigned int i;

	for (i = 0; i < p->ext_count; i++)
		if (p->exts[i].type == type)
			return &p->exts[i];
	return NULL;
}

struct nhrp_ext *
nhrp_ext_add(struct nhrp_packet *p, unsigned int type, bool compulsory)
{
	struct nhrp_ext *e = nhrp_ext_find(p, type);

	if (e != NULL)
		return e;
	if (p->ext_count == NHRP_EXTS_MAX)
		return NULL;
	e = &p->exts[p->ext_count++];
	*e = (struct nhrp_ext){.type = (uint16_t)type, .compulsory = compulsory};
	return e;
}

void
nhrp_ext_remove(struct nhrp_packet *p, unsigned int type)
{
	struct nhrp_ext *e = nhrp_ext_find(p, type);
	unsigned int at;

	if (e == NULL)
		return;
	at = (unsigned int)(e - p->exts);
	p->ext_count--;
	memmove(e, e + 1, (p->ext_count - at) * sizeof(*e));
}

bool
nhrp_ext_append(struct nhrp_ext *e, const struct nhrp_cie *cie)
{
	if (e->cie_count == NHRP_EXT_CIES_MAX)
		return false;
	e->cies[e->cie_count++] = *cie;
	return true;
}

const struct nhrp_cie *
nhrp_ext_entry(const struct nhrp_ext *e, const struct addr *proto)
{
	unsigned int i;

	if (e == NULL)
		return NULL;
	/* The last one counts: each hop appends what it knows better. */
	for (i = e->cie_count; i > 0; i--)
		if (addr_eq(&e->cies[i - 1].proto, proto))
			return &e->cies[i - 1];
	return NULL;
}

void
nhrp_ext_add_records(struct nhrp_packet *p)
{
	nhrp_ext_add(p, NHRP_EXT_RESPONDER, true);
	nhrp_ext_add(p, NHRP_EXT_FORWARD_TRANSIT, true);
	nhrp_ext_add(p, NHRP_EXT_REVERSE_TRANSIT, true);
	nhrp_ext_add(p, NHRP_EXT_NAT, false);
}

void
nhrp_ext_sort(struct nhrp_packet *p)
{
	unsigned int i, j;

	/* The order of the type numbers is the order that IOS uses. */
	for (i = 1; i < p->ext_count; i++)
		for (j = i; j > 0 && p->exts[j - 1].type > p->exts[j].type; j--) {
			struct nhrp_ext e = p->exts[j];

			p->exts[j] = p->exts[j - 1];
			p->exts[j - 1] = e;
		}
}

void
nhrp_ext_add_auth(struct nhrp_packet *p, const char *auth, struct nhrp_auth_room *room)
{
	size_t len = strnlen(auth, NHRP_AUTH_MAX);
	struct nhrp_ext *e;
	struct wbuf w;

	nhrp_ext_remove(p, NHRP_EXT_AUTHENTICATION);
	if (len == 0 || (e = nhrp_ext_add(p, NHRP_EXT_AUTHENTICATION, true)) == NULL)
		return;
	wbuf_init(&w, room->b, sizeof(room->b));
	wbuf_be32(&w, NHRP_AUTH_CLEARTEXT);
	wbuf_put(&w, auth, len);
	e->raw = slice_of(room->b, wbuf_len(&w));
}

const char *
nhrp_ext_check_auth(struct nhrp_packet *p, const char *auth)
{
	struct nhrp_ext *e = nhrp_ext_find(p, NHRP_EXT_AUTHENTICATION);
	size_t len = strnlen(auth, NHRP_AUTH_MAX);
	struct rbuf r;

	if (len == 0)
		return NULL;
	if (e == NULL)
		return "no authentication string";
	rbuf_init(&r, e->raw.p, e->raw.len);
	if (rbuf_be32(&r) != NHRP_AUTH_CLEARTEXT || r.bad)
		return "authentication of an unknown kind";
	if (rbuf_left(&r) != len || !equal_in_constant_time(r.at, auth, len))
		return "wrong authentication string";
	return NULL;
}
