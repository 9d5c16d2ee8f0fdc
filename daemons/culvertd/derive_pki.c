/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive_pki.h"

#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "cert.h"

/* Not the serial number: that is of who issued it. */
static void
fingerprint(const struct conf_cert *c, char out[64])
{
	struct cert_info info;
	struct text hex = {0};

	if (cert_read(slice_of(c->der, c->len), &info) == NULL)
		cert_hex_groups(&hex, info.sha1, sizeof(info.sha1));
	snprintf(out, 64, "%s", text_str(&hex));
	text_free(&hex);
}

static void
add_certs(const struct conf_trustpoint *t, struct wishes *out)
{
	const struct conf_cert *c;

	DL_FOREACH(t->certs, c) {
		struct ipc_trust_cert *m;
		char sha1[64];

		fingerprint(c, sha1);
		m = wishes_add(out, IPC_IKED, IPC_MSG_TRUST_CERT_SET, IPC_MSG_TRUST_CERT_DEL,
		    "%s %d %s", t->name, c->kind == CERT_CA, sha1);
		if (m == NULL)
			continue;
		snprintf(m->trustpoint, sizeof(m->trustpoint), "%s", t->name);
		m->ca = c->kind == CERT_CA;
		snprintf(m->sha1, sizeof(m->sha1), "%s", sha1);
		blob_set(&m->der, c->der, c->len);
	}
}

/* The key goes to iked only when a certificate of ours says that it is ours. */
static void
add_key(const struct conf_trustpoint *t, const struct key_store *keys, struct wishes *out,
    struct text *notes)
{
	const char *label = conf_trustpoint_label(t);
	const struct stored_key *k = key_store_find(keys, label);
	struct ipc_pki_key *m;

	if (conf_cert_own(t) == NULL)
		return;
	if (k == NULL) {
		text_add(notes, "the certificate of trustpoint %s is not used: there is no private key %s; "
		    "`crypto key import` brings it\n", t->name, label);
		return;
	}
	m = wishes_add(out, IPC_IKED, IPC_MSG_PKI_KEY_SET, IPC_MSG_PKI_KEY_DEL, "%s", label);
	if (m == NULL)
		return;
	snprintf(m->label, sizeof(m->label), "%s", label);
	m->der = k->der;
}

static void
add_crl(const struct conf_trustpoint *t, const struct crl_store *crls, struct wishes *out)
{
	const struct stored_crl *crl = crl_store_find(crls, t->name);
	unsigned int parts, i;

	if (t->revocation == REVOCATION_NONE || crl == NULL || crl->len == 0)
		return;
	parts = (unsigned int)((crl->len + BLOB_MAX - 1) / BLOB_MAX);
	for (i = 0; i < parts; i++) {
		struct ipc_crl_part *m = wishes_add(out, IPC_IKED, IPC_MSG_CRL_PART_SET,
		    IPC_MSG_CRL_PART_DEL, "%s %u", t->name, i);
		size_t left = crl->len - (size_t)i * BLOB_MAX;

		if (m == NULL)
			continue;
		snprintf(m->trustpoint, sizeof(m->trustpoint), "%s", t->name);
		m->part = (uint8_t)i;
		m->parts = (uint8_t)parts;
		m->id = crl->id;
		blob_set(&m->der, crl->der + (size_t)i * BLOB_MAX, left < BLOB_MAX ? left : BLOB_MAX);
	}
}

static void
add_map(const struct conf_cert_map *map, struct wishes *out)
{
	const struct conf_cert_rule *r = map->rules;
	unsigned int position = 0;

	do {
		struct ipc_cert_rule *m = wishes_add(out, IPC_IKED, IPC_MSG_CERT_RULE_SET,
		    IPC_MSG_CERT_RULE_DEL, "%s %u %u", map->name, map->seq, position);

		if (m != NULL) {
			snprintf(m->map, sizeof(m->map), "%s", map->name);
			m->seq = map->seq;
			m->position = (uint16_t)position;
			m->field = r != NULL ? r->field : 0;
			m->op = r != NULL ? r->op : 0;
			snprintf(m->text, sizeof(m->text), "%s", r != NULL ? r->text : "");
		}
		position++;
		r = r != NULL ? r->next : NULL;
	} while (r != NULL);
}

void
derive_pki(const struct conf_pki *p, const struct key_store *keys, const struct crl_store *crls,
    struct wishes *out, struct text *notes)
{
	const struct conf_trustpoint *t;
	const struct conf_cert_map *map;

	DL_FOREACH(p->trustpoints, t) {
		struct ipc_trustpoint *m = wishes_add(out, IPC_IKED, IPC_MSG_TRUSTPOINT_SET,
		    IPC_MSG_TRUSTPOINT_DEL, "%s", t->name);

		if (m == NULL)
			continue;
		snprintf(m->name, sizeof(m->name), "%s", t->name);
		snprintf(m->label, sizeof(m->label), "%s", conf_trustpoint_label(t));
		m->revocation = t->revocation;
		add_certs(t, out);
		add_key(t, keys, out, notes);
		add_crl(t, crls, out);
	}
	DL_FOREACH(p->maps, map)
		add_map(map, out);
}
