/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose certificate it is: an IKE identity against the names in a certificate
 * (RFC 4945 3.1).  Whether the certificate is to be trusted is pki.h's question.
 */
#ifndef CULVERT_IKE_PKI_IDENT_H
#define CULVERT_IKE_PKI_IDENT_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "ident.h"

/* The certificate says that its owner is `id`: by its subject or a subject alternative name. */
bool pki_names_ident(const X509 *x, const struct ident *id);

#endif
