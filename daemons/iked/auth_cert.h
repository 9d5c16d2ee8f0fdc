/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Authentication with signatures: what stands in an AUTH payload (IKEv2: RFC
 * 7296 2.15 and 3.8, ECDSA by RFC 4754, any by RFC 7427, Ed25519 by RFC 8420) or
 * in a SIG payload (IKEv1: RFC 2409 5.1), and the CERT and CERTREQ payloads
 * beside it.
 *
 * Whether the key that verifies belongs to the peer is pki.h's answer, asked
 * first.  "Hash and URL" certificates are refused: iked fetches nothing.
 */
#ifndef CULVERT_IKE_AUTH_CERT_H
#define CULVERT_IKE_AUTH_CERT_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "pki.h"

#define SIGNATURE_MAX 1024	/* RSA with 4096 bits has 512, and a DER head goes before it */

/* SIGNATURE_HASH_ALGORITHMS (RFC 7427 7), as bits by their number. */
enum sig_hash { SIG_SHA1 = 1, SIG_SHA256 = 2, SIG_SHA384 = 3, SIG_SHA512 = 4, SIG_IDENTITY = 5 };
#define SIG_BIT(h) (1u << (h))
#define SIG_HASHES_OURS (SIG_BIT(SIG_SHA256) | SIG_BIT(SIG_SHA384) | SIG_BIT(SIG_SHA512) | \
	SIG_BIT(SIG_IDENTITY))

/* Data of the notification, and back to bits; numbers that are not known are passed over. */
void sig_hashes_write(struct wbuf *w);
unsigned int sig_hashes_read(struct slice data);

/*
 * Signs the n slices, one after the other, as the peer can read it: `hashes` are the bits of its
 * SIGNATURE_HASH_ALGORITHMS, 0 when it sent none.  Writes AUTH data, sets *method (enum
 * auth2_method).
 * NULL, or why it cannot be.
 */
const char *auth_cert_sign(const struct pki_own *own, unsigned int hashes,
    const struct slice *octets, unsigned int n, uint8_t *method, struct wbuf *out);

/* NULL: the signature over these octets was made with the key of `peer`, in a way we accept. */
const char *auth_cert_verify(const X509 *peer, uint8_t method, struct slice auth,
    const struct slice *octets, unsigned int n);
/* Bit of enum ipc_auth of the key in a certificate, that a profile may allow or not. */
unsigned int auth_cert_kind(const X509 *peer);

/* IKEv1: RSA over HASH_I or HASH_R itself, without the name of a hash (RFC 2409 5.1). */
const char *auth_cert_sign1(const struct pki_own *own, struct slice hash, struct wbuf *out);
const char *auth_cert_verify1(const X509 *peer, struct slice sig, struct slice hash);

/* --- CERT and CERTREQ bodies --- */

enum cert_encoding { CERT_PKCS7 = 1, CERT_X509_SIGNATURE = 4, CERT_CRL = 7,
	CERT_HASH_AND_URL = 12, CERT_HASH_AND_URL_BUNDLE = 13 };

struct cert_chain {
	struct slice der[PKI_CHAIN_MAX];	/* in the order that they came: the peer's own first */
	unsigned int count;
};

/* Adds what a CERT payload's body holds.  NULL, or why the message is refused; CRLs and unknown
 * encodings are passed over. */
const char *cert_read_body(struct slice body, struct cert_chain *chain);
void cert_write_body(struct wbuf *w, struct slice der);

/* CERTREQ of IKEv2: one body with the hashes of all CAs that count.  False: there is none. */
bool certreq_write(struct wbuf *w, const struct pki *p, const struct pki_names *names);
/* The hashes in it; empty for another encoding. */
struct slice certreq_read(struct slice body);

#endif
