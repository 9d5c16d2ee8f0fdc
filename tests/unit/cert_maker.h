/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates, keys and CRLs that a test makes itself.  What cannot be made ends the test. */
#ifndef CULVERT_TEST_CERT_MAKER_H
#define CULVERT_TEST_CERT_MAKER_H

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "ipc.h"

#define MAKER_NOW_S 1800000000	/* when everything that says nothing else is valid */

/* "RSA", "P-256", "P-384", "P-521", "ED25519"; the caller frees it. */
EVP_PKEY *maker_key(const char *kind);

struct maker_cert {
	const char *subject;		/* "C=RU/O=Example/CN=R1" */
	EVP_PKEY *key;
	X509 *issuer;			/* NULL: signed by itself */
	EVP_PKEY *issuer_key;
	bool ca;
	const char *alt;		/* "DNS:r1.example.org,IP:10.0.0.1" */
	const char *usage;		/* "critical,keyCertSign"; NULL: none is said */
	const char *constraints;	/* name constraints: "permitted;DNS:example.org" */
	const char *crl_url;		/* "URI:http://..." */
	long serial;			/* 0: 1 */
	int64_t from_s, to_s;		/* 0: a day before and after MAKER_NOW_S */
	const char *digest;		/* NULL: SHA256 */
};
X509 *maker_cert(const struct maker_cert *m);
/* revoked: serial numbers, ended by 0. to_s: next update; 0: a day after MAKER_NOW_S. */
X509_CRL *maker_crl(X509 *ca, EVP_PKEY *key, const long *revoked, int64_t to_s);

void maker_der(X509 *x, struct blob *out);
/* The messages that control would send. */
void maker_set_trustpoint(union ipc_body *m, const char *name, const char *label, uint8_t revocation);
void maker_set_cert(union ipc_body *m, const char *trustpoint, bool ca, X509 *x);
void maker_set_key(union ipc_body *m, const char *label, EVP_PKEY *key);
void maker_set_crl(union ipc_body *m, const char *trustpoint, X509_CRL *crl);

#endif
