/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf_pki.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_list.h"

enum { CERTS_MAX = 16 };	/* of one trustpoint */

/* --- the whole --- */

void
conf_pki_free(struct conf_pki *p)
{
	while (p->trustpoints != NULL)
		conf_trustpoint_del(p, p->trustpoints);
	while (p->maps != NULL)
		conf_cert_map_del(p, p->maps);
}

void
conf_pki_copy(struct conf_pki *to, const struct conf_pki *from)
{
	struct conf_trustpoint *t;
	struct conf_cert_map *m;

	*to = *from;
	CONF_LIST_COPY(to->trustpoints, from->trustpoints);
	DL_FOREACH(to->trustpoints, t)
		CONF_LIST_COPY(t->certs, t->certs);
	CONF_LIST_COPY(to->maps, from->maps);
	DL_FOREACH(to->maps, m)
		CONF_LIST_COPY(m->rules, m->rules);
}

/* --- trustpoints --- */

struct conf_trustpoint *
conf_trustpoint_find(const struct conf_pki *p, const char *name)
{
	struct conf_trustpoint *t;

	DL_FOREACH(p->trustpoints, t)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}

struct conf_trustpoint *
conf_trustpoint_get(struct conf_pki *p, const char *name)
{
	struct conf_trustpoint *t = conf_trustpoint_find(p, name);

	if (t == NULL) {
		t = conf_zeroed(sizeof(*t));
		snprintf(t->name, sizeof(t->name), "%s", name);
		DL_APPEND(p->trustpoints, t);
	}
	return t;
}

void
conf_trustpoint_del(struct conf_pki *p, struct conf_trustpoint *t)
{
	DL_DELETE(p->trustpoints, t);
	while (t->certs != NULL)
		conf_cert_del(t, t->certs);
	free(t);
}

const char *
conf_trustpoint_label(const struct conf_trustpoint *t)
{
	return t->eckeypair[0] != '\0' ? t->eckeypair :
	    t->rsakeypair[0] != '\0' ? t->rsakeypair : t->name;
}

/* --- certificates --- */

struct conf_cert *
conf_cert_of(const struct conf_trustpoint *t, enum conf_cert_kind kind)
{
	struct conf_cert *c;

	DL_FOREACH(t->certs, c)
		if (c->kind == kind)
			return c;
	return NULL;
}

struct conf_cert *
conf_cert_own(const struct conf_trustpoint *t)
{
	struct conf_cert *c = conf_cert_of(t, CERT_OURS);

	return c != NULL ? c : conf_cert_of(t, CERT_SELF_SIGNED);
}

static int
by_kind(const struct conf_cert *a, const struct conf_cert *b)
{
	return (a->kind == CERT_CA) - (b->kind == CERT_CA);
}

/* A serial number counts only together with who issued it (RFC 5280 4.1.2.2). */
static bool
same_certificate(const struct conf_cert *c, const struct cert_info *info)
{
	struct cert_info had;

	return strcmp(c->serial, info->serial) == 0 &&
	    cert_read(slice_of(c->der, c->len), &had) == NULL &&
	    strcmp(had.issuer, info->issuer) == 0;
}

const char *
conf_cert_set(struct conf_trustpoint *t, enum conf_cert_kind kind, struct slice der)
{
	struct cert_info info;
	struct conf_cert *c, *next;
	unsigned int count = 0;
	const char *why = cert_read(der, &info);

	if (why != NULL)
		return why;
	DL_FOREACH_SAFE(t->certs, c, next) {
		if (kind != CERT_CA ? c->kind != CERT_CA :
		    c->kind == CERT_CA && same_certificate(c, &info))
			conf_cert_del(t, c);
		else
			count++;
	}
	if (count == CERTS_MAX)
		return "a trustpoint has at most 16 certificates";
	c = conf_zeroed(sizeof(*c));
	c->kind = (uint8_t)kind;
	memcpy(c->serial, info.serial, sizeof(c->serial));
	c->len = (uint16_t)der.len;
	memcpy(c->der, der.p, der.len);
	DL_INSERT_INORDER(t->certs, c, by_kind);
	return NULL;
}

void
conf_cert_del(struct conf_trustpoint *t, struct conf_cert *c)
{
	DL_DELETE(t->certs, c);
	free(c);
}

/* --- certificate maps --- */

struct conf_cert_map *
conf_cert_map_find(const struct conf_pki *p, const char *name, unsigned int seq)
{
	struct conf_cert_map *m;

	DL_FOREACH(p->maps, m)
		if (m->seq == seq && strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static int
by_seq(const struct conf_cert_map *a, const struct conf_cert_map *b)
{
	int name = strcmp(a->name, b->name);

	return name != 0 ? name : (int)a->seq - (int)b->seq;
}

struct conf_cert_map *
conf_cert_map_get(struct conf_pki *p, const char *name, unsigned int seq)
{
	struct conf_cert_map *m = conf_cert_map_find(p, name, seq);

	if (m == NULL) {
		m = conf_zeroed(sizeof(*m));
		snprintf(m->name, sizeof(m->name), "%s", name);
		m->seq = (uint16_t)seq;
		DL_INSERT_INORDER(p->maps, m, by_seq);
	}
	return m;
}

void
conf_cert_map_del(struct conf_pki *p, struct conf_cert_map *m)
{
	DL_DELETE(p->maps, m);
	CONF_LIST_FREE(m->rules);
	free(m);
}

void
conf_cert_rule_set(struct conf_cert_map *m, uint8_t field, uint8_t op, const char *text, bool there)
{
	struct conf_cert_rule *r;

	DL_FOREACH(m->rules, r)
		if (r->field == field && r->op == op && strcmp(r->text, text) == 0)
			break;
	if (!there && r != NULL) {
		DL_DELETE(m->rules, r);
		free(r);
	}
	if (!there || r != NULL)
		return;
	r = conf_zeroed(sizeof(*r));
	r->field = field;
	r->op = op;
	snprintf(r->text, sizeof(r->text), "%s", text);
	DL_APPEND(m->rules, r);
}
