/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What control configured, and our own certificate among it. */
#include "pki.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "conf_pki.h"
#include "ike_wire.h"
#include "log.h"
#include "pki_ident.h"

static void *
new_record(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		log_fatal("out of memory for a certificate");
	return p;
}

/* --- trustpoints --- */

static struct pki_trustpoint *
trustpoint_find(const struct pki *p, const char *name)
{
	struct pki_trustpoint *it;

	DL_FOREACH (p->trustpoints, it)
		if (strcmp(it->set.name, name) == 0)
			return it;
	return NULL;
}

static void
trustpoint_set(struct pki *p, const struct ipc_trustpoint *m)
{
	struct pki_trustpoint *it = trustpoint_find(p, m->name);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		DL_APPEND(p->trustpoints, it);
	}
	it->set = *m;
	it->stale = false;
}

static void
trustpoint_free(struct pki *p, struct pki_trustpoint *it)
{
	if (it == NULL)
		return;
	DL_DELETE(p->trustpoints, it);
	free(it);
}

/* --- certificates --- */

static struct pki_cert *
cert_find(const struct pki *p, const struct ipc_trust_cert *m)
{
	struct pki_cert *it;

	DL_FOREACH (p->certs, it)
		if (strcmp(it->set.trustpoint, m->trustpoint) == 0 && it->set.ca == m->ca &&
		    strcmp(it->set.sha1, m->sha1) == 0)
			return it;
	return NULL;
}

static void
cert_free(struct pki *p, struct pki_cert *it)
{
	if (it == NULL)
		return;
	DL_DELETE(p->certs, it);
	X509_free(it->x);
	free(it);
}

static void
cert_set(struct pki *p, const struct ipc_trust_cert *m)
{
	const unsigned char *der = m->der.b;
	struct pki_cert *it = cert_find(p, m);
	X509 *x = d2i_X509(NULL, &der, m->der.len);

	ERR_clear_error();
	if (x == NULL) {
		log_err("certificate %s of trustpoint %s cannot be read", m->sha1, m->trustpoint);
		return;
	}
	if (it == NULL) {
		it = new_record(sizeof(*it));
		DL_APPEND(p->certs, it);
	}
	X509_free(it->x);
	it->x = x;
	it->set = *m;
	it->stale = false;
}

/* --- private keys --- */

static struct pki_key *
key_find(const struct pki *p, const char *label)
{
	struct pki_key *it;

	DL_FOREACH (p->keys, it)
		if (strcmp(it->label, label) == 0)
			return it;
	return NULL;
}

static void
key_free(struct pki *p, struct pki_key *it)
{
	if (it == NULL)
		return;
	DL_DELETE(p->keys, it);
	EVP_PKEY_free(it->key);		/* OpenSSL wipes private numbers */
	free(it);
}

static void
key_set(struct pki *p, const struct ipc_pki_key *m)
{
	const unsigned char *der = m->der.b;
	struct pki_key *it = key_find(p, m->label);
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &der, m->der.len);

	ERR_clear_error();
	if (key == NULL) {
		log_err("the private key %s cannot be read", m->label);
		return;
	}
	if (it == NULL) {
		it = new_record(sizeof(*it));
		memcpy(it->label, m->label, sizeof(it->label));
		DL_APPEND(p->keys, it);
	}
	EVP_PKEY_free(it->key);
	it->key = key;
	it->stale = false;
}

/* --- CRLs --- */

static struct pki_crl *
crl_find(const struct pki *p, const char *trustpoint)
{
	struct pki_crl *it;

	DL_FOREACH (p->crls, it)
		if (strcmp(it->trustpoint, trustpoint) == 0)
			return it;
	return NULL;
}

static void
crl_empty(struct pki_crl *it)
{
	unsigned int i;

	for (i = 0; i < PKI_CRL_PARTS_MAX; i++) {
		free(it->part[i]);
		it->part[i] = NULL;
	}
	X509_CRL_free(it->crl);
	it->crl = NULL;
}

static void
crl_free(struct pki *p, struct pki_crl *it)
{
	if (it == NULL)
		return;
	crl_empty(it);
	DL_DELETE(p->crls, it);
	free(it);
}

static void
crl_assemble(struct pki_crl *it)
{
	uint8_t *der = new_record((size_t)it->parts * BLOB_MAX);
	const unsigned char *at = der;
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < it->parts && it->part[i] != NULL; i++) {
		memcpy(der + len, it->part[i]->b, it->part[i]->len);
		len += it->part[i]->len;
	}
	if (i == it->parts) {
		it->crl = d2i_X509_CRL(NULL, &at, (long)len);
		if (it->crl == NULL)
			log_err("the CRL of trustpoint %s cannot be read", it->trustpoint);
		ERR_clear_error();
	}
	free(der);
}

