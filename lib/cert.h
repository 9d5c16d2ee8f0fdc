/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * X.509 certificates (RFC 5280) as what one reads in them.
 *
 * The configuration keeps a certificate as its DER bytes; `show`, enrolment and
 * certificate maps want its names, dates and key.  Nothing here judges: whom a
 * certificate is to be believed is daemons/iked/pki.h's question.
 *
 * Names are written as IOS does, most specific first: "cn=R1,ou=VPN,o=Example".
 * A name comes from whoever made the certificate: what is not printable is a dot.
 */
#ifndef CULVERT_CERT_H
#define CULVERT_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define CERT_DER_MAX 4096	/* a larger certificate is refused everywhere */
#define CERT_SERIAL_STRLEN 42	/* 20 bytes in hex (RFC 5280 4.1.2.2), one more, and NUL */
#define CERT_NAME_STRLEN 256
#define CERT_URL_STRLEN 256

enum cert_key_kind { CERT_KEY_OTHER, CERT_KEY_RSA, CERT_KEY_EC, CERT_KEY_ED25519 };

struct cert_info {
	char serial[CERT_SERIAL_STRLEN];	/* hex, upper case */
	char subject[CERT_NAME_STRLEN], issuer[CERT_NAME_STRLEN];
	char name[CERT_NAME_STRLEN];		/* host name: of the subject, else its cn */
	char signature[64];			/* "SHA256 with RSA Encryption" */
	char crl_url[CERT_URL_STRLEN];		/* first distribution point; empty: none */
	int64_t not_before_s, not_after_s;	/* since 1970 */
	uint8_t version;			/* as it is counted: 1 to 3 */
	uint8_t key_kind;			/* enum cert_key_kind */
	uint16_t key_bits;
	bool is_ca, self_issued;
	bool has_key_usage;
	uint32_t key_usage;			/* OpenSSL's KU_ bits */
	uint8_t md5[16], sha1[20];		/* fingerprints */
	uint8_t subject_key_id[20], authority_key_id[20];
	uint8_t subject_key_id_len, authority_key_id_len;	/* 0: none */
};

/* NULL, or a sentence saying why this is no certificate. */
const char *cert_read(struct slice der, struct cert_info *info);

/* A name as IOS writes it, cut when it is longer; the type is OpenSSL's X509_NAME. */
struct X509_name_st;
void cert_name_text(const struct X509_name_st *name, char out[CERT_NAME_STRLEN]);

/* Whether cert's signature was made with ca's key.  Nothing else is looked at. */
bool cert_is_signed_by(struct slice der, struct slice ca);

/*
 * The n-th certificate (from 0) in a text, PEM or one in bare base64, as DER into out.
 * Its length; 0: there is none, or it is larger than CERT_DER_MAX.
 */
size_t cert_from_text(const char *text, unsigned int n, uint8_t out[CERT_DER_MAX]);
void cert_to_pem(struct text *out, struct slice der);

/* "1468DC18 250BDFCF 769C29DF E1F7E5A8", groups of four bytes. */
void cert_hex_groups(struct text *out, const uint8_t *p, size_t len);

#endif
