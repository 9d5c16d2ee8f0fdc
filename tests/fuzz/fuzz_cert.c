/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From CERT and CERTREQ payloads to the decision whether the peer is believed: chain,
 * path, identity, certificate maps, signature.  The trustpoint's CA is the first
 * certificate of the input, so that a mutated chain can lead to it.
 *
 * Input: pieces, each two bytes of length and a payload's body.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth_cert.h"
#include "conf_pki.h"
#include "ike_wire.h"
#include "ikev2_wire.h"
#include "pki_ident.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct pki *p, X509 *x, struct slice piece)
{
	struct slice octets = {(const uint8_t *)"octets", 6};
	static const uint8_t methods[] = {AUTH2_RSA, AUTH2_ECDSA_256, AUTH2_ECDSA_384, AUTH2_ECDSA_521,
	    AUTH2_SIGNATURE};
	struct ident id = {.len = (uint8_t)(piece.len < IDENT_MAX ? piece.len : IDENT_MAX)};
	char maps[128];
	size_t i;

	memcpy(id.b, piece.p, id.len);
	for (id.type = ID_IPV4_ADDR; id.type <= ID_KEY_ID; id.type++)
		(void)pki_names_ident(x, &id);
	pki_maps(p, x, maps, sizeof(maps));
	for (i = 0; i < sizeof(methods); i++)
		if (auth_cert_verify(x, methods[i], piece, &octets, 1) == NULL)
			abort();	/* nobody signed this */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static union ipc_body m;
	struct cert_chain chain = {0};
	struct pki p = {0};
	struct slice piece = {NULL, 0};
	struct rbuf r;
	const char *why = NULL;
	X509 *x;

	rbuf_init(&r, data, size);
	while (rbuf_left(&r) > 2 && why == NULL) {
		piece = rbuf_slice(&r, rbuf_be16(&r));
		if (r.bad)
			return 0;
		(void)certreq_read(piece);
		(void)sig_hashes_read(piece);
		why = cert_read_body(piece, &chain);
	}
	if (chain.count == 0)
		return 0;
	memset(&m, 0, sizeof(m));
	m.trustpoint.name[0] = 'T';
	m.trustpoint.revocation = REVOCATION_CRL_NONE;
	pki_message(&p, IPC_MSG_TRUSTPOINT_SET, &m);
	memset(&m, 0, sizeof(m));
	m.trust_cert.trustpoint[0] = 'T';
	m.trust_cert.ca = 1;
	blob_set(&m.trust_cert.der, chain.der[0].p, chain.der[0].len);
	pki_message(&p, IPC_MSG_TRUST_CERT_SET, &m);
	memset(&m, 0, sizeof(m));
	m.cert_rule.map[0] = 'M';
	m.cert_rule.field = CERT_FIELD_ALT_SUBJECT;
	m.cert_rule.op = CERT_OP_NC;
	m.cert_rule.text[0] = 'a';
	pki_message(&p, IPC_MSG_CERT_RULE_SET, &m);
	x = pki_validate(&p, NULL, chain.der + 1, chain.count - 1, 1800000000, &why);
	if (x != NULL)
		judge(&p, x, piece);
	X509_free(x);
	x = pki_validate(&p, NULL, chain.der, chain.count, 1800000000, &why);
	X509_free(x);
	pki_clear(&p);
	return 0;
}