static void
crl_set(struct pki *p, const struct ipc_crl_part *m)
{
	struct pki_crl *it = crl_find(p, m->trustpoint);

	if (m->parts == 0 || m->parts > PKI_CRL_PARTS_MAX || m->part >= m->parts)
		return;
	if (it == NULL) {
		it = new_record(sizeof(*it));
		memcpy(it->trustpoint, m->trustpoint, sizeof(it->trustpoint));
		DL_APPEND(p->crls, it);
	}
	it->stale = false;
	if (it->id == m->id && it->crl != NULL)
		return;
	if (it->id != m->id || it->parts != m->parts)
		crl_empty(it);
	it->id = m->id;
	it->parts = m->parts;
	if (it->part[m->part] == NULL)
		it->part[m->part] = new_record(sizeof(struct blob));
	*it->part[m->part] = m->der;
	crl_assemble(it);
}

/* A shorter CRL follows, or none. */
static void
crl_part_del(struct pki *p, const struct ipc_crl_part *m)
{
	struct pki_crl *it = crl_find(p, m->trustpoint);

	if (it != NULL && it->id == m->id)
		crl_free(p, it);
}

/* --- certificate maps --- */

static int
rule_cmp(const struct pki_rule *a, const struct pki_rule *b)
{
	int name = strcmp(a->set.map, b->set.map);

	return name != 0 ? name : a->set.seq != b->set.seq ? (int)a->set.seq - (int)b->set.seq :
	    (int)a->set.position - (int)b->set.position;
}

static struct pki_rule *
rule_find(const struct pki *p, const struct ipc_cert_rule *m)
{
	struct pki_rule *it, want = {.set = *m};

	DL_FOREACH (p->rules, it)
		if (rule_cmp(it, &want) == 0)
			return it;
	return NULL;
}

static void
rule_set(struct pki *p, const struct ipc_cert_rule *m)
{
	struct pki_rule *it = rule_find(p, m);

	if (it == NULL) {
		it = new_record(sizeof(*it));
		it->set = *m;
		DL_INSERT_INORDER(p->rules, it, rule_cmp);
	}
	it->set = *m;
	it->stale = false;
}

static void
rule_free(struct pki *p, struct pki_rule *it)
{
	if (it == NULL)
		return;
	DL_DELETE(p->rules, it);
	free(it);
}

/* --- all of it --- */

bool
pki_message(struct pki *p, enum ipc_type type, const union ipc_body *m)
{
	switch (type) {
	case IPC_MSG_TRUSTPOINT_SET:
		trustpoint_set(p, &m->trustpoint);
		return true;
	case IPC_MSG_TRUSTPOINT_DEL:
		trustpoint_free(p, trustpoint_find(p, m->trustpoint.name));
		return true;
	case IPC_MSG_TRUST_CERT_SET:
		cert_set(p, &m->trust_cert);
		return true;
	case IPC_MSG_TRUST_CERT_DEL:
		cert_free(p, cert_find(p, &m->trust_cert));
		return true;
	case IPC_MSG_PKI_KEY_SET:
		key_set(p, &m->pki_key);
		return true;
	case IPC_MSG_PKI_KEY_DEL:
		key_free(p, key_find(p, m->pki_key.label));
		return true;
	case IPC_MSG_CRL_PART_SET:
		crl_set(p, &m->crl_part);
		return true;
	case IPC_MSG_CRL_PART_DEL:
		crl_part_del(p, &m->crl_part);
		return true;
	case IPC_MSG_CERT_RULE_SET:
		rule_set(p, &m->cert_rule);
		return true;
	case IPC_MSG_CERT_RULE_DEL:
		rule_free(p, rule_find(p, &m->cert_rule));
		return true;
	default:
		return false;
	}
}

#define MARK(list)									\
	do {										\
		__typeof__(list) it_;							\
		DL_FOREACH (list, it_)							\
			it_->stale = true;						\
	} while (0)

#define SWEEP(list, free_one)								\
	do {										\
		__typeof__(list) it_, next_;						\
		DL_FOREACH_SAFE (list, it_, next_)					\
			if (it_->stale)							\
				free_one(p, it_);					\
	} while (0)

void
pki_begin(struct pki *p)
{
	MARK(p->trustpoints);
	MARK(p->certs);
	MARK(p->keys);
	MARK(p->crls);
	MARK(p->rules);
}

void
pki_sweep(struct pki *p)
{
	SWEEP(p->trustpoints, trustpoint_free);
	SWEEP(p->certs, cert_free);
	SWEEP(p->keys, key_free);
	SWEEP(p->crls, crl_free);
	SWEEP(p->rules, rule_free);
}

void
pki_clear(struct pki *p)
{
	pki_begin(p);
	pki_sweep(p);
}

