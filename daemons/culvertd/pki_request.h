/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests for a certificate (PKCS #10, RFC 2986), and certificates that sign themselves. */
#ifndef CULVERT_PKI_REQUEST_H
#define CULVERT_PKI_REQUEST_H

#include "buf.h"
#include "conf_pki.h"
#include "key_store.h"

/* Adds the request as the trustpoint says, in base64, with PEM's lines for `terminal pem`.
 * `host` is in it unless `fqdn` says something else.  NULL, or why not. */
const char *pki_request(const struct conf_trustpoint *t, const char *host,
    const struct stored_key *k, struct text *out);

/* DER into der; NULL, or why not. */
const char *pki_self_signed(const struct conf_trustpoint *t, const char *host,
    const struct stored_key *k, struct blob *der);

#endif
