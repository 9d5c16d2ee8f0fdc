/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates, from the wire and from configurations, and signatures by their keys.
 *
 * The first byte chooses: 0, text with certificates in it, as PEM or in hex;
 * else a certificate in DER, after a signature of as many bytes as it says,
 * whose first is the method.
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth_cert.h"
#include "cert.h"
#include "ident.h"
#include "pki.h"
#include "../unit/cert_maker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
by_text(struct slice der, uint8_t out[CERT_DER_MAX])
{
	struct text pem = {0};
	size_t len;

	cert_to_pem(&pem, der);
	len = cert_from_text(text_str(&pem), 0, out);
	text_free(&pem);
	return len;
}

/* What is a certificate still is one after it was text, and then does not change any more. */
static void
read_der(struct slice der)
{
	uint8_t once[CERT_DER_MAX], twice[CERT_DER_MAX];
	struct cert_info info;
	size_t len;

	if (cert_read(der, &info) != NULL)
		return;
	if (strnlen(info.subject, CERT_NAME_STRLEN) == CERT_NAME_STRLEN ||
	    strnlen(info.crl_url, CERT_URL_STRLEN) == CERT_URL_STRLEN)
		abort();
	(void)cert_is_signed_by(der, der);
	len = by_text(der, once);
	if (len > 0 && (by_text(slice_of(once, len), twice) != len || memcmp(once, twice, len) != 0))
		abort();
}

/* The peer's, under a CA that did not sign it. */
static void
validate(struct slice der)
{
	static const struct pki_names any;
	static struct pki pki;
	union ipc_body m;
	EVP_PKEY *key;
	char maps[128];
	const char *why;
	X509 *ca, *x;

	if (pki.trustpoints == NULL) {
		key = maker_key("P-256");
		ca = maker_cert(&(struct maker_cert){.subject = "C=RU/O=Example/CN=r1", .key = key,
		    .ca = true});
		maker_set_trustpoint(&m, "T", "K", 0);
		pki_message(&pki, IPC_MSG_TRUSTPOINT_SET, &m);
		maker_set_cert(&m, "T", true, ca);
		pki_message(&pki, IPC_MSG_TRUST_CERT_SET, &m);
		X509_free(ca);
		EVP_PKEY_free(key);
	}
	x = pki_validate(&pki, &any, (const struct slice[]){der, der}, 2, MAKER_NOW_S, &why);
	if (x != NULL)
		abort();
	ERR_clear_error();
	x = d2i_X509(NULL, &(const unsigned char *){der.p}, (long)der.len);
	if (x != NULL) {
		(void)pki_names_ident(x, &(struct ident){0});
		pki_maps(&pki, x, maps, sizeof(maps));
	}
	X509_free(x);
	ERR_clear_error();
}

static void
check_signature(struct slice der, struct slice signature)
{
	static const uint8_t signed_text[] = "octets";
	struct slice octets = slice_of(signed_text, sizeof(signed_text)), body;
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.len);

	if (x != NULL && signature.len > 0) {
		body = slice_of(signature.p + 1, signature.len - 1);
		if (auth_cert_verify(x, signature.p[0], body, &octets, 1) == NULL)
			abort();
		(void)auth_cert_verify1(x, body, octets);
		(void)auth_cert_kind(x);
	}
	X509_free(x);
	ERR_clear_error();
}

static void
read_text(const uint8_t *data, size_t size)
{
	uint8_t der[CERT_DER_MAX];
	char *text = malloc(size + 1);
	unsigned int n;
	size_t len;

	memcpy(text, data, size);
	text[size] = '\0';
	for (n = 0; n < 4 && (len = cert_from_text(text, n, der)) > 0; n++)
		read_der(slice_of(der, len));
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice signature, der;
	struct rbuf r;
	uint8_t len;

	rbuf_init(&r, data, size);
	len = rbuf_u8(&r);
	if (len == 0) {
		read_text(r.at, rbuf_left(&r));
		return 0;
	}
	signature = rbuf_slice(&r, len);
	der = rbuf_rest(&r);
	read_der(der);
	check_signature(der, signature);
	validate(der);
	return 0;
}