/* --- ourselves --- */

bool
pki_counts(const struct pki_names *names, const char *trustpoint)
{
	bool any = true;
	size_t i;

	for (i = 0; names != NULL && i < sizeof(names->at) / sizeof(names->at[0]); i++) {
		if (names->at[i] == NULL || names->at[i][0] == '\0')
			continue;
		any = false;
		if (strcmp(names->at[i], trustpoint) == 0)
			return true;
	}
	return any;
}

const struct pki_cert *
pki_ca(const struct pki *p, const struct pki_names *names, unsigned int n)
{
	const struct pki_cert *it;

	DL_FOREACH (p->certs, it)
		if (it->set.ca && pki_counts(names, it->set.trustpoint) && n-- == 0)
			return it;
	return NULL;
}

void
pki_key_hash(const X509 *ca, uint8_t out[PKI_KEY_HASH_LEN])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(ca), &der);

	memset(out, 0, PKI_KEY_HASH_LEN);
	if (len > 0)
		SHA1(der, (size_t)len, out);
	OPENSSL_free(der);
}

static unsigned int
auth_of(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") ? IPC_AUTH_RSA : EVP_PKEY_is_a(key, "EC") ? IPC_AUTH_ECDSA :
	    EVP_PKEY_is_a(key, "ED25519") ? IPC_AUTH_EDDSA : 0;
}

/* One of the trustpoint's CAs is in the peer's list. */
static bool
is_wanted(const struct pki *p, const char *trustpoint, struct slice wanted)
{
	const struct pki_names only = {{trustpoint}};
	const struct pki_cert *ca;
	uint8_t hash[PKI_KEY_HASH_LEN];
	unsigned int n;
	size_t at;

	for (n = 0; (ca = pki_ca(p, &only, n)) != NULL; n++) {
		pki_key_hash(ca->x, hash);
		for (at = 0; at + PKI_KEY_HASH_LEN <= wanted.len; at += PKI_KEY_HASH_LEN)
			if (memcmp(wanted.p + at, hash, PKI_KEY_HASH_LEN) == 0)
				return true;
	}
	return false;
}

static bool
own_of(const struct pki *p, const struct pki_trustpoint *t, unsigned int auth, struct pki_own *own)
{
	const struct pki_key *key = key_find(p, t->set.label);
	const struct pki_cert *it;

	if (key == NULL || (auth_of(key->key) & auth) == 0)
		return false;
	DL_FOREACH (p->certs, it) {
		if (it->set.ca || strcmp(it->set.trustpoint, t->set.name) != 0 ||
		    X509_check_private_key(it->x, key->key) != 1)
			continue;
		*own = (struct pki_own){t, it->x, key->key};
		return true;
	}
	ERR_clear_error();
	return false;
}

bool
pki_own(const struct pki *p, const struct pki_names *names, unsigned int auth,
    struct slice wanted, struct pki_own *own)
{
	const struct pki_trustpoint *t;
	struct pki_own found;
	bool any = false;

	DL_FOREACH (p->trustpoints, t) {
		if (!pki_counts(names, t->set.name) || !own_of(p, t, auth, &found))
			continue;
		if (!any)
			*own = found;
		any = true;
		if (wanted.len == 0 || !is_wanted(p, t->set.name, wanted))
			continue;
		*own = found;
		return true;
	}
	return any;
}

unsigned int
pki_own_chain(const struct pki *p, const struct pki_own *own, struct slice der[PKI_CHAIN_MAX])
{
	const struct pki_cert *it;
	unsigned int n = 0;

	DL_FOREACH (p->certs, it)
		if (it->x == own->cert)
			der[n++] = slice_of(it->set.der.b, it->set.der.len);
	DL_FOREACH (p->certs, it)
		if (it->set.ca && n < PKI_CHAIN_MAX &&
		    strcmp(it->set.trustpoint, own->trustpoint->set.name) == 0 &&
		    (X509_get_extension_flags(it->x) & EXFLAG_SI) == 0)
			der[n++] = slice_of(it->set.der.b, it->set.der.len);
	return n;
}

bool
pki_own_ident(const struct pki_own *own, struct ident *id)
{
	unsigned char *der = NULL;
	int len = i2d_X509_NAME(X509_get_subject_name(own->cert), &der);
	bool fits = len > 0 && len <= IDENT_MAX;

	*id = (struct ident){0};
	if (fits) {
		id->type = ID_DER_DN;
		id->len = (uint8_t)len;
		memcpy(id->b, der, (size_t)len);
	}
	OPENSSL_free(der);
	return fits;
}

bool
pki_own_has(const struct pki_own *own, const struct ident *id)
{
	return pki_names_ident(own->cert, id);
}
