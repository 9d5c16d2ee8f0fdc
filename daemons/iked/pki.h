/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates that control configured, and whether a peer's is to be believed
 * (RFC 5280 path validation by OpenSSL, RFC 4945 for what IKE wants).
 *
 * Private keys are here, in iked, as pre-shared keys are: they come over the
 * control connection, live in a process that has no core dump and no privilege,
 * and are wiped when they are replaced or go.  A signer of its own would keep an
 * attacker who took iked over from copying a key, not from using it, and every
 * exchange would have to wait for it.  Files are control's business alone.
 *
 * The CA certificates of a trustpoint are trust anchors, also one that is not
 * self-signed.  What a peer sends is only ever on the way to an anchor.  iked
 * fetches nothing: CRLs come from control, and no URL in a certificate is looked
 * at here.
 */
#ifndef CULVERT_IKE_PKI_H
#define CULVERT_IKE_PKI_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "cert.h"
#include "ident.h"
#include "ipc.h"

#define PKI_CHAIN_MAX 8		/* certificates that a peer may send */
#define PKI_PATH_MAX 6		/* from the peer's certificate to an anchor */
#define PKI_CRL_PARTS_MAX 64

struct pki_key {
	char label[64];
	EVP_PKEY *key;
	bool stale;
	struct pki_key *prev, *next;
};

struct pki_cert {
	struct ipc_trust_cert set;
	X509 *x;
	bool stale;
	struct pki_cert *prev, *next;
};

struct pki_crl {		/* of one trustpoint; crl is NULL until all parts are there */
	char trustpoint[64];
	uint32_t id;
	uint8_t parts;
	struct blob *part[PKI_CRL_PARTS_MAX];
	X509_CRL *crl;
	bool stale;
	struct pki_crl *prev, *next;
};

struct pki_trustpoint {
	struct ipc_trustpoint set;
	bool stale;
	struct pki_trustpoint *prev, *next;
};

struct pki_rule {
	struct ipc_cert_rule set;
	bool stale;
	struct pki_rule *prev, *next;
};

struct pki {			/* a member of struct ike_conf */
	struct pki_trustpoint *trustpoints;
	struct pki_cert *certs;
	struct pki_key *keys;
	struct pki_crl *crls;
	struct pki_rule *rules;		/* by map, seq, position */
};

/* A message of this family; false when it is none.  Records are replaced whole and swept as
 * policy.h's are. */
bool pki_message(struct pki *p, enum ipc_type type, const union ipc_body *m);
void pki_begin(struct pki *p);
void pki_sweep(struct pki *p);
void pki_clear(struct pki *p);

/* The trustpoints that count: names, of which an empty one is no entry; all empty: any. */
struct pki_names {
	const char *at[4];
};

bool pki_counts(const struct pki_names *names, const char *trustpoint);

/* --- ourselves --- */

struct pki_own {		/* borrowed: valid until the next configuration message */
	const struct pki_trustpoint *trustpoint;
	X509 *cert;
	EVP_PKEY *key;
};

/*
 * Our certificate and key: of the trustpoints named, the first that has a key of a kind in
 * `auth` (bits of enum ipc_auth) and whose CA the peer asked for.  When the peer asked for none
 * of ours, the first.  `wanted`: SHA-1 hashes of public keys of CAs, as CERTREQ has them; empty:
 * the peer asked for nothing in particular.
 */
bool pki_own(const struct pki *p, const struct pki_names *names, unsigned int auth,
    struct slice wanted, struct pki_own *own);
/* What we send: our certificate, then CA certificates of the trustpoint that are no roots. */
unsigned int pki_own_chain(const struct pki *p, const struct pki_own *own,
    struct slice der[PKI_CHAIN_MAX]);
/* Our identity by certificate: its subject.  False when it is longer than an identity can be. */
bool pki_own_ident(const struct pki_own *own, struct ident *id);
/* The certificate has it in a name, so that a peer will believe it. */
bool pki_own_has(const struct pki_own *own, const struct ident *id);

/* Each CA certificate that counts, in the order of configuration; NULL: no more. */
const struct pki_cert *pki_ca(const struct pki *p, const struct pki_names *names, unsigned int n);
#define PKI_KEY_HASH_LEN 20
void pki_key_hash(const X509 *ca, uint8_t out[PKI_KEY_HASH_LEN]);	/* RFC 7296 3.7 */

/* --- the peer --- */

/*
 * The peer's certificate, chain[0], when a path leads from it to an anchor that counts: in time
 * at wall_s (seconds since 1970), constraints kept, not revoked as far as its trustpoint wants
 * that checked, and good for signatures.  Else NULL, and *why says so in a sentence.
 * The caller frees it with X509_free().
 */
X509 *pki_validate(const struct pki *p, const struct pki_names *names, const struct slice *chain,
    unsigned int count, int64_t wall_s, const char **why);

/* Names of the certificate maps that x satisfies, each ended by NUL, an empty one ends the list;
 * what does not fit is left out. */
void pki_maps(const struct pki *p, const X509 *x, char *out, size_t room);
bool pki_map_in(const char *maps, const char *name);	/* NULL maps: none */

#endif
