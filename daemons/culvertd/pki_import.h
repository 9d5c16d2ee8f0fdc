/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private key and its certificates from PEM and PKCS #12, and back. */
#ifndef CULVERT_PKI_IMPORT_H
#define CULVERT_PKI_IMPORT_H

#include "buf.h"
#include "conf_pki.h"
#include "key_store.h"

enum { IMPORT_CAS_MAX = 8 };

struct import {			/* wiped by import_wipe() */
	struct blob key;	/* PKCS #8 */
	struct blob own;	/* the certificate with that key; len 0: none was there */
	struct blob ca[IMPORT_CAS_MAX];
	unsigned int cas;
};

void import_wipe(struct import *im);
/* A private key (encrypted with the password, or not) and certificates, in any order.
 * NULL, or what is wrong. */
const char *import_pem(struct import *im, const char *text, const char *password);
const char *import_pkcs12(struct import *im, struct slice der, const char *password);

/* The private key as PEM, encrypted with AES-256 under the password. */
const char *export_key(const struct stored_key *k, const char *password, struct text *out);
/* PKCS #12 with the key, our certificate and the CAs of the trustpoint. */
const char *export_pkcs12(const struct conf_trustpoint *t, const struct stored_key *k,
    const char *password, struct text *out);

/* Whether the certificate has this key. */
bool import_cert_has_key(struct slice der, const struct stored_key *k);

#endif
